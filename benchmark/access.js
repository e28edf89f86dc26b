// What access control costs, and what its time tells: run it with `npm run build && node --expose-gc benchmark/access.js`.
//
//   known and unknown   10,000 interleaved verifications of a known and an unknown access key: Welch's |t| stays below 4.5
//   right and wrong     CPU of refused signatures against that of right ones: at most 1.1, and nothing stays in memory
//   connects            CPU of a handshake: plain, with an authorizer, with SigV4, with an API key
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'
import aws4 from 'aws4'
import WebSocket from 'ws'
import { EMPTY_BODY_HASH, Iam } from '../dist/access/index.js'

const REGION = 'eu-west-1'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const ARN = 'arn:aws:iam::123456789012:user/ada'
const KNOWN = 'AKIDEXAMPLE123456789'
const UNKNOWN = 'AKIDEXAMPLE123456780'
const SAMPLES = 10_000
const LARGEST_T = 4.5
const LARGEST_RATIO = 1.1

function sign (accessKeyId, secretAccessKey, host = 'api.example.com') {
  const { headers } = aws4.sign({ host, path: '/prod', service: 'execute-api', region: REGION }, { accessKeyId, secretAccessKey })
  return { method: 'GET', target: '/prod', rawHeaders: Object.entries(headers).flat().map(String), headers }
}

const iam = new Iam({
  region: REGION,
  credentials: (accessKeyId) => accessKeyId === KNOWN ? { secretAccessKey: SECRET, arn: ARN } : undefined
})
const verify = async (request) => await iam.authenticate(request, () => EMPTY_BODY_HASH)

/** Welch's t of two samples. */
function welch (a, b) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = (values, m) => values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1)
  const [ma, mb] = [mean(a), mean(b)]
  return { t: (ma - mb) / Math.sqrt(variance(a, ma) / a.length + variance(b, mb) / b.length), ratio: mb / ma }
}

/** The slowest part of a sample is the machine's, as usual in leakage tests; both are cut at the same time. */
function crop (a, b, share = 0.95) {
  const limit = [...a, ...b].sort((x, y) => x - y)[Math.floor((a.length + b.length) * share)]
  return [a.filter((value) => value <= limit), b.filter((value) => value <= limit)]
}

/** Both refused, so that only the look-up differs: a known key with a wrong secret, and an unknown key. */
async function compareKnownAndUnknown () {
  const requests = { known: sign(KNOWN, 'wrong'), unknown: sign(UNKNOWN, SECRET) }
  const times = { known: [], unknown: [] }
  for (let i = 0; i < 2000; i++) await verify(i % 2 === 0 ? requests.known : requests.unknown)
  for (let i = 0; i < SAMPLES; i++) {
    // A random order, or the garbage collector's rhythm lands on one of the two.
    const kinds = Math.random() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known']
    for (const kind of kinds) {
      const startedAt = process.hrtime.bigint()
      await verify(requests[kind])
      times[kind].push(Number(process.hrtime.bigint() - startedAt))
    }
  }
  const { t, ratio } = welch(...crop(times.known, times.unknown))
  console.log(`known and unknown: |t| ${Math.abs(t).toFixed(2)} (below ${LARGEST_T}), ratio ${ratio.toFixed(3)}`)
  return Math.abs(t) < LARGEST_T
}

async function cpuOf (requests, rounds) {
  const before = process.cpuUsage()
  for (let i = 0; i < rounds; i++) await verify(requests[i % requests.length])
  const { user, system } = process.cpuUsage(before)
  return (user + system) / rounds
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

async function compareRightAndWrong () {
  const right = [sign(KNOWN, SECRET)]
  const wrong = [sign(KNOWN, 'wrong'), sign(UNKNOWN, SECRET)]
  await cpuOf(right, 3000)
  await cpuOf(wrong, 3000)
  const ratios = []
  let perRight = 0
  for (let i = 0; i < 61; i++) {
    perRight = await cpuOf(right, 400)
    ratios.push(await cpuOf(wrong, 400) / perRight)
  }
  const ratio = median(ratios)
  globalThis.gc?.()
  const heap = process.memoryUsage().heapUsed
  for (let i = 0; i < 50_000; i++) await verify(sign(`AKID${i}`.padEnd(20, '0'), SECRET))
  globalThis.gc?.()
  const left = (process.memoryUsage().heapUsed - heap) / 50_000
  console.log(`right and wrong: ${ratio.toFixed(3)} (at most ${LARGEST_RATIO}); right ${perRight.toFixed(0)} µs; ${left.toFixed(1)} bytes left of each of 50,000 wrong keys`)
  return ratio <= LARGEST_RATIO && (globalThis.gc === undefined || left < 10)
}

const KEY = 'd41d8cd98f00b204e9800998ecf8427e'
const KINDS = {
  plain: { route: {} },
  authorizer: { route: { authorizationType: 'CUSTOM', authorizerId: 'guard' } },
  'api key': { route: { apiKeyRequired: true }, headers: () => ({ 'x-api-key': KEY }) },
  sigv4: { route: { authorizationType: 'AWS_IAM' }, headers: (host) => sign(KNOWN, SECRET, host).headers }
}

async function startServer ({ route }) {
  const app = Fastify()
  await app.register(apiGatewayWebSocket, {
    stage: 'prod',
    region: REGION,
    routeSelectionExpression: '$request.body.action',
    authorizers: {
      guard: {
        handler: async (event) => ({
          principalId: 'ada',
          policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] }
        })
      }
    },
    credentials: (accessKeyId) => accessKeyId === KNOWN ? { secretAccessKey: SECRET, arn: ARN } : undefined,
    apiKeys: { k: { value: KEY } },
    usagePlans: { p: { apiKeys: ['k'], apiStages: [{ stage: 'prod' }] } },
    quotas: { newConnectionsPerSecond: 0, requestsPerSecond: 0 }
  })
  app.routeKey('$connect', route, async () => ({ statusCode: 200 }))
  return { app, url: await app.listen({ port: 0, host: '127.0.0.1' }) }
}

/** CPU of server and client together, which is the same client for all. */
async function measureConnects (rounds = 100, turns = 64) {
  const kinds = await Promise.all(Object.entries(KINDS).map(async ([name, kind]) => ({ name, kind, ...await startServer(kind), cpu: [] })))
  for (let turn = 0; turn <= turns; turn++) {
    for (const { kind, url, cpu } of kinds) {
      const { host } = new URL(url)
      const before = process.cpuUsage()
      for (let i = 0; i < rounds; i++) {
        await new Promise((resolve, reject) => {
          const socket = new WebSocket(`ws://${host}/prod`, { headers: kind.headers?.(host) ?? {} })
          socket.on('open', () => { socket.terminate() })
          socket.on('close', resolve)
          socket.on('error', reject)
        })
      }
      const { user, system } = process.cpuUsage(before)
      if (turn > 0) cpu.push((user + system) / rounds)
    }
  }
  const [plain] = kinds
  for (const { name, cpu, app } of kinds) {
    // Of neighbours in time.
    const ratio = median(cpu.map((one, turn) => one / plain.cpu[turn]))
    console.log(`connect, ${name}: ${median(cpu).toFixed(0)} µs with its client, ${ratio.toFixed(2)} of plain`)
    await app.close()
  }
}

const isTimeless = await compareKnownAndUnknown()
const isCheap = await compareRightAndWrong()
await measureConnects()
process.exitCode = isTimeless && isCheap ? 0 : 1

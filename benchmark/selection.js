// In-process costs, without sockets: does selecting among 300 routes cost more than among 10, and what do the parts of a
// message cost, told in units of one JSON.parse of a 200-byte message.
//
//   node benchmark/selection.js
import { Buffer } from 'node:buffer'
import { RouteTable } from '../dist/api/index.js'
import { ConnectionIdSource, RequestIdSource } from '../dist/api/identifiers.js'
import { createEvent } from '../dist/api/events.js'
import { compileSelectionExpression, createSelectionScope } from '../dist/expression/index.js'
import { FramePolicy } from '../dist/transport/frame-policy.js'
import { createTextFrame } from '../dist/transport/text-frame.js'

const ROUNDS = 41
const CALLS = 20_000
const MESSAGES = Array.from({ length: 10 }, (_, i) => JSON.stringify({ action: `route${i}`, n: 100 + i, note: 'n'.repeat(160) }))

let checksum = 0

/** A table of so many routes, and a parsed message for each. */
function selectAmong (count) {
  const table = new RouteTable(compileSelectionExpression('$request.body.action', { kind: 'route' }))
  for (let i = 0; i < count; i++) table.add({ routeKey: `route${i}` })
  const scopes = Array.from({ length: count }, (_, i) => {
    const { text, json } = createSelectionScope(JSON.stringify({ action: `route${i}` }))
    return { text, json }
  })
  return (i) => { checksum += table.select(scopes[i % count]).routeKey.length }
}

function eventOf (authorizer) {
  const api = { apiId: 'abcdefghij' }
  const stage = { stageName: 'prod' }
  const identity = { userAgent: 'bench', sourceIp: '127.0.0.1' }
  const connection = { api, stage, identity, authorizer, connectedAt: Date.now(), connectionId: 'AAAAAAAAAAAAAAA=', domainName: 'localhost' }
  const ids = { requestId: 'BBBBBBBBBBBBBBB=', messageId: 'CCCCCCCCCCCCCCC=' }
  const execution = {
    ...ids, connection, eventType: 'MESSAGE', requestTimeEpoch: Date.now(), route: { routeKey: 'route0' }, text: MESSAGES[0]
  }
  return () => { checksum += createEvent(execution).body.length }
}

/** A masked frame as a client sends it. */
function clientFrame (text) {
  const head = Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 0xff, 0, 0, 0, 0])
  return Buffer.concat([head, Buffer.from(text)])
}

const policy = new FramePolicy({ frameBytes: 32_768, messageBytes: 131_072, binary: false, compression: false })
const frame = clientFrame(MESSAGES[0])
const requestIds = new RequestIdSource()
const connectionIds = new ConnectionIdSource()
const REPLY = JSON.stringify({ action: 'route0', n: 100 })

const CASES = {
  'JSON.parse of the message, the unit': (i) => { checksum += JSON.parse(MESSAGES[i % 10]).n },
  'route selection, 10 routes, of a parsed message': selectAmong(10),
  'route selection, 100 routes': selectAmong(100),
  'route selection, 300 routes': selectAmong(300),
  'the event of a message': eventOf(undefined),
  'the event of a message, with an authorizer': eventOf({ tenant: 'acme', principalId: 'ada' }),
  'a request id': () => { checksum += requestIds.next().length },
  'a connection id': () => { checksum += connectionIds.next().length },
  'the frame policy, one frame': () => { policy.inspect(frame) },
  'the frame of a reply': () => { checksum += createTextFrame(REPLY, false, true).length },
  'performance.now()': () => { checksum += performance.now() }
}

/** Rounds of all cases in turn, so that neighbours in time are compared. */
function measure () {
  const samples = new Map(Object.keys(CASES).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(CASES)) {
      const start = process.hrtime.bigint()
      for (let i = 0; i < CALLS; i++) run(i)
      samples.get(name).push(Number(process.hrtime.bigint() - start))
    }
  }
  return samples
}

function median (values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** The median of the ratios of neighbours. */
function ratio (samples, reference) {
  return median(samples.map((sample, i) => sample / reference[i]))
}

measure()
const samples = measure()
const names = Object.keys(CASES)
const unit = samples.get(names[0])
for (const name of names) console.log(`| ${name} | ${ratio(samples.get(name), unit).toFixed(2)} |`)
const [ten, hundred, threeHundred] = names.slice(1, 4).map((name) => samples.get(name))
console.log(`| route selection, 100 to 10 routes | ${ratio(hundred, ten).toFixed(2)} |`)
console.log(`| route selection, 300 to 10 routes (must: at most 1.3) | ${ratio(threeHundred, ten).toFixed(2)} |`)
if (checksum === 0) throw new Error('nothing was measured')

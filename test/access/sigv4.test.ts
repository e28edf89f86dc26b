// Signatures of real signers verify, and nothing else does: every change of one field of a signed request is refused.
import { Sha256 } from '@aws-crypto/sha256-js'
import { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { EMPTY_BODY_HASH, Iam, sha256 } from '../../lib/access/index.ts'
import type { IamCaller } from '../../lib/access/index.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { SigningCredential } from '../../types/index.js'

const REGION = 'eu-west-1'
const ACCESS_KEY_ID = 'AKIDEXAMPLE123456789'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const ARN = 'arn:aws:iam::123456789012:user/ada'
const SESSION_TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=='
const keys = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET }
const IDS = ['L0SM9cOFvHcCIhw=', 'd4NsecoByQ0CH-Q=', 'U_vNFdo2IAMCIoA=', 'a==', 'a b', 'é@!*\'()']

interface Captured { method: string, target: string, rawHeaders: string[], body: Buffer }

const credentials: Record<string, SigningCredential> = {
  [ACCESS_KEY_ID]: { secretAccessKey: SECRET, arn: ARN },
  ASIATEMPORARY: { secretAccessKey: SECRET, arn: 'arn:aws:sts::123456789012:assumed-role/role/session', sessionToken: SESSION_TOKEN }
}

function createIam (now: () => number = Date.now): Iam {
  return new Iam({ region: REGION, credentials: (accessKeyId) => credentials[accessKeyId], now })
}

async function authenticate (captured: Captured, iam: Iam = createIam()): Promise<IamCaller | Refusal> {
  return await iam.authenticate(captured, () => sha256(captured.body))
}

/** A server that keeps what comes over the wire. */
async function capture (run: (endpoint: string) => Promise<unknown>, path = ''): Promise<Captured[]> {
  const requests: Captured[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ method: request.method as string, target: request.url as string, rawHeaders: request.rawHeaders, body: Buffer.concat(chunks) })
      response.writeHead(200, { 'content-type': 'application/json' }).end(request.method === 'GET' ? '{}' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return requests
}

async function captureSdk (path: string, sessionToken?: string): Promise<Captured[]> {
  return await capture(async (endpoint) => {
    const client = new ApiGatewayManagementApiClient({
      endpoint,
      region: REGION,
      credentials: sessionToken === undefined ? keys : { ...keys, accessKeyId: 'ASIATEMPORARY', sessionToken }
    })
    for (const ConnectionId of IDS) {
      await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'héllo' }))
      await client.send(new PostToConnectionCommand({ ConnectionId, Data: '' }))
      await client.send(new GetConnectionCommand({ ConnectionId }))
      await client.send(new DeleteConnectionCommand({ ConnectionId }))
    }
    client.destroy()
  }, path)
}

function fromHeaders (method: string, target: string, headers: Record<string, string>, body = ''): Captured {
  return { method, target, rawHeaders: Object.entries(headers).flat().map(String), body: Buffer.from(body) }
}

const smithy = (more: object = {}): SignatureV4 => new SignatureV4({ service: 'execute-api', region: REGION, credentials: keys, sha256: Sha256, ...more })

async function presignSmithy (query: Record<string, string> = {}, options: object = {}): Promise<Captured> {
  const signed = await smithy().presign({
    method: 'GET', protocol: 'wss:', hostname: 'api.example.com', path: '/prod', query, headers: { host: 'api.example.com' }
  }, { expiresIn: 60, ...options })
  const search = Object.entries(signed.query as Record<string, string>)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
  return fromHeaders('GET', `/prod?${search}`, { Host: 'api.example.com', 'Sec-WebSocket-Version': '13' })
}

function presignAws4 (path = '/prod'): Captured {
  const { path: target } = aws4.sign({ host: 'api.example.com', path, service: 'execute-api', region: REGION, signQuery: true }, keys)
  return fromHeaders('GET', target as string, { Host: 'api.example.com' })
}

t.test('S8 [measured] every command of the AWS SDK v3 verifies, with all ids, bodies and endpoints', async (t) => {
  for (const path of ['', '/prod', '/prod/', '/$default', '/a/b']) {
    for (const captured of await captureSdk(path)) {
      const caller = await authenticate(captured)
      t.match(caller, { accessKeyId: ACCESS_KEY_ID, credential: { arn: ARN } }, `${captured.method} ${captured.target}`)
    }
  }
})

t.test('S8 [measured] the AWS SDK v2 verifies', async (t) => {
  process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1'
  const aws = createRequire(import.meta.url)('aws-sdk')
  const requests = await capture(async (endpoint) => {
    const client = new aws.ApiGatewayManagementApi({ endpoint, region: REGION, ...keys })
    for (const ConnectionId of IDS.slice(0, 4)) {
      await client.postToConnection({ ConnectionId, Data: 'hello' }).promise()
      await client.getConnection({ ConnectionId }).promise()
      await client.deleteConnection({ ConnectionId }).promise()
    }
  }, '/prod')
  t.equal(requests.length, 12)
  for (const captured of requests) t.match(await authenticate(captured), { accessKeyId: ACCESS_KEY_ID }, `${captured.method} ${captured.target}`)
})

t.test('S9 [observed] aws4 verifies with @ and = raw or escaped, with a body or none', async (t) => {
  for (const path of ['/test/@connections/atntqfjloAMCECg=', '/test/%40connections/atntqfjloAMCECg%3D', '/test//@connections/atntqfjloAMCECg=', '/test/@connections/x?a=1&b=%20%2B&a=0&c']) {
    for (const body of ['', '{"hello":"wörld"}']) {
      const { headers } = aws4.sign({ host: 'api.example.com', method: 'POST', path, service: 'execute-api', region: REGION, body }, keys)
      t.match(await authenticate(fromHeaders('POST', path, headers as Record<string, string>, body)), { accessKeyId: ACCESS_KEY_ID }, path)
    }
  }
})

t.test('presigned wss URLs of two signers verify, as browsers need', async (t) => {
  t.match(await authenticate(await presignSmithy()), { accessKeyId: ACCESS_KEY_ID })
  t.match(await authenticate(await presignSmithy({ room: 'a b+c/é' })), { accessKeyId: ACCESS_KEY_ID })
  t.match(await authenticate(presignAws4()), { accessKeyId: ACCESS_KEY_ID })
  t.match(await authenticate(presignAws4('/prod?room=a%20b')), { accessKeyId: ACCESS_KEY_ID })
})

t.test('a signed header handshake of @smithy/signature-v4 verifies', async (t) => {
  const signed = await smithy().sign({ method: 'GET', protocol: 'wss:', hostname: 'api.example.com', path: '/prod', query: { a: '1' }, headers: { host: 'api.example.com', 'x-custom': '  two   spaces ' } })
  t.match(await authenticate(fromHeaders('GET', '/prod?a=1', signed.headers)), { accessKeyId: ACCESS_KEY_ID })
})

t.test('a temporary credential verifies with its token only', async (t) => {
  const [captured] = await captureSdk('/prod', SESSION_TOKEN) as [Captured]
  t.match(await authenticate(captured), { accessKeyId: 'ASIATEMPORARY' })
  const [other] = await captureSdk('/prod', 'another') as [Captured]
  t.match(await authenticate(other), { type: 'INVALID_SIGNATURE' }, 'signed with another token')
  const { headers } = aws4.sign({ host: 'h', path: '/prod', service: 'execute-api', region: REGION }, { ...keys, accessKeyId: 'ASIATEMPORARY' })
  t.match(await authenticate(fromHeaders('GET', '/prod', headers as Record<string, string>)), { type: 'INVALID_SIGNATURE' }, 'signed without one')
})

t.test('S4 every change of a single field of a signed request is refused', async (t) => {
  const sdk = await captureSdk('/prod')
  const samples = [sdk[0], sdk[1], sdk[2], sdk[3], await presignSmithy({ room: 'a' }), presignAws4('/prod?room=a%20b')] as Captured[]
  let count = 0
  async function refuse (captured: Captured, what: string): Promise<void> {
    count++
    const outcome = await authenticate(captured)
    if (!(outcome instanceof Refusal)) t.fail(what, { captured })
  }
  for (const sample of samples) {
    t.notOk(await authenticate(sample) instanceof Refusal, 'the sample itself verifies')
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'get'].filter((name) => name !== sample.method)) await refuse({ ...sample, method }, method)
    for (let i = 0; i < sample.body.length; i++) {
      const body = Buffer.from(sample.body)
      body[i] = (body[i] as number) ^ 1
      await refuse({ ...sample, body }, `body byte ${i}`)
    }
    await refuse({ ...sample, body: Buffer.concat([sample.body, Buffer.from('x')]) }, 'a longer body')
    for (let i = 0; i < sample.target.length; i++) {
      for (const c of ['x', '0', '%', '&', '=', '+', '/', '']) {
        const target = sample.target.slice(0, i) + c + sample.target.slice(i + 1)
        if (isSameMeaning(target, sample.target)) continue
        await refuse({ ...sample, target }, `target ${target}`)
      }
    }
    for (const more of ['&extra=1', '&extra', '&', '&X-Amz-Expires=604800', '&X-Amz-Signature=x']) {
      const target = sample.target.includes('?') ? sample.target + more : `${sample.target}?${more.slice(1)}`
      if (target.endsWith('?')) continue
      await refuse({ ...sample, target }, `target ${target}`)
    }
    const signedNames = /SignedHeaders=([^,&]+)/.exec(`${sample.rawHeaders.join('\n')}\n${decodeURIComponent(sample.target)}`)?.[1]?.split(';') ?? []
    t.ok(signedNames.includes('host'))
    for (let i = 0; i < sample.rawHeaders.length; i += 2) {
      const name = sample.rawHeaders[i] as string
      const value = sample.rawHeaders[i + 1] as string
      const isSigned = signedNames.includes(name.toLowerCase()) || name.toLowerCase() === 'authorization'
      if (!isSigned) continue
      const without = [...sample.rawHeaders.slice(0, i), ...sample.rawHeaders.slice(i + 2)]
      await refuse({ ...sample, rawHeaders: without }, `without ${name}`)
      await refuse({ ...sample, rawHeaders: [...sample.rawHeaders, name, value] }, `${name} twice`)
      for (let at = 0; at < value.length; at++) {
        if (value[at] === ' ') continue
        const changed = value.slice(0, at) + (value[at] === 'x' ? 'y' : 'x') + value.slice(at + 1)
        await refuse({ ...sample, rawHeaders: [...sample.rawHeaders.slice(0, i + 1), changed, ...sample.rawHeaders.slice(i + 2)] }, `${name}: ${changed}`)
      }
    }
    for (const added of ['x-amz-target', 'X-Amz-Meta-Role', 'x-amz-security-token']) {
      await refuse({ ...sample, rawHeaders: [...sample.rawHeaders, added, 'v'] }, `unsigned ${added}`)
    }
    for (const secretAccessKey of [`${SECRET}x`, SECRET.slice(1), SECRET.toLowerCase()]) {
      const iam = new Iam({ region: REGION, credentials: () => ({ secretAccessKey, arn: ARN }) })
      t.match(await authenticate(sample, iam), { type: 'INVALID_SIGNATURE' })
    }
  }
  t.ok(count > 2000, `${count} mutations`)
})

/** A spelling that every reader takes for the same request: `+` and %20, an escape's case, a missing `=`. */
function isSameMeaning (a: string, b: string): boolean {
  const read = (target: string): string => {
    const [path, query = ''] = target.split(/\?(.*)/s) as [string, string?]
    try {
      return JSON.stringify([path.replace(/\/+/g, '/'), query.split('&').map((piece) => piece.split(/=(.*)/s).slice(0, 2).map((text) => decodeURIComponent(text.replaceAll('+', ' '))).join('=').replace(/=$/, ''))])
    } catch {
      return target
    }
  }
  return read(a) === read(b)
}

t.test('S4 the scope of a signature must be this API\'s, part by part', async (t) => {
  const sign = (options: object, more: object = {}): Captured => {
    const { headers } = aws4.sign({ host: 'h', path: '/prod', service: 'execute-api', region: REGION, ...options }, { ...keys, ...more })
    return fromHeaders('GET', '/prod', headers as Record<string, string>)
  }
  const edit = (captured: Captured, from: string | RegExp, to: string): Captured => ({ ...captured, rawHeaders: captured.rawHeaders.map((text) => text.replace(from, to)) })
  const good = sign({})
  t.match(await authenticate(good), { accessKeyId: ACCESS_KEY_ID })
  t.match(await authenticate(sign({ region: 'us-west-2' })), { type: 'INVALID_SIGNATURE', message: /valid region/ })
  t.match(await authenticate(sign({ service: 's3' })), { type: 'INVALID_SIGNATURE', message: /correct service/ })
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  t.match(await authenticate(edit(good, `/${day}/`, '/20200101/')), { type: 'INVALID_SIGNATURE', message: /Date in Credential/ })
  t.match(await authenticate(edit(good, 'aws4_request', 'AWS4_REQUEST')), { type: 'INVALID_SIGNATURE', message: /terminator/ })
  t.match(await authenticate(edit(good, 'aws4_request', 'aws4_request/x')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, '/aws4_request', '')), { type: 'INVALID_SIGNATURE' })
  t.match(await authenticate(sign({}, { accessKeyId: 'AK/ID' })), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, /Signature=[0-9a-f]/, 'Signature=G')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, ', Signature', ', Extra=1, Signature')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, 'host;', 'host;host;')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, 'AWS4-HMAC-SHA256 ', 'AWS4-HMAC-SHA512 ')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(edit(good, /^AWS4.*/, 'Bearer abc')), { type: 'INCOMPLETE_SIGNATURE' })
  t.match(await authenticate(fromHeaders('GET', '/prod', { Host: 'h' })), { type: 'MISSING_AUTHENTICATION_TOKEN' })
  const presigned = presignAws4()
  t.match(await authenticate({ ...presigned, rawHeaders: [...presigned.rawHeaders, 'Authorization', 'AWS4-HMAC-SHA256 x'] }), { type: 'INCOMPLETE_SIGNATURE', message: /twice/ })
})

t.test('S50 [unknown] a signature is good for five minutes on either side, a presigned one for as long as it says', async (t) => {
  const { headers } = aws4.sign({ host: 'h', path: '/prod', service: 'execute-api', region: REGION }, keys)
  const signed = fromHeaders('GET', '/prod', headers as Record<string, string>)
  const stamp = (headers as Record<string, string>)['X-Amz-Date'] as string
  const signedAt = Date.parse(stamp.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'))
  const at = (seconds: number): Iam => createIam(() => signedAt + seconds * 1000)
  for (let i = 0; i < 100; i++) if (await authenticate(signed, at(i)) instanceof Refusal) t.fail('a request that comes again within the window is let in, as on AWS')
  for (const seconds of [-300, 0, 300]) t.notOk(await authenticate(signed, at(seconds)) instanceof Refusal, `${seconds} s`)
  t.match(await authenticate(signed, at(301)), { type: 'EXPIRED_TOKEN', message: /^Signature expired: / })
  t.match(await authenticate(signed, at(-301)), { type: 'INVALID_SIGNATURE', message: /^Signature not yet current: / })

  const presign = async (expires: string | undefined): Promise<Captured> => {
    const path = `/prod?${expires === undefined ? '' : `X-Amz-Expires=${expires}&`}X-Amz-Date=${stamp}`
    const { path: target } = aws4.sign({ host: 'h', path, service: 'execute-api', region: REGION, signQuery: true }, keys)
    return fromHeaders('GET', (target as string).replace(/X-Amz-Expires=86400&?/, ''), { Host: 'h' })
  }
  const minute = await presign('60')
  t.notOk(await authenticate(minute, at(60)) instanceof Refusal)
  t.match(await authenticate(minute, at(61)), { type: 'EXPIRED_TOKEN' })
  for (const expires of ['0', '604801', '1.5', '-1', '', '1e3', ' 60', '0060000']) t.match(await authenticate(await presign(expires)), { type: 'INCOMPLETE_SIGNATURE' }, `X-Amz-Expires=${expires}`)
  t.match(await authenticate(fromHeaders('GET', '/prod', { Host: 'h', Authorization: 'AWS4-HMAC-SHA256 Credential=a/20260231/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=' + '0'.repeat(64), 'X-Amz-Date': '20260231T000000Z' })), { type: 'INCOMPLETE_SIGNATURE' }, 'no such day')
})

t.test('S4 a claimed body hash must be the hash of the body', async (t) => {
  for (const claim of ['UNSIGNED-PAYLOAD', sha256('other'), EMPTY_BODY_HASH]) {
    const { headers } = aws4.sign({ host: 'h', method: 'POST', path: '/p', service: 'execute-api', region: REGION, body: 'hello', headers: { 'X-Amz-Content-Sha256': claim } }, keys)
    t.match(await authenticate(fromHeaders('POST', '/p', headers as Record<string, string>, 'hello')), { type: 'INVALID_SIGNATURE' }, claim)
  }
})

t.test('S4 an unknown key and a wrong secret are refused alike, and the body is hashed for neither before the form is right', async (t) => {
  const sign = (accessKeyId: string, secretAccessKey: string): Captured => {
    const { headers } = aws4.sign({ host: 'h', path: '/prod', service: 'execute-api', region: REGION }, { accessKeyId, secretAccessKey })
    return fromHeaders('GET', '/prod', headers as Record<string, string>)
  }
  const unknown = await authenticate(sign('AKIDUNKNOWN', SECRET)) as Refusal
  const wrong = await authenticate(sign(ACCESS_KEY_ID, 'wrong')) as Refusal
  t.same([unknown.type, unknown.cause], [wrong.type, wrong.cause])
  t.match(unknown.message, /^The request signature we calculated does not match/)
  t.match(wrong.message, /^The request signature we calculated does not match/)
  t.notMatch(String(wrong.message), SECRET)
  let hashed = false
  await createIam().authenticate(fromHeaders('GET', '/prod', {}), () => { hashed = true; return EMPTY_BODY_HASH })
  t.equal(hashed, false)
})

t.test('a look-up that fails, and a credential that is none, refuse with 500 and quote no secret', async (t) => {
  const captured = presignAws4()
  const attempts: Array<() => any> = [
    () => { throw new Error('no database') },
    async () => { throw 'no database' }, // eslint-disable-line no-throw-literal
    () => ({ secretAccessKey: SECRET }),
    () => ({ secretAccessKey: SECRET, arn: 'ada' }),
    () => ({ secretAccessKey: '', arn: ARN }),
    () => ({ secretAccessKey: SECRET, arn: ARN, policy: { Statement: { Effect: 'Maybe' } } })
  ]
  for (const credentials of attempts) {
    const refusal = await authenticate(captured, new Iam({ region: REGION, credentials })) as Refusal
    t.match(refusal, { type: 'AUTHORIZER_FAILURE', message: undefined })
    t.notMatch(String(refusal.cause), SECRET)
  }
  t.match(await authenticate(captured, new Iam({ region: REGION, credentials: () => null })), { type: 'INVALID_SIGNATURE' })
})

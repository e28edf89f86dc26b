// @connections: in process, over HTTP in every spelling, through both AWS SDKs, and who may call.
import {
  ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, GoneException as SdkGoneException,
  PostToConnectionCommand
} from '@aws-sdk/client-apigatewaymanagementapi'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import t from 'tap'
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { GoneException } from '../../lib/index.ts'
import { delay, eventually, story } from './harness.ts'
import type { Story } from './harness.ts'
import { TEXT } from './frame-client.ts'

// Loaded here, because it adds listeners to the process.
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1'
const ApiGatewayManagementApi = createRequire(import.meta.url)('aws-sdk/clients/apigatewaymanagementapi')

const UNKNOWN_ID = 'AAAAAAAAAAAAAAA='
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const ID = /^[A-Za-z0-9_-]{15}=$/
const TRACE_ID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/
const OPEN_TO_ALL = { connectionsApi: { authorize: 'NONE' } } as const

type Quotas = NonNullable<ApiGatewayWebSocketOptions['quotas']>

function openToAll (quotas: Quotas = {}): Partial<ApiGatewayWebSocketOptions> {
  return { ...OPEN_TO_ALL, quotas }
}

function idOf (story: Story, i = 0): string {
  return story.connects[i].requestContext.connectionId
}

async function call (story: Story, method: string, path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<{ status: number, headers: Headers, body: string }> {
  const response = await fetch(`${story.httpUrl}${path}`, { method, ...init })
  return { status: response.status, headers: response.headers, body: await response.text() }
}

const isGone = { name: 'GoneException', statusCode: 410 }

async function outcomeOf (promise: Promise<unknown>): Promise<any> {
  return await promise.then((value) => value ?? 'done', (error) => error)
}

/*
 * In process
 */

story(t, 'the commands in process', {}, async (t, story) => {
  const client = await story.open('/prod', { headers: { 'user-agent': 'story' } })
  const { connections } = story.app.webSocketApi
  const id = idOf(story)
  await t.test('a text and bytes arrive as text', async (t) => {
    await connections.postToConnection(id, 'Hello World!')
    await connections.postToConnection(id, Buffer.from('{"é":1}'))
    await connections.postToConnection(id, new TextEncoder().encode('x😀y').subarray(1, 5))
    t.strictSame(await client.received(3), ['Hello World!', '{"é":1}', '😀'])
  })
  await t.test('[unknown] an empty post is an empty text message', async (t) => {
    await connections.postToConnection(id, '')
    await connections.postToConnection(id, new Uint8Array(0))
    t.strictSame((await client.received(5)).slice(3), ['', ''])
  })
  await t.test('[unknown] bytes that are not UTF-8 are replaced', async (t) => {
    await connections.postToConnection(id, Buffer.from([0x61, 0xff, 0xc3, 0x62]))
    await connections.postToConnection(id, 'lone \ud800 surrogate')
    t.strictSame((await client.received(7)).slice(5), ['a\ufffd\ufffdb', 'lone \ufffd surrogate'])
  })
  await t.test('a buffer may be used again at once', async (t) => {
    const buffer = Buffer.from('before')
    const posted = connections.postToConnection(id, buffer)
    buffer.write('after!')
    await posted
    buffer.fill(0)
    t.strictSame((await client.received(8)).slice(7), ['before'])
  })
  await t.test('[documented] a post may have 131072 bytes, not 131073', async (t) => {
    await connections.postToConnection(id, 'é'.repeat(65_536))
    t.match(await outcomeOf(connections.postToConnection(id, 'é'.repeat(65_536) + 'a')), { name: 'PayloadTooLargeException', statusCode: 413 })
    t.match(await outcomeOf(connections.postToConnection(id, Buffer.alloc(131_073, 'a'))), { name: 'PayloadTooLargeException', statusCode: 413 })
    t.equal((await client.received(9))[8]?.length, 65_536)
  })
  await t.test('a limit counts the bytes that were posted', async (t) => {
    await connections.postToConnection(id, Buffer.alloc(131_072, 0xff))
    t.equal((await client.received(10))[9], '\ufffd'.repeat(131_072))
  })
  await t.test('what is neither text nor bytes is refused, and the connection lives', async (t) => {
    for (const data of [undefined, null, 42, { a: 1 }, ['a']]) {
      t.type(await outcomeOf(connections.postToConnection(id, data as any)), TypeError)
    }
    t.equal((await connections.getConnection(id)).identity.userAgent, 'story')
  })
  await t.test('an id in a foreign format is 400, an unknown one 410', async (t) => {
    for (const name of ['postToConnection', 'getConnection', 'deleteConnection'] as const) {
      for (const foreign of ['', 'x', 'WDGT8fY4joECJrQ=test', 'cjld2cjxh0000qzrmn831i7rn', `${UNKNOWN_ID} `, 'AAAAAAAAAAAAAAB=', undefined, null]) {
        t.match(await outcomeOf(connections[name](foreign as any, 'x')), { name: 'BadRequestException', statusCode: 400, message: `Invalid connectionId: ${String(foreign)}` })
      }
      t.match(await outcomeOf(connections[name](UNKNOWN_ID, 'x')), isGone)
    }
  })
  await t.test('[unknown] the size is looked at before the connection', async (t) => {
    t.match(await outcomeOf(connections.postToConnection(UNKNOWN_ID, 'a'.repeat(131_073))), { statusCode: 413 })
    t.match(await outcomeOf(connections.postToConnection('x', 'a'.repeat(131_073))), { statusCode: 400 })
  })
  await t.test('GoneException is the class that the package exports', async (t) => {
    t.ok(await outcomeOf(connections.getConnection(UNKNOWN_ID)) instanceof GoneException)
  })
  await client.close()
})

story(t, 'C5 [documented] inside $connect the connection is not there yet', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$connect', async (event, { connections }) => {
      for (const name of ['postToConnection', 'getConnection', 'deleteConnection'] as const) {
        seen.push(await outcomeOf(connections[name](event.requestContext.connectionId, 'x')))
      }
      // A post made in the tick of the 200 must not get ahead of the 101.
      setImmediate(() => {
        connections.postToConnection(event.requestContext.connectionId, 'welcome').catch((error) => { seen.push(error) })
      })
      return { statusCode: 200 }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  t.match(seen.slice(0, 3), [isGone, isGone, isGone])
  if (seen.length === 3) t.strictSame(await client.received(1), ['welcome'])
  else t.match(seen[3], isGone)
})
const seen: any[] = []

story(t, 'C8 [observed] lastActiveAt moves with messages in both directions, connectedAt never', {
  declare (app) { app.routeKey('$default', () => {}) }
}, async (t, story) => {
  const client = await story.open()
  const { connections } = story.app.webSocketApi
  const first = await connections.getConnection(idOf(story))
  t.equal(first.connectedAt.getTime(), story.connects[0].requestContext.connectedAt)
  let last = first
  for (const act of [async () => { client.send('in') }, async () => { await connections.postToConnection(idOf(story), 'out') }]) {
    await delay(5)
    await act()
    await eventually(() => [...story.transport.api.openConnections.values()].every(({ lastActiveAt }) => lastActiveAt > last.lastActiveAt.getTime()), 'it moved')
    last = await connections.getConnection(idOf(story))
    t.strictSame(last.connectedAt, first.connectedAt)
  }
  await delay(5)
  t.strictSame((await connections.getConnection(idOf(story))).lastActiveAt, last.lastActiveAt, 'a look does not count')
})

story(t, 'C4 [observed] a post in the tick in which the client has left is 410, never a lie', {}, async (t, story) => {
  const { connections } = story.app.webSocketApi
  for (let i = 0; i < 100; i++) {
    const client = await story.open()
    const id = idOf(story, i)
    client.socket.close()
    let delivered = 0
    let outcome: any
    for (;;) {
      outcome = await outcomeOf(connections.postToConnection(id, 'x'))
      if (outcome !== 'done') break
      delivered++
      await new Promise(setImmediate)
    }
    t.match(outcome, isGone)
    await client.closed
    // A client that has sent its close frame may still be told what was on its way.
    t.ok(client.messages.length <= delivered)
  }
})

/*
 * Bounds
 */

story(t, 'C15 [observed] posts to a client that does not read are 429 in the end, and others do not suffer', {
  options: openToAll()
}, async (t, story) => {
  const deaf = await story.openFrames()
  const other = await story.open()
  const { connections } = story.app.webSocketApi
  deaf.socket.pause()
  const [stuck, reading] = [idOf(story, 0), idOf(story, 1)]
  const text = 'a'.repeat(32_768)
  const before = process.memoryUsage().rss
  let accepted = 0
  let error: any
  for (let i = 0; i < 8000; i++) {
    const outcome = await outcomeOf(connections.postToConnection(stuck, text))
    if (outcome === 'done') accepted++
    else error = outcome
    if (i % 50 === 0) await new Promise(setImmediate)
  }
  t.match(error, { name: 'LimitExceededException', statusCode: 429 })
  t.ok(accepted < 600, `${accepted} accepted: what the kernel takes and 1 MiB`)
  t.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024, 'memory is bounded')
  const { status, headers, body } = await call(story, 'POST', `/prod/@connections/${stuck}`, { body: 'x' })
  t.equal(status, 429)
  t.equal(headers.get('x-amzn-errortype'), 'LimitExceededException')
  t.strictSame(JSON.parse(body), { message: 'Too Many Requests' })
  await connections.postToConnection(reading, 'hello')
  t.strictSame(await other.received(1), ['hello'])
  deaf.socket.resume()
  await deaf.received(TEXT, accepted, 10_000)
  await connections.postToConnection(stuck, 'there you are')
  await deaf.received(TEXT, accepted + 1)
  t.equal(deaf.texts.length, accepted + 1, 'what was answered 200 arrived, what was answered 429 did not')
  t.equal(deaf.texts.at(-1), 'there you are')
})

/*
 * Over HTTP
 */

story(t, 'C1 [observed] POST sends the body as a text message', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const { status, headers, body } = await call(story, 'POST', `/prod/@connections/${encodeURIComponent(idOf(story))}`, { body: 'Hello World!' })
  t.strictSame([status, body], [200, ''])
  t.equal(headers.get('content-type'), 'application/json')
  t.equal(headers.get('content-length'), '0')
  t.equal(headers.get('x-amzn-errortype'), null)
  t.strictSame(await client.received(1), ['Hello World!'])
})

story(t, 'C19 [observed] every answer has a UUID, an id of the gateway, a trace id and a date', { options: OPEN_TO_ALL }, async (t, story) => {
  await story.open()
  const id = idOf(story)
  const seen = new Set<string | null>()
  for (const [method, path, hasTrace] of [
    ['POST', `/prod/@connections/${id}`, true], ['GET', `/prod/@connections/${id}`, true], ['GET', `/prod/@connections/${UNKNOWN_ID}`, true],
    ['GET', '/prod/@connections/x', false], ['PUT', `/prod/@connections/${id}`, true], ['DELETE', `/prod/@connections/${id}`, true]
  ] as const) {
    const { headers } = await call(story, method, path)
    t.match(headers.get('x-amzn-requestid'), UUID)
    t.match(headers.get('x-amz-apigw-id'), ID)
    if (hasTrace) t.match(headers.get('x-amzn-trace-id'), TRACE_ID)
    else t.equal(headers.get('x-amzn-trace-id'), null)
    t.ok(headers.get('date'))
    seen.add(headers.get('x-amzn-requestid')).add(headers.get('x-amz-apigw-id'))
  }
  t.equal(seen.size, 12, 'each its own')
})

story(t, 'C2 [observed] an id in a foreign format is 400', { options: OPEN_TO_ALL }, async (t, story) => {
  for (const id of ['WDGT8fY4joECJrQ=test', 'cjld2cjxh0000qzrmn831i7rn', 'c1b2f7a0-53a8-4d5a-9c9a-2f6b7d1c8e11', 'AAAAAAAAAAAAAAB=']) {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const { status, headers, body } = await call(story, method, `/prod/@connections/${encodeURIComponent(id)}`, method === 'POST' ? { body: 'x' } : {})
      t.equal(status, 400)
      t.equal(headers.get('x-amzn-errortype'), 'BadRequestException')
      t.equal(headers.get('content-type'), 'application/json')
      t.equal(body, `{"message":"Invalid connectionId: ${id}"}`)
    }
  }
})

story(t, 'C3 [observed] an id nobody has is 410 without a body', { options: OPEN_TO_ALL }, async (t, story) => {
  for (const method of ['POST', 'GET', 'DELETE']) {
    const { status, headers, body } = await call(story, method, `/prod/@connections/${UNKNOWN_ID}`, method === 'POST' ? { body: 'x' } : {})
    t.strictSame([status, body], [410, ''])
    t.equal(headers.get('x-amzn-errortype'), 'GoneException')
    t.equal(headers.get('content-type'), 'application/json')
    t.equal(headers.get('content-length'), '0')
  }
})

story(t, 'C6, C7 [observed] GET tells the connection in AWS\'s own layout', { options: OPEN_TO_ALL }, async (t, story) => {
  await story.open('/prod', { headers: { 'user-agent': 'Mozilla/5.0 "quoted"' } })
  await story.openFrames()
  for (const [i, userAgent] of [',\n    "userAgent" : "Mozilla/5.0 \\"quoted\\""', ''].entries()) {
    const { status, headers, body } = await call(story, 'GET', `/prod/@connections/${idOf(story, i)}`)
    t.equal(status, 200)
    t.equal(headers.get('content-type'), 'application/json')
    const { connectedAt, lastActiveAt } = JSON.parse(body)
    t.equal(new Date(connectedAt).getTime(), story.connects[i].requestContext.connectedAt)
    t.equal(body, `{\n  "identity" : {\n    "sourceIp" : "127.0.0.1"${userAgent}\n  },\n  "connectedAt" : "${connectedAt}",\n  "lastActiveAt" : "${lastActiveAt}"\n}`)
    t.match(connectedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
})

story(t, 'C9, C10 [observed] DELETE is 204 without content type, and again 410', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const first = await call(story, 'DELETE', `/prod/@connections/${idOf(story)}`)
  t.strictSame([first.status, first.body, first.headers.get('content-type')], [204, '', null])
  const second = await call(story, 'DELETE', `/prod/@connections/${idOf(story)}`)
  t.strictSame([second.status, second.body, second.headers.get('x-amzn-errortype')], [410, '', 'GoneException'])
  t.strictSame(await client.closed, { code: 1000, reason: 'Connection Closed Normally' })
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.match(story.disconnects[0].requestContext, { disconnectStatusCode: 1000, disconnectReason: 'Connection Closed Normally' })
})

/** Streams bytes without a content length. */
function chunked (bytes: number): RequestInit & { duplex: 'half' } {
  let left = bytes
  return {
    duplex: 'half',
    body: new ReadableStream({
      pull (controller) {
        const size = Math.min(left, 10_000)
        left -= size
        if (size > 0) controller.enqueue(new Uint8Array(size).fill(97))
        else controller.close()
      }
    })
  }
}

const addresses: string[] = []
story(t, 'C11 [documented] a body of 131073 bytes is 413, one of 131072 is not', {
  options: OPEN_TO_ALL,
  before (app) { app.addHook('onResponse', async (request) => { addresses.push(request.ip) }) }
}, async (t, story) => {
  const client = await story.open()
  const path = `/prod/@connections/${idOf(story)}`
  for (const init of [{ body: 'a'.repeat(131_073) }, chunked(131_073), { body: 'a'.repeat(2_000_000) }, chunked(2_000_000)]) {
    const { status, headers, body } = await call(story, 'POST', path, init)
    t.equal(status, 413)
    t.equal(headers.get('x-amzn-errortype'), 'PayloadTooLargeException')
    t.strictSame(JSON.parse(body), { message: 'Message too long' })
  }
  for (const init of [{ body: 'a'.repeat(131_072) }, chunked(131_072)]) t.equal((await call(story, 'POST', path, init)).status, 200)
  t.strictSame((await client.received(2)).map(({ length }) => length), [131_072, 131_072])
  t.equal((await call(story, 'POST', `/prod/@connections/${UNKNOWN_ID}`, { body: 'a'.repeat(131_073) })).status, 413, 'size before existence')
  await eventually(() => addresses.length === 7, 'all hooks ran')
  t.strictSame(new Set(addresses), new Set(['127.0.0.1']), 'the request keeps its socket')
})

story(t, 'a body may be anything, whatever its content type says', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const path = `/prod/@connections/${idOf(story)}`
  const types = ['application/json', 'text/plain', 'application/octet-stream', 'binary/octet-stream', 'multipart/form-data; boundary=x', 'nonsense', '']
  for (const [i, type] of types.entries()) {
    const { status } = await call(story, 'POST', path, { body: Buffer.from(`{not json ${i}`), headers: { 'content-type': type } })
    t.equal(status, 200, type)
  }
  t.equal((await call(story, 'POST', path)).status, 200, 'no body at all')
  t.equal((await call(story, 'POST', path, { body: Buffer.from([0x61, 0xff]) })).status, 200)
  const gzipped = gzipSync('x')
  t.equal((await call(story, 'POST', path, { body: gzipped, headers: { 'content-encoding': 'gzip' } })).status, 200)
  t.strictSame(await client.received(types.length + 3), [...types.map((_, i) => `{not json ${i}`), '', 'a\ufffd', gzipped.toString()])
})

story(t, 'C14 [documented] every spelling of the path reaches the connection', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const raw = idOf(story)
  const escaped = encodeURIComponent(raw)
  const paths = [
    `/prod/@connections/${raw}`, `/prod/@connections/${escaped}`, `/prod/%40connections/${raw}`, `/prod/%40connections/${escaped}`,
    `/prod//@connections/${raw}`, `/prod//@connections/${escaped}`, `/prod//%40connections/${escaped}`,
    `/prod/@connections/${escaped.replace('%3D', '%3d')}`, `/prod/@connections/${raw}?a=1`, `/prod/@connections/${raw}?/@connections/x`,
    `/prod/@connections//${raw}`, `/prod/@connections/%${(raw.charCodeAt(0)).toString(16)}${escaped.slice(1)}`
  ]
  for (const path of paths) {
    t.equal((await call(story, 'GET', path)).status, 200, path)
    t.equal((await call(story, 'POST', path, { body: path })).status, 200, path)
  }
  t.strictSame(await client.received(paths.length), paths)
  t.equal((await call(story, 'DELETE', paths[3] as string)).status, 204)
})

story(t, 'paths that are none of a connection', {
  options: { ...OPEN_TO_ALL, stages: [{ stageName: 'prod' }, { stageName: 'test' }] }
}, async (t, story) => {
  await story.open('/prod')
  const id = idOf(story)
  const cases: ReadonlyArray<[string, string, string, number, RegExp]> = [
    ['C13 [observed] without a stage it is Forbidden', 'GET', `/@connections/${id}`, 403, /^{"message":"Forbidden"}$/],
    ['[derived] with an unknown stage the path is the app\'s', 'GET', `/nope/@connections/${id}`, 404, /./],
    ['the id of another stage is unknown', 'GET', `/test/@connections/${id}`, 410, /^$/],
    ['the id of another stage cannot be posted to', 'POST', `/test/@connections/${id}`, 410, /^$/],
    ['the id of another stage cannot be closed', 'DELETE', `/test/@connections/${id}`, 410, /^$/],
    ['[unknown] without an id there is no method', 'POST', '/prod/@connections', 404, /^{"message":"No method found matching route @connections for http method POST\."}$/],
    ['[unknown] with an empty id there is no method', 'POST', '/prod/@connections/', 404, /^{"message":"No method found matching route @connections\/ for http method POST\."}$/],
    ['[unknown] with more behind the id there is no method', 'GET', `/prod/@connections/${id}/more`, 404, /No method found matching route @connections\/.+\/more for http method GET\./],
    ['[observed] doubled @connections has no method', 'GET', `/prod/@connections/@connections/${id}`, 404, /No method found matching route/],
    ['[unknown] PUT is no method', 'PUT', `/prod/@connections/${id}`, 403, /^{"message":"Missing Authentication Token"}$/],
    ['[unknown] PATCH is no method', 'PATCH', `/prod/@connections/${id}`, 403, /^{"message":"Missing Authentication Token"}$/],
    ['[unknown] HEAD is no method', 'HEAD', `/prod/@connections/${id}`, 403, /^$/],
    ['an id that is escaped twice is none', 'GET', `/prod/@connections/${id.replace('=', '%253D')}`, 400, /^{"message":"Invalid connectionId: .*%3D"}$/],
    ['an id with an escaped slash is none', 'GET', '/prod/@connections/a%2Fb', 400, /^{"message":"Invalid connectionId: a\/b"}$/],
    ['an id with an escaped NUL is none', 'GET', '/prod/@connections/a%00b', 400, /^{"message":"Invalid connectionId: a\\u0000b"}$/],
    ['an id that cannot be decoded is none', 'GET', '/prod/@connections/%zz', 400, /./],
    ['the stage is told by its case', 'GET', `/PROD/@connections/${id}`, 404, /./]
  ]
  for (const [title, method, path, status, body] of cases) {
    await t.test(title, async (t) => {
      const answer = await call(story, method, path)
      t.equal(answer.status, status, answer.body)
      t.match(answer.body, body)
    })
  }
  t.equal((await call(story, 'GET', `/prod/@connections/${id}`)).status, 200, 'the connection is unharmed')
})

story(t, 'C13 [observed] on a standalone server a path without a stage, or with an unknown one, is 403 Forbidden', {
  options: { ...OPEN_TO_ALL, standalone: true }
}, async (t, story) => {
  await story.open()
  for (const path of [`/@connections/${idOf(story)}`, `/nope/@connections/${idOf(story)}`, `//@connections/${idOf(story)}`]) {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const { status, headers, body } = await call(story, method, path)
      t.strictSame([status, headers.get('x-amzn-errortype'), body], [403, 'ForbiddenException', '{"message":"Forbidden"}'], `${method} ${path}`)
    }
  }
})

for (const router of [{ caseSensitive: false }, { ignoreDuplicateSlashes: true }, { ignoreTrailingSlash: true }]) {
  story(t, `@connections works on a server with ${Object.keys(router)[0]}`, {
    options: OPEN_TO_ALL,
    server: { routerOptions: router }
  }, async (t, story) => {
    await story.open()
    const id = idOf(story)
    for (const path of [`/prod/@connections/${id}`, `/prod//@connections/${id}`, `/prod/%40connections/${id}`]) {
      t.equal((await call(story, 'GET', path)).status, 200, path)
    }
    if ('caseSensitive' in router) t.equal((await call(story, 'GET', `/PROD/@connections/${id}`)).status, 403, 'a stage is told by its case')
    if ('ignoreDuplicateSlashes' in router) {
      const startedAt = performance.now()
      t.equal((await call(story, 'GET', `/prod${'/'.repeat(7000)}@connections/${id}`)).status, 200)
      t.ok(performance.now() - startedAt < 500, 'many slashes cost little')
    }
  })
}

story(t, 'with a domain name configured another Host is 403', {
  options: { ...OPEN_TO_ALL, domainName: 'ws.example.com' }
}, async (t, story) => {
  const client = await story.open('/prod', { headers: { host: 'ws.example.com' } })
  const url = `/prod/@connections/${idOf(story)}`
  for (const [host, status] of [['ws.example.com', 200], ['WS.EXAMPLE.COM:8080', 200], ['evil.example', 403]] as const) {
    const { statusCode, body } = await story.app.inject({ method: 'POST', url, payload: 'x', headers: { host } })
    t.equal(statusCode, status)
    if (status === 403) t.equal(body, '{"message":"Forbidden"}')
  }
  t.equal((await client.received(2)).length, 2)
})

story(t, 'under a prefix @connections is there too', {
  options: { ...OPEN_TO_ALL, prefix: '/sockets' },
  scope: { prefix: '/api' }
}, async (t, story) => {
  await story.open('/api/sockets/prod')
  for (const path of ['/api/sockets/prod/@connections/', '/api/sockets/prod//%40connections/']) {
    t.equal((await call(story, 'GET', path + idOf(story))).status, 200)
  }
})

/** Raw HTTP, for requests no client would make; gives all that comes until the server ends the socket. */
async function rawHttp (story: Story, ...parts: Array<string | number>): Promise<string> {
  const socket = connect(Number(new URL(story.httpUrl).port), '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => { received += chunk.toString('latin1') })
  const ended = new Promise<void>((resolve) => { socket.on('close', () => { resolve() }).on('error', () => {}) })
  for (const part of parts) {
    if (typeof part === 'number') await delay(part)
    else socket.write(part)
  }
  if (parts.at(-1) === 'ABORT') socket.resetAndDestroy()
  await Promise.race([ended, delay(1500)])
  socket.destroy()
  return received
}

{
  const lines: any[] = []
  const server = { logger: { level: 'warn', stream: { write: (line: string) => { lines.push(JSON.parse(line)) } } } }
  story(t, 'bodies that come slowly, in bits, or not at all', { options: OPEN_TO_ALL, server }, async (t, story) => {
    const client = await story.open()
    const head = `POST /prod/@connections/${idOf(story)} HTTP/1.1\r\nHost: x\r\n`
    t.match(await rawHttp(story, `${head}Connection: close\r\nContent-Length: 4\r\n\r\n`, 'a', 60, 'b', 60, 'cd'), /^HTTP\/1.1 200 /)
    t.match(await rawHttp(story, `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`, '2\r\nef\r\n', 60, '1\r\ng\r\n0\r\n\r\n'), /^HTTP\/1.1 200 /)
    t.equal(await rawHttp(story, `${head}Content-Length: 10\r\n\r\n`, 'half', 30, 'ABORT'), '')
    t.equal(await rawHttp(story, `${head}Transfer-Encoding: chunked\r\n\r\n`, '5\r\nha', 30, 'ABORT'), '')
    t.match(await rawHttp(story, `${head}Content-Length: 131073\r\n\r\n`), /^HTTP\/1.1 413 [^]*connection: close[^]*{"message":"Message too long"}$/i, 'the body is not waited for')
    t.match(await rawHttp(story, `${head}Transfer-Encoding: chunked\r\n\r\n`, 'fffff\r\n', 'a'.repeat(200_000)), /^HTTP\/1.1 413 /)
    t.match(await rawHttp(story, `${head}Content-Length: -1\r\n\r\n`), /^HTTP\/1.1 400 /)
    t.match(await rawHttp(story, `${head}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`, 30, 'hi'), /^HTTP\/1.1 100 [^]*HTTP\/1.1 200 /)
    t.strictSame(await client.received(3), ['abcd', 'efg', 'hi'])
    await delay(20)
    t.strictSame(client.messages, ['abcd', 'efg', 'hi'], 'nothing of an aborted body is sent')
    t.strictSame(lines.filter(({ level }) => level >= 50), [], 'no error is logged')
  })
}

story(t, 'a connection kept alive carries many calls', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const post = (text: string): string => `POST /prod/@connections/${idOf(story)} HTTP/1.1\r\nHost: x\r\nContent-Length: ${text.length}\r\n\r\n${text}`
  const received = await rawHttp(story, post('one') + post('two'), post('three').replace('Host', 'Connection: close\r\nHost'))
  t.equal(received.match(/HTTP\/1.1 200 /g)?.length, 3)
  t.strictSame(await client.received(3), ['one', 'two', 'three'])
})

story(t, 'an upgrade to @connections opens nothing', { options: OPEN_TO_ALL }, async (t, story) => {
  await story.open()
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
  for (const path of [`/prod/@connections/${idOf(story)}`, `/prod//@connections/${UNKNOWN_ID}`]) {
    const received = await rawHttp(story, `GET ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)
    t.match(received, /^HTTP\/1.1 (?!101)\d{3} /)
  }
  t.equal(story.app.webSocketApi.connectionCount, 1)
})

story(t, 'app.inject reaches @connections', { options: OPEN_TO_ALL }, async (t, story) => {
  const client = await story.open()
  const url = `/prod/@connections/${idOf(story)}`
  t.match(await story.app.inject({ method: 'POST', url, payload: 'injected' }), { statusCode: 200, body: '' })
  t.match(await story.app.inject({ method: 'POST', url, payload: 'a'.repeat(131_073) }), { statusCode: 413 })
  t.match((await story.app.inject({ method: 'GET', url })).json(), { identity: { sourceIp: '127.0.0.1' } })
  t.strictSame(await client.received(1), ['injected'])
  t.match(await story.app.inject({ method: 'DELETE', url }), { statusCode: 204, body: '' })
  t.equal((await client.closed).code, 1000)
})

/*
 * Who may call
 */

story(t, 'without connectionsApi nobody may call', {}, async (t, story) => {
  const client = await story.open()
  for (const method of ['POST', 'GET', 'DELETE']) {
    const { status } = await call(story, method, `/prod/@connections/${idOf(story)}`, method === 'POST' ? { body: 'x' } : {})
    t.ok(status >= 400 && status < 500, String(status))
  }
  await delay(20)
  t.strictSame(client.messages, [])
  t.equal(client.socket.readyState, client.socket.OPEN)
})

type Authorize = NonNullable<ApiGatewayWebSocketOptions['connectionsApi']>['authorize']

const AUTHORIZERS: ReadonlyArray<[string, Authorize, number]> = [
  ['an async hook that throws an error with a status code', async () => { throw Object.assign(new Error('no'), { statusCode: 401 }) }, 401],
  ['an async hook that throws any error', async () => { throw new Error('no') }, 500],
  ['a hook that throws at once', () => { throw Object.assign(new Error('no'), { statusCode: 403 }) }, 403],
  ['a callback hook that passes an error', (_request, _reply, done) => { done(Object.assign(new Error('no'), { statusCode: 403 })) }, 403],
  ['an async hook that replies', async (_request: FastifyRequest, reply: FastifyReply) => { await reply.code(418).send({ message: 'no' }) }, 418],
  ['an async hook that returns its reply', async (_request: FastifyRequest, reply: FastifyReply) => reply.code(418).send({ message: 'no' }), 418],
  ['a callback hook that replies', (_request, reply, _done) => { void reply.code(418).send({ message: 'no' }) }, 418],
  ['a second hook that refuses', [async () => {}, async () => { throw Object.assign(new Error('no'), { statusCode: 401 }) }], 401],
  ['an async hook that returns', async () => {}, 200],
  ['a callback hook that calls back later', (_request, _reply, done) => { setTimeout(done, 5) }, 200],
  ['hooks that all let through', [async () => {}, (_request, _reply, done) => { done() }], 200]
]

for (const [title, authorize, status] of AUTHORIZERS) {
  story(t, `connectionsApi.authorize: ${title} is answered ${status}`, { options: { connectionsApi: { authorize } } }, async (t, story) => {
    const client = await story.open()
    const url = `/prod/@connections/${idOf(story)}`
    t.equal((await call(story, 'POST', url, { body: 'x'.repeat(200_000) })).status, status === 200 ? 413 : status, 'before the body is looked at')
    t.equal((await call(story, 'POST', url, { body: 'x' })).status, status)
    for (const path of [`/prod//@connections/${UNKNOWN_ID}`, '/prod/%40connections/x', '/prod/@connections', '/prod/@connections/a/b']) {
      const answer = await call(story, 'GET', path)
      if (status !== 200) t.equal(answer.status, status, `${path} is guarded too`)
    }
    if (status === 200) t.strictSame(await client.received(1), ['x'])
    await delay(10)
    t.equal(client.messages.length, status === 200 ? 1 : 0)
  })
}

{
  const calls: unknown[] = []
  story(t, 'authorize sees the request, knows the scope as this, and is asked in order', {
    before (app) { app.decorate('secret', 'opensesame') },
    options: {
      connectionsApi: {
        authorize: [
          async function (this: any, request: FastifyRequest) {
            calls.push(request.raw.url)
            if (request.headers.authorization !== this.secret) throw Object.assign(new Error('no'), { statusCode: 401 })
          },
          (_request, _reply, done) => {
            calls.push('second')
            done()
          }
        ]
      }
    }
  }, async (t, story) => {
    await story.open()
    const path = `/prod/@connections/${idOf(story)}`
    t.equal((await call(story, 'GET', path)).status, 401)
    t.equal((await call(story, 'GET', path, { headers: { authorization: 'opensesame' } })).status, 200)
    t.strictSame(calls, [path, path, 'second'])
  })
}

{
  const hooked: string[] = []
  const note = (name: string) => async (request: any) => {
    hooked.push(name)
    if (request.headers.ticket !== 'valid') throw Object.assign(new Error('no'), { statusCode: 401 })
  }
  story(t, 'hooks that guard the handshake do not guard @connections', {
    scope: {},
    before (app) { app.addHook('onRequest', note('scope')) },
    options: { ...OPEN_TO_ALL, upgrade: { onRequest: note('onRequest'), preValidation: note('preValidation'), preHandler: note('preHandler') } }
  }, async (t, story) => {
    t.equal((await story.refused()).statusCode, 401)
    hooked.length = 0
    await story.open('/prod', { headers: { ticket: 'valid' } })
    t.strictSame(hooked.splice(0), ['scope', 'onRequest', 'preValidation', 'preHandler'])
    t.equal((await call(story, 'GET', `/prod/@connections/${idOf(story)}`)).status, 200)
    t.equal((await call(story, 'POST', `/prod/@connections/${idOf(story)}`, { body: 'x' })).status, 200)
    t.strictSame(hooked, [])
  })
}

/*
 * The AWS SDKs
 */

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }

function sdk (endpoint: string, more: object = {}): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, ...more })
}

/** What an unmodified client of the SDK v3 sees, however its requests travel. */
async function tellSdkStory (t: any, story: Story, client: ApiGatewayManagementApiClient): Promise<void> {
  const socket = await story.open('/prod', { headers: { 'user-agent': 'sdk' } })
  const ConnectionId = idOf(story, story.connects.length - 1)
  t.equal((await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'text' }))).$metadata.httpStatusCode, 200)
  await client.send(new PostToConnectionCommand({ ConnectionId, Data: new TextEncoder().encode('bytes é') }))
  await client.send(new PostToConnectionCommand({ ConnectionId, Data: '' }))
  await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'a'.repeat(100_000) }))
  t.strictSame(await socket.received(4), ['text', 'bytes é', '', 'a'.repeat(100_000)])

  const information = await client.send(new GetConnectionCommand({ ConnectionId }))
  t.ok(information.ConnectedAt instanceof Date, 'S6 [measured] ConnectedAt is a Date')
  t.ok(information.LastActiveAt instanceof Date)
  t.match(information, { Identity: { SourceIp: '127.0.0.1', UserAgent: 'sdk' } })

  const tooLarge = await outcomeOf(client.send(new PostToConnectionCommand({ ConnectionId, Data: 'a'.repeat(131_073) })))
  t.match(tooLarge, { name: 'PayloadTooLargeException', $metadata: { httpStatusCode: 413, attempts: 1 } })

  const foreign = await outcomeOf(client.send(new PostToConnectionCommand({ ConnectionId: 'WDGT8fY4joECJrQ=test', Data: 'x' })))
  t.match(foreign, { name: 'BadRequestException', message: 'Invalid connectionId: WDGT8fY4joECJrQ=test' }, 'S4 [measured]')

  t.equal((await client.send(new DeleteConnectionCommand({ ConnectionId }))).$metadata.httpStatusCode, 204)
  t.strictSame(await socket.closed, { code: 1000, reason: 'Connection Closed Normally' })
  for (const command of [
    new PostToConnectionCommand({ ConnectionId, Data: 'x' }), new GetConnectionCommand({ ConnectionId }), new DeleteConnectionCommand({ ConnectionId })
  ]) {
    const gone = await outcomeOf(client.send(command as any))
    t.match(gone, { name: 'GoneException', $metadata: { httpStatusCode: 410, attempts: 1 } }, 'S3 [measured]')
    t.ok(gone instanceof SdkGoneException)
  }
}

story(t, 'S1–S6 [measured] the AWS SDK v3 calls @connections', { options: openToAll({ bufferedBytes: 100_000 }) }, async (t, story) => {
  for (const endpoint of [`${story.httpUrl}/prod`, `${story.httpUrl}/prod/`]) {
    await t.test(endpoint.endsWith('/') ? 'S2 with a slash at the end of the endpoint' : 'S1', async (t) => {
      const client = sdk(endpoint)
      await tellSdkStory(t, story, client)
      client.destroy()
    })
  }
  await t.test('S5 a client that does not read is LimitExceededException after three attempts', async (t) => {
    const deaf = await story.openFrames()
    deaf.socket.pause()
    const client = sdk(`${story.httpUrl}/prod`)
    const ConnectionId = idOf(story, story.connects.length - 1)
    const { connections } = story.app.webSocketApi
    while (await outcomeOf(connections.postToConnection(ConnectionId, 'a'.repeat(100_000))) === 'done') await new Promise(setImmediate)
    const error = await outcomeOf(client.send(new PostToConnectionCommand({ ConnectionId, Data: 'x' })))
    t.match(error, { name: 'LimitExceededException', $metadata: { httpStatusCode: 429, attempts: 3 } })
    client.destroy()
  })
  await t.test('an empty connection id is no connection', async (t) => {
    const client = sdk(`${story.httpUrl}/prod`)
    const error = await outcomeOf(client.send(new PostToConnectionCommand({ ConnectionId: '', Data: 'x' })))
    t.ok(error instanceof Error)
    client.destroy()
  })
  await t.test('a body of 10 MB is answered 413, not cut off', async (t) => {
    const client = sdk(`${story.httpUrl}/prod`)
    for (let i = 0; i < 3; i++) {
      const error = await outcomeOf(client.send(new PostToConnectionCommand({ ConnectionId: UNKNOWN_ID, Data: Buffer.alloc(10_000_000, 'a') })))
      t.match(error, { name: 'PayloadTooLargeException' })
    }
    client.destroy()
  })
})

story(t, 'the AWS SDK v3 with webSocketApi.requestHandler() needs no network and no connectionsApi', {}, async (t, story) => {
  await tellSdkStory(t, story, sdk('http://anywhere.invalid/prod', { requestHandler: story.app.webSocketApi.requestHandler() }))
  await tellSdkStory(t, story, sdk('https://anywhere.invalid/prod/', { requestHandler: story.app.webSocketApi.requestHandler() }))
  const { handle } = story.app.webSocketApi.requestHandler()
  const bodies = [undefined, 'text', Buffer.from('bytes'), Readable.from([Buffer.from('a '), Buffer.from('stream')])]
  const socket = await story.open()
  for (const body of bodies) {
    const { response } = await handle({ method: 'POST', path: `/prod/@connections/${idOf(story, story.connects.length - 1)}`, body })
    t.equal(response.statusCode, 200)
  }
  t.strictSame(await socket.received(bodies.length), ['', 'text', 'bytes', 'a stream'])
  const { response } = await handle({ method: 'GET', path: '/prod/@connections/%zz' })
  t.match(response, { statusCode: 400, headers: { 'x-amzn-errortype': 'BadRequestException' } })
  const client = sdk('http://anywhere.invalid/other', { requestHandler: story.app.webSocketApi.requestHandler() })
  t.match(await outcomeOf(client.send(new GetConnectionCommand({ ConnectionId: UNKNOWN_ID }))), { name: 'ForbiddenException' })
})

story(t, 'S7 [measured] the AWS SDK v2 calls @connections', { options: OPEN_TO_ALL }, async (t, story) => {
  for (const endpoint of [`${story.httpUrl}/prod`, `${story.httpUrl}/prod/`]) {
    const client = new ApiGatewayManagementApi({ endpoint, region: 'us-east-1', credentials: CREDENTIALS })
    const socket = await story.open()
    const ConnectionId = idOf(story, story.connects.length - 1)
    await client.postToConnection({ ConnectionId, Data: 'text' }).promise()
    await client.postToConnection({ ConnectionId, Data: Buffer.from('bytes') }).promise()
    t.strictSame(await socket.received(2), ['text', 'bytes'])
    const { ConnectedAt, Identity } = await client.getConnection({ ConnectionId }).promise()
    t.ok(ConnectedAt instanceof Date)
    t.equal(Identity.SourceIp, '127.0.0.1')
    t.match(await outcomeOf(client.postToConnection({ ConnectionId: 'x', Data: 'x' }).promise()), { code: 'BadRequestException', statusCode: 400 })
    t.strictSame(await client.deleteConnection({ ConnectionId }).promise(), {})
    t.equal((await socket.closed).code, 1000)
    t.match(await outcomeOf(client.postToConnection({ ConnectionId, Data: 'x' }).promise()), { code: 'GoneException', message: '410', statusCode: 410 })
  }
})

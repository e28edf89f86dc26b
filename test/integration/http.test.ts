// HTTP and HTTP_PROXY: a real Express server in another process, what a back end gets, every way it may fail, and what
// no message can make of the request.
import { execFile, fork } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import type { HttpIntegration, HttpProxyIntegration } from '../../lib/index.ts'
import { createGateway, oneWay, twoWay } from './gateway.ts'
import type { GatewayOptions } from './gateway.ts'

const INTERNAL = ['Internal server error']

const child = fork(join(import.meta.dirname, 'express-server.mjs'))
const express = await new Promise<string>((resolve) => { child.once('message', ({ port }: any) => { resolve(`http://127.0.0.1:${port}`) }) })
t.teardown(() => { child.disconnect() })

const http = (path: string, more: Partial<HttpIntegration> = {}): HttpIntegration => ({
  integrationType: 'HTTP',
  integrationMethod: 'POST',
  integrationUri: path.startsWith('http') ? path : express + path,
  requestParameters: { 'integration.request.header.Content-Type': "'application/json'" },
  integrationResponses: { $default: {} },
  ...more
})
const proxy = (path: string, more: Partial<HttpProxyIntegration> = {}): HttpProxyIntegration =>
  ({ integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: path.startsWith('http') ? path : express + path, ...more })

/** What the back end saw of a message. */
async function seen (t: Test, options: GatewayOptions, message: unknown) {
  const { ask } = await createGateway(t, options)
  const { frames } = await ask(message)
  return JSON.parse(frames[0] as string)
}

t.test('an Express route serves a message: template in, status, headers and body out', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/orders', {
    requestTemplates: { $default: '{"id": $input.json(\'$.order.id\'), "by": "$context.connectionId"}' },
    integrationResponses: {
      '/2\\d\\d/': { templateSelectionExpression: '${integration.response.header.x-order}', responseTemplates: { 7: 'seven: $input.path(\'$.created\')', $default: 'other: $input.path(\'$.created\') $context.status' } },
      '/4\\d\\d/': { templateSelectionExpression: '$integration.response.statuscode', responseTemplates: { 422: 'refused: $input.path(\'$.message\')' } },
      $default: {}
    }
  })))
  const { frames, refusals } = await ask({ order: { id: 7 } }, { order: { id: 8 } }, { order: { id: 'x' } })
  t.same(refusals, [])
  t.same(frames, ['seven: 7', 'other: 8 201', 'refused: id must be a number'])
})

t.test('HTTP sends the gateway\'s own headers and the mapped ones, and no content type unless it is mapped', async (t) => {
  const { headers, url, body } = await seen(t, { apiId: 'abcdefghij', ...twoWay(http('/echo', { requestParameters: { 'integration.request.header.X-Connection': 'context.connectionId' } })) }, { a: 1 })
  const { host, connection, 'content-length': length, 'x-amzn-trace-id': traceId, 'x-connection': connectionId, ...more } = headers
  t.same(more, { accept: 'application/json', 'user-agent': 'AmazonAPIGateway_abcdefghij', 'x-amzn-apigateway-api-id': 'abcdefghij' })
  t.equal(host, express.slice('http://'.length))
  t.equal(length, '7')
  t.match(traceId, /^Root=1-/)
  t.match(connectionId, /^.{16}$/)
  t.same([url, body], ['/echo', null], 'without a content type Express parses nothing, as on AWS')
})

t.test('slashes that are declared are sent; a parameter that empties the first segment is refused', async (t) => {
  t.equal((await seen(t, twoWay(http('//echo')), {})).url, '//echo')
  const integration = http('/{first}/echo', { requestParameters: { 'integration.request.path.first': 'route.request.multivaluequerystring.first' } })
  const { connect } = await createGateway(t, { routes: { $connect: { integration }, $default: {} } })
  t.equal((await connect({ query: 'first=echo' })).statusCode, 101)
  const { statusCode, causes } = await connect({ query: 'first=' })
  t.equal(statusCode, 500)
  t.match(causes[0], /a path parameter empties the first segment/)
})

t.test('parameters go to headers, query and path; what is missing is left out', async (t) => {
  const { url, headers } = await seen(t, {
    stages: [{ stageName: 'prod', stageVariables: { color: 'blue' } }],
    ...twoWay(http('/echo/{id}/{none}?fixed=1', {
      requestParameters: {
        'integration.request.path.id': 'route.request.body.order.id',
        'integration.request.querystring.who': 'context.authorizer.sub',
        'integration.request.querystring.color': 'stageVariables.color',
        'integration.request.querystring.list': 'route.request.body.list',
        'integration.request.querystring.missing': 'route.request.body.missing',
        'integration.request.header.x-object': 'route.request.body.order',
        'integration.request.header.x-number': 'route.request.body.number',
        'integration.request.header.x-flag': 'route.request.body.flag',
        'integration.request.header.x-null': 'route.request.body.null',
        'integration.request.header.x-at': 'context.connectedAt',
        'integration.request.header.x-literal': "'it''s'",
        'integration.request.header.x-unicode': 'route.request.body.name'
      }
    }))
  }, { order: { id: 'a b/c?d#e%' }, list: [1, 'two'], number: 1.50, flag: true, null: null, name: 'Łukasz' })
  t.equal(url, '/echo/a%20b%2Fc%3Fd%23e%25/%7Bnone%7D?fixed=1&color=blue&list=%5B1%2C%22two%22%5D')
  t.match(headers, { 'x-object': '{"id":"a b/c?d#e%"}', 'x-number': '1.5', 'x-flag': 'true', 'x-at': /^\d{13}$/, 'x-literal': "it''s" })
  t.equal(Buffer.from(headers['x-unicode'], 'latin1').toString(), 'Łukasz')
  t.notOk('x-null' in headers)
})

t.test('a body source reads a body only where it looks like JSON, and broken JSON is a bad request', async (t) => {
  const { ask } = await createGateway(t, twoWay(proxy('/echo', { requestParameters: { 'integration.request.header.x-token': 'route.request.body.token' } })))
  const { frames, refusals } = await ask('token=t', '{"token": "t"', "{token: 't'}")
  t.same(refusals, ['Bad Request'])
  t.notOk('x-token' in JSON.parse(frames[0] as string).headers)
  t.equal(JSON.parse(frames[2] as string).headers['x-token'], 't', 'as lenient as templates')
})

t.test('HTTP_PROXY sends the message as it is and passes the body back whatever the status', async (t) => {
  const { ask } = await createGateway(t, {
    routes: {
      echo: { routeResponses: { $default: {} }, integration: proxy('/echo', { requestParameters: { 'integration.request.header.Content-Type': "'text/plain'" } }) },
      fail: { routeResponses: { $default: {} }, integration: proxy('/status/503') },
      oneWay: { integration: proxy('/status/503') }
    }
  })
  const { frames } = await ask({ action: 'echo' }, { action: 'fail' }, { action: 'oneWay' })
  t.equal(JSON.parse(frames[0] as string).body, '{"action":"echo"}')
  t.same(frames.slice(1), ['as asked'])
})

t.test('HTTP_PROXY of $connect forwards the headers and the query of the handshake, hop-by-hop headers apart', async (t) => {
  const bodies: any[] = []
  const { connect } = await createGateway(t, {
    routes: { $connect: { integration: proxy('/status/418', { requestParameters: { 'integration.request.querystring.more': 'route.request.querystring.a', 'integration.request.header.x-all': 'route.request.multivalueheader.X-Many' } }) } }
  })
  t.equal((await connect()).statusCode, 418)
  const echo = await createGateway(t, {
    routes: { $connect: { integration: { ...proxy('/echo'), integrationType: 'HTTP', integrationResponses: { $default: {} } } as HttpIntegration } }
  })
  t.equal((await echo.connect()).statusCode, 101)
  const refusing = await createGateway(t, {
    routes: { $connect: { integration: proxy(`${await reflect(t, bodies)}/x?y=1`, { integrationMethod: 'GET', requestParameters: { 'integration.request.querystring.more': 'route.request.querystring.a' } }) } }
  })
  t.equal((await refusing.connect({ query: 'a=1&a=2', headers: { Cookie: 'c=1', Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'X-Custom': 'yes', TE: 'trailers' } })).statusCode, 101)
  const [head] = bodies
  t.match(head, /^GET \/x\?y=1&a=1&a=2&more=2 HTTP\/1.1\r\n/)
  t.match(head, /\r\nx-custom: yes\r\n/)
  t.match(head, /\r\nsec-websocket-version: 13\r\n/, 'forwarded as observed')
  t.notMatch(head, /\r\n(te|upgrade): /i)
})

/** A server of raw bytes that answers 200 and keeps the heads it got. */
async function reflect (t: Test, heads: string[]): Promise<string> {
  return await rawServer(t, (socket) => {
    socket.once('data', (data) => { heads.push(data.toString()); socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n') })
  })
}

async function rawServer (t: Test, serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => { sockets.delete(socket) }).on('error', () => {})
    serve(socket)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { for (const socket of sockets) socket.destroy(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('redirects are not followed: they are an answer like any other', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/redirect', { integrationResponses: { '/302/': { responseTemplates: { $default: 'moved' } } } })))
  t.same((await ask('{}')).frames, ['moved'])
})

t.test('content handling: text passes, bytes become text or Base64, Base64 becomes text', async (t) => {
  const answer = async (path: string, contentHandlingStrategy?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT', responseTemplates?: Record<string, string>) => {
    const { ask } = await createGateway(t, twoWay(http(path, {
      integrationResponses: { $default: { ...(contentHandlingStrategy && { contentHandlingStrategy }), ...(responseTemplates && { responseTemplates }) } }
    })))
    const { frames, refusals } = await ask('{}')
    return refusals[0] ?? frames[0]
  }
  t.equal(await answer('/text'), 'plain ✓')
  t.equal(await answer('/text', 'CONVERT_TO_TEXT'), 'plain ✓')
  t.equal(await answer('/text', 'CONVERT_TO_BINARY'), 'Internal server error', 'not Base64')
  t.equal(await answer('/base64', 'CONVERT_TO_BINARY'), 'hé')
  t.equal(await answer('/base64', 'CONVERT_TO_BINARY', { $default: '<$input.body>' }), '<hé>', 'before the template')
  t.equal(await answer('/bytes'), '��\u0000A')
  t.equal(await answer('/bytes', 'CONVERT_TO_TEXT'), '//4AQQ==')
})

/** What goes wrong behind the gateway: the frame, and the cause in the log. */
const FAULTS: ReadonlyArray<readonly [string, (t: Test) => Promise<string>, string, RegExp, Partial<HttpIntegration>?]> = [
  ['is down', async () => 'http://127.0.0.1:1/', 'Internal server error', /ECONNREFUSED/],
  ['has no name', async () => 'http://nowhere.invalid/', 'Internal server error', /ENOTFOUND|EAI_AGAIN/],
  ['never answers', (t) => rawServer(t, () => {}), 'Endpoint request timed out', /did not answer within 200 ms/, { timeoutInMillis: 200 }],
  ['stops in the middle', (t) => rawServer(t, (socket) => { socket.on('data', () => { socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf') }) }), 'Endpoint request timed out', /200 ms/, { timeoutInMillis: 200 }],
  ['resets at once', (t) => rawServer(t, (socket) => { socket.on('data', () => { socket.resetAndDestroy() }) }), 'Internal server error', /ECONNRESET|other side closed/],
  ['backend-reset: resets after its head', (t) => rawServer(t, (socket) => { socket.once('data', () => { socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => { setTimeout(() => { socket.resetAndDestroy() }, 20) }) }) }), 'Internal server error', /./],
  ['speaks no HTTP', (t) => rawServer(t, (socket) => { socket.on('data', () => { socket.end('SSH-2.0-OpenSSH\r\n') }) }), 'Internal server error', /./],
  ['backend-huge-body: never ends', (t) => rawServer(t, (socket) => {
    const more = (): void => { while (!socket.destroyed && socket.write(Buffer.alloc(65536, 'x'))); }
    socket.once('data', () => { socket.write('HTTP/1.1 200 OK\r\n\r\n'); socket.on('drain', more); more() })
  }), 'Internal server error', /more than 1000000 bytes/]
]
for (const [what, listen, refusal, cause, more] of FAULTS) {
  t.test(`a back end that ${what} ends in one frame, and the log has the cause`, async (t) => {
    const url = await listen(t)
    const { ask } = await createGateway(t, { quotas: { integrationResponseBytes: 1_000_000 }, ...oneWay(http(url, more)) })
    const { refusals, frames, causes } = await ask('{}')
    t.same(refusals, [refusal])
    t.equal(frames.length, 1)
    t.match(causes, [cause])
  })
}

t.test('backend-500: nothing of a failing back end reaches the client unless an integration response maps it', async (t) => {
  const url = await rawServer(t, (socket) => { socket.once('data', () => { socket.end(`HTTP/1.1 500 Oh\r\nx-secret: s\r\ncontent-length: 1048576\r\n\r\n${'<'.repeat(1048576)}`) }) })
  const { ask } = await createGateway(t, twoWay(http(url, { integrationResponses: { '/2\\d\\d/': {} } })))
  const { refusals, causes } = await ask('{}')
  t.same(refusals, INTERNAL)
  t.match(causes, [/integrationResponses none matches "500"/])
})

t.test('JSON that the back end broke fails the response template, with its place in the log', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/wrong-json', { integrationResponses: { $default: { responseTemplates: { $default: 'one\ntwo $input.path(\'$.broken\')' } } } })))
  const { refusals, causes } = await ask('{}')
  t.same(refusals, INTERNAL)
  t.match(causes, [/^Template routes\.\$default\.integration\.integrationResponses\.\$default\.responseTemplates\.\$default:2:\d+ failed: /])
})

t.test('no call is made twice, and no socket to a back end outlives the server', async (t) => {
  let calls = 0
  const open = new Set<Socket>()
  const url = await rawServer(t, (socket) => {
    open.add(socket)
    socket.on('close', () => { open.delete(socket) })
    socket.on('data', () => {
      calls++
      if (calls === 2) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
  })
  const { app, ask } = await createGateway(t, twoWay(http(url)))
  t.same((await ask('1', '2', '3')).frames.map((frame) => frame.slice(0, 14)), ['ok', '{"message": "I', 'ok'])
  t.equal(calls, 3)
  t.equal(open.size, 1, 'one connection, kept')
  await app.close()
  const deadline = Date.now() + 2000
  while (open.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal(open.size, 0)
})

t.test('ssrf-host: no value leads to another origin or out of its segment', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/echo/{id}/end', { requestParameters: { 'integration.request.path.id': 'route.request.body.id' } })))
  for (const id of ['@evil', '..%2f', '//evil', '?x', '#x', '%2e%2e', '\\\\evil', 'a\r\nHost: evil', '../..', '...', 'http://evil/']) {
    const { frames, refusals } = await ask({ id })
    t.same(refusals, [], id)
    t.equal(JSON.parse(frames[0] as string).url, `/echo/${encodeURIComponent(id)}/end`)
  }
  for (const id of ['.', '..']) t.same((await ask({ id })).refusals, INTERNAL, id)
})

t.test('a line break in a mapped value is no header of its own', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/echo', { requestParameters: { 'integration.request.header.x-name': 'route.request.body.name' } })))
  for (const name of ['a\r\nx-evil: 1', 'a\nb', 'a\u0000b']) {
    const { refusals, causes } = await ask({ name })
    t.same(refusals, INTERNAL)
    t.match(causes, [/Header x-name would get a line break/])
  }
})

/** What registration refuses of HTTP integrations: URI or mapping, and why. */
const REFUSED: ReadonlyArray<readonly [Partial<HttpIntegration>, string, RegExp]> = [
  [{ integrationUri: 'https://{host}/x' }, 'AGW_ERR_INTEGRATION_URI', /the host is fixed/],
  [{ integrationUri: 'https://user:pass@example.com/' }, 'AGW_ERR_INTEGRATION_URI', /the host is fixed/],
  [{ integrationUri: 'ftp://example.com/' }, 'AGW_ERR_INTEGRATION_URI', /it must be http/],
  [{ integrationUri: '//example.com/' }, 'AGW_ERR_INTEGRATION_URI', /it must be http/],
  [{ integrationUri: 'http:///x' }, 'AGW_ERR_INTEGRATION_URI', /the host is missing/],
  [{ integrationUri: 'http://example.com/#x' }, 'AGW_ERR_INTEGRATION_URI', /without a fragment/],
  ...['Connection', 'Content-Length', 'Expect', 'Host', 'Keep-Alive', 'Proxy-Authenticate', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'X-Amzn-Trace-Id', 'X-Amzn-Apigateway-Api-Id']
    .map((name) => [{ requestParameters: { [`integration.request.header.${name}`]: "'x'" } }, 'AGW_ERR_MAPPING_PARAMETER', new RegExp(`requestParameters\\.integration\\.request\\.header\\.${name} is not valid`)] as const),
  [{ requestParameters: { 'integration.request.header.x': 'route.request.header.y' } }, 'AGW_ERR_MAPPING_PARAMETER', /only known to the \$connect route/],
  [{ requestParameters: { 'integration.request.header.x': 'method.request.body' } }, 'AGW_ERR_MAPPING_PARAMETER', /is none of route\.request\.querystring\.\{name\}/],
  [{ requestParameters: { 'integration.request.body.x': "'y'" } }, 'AGW_ERR_MAPPING_PARAMETER', /the destination must be one of/],
  [{ requestParameters: { 'integration.request.header.x': 'route.request.body[?(' } }, 'AGW_ERR_MAPPING_PARAMETER', /JSON path/]
]
for (const [more, code, message] of REFUSED) {
  t.test(`registration refuses ${JSON.stringify(more)}`, async (t) => {
    await t.rejects(createGateway(t, oneWay(http('/', more))), { code, message })
  })
}

t.test('a stage whose variables make no URI is warned about, and only its messages fail', async (t) => {
  const { app } = await createGateway(t, {
    stages: [{ stageName: 'good', stageVariables: { host: express.slice('http://'.length) } }, { stageName: 'bad', stageVariables: { host: 'a b'.replace(' ', ',') } }, { stageName: 'none' }],
    ...twoWay(http('http://${stageVariables.host}/text'))
  })
  const frame = async (stage: string) => (await app.webSocketApi.inject({ stage, body: '{}' })).frames[0]
  t.equal(await frame('good'), 'plain ✓')
  for (const stage of ['bad', 'none']) t.match(await frame(stage), /^{"message": "Internal server error"/)
})

t.test('the fetch of Node stays what it is beside HTTP integrations', async (t) => {
  const script = "await import('./lib/integration/index.ts'); console.log((await fetch('data:,ok', { headers: { host: 'x' } })).status, globalThis[Symbol.for('undici.globalDispatcher.1')].constructor === (await import('undici')).Agent)"
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, '--input-type=module', '-e', script])
  t.equal(stdout.trim(), '200 false')
})

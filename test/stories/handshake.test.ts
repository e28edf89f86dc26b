// The handshake over real sockets: who gets in, who is told what, and that nothing is left of those who are not let in.
import Fastify from 'fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyWebsocket from '@fastify/websocket'
import t from 'tap'
import type { Test } from 'tap'
import { WebSocketServer } from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import { delay, eventually, frame, handshakeHead, story } from './harness.ts'
import type { HandshakeRefused, RawAnswer, Story, StoryOptions } from './harness.ts'

const ID = /^[A-Za-z0-9_-]{15}=$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What every refusal of the gateway's own carries. */
function isGatewayRefusal (t: Test, refusal: HandshakeRefused | RawAnswer, statusCode: number, message: string, errorType?: string): void {
  t.equal(refusal.statusCode, statusCode)
  t.equal(refusal.body, JSON.stringify({ message }))
  t.equal(refusal.headers['content-type'], 'application/json')
  t.match(refusal.headers['x-amzn-requestid'], UUID)
  t.match(refusal.headers['x-amz-apigw-id'], ID)
  t.equal(refusal.headers['x-amzn-errortype'], errorType)
}

/** Nothing of the user's ran. */
const nothingRan = (t: Test, { connects, disconnects }: Story): void => { t.equal(connects.length + disconnects.length, 0, 'no handler ran') }

const echo: StoryOptions['declare'] = (app) => {
  app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ statusCode: 200, body: event.body }))
}

/*
 * Who gets in
 */
story(t, 'a client connects, asks, is answered and leaves', { declare: echo }, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ n: 1 }), '{"n":1}')
  await client.close()
})

story(t, 'H1 [documented] a $connect that answers 200 opens the connection, and runs once, before the 101', {
  onConnect: async () => { await delay(20); return { statusCode: 200 } }
}, async (t, story) => {
  const opening = story.open()
  await eventually(() => story.connects.length === 1, '$connect begins')
  t.equal(story.app.webSocketApi.connectionCount, 0, 'no connection before the 101')
  await opening
  t.equal(story.app.webSocketApi.connectionCount, 1)
  t.equal(story.connects.length, 1)
})

story(t, 'H2 [documented] a slash behind the stage is accepted', {}, async (t, story) => {
  await story.open('/prod/')
  t.equal(story.connects.length, 1)
})

story(t, 'H3 [documented] without a $connect route every client gets in', { withoutLifecycleRoutes: true, declare: echo }, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('hi'), 'hi')
})

story(t, 'a $connect route without an integration lets every client in', {
  withoutLifecycleRoutes: true,
  options: { routes: { $connect: {}, $disconnect: {} } },
  declare: echo
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('hi'), 'hi')
  await client.close()
})

story(t, 'H13 [documented] a slow $connect keeps the client waiting, and then lets it in', {
  onConnect: async () => { await delay(150); return { statusCode: 200 } }
}, async (t, story) => {
  const before = performance.now()
  await story.open()
  t.ok(performance.now() - before > 140)
})

story(t, 'a $connect that answers 204 or 299 lets in, whatever its body', {
  onConnect: (event) => ({ statusCode: event.queryStringParameters.status, body: 'not sent' })
}, async (t, story) => {
  for (const status of ['204', '299']) {
    const client = await story.open(`/prod?status=${status}`)
    await client.close()
    t.same(client.messages, [])
  }
})

story(t, 'a result without a status lets in', { onConnect: () => ({}) }, async (t, story) => {
  await story.open()
  t.equal(story.connects.length, 1)
})

/*
 * $connect says no
 */
story(t, 'H7 [documented] a $connect that answers 400 refuses the handshake with 400', {
  onConnect: () => ({ statusCode: 400 })
}, async (t, story) => {
  const refusal = await story.refused()
  t.equal(refusal.statusCode, 400)
  t.equal(refusal.body, '')
  t.match(refusal.headers['x-amzn-requestid'], UUID)
  t.match(refusal.headers['x-amz-apigw-id'], ID)
  await delay(20)
  t.same(story.disconnects, [], 'no $disconnect')
})

story(t, 'H8 [observed] a $connect that answers 401, 403 or 500 refuses the handshake with that status', {
  onConnect: (event) => ({ statusCode: Number(event.queryStringParameters.status) })
}, async (t, story) => {
  for (const status of [401, 403, 500]) t.equal((await story.refused(`/prod?status=${status}`)).statusCode, status)
})

story(t, 'H9 [observed] a $connect that answers 301 refuses the handshake with 301', {
  onConnect: () => ({ statusCode: 301, headers: { Location: 'https://example.com/' } })
}, async (t, story) => {
  const refusal = await story.refused()
  t.equal(refusal.statusCode, 301)
  t.equal(refusal.headers.location, 'https://example.com/')
})

story(t, 'a refusing $connect gives status, headers and body, but no header of the connection itself', {
  onConnect: () => ({
    statusCode: 402,
    headers: {
      'Content-Type': 'text/plain',
      Connection: 'keep-alive',
      'Content-Length': '3',
      'Transfer-Encoding': 'chunked',
      Upgrade: 'websocket',
      'Sec-WebSocket-Protocol': 'chat',
      'X-Count': 7,
      'X-Both': 'headers'
    },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Both': ['multi'], 'X-None': [] },
    body: 'pay first'
  })
}, async (t, story) => {
  const refusal = await story.refused()
  t.equal(refusal.statusCode, 402)
  t.equal(refusal.body, 'pay first')
  t.equal(refusal.headers['content-type'], 'text/plain')
  t.equal(refusal.headers['content-length'], '9')
  t.equal(refusal.headers['x-count'], '7')
  t.equal(refusal.headers['x-both'], 'multi')
  t.same(refusal.headers['set-cookie'], ['a=1', 'b=2'])
  for (const name of ['transfer-encoding', 'upgrade', 'sec-websocket-protocol', 'x-none', 'x-amzn-errortype']) t.equal(refusal.headers[name], undefined, name)
})

story(t, 'a $connect that answers 304 with a body refuses without the body', {
  onConnect: () => ({ statusCode: 304, body: 'ignored' })
}, async (t, story) => {
  const answer = await story.dial().say(handshakeHead()).answer()
  t.equal(answer.statusCode, 304)
  t.equal(answer.body, '')
  t.ok(answer.isEnded)
})

story(t, 'H10 [observed] a $connect that throws refuses the handshake with 502', {
  onConnect: () => { throw new Error('table is gone') }
}, async (t, story) => {
  isGatewayRefusal(t, await story.refused(), 502, 'Internal server error', 'InternalServerErrorException')
})

story(t, 'H11 [observed] a $connect that answers a string refuses the handshake with 502', { onConnect: () => 'ok' }, async (t, story) => {
  isGatewayRefusal(t, await story.refused(), 502, 'Internal server error', 'InternalServerErrorException')
})

const hostile = { get statusCode () { throw new Error('mine') } }
const MALFORMED: Record<string, unknown> = {
  null: null,
  undefined,
  true: true,
  list: [200],
  text: { statusCode: 'abc' },
  empty: { statusCode: '' },
  fraction: { statusCode: 200.5 },
  low: { statusCode: 99 },
  high: { statusCode: 600 },
  extra: { statusCode: 200, Data: 'x' },
  body: { statusCode: 200, body: { ok: true } },
  headers: { statusCode: 400, headers: ['a'] },
  deep: { statusCode: 400, headers: { a: {} } },
  multi: { statusCode: 400, multiValueHeaders: { a: 'b' } },
  base64: { statusCode: 200, isBase64Encoded: 'no' },
  switching: { statusCode: 101 },
  continue: { statusCode: 100 },
  crlf: { statusCode: 403, headers: { 'x-evil': 'a\r\nSet-Cookie: b=1' } },
  crlfs: { statusCode: 403, multiValueHeaders: { 'x-evil': ['a', 'b\r\n'] } },
  name: { statusCode: 403, headers: { 'x evil': 'a' } },
  wide: { statusCode: 403, headers: { 'x-wide': '☃' } },
  getter: { get then () { throw new Error('mine') } },
  hostile
}

story(t, 'whatever is no proxy result refuses the handshake with 502', {
  withoutLifecycleRoutes: true,
  declare (app) {
    // Not async, so that what is returned is exactly what the gateway gets.
    app.routeKey('$connect', (event: any) => MALFORMED[event.queryStringParameters.kind] as any)
    app.routeKey('$disconnect', () => { throw new Error('must not run') })
  }
}, async (t, story) => {
  for (const kind of Object.keys(MALFORMED)) {
    const answer = await story.dial().say(handshakeHead(`/prod?kind=${kind}`)).answer()
    t.equal(`${kind} ${answer.statusCode} ${answer.body}`, `${kind} 502 {"message":"Internal server error"}`)
    t.ok(answer.isEnded)
  }
})

const THROWN: Record<string, unknown> = {
  text: 'Unauthorized', nothing: undefined, null: null, symbol: Symbol('s'), bare: Object.create(null), hostile: { toString () { throw new Error('mine') } }
}

story(t, 'whatever a handler throws refuses the handshake with 502', {
  onConnect: async (event) => { throw THROWN[event.queryStringParameters.kind] }
}, async (t, story) => {
  for (const kind of Object.keys(THROWN)) t.equal((await story.refused(`/prod?kind=${kind}`)).statusCode, 502, kind)
})

story(t, 'H12 [unknown] a $connect that outlasts the integration timeout refuses the handshake with 504', {
  options: { quotas: { integrationTimeoutInMillis: 60 } },
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$connect', async () => { await delay(200); return { statusCode: 200 } })
    app.routeKey('$disconnect', () => { throw new Error('must not run') })
  }
}, async (t, story) => {
  isGatewayRefusal(t, await story.refused(), 504, 'Endpoint request timed out')
  await delay(200)
  t.equal(story.app.webSocketApi.connectionCount, 0, 'the late answer opens nothing')
})

/*
 * Paths
 */
story(t, 'H4 [observed] a stage that is unknown is Forbidden where the API claims every path', { options: { standalone: true } }, async (t, story) => {
  for (const path of ['/test', '/', '/Prod', '/prod2', '/test/@connections/x']) {
    isGatewayRefusal(t, await story.refused(path), 403, 'Forbidden', 'ForbiddenException')
  }
  t.equal((await fetch(`${story.httpUrl}/test`)).status, 403, 'also without an upgrade')
  nothingRan(t, story)
})

story(t, 'a stage that is unknown is the app\'s 404 where the API shares the server', {}, async (t, story) => {
  t.equal((await story.refused('/test')).statusCode, 404)
  t.equal((await story.refused('/Prod')).statusCode, 404)
  t.equal((await story.refused('/')).statusCode, 404)
  nothingRan(t, story)
})

story(t, 'a path below the stage is Forbidden to an upgrade', {}, async (t, story) => {
  isGatewayRefusal(t, await story.refused('/prod/abc'), 403, 'Forbidden', 'ForbiddenException')
  isGatewayRefusal(t, await story.refused('/prod//'), 403, 'Forbidden', 'ForbiddenException')
  nothingRan(t, story)
})

for (const [id, path] of [['H5', '/prod/abc'], ['H6', '/prod/abc/def']] as const) {
  story(t, `${id} [observed] a plain GET of ${path} is answered 426`, {}, async (t, story) => {
    const answer = await story.dial().say(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`).answer()
    isGatewayRefusal(t, answer, 426, 'Upgrade Required')
    nothingRan(t, story)
  })
}

story(t, 'every plain request of the stage is answered 426, whatever its method', {}, async (t, story) => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const response = await fetch(`${story.httpUrl}/prod`, { method })
    await response.text()
    t.equal(response.status, 426, method)
  }
  nothingRan(t, story)
})

story(t, 'a plain GET of the stage is the option handler\'s to answer, and nothing else is', {
  options: { handler: async (request) => `hello ${request.url}` }
}, async (t, story) => {
  t.equal(await (await fetch(`${story.httpUrl}/prod?a=1`)).text(), 'hello /prod?a=1')
  t.equal((await fetch(`${story.httpUrl}/prod/abc`)).status, 426)
  t.equal((await fetch(`${story.httpUrl}/prod`, { method: 'POST' })).status, 426)
  await story.open()
})

const ODD_TARGETS = [
  'http://localhost/prod', '/prod#here', '//prod', '/pro%64', '/%70rod', '/PROD', '/prod;a=1', '/prod%2F', '/./prod', '/x/../prod', '/prod/.', '/prod//', '/prod%00'
]
for (const [title, server] of Object.entries({
  'of an ordinary server': {},
  'of a server with lenient paths': {
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, caseSensitive: false, useSemicolonDelimiter: true }
  }
})) {
  story(t, `only the stage's own path opens a connection ${title}`, { server }, async (t, story) => {
    for (const target of ODD_TARGETS) {
      const answer = await story.dial().say(handshakeHead(target)).answer()
      t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${target} is answered ${answer.statusCode}`)
      t.ok(answer.isEnded, `${target} leaves no socket behind`)
    }
    nothingRan(t, story)
    await (await story.open('/prod')).close()
    await (await story.open('/prod/')).close()
    await (await story.open('/prod?/x//y#')).close()
    t.equal(story.connects.length, 3)
  })
}

story(t, 'a target that cannot be decoded leaves no socket behind', {}, async (t, story) => {
  for (const target of ['/%zz', '/prod/%zz', '/%']) {
    const answer = await story.dial().say(handshakeHead(target)).answer()
    t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${target} is answered ${answer.statusCode}`)
    t.ok(answer.isEnded, target)
  }
  nothingRan(t, story)
})

story(t, 'a prefix may hold parameters', { options: { prefix: '/t/:tenant' } }, async (t, story) => {
  await story.open('/t/acme/prod')
  t.equal((await story.refused('/t/acme/prod/x')).statusCode, 403)
  t.equal((await story.refused('/prod')).statusCode, 404)
})

story(t, 'the prefix of the scope and the prefix of the option add up', { scope: { prefix: '/v1' }, options: { prefix: '/ws' } }, async (t, story) => {
  await story.open('/v1/ws/prod')
  t.equal(story.connects[0].requestContext.stage, 'prod')
})

story(t, 'a configured domain refuses every other Host, and is the domainName of events', {
  options: { domainName: 'Chat.example.com' }
}, async (t, story) => {
  isGatewayRefusal(t, await story.refused(), 403, 'Forbidden', 'ForbiddenException')
  await story.open('/prod', { headers: { Host: 'chat.example.com' } })
  await story.open('/prod', { headers: { Host: 'chat.EXAMPLE.com:8443' } })
  t.equal(story.connects.length, 2)
  t.equal(story.connects[1].requestContext.domainName, 'Chat.example.com')
})

story(t, 'what the client says its Host is never becomes the domainName', {}, async (t, story) => {
  await story.open('/prod', { headers: { Host: 'evil.example' } })
  t.equal(story.connects[0].headers.Host, 'evil.example')
  t.equal(story.connects[0].requestContext.domainName, story.httpUrl.replace('http://', ''))
})

/*
 * What is no handshake
 */
story(t, 'H16 [unknown] a URL of 4097 characters is refused with 414, one of 4096 is not', {}, async (t, story) => {
  const url = (length: number): string => '/prod?q='.padEnd(length, 'x')
  isGatewayRefusal(t, await story.refused(url(4097)), 414, 'Request URI too long')
  nothingRan(t, story)
  await story.open(url(4096))
})

story(t, 'headers above the quota are refused with 431', { options: { quotas: { headerBytes: 1000 } } }, async (t, story) => {
  isGatewayRefusal(t, await story.refused('/prod', { headers: { 'x-long': 'x'.repeat(1000) } }), 431, 'Request Header Fields Too Large')
  nothingRan(t, story)
  await story.open('/prod', { headers: { 'x-long': 'x'.repeat(500) } })
})

const NO_HANDSHAKES: Array<[what: string, head: string, statusCode: number, headers?: Record<string, string>]> = [
  ['version 8', handshakeHead('/prod', { 'Sec-WebSocket-Version': '8' }), 426, { 'sec-websocket-version': '13' }],
  ['version 14', handshakeHead('/prod', { 'Sec-WebSocket-Version': '14' }), 426, { 'sec-websocket-version': '13' }],
  ['no version', handshakeHead('/prod', { 'Sec-WebSocket-Version': undefined }), 426, { 'sec-websocket-version': '13' }],
  ['no key', handshakeHead('/prod', { 'Sec-WebSocket-Key': undefined }), 400],
  ['a short key', handshakeHead('/prod', { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZQ==' }), 400],
  ['a key that is no base64', handshakeHead('/prod', { 'Sec-WebSocket-Key': '????????????????????????' }), 400],
  ['Upgrade: h2c', handshakeHead('/prod', { Upgrade: 'h2c' }), 426],
  ['several upgrades', handshakeHead('/prod', { Upgrade: 'h2c, websocket' }), 426],
  ['POST', handshakeHead('/prod', {}, { method: 'POST' }), 400],
  ['POST with a body', handshakeHead('/prod', { 'Content-Length': '2' }, { method: 'POST' }) + 'hi', 400],
  ['DELETE', handshakeHead('/prod', {}, { method: 'DELETE' }), 400],
  ['HEAD', handshakeHead('/prod', {}, { method: 'HEAD' }), 400],
  ['HTTP/1.0', handshakeHead('/prod', {}, { version: '1.0' }), 426],
  ['Upgrade without Connection', handshakeHead('/prod', { Connection: 'close' }), 426],
  ['Connection without Upgrade', handshakeHead('/prod', { Upgrade: undefined, Connection: 'Upgrade, close' }), 426]
]
for (const [what, head, statusCode, headers] of NO_HANDSHAKES) {
  story(t, `a handshake with ${what} is answered ${statusCode}, and nothing runs`, {}, async (t, story) => {
    const answer = await story.dial().say(head).answer()
    t.equal(answer.statusCode, statusCode)
    t.match(answer.headers, headers ?? {})
    t.ok(answer.isEnded)
    nothingRan(t, story)
  })
}

story(t, 'Upgrade and Connection are read without regard to case and company', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE' }))
  t.match(await client.hears('\r\n\r\n'), /^HTTP\/1\.1 101 /)
})

story(t, 'a handshake that arrives byte by byte opens', {}, async (t, story) => {
  const client = story.dial()
  for (const byte of handshakeHead()) {
    client.say(byte)
    await new Promise(setImmediate)
  }
  t.match(await client.hears('\r\n\r\n'), /^HTTP\/1\.1 101 /)
})

story(t, 'H15 [documented] handshakes above the rate are answered 429', { options: { quotas: { newConnectionsPerSecond: 2 } } }, async (t, story) => {
  await story.open()
  await story.open()
  isGatewayRefusal(t, await story.refused(), 429, 'Too Many Requests', 'TooManyRequestsException')
  t.equal(story.connects.length, 2)
})

story(t, 'handshakes that wait above the bound are answered 503', {
  options: { quotas: { pendingConnections: 1 } },
  onConnect: async () => { await delay(60); return { statusCode: 200 } }
}, async (t, story) => {
  const first = story.open()
  await eventually(() => story.connects.length === 1, 'the first waits')
  const refusal = await story.refused()
  isGatewayRefusal(t, refusal, 503, 'Service Unavailable', 'ServiceUnavailableException')
  t.equal(refusal.headers['retry-after'], '1')
  await first
  await story.open()
})

/*
 * Subprotocols
 */
story(t, 'H17 [documented] the subprotocol of the 101 is the one in the header of $connect\'s result', {
  onConnect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'myprotocol' } })
}, async (t, story) => {
  const client = await story.open('/prod', { protocols: ['chat1', 'myprotocol'] })
  t.equal(client.socket.protocol, 'myprotocol')
  t.equal(client.upgradeHeaders['sec-websocket-protocol'], 'myprotocol')
})

story(t, 'H18 [observed] without that header the 101 names no subprotocol, and a strict client gives up', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { 'Sec-WebSocket-Protocol': 'chat1' }))
  t.notMatch(await client.hears('\r\n\r\n'), /sec-websocket-protocol/i)
  await t.rejects(story.open('/prod', { protocols: ['chat1'] }), { message: 'Server sent no subprotocol' })
})

story(t, 'H19 [observed] $connect sees the subprotocols as the client wrote them', {
  onConnect: () => ({ statusCode: 200, headers: { 'sec-websocket-protocol': 'b' } })
}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { 'Sec-WebSocket-Protocol': 'a,  b ,c' }))
  t.match(await client.hears('\r\n\r\n'), /sec-websocket-protocol: b\r\n/i)
  t.equal(story.connects[0].headers['Sec-WebSocket-Protocol'], 'a,  b ,c')
})

story(t, 'the subprotocol may come in multiValueHeaders, and in any case', {
  onConnect: () => ({ statusCode: 200, multiValueHeaders: { 'SEC-WEBSOCKET-PROTOCOL': ['chat1'] } })
}, async (t, story) => {
  t.equal((await story.open('/prod', { protocols: ['chat1'] })).socket.protocol, 'chat1')
})

story(t, 'a subprotocol that was not offered, or is none, is left out of the 101', {
  onConnect: (event) => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': event.queryStringParameters.p } })
}, async (t, story) => {
  for (const [chosen, offered] of [['other', 'chat1'], ['chat1', undefined], ['a b', 'a b'], ['a, b', 'a, b'], ['', 'a,,b'], ['CHAT1', 'chat1']] as const) {
    const client = story.dial().say(handshakeHead(`/prod?p=${encodeURIComponent(chosen)}`, { 'Sec-WebSocket-Protocol': offered }))
    const head = await client.hears('\r\n\r\n')
    t.match(head, /^HTTP\/1\.1 101 /, chosen)
    t.notMatch(head, /sec-websocket-protocol/i, chosen)
  }
})

story(t, 'compression is not negotiated, and no other header of $connect reaches the 101', {
  onConnect: () => ({ statusCode: 200, headers: { 'Set-Cookie': 'a=1', 'X-Other': '1' } })
}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }))
  t.equal(await client.hears('\r\n\r\n'), [
    'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=', '', ''
  ].join('\r\n'))
  t.equal(story.connects[0].headers['Sec-WebSocket-Extensions'], 'permessage-deflate; client_max_window_bits')
})

/*
 * Bytes that come early
 */
story(t, 'R1 [documented] messages in the packet of the handshake are served once $connect has ended', {
  onConnect: async () => { await delay(50); return { statusCode: 200 } },
  declare (app) {
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => {
      return { statusCode: 200, body: `${event.body} after ${app.webSocketApi.connectionCount} open` }
    })
  }
}, async (t, story) => {
  const client = story.dial().say(handshakeHead(), frame('one'), frame('two'), frame('thr').subarray(0, 5))
  await eventually(() => story.connects.length === 1, '$connect begins')
  client.say(frame('thr').subarray(5), frame('four'))
  const heard = await client.hears('four after 1 open')
  t.match(heard, /101 Switching[^]*one after 1 open[^]*two after 1 open[^]*thr after 1 open[^]*four after 1 open/)
})

story(t, 'garbage in the packet of the handshake closes the connection with 1002', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead(), Buffer.alloc(200, 0xff))
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1002)
  await client.ended
})

story(t, 'a second request in the packet of the handshake is never served', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead(), 'GET /prod HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await client.ended
  t.notMatch(client.received.toString('latin1'), 'Upgrade Required')
  const refused = story.dial().say(handshakeHead('/prod/x'), 'GET /prod HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const answer = await refused.answer()
  t.equal(answer.statusCode, 403)
  t.equal(answer.body, '{"message":"Forbidden"}')
})

story(t, 'a close frame in the packet of the handshake is a connection that came and went', {}, async (t, story) => {
  story.dial().say(handshakeHead(), frame(Buffer.from([0x03, 0xe8]), 8))
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1000)
})

story(t, 'a binary frame in the packet of the handshake closes the connection with 1003', {
  options: { quotas: { closeTimeoutInMillis: 50 } }
}, async (t, story) => {
  story.dial().say(handshakeHead(), frame('text first'), frame('binary', 2))
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1003)
})

/*
 * Clients that do not wait
 */
for (const [how, leave] of Object.entries({
  'cuts the connection': 'destroy', 'resets the connection': 'resetAndDestroy', 'ends its side': 'end'
} as const)) {
  story(t, `a client that ${how} while $connect runs is disconnected once, with 1006`, {
    onConnect: async () => { await delay(80); return { statusCode: 200 } }
  }, async (t, story) => {
    const client = story.dial().say(handshakeHead())
    await eventually(() => story.connects.length === 1, '$connect begins')
    client.socket[leave]()
    await eventually(() => story.disconnects.length === 1, '$disconnect')
    await delay(50)
    t.equal(story.disconnects.length, 1)
    t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1006)
    t.equal(story.disconnects[0].requestContext.disconnectReason, '')
    t.equal(story.disconnects[0].requestContext.connectionId, story.connects[0].requestContext.connectionId)
    t.notMatch(client.received.toString(), '101')
  })

  story(t, `a client that ${how} while a $connect runs that refuses is not disconnected`, {
    onConnect: async () => { await delay(40); return { statusCode: 403 } }
  }, async (t, story) => {
    const client = story.dial().say(handshakeHead())
    await eventually(() => story.connects.length === 1, '$connect begins')
    client.socket[leave]()
    await delay(80)
    t.equal(story.disconnects.length, 0)
  })

  story(t, `a client that ${how} while hooks run is gone before $connect, which does not run`, {
    before (app) { app.addHook('onRequest', async () => { await delay(50) }) }
  }, async (t, story) => {
    const client = story.dial().say(handshakeHead())
    await delay(20)
    client.socket[leave]()
    await delay(80)
    nothingRan(t, story)
  })

  story(t, `a client that ${how} is let go of at once by a hook that never ends`, {
    declare (app) { app.addHook('preHandler', () => {}) }
  }, async (t, story) => {
    const client = story.dial().say(handshakeHead())
    await delay(20)
    client.socket[leave]()
    await delay(20)
    nothingRan(t, story)
    story.app.server.getConnections((_error, count) => { t.equal(count, 0, 'no socket is left') })
    await delay(0)
  })
}

/*
 * A server that closes
 */
story(t, 'a server that closes while $connect runs answers 503 and disconnects once with 1006', {
  onConnect: async () => { await delay(80); return { statusCode: 200 } }
}, async (t, story) => {
  const refusal = story.refused()
  await eventually(() => story.connects.length === 1, '$connect begins')
  const closing = story.app.close()
  isGatewayRefusal(t, await refusal, 503, 'Service Unavailable', 'ServiceUnavailableException')
  await closing
  t.equal(story.disconnects.length, 1)
  t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1006)
})

story(t, 'a server that closes while hooks run answers 503, and nothing more runs', {
  before (app) { app.addHook('onRequest', async () => { await delay(60) }) },
  declare (app) { app.addHook('preHandler', async () => { await delay(40) }) }
}, async (t, story) => {
  const early = story.refused()
  await delay(20)
  const closing = story.app.close()
  t.equal((await early).statusCode, 503)
  await closing
  nothingRan(t, story)
})

story(t, 'a server that waits for its handlers answers new handshakes 503 and lets go of them', {
  declare (app) { app.routeKey('slow', async () => { await delay(150) }) }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'slow' })
  const late = story.dial()
  await delay(20)
  const closing = story.app.close()
  await delay(20)
  const answer = await late.say(handshakeHead()).answer()
  t.equal(answer.statusCode, 503)
  t.ok(answer.isEnded)
  await closing
  t.equal(story.connects.length, 1)
})

for (const [what, hook] of Object.entries<(request: FastifyRequest, reply: FastifyReply) => void>({
  'never ends': () => {}, 'hijacks and never answers': (_request, reply) => { reply.hijack() }
})) {
  story(t, `a server that closes waits for a hook that ${what} as long as for a handler`, {
    options: { drain: { deadlineInMillis: 60 } },
    declare (app) { app.addHook('preHandler', hook) }
  }, async (t, story) => {
    const client = story.dial().say(handshakeHead())
    await eventually(() => story.transport.pendingHandshakes === 1, 'the handshake waits')
    await story.app.close()
    const answer = await client.answer()
    t.ok(answer.isEnded)
    if (what === 'never ends') isGatewayRefusal(t, answer, 503, 'Service Unavailable', 'ServiceUnavailableException')
    nothingRan(t, story)
  })
}

/*
 * @fastify/websocket that the app registered first, with settings of its own
 */
const withServerOptions = (options: fastifyWebsocket.WebsocketPluginOptions['options']): Pick<StoryOptions, 'root'> => ({
  root: async (app) => { await app.register(fastifyWebsocket, { options: options as NonNullable<typeof options> }) }
})

story(t, 'verifyClient of the app may accept, at once or later', {
  ...withServerOptions({ verifyClient: (_info: unknown, done: (ok: boolean) => void) => { setTimeout(done, 20, true) } })
}, async (t, story) => {
  await (await story.open()).close()
  t.equal(story.connects.length, 1)
})

for (const [when, verifyClient] of Object.entries({
  'at once': () => false,
  later: (_info: unknown, done: (ok: boolean, code: number, message: string) => void) => { setTimeout(done, 20, false, 418, 'no tea') }
})) {
  story(t, `verifyClient of the app that refuses ${when} comes after $connect, so $disconnect runs once with 1006`, {
    ...withServerOptions({ verifyClient })
  }, async (t, story) => {
    t.equal((await story.refused()).statusCode, when === 'later' ? 418 : 401)
    await eventually(() => story.disconnects.length === 1, '$disconnect')
    t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1006)
  })
}

story(t, 'a client that leaves while verifyClient of the app thinks is disconnected once with 1006', {
  ...withServerOptions({ verifyClient: (_info: unknown, done: (ok: boolean) => void) => { setTimeout(done, 60, true) } })
}, async (t, story) => {
  const client = story.dial().say(handshakeHead())
  await eventually(() => story.connects.length === 1, '$connect')
  await delay(10)
  client.socket.destroy()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  await delay(80)
  t.equal(story.disconnects.length, 1)
})

story(t, 'a server that closes while verifyClient of the app thinks leaves nothing behind', {
  ...withServerOptions({ verifyClient: (_info: unknown, done: (ok: boolean) => void) => { setTimeout(done, 60, true) } })
}, async (t, story) => {
  const client = story.dial().say(handshakeHead())
  await eventually(() => story.connects.length === 1, '$connect')
  await delay(10)
  await story.app.close()
  await client.ended
  t.equal(story.disconnects.length, 1)
})

story(t, 'handleProtocols of the app chooses nothing the handler did not', {
  ...withServerOptions({ handleProtocols: (offered) => offered.has('chat1') ? 'chat1' : [...offered][0] as string }),
  onConnect: (event) => ({ statusCode: 200, headers: event.queryStringParameters === undefined ? {} : { 'Sec-WebSocket-Protocol': 'chat2' } })
}, async (t, story) => {
  t.equal((await story.open('/prod?a', { protocols: ['chat1', 'chat2'] })).socket.protocol, 'chat2')
  const client = story.dial().say(handshakeHead('/prod', { 'Sec-WebSocket-Protocol': 'chat1, chat2' }))
  t.notMatch(await client.hears('\r\n\r\n'), /sec-websocket-protocol/i)
})

story(t, 'settings of @fastify/websocket stay as the app made them', {
  ...withServerOptions({ perMessageDeflate: true, maxPayload: 1_000_000 }),
  declare: echo
}, async (t, story) => {
  const client = await story.open()
  t.equal(client.socket.extensions, '')
  t.equal(await client.ask('hi'), 'hi')
  t.same(story.app.websocketServer.options, new WebSocketServer({ noServer: true, perMessageDeflate: true, maxPayload: 1_000_000 }).options)
})

/*
 * Neighbours
 */
story(t, 'routes of the app beside the gateway are answered as before, and so are their upgrades', {
  root: async (app) => {
    await app.register(fastifyWebsocket)
    app.get('/rest', async () => 'rest')
    app.get('/prod/rest', async () => 'below the stage')
    app.get('/socket', { websocket: true }, (socket) => { socket.on('message', (data: Buffer) => { socket.send(`app: ${data.toString()}`) }) })
    app.get('/prod/socket', { websocket: true }, (socket) => { socket.send('below the stage') })
  },
  declare: echo
}, async (t, story) => {
  t.equal(await (await fetch(`${story.httpUrl}/rest`)).text(), 'rest')
  t.equal(await (await fetch(`${story.httpUrl}/prod/rest`)).text(), 'below the stage')
  const own = await story.open('/socket')
  t.equal(await own.ask('hi'), 'app: hi')
  t.same(await (await story.open('/prod/socket')).received(1), ['below the stage'])
  t.equal((await (await story.open('/rest')).closed).code, 1005, 'as @fastify/websocket does with a route that is none')
  t.equal(await (await story.open('/prod')).ask('hi'), 'hi')
  t.equal(story.connects.length, 1)
  t.equal((await own.close(1000)).code, 1000)
})

story(t, 'an upgrade of a route of another scope is answered and leaves no socket behind', {
  scope: { prefix: '/chat' },
  root: (app) => { app.get('/rest', async () => 'rest') }
}, async (t, story) => {
  for (const [target, statusCode] of [['/rest', 200], ['/nowhere', 404], ['/%zz', 400]] as const) {
    const answer = await story.dial().say(handshakeHead(target)).answer()
    t.equal(answer.statusCode, statusCode, target)
    t.ok(answer.isEnded, target)
  }
  nothingRan(t, story)
})

story(t, 'a header Upgrade that asks for nothing keeps a plain connection as it is', {
  declare: (app) => { app.get('/rest', async () => 'rest') }
}, async (t, story) => {
  const request = 'GET /rest HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\n\r\n'
  const client = story.dial().say(request)
  await client.hears('rest')
  client.say(request)
  await eventually(() => client.received.toString().split('rest').length === 3, 'a second answer')
  t.notOk(client.socket.closed)
})

story(t, 'a handler timeout of the app does not cut $connect short', {
  server: { handlerTimeout: 30 },
  onConnect: async () => { await delay(90); return { statusCode: 200 } }
}, async (t, story) => {
  await story.open()
  t.equal(story.connects.length, 1)
})

/*
 * Without a network
 */
story(t, 'injectWS opens a connection without a network, from 127.0.0.1', {
  server: { trustProxy: true },
  declare: echo,
  onConnect: (event) => ({ statusCode: event.queryStringParameters?.no === undefined ? 200 : 403 })
}, async (t, story) => {
  const socket = await story.app.injectWS('/prod?a=1', { headers: { 'x-tenant': 'acme' } })
  const answer = new Promise((resolve) => { socket.on('message', (data: Buffer) => { resolve(data.toString()) }) })
  socket.send('hi')
  t.equal(await answer, 'hi')
  t.equal(story.connects[0].requestContext.identity.sourceIp, '127.0.0.1')
  t.equal(story.connects[0].headers['x-tenant'], 'acme')
  t.same(story.connects[0].queryStringParameters, { a: '1' })
  socket.terminate()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  await t.rejects(story.app.injectWS('/prod?no=1'), { message: 'Unexpected server response: 403' })
  await t.rejects(story.app.injectWS('/prod/x'), { message: 'Unexpected server response: 403' })
})

story(t, 'a plain request by inject() is answered, whatever it says about upgrades', {}, async (t, story) => {
  const headers = { connection: 'upgrade', upgrade: 'websocket' }
  t.equal((await story.app.inject('/prod')).statusCode, 426)
  t.equal((await story.app.inject({ url: '/prod', headers })).statusCode, 426)
})

void t.test('an http2 server is refused with a coded error', async (t) => {
  const app = Fastify({ http2: true } as object)
  app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action' })
  await t.rejects(async () => await app.ready(), {
    code: 'AGW_ERR_PLUGIN_HTTP2',
    message: 'Server is an http2 server; the WebSocket handshake needs HTTP/1.1, so register the plugin on a server without the http2 option'
  })
  await app.close()
})

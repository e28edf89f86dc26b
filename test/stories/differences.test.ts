// What nobody could tell about API Gateway, and what we chose: the rows of docs/differences.md that no other file of
// stories tells. Ids are those of the page.
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import Fastify from 'fastify'
import t from 'tap'
import apiGatewayWebSocket, { BadRequestException, PayloadTooLargeException } from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { delay, eventually, HandshakeRefused, story } from './harness.ts'
import type { Story } from './harness.ts'

const TWO_WAY = { routeResponseSelectionExpression: '$default' }
const UPGRADE = {
  connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'q4xkcO32u266gldTuKaSOw=='
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A handshake with headers as given, to its answer. */
async function knock (story: Story, path: string, headers: Record<string, string | string[]> = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const call = request(`${story.httpUrl}${path}`, { headers: { ...UPGRADE, ...headers }, agent: false }, async (response) => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
      resolve({ status: response.statusCode, headers: response.headers, body })
    })
    call.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode, headers: response.headers, body: '' })
    })
    call.on('error', reject).end()
  })
}

async function refusal (opening: Promise<unknown>): Promise<HandshakeRefused> {
  return await opening.then(() => { throw new Error('the handshake was accepted') }, (error) => error as HandshakeRefused)
}

const message = (text: string): string => JSON.stringify({ message: text })

/*
 * Handshake
 */
story(t, 'H50 [unknown] of two reasons to refuse a handshake the one that is checked first wins', {}, async (t, story) => {
  t.equal((await knock(story, `/prod?${'x'.repeat(4096)}`, { 'sec-websocket-version': '8' })).status, 414)
  t.equal((await knock(story, '/prod/more', { 'sec-websocket-version': '8' })).status, 403)
  t.equal((await knock(story, '/prod', { 'sec-websocket-version': '8', 'sec-websocket-key': 'no' })).status, 426)
})

story(t, 'H51 [unknown] a $connect route without an integration accepts', {
  withoutLifecycleRoutes: true, options: { routes: { $connect: {} } }
}, async (_t, story) => {
  await (await story.open()).close()
})

story(t, 'H52 [unknown] a plain request below a stage is answered 426 with a message', {}, async (t, story) => {
  const response = await fetch(`${story.httpUrl}/prod/any`)
  t.equal(response.status, 426)
  t.equal(await response.text(), message('Upgrade Required'))
})

story(t, 'H53 [unknown] a handshake on a path below the stage is Forbidden', {}, async (t, story) => {
  const { status, headers, body } = await knock(story, '/prod/more')
  t.same([status, headers['x-amzn-errortype'], body], [403, 'ForbiddenException', message('Forbidden')])
})

story(t, 'H54 [unknown] a WebSocket version other than 13 is answered 426, with the version that would do', {}, async (t, story) => {
  const { status, headers } = await knock(story, '/prod', { 'sec-websocket-version': '8' })
  t.same([status, headers['sec-websocket-version']], [426, '13'])
})

story(t, 'H55 [unknown] a malformed Sec-WebSocket-Key is answered 400', {}, async (t, story) => {
  t.equal((await knock(story, '/prod', { 'sec-websocket-key': 'no' })).status, 400)
})

story(t, 'H56 [unknown] handshake headers above 10240 bytes are answered 431', {}, async (t, story) => {
  t.equal((await knock(story, '/prod', { 'x-long': 'x'.repeat(10_240) })).status, 431)
  t.equal((await knock(story, '/prod', { 'x-long': 'x'.repeat(9000) })).status, 101)
  await eventually(() => story.disconnects.length === 1, '$disconnect')
})

story(t, 'H57 [unknown] a refusal of the gateway carries ids, the type of the error and a message', {
  onConnect: () => { throw new Error('no luck') }
}, async (t, story) => {
  const { statusCode, headers, body } = await refusal(story.open())
  t.equal(statusCode, 502)
  t.match(headers, {
    'content-type': 'application/json',
    'x-amzn-errortype': 'InternalServerErrorException',
    'x-amzn-requestid': /^[0-9a-f-]{36}$/,
    'x-amz-apigw-id': /^[A-Za-z0-9_-]{15}=$/
  })
  t.equal(body, message('Internal server error'))
})

story(t, 'H58 [unknown] body and headers of a $connect that refuses reach the client, but for those of the connection', {
  onConnect: () => ({
    statusCode: 403,
    headers: { 'X-Reason': 'no seat', 'Sec-WebSocket-Accept': 'x', 'Transfer-Encoding': 'chunked', Upgrade: 'x' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
    body: 'sold out'
  })
}, async (t, story) => {
  const { statusCode, headers, body } = await refusal(story.open())
  t.equal(statusCode, 403)
  t.match(headers, { 'x-reason': 'no seat', 'set-cookie': ['a=1', 'b=2'] })
  for (const name of ['sec-websocket-accept', 'transfer-encoding', 'upgrade', 'x-amzn-errortype']) t.notOk(name in headers, name)
  t.equal(body, 'sold out')
})

story(t, 'H59 [unknown] the header that names the subprotocol is found in any letter case', {
  onConnect: () => ({ statusCode: 200, headers: { 'SEC-websocket-Protocol': 'chat' } })
}, async (t, story) => {
  const client = await story.open('/prod', { protocols: ['other', 'chat'] })
  t.equal(client.socket.protocol, 'chat')
})

story(t, 'H60 [unknown] a subprotocol that was not offered is left out of the 101', {
  onConnect: () => ({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat' } })
}, async (t, story) => {
  const { status, headers } = await knock(story, '/prod', { 'sec-websocket-protocol': 'other' })
  t.equal(status, 101)
  t.notOk('sec-websocket-protocol' in headers)
  await eventually(() => story.disconnects.length === 1, '$disconnect')
})

story(t, 'H61 [unknown] compression is not negotiated, and $connect sees what was offered', {}, async (t, story) => {
  const client = await story.open('/prod', { perMessageDeflate: true })
  t.equal(client.socket.extensions, '')
  t.match(story.connects[0].headers['Sec-WebSocket-Extensions'], 'permessage-deflate')
})

story(t, 'H62 [unknown] other headers of $connect\'s result are not in the 101', {
  onConnect: () => ({ statusCode: 200, headers: { 'Set-Cookie': 'a=1', 'X-Custom': 'x' } })
}, async (t, story) => {
  const client = await story.open()
  t.notOk('set-cookie' in client.upgradeHeaders)
  t.notOk('x-custom' in client.upgradeHeaders)
})

story(t, 'H63 [unknown] a $connect without a result refuses with 502', { onConnect: () => null }, async (t, story) => {
  t.equal((await refusal(story.open())).statusCode, 502)
})

story(t, 'H64 [unknown] the body of a $connect that accepts is not sent, whatever its route response says', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$connect', { routeResponses: { $default: {} } }, async () => ({ statusCode: 200, body: 'welcome' }))
    app.routeKey('$default', TWO_WAY, async () => ({ body: 'first' }))
  }
}, async (t, story) => {
  t.equal(await (await story.open()).ask('x'), 'first')
})

story(t, 'R50 [unknown] a client that leaves while $connect runs has a $disconnect with 1006', {
  onConnect: async () => {
    await delay(100)
    return { statusCode: 200 }
  }
}, async (t, story) => {
  const call = request(`${story.httpUrl}/prod`, { headers: UPGRADE, agent: false }).on('error', () => {})
  call.end()
  await eventually(() => story.connects.length === 1, '$connect')
  call.destroy()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.match(story.disconnects[0].requestContext, { disconnectStatusCode: 1006, disconnectReason: '' })
})

/*
 * Limits and closing
 */
story(t, 'L50 [unknown] a connection that lasted its time is closed with 1001 Going away', {
  options: { quotas: { connectionDurationInMillis: 100 } }
}, async (t, story) => {
  const client = await story.open()
  t.same(await client.closed, { code: 1001, reason: 'Going away' })
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.match(story.disconnects[0].requestContext, { disconnectStatusCode: 1001, disconnectReason: 'Going away' })
})

story(t, 'L51 [unknown] closes with 1003 and 1009 give no reason, to the client and to $disconnect', {}, async (t, story) => {
  for (const [code, message] of [[1003, Buffer.from('x')], [1009, 'x'.repeat(32_769)]] as const) {
    const client = await story.open()
    client.socket.send(message)
    t.same(await client.closed, { code, reason: '' })
    await eventually(() => story.disconnects.at(-1)?.requestContext.disconnectStatusCode === code, '$disconnect')
    t.equal(story.disconnects.at(-1).requestContext.disconnectReason, '')
  }
})

story(t, 'L52 [unknown] a long message goes out in frames of exactly 32768 bytes, and a rest', {
  declare (app) { app.routeKey('$default', TWO_WAY, async () => ({ body: 'x'.repeat(100_000) })) }
}, async (t, story) => {
  const client = await story.open()
  const chunks: Buffer[] = []
  ;(client.socket as unknown as { _socket: Socket })._socket.on('data', (chunk) => { chunks.push(chunk) })
  t.equal((await client.ask('x')).length, 100_000)
  const bytes = Buffer.concat(chunks)
  const lengths: number[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt16BE(at + 2)
    lengths.push(length)
    at += 4 + length
  }
  t.same(lengths, [32_768, 32_768, 32_768, 1696])
})

story(t, 'L53 [unknown] a closing server closes with 1001 Going away', {}, async (t, story) => {
  const client = await story.open()
  await story.app.close()
  t.same(await client.closed, { code: 1001, reason: 'Going away' })
  t.match(story.disconnects[0].requestContext, { disconnectStatusCode: 1001, disconnectReason: 'Going away' })
})

story(t, 'L54 [unknown] an answer that comes after the close is dropped', {
  declare (app) {
    app.routeKey('$default', TWO_WAY, async () => {
      await delay(50)
      return { body: 'too late' }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  client.send('x')
  await delay(10)
  await client.close()
  await delay(60)
  t.same(client.messages, [])
})

story(t, 'L55 [unknown] the close frame of a deleted connection says Connection Closed Normally', {}, async (t, story) => {
  const client = await story.open()
  await story.app.webSocketApi.connections.deleteConnection(story.connects[0].requestContext.connectionId)
  t.same(await client.closed, { code: 1000, reason: 'Connection Closed Normally' })
})

story(t, 'R51 [unknown] a delete while the client closes makes one $disconnect', {}, async (t, story) => {
  const client = await story.open()
  const { connectionId } = story.connects[0].requestContext
  client.socket.close()
  await story.app.webSocketApi.connections.deleteConnection(connectionId).catch((error) => { t.equal(error.name, 'GoneException') })
  await client.closed
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  await delay(20)
  t.equal(story.disconnects.length, 1)
})

/*
 * Messages and results
 */
story(t, 'M50 [unknown] an answer above 131072 bytes becomes Internal server error', {
  declare (app) { app.routeKey('$default', TWO_WAY, async () => ({ body: 'x'.repeat(131_073) })) }
}, async (t, story) => {
  t.match(await (await story.open()).ask('x'), '{"message": "Internal server error", ')
})

story(t, 'M51 [unknown] a message to a route without an integration is accepted and answered by nothing', {
  options: { routes: { idle: { routeResponses: { $default: {} } } } },
  declare (app) { app.routeKey('$default', TWO_WAY, async () => ({ body: 'next' })) }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'idle' })
  t.equal(await client.ask('x'), 'next')
})

story(t, 'M52 [unknown] no result, on a two-way route, sends nothing', {
  declare (app) {
    app.routeKey('null', TWO_WAY, async () => null)
    app.routeKey('undefined', TWO_WAY, async () => {})
    app.routeKey('$default', TWO_WAY, async () => ({ body: 'next' }))
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'null' })
  client.send({ action: 'undefined' })
  t.equal(await client.ask('x'), 'next')
})

const EMPTY_ANSWERS = {
  declare (app: Story['app']) {
    app.routeKey('empty', TWO_WAY, async () => ({ statusCode: 200 }))
    app.routeKey('$default', TWO_WAY, async () => ({ body: 'next' }))
  }
}

story(t, 'M53 [unknown] a two-way route whose result has no body sends an empty message', EMPTY_ANSWERS, async (t, story) => {
  t.equal(await (await story.open()).ask({ action: 'empty' }), '')
})

story(t, 'M53 [unknown] with extensions.emptyResponse it sends none', {
  ...EMPTY_ANSWERS, options: { extensions: { emptyResponse: 'SKIP' } }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'empty' })
  t.equal(await client.ask('x'), 'next')
})

story(t, 'M54 [unknown] a body that is marked as base64 is sent as it is', {
  declare (app) { app.routeKey('$default', TWO_WAY, async () => ({ body: 'aGVsbG8=', isBase64Encoded: true })) }
}, async (t, story) => {
  t.equal(await (await story.open()).ask('x'), 'aGVsbG8=')
})

story(t, 'M55 [unknown] a body that is no text makes a result malformed', {
  declare (app) { app.routeKey('$default', TWO_WAY, async () => ({ body: { a: 1 } as never })) }
}, async (t, story) => {
  t.match(await (await story.open()).ask('x'), '{"message": "Internal server error", ')
})

story(t, 'M56 [unknown] a status of 500 on a one-way route sends nothing', {
  declare (app) {
    app.routeKey('fail', async () => ({ statusCode: 500, body: 'no luck' }))
    app.routeKey('$default', TWO_WAY, async () => ({ body: 'next' }))
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'fail' })
  t.equal(await client.ask('x'), 'next')
})

/*
 * Events
 */
story(t, 'E50 [unknown] the peer\'s address is put behind an X-Forwarded-For of the client', {}, async (t, story) => {
  await story.open('/prod', { headers: { 'X-Forwarded-For': '192.0.2.1' } })
  t.equal(story.connects[0].headers['X-Forwarded-For'], '192.0.2.1, 127.0.0.1')
})

story(t, 'E51 [unknown] of a repeated header the last value stands, and the list has all', {}, async (t, story) => {
  await knock(story, '/prod', { 'X-Tag': ['one', 'two'] })
  t.equal(story.connects[0].headers['X-Tag'], 'two')
  t.same(story.connects[0].multiValueHeaders['X-Tag'], ['one', 'two'])
  await eventually(() => story.disconnects.length === 1, '$disconnect')
})

story(t, 'E52 [unknown] a plus in a query is a space, and a parameter without a value is empty', {}, async (t, story) => {
  await story.open('/prod?a=x+y%2Bz&b')
  t.same(story.connects[0].queryStringParameters, { a: 'x y+z', b: '' })
})

story(t, 'E53 [unknown] an empty message has an empty body', {
  declare (app) { app.routeKey('$default', TWO_WAY, async ({ body }) => ({ body: JSON.stringify({ body }) })) }
}, async (t, story) => {
  t.equal(await (await story.open()).ask(''), '{"body":""}')
})

story(t, 'E54 [unknown] a null of the authorizer is left out', {
  before (app) {
    app.addHook('onRequest', async (request) => { request.authorizer = { principalId: 'ada', level: 7, team: null } })
  }
}, async (t, story) => {
  await story.open()
  t.strictSame(story.connects[0].requestContext.authorizer, { level: '7', principalId: 'ada' })
})

/*
 * Route selection
 */
async function selected (routeSelectionExpression: string, routeKeys: readonly string[], body: string): Promise<string> {
  const app = Fastify()
  await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression } as ApiGatewayWebSocketOptions)
  for (const routeKey of [...routeKeys, '$default']) {
    app.routeKey(routeKey, TWO_WAY, async ({ requestContext }: any) => ({ body: requestContext.routeKey }))
  }
  const { frames } = await app.webSocketApi.inject({ body })
  await app.close()
  return frames.at(-1) as string
}

const ACTION = '$request.body.action'
const SELECTIONS: ReadonlyArray<readonly [title: string, expression: string, routeKeys: readonly string[], body: string, selected: string]> = [
  ['T50 [unknown] the value $default selects $default', ACTION, [], '{"action":"$default"}', '$default'],
  ['T51 [unknown] no message reaches $connect', ACTION, ['$connect'], '{"action":"$connect"}', '$default'],
  ['T51 [unknown] no message reaches $disconnect', ACTION, ['$disconnect'], '{"action":"$disconnect"}', '$default'],
  ['T52 [unknown] null is no text', ACTION, ['null'], '{"action":null}', '$default'],
  ['T53 [unknown] an object is written as Java writes a map', ACTION, ['{a=1, b=[x]}'], '{"action":{"a":1,"b":["x"]}}', '{a=1, b=[x]}'],
  ['T54 [unknown] an expression without variables leaves a message that is not JSON to $default', 'fixed', ['fixed'], 'x', '$default'],
  ['T55 [unknown] what only a lenient parser reads is not JSON', ACTION, ['a'], "{action:'a'}", '$default'],
  ['T56 [unknown] a variable without braces ends at the first character that is no part of a path', '$request.body.a/$request.body.b', ['x/y'], '{"a":"x","b":"y"}', 'x/y'],
  ['T57 [unknown] an index reads a message that is a list', '$request.body[1]', ['b'], '["a","b"]', 'b'],
  ['T58 [unknown] $default needs no backslash where it stands alone', '$default', ['a'], '{"action":"a"}', '$default']
]

for (const [title, expression, routeKeys, body, expected] of SELECTIONS) {
  t.test(title, async (t) => { t.equal(await selected(expression, routeKeys, body), expected) })
}

/*
 * @connections
 */
const OPEN_DOOR = { connectionsApi: { authorize: 'NONE' } } as const

async function call (story: Story, method: string, path: string, body?: string | Uint8Array): Promise<Answer> {
  const response = await fetch(`${story.httpUrl}/prod${path}`, { method, body: body ?? null })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

const pathOf = (story: Story): string => `/@connections/${encodeURIComponent(story.connects[0].requestContext.connectionId)}`
const GONE = 'AAAAAAAAAAAAAAA='

story(t, 'C50 [unknown] bytes that are not UTF-8 are replaced', { options: OPEN_DOOR }, async (t, story) => {
  const client = await story.open()
  t.equal((await call(story, 'POST', pathOf(story), new Uint8Array([0x61, 0xff, 0x62]))).status, 200)
  t.same(await client.received(1), ['a\ufffdb'])
})

story(t, 'C51 [unknown] an empty post is an empty message', { options: OPEN_DOOR }, async (t, story) => {
  const client = await story.open()
  t.equal((await call(story, 'POST', pathOf(story))).status, 200)
  t.same(await client.received(1), [''])
})

story(t, 'C52 [unknown] another method is answered Missing Authentication Token', { options: OPEN_DOOR }, async (t, story) => {
  await story.open()
  const { status, body } = await call(story, 'PUT', pathOf(story), 'x')
  t.same([status, body], [403, message('Missing Authentication Token')])
})

story(t, 'C53 [unknown] 413 says Message too long', { options: OPEN_DOOR }, async (t, story) => {
  await story.open()
  const { status, headers, body } = await call(story, 'POST', pathOf(story), 'x'.repeat(131_073))
  t.same([status, headers['x-amzn-errortype'], body], [413, 'PayloadTooLargeException', message('Message too long')])
})

story(t, 'C54 [unknown] 429 says Too Many Requests', {
  options: { ...OPEN_DOOR, quotas: { bufferedBytes: 1 } }
}, async (t, story) => {
  const client = await story.open()
  client.socket.pause()
  let answer: Answer
  const text = 'x'.repeat(100_000)
  do answer = await call(story, 'POST', pathOf(story), text); while (answer.status === 200)
  t.same([answer.status, answer.headers['x-amzn-errortype'], answer.body], [429, 'LimitExceededException', message('Too Many Requests')])
})

story(t, 'C55 [unknown] a path without an id is answered 404', { options: OPEN_DOOR }, async (t, story) => {
  const { status, body } = await call(story, 'POST', '/@connections', 'x')
  t.same([status, body], [404, message('No method found matching route @connections for http method POST.')])
})

story(t, 'C56 [unknown] a malformed id is told before a long message, and that before a closed connection', {}, async (t, story) => {
  const { connections } = story.app.webSocketApi
  const long = 'x'.repeat(131_073)
  await t.rejects(connections.postToConnection('malformed', long), BadRequestException)
  await t.rejects(connections.postToConnection(GONE, long), PayloadTooLargeException)
})

story(t, 'C57 [unknown] posts arrive in the order in which they were accepted', {}, async (t, story) => {
  const client = await story.open()
  const { connectionId } = story.connects[0].requestContext
  const texts = Array.from({ length: 50 }, (_, i) => i % 7 === 0 ? String(i).repeat(20_000) : String(i))
  await Promise.all(texts.map((text) => story.app.webSocketApi.connections.postToConnection(connectionId, text)))
  t.same(await client.received(texts.length), texts)
})

story(t, 'C58 [unknown] what was posted before a delete arrives before the close', {}, async (t, story) => {
  const client = await story.open()
  const { connections } = story.app.webSocketApi
  const { connectionId } = story.connects[0].requestContext
  await connections.postToConnection(connectionId, 'x'.repeat(100_000))
  await connections.deleteConnection(connectionId)
  await client.closed
  t.equal(client.messages[0]?.length, 100_000)
})

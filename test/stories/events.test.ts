// What handlers are given, and which handler is: routes over real sockets, and every member of the three events.
import t from 'tap'
import type { WebSocketApi } from '../../lib/index.ts'
import { delay, eventually, handshakeHead, story } from './harness.ts'
import type { Story, StoryOptions } from './harness.ts'

const ID = /^[A-Za-z0-9_-]{14}[AEIMQUYcgkosw048]=$/
const REQUEST_TIME = /^\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000$/
const TRACE_ID = /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/

type Declare = NonNullable<StoryOptions['declare']>

const twoWay = { routeResponseSelectionExpression: '$default' }

/** Declares routes that answer with their key and the message: `join: {"action":"join"}`. */
function tellRoutes (...routeKeys: string[]): Declare {
  return (app) => {
    for (const routeKey of routeKeys) {
      app.routeKey(routeKey, twoWay, async (event: any) => ({ statusCode: 200, body: `${event.requestContext.routeKey}: ${event.body}` }))
    }
  }
}

/** One connection with one message: its three events, as Lambda gets them. */
async function threeEvents (story: Story, open: Parameters<Story['open']> = []): Promise<Record<'connect' | 'message' | 'disconnect', any>> {
  const client = await story.open(...open)
  const message = JSON.parse(await client.ask({ action: 'event' }))
  await client.close()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  const copy = (event: unknown): unknown => JSON.parse(JSON.stringify(event))
  return { connect: copy(story.connects[0]), message, disconnect: copy(story.disconnects[0]) } as any
}

const tellEvent: Declare = (app) => {
  app.routeKey('event', twoWay, async (event) => ({ statusCode: 200, body: JSON.stringify(event) }))
}

/*
 * Which route
 */
story(t, 'a message takes the route its value names', { declare: tellRoutes('join', '$default') }, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('{"action":"join"}'), 'join: {"action":"join"}')
})

story(t, '11.1-11 [observed] a value deeper in the message selects the route', {
  options: { routeSelectionExpression: '$request.body.service.do' },
  declare: tellRoutes('echo', '$default')
}, async (t, story) => {
  t.equal(await (await story.open()).ask('{"service":{"do":"echo"}}'), 'echo: {"service":{"do":"echo"}}')
})

story(t, '11.1-3 [documented] several values make up one route key', {
  options: { routeSelectionExpression: '${request.body.service}/${request.body.action}' },
  declare: tellRoutes('chat/join', '$default')
}, async (t, story) => {
  const client = await story.open()
  t.match(await client.ask('{"service":"chat","action":"join"}'), /^chat\/join: /)
  t.match(await client.ask('{"action":"join"}'), /^\$default: /)
})

story(t, '11.1-4 [documented] a value that is missing leaves its place empty', {
  options: { routeSelectionExpression: '${request.body.action}-${request.body.invalidPath}' },
  declare: tellRoutes('join-', '$default')
}, async (t, story) => {
  t.match(await (await story.open()).ask('{"action":"join"}'), /^join-: /)
})

story(t, '11.1-5 [documented] an expression without variables sends every JSON message to one route', {
  options: { routeSelectionExpression: 'action' }, declare: tellRoutes('action', '$default')
}, async (t, story) => {
  const client = await story.open()
  t.match(await client.ask('{"x":1}'), /^action: /)
  t.match(await client.ask('no JSON'), /^\$default: /)
})

story(t, '11.1-6 [documented] an escaped dollar is a dollar', {
  options: { routeSelectionExpression: '\\$default' }, declare: tellRoutes('x', '$default')
}, async (t, story) => {
  t.match(await (await story.open()).ask('{"action":"x"}'), /^\$default: /)
})

story(t, '11.1-8 [documented] a list selects by its Java text', {
  options: { routeSelectionExpression: '$request.body.list' }, declare: tellRoutes('[item1, item2]', '$default')
}, async (t, story) => {
  t.match(await (await story.open()).ask('{"list":["item1","item2"]}'), /^\[item1, item2\]: /)
})

story(t, '11.1-9 [documented] what a message holds is not evaluated again', {
  declare: tellRoutes('x', '$default')
}, async (t, story) => {
  t.match(await (await story.open()).ask('{"action":"${request.body.service}","service":"x"}'), /^\$default: /)
})

story(t, '11.1-10 [observed] a hyphen is part of a name', {
  options: { routeSelectionExpression: '$request.body.detail-type' }, declare: tellRoutes('A', '$default')
}, async (t, story) => {
  t.match(await (await story.open()).ask('{"detail-type":"A"}'), /^A: /)
})

const TO_DEFAULT: Array<[id: string, what: string, message: string]> = [
  ['11.1-12 [observed]', 'a message without the member', '{"hello":"world"}'],
  ['11.1-13 [documented]', 'a message that names no route', '{"action":"nope"}'],
  ['11.1-14 [documented]', 'a message that is no JSON', 'not json'],
  ['M5 [documented]', 'an empty message', ''],
  ['11.1-16 [documented]', 'a key in another case', '{"action":"Join"}'],
  ['11.1-22 [unknown]', 'a null', '{"action":null}'],
  ['11.1-23 [unknown]', 'the key $disconnect', '{"action":"$disconnect"}'],
  ['11.1-23 [unknown]', 'the key $connect', '{"action":"$connect"}'],
  ['4.1 [unknown]', 'the key $default', '{"action":"$default"}'],
  ['4.1 [unknown]', 'JSON with a comma too many', '{"action":"join",}'],
  ['2.4 [unknown]', 'an empty text', '{"action":""}'],
  ['own', 'an inherited name', '{"action":{"__proto__":"join"}}'],
  ['own', 'the key __proto__', '{"action":"__proto__"}'],
  ['own', 'the key toString', '{"action":"toString"}'],
  ['own', 'a list', '["join"]'],
  ['own', 'a bare text', '"join"'],
  ['own', 'null', 'null'],
  ['own', 'a member that comes with the prototype', '{"__proto__":{"action":"join"}}']
]
story(t, 'without a route of its own a message takes $default, with its text as it is', { declare: tellRoutes('join', '$default') }, async (t, story) => {
  const client = await story.open()
  for (const [id, what, message] of TO_DEFAULT) t.equal(await client.ask(message), `$default: ${message}`, `${id} ${what}`)
  t.equal(story.connects.length, 1)
  t.equal(story.disconnects.length, 0)
})

const BY_TEXT: Array<[id: string, routeKey: string, message: string]> = [
  ['11.1-21 [documented]', '1', '{"action":1}'],
  ['2.4 [documented]', 'true', '{"action":true}'],
  ['2.4 [engine]', '1.0', '{"action":1.0}'],
  ['2.4 [engine]', '1000.0', '{"action":1e3}'],
  ['2.4 [engine]', '1.0E7', '{"action":10000000.0}'],
  ['2.4 [unknown]', '{a=1, b=[x]}', '{"action":{"a":1,"b":["x"]}}'],
  ['own', ' join ', '{"action":" join "}'],
  ['own', '__proto__', '{"action":"__proto__"}'],
  ['own', 'connect', '{"action":"connect"}']
]
story(t, 'a value selects by its text', { declare: tellRoutes('$default', ...BY_TEXT.map(([, routeKey]) => routeKey)) }, async (t, story) => {
  const client = await story.open()
  for (const [id, routeKey, message] of BY_TEXT) t.equal(await client.ask(message), `${routeKey}: ${message}`, id)
})

for (const [id, message] of [
  ['11.1-15 [observed]', '{"action":"nope"}'],
  ['M7 [observed]', 'hi'],
  ['11.1-23 [unknown]', '{"action":"$connect"}'],
  ['11.1-23 [unknown]', '{"action":"$disconnect"}'],
  ['4.1 [unknown]', '{"action":"$default"}']
]) {
  story(t, `${id} without $default the message ${message} is Forbidden, and the connection stays`, { declare: tellRoutes('join') }, async (t, story) => {
    const client = await story.open()
    const text = await client.ask(message)
    const { connectionId } = story.connects[0].requestContext
    t.match(text, /^\{"message": "Forbidden", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/)
    t.equal(JSON.parse(text).connectionId, connectionId)
    t.match(JSON.parse(text).requestId, ID)
    t.match(await client.ask({ action: 'join' }), /^join: /)
    t.equal(story.connects.length, 1)
    t.equal(story.disconnects.length, 0)
  })
}

story(t, 'a route key can depend on a header and a parameter of the handshake', {
  options: { routeSelectionExpression: '${request.header.X-Tenant}/${request.querystring.v}/${request.body.action}' },
  declare: tellRoutes('acme/2/join', '//join', '$default')
}, async (t, story) => {
  const client = await story.open('/prod?v=1&v=2', { headers: { 'x-tenant': 'acme' } })
  t.match(await client.ask({ action: 'join' }), /^acme\/2\/join: /)
  t.match(await (await story.open()).ask({ action: 'join' }), /^\/\/join: /)
  t.match(await client.ask('no JSON'), /^\$default: /)
})

story(t, 'a route key can depend on an authentication header alone', {
  options: { routeSelectionExpression: '$request.header.x-api-key' },
  declare: tellRoutes('secret', '$default')
}, async (t, story) => {
  t.match(await (await story.open('/prod', { headers: { 'X-API-Key': 'secret' } })).ask('{}'), /^secret: /)
  t.match(await (await story.open('/prod', { headers: { 'X-API-Key': 'SECRET' } })).ask('{}'), /^\$default: /)
})

story(t, 'a route key can depend on what an authorizing hook said, and on nothing a client says', {
  options: { routeSelectionExpression: '${context.authorizer.role}:${request.body.action}' },
  before (app) {
    app.addHook('onRequest', async (request) => {
      const { role } = request.query as Record<string, string>
      if (role !== undefined) request.authorizer = { role, level: 2 }
    })
  },
  declare: tellRoutes('admin:join', ':join', '$default')
}, async (t, story) => {
  t.match(await (await story.open('/prod?role=admin')).ask({ action: 'join' }), /^admin:join: /)
  t.match(await (await story.open('/prod?role=guest')).ask({ action: 'join', context: { authorizer: { role: 'admin' } } }), /^\$default: /)
  t.match(await (await story.open('/prod')).ask({ action: 'join' }), /^:join: /)
  t.match(await (await story.open('/prod?role=__proto__')).ask({ action: 'join' }), /^\$default: /)
})

story(t, 'a route key can depend on the stage and its variables', {
  options: {
    stages: [{ stageName: 'prod', stageVariables: { version: 'v2' } }, { stageName: 'test' }],
    routeSelectionExpression: '${context.stage}-${stageVariables.version}-${request.body.action}'
  },
  declare: tellRoutes('prod-v2-join', 'test--join', '$default')
}, async (t, story) => {
  t.match(await (await story.open('/prod')).ask({ action: 'join' }), /^prod-v2-join: /)
  t.match(await (await story.open('/test')).ask({ action: 'join' }), /^test--join: /)
})

story(t, 'a route key can depend on the context of the message', {
  options: { routeSelectionExpression: '${context.eventType}/${context.identity.userAgent}/${context.routeKey}' },
  declare: tellRoutes('MESSAGE/wscat/', '$default')
}, async (t, story) => {
  t.match(await (await story.open('/prod', { headers: { 'user-agent': 'wscat' } })).ask('{}'), /^MESSAGE\/wscat\/: /)
})

story(t, 'R2 [documented] a burst of messages runs side by side, each with ids of its own', {
  declare (app) {
    app.routeKey('$default', twoWay, async (event) => {
      await delay(30)
      const { messageId, requestId } = event.requestContext
      return { statusCode: 200, body: JSON.stringify({ messageId, requestId, body: event.body }) }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  const before = performance.now()
  for (let i = 0; i < 50; i++) client.send(`m${i}`)
  const answers = (await client.received(50)).map((text) => JSON.parse(text))
  t.ok(performance.now() - before < 1000, 'not one after the other')
  t.equal(new Set(answers.flatMap(({ messageId, requestId }) => [messageId, requestId])).size, 100)
  t.same(answers.map(({ body }) => body).sort(), Array.from({ length: 50 }, (_, i) => `m${i}`).sort())
})

/*
 * The three events
 */
const UPGRADE = { headers: { 'User-Agent': 'wscat/6', 'x-lower': 'a', 'X-Mixed-Case': 'b', Accept: '*/*' } }

story(t, 'E13 [observed] members stand in API Gateway\'s order', { declare: tellEvent }, async (t, story) => {
  const { connect, message, disconnect } = await threeEvents(story, ['/prod?a=1'])
  t.strictSame(Object.keys(connect), [
    'headers', 'multiValueHeaders', 'queryStringParameters', 'multiValueQueryStringParameters', 'requestContext', 'isBase64Encoded'
  ])
  t.strictSame(Object.keys(connect.requestContext), [
    'routeKey', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'stage', 'connectedAt', 'requestTimeEpoch',
    'identity', 'requestId', 'domainName', 'connectionId', 'apiId'
  ])
  t.strictSame(Object.keys(message.requestContext), [
    'routeKey', 'messageId', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'stage', 'connectedAt',
    'requestTimeEpoch', 'identity', 'requestId', 'domainName', 'connectionId', 'apiId'
  ])
  t.strictSame(Object.keys(disconnect), ['headers', 'multiValueHeaders', 'requestContext', 'isBase64Encoded'])
  t.strictSame(Object.keys(disconnect.requestContext), [
    'routeKey', 'disconnectStatusCode', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'disconnectReason',
    'stage', 'connectedAt', 'requestTimeEpoch', 'identity', 'requestId', 'domainName', 'connectionId', 'apiId'
  ])
})

story(t, 'E13 [observed] authorizer and stage variables have their places too', {
  options: { stages: [{ stageName: 'prod', stageVariables: { version: 'v2' } }] },
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = { principalId: 'user-7', tenant: 'acme' } }) },
  declare: tellEvent
}, async (t, story) => {
  const { connect, message, disconnect } = await threeEvents(story)
  t.strictSame(Object.keys(connect), ['headers', 'multiValueHeaders', 'stageVariables', 'requestContext', 'isBase64Encoded'])
  t.strictSame(Object.keys(message), ['stageVariables', 'requestContext', 'body', 'isBase64Encoded'])
  t.strictSame(Object.keys(disconnect), ['headers', 'multiValueHeaders', 'stageVariables', 'requestContext', 'isBase64Encoded'])
  t.strictSame(Object.keys(connect.requestContext).slice(0, 3), ['routeKey', 'authorizer', 'eventType'])
  t.strictSame(Object.keys(message.requestContext).slice(0, 4), ['routeKey', 'authorizer', 'messageId', 'eventType'])
  t.strictSame(Object.keys(disconnect.requestContext).slice(0, 4), ['routeKey', 'disconnectStatusCode', 'authorizer', 'eventType'])
  for (const event of [connect, message, disconnect]) {
    t.equal(JSON.stringify(event.requestContext.authorizer), '{"tenant":"acme","principalId":"user-7"}')
    t.strictSame(event.stageVariables, { version: 'v2' })
  }
})

story(t, 'values of the three events are of one connection and of API Gateway\'s forms', { declare: tellEvent }, async (t, story) => {
  const before = Date.now()
  const events = await threeEvents(story, ['/prod', UPGRADE])
  const { connect, message, disconnect } = events
  const all = [connect, message, disconnect].map(({ requestContext }) => requestContext)
  t.strictSame(all.map(({ routeKey, eventType, messageDirection, stage }) => [routeKey, eventType, messageDirection, stage]), [
    ['$connect', 'CONNECT', 'IN', 'prod'], ['event', 'MESSAGE', 'IN', 'prod'], ['$disconnect', 'DISCONNECT', 'IN', 'prod']
  ])
  for (const member of ['connectionId', 'connectedAt', 'identity', 'domainName', 'apiId', 'stage']) {
    t.strictSame(all.map((context) => context[member]), [0, 1, 2].map(() => all[0][member]), `E8 [observed] ${member} is one for all`)
  }
  for (const { requestId, extendedRequestId, connectionId, requestTime, requestTimeEpoch, connectedAt, apiId, eventType } of all) {
    t.match(requestId, ID, `E9 [observed] requestId of ${eventType}`)
    t.equal(extendedRequestId, requestId, 'E9 [observed] extendedRequestId')
    t.match(connectionId, ID)
    t.match(requestTime, REQUEST_TIME, 'E10 [observed] requestTime')
    t.equal(Date.parse(requestTime.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')), requestTimeEpoch - requestTimeEpoch % 1000, 'E10 [observed] of the same second')
    t.ok(connectedAt >= before && requestTimeEpoch >= connectedAt && requestTimeEpoch <= Date.now())
    t.match(apiId, /^[a-z0-9]{10}$/)
  }
  t.equal(new Set(all.map(({ requestId }) => requestId)).size, 3)
  t.match(message.requestContext.messageId, ID)
  t.notOk('messageId' in connect.requestContext || 'messageId' in disconnect.requestContext, 'E7 [observed] messages alone have a messageId')
  t.equal(disconnect.requestContext.disconnectStatusCode, 1005)
  t.equal(disconnect.requestContext.disconnectReason, 'Client-side close frame status not set')
  t.strictSame([connect, message, disconnect].map(({ isBase64Encoded }) => isBase64Encoded), [false, false, false], 'E14 [observed]')
  t.strictSame(connect.requestContext.identity, { userAgent: 'wscat/6', sourceIp: '127.0.0.1' }, 'H21 [observed]')
  t.strictSame(Object.keys(connect.requestContext.identity), ['userAgent', 'sourceIp'])
})

story(t, 'H20 [observed] without a User-Agent the identity is the address alone', {}, async (t, story) => {
  await story.open()
  t.strictSame(story.connects[0].requestContext.identity, { sourceIp: '127.0.0.1' })
})

story(t, 'the address is what trustProxy makes of it', { server: { trustProxy: true } }, async (t, story) => {
  await story.open('/prod', { headers: { 'X-Forwarded-For': '192.0.2.10, 10.0.0.1' } })
  t.equal(story.connects[0].requestContext.identity.sourceIp, '192.0.2.10')
})

story(t, 'E5 [observed] a message\'s event has three members', { declare: tellEvent }, async (t, story) => {
  const client = await story.open('/prod?a=1')
  t.strictSame(Object.keys(JSON.parse(await client.ask({ action: 'event' }))), ['requestContext', 'body', 'isBase64Encoded'])
})

story(t, 'E11 [observed] every message has a messageId of its own', { declare: tellEvent }, async (t, story) => {
  const client = await story.open()
  const one = JSON.parse(await client.ask({ action: 'event' })).requestContext
  const two = JSON.parse(await client.ask({ action: 'event' })).requestContext
  t.match(one.messageId, ID)
  t.match(two.messageId, ID)
  t.not(one.messageId, two.messageId)
})

story(t, 'E12 [observed] stage variables are in all events of their stage, and nowhere else', {
  options: { stages: [{ stageName: 'prod', stageVariables: { version: 'v2' } }, { stageName: 'test', stageVariables: {} }] },
  declare: tellEvent
}, async (t, story) => {
  const client = await story.open('/test')
  t.notOk('stageVariables' in JSON.parse(await client.ask({ action: 'event' })))
  t.notOk('stageVariables' in story.connects[0])
  t.equal(story.connects[0].requestContext.stage, 'test')
  const other = await story.open('/prod')
  t.strictSame(JSON.parse(await other.ask({ action: 'event' })).stageVariables, { version: 'v2' })
})

story(t, 'E6 [observed] the headers of $disconnect are four, and Host is the domain\'s', {
  options: { domainName: 'chat.example.com' }
}, async (t, story) => {
  await (await story.open('/prod', { headers: { Host: 'chat.example.com', 'x-api-key': 'mine' } })).close()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  const { headers, multiValueHeaders } = story.disconnects[0]
  t.equal(JSON.stringify(headers), '{"Host":"chat.example.com","x-api-key":"","X-Forwarded-For":"","x-restapi":""}')
  t.equal(JSON.stringify(multiValueHeaders), '{"Host":["chat.example.com"],"x-api-key":[""],"X-Forwarded-For":[""],"x-restapi":[""]}')
})

story(t, 'the three events share nothing: what one handler changes, no other sees', {
  options: { stages: [{ stageName: 'prod', stageVariables: { version: 'v2' } }] },
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = { tenant: 'acme' } }) },
  onConnect (event) {
    event.requestContext.identity.sourceIp = 'changed'
    event.requestContext.authorizer.tenant = 'changed'
    event.stageVariables.version = 'changed'
    event.requestContext.connectionId = 'changed'
    return { statusCode: 200 }
  },
  declare: tellEvent
}, async (t, story) => {
  const event = JSON.parse(await (await story.open()).ask({ action: 'event' }))
  t.equal(event.requestContext.identity.sourceIp, '127.0.0.1')
  t.equal(event.requestContext.authorizer.tenant, 'acme')
  t.equal(event.stageVariables.version, 'v2')
  t.match(event.requestContext.connectionId, ID)
})

/*
 * Headers and query of $connect
 */
story(t, 'E1 [observed] without a query the event has no query members', {}, async (t, story) => {
  for (const path of ['/prod', '/prod?', '/prod/?', '/prod?&']) await story.open(path)
  for (const event of story.connects) t.notOk('queryStringParameters' in event || 'multiValueQueryStringParameters' in event)
})

story(t, 'E2 [unknown] a parameter that comes twice: the last is the value, the list has both', {}, async (t, story) => {
  await story.open('/prod?a=1&b&a=2&c=x%20y+z%2B&=none&%E2%98%83=%F0%9F%98%80&bad=%zz')
  t.strictSame(story.connects[0].queryStringParameters, { a: '2', b: '', c: 'x y z+', '': 'none', '☃': '😀', bad: '%zz' })
  t.strictSame(story.connects[0].multiValueQueryStringParameters, {
    a: ['1', '2'], b: [''], c: ['x y z+'], '': ['none'], '☃': ['😀'], bad: ['%zz']
  })
})

story(t, 'names that JavaScript knows are plain data', {
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = JSON.parse('{"__proto__":"p","constructor":"c"}') }) },
  declare: tellEvent
}, async (t, story) => {
  const client = await story.open('/prod?__proto__=1&constructor=2&toString=3', { headers: { constructor: 'h', ['__proto__']: 'p' } })
  const [event] = story.connects
  t.equal(JSON.stringify(event.queryStringParameters), '{"__proto__":"1","constructor":"2","toString":"3"}')
  t.equal(Object.getPrototypeOf(event.queryStringParameters), Object.prototype)
  t.equal(event.headers.constructor, 'h')
  t.equal(Object.getOwnPropertyDescriptor(event.headers, '__proto__')?.value, 'p')
  const message = await client.ask({ action: 'event' })
  t.match(message, '"authorizer":{"__proto__":"p","constructor":"c"}')
  t.equal(({} as any).polluted, undefined)
})

story(t, 'E3 [observed] $connect does not see Connection, Upgrade and Content-Length', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { 'Content-Length': '0' }))
  await client.hears('\r\n\r\n')
  t.strictSame(Object.keys(story.connects[0].headers), [
    'Host', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto'
  ])
})

story(t, 'E4 [observed] $connect sees the headers the gateway adds', {}, async (t, story) => {
  await story.open()
  await story.open()
  const { headers, multiValueHeaders } = story.connects[0]
  t.equal(headers['X-Forwarded-Proto'], 'https')
  t.equal(headers['X-Forwarded-Port'], '443')
  t.equal(headers['X-Forwarded-For'], '127.0.0.1')
  t.match(headers['X-Amzn-Trace-Id'], TRACE_ID)
  t.ok(Math.abs(parseInt(headers['X-Amzn-Trace-Id'].slice(7, 15), 16) - Date.now() / 1000) < 5, 'the trace begins now')
  t.not(headers['X-Amzn-Trace-Id'], story.connects[1].headers['X-Amzn-Trace-Id'])
  t.strictSame(multiValueHeaders, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])))
})

story(t, 'names of headers stay as the client wrote them, and are sorted without regard to case', {}, async (t, story) => {
  await story.open('/prod', UPGRADE)
  const names = Object.keys(story.connects[0].headers)
  t.strictSame(names, [...names].sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  for (const name of ['User-Agent', 'x-lower', 'X-Mixed-Case', 'Accept']) t.ok(names.includes(name), name)
})

story(t, 'a header that comes twice: the last is the value, the list has both', {}, async (t, story) => {
  const client = story.dial().say(handshakeHead('/prod', { 'X-Two': 'a\r\nx-two: b', Cookie: 'c=1\r\nCookie: d=2' }))
  await client.hears('\r\n\r\n')
  const { headers, multiValueHeaders } = story.connects[0]
  t.equal(headers['X-Two'], 'b')
  t.strictSame(multiValueHeaders['X-Two'], ['a', 'b'])
  t.equal(headers['x-two'], undefined)
  t.strictSame(multiValueHeaders.Cookie, ['c=1', 'd=2'])
})

story(t, 'X-Forwarded-For of the client is appended to, its other forwarding headers are not believed', {}, async (t, story) => {
  await story.open('/prod', {
    headers: { 'x-forwarded-for': '192.0.2.10', 'X-Forwarded-Proto': 'gopher', 'x-forwarded-port': '70', 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793' }
  })
  const { headers } = story.connects[0]
  t.equal(headers['X-Forwarded-For'], '192.0.2.10, 127.0.0.1')
  t.equal(headers['X-Forwarded-Proto'], 'https')
  t.equal(headers['X-Forwarded-Port'], '443')
  t.equal(headers['x-amzn-trace-id'], 'Root=1-5759e988-bd862e3fe1be46a994272793')
})

/*
 * By data, by name, without a socket: the same events
 */
story(t, 'routes as data are given the same events', {
  options: {
    apiId: 'a1b2c3d4e5',
    routes: {
      event: {
        ...twoWay,
        integration: { integrationType: 'AWS_PROXY', handler: async (event: unknown) => ({ statusCode: 200, body: JSON.stringify(event) }) }
      }
    }
  }
}, async (t, story) => {
  const { message } = await threeEvents(story)
  t.equal(message.requestContext.apiId, 'a1b2c3d4e5')
  t.equal(message.requestContext.routeKey, 'event')
})

story(t, 'inject() gives the same events without a socket', {
  before (app) { app.addHook('onRequest', async () => { throw new Error('no request is made') }) },
  declare: tellEvent
}, async (t, story) => {
  const api: WebSocketApi = story.app.webSocketApi
  const { statusCode, frames, connectionId } = await api.inject({
    body: '{"action":"event"}', headers: { 'User-Agent': 'inject' }, query: { a: '1' }, authorizer: { principalId: 'user-7', n: 1 }
  })
  t.equal(statusCode, 101)
  const message = JSON.parse(frames[0] as string)
  t.equal(message.requestContext.connectionId, connectionId)
  t.strictSame(message.requestContext.authorizer, { n: '1', principalId: 'user-7' })
  t.strictSame(message.requestContext.identity, { userAgent: 'inject', sourceIp: '127.0.0.1' })
  t.strictSame(story.connects[0].queryStringParameters, { a: '1' })
  t.equal(story.disconnects[0].requestContext.disconnectStatusCode, 1005)
})

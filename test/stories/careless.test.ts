// What a careless user writes and what a handler can throw: none of it may be lost in silence, hang a close or end the
// process.
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import WebSocket from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import { compileQuotas, DEFAULT_QUOTAS } from '../../lib/quotas.ts'
import { delay, eventually, story } from './harness.ts'

const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 })
const least = { stage: 'prod', routeSelectionExpression: '$request.body.action' }
const twoWay = { routeResponseSelectionExpression: '$default' }

async function failure (given: object, declare?: (app: FastifyInstance) => unknown): Promise<{ code?: string, message: string }> {
  const app = Fastify()
  try {
    await app.register(apiGatewayWebSocket, { ...least, ...given })
    await declare?.(app)
    await app.ready()
  } catch (error) {
    return error as Error
  } finally {
    await app.close()
  }
  return { message: 'nothing failed' }
}

void t.test('a quota given as undefined is the default and not off', (t) => {
  for (const name of Object.keys(DEFAULT_QUOTAS) as Array<keyof typeof DEFAULT_QUOTAS>) {
    t.equal(compileQuotas({ [name]: undefined })[name], DEFAULT_QUOTAS[name], name)
    t.equal(compileQuotas({ [name]: 0 })[name], Infinity, `${name} 0`)
  }
  t.end()
})

story(t, 'a drain option given as undefined is the default and holds up no close', {
  options: { drain: { spreadInMillis: undefined, deadlineInMillis: undefined } as object }
}, async (t, story) => {
  const client = await story.open()
  const closedAt = performance.now()
  await story.app.close()
  t.ok(performance.now() - closedAt < 1000)
  t.equal((await client.closed).code, 1001)
})

void t.test('what is given wrongly is refused with its place, whatever it is', async (t) => {
  const circle: { self?: object } = {}
  circle.self = circle
  const wrong: Array<[given: object, message: string]> = [
    [{ drain: { spreadInMillis: Infinity } }, 'options.drain.spreadInMillis is Infinity; it must be a number of milliseconds from 0 to 2147483647'],
    [{ drain: { deadlineInMillis: Infinity } }, 'options.drain.deadlineInMillis is Infinity; it must be a number of milliseconds from 0 to 2147483647'],
    [{ name: 1n }, 'options.name is 1n; it must be a string: 1 to 128 characters'],
    [{ onIntegrationError: circle }, 'options.onIntegrationError is <ref *1> { self: [Circular *1] }; it must be a function'],
    [{ credentials: { AKIDEXAMPLE: 'very secret' } }, 'options.credentials is [redacted]; it must be a function'],
    [{ routes: { order: { operationName: 5 } } }, 'routes.order.operationName is 5; it must be a string: at most 64 characters'],
    [{ routes: { 1: { operationName: 5 } } }, 'routes.1.operationName is 5; it must be a string: at most 64 characters'],
    [{ routes: { order: 5 } }, 'routes.order is 5; it must be an object'],
    [{ routes: 5 }, 'options.routes is 5; it must be an object of routes by route key'],
    [{ integrations: { 1: { description: 5 } } }, 'integrations.1.description is 5; it must be a string: at most 1024 characters']
  ]
  for (const [given, message] of wrong) {
    const error = await failure(given)
    t.equal(error.message, message)
    t.equal(error.code, 'AGW_ERR_OPTIONS_INVALID', message)
  }
})

void t.test('what routeKey() would lose is refused', async (t) => {
  const declarations: Array<[declare: (app: any) => unknown, message: string]> = [
    [(app) => app.routeKey('order', handler, twoWay), 'routes.order has {"routeResponseSelectionExpression":"$default"} behind its handler; options come before the handler'],
    [(app) => app.routeKey('order', { integration: { handler } }, handler), 'routes.order.handler is given twice, the second time in integration; it must be one of them'],
    [(app) => app.routeKey('order', { timeoutInMillis: 100, integration: { handler, timeoutInMillis: 200 } }), 'routes.order.timeoutInMillis is given twice, the second time in integration; it must be one of them']
  ]
  for (const [declare, message] of declarations) {
    const error = await failure({}, declare)
    t.equal(error.message, message)
    t.equal(error.code, 'AGW_ERR_OPTIONS_INVALID', message)
  }
})

void t.test("an app's own decorator routeKey is not taken for ours", async (t) => {
  const app = Fastify()
  app.decorate('routeKey', (() => 'mine') as any)
  await t.rejects(async () => { await app.register(apiGatewayWebSocket, least) }, { code: 'FST_ERR_DEC_ALREADY_PRESENT' })
  await app.close()
})

void t.test('a scope below finds its own API by name beside the one it inherits', async (t) => {
  const app = Fastify()
  t.after(async () => { await app.close() })
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$default', handler)
  await app.register(async (child) => {
    await child.register(apiGatewayWebSocket, { ...least, stage: 'lobby', name: 'lobby' })
    child.routeKey('$default', { api: 'lobby' }, handler)
    t.equal(child.webSocketApi.apiId, app.webSocketApi.apiId, 'the unnamed one is inherited')
    t.equal(child.webSocketApi.connectionCount, 0)
    t.equal(child.webSocketApi.get('lobby').name, 'lobby')
    t.throws(() => app.webSocketApi.get('lobby'), { code: 'AGW_ERR_API_UNKNOWN' })
    await child.register(async (grandchild) => { t.equal(grandchild.webSocketApi.get('lobby').name, 'lobby') })
  })
  await app.ready()
})

void t.test('APIs of one server close side by side, and none takes a handshake any more', async (t) => {
  const app = Fastify({ return503OnClosing: false })
  const deadlineInMillis = 600
  for (const stage of ['one', 'two', 'three']) {
    await app.register(apiGatewayWebSocket, { ...least, stage, name: stage, drain: { deadlineInMillis } })
    app.routeKey('$default', { api: stage }, stage === 'three' ? handler : async () => { await new Promise(() => {}) })
  }
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
  const open = async (stage: string): Promise<WebSocket> => await new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}/${stage}`)
    socket.on('open', () => { resolve(socket) })
    socket.on('error', reject)
  })
  const [one, two, three] = await Promise.all(['one', 'two', 'three'].map(open)) as [WebSocket, WebSocket, WebSocket]
  for (const socket of [one, two]) socket.send('held')
  await delay(50)
  const startedAt = performance.now()
  let closedAfter = Infinity
  three.on('close', () => { closedAfter = performance.now() - startedAt })
  const closed = app.close()
  await delay(150)
  t.ok(closedAfter < 150, 'an idle API does not wait for a busy one')
  await t.rejects(open('three'), /503/)
  await closed
  t.ok(performance.now() - startedAt < 2 * deadlineInMillis, 'deadlines do not add up')
})

void t.test('inject() gets the answer to a message in progress when the server closes, and $disconnect says 1001', async (t) => {
  const app = Fastify()
  const codes: number[] = []
  let begin = (): void => {}
  const begun = new Promise<void>((resolve) => { begin = resolve })
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$disconnect', async (event: any) => { codes.push(event.requestContext.disconnectStatusCode) })
  app.routeKey('$default', twoWay, async () => {
    begin()
    await delay(50)
    return { body: 'answer' }
  })
  const injected = app.webSocketApi.inject({ bodies: ['first', 'never taken'] })
  await begun
  await app.close()
  t.strictSame((await injected).frames, ['answer'])
  t.strictSame(codes, [1001])
})

const UNREADABLE: Array<[title: string, make: () => Error]> = [
  ['a frozen error', () => Object.freeze(new Error('frozen'))],
  ['an error with a getter that throws', () => Object.defineProperty(new Error('x'), 'more', { enumerable: true, get () { throw new Error('no') } })],
  ['an error that is a proxy', () => new Proxy(new Error('x'), { get () { throw new Error('no') } })]
]

for (const [title, make] of UNREADABLE) {
  const lines: string[] = []
  story(t, `${title} is logged, and answered as every other`, {
    server: { logger: { level: 'error', stream: { write (line: string) { lines.push(line) } } } },
    declare (app) {
      app.routeKey('now', twoWay, () => { throw make() })
      app.routeKey('later', twoWay, async () => { throw make() })
      app.routeKey('callback', twoWay, (_event, _context, callback) => { callback(make()) })
    },
    onConnect: (event) => {
      if (event.queryStringParameters?.fail === 'yes') throw make()
      return { statusCode: 200 }
    }
  }, async (t, story) => {
    t.equal((await story.refused('/prod?fail=yes')).statusCode, 502)
    const client = await story.open()
    for (const action of ['now', 'later', 'callback']) t.match(await client.ask({ action }), 'Internal server error', action)
    await eventually(() => lines.filter((line) => line.includes('integration failed')).length === 4, 'four lines')
  })

  void t.test(`${title} of $disconnect holds up no close`, async (t) => {
    const app = Fastify({ logger: { level: 'error', stream: { write () {} } } })
    await app.register(apiGatewayWebSocket, { ...least, onIntegrationError () { throw make() } })
    app.routeKey('$disconnect', async () => { throw make() })
    const { statusCode } = await app.webSocketApi.inject()
    t.equal(statusCode, 101)
    const closedAt = performance.now()
    await app.close()
    t.ok(performance.now() - closedAt < 1000)
  })
}

class Answer {
  get statusCode (): string { return 'none' }
  get body (): number { return 7 }
}

story(t, 'what a result inherits is no part of it, and what has nothing else is none', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('class', twoWay, async () => Object.assign(new Answer(), { isBase64Encoded: false }) as any)
    app.routeKey('bare', twoWay, async () => new Answer() as any)
    let reads = 0
    app.routeKey('getter', twoWay, async () => ({ get body () { return reads++ === 0 ? 'first' : 7 as any } }))
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'class' }), '')
  t.equal(JSON.parse(await client.ask({ action: 'bare' })).message, 'Internal server error')
  t.equal(await client.ask({ action: 'getter' }), 'first')
})

story(t, 'an authorize hook that answers false lets nobody in, one that answers nothing does', {
  options: {
    connectionsApi: {
      authorize: [
        ((request: any) => request.headers['x-a'] === undefined ? false : undefined) as any,
        async (request) => request.headers['x-b'] !== undefined
      ]
    }
  }
}, async (t, story) => {
  const { connectionId } = (await story.open(), story.connects[0].requestContext)
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${story.httpUrl}/prod/@connections/${encodeURIComponent(connectionId)}`, { method: 'POST', body: 'x', headers })).status
  t.same([await post({}), await post({ 'x-a': '1' }), await post({ 'x-a': '1', 'x-b': '1' })], [403, 403, 200])
})

story(t, 'what is no text and no bytes is refused by name', {}, async (t, story) => {
  await story.open()
  const { connectionId } = story.connects[0].requestContext
  for (const [data, message] of [[null, /null/], [7, /type number/], [[1], /a list/], [new ArrayBuffer(1), /type object/]] as Array<[any, RegExp]>) {
    await t.rejects(story.app.webSocketApi.connections.postToConnection(connectionId, data), { code: 'AGW_ERR_MANAGEMENT_DATA', message })
  }
})

void t.test('an expression that is refused is named by its place', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  await t.rejects(async () => { await Fastify().register(apiGatewayWebSocket, { ...least, routeSelectionExpression: '$bad' }) }, { message: /^options\.routeSelectionExpression: Selection expression / })
  await app.register(apiGatewayWebSocket, least)
  for (const [options, place] of [
    [{ routeResponseSelectionExpression: '$bad' }, 'routeResponseSelectionExpression'],
    [{ modelSelectionExpression: '$bad', requestModels: { a: {} } }, 'modelSelectionExpression']
  ] as Array<[any, string]>) {
    t.throws(() => { app.routeKey('order', options, () => {}) }, { code: 'AGW_ERR_EXPRESSION_INVALID', message: new RegExp(`^routes\\.order\\.${place}: `) })
  }
  app.routeKey('$default', () => {})
})

void t.test('inject() opens no connection of an API that closes', async (t) => {
  const app = Fastify()
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$default', () => {})
  await app.ready()
  await app.close()
  await t.rejects(app.webSocketApi.inject(), { code: 'AGW_ERR_API_CLOSING', statusCode: 503 })
})

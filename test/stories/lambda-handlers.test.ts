// Handlers written for Lambda, unmodified: async, with a callback, with the old context methods, wrapped by middy, with
// Powertools, typed by @types/aws-lambda.
import { Logger } from '@aws-lambda-powertools/logger'
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { APIGatewayProxyWebsocketEventV2, APIGatewayProxyWebsocketHandlerV2, Context, Handler } from 'aws-lambda'
import t from 'tap'
import type { Test } from 'tap'
import { delay, eventually, story } from './harness.ts'
import type { Story, StoryOptions } from './harness.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const FAILED = /^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/
const TIMED_OUT = /^\{"message": "Endpoint request timed out", /

const twoWay = { routeResponseSelectionExpression: '$default' }

/** One story of one handler on a two-way route. */
function handlerStory (
  title: string, handler: (...args: any[]) => any, tell: (t: Test, ask: () => Promise<string>, story: Story) => Promise<void>, options: StoryOptions = {}
): void {
  story(t, title, { ...options, declare (app) { app.routeKey('$default', twoWay, handler) } }, async (t, story) => {
    const client = await story.open()
    await tell(t, async () => await client.ask('ping'), story)
  })
}

const answersPong = async (t: Test, ask: () => Promise<string>): Promise<void> => { t.equal(await ask(), 'pong') }
const fails = async (t: Test, ask: () => Promise<string>): Promise<void> => { t.match(await ask(), FAILED) }
const pong = { statusCode: 200, body: 'pong' }

/*
 * The contract
 */
handlerStory('an async handler answers', async () => { await delay(5); return pong }, answersPong)
handlerStory('a handler that returns at once answers', () => pong, answersPong)
handlerStory('a handler that returns a thenable answers', () => ({ then (resolve: (value: unknown) => void) { setTimeout(resolve, 5, pong) } }), answersPong)
handlerStory('a handler that calls back answers', (_event, _context, callback) => { setTimeout(callback, 5, null, pong) }, answersPong)
handlerStory('a handler that calls back at once answers', (_event, _context, callback) => { callback(null, pong) }, answersPong)
handlerStory('a handler that calls back with undefined for the error answers', (_event, _context, callback) => { callback(undefined, pong) }, answersPong)
handlerStory('an async handler that calls back answers', async (_event, _context, callback) => { callback(null, pong) }, answersPong)
handlerStory('what a handler with a callback returns does not count, unless it is a promise', (_event, _context, callback) => {
  setTimeout(callback, 5, null, pong)
  return { statusCode: 200, body: 'not this' }
}, answersPong)
handlerStory('a handler that ends by context.succeed answers', (_event, context) => { context.succeed(pong) }, answersPong)
handlerStory('a handler that ends by context.done answers', (_event, { done }) => { done(null, pong) }, answersPong)

handlerStory('a handler that throws at once fails', () => { throw new Error('mine') }, fails)
handlerStory('a handler that throws later fails', async () => { await delay(5); throw new Error('mine') }, fails)
handlerStory('M10 [observed] a handler that calls back with an error fails', (_event, _context, callback) => { setTimeout(callback, 5, new Error('mine')) }, fails)
handlerStory('a handler that calls back with a text for the error fails', (_event, _context, done) => { done('mine') }, fails)
handlerStory('a handler that ends by context.fail fails', (_event, { fail }) => { fail('mine') }, fails)
handlerStory('a handler that calls back and throws answers, for it called back first', (_event, _context, callback) => {
  callback(null, pong)
  throw new Error('too late')
}, answersPong)

handlerStory('a handler answers once, however often it ends', (_event, context, callback) => {
  callback(null, pong)
  callback(null, { statusCode: 200, body: 'again' })
  callback(new Error('again'))
  context.succeed({ statusCode: 200, body: 'again' })
  setTimeout(callback, 5, null, { statusCode: 200, body: 'again' })
  return Promise.resolve({ statusCode: 200, body: 'again' })
}, async (t, ask) => {
  t.equal(await ask(), 'pong')
  t.equal(await ask(), 'pong', 'the second answer is the second message\'s')
})

handlerStory('M12 [observed] a handler that never ends times out', async () => { await new Promise(() => {}) }, async (t, ask) => {
  t.match(await ask(), TIMED_OUT)
}, { options: { quotas: { integrationTimeoutInMillis: 60 } } })

handlerStory('a handler that never calls back times out', (_event, _context, _callback) => {}, async (t, ask) => {
  t.match(await ask(), TIMED_OUT)
}, { options: { quotas: { integrationTimeoutInMillis: 60 } } })

story(t, 'the timeout of the route rules over that of the API', {
  declare (app) { app.routeKey('$default', { timeoutInMillis: 50 }, async () => { await delay(500) }) }
}, async (t, story) => {
  t.match(await (await story.open()).ask('x'), TIMED_OUT)
})

/*
 * The result
 */
const RESULTS: Array<[what: string, result: unknown, frame: string | RegExp]> = [
  ['a body', { statusCode: 200, body: 'x' }, 'x'],
  ['a status as text', { statusCode: '201', body: 'x' }, 'x'],
  ['no status', { body: 'x' }, 'x'],
  ['an error status, M17 [observed]', { statusCode: 500, body: 'x' }, 'x'],
  ['headers that are null', { statusCode: 200, headers: null, multiValueHeaders: null, body: 'x' }, 'x'],
  ['headers of all kinds', { statusCode: 200, headers: { a: 'x', b: 1, c: true }, multiValueHeaders: { d: ['x', 2, false] }, body: 'x' }, 'x'],
  ['base64 that stays as it is', { statusCode: 200, body: 'eA==', isBase64Encoded: true }, 'eA=='],
  ['members that are undefined', { statusCode: 200, body: 'x', Data: undefined, headers: undefined }, 'x'],
  ['an empty object', {}, ''],
  ['an empty body', { statusCode: 200, body: '' }, ''],
  ['a body that is null', { statusCode: 200, body: null }, ''],
  ['an object of a class', new (class { statusCode = 200; body = 'x' })(), 'x'],
  ['M11 [observed] keys that are none of a result\'s', { ConnectionId: 'a', Data: 'x', statusCode: 200 }, FAILED],
  ['a text', 'ok', FAILED],
  ['a number', 200, FAILED],
  ['false', false, FAILED],
  ['a list', [{ statusCode: 200 }], FAILED],
  ['a status that is none', { statusCode: 'test' }, FAILED],
  ['a body that is an object', { statusCode: 200, body: { ok: true } }, FAILED],
  ['a body that is bytes', { statusCode: 200, body: Buffer.from('x') }, FAILED],
  ['multiValueHeaders that are no lists', { statusCode: 200, multiValueHeaders: { a: 'x' } }, FAILED]
]
story(t, 'a result is read as a Lambda proxy result', {
  declare (app) { app.routeKey('$default', twoWay, (event) => RESULTS[Number(event.body)]?.[1] as any) }
}, async (t, story) => {
  const client = await story.open()
  for (const [i, [what, , frame]] of RESULTS.entries()) t.match(await client.ask(String(i)), typeof frame === 'string' ? new RegExp(`^${frame}$`) : frame, what)
})

story(t, 'null and undefined are no frame', {
  declare (app) {
    app.routeKey('null', twoWay, async () => null)
    app.routeKey('undefined', twoWay, async () => {})
    app.routeKey('end', twoWay, async () => ({ body: 'end' }))
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'null' })
  client.send({ action: 'undefined' })
  await delay(20)
  t.equal(await client.ask({ action: 'end' }), 'end')
  t.equal(client.messages.length, 1)
})

/*
 * The context
 */
const contexts: Context[] = []
handlerStory('the context is Lambda\'s', async (_event, context: Context) => {
  contexts.push(context)
  return pong
}, async (t, ask) => {
  await ask()
  await ask()
  const [one, two] = contexts as [any, any]
  t.match(one, {
    functionName: 'a1b2c3d4e5-_default',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:a1b2c3d4e5-_default',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/a1b2c3d4e5-_default',
    logStreamName: /^\d{4}\/\d{2}\/\d{2}\/\[\$LATEST\]/,
    awsRequestId: UUID,
    callbackWaitsForEmptyEventLoop: true
  })
  t.not(one.awsRequestId, two.awsRequestId)
  t.equal(one.awsRequestId, one.awsRequestId)
  t.strictSame(Object.keys(JSON.parse(JSON.stringify(two))).sort(), [
    'awsRequestId', 'callbackWaitsForEmptyEventLoop', 'functionName', 'functionVersion', 'invokedFunctionArn', 'logGroupName',
    'logStreamName', 'memoryLimitInMB'
  ])
  t.ok('awsRequestId' in one && 'log' in one && !('other' in one))
}, { options: { apiId: 'a1b2c3d4e5', region: 'eu-west-1', accountId: '111122223333' } })

handlerStory('the context\'s functions may be taken off it, and its members overwritten', async (_event, context: any) => {
  const { getRemainingTimeInMillis, awsRequestId, log } = context
  const spread = { ...context, more: 1 }
  context.callbackWaitsForEmptyEventLoop = false
  context.log = 'mine'
  context.awsRequestId = 'mine too'
  context.user = 'added'
  const left = getRemainingTimeInMillis()
  const isRight = left > 28_000 && left <= 29_000 && UUID.test(awsRequestId) && typeof log.info === 'function' && spread.awsRequestId === awsRequestId && spread.getRemainingTimeInMillis() <= left &&
    context.log === 'mine' && context.awsRequestId === 'mine too' && context.user === 'added'
  return { statusCode: 200, body: isRight ? 'pong' : JSON.stringify({ left, awsRequestId, context }) }
}, answersPong)

handlerStory('a handler may give the context on as Lambda\'s wrappers do', async (event, context) => {
  const inner = async (_event: unknown, { connections, signal, log }: any): Promise<object> => {
    log.info('inner')
    await connections.postToConnection(event.requestContext.connectionId, 'pushed')
    return { statusCode: 200, body: signal.aborted === false ? 'pong' : 'aborted' }
  }
  return await inner(event, new Proxy(Object.create(context), {}))
}, async (t, ask, story) => {
  t.equal(await ask(), 'pushed')
  await eventually(() => story.app.webSocketApi.connectionCount === 1, 'still open')
})

/*
 * Wrappers
 */
const order: string[] = []
const wrapped = middy<APIGatewayProxyWebsocketEventV2>()
  .use({
    before: ({ event, context }) => { order.push(`before ${event.requestContext.routeKey} ${context.functionName.length > 0}`) },
    after: ({ response }) => { order.push(`after ${(response as any).statusCode}`) }
  })
  .handler(async (event) => {
    if (event.body === 'fail') throw new Error('mine')
    return { statusCode: 200, body: `${event.body as string} by middy` }
  })
story(t, 'a handler wrapped by middy runs with its middlewares', {
  declare (app) { app.routeKey('$default', twoWay, wrapped) }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('ping'), 'ping by middy')
  t.match(await client.ask('fail'), FAILED)
  t.strictSame(order, ['before $default true', 'after 200', 'before $default true'])
})

story(t, 'a middleware of middy may answer instead of the handler, and for its errors', {
  declare (app) {
    app.routeKey('early', twoWay, middy<any, any>().use({ before: async () => ({ statusCode: 200, body: 'early' }) }).handler(async () => { throw new Error('not reached') }))
    app.routeKey('late', twoWay, middy<any, any>().use({ onError: async (request) => { request.response = { statusCode: 500, body: 'handled' } } }).handler(async () => { throw new Error('mine') }))
  },
  withoutLifecycleRoutes: true
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'early' }), 'early')
  t.equal(await client.ask({ action: 'late' }), 'handled')
})

story(t, 'middy refuses a handshake', {
  withoutLifecycleRoutes: true,
  declare (app) { app.routeKey('$connect', middy<any, any>().handler(async () => ({ statusCode: 401, body: 'no' }))) }
}, async (t, story) => {
  const refusal = await story.refused()
  t.equal(refusal.statusCode, 401)
  t.equal(refusal.body, 'no')
})

const logged: Array<Record<string, any>> = []
const logger = new Logger({ serviceName: 'chat' })
Reflect.set(logger, 'console', new Proxy(console, {
  get: (target, name) => name === 'info' ? (line: string) => { logged.push(JSON.parse(line)) } : Reflect.get(target, name)
}))

story(t, 'the logger of Powertools finds its context, by call and as a middleware', {
  declare (app) {
    const byCall: APIGatewayProxyWebsocketHandlerV2 = async (event, context) => {
      logger.addContext(context)
      logger.info('by call', { connectionId: event.requestContext.connectionId })
      return pong
    }
    app.routeKey('call', twoWay, byCall)
    app.routeKey('middleware', twoWay, middy<any, any>().use(injectLambdaContext(logger, { logEvent: false, resetKeys: true })).handler(async () => {
      logger.info('as a middleware')
      return pong
    }))
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'call' }), 'pong')
  t.equal(await client.ask({ action: 'middleware' }), 'pong')
  const [call, middleware] = logged as [Record<string, any>, Record<string, any>]
  t.match(call, { message: 'by call', service: 'chat', function_request_id: UUID, function_memory_size: '128', connectionId: String })
  t.match(call.function_name, /-call$/)
  t.match(call.function_arn, /^arn:aws:lambda:/)
  t.match(middleware, { message: 'as a middleware', function_request_id: UUID })
  t.match(middleware.function_name, /-middleware$/)
})

/*
 * Types of Lambda
 */
const typed: APIGatewayProxyWebsocketHandlerV2 = async ({ requestContext, body }) => {
  return { statusCode: 200, body: `${requestContext.routeKey} ${requestContext.eventType} ${body ?? ''}` }
}
const typedByCallback: Handler<APIGatewayProxyWebsocketEventV2, { statusCode: number, body: string }> = (event, _context, callback) => {
  callback(null, { statusCode: 200, body: `${event.requestContext.connectionId.length}` })
}
story(t, 'handlers typed by @types/aws-lambda fit as they are', {
  declare (app) {
    app.routeKey('typed', twoWay, typed)
    app.routeKey('callback', twoWay, typedByCallback)
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'typed' }), 'typed MESSAGE {"action":"typed"}')
  t.equal(await client.ask({ action: 'callback' }), '16')
})

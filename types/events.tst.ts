// What a handler is given and may return, by route key.
import type { APIGatewayProxyResult, APIGatewayProxyWebsocketEventV2, APIGatewayProxyWebsocketHandlerV2, Callback, Context } from 'aws-lambda'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import middy from '@middy/core'
import { describe, expect, test } from 'tstyche'
import type {
  Connections, EventOfRoute, RouteContext, WebSocketConnectEvent, WebSocketDisconnectEvent, WebSocketEvent, WebSocketMessageEvent
} from '../lib/index.ts'

declare const app: FastifyInstance

describe('the event', () => {
  test('follows the route key', () => {
    app.routeKey('$connect', (event) => { expect(event).type.toBe<WebSocketConnectEvent>() })
    app.routeKey('$disconnect', (event) => { expect(event).type.toBe<WebSocketDisconnectEvent>() })
    app.routeKey('$default', (event) => { expect(event).type.toBe<WebSocketMessageEvent>() })
    app.routeKey('order', { timeoutInMillis: 100 }, (event) => { expect(event).type.toBe<WebSocketMessageEvent>() })
    expect<EventOfRoute<string>>().type.toBe<WebSocketEvent>()
  })

  test('has the members of its kind', () => {
    app.routeKey('$connect', ({ headers, queryStringParameters, requestContext }) => {
      expect(headers).type.toBe<Record<string, string>>()
      expect(queryStringParameters).type.toBe<Record<string, string> | undefined>()
      expect(requestContext.eventType).type.toBe<'CONNECT'>()
      expect(requestContext).type.not.toHaveProperty('messageId')
      expect(requestContext.identity.userAgent).type.toBe<string | undefined>()
    })
    app.routeKey('order', (event) => {
      expect(event.body).type.toBe<string>()
      expect(event.requestContext.messageId).type.toBe<string>()
      expect(event).type.not.toHaveProperty('headers')
    })
    app.routeKey('$disconnect', ({ requestContext }) => {
      expect(requestContext.disconnectStatusCode).type.toBe<number>()
      expect(requestContext.disconnectReason).type.toBe<string>()
    })
  })

  test('tells its kind by eventType', () => {
    const { requestContext } = {} as WebSocketEvent
    if (requestContext.eventType === 'MESSAGE') expect(requestContext.messageId).type.toBe<string>()
    if (requestContext.eventType === 'DISCONNECT') expect(requestContext.disconnectReason).type.toBe<string>()
  })

  test('carries the authorizer as text', () => {
    app.routeKey('order', ({ requestContext: { authorizer } }) => {
      expect(authorizer?.['anything']).type.toBe<string | undefined>()
    })
  })
})

describe('the rest of a handler', () => {
  test('context, callback and this are typed', () => {
    app.routeKey('order', function (_event, context, callback) {
      expect(this).type.toBe<FastifyInstance>()
      expect(context).type.toBe<RouteContext>()
      expect(context.connections).type.toBe<Connections>()
      expect(context.log).type.toBe<FastifyBaseLogger>()
      expect(context.signal).type.toBe<AbortSignal>()
      expect(callback).type.toBeCallableWith(null, { statusCode: 200 })
    })
  })

  test('this is the instance that declares, with its decorators', () => {
    const decorated = app as FastifyInstance & { tea: () => string }
    decorated.routeKey('tea', function () {
      expect(this.tea()).type.toBe<string>()
      return { body: this.tea() }
    })
  })

  test('routeKey gives the instance back', () => {
    expect(app.routeKey('a', () => {}).routeKey('b', {}, () => {})).type.toBe<FastifyInstance>()
  })
})

describe('the result', () => {
  test('is a proxy result, null, nothing, or a promise of one', () => {
    app.routeKey('a', () => ({ statusCode: 200, headers: { n: 1 }, body: 'x' }))
    app.routeKey('a', async () => ({ body: 'x' }))
    app.routeKey('a', async () => ({}))
    app.routeKey('a', () => null)
    app.routeKey('a', async () => {})
    app.routeKey('a', async (event) => event.body === '' ? undefined : { body: '' })
  })

  test('is refused where API Gateway would call it malformed', () => {
    expect(app.routeKey).type.not.toBeCallableWith('a', () => ({ Data: 'x' }))
    expect(app.routeKey).type.not.toBeCallableWith('a', async () => ({ statuscode: 200 }))
    expect(app.routeKey).type.not.toBeCallableWith('a', () => ({ body: { a: 1 } }))
    expect(app.routeKey).type.not.toBeCallableWith('a', async (event: WebSocketMessageEvent) => ({ body: event }))
    expect(app.routeKey).type.not.toBeCallableWith('a', () => 200)
    expect(app.routeKey).type.not.toBeCallableWith('a', {}, () => ({ body: 1 }))
  })
})

describe('handlers written for Lambda', () => {
  test('are taken as they are', () => {
    const typed: APIGatewayProxyWebsocketHandlerV2 = async (event) => ({ statusCode: 200, body: event.requestContext.connectionId })
    const called = (_event: APIGatewayProxyWebsocketEventV2, context: Context, callback: Callback<APIGatewayProxyResult>): void => {
      callback(null, { statusCode: 200, body: context.awsRequestId })
    }
    const wrapped = middy(async (event: APIGatewayProxyWebsocketEventV2) => ({ statusCode: 200, body: event.body ?? '' }))
    app.routeKey('$connect', typed)
    app.routeKey('a', typed)
    app.routeKey('a', {}, typed)
    app.routeKey('a', called)
    app.routeKey('a', wrapped)
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, wrapped)
  })

  test('get what their types promise', () => {
    expect<Context>().type.toBeAssignableFrom<RouteContext>()
    expect<APIGatewayProxyWebsocketEventV2>().type.toBeAssignableFrom<WebSocketMessageEvent>()
  })
})

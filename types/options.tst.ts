// What the plugin, a route and the running API take and give.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describe, expect, test } from 'tstyche'
import apiGatewayWebSocket, { apiGatewayWebSocket as named, GoneException, LimitExceededException } from '../lib/index.ts'
import type {
  ApiGatewayWebSocketOptions, ConnectionInformation, RouteOptions, WebSocketApi, WebSocketInjectResult
} from '../lib/index.ts'

// Optional, because an augmentation holds for every file that is compiled with this one.
declare module '../lib/index.ts' {
  interface WebSocketAuthorizerContext {
    tenant?: string
  }
}

declare const app: FastifyInstance
declare const request: FastifyRequest

const MINIMUM = { stage: 'prod', routeSelectionExpression: '$request.body.action' } as const

describe('register', () => {
  test('takes the options', () => {
    app.register(apiGatewayWebSocket, MINIMUM)
    app.register(named, { ...MINIMUM, quotas: { messageBytes: Infinity }, connectionsApi: { authorize: 'NONE' } })
    app.register(apiGatewayWebSocket, {
      ...MINIMUM,
      upgrade: { onRequest: async (request) => { await request.server.ready() }, preHandler: [(_request, _reply, done) => { done() }] },
      handler: (_request, reply) => reply.send('hello'),
      connectionsApi: { authorize: [async (_request, reply) => await reply.code(403).send(), (_request, _reply, done) => { done() }] },
      onIntegrationError: (error, { event, log }) => { log.error({ error, connectionId: event.requestContext.connectionId }) },
      extensions: { emptyResponse: 'SKIP' },
      drain: { deadlineInMillis: 1 },
      routes: {
        $connect: { integration: { handler: async () => ({ statusCode: 200 }) } },
        order: { routeResponses: { $default: {} }, integration: { integrationType: 'AWS_PROXY', handler: (event) => ({ body: event.body }) } }
      }
    })
  })

  test('needs a route selection expression and exactly one of stage and stages', () => {
    expect<ApiGatewayWebSocketOptions>().type.not.toBeAssignableFrom<{ stage: string }>()
    expect<ApiGatewayWebSocketOptions>().type.not.toBeAssignableFrom<{ routeSelectionExpression: string }>()
    expect<ApiGatewayWebSocketOptions>().type.not.toBeAssignableFrom<{
      stage: string, stages: Array<{ stageName: string }>, routeSelectionExpression: string
    }>()
    expect<ApiGatewayWebSocketOptions>().type.toBeAssignableFrom<{ stages: Array<{ stageName: string }>, routeSelectionExpression: string }>()
  })

  test('refuses what no option takes', () => {
    expect(check).type.toBeCallableWith(MINIMUM)
    expect(check).type.not.toBeCallableWith({ ...MINIMUM, stage: 7 })
    expect(check).type.not.toBeCallableWith({ ...MINIMUM, extensions: { emptyResponse: 'SEND' } })
    expect(check).type.not.toBeCallableWith({ ...MINIMUM, connectionsApi: {} })
    expect(check).type.not.toBeCallableWith({ stage: 'prod', routeSelectionExpression: '', unknown: 1 })
    expect(check).type.not.toBeCallableWith({ stage: 'prod', routeSelectionExpression: '', quotas: { messagebytes: 1 } })
  })

  test('options of a route are closed too', () => {
    expect<RouteOptions>().type.toBeAssignableFrom<{ routeResponses: {} }>()
    const declare = (options: RouteOptions): RouteOptions => options
    expect(declare).type.not.toBeCallableWith({ timeoutInMilis: 100 })
    expect(declare).type.not.toBeCallableWith({ routeResponses: { other: {} } })
  })
})

declare function check (options: ApiGatewayWebSocketOptions): void

describe('request.authorizer', () => {
  test('is typed by the augmented interface', () => {
    expect(request.authorizer?.tenant).type.toBe<string | undefined>()
    request.authorizer = { tenant: 'acme', principalId: 'ada', admin: true, level: 7, region: null }
    request.authorizer = null
  })

  test('takes scalars, and only what the interface says', () => {
    type Authorizer = NonNullable<FastifyRequest['authorizer']>
    expect<Authorizer>().type.not.toBeAssignableFrom<{ tenant: number }>()
    expect<Authorizer>().type.not.toBeAssignableFrom<{ tenant: string, roles: string[] }>()
    expect<Authorizer>().type.toBeAssignableFrom<{ tenant: string, level: number }>()
  })
})

describe('app.webSocketApi', () => {
  test('is the running API', async () => {
    expect(app.webSocketApi).type.toBe<WebSocketApi>()
    expect(app.webSocketApi.get('orders')).type.toBe<WebSocketApi>()
    expect(app.webSocketApi.printRouteKeys()).type.toBe<string>()
    expect(app.webSocketApi.connectionCount).type.toBe<number>()
    expect(await app.webSocketApi.inject({ body: '{}', query: { a: '1' }, authorizer: { principalId: 'ada' } })).type.toBe<WebSocketInjectResult>()
    expect(app.webSocketApi.inject).type.not.toBeCallableWith({ body: {} })
  })

  test('connections are the commands of AWS', async () => {
    const { connections } = app.webSocketApi
    expect(connections.postToConnection).type.toBeCallableWith('id', Buffer.from('x'))
    expect(connections.postToConnection).type.not.toBeCallableWith('id', { text: 'x' })
    expect(await connections.getConnection('id')).type.toBe<ConnectionInformation>()
    expect(connections.deleteConnection('id')).type.toBe<Promise<void>>()
  })

  test('its exceptions can be told apart', () => {
    const error: unknown = undefined
    if (error instanceof GoneException || error instanceof LimitExceededException) {
      expect(error.code).type.toBe<string>()
      expect(error.name).type.toBe<string>()
      expect(error.message).type.toBe<string>()
    }
  })
})

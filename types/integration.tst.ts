// What the editor says of integrations: wrong combinations are errors, and a type provider types what a handler gets.
import type { FastifyInstance, FastifyTypeProvider } from 'fastify'
import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'
import { describe, expect, test } from 'tstyche'
import type {
  ApiGatewayWebSocketOptions, IntegrationDefinition, WebSocketMessageEvent
} from './index.js'

declare const app: FastifyInstance

describe('integrations as data', () => {
  test('each type takes what belongs to it', () => {
    expect<IntegrationDefinition>().type.toBeAssignableFrom({ handler: () => ({ statusCode: 200 }) })
    expect<IntegrationDefinition>().type.toBeAssignableFrom({ integrationType: 'MOCK' as const, requestTemplates: { $default: '{}' } })
    expect<IntegrationDefinition>().type.toBeAssignableFrom({ integrationType: 'HTTP' as const, integrationUri: '/x', integrationMethod: 'POST', integrationResponses: { $default: {} } })
    expect<IntegrationDefinition>().type.toBeAssignableFrom({ integrationType: 'AWS' as const, handler: (input: { id: number }) => [input.id] })
    expect<IntegrationDefinition>().type.toBeAssignableFrom({ integrationType: 'AWS_PROXY' as const, integrationUri: 'arn:aws:lambda:x' })
  })

  test('what has no place in a type is an error', () => {
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ handler: () => ({}), requestTemplates: { $default: '{}' } })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ integrationType: 'HTTP_PROXY' as const, integrationUri: '/x', integrationMethod: 'POST', requestTemplates: {} })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ integrationType: 'HTTP' as const, integrationUri: '/x', integrationMethod: 'POST', handler: () => ({}) })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ integrationType: 'HTTP' as const, integrationUri: '/x' })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ integrationType: 'MOCK' as const, integrationUri: '/x' })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({ integrationType: 'AWS' as const })
    expect<IntegrationDefinition>().type.not.toBeAssignableFrom({})
  })

  test('options hold models, integrations, functions and services', () => {
    expect<ApiGatewayWebSocketOptions>().type.toBeAssignableFrom({
      stage: 'prod',
      routeSelectionExpression: '$request.body.action',
      models: { Order: Type.Object({ id: Type.Integer() }) },
      integrations: { ping: { integrationType: 'MOCK' as const } },
      functions: { double: (n: number) => n * 2 },
      services: { 'sqs:SendMessage': async () => ({ statusCode: 200, body: { MessageId: '1' } }) },
      routes: { ping: { target: 'ping' } }
    })
  })
})

interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

describe('routeKey', () => {
  const Buy = Type.Object({ id: Type.Integer() })
  const Sell = Type.Object({ price: Type.Number() })

  test('a handler beside AWS_PROXY gets the event', () => {
    app.routeKey('order', { integration: { requestParameters: {} } }, async (event) => { expect(event).type.toBe<WebSocketMessageEvent>() })
  })

  test('a handler beside AWS gets what its models say, through the type provider', () => {
    const typed = app.withTypeProvider<TypeBoxProvider>()
    typed.routeKey('order', { requestModels: { $default: Buy }, modelSelectionExpression: 'x', integration: { integrationType: 'AWS' } }, (order) => {
      expect(order).type.toBe<{ id: number }>()
    })
    typed.routeKey('order', { requestModels: { buy: Buy, sell: Sell }, integration: { integrationType: 'AWS' } }, (order) => {
      expect(order).type.toBe<{ id: number } | { price: number }>()
    })
  })

  test('a template or a model\'s name leaves the input untyped', () => {
    const typed = app.withTypeProvider<TypeBoxProvider>()
    typed.routeKey('order', { requestModels: { $default: Buy }, integration: { integrationType: 'AWS', requestTemplates: { $default: '{}' } } }, (order) => { expect(order).type.toBe<any>() })
    typed.routeKey('order', { requestModels: { $default: 'Order' }, integration: { integrationType: 'AWS' } }, (order) => { expect(order).type.toBe<any>() })
  })

  test('a route needs a handler, or an integration that needs none', () => {
    app.routeKey('ping', { integration: { integrationType: 'MOCK' } })
    app.routeKey('ping', { target: 'ping' })
    expect(app.routeKey).type.not.toBeCallableWith('ping')
    expect(app.routeKey).type.not.toBeCallableWith('ping', {})
    expect(app.routeKey).type.not.toBeCallableWith('ping', { integration: { integrationType: 'MOCK' } }, () => ({}))
    expect(app.routeKey).type.not.toBeCallableWith('ping', { integration: { integrationType: 'HTTP', integrationUri: '/x', integrationMethod: 'GET' } }, () => ({}))
  })
})

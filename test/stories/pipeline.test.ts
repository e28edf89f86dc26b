// The whole pipeline over real sockets: a message through its model, its templates and every kind of integration, and
// the answer back through the integration response and the route response.
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import type { IntegrationDefinition, RouteDefinition, ServiceRequest } from '../../lib/index.ts'
import { eventually, story } from './harness.ts'
import type { Client } from './harness.ts'

const TWO_WAY = { routeResponses: { $default: {} } }

const ORDER = {
  type: 'object',
  required: ['item', 'count'],
  properties: { item: { type: 'string', pattern: '^[a-z-]{1,20}$' }, count: { type: 'integer', minimum: 1 }, action: {} },
  additionalProperties: false
}
const MODEL = { modelSelectionExpression: '$request.body.action', requestModels: { order: 'Order', $default: { type: 'object' } } }
const REQUEST = `#set($order = $input.path('$'))
{"item": "$util.escapeJavaScript($order.item)", "count": $order.count, "by": "$context.connectionId", "stage": "$stageVariables.env", "who": "$!context.authorizer.principalId"}`
const ANSWERED = "{\"total\": $input.path('$.total'), \"id\": \"$context.requestId\"}"
const REFUSED = "{\"error\": \"$input.path('$.message')\", \"status\": \"$context.status\"}"
const RESPONSES = {
  '/2\\d{2}/': { responseTemplates: { $default: ANSWERED } },
  '/4\\d{2}/': { responseTemplates: { $default: REFUSED } },
  $default: { responseTemplates: { $default: '{"error": "unexpected"}' } }
}

/** What shop, service and function answer alike. */
function price ({ item, count }: { item: string, count: number }): { statusCode: number, body: object } {
  return item === 'unicorn' ? { statusCode: 404, body: { message: 'no unicorn' } } : { statusCode: 201, body: { total: count * 3 } }
}

/** A shop in a server of its own. */
async function startShop (t: Test): Promise<{ url: string, orders: any[], headers: any[] }> {
  const shop = Fastify()
  const orders: any[] = []
  const headers: any[] = []
  addShop(shop, (order, given) => { orders.push(order); headers.push(given) })
  const url = await shop.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(async () => { await shop.close() })
  return { url, orders, headers }
}

function addShop (app: FastifyInstance, note: (order: any, headers: any) => void): void {
  app.post('/shops/:shop/orders', async (request, reply) => {
    note(request.body, request.headers)
    const { statusCode, body } = price(request.body as any)
    return await reply.code(statusCode).send(body)
  })
}

const HTTP: IntegrationDefinition = {
  integrationType: 'HTTP',
  integrationMethod: 'POST',
  integrationUri: '/shops/{shop}/orders',
  requestParameters: {
    'integration.request.path.shop': 'context.connectionId',
    'integration.request.header.content-type': "'application/json'",
    'integration.request.header.x-item': 'route.request.body.item'
  },
  requestTemplates: { $default: REQUEST },
  integrationResponses: RESPONSES
}

/** The same messages get the same answers, whoever stands behind the route. */
async function order (t: Test, client: Client, notedOrders: any[]): Promise<void> {
  t.match(JSON.parse(await client.ask({ action: 'order', item: 'tea', count: 2 })), { total: 6, id: /^[\w-]{15}=$/ })
  t.match(notedOrders[0], { item: 'tea', count: 2, by: /^[\w-]{15}=$/, stage: 'blue' })
  t.same(JSON.parse(await client.ask({ action: 'order', item: 'unicorn', count: 1 })), { error: 'no unicorn', status: '404' })
  for (const wrong of [{ item: 'tea' }, { item: 'tea', count: 0 }, { item: 'TEA', count: 1 }, { item: 'tea', count: 1, more: 1 }]) {
    t.match(JSON.parse(await client.ask({ action: 'order', ...wrong })), { message: 'Bad request body', connectionId: String, requestId: String, messageId: String })
  }
  t.equal(notedOrders.length, 2, 'what does not fit the model reaches nobody')
}

const STAGES = { stages: [{ stageName: 'prod', stageVariables: { env: 'blue', shop: 'x' } }] }

t.test('an order goes to a shop in another server', async (t) => {
  const { url, orders, headers } = await startShop(t)
  const integration = { ...HTTP, integrationUri: `${url}/shops/{shop}/orders` } as IntegrationDefinition
  story(t, 'and back', { options: { ...STAGES, models: { Order: ORDER }, routes: { order: { ...TWO_WAY, ...MODEL, integration } } } }, async (t, story) => {
    const client = await story.open()
    await order(t, client, orders)
    t.match(headers[0], { 'x-item': 'tea', 'user-agent': /^AmazonAPIGateway_/, 'content-type': 'application/json' })
    await client.close()
  })
})

const ordersHere: any[] = []
story(t, 'an order goes to a route of the same server, which knows who the client is', {
  options: { ...STAGES, models: { Order: ORDER }, routes: { order: { ...TWO_WAY, ...MODEL, integration: HTTP } } },
  before (app) {
    app.addHook('preHandler', async (request) => { if (request.ws) request.authorizer = { principalId: 'ada' } as any })
    addShop(app, (given) => { ordersHere.push(given) })
  }
}, async (t, story) => {
  const client = await story.open()
  await order(t, client, ordersHere)
  t.equal(ordersHere[0].who, 'ada')
  await client.close()
})

const served: ServiceRequest[] = []
const ordersServed: any[] = []
story(t, 'an order goes to a service of AWS', {
  options: {
    ...STAGES,
    models: { Order: ORDER },
    services: {
      'sqs:SendMessage' (request) {
        served.push(request)
        const given = JSON.parse(new URLSearchParams(request.body).get('MessageBody') as string)
        ordersServed.push(given)
        return price(given)
      }
    },
    routes: {
      order: {
        ...TWO_WAY,
        ...MODEL,
        integration: {
          ...HTTP,
          integrationType: 'AWS',
          integrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders',
          requestParameters: { 'integration.request.header.content-type': "'application/x-www-form-urlencoded'" },
          requestTemplates: { $default: `${REQUEST.split('\n')[0] as string}\nAction=SendMessage&MessageBody=$util.urlEncode("${(REQUEST.split('\n')[1] as string).replaceAll('"', '""').replace('$util.escapeJavaScript($order.item)', '$order.item')}")` }
        } as IntegrationDefinition
      }
    }
  }
}, async (t, story) => {
  const client = await story.open()
  await order(t, client, ordersServed)
  t.equal(served[0]?.action, 'SendMessage')
  await client.close()
})

const ordersCalled: any[] = []
story(t, 'an order goes to a function', {
  options: {
    ...STAGES,
    models: { Order: ORDER },
    routes: {
      order: {
        ...TWO_WAY,
        ...MODEL,
        integration: {
          integrationType: 'AWS',
          async handler (given: any) {
            ordersCalled.push(given)
            const { statusCode, body } = price(given)
            if (statusCode === 404) throw new Error('no unicorn')
            return body
          },
          requestTemplates: { $default: REQUEST },
          integrationResponses: {
            '/no .*/': { responseTemplates: { $default: "{\"error\": \"$input.path('$.errorMessage')\", \"status\": \"404\"}" } },
            $default: { responseTemplates: { $default: ANSWERED } }
          }
        } as IntegrationDefinition
      }
    }
  }
}, async (t, story) => {
  const client = await story.open()
  await order(t, client, ordersCalled)
  await client.close()
})

story(t, 'a ping is answered without anybody behind it, and templates are chosen by what the message says', {
  options: {
    routes: {
      ping: {
        ...TWO_WAY,
        integration: {
          integrationType: 'MOCK',
          templateSelectionExpression: '$request.body.kind',
          requestTemplates: { slow: '{"statusCode": 202}', $default: '{"statusCode": 200}' },
          integrationResponses: {
            '/202/': { responseTemplates: { $default: 'later' } },
            $default: { templateSelectionExpression: '$request.body.as', responseTemplates: { xml: '<pong/>', $default: '{"pong": $context.requestTimeEpoch}' } }
          }
        }
      }
    }
  }
}, async (t, story) => {
  const client = await story.open()
  t.match(JSON.parse(await client.ask({ action: 'ping' })), { pong: Number })
  t.equal(await client.ask({ action: 'ping', as: 'xml' }), '<pong/>')
  t.equal(await client.ask({ action: 'ping', kind: 'slow' }), 'later')
  await client.close()
})

/* What a client, a template or a mapping can get wrong */

const failing = (integration: Partial<IntegrationDefinition>): RouteDefinition => ({
  ...TWO_WAY,
  integration: { integrationType: 'MOCK', requestTemplates: { $default: '{"statusCode":200}' }, integrationResponses: { $default: {} }, ...integration } as IntegrationDefinition
})
const here = (more: object): Partial<IntegrationDefinition> => ({ ...HTTP, requestParameters: {}, requestTemplates: {}, integrationResponses: { $default: {} }, integrationUri: '/echo/{p}', ...more } as Partial<IntegrationDefinition>)

const CASES: ReadonlyArray<readonly [what: string, route: RouteDefinition, message: string, frame: string]> = [
  ['a request template that fails', failing({ requestTemplates: { $default: '#set($x = [1])$x[5]' } }), '{}', 'Internal server error'],
  ['a request template that loops too long', failing({ requestTemplates: { $default: '#foreach($i in [1..900])#foreach($j in [1..900])#set($x = $j)#end#end' } }), '{}', 'Internal server error'],
  ['a request template that grows too large', failing({ requestTemplates: { $default: '#set($x = "xxxxxxxxxx")#foreach($i in [1..40])#set($x = "$x$x")#end$x' } }), '{}', 'Internal server error'],
  ['a request template that asks for a long text again and again', failing({ requestTemplates: { $default: "#foreach($i in [1..900])#set($x = $input.json('$.text'))#end{\"statusCode\": 200}" } }), JSON.stringify({ text: 'x'.repeat(30_000) }), 'Internal server error'],
  ['a response template that fails', failing({ integrationResponses: { $default: { responseTemplates: { $default: '#set($x = [1])$x[5]' } } } }), '{}', 'Internal server error'],
  ['a request template of broken JSON', failing({ requestTemplates: { $default: "$input.path('$.a')" } }), '{a', 'Bad Request'],
  ['a request template of JSON nested too deeply', failing({ requestTemplates: { $default: "$input.path('$')" } }), '['.repeat(15_000) + ']'.repeat(15_000), 'Bad Request'],
  ['a mock without a status', failing({ requestTemplates: { $default: 'nothing' } }), '{}', 'Internal server error'],
  ['no integration response that matches', failing({ integrationResponses: { '/5\\d\\d/': {} } }), '{}', 'Internal server error'],
  ['a passthrough that is refused', failing({ requestTemplates: {}, passthroughBehavior: 'NEVER' }), '{}', 'Unsupported media type'],
  ['bytes that are no Base64', failing(here({ contentHandlingStrategy: 'CONVERT_TO_BINARY' })), 'not base64!', 'Internal server error'],
  ['a line break for a header', failing(here({ requestParameters: { 'integration.request.path.p': "'x'", 'integration.request.header.x': 'route.request.body.v' } })), JSON.stringify({ v: 'a\r\nX-Admin: 1' }), 'Internal server error'],
  ['a NUL for a header', failing(here({ requestParameters: { 'integration.request.path.p': "'x'", 'integration.request.header.x': 'route.request.body.v' } })), JSON.stringify({ v: 'a\0b' }), 'Internal server error'],
  ...['..', '.'].map((v) => [`the path parameter ${v}`, failing(here({ requestParameters: { 'integration.request.path.p': 'route.request.body.v' } })), JSON.stringify({ v }), 'Internal server error'] as const),
  ['a path parameter that holds a path', failing(here({ requestParameters: { 'integration.request.path.p': 'route.request.body.v' } })), JSON.stringify({ v: '../admin?x=1#y' }), '/echo/..%2Fadmin%3Fx%3D1%23y'],
  ['a path parameter that is encoded already', failing(here({ requestParameters: { 'integration.request.path.p': 'route.request.body.v' } })), JSON.stringify({ v: '%2e%2e%2fadmin' }), '/echo/%252e%252e%252fadmin'],
  ['a host for a path parameter', failing(here({ requestParameters: { 'integration.request.path.p': 'route.request.body.v' } })), JSON.stringify({ v: '//evil.example/' }), '/echo/%2F%2Fevil.example%2F'],
  ['a query that would add another', failing(here({ requestParameters: { 'integration.request.path.p': "'x'", 'integration.request.querystring.q': 'route.request.body.v' } })), JSON.stringify({ v: '1&admin=1#' }), '/echo/x?q=1%26admin%3D1%23']
]

for (const [what, route, message, expected] of CASES) {
  story(t, `${what}: ${expected}`, {
    options: { routes: { $default: route } },
    before (app) { app.post('/echo/*', async (request) => request.raw.url) }
  }, async (t, story) => {
    const client = await story.open()
    for (let i = 0; i < 2; i++) {
      const frame = await client.ask(message)
      t.equal(frame.startsWith('{"message": "') ? JSON.parse(frame).message : frame, expected)
    }
    t.equal(client.socket.readyState, 1, 'the socket stays open')
    t.equal(story.transport.api.messagesInFlight, 0)
    await client.close()
  })
}

story(t, 'stage variables are the stage\'s alone: nothing that a client sends gets into a URI', {
  options: {
    stages: [{ stageName: 'prod', stageVariables: { base: 'echo' } }],
    routes: { $default: failing({ ...HTTP, integrationUri: '/${stageVariables.base}/${stageVariables.none}x${request.body.v}', requestParameters: {}, requestTemplates: {}, integrationResponses: { $default: {} } } as Partial<IntegrationDefinition>) }
  },
  before (app) { app.post('/echo/*', async (request) => request.raw.url) }
}, async (t, story) => {
  const client = await story.open()
  const frame = await client.ask({ v: 'evil', base: 'admin', stageVariables: { none: 'evil' } })
  t.notMatch(frame, /evil|admin/)
  t.match(frame, /^\/echo\/x/)
  await client.close()
})

story(t, 'a route that answers by way of the gateway again and again is stopped', {
  options: { routes: { $default: { integration: { integrationType: 'HTTP', integrationMethod: 'POST', integrationUri: '/again', integrationResponses: { $default: {} } }, ...TWO_WAY } } },
  declare (app) {
    app.post('/again', async () => {
      const { frames } = await app.webSocketApi.inject({ body: '{}' })
      return frames[0]
    })
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(JSON.parse(await client.ask('{}')).message, 'Internal server error')
  await eventually(() => story.transport.api.messagesInFlight === 0, 'all of them ended')
  await client.close()
  await eventually(() => story.disconnects.length === story.connects.length, 'each had its $disconnect')
})

// A candidate for the rig: one API with ten two-way routes, as lean or as complete as the environment says.
//
//   PORT       where to listen, on 127.0.0.1; the API is at /prod, its @connections at /prod/@connections
//   ROUTES     how many routes there are: 10
//   HANDLER    plain (default), async, or parse: an async one that parses the body again, as a Lambda function must;
//              or an integration: mock, with a request and a response template, or http, a route of the same server
//   MODEL=1    a model checks every message
//   CONNECT=1  $connect has a handler
//   FULL=1     also $disconnect, stage variables and an authorizer: all that a connection can carry
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'
import { ECHO_URL, registerEcho } from './echo-route.js'

const { PORT = '3000', ROUTES = '10', HANDLER = 'plain', MODEL, CONNECT, FULL } = process.env
const TWO_WAY = { routeResponses: { $default: {} } }

/** As long a reply as the baselines', made of what a handler has without parsing: its route and its message. */
function answer ({ body, requestContext }) {
  return { statusCode: 200, body: JSON.stringify({ action: requestContext.routeKey, n: body.length }) }
}

const HANDLERS = {
  plain: answer,
  async: async (event) => answer(event),
  parse: async (event) => {
    const { action, n } = JSON.parse(event.body)
    return { statusCode: 200, body: JSON.stringify({ action, n }) }
  }
}

const INTEGRATIONS = {
  mock: {
    integrationType: 'MOCK',
    requestTemplates: { $default: '{"statusCode": 200, "order": "$input.path(\'$.orderId\')"}' },
    templateSelectionExpression: '\\$default',
    integrationResponses: {
      $default: {
        templateSelectionExpression: '\\$default',
        responseTemplates: { $default: '{"action":"$context.routeKey","n":$context.requestTimeEpoch}' }
      }
    }
  },
  http: { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: ECHO_URL }
}

/** The shape of the rig's messages. */
const ORDER = {
  type: 'object',
  required: ['action', 'n', 'orderId', 'items'],
  properties: {
    action: { type: 'string', minLength: 1 },
    n: { type: 'integer', minimum: 0 },
    orderId: { type: 'string', pattern: '^ord-[0-9]+$' },
    note: { type: 'string' },
    customer: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, name: { type: 'string' } } },
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'qty'],
        properties: { sku: { type: 'string' }, qty: { type: 'integer', minimum: 1 }, price: { type: 'number' } }
      }
    }
  }
}

const options = {
  ...TWO_WAY,
  ...(MODEL === '1' ? { modelSelectionExpression: 'order', requestModels: { order: ORDER } } : undefined)
}

const app = Fastify()
registerEcho(app)
if (FULL === '1') {
  app.addHook('onRequest', (request, reply, done) => {
    request.authorizer = { tenant: 'acme', principalId: 'ada' }
    done()
  })
}
await app.register(apiGatewayWebSocket, {
  ...(FULL === '1' ? { stages: [{ stageName: 'prod', stageVariables: { table: 'orders' } }] } : { stage: 'prod' }),
  routeSelectionExpression: '$request.body.action',
  connectionsApi: { authorize: 'NONE' },
  // The rig connects from one machine as fast as it can.
  quotas: { newConnectionsPerSecond: Infinity, pendingConnections: Infinity, requestsPerSecond: Infinity }
})
for (let i = 0; i < Number(ROUTES); i++) {
  const integration = INTEGRATIONS[HANDLER]
  if (integration === undefined) app.routeKey(`route${i}`, options, HANDLERS[HANDLER])
  else app.routeKey(`route${i}`, { ...options, integration })
}
app.routeKey('whoami', TWO_WAY, ({ requestContext: { connectionId } }) => ({ body: JSON.stringify({ connectionId }) }))
if (CONNECT === '1' || FULL === '1') app.routeKey('$connect', () => ({ statusCode: 200 }))
if (FULL === '1') app.routeKey('$disconnect', () => {})

await app.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 })

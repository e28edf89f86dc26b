// A candidate for the rig: one API with ten two-way routes, as lean or as complete as the environment says.
//
//   PORT       where to listen, on 127.0.0.1; the API is at /prod, its @connections at /prod/@connections
//   ROUTES     how many routes there are: 10
//   HANDLER    plain (default), async, or parse: an async one that parses the body again, as a Lambda function must
//   CONNECT=1  $connect has a handler
//   FULL=1     also $disconnect, stage variables and an authorizer: all that a connection can carry
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const { PORT = '3000', ROUTES = '10', HANDLER = 'plain', CONNECT, FULL } = process.env
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

const app = Fastify()
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
for (let i = 0; i < Number(ROUTES); i++) app.routeKey(`route${i}`, TWO_WAY, HANDLERS[HANDLER])
app.routeKey('whoami', TWO_WAY, ({ requestContext: { connectionId } }) => ({ body: JSON.stringify({ connectionId }) }))
if (CONNECT === '1' || FULL === '1') app.routeKey('$connect', () => ({ statusCode: 200 }))
if (FULL === '1') app.routeKey('$disconnect', () => {})

await app.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 })

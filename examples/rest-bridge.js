// REST routes serve WebSocket messages, without a line of their own for it: their hooks, their validation, their errors.
// Run it with `node examples/rest-bridge.js` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })
const orders = new Map([[1, { id: 1, item: 'tea', by: 'ada' }]])

await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  upgrade: {
    onRequest: async (request, reply) => {
      if (request.query.user === undefined) return await reply.code(401).send({ message: 'Who are you? ?user=ada' })
      request.authorizer = { user: request.query.user }
    }
  },
  routes: {
    read: bridge('GET', '/orders/{id}'),
    order: bridge('POST', '/orders')
  }
})

/** A message as a request to a path of this server: `{id}` from the message, the message as body, the answer back. */
function bridge (integrationMethod, integrationUri) {
  return {
    routeResponses: { $default: {} },
    integration: {
      integrationType: 'HTTP_PROXY',
      integrationMethod,
      integrationUri,
      requestParameters: { 'integration.request.path.id': 'route.request.body.id' }
    }
  }
}

// The service as it was, but that it also believes the gateway who somebody is.
app.addHook('preHandler', async (request, reply) => {
  request.user = request.authorizer?.user ?? request.headers['x-user']
  if (request.user === undefined) return await reply.code(401).send({ message: 'Who are you?' })
})

app.get('/orders/:id', { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } } } }, async (request, reply) => {
  return orders.get(request.params.id) ?? await reply.code(404).send({ message: 'No such order' })
})

app.post('/orders', {
  schema: { body: { type: 'object', required: ['item'], properties: { item: { type: 'string' } } } }
}, async (request, reply) => {
  const order = { id: orders.size + 1, item: request.body.item, by: request.user }
  orders.set(order.id, order)
  return await reply.code(201).send(order)
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
process.once('SIGINT', () => app.close())
console.log(`Order with: npx wscat -c 'ws://localhost:${app.server.address().port}/prod?user=ada' -x '{"action":"order","item":"tea"}'`)

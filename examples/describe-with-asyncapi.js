// A document of AsyncAPI 3 for whoever writes a client: made of the running API and served beside it, so the two cannot
// differ. Run it with `node examples/describe-with-asyncapi.js` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })

await app.register(apiGatewayWebSocket, {
  name: 'orders',
  version: '1.2.0',
  description: 'Orders of a tea shop',
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  models: {
    Order: { type: 'object', required: ['tea'], properties: { tea: { type: 'string' }, grams: { type: 'integer', minimum: 0, exclusiveMinimum: true } } },
    Receipt: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } }
  }
})

// A handshake without ?shop= is refused; the document says so, too.
app.routeKey('$connect', { requestParameters: { 'route.request.querystring.shop': { required: true } } }, async () => ({ statusCode: 200 }))

let orders = 0
app.routeKey('order', {
  operationName: 'Order',
  modelSelectionExpression: '\\$default',
  requestModels: { $default: 'Order' },
  routeResponses: { $default: { responseModels: { $default: 'Receipt' } } }
}, async () => ({ statusCode: 200, body: JSON.stringify({ number: ++orders }) }))

app.get('/asyncapi.json', async (request) => {
  const { document } = await app.webSocketApi.toAsyncAPI({ host: request.host, protocol: 'ws' })
  return document
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
process.once('SIGINT', () => app.close())
const { port } = app.server.address()
console.log(`The document: http://localhost:${port}/asyncapi.json
Order with:   npx wscat -c 'ws://localhost:${port}/prod?shop=1' -x '{"action":"order","tea":"Assam"}'`)

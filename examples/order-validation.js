// A message on its whole way: a model refuses what is no order, a template renders the request, a function answers with
// any JSON, and its errors select the response. Run it with `node examples/order-validation.js` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })
const stock = { tea: 2 }

await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  models: {
    Item: { type: 'object', required: ['name', 'count'], properties: { name: { type: 'string' }, count: { type: 'integer', minimum: 1 } } },
    Order: { type: 'object', required: ['items'], properties: { items: { type: 'array', minItems: 1, items: { $ref: 'Item' } } } }
  }
})

app.routeKey('order', {
  modelSelectionExpression: '\\$default',
  requestModels: { $default: 'Order' },
  routeResponseSelectionExpression: '$default',
  integration: {
    integrationType: 'AWS',
    requestTemplates: { $default: '{"items": $input.json(\'$.items\'), "by": "$context.connectionId"}' },
    integrationResponses: {
      '/Out of stock: .*/': { responseTemplates: { $default: '{"refused": "$input.path(\'$.errorMessage\')"}' } },
      $default: { responseTemplates: { $default: '{"ordered": $input.json(\'$.names\'), "status": $context.status}' } }
    }
  }
}, ({ items }) => {
  for (const { name, count } of items) {
    if ((stock[name] ?? 0) < count) throw new Error(`Out of stock: ${name}`)
  }
  for (const { name, count } of items) stock[name] -= count
  return { names: items.map(({ name }) => name) }
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
process.once('SIGINT', () => app.close())
console.log(`Order with: npx wscat -c ws://localhost:${app.server.address().port}/prod
  {"action":"order","items":[{"name":"tea","count":1}]}`)

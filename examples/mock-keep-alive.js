// ping → pong without a handler: a mock answers from its templates, and keeps idle connections open.
// Run it with `node examples/mock-keep-alive.js` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })

await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  routes: {
    ping: {
      routeResponses: { $default: {} },
      integration: {
        integrationType: 'MOCK',
        requestTemplates: { $default: '{"statusCode": 200}' },
        integrationResponses: {
          $default: { responseTemplates: { $default: '{"pong": $context.requestTimeEpoch, "connectedAt": $context.connectedAt}' } }
        }
      }
    }
  }
})

await app.listen({ port: Number(process.env.PORT ?? 3000) })
process.once('SIGINT', () => app.close())
console.log(`Ping with: npx wscat -c ws://localhost:${app.server.address().port}/prod -x '{"action":"ping"}'`)

// Unmodified Lambda functions behind a WebSocket API, without AWS: the ones in lambda-functions/ run here as they are,
// the AWS SDK in them included. Run it with `node examples/lambda-handlers.js` after `npm run build`.
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'
import { connect, disconnect, whoami } from './lambda-functions/lifecycle.js'
import { handler as sendmessage } from './lambda-functions/sendmessage.js'

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

const app = Fastify({ logger: { level: 'warn' } })
await app.register(apiGatewayWebSocket, {
  stage: 'prod',
  routeSelectionExpression: '$request.body.action',
  // @connections over HTTP, for the AWS SDK. You say who may call it: here, this machine.
  connectionsApi: {
    authorize: async (request, reply) => {
      if (!LOOPBACK.has(request.ip)) return reply.code(403).send({ message: 'Forbidden' })
    }
  }
})

app.routeKey('$connect', connect)
app.routeKey('$disconnect', disconnect)
app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, whoami)
app.routeKey('sendmessage', { routeResponseSelectionExpression: '$default' }, sendmessage)

await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })

// What Lambda would put into the environment. The SDK signs with any credentials.
const at = `localhost:${app.server.address().port}`
process.env.WEBSOCKET_ENDPOINT = `http://${at}/prod`
process.env.AWS_REGION ??= 'us-east-1'
process.env.AWS_ACCESS_KEY_ID ??= 'example'
process.env.AWS_SECRET_ACCESS_KEY ??= 'example'

console.log(`
  Connect twice   npx wscat -c ws://${at}/prod
  Ask             anything; the answer is your connection id
  Send            {"action":"sendmessage","to":"<the other's connection id>","text":"hello"}
`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())

// Three ways to push to a connection: from the server's own code, from any HTTP client, and with the AWS SDK from
// another process. `node examples/push-from-anywhere.js` starts the server; with an endpoint, a connection id and a text
// the same file is that other process. It wants `npm run build` first.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const SECRET = process.env.PUSH_SECRET ?? 'only for this example'

const [endpoint, connectionId, ...words] = process.argv.slice(2)
if (endpoint === undefined) await serve()
else await push(words.join(' '))

async function serve () {
  const app = Fastify({ logger: { level: 'warn' } })
  await app.register(apiGatewayWebSocket, {
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    connectionsApi: {
      // Any hook will do: a token, a certificate, an address. Who it does not answer may call.
      authorize: async (request, reply) => {
        if (request.headers['x-push-secret'] !== SECRET) return reply.code(403).send({ message: 'Forbidden' })
      }
    }
  })

  // Whatever you send is answered with your connection id.
  app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async ({ requestContext }) => {
    return { body: requestContext.connectionId }
  })

  // In process: from a route, a timer, a queue's consumer.
  app.post('/notify/:connectionId', async (request, reply) => {
    const { connections } = app.webSocketApi
    try {
      await connections.postToConnection(request.params.connectionId, `in process: ${request.body.text}`)
    } catch (error) {
      if (error.name !== 'GoneException') throw error
      return reply.code(404).send({ message: 'The connection is closed' })
    }
    return reply.code(204).send()
  })

  await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })
  const at = `localhost:${app.server.address().port}`
  console.log(`
  Connect      npx wscat -c ws://${at}/prod
               and send anything to learn your connection id; in the commands below it stands for ID
  In process   curl -H 'content-type: application/json' -d '{"text":"hello"}' http://${at}/notify/ID
  HTTP         curl -H 'x-push-secret: ${SECRET}' -d hello http://${at}/prod/@connections/ID
  AWS SDK      node examples/push-from-anywhere.js http://${at}/prod ID hello
`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
}

async function push (text) {
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'example', secretAccessKey: 'example' }
  })
  client.middlewareStack.add((next) => async (args) => {
    args.request.headers['x-push-secret'] = SECRET
    return await next(args)
  }, { step: 'build' })
  try {
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: `AWS SDK: ${text}` }))
    console.log('sent')
  } catch (error) {
    console.error(`${error.name}: ${error.message}`)
    process.exitCode = 1
  }
}

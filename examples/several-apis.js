// Several APIs on one server: two in one scope, the second one with a name, and one in a scope with hooks of its own.
// One API can have several stages, too. Run it with `node examples/several-apis.js` after `npm run build`.
import fastifyWebsocket from '@fastify/websocket'
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const TWO_WAY = { routeResponseSelectionExpression: '$default' }

const app = Fastify({ logger: { level: 'warn' } })

// Scopes beside each other share the server's upgrade listener, so @fastify/websocket goes to their common parent.
await app.register(fastifyWebsocket)

await app.register(async function open (app) {
  await app.register(apiGatewayWebSocket, {
    routeSelectionExpression: '$request.body.move',
    stages: [
      { stageName: 'game', stageVariables: { dice: '6' } },
      { stageName: 'game-beta', stageVariables: { dice: '20' } }
    ]
  })
  await app.register(apiGatewayWebSocket, { name: 'lobby', stage: 'lobby', routeSelectionExpression: '$request.body.action' })

  app.routeKey('roll', TWO_WAY, async ({ stageVariables }) => {
    return { body: `${1 + Math.floor(Math.random() * Number(stageVariables.dice))} of ${stageVariables.dice}` }
  })
  app.routeKey('players', { api: 'lobby', ...TWO_WAY }, async function () {
    return { body: `${this.webSocketApi.connectionCount} playing, ${this.webSocketApi.get('lobby').connectionCount} in the lobby` }
  })
})

await app.register(async function operations (app) {
  app.addHook('onRequest', async (request, reply) => {
    if (request.query.key !== 'operator') return reply.code(401).send({ message: 'Unauthorized' })
  })
  await app.register(apiGatewayWebSocket, { stage: 'status', prefix: '/operations', routeSelectionExpression: '$request.body.action' })
  app.routeKey('$default', TWO_WAY, async () => ({ body: `up ${Math.round(process.uptime())} s` }))
})

await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })
const at = `localhost:${app.server.address().port}`
console.log(`
  Game        npx wscat -c ws://${at}/game         and type {"move":"roll"}
  Its beta    npx wscat -c ws://${at}/game-beta    and type {"move":"roll"}
  Lobby       npx wscat -c ws://${at}/lobby        and type {"action":"players"}
  Operations  npx wscat -c 'ws://${at}/operations/status?key=operator'    and type anything
`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())

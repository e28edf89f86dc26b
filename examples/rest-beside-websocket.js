// A REST service that gets a WebSocket API: its routes stay as they are, its tokens open connections, and a request
// pushes to whoever watches. Run it with `node examples/rest-beside-websocket.js` after `npm run build`.
import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import apiGatewayWebSocket from 'fastify-apigateway-websocket'

const app = Fastify({ logger: { level: 'warn' } })

// The service as it was: a login, and orders that only their tenant sees.
await app.register(fastifyJwt, { secret: process.env.JWT_SECRET ?? 'a secret for this example only' })
const orders = []
const verify = async (request) => { await request.jwtVerify() }

app.post('/login', async (request) => {
  const { user, tenant } = request.body
  return { token: app.jwt.sign({ sub: user, tenant }) }
})

app.get('/orders', { onRequest: verify }, async (request) => {
  return orders.filter(({ tenant }) => tenant === request.user.tenant)
})

app.post('/orders', { onRequest: verify }, async (request, reply) => {
  const order = { number: orders.length + 1, tenant: request.user.tenant, item: request.body.item }
  orders.push(order)
  await tellWatchers(order)
  return reply.code(201).send(order)
})

// What is new: a scope with its hook, and the API in it.
const watchers = new Map()
let live

await app.register(async function watching (app) {
  // Runs on the handshake alone. A refusal is an HTTP status; no socket opens.
  app.addHook('onRequest', async (request) => {
    // Browsers cannot send headers with a handshake, so its token may come in the query string.
    const { token } = request.query
    if (token !== undefined) request.headers.authorization ??= `Bearer ${token}`
    await request.jwtVerify()
    request.authorizer = { principalId: request.user.sub, tenant: request.user.tenant }
  })

  await app.register(apiGatewayWebSocket, { stage: 'live', routeSelectionExpression: '$request.body.action' })
  live = app.webSocketApi

  app.routeKey('$disconnect', ({ requestContext }) => { watchers.delete(requestContext.connectionId) })

  app.routeKey('watch', { routeResponseSelectionExpression: '$default' }, async ({ requestContext }) => {
    const { connectionId, authorizer } = requestContext
    watchers.set(connectionId, authorizer.tenant)
    return { body: `${authorizer.principalId} watches the orders of ${authorizer.tenant}` }
  })
})

async function tellWatchers (order) {
  const its = [...watchers].filter(([, tenant]) => tenant === order.tenant)
  await Promise.allSettled(its.map(([connectionId]) => {
    return live.connections.postToConnection(connectionId, JSON.stringify(order))
  }))
}

await app.listen({ port: Number(process.env.PORT ?? 3000), host: 'localhost' })
const at = `localhost:${app.server.address().port}`
const token = app.jwt.sign({ sub: 'ada', tenant: 'acme' })
console.log(`
  Watch    npx wscat -c 'ws://${at}/live?token=${token}'
           and type {"action":"watch"}
  Order    curl -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '{"item":"tea"}' http://${at}/orders
  Refused  npx wscat -c 'ws://${at}/live'
`)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())

// A baseline: bare @fastify/websocket, whose handler gives every message to a route of the same server by app.inject().
//
//   PORT       where to listen, on 127.0.0.1
import fastifyWebsocket from '@fastify/websocket'
import Fastify from 'fastify'
import { ECHO_URL, registerEcho } from './echo-route.js'

const { PORT = '3000' } = process.env

const app = Fastify()
await app.register(fastifyWebsocket, { options: { perMessageDeflate: false } })
registerEcho(app)
app.get('/', { websocket: true }, (socket) => {
  socket.on('message', async (data) => {
    const { payload } = await app.inject({
      method: 'POST', url: ECHO_URL, headers: { 'content-type': 'application/json' }, payload: data.toString()
    })
    socket.send(payload)
  })
})

await app.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 })

// A file of its own, and so a process: calls are followed from the first inject() on, which here is the loop's own.
import Fastify from 'fastify'
import t from 'tap'
import WebSocket from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import { Client } from '../stories/harness.ts'

t.test('a loop of a route and the gateway that a client\'s message starts is counted and refused', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  let calls = 0
  app.post('/again', async () => { calls++; return (await app.webSocketApi.inject({ body: '{}' })).frames })
  await app.register(apiGatewayWebSocket, {
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    routes: {
      $default: { routeResponses: { $default: {} }, integration: { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: '/again' } }
    }
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const client = new Client(new WebSocket(`${url.replace('http', 'ws')}/prod`))
  await client.opened
  t.match(await client.ask({}), /Internal server error/)
  t.equal(calls, 6, 'the first call of all was made before anybody could follow it')
  calls = 0
  t.match(await client.ask({}), /Internal server error/)
  t.equal(calls, 5)
  await client.close()
})

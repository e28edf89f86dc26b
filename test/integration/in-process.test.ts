// HTTP and HTTP_PROXY with a path of this server: hooks, validation and handler of ordinary routes serve messages.
import Fastify from 'fastify'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import WebSocket from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { HttpIntegration, HttpProxyIntegration } from '../../lib/index.ts'
import { Client } from '../stories/harness.ts'
import { createGateway, oneWay, twoWay } from './gateway.ts'

const INTERNAL = ['Internal server error']
const http = (integrationUri: string, more: Partial<HttpIntegration> = {}): HttpIntegration =>
  ({ integrationType: 'HTTP', integrationMethod: 'POST', integrationUri, integrationResponses: { $default: {} }, ...more })
const proxy = (integrationUri: string, integrationMethod = 'POST'): HttpProxyIntegration =>
  ({ integrationType: 'HTTP_PROXY', integrationUri, integrationMethod })

t.test('an existing REST route serves a WebSocket message over a real socket, its hooks and validation included', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  const hooked: string[] = []
  app.addHook('onRequest', async (request, reply) => {
    hooked.push(`${request.method} ${request.url} ${request.authorizer?.sub ?? 'nobody'}`)
    if (request.url.startsWith('/orders') && request.authorizer === null) await reply.code(401).send({ message: 'who are you?' })
  })
  await app.register(apiGatewayWebSocket, {
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    upgrade: { onRequest: async (request) => { request.authorizer = { sub: 'ada', age: 36 } } },
    routes: {
      order: {
        routeResponses: { $default: {} },
        integration: http('/orders/{shop}', {
          requestTemplates: { $default: '{"id": $input.json(\'$.id\')}' },
          requestParameters: { 'integration.request.path.shop': 'route.request.body.shop', 'integration.request.header.x-request': 'context.requestId' },
          integrationResponses: { '/4\\d\\d/': { responseTemplates: { $default: 'refused: $input.path(\'$.message\')' } }, $default: {} }
        })
      }
    }
  })
  app.post<{ Params: { shop: string }, Body: { id: number } }>('/orders/:shop', {
    schema: { body: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } }
  }, async (request, reply) => await reply.code(201).send({
    shop: request.params.shop, id: request.body.id, authorizer: request.authorizer, ip: request.ip, host: request.host, agent: request.headers['user-agent']?.slice(0, 16), mapped: request.headers['x-request'] !== undefined
  }))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  t.equal((await fetch(`${url}/orders/x`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"id":1}' })).status, 401, 'a stranger from outside')
  const client = new Client(new WebSocket(`${url.replace('http', 'ws')}/prod`))
  await client.opened
  t.same(JSON.parse(await client.ask({ action: 'order', shop: 'a/b', id: 7 })), {
    shop: 'a/b', id: 7, authorizer: { sub: 'ada', age: '36' }, ip: '127.0.0.1', host: url.slice('http://'.length), agent: 'AmazonAPIGateway', mapped: true
  })
  t.match(await client.ask({ action: 'order', shop: 'x', id: 'seven' }), /^refused: body\/id must be integer/)
  t.match(hooked.slice(-2), ['POST /orders/a%2Fb ada', 'POST /orders/x ada'])
  await client.close()
})

t.test('request.authorizer of a call is the connection\'s: not of a request the route makes itself, nor of one from outside', async (t) => {
  const { app, connect } = await createGateway(t, twoWay(proxy('/who')), (app) => {
    app.post('/who', async (request) => [request.authorizer?.sub, (await request.server.inject('/inner')).json()])
    app.get('/inner', async (request) => request.authorizer)
  })
  t.same((await connect({ body: '{}', authorizer: { sub: 'ada' } })).frames, ['["ada",null]'])
  t.same((await connect({ body: '{}' })).frames, ['[null,null]'])
  t.equal((await app.inject('/inner')).payload, 'null')
})

t.test('a server that decorated its requests itself sees the authorizer all the same', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  app.decorateRequest('authorizer', null)
  await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action', ...twoWay(proxy('/who')) })
  app.post('/who', async (request) => request.authorizer)
  await app.ready()
  t.same((await app.webSocketApi.inject({ body: '{}', authorizer: { sub: 'ada' } })).frames, ['{"sub":"ada"}'])
})

t.test('methods, bodies and statuses are those of a request over the network', async (t) => {
  const { connect } = await createGateway(t, {
    routes: {
      $connect: { integration: proxy('/allowed?from=gateway', 'GET') },
      get: { routeResponses: { $default: {} }, integration: proxy('/echo', 'GET') },
      put: { routeResponses: { $default: {} }, integration: proxy('/echo', 'PUT') },
      text: { routeResponses: { $default: {} }, integration: { ...proxy('/echo'), requestParameters: { 'integration.request.header.Content-Type': "'text/plain'" } } },
      missing: { routeResponses: { $default: {} }, integration: proxy('/missing') },
      throws: { routeResponses: { $default: {} }, integration: http('/throws', { integrationResponses: { '/500/': { responseTemplates: { $default: 'five hundred' } } } }) }
    }
  }, (app) => {
    app.get('/allowed', async (request, reply) => await reply.code((request.query as any).user === 'ada' ? 204 : 403).send())
    app.route({ method: ['GET', 'PUT', 'POST'], url: '/echo', handler: async ({ method, body, headers }) => ({ method, body: body ?? null, type: headers['content-type'] ?? null }) })
    app.post('/throws', async () => { throw new Error('secret') })
  })
  t.equal((await connect()).statusCode, 403)
  t.equal((await connect({ query: 'user=ada' })).statusCode, 101, 'HTTP_PROXY forwards the query')
  const answers = await connect({ query: 'user=ada', bodies: ['get', 'put', 'text', 'missing', 'throws'].map((action) => `{"action":"${action}"}`) })
  t.same(answers.frames.slice(0, 3).map((frame) => JSON.parse(frame)), [
    { method: 'GET', body: null, type: null },
    { method: 'PUT', body: { action: 'put' }, type: 'application/json' },
    { method: 'POST', body: '{"action":"text"}', type: 'text/plain' }
  ])
  t.match(JSON.parse(answers.frames[3] as string), { statusCode: 404 })
  t.equal(answers.frames[4], 'five hundred')
})

t.test('a route that takes too long is told that nobody waits, and its answer is dropped', async (t) => {
  const seen: string[] = []
  const { ask } = await createGateway(t, oneWay(http('/slow', { timeoutInMillis: 100 })), (app) => {
    app.post('/slow', async (_, reply) => {
      reply.raw.once('close', () => { seen.push('closed') })
      await delay(300)
      seen.push('answered')
      return 'late'
    })
  })
  const { refusals } = await ask('{}')
  t.same(refusals, ['Endpoint request timed out'])
  await delay(400)
  t.same(seen, ['closed', 'answered'])
})

for (const return503OnClosing of [true, false]) {
  t.test(`a closing server runs the route of $disconnect, or says why not: return503OnClosing is ${String(return503OnClosing)}`, async (t) => {
    const failures: string[] = []
    const write = (line: string): void => {
      const { level, err } = JSON.parse(line)
      if (level >= 40) failures.push(err?.code)
    }
    const app = Fastify({ return503OnClosing, logger: { stream: { write } } })
    let left = 0
    app.post('/left', async () => { left++ })
    await app.register(apiGatewayWebSocket, {
      stage: 'prod', routeSelectionExpression: '$request.body.action', routes: { $disconnect: { integration: proxy('/left') } }
    })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    await new Client(new WebSocket(`${url.replace('http', 'ws')}/prod`)).opened
    await app.close()
    t.same({ left, failures }, return503OnClosing ? { left: 0, failures: ['AGW_ERR_INTEGRATION_SERVER_CLOSING'] } : { left: 1, failures: [] })
  })
}

t.test('an answer is bounded while it streams, and one that breaks off ends in one frame', async (t) => {
  let sent = 0
  const { Readable } = await import('node:stream')
  const { ask } = await createGateway(t, {
    quotas: { integrationResponseBytes: 100_000 },
    routes: { huge: { routeResponses: { $default: {} }, integration: http('/huge') }, broken: { routeResponses: { $default: {} }, integration: http('/broken') } }
  }, (app) => {
    app.post('/huge', async (_, reply) => await reply.send(Readable.from((async function * () {
      for (let i = 0; i < 100_000; i++) { sent += 1000; yield Buffer.alloc(1000); await delay(0) }
    })())))
    app.post('/broken', async (_, reply) => await reply.send(Readable.from((async function * () { yield 'half'; throw new Error('broke off') })())))
  })
  const { refusals, causes } = await ask({ action: 'huge' }, { action: 'broken' })
  t.same(refusals, [...INTERNAL, ...INTERNAL])
  t.match(causes[0], /more than 100000 bytes/)
  const after = sent
  await delay(50)
  t.ok(sent - after < 10_000, 'the route was stopped')
})

t.test('a route that answers a message by way of the gateway again is counted and refused', async (t) => {
  let calls = 0
  const { ask, app } = await createGateway(t, twoWay(http('/again')), (app) => {
    app.post('/again', async () => { calls++; return (await app.webSocketApi.inject({ body: '{}' })).frames })
  })
  const { frames } = await ask('{}')
  t.equal(calls, 5)
  t.match(frames[0], /Internal server error/)
  calls = 0
  t.match((await app.webSocketApi.inject({ body: '{}' })).frames[0], /Internal server error/)
  t.equal(calls, 5, 'counted for each message anew')
})

t.test('the gateway\'s own paths, called in process, are plain requests', async (t) => {
  const { ask } = await createGateway(t, twoWay(http('/prod', { integrationResponses: { '/426/': { responseTemplates: { $default: 'upgrade required' } } } })))
  t.same((await ask('{}')).frames, ['upgrade required'])
})

for (const integrationUri of ['//evil/x', '/\\evil', '/x#y']) {
  t.test(`registration refuses the path ${integrationUri}`, async (t) => {
    await t.rejects(createGateway(t, oneWay(http(integrationUri))), { code: 'AGW_ERR_INTEGRATION_URI' })
  })
}

t.test('no value makes a path of this server another route', async (t) => {
  const { ask } = await createGateway(t, twoWay(proxy('/users/{id}', 'GET')), (app) => {
    app.get('/admin', async () => 'admin')
    app.get('/', async () => 'root')
    app.get<{ Params: { id: string } }>('/users/:id', async ({ params }) => `user ${params.id}`)
  })
  const { ask: mapped } = await createGateway(t, twoWay({ ...proxy('/users/{id}', 'GET'), requestParameters: { 'integration.request.path.id': 'route.request.body.id' } }), (app) => {
    app.get('/admin', async () => 'admin')
    app.get<{ Params: { id: string } }>('/users/:id', async ({ params }) => `user ${params.id}`)
  })
  t.same((await ask('{}')).frames, ['user {id}'])
  for (const id of ['../admin', '/../admin', 'x?y', '%2e%2e/admin']) t.same((await mapped({ id })).frames, [`user ${id}`])
  t.same((await mapped({ id: '..' })).refusals, INTERNAL)
})

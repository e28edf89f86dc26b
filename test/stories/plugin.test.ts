// The plugin at start-up: options and their errors, several APIs on one server, orders that cannot work, and the
// doors of app.webSocketApi.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import fastifyWebsocket from '@fastify/websocket'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import WebSocket from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { story } from './harness.ts'

const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 })
const twoWay = { routeResponseSelectionExpression: '$default' }
const least: ApiGatewayWebSocketOptions = { stage: 'prod', routeSelectionExpression: '$request.body.action' }
const withRoute = { ...least, routes: { $default: { integration: { handler } } } }

/** What starting a server with these options, or with what `declare` does, fails with. */
async function failure (given: object, declare?: (app: FastifyInstance) => unknown): Promise<{ code?: string, message: string }> {
  const app = Fastify()
  try {
    await app.register(apiGatewayWebSocket, given as ApiGatewayWebSocketOptions)
    await declare?.(app)
    await app.ready()
  } catch (error) {
    return error as Error
  } finally {
    await app.close()
  }
  return { message: 'nothing failed' }
}

/** A server that is closed with the test. */
function server (t: { after: (end: () => Promise<void>) => void }): FastifyInstance {
  const app = Fastify()
  t.after(async () => { await app.close() })
  return app
}

/*
 * Options
 */
const staged = (stage: object): object => ({ ...least, stage: undefined, stages: [{ stageName: 'prod', ...stage }] })
const withDomain = (domain: object): object =>
  ({ ...least, domainNames: [{ domainName: 'ws.example.com', apiMappings: [{ stage: 'prod' }], ...domain }] })
const INVALID: Array<[given: object, message: string]> = [
  [{}, 'options.routeSelectionExpression is missing; it must be a string: a selection expression such as $request.body.action'],
  [{ routeSelectionExpression: 'x' }, 'options.stage is missing; name one stage in stage, or several in stages'],
  [{ ...least, stages: [{ stageName: 'a' }] }, 'options.stages is one too many; name one stage in stage, or several in stages'],
  [{ ...least, stage: 'my stage' }, 'options.stage is "my stage"; it must be a string: letters, digits, - and _, at most 128'],
  [{ ...least, stage: undefined, stages: [] }, 'options.stages is []; it must be a list of at least one stage'],
  [{ ...least, stage: undefined, stages: [{}] }, 'options.stages[0].stageName is missing; it must be a string: letters, digits, - and _, at most 128'],
  [{ ...least, stage: undefined, stages: [{ stageName: 'a' }, { stageName: 'a' }] }, 'options.stages[1].stageName is "a" for a second time; stage names are unique'],
  [
    { ...least, stage: undefined, stages: [{ stageName: 'a', stageVariables: { 'no-good': 'x' } }] },
    'options.stages[0].stageVariables has the name "no-good"; names must be letters, digits and _, at most 64'
  ],
  [
    { ...least, stage: undefined, stages: [{ stageName: 'a', stageVariables: { v: 'a b' } }] },
    'options.stages[0].stageVariables.v is "a b"; it must be a string: letters, digits and - . _ ~ : / ? # & = , at most 512'
  ],
  [{ ...least, prefix: 'api' }, 'options.prefix is "api"; it must be a string: a path that begins with / and does not end with one, or nothing'],
  [{ ...least, prefix: '/' }, 'options.prefix is "/"; it must be a string: a path that begins with / and does not end with one, or nothing'],
  [{ ...least, apiId: 'ABC' }, 'options.apiId is "ABC"; it must be a string: 10 lower-case letters and digits'],
  [{ ...least, accountId: 123456789012 }, 'options.accountId is 123456789012; it must be a string: 12 digits'],
  [{ ...least, region: 'Europe' }, 'options.region is "Europe"; it must be a string: a region such as us-east-1'],
  [{ ...least, domainName: 'https://a.example' }, 'options.domainName is "https://a.example"; it must be a string: a host name, with or without a port'],
  [{ ...least, logLevel: 'loud' }, 'options.logLevel is "loud"; it must be one of fatal, error, warn, info, debug, trace, silent'],
  [{ ...least, handler: 'x' }, 'options.handler is "x"; it must be a function'],
  [{ ...least, upgrade: { onRequest: [1] } }, 'options.upgrade.onRequest is [1]; it must be a function or a list of functions'],
  [
    { ...least, upgrade: { onSend: handler } },
    'options.upgrade.onSend is unknown; allowed are onRequest, preValidation, preHandler, schema, config, constraints'
  ],
  [{ ...least, quotas: { idle: 1 } }, 'options.quotas.idle is unknown; allowed are messageBytes, frameBytes, urlLength, headerBytes, idleTimeoutInMillis, connectionDurationInMillis, integrationTimeoutInMillis, newConnectionsPerSecond, requestsPerSecond, requestBurst, pendingConnections, inFlightMessages, bufferedBytes, closeTimeoutInMillis, integrationResponseBytes'],
  [{ ...least, quotas: { frameBytes: -1 } }, 'options.quotas.frameBytes is -1; it must be a number from 0; 0 or Infinity switches the limit off'],
  [{ ...least, quotas: { frameBytes: NaN } }, 'options.quotas.frameBytes is NaN; it must be a number from 0; 0 or Infinity switches the limit off'],
  [{ ...least, connectionsApi: {} }, "options.connectionsApi.authorize is missing; it must be a hook, a list of hooks, 'AWS_IAM' or 'NONE'"],
  [{ ...least, connectionsApi: { authorize: 'ANY' } }, "options.connectionsApi.authorize is \"ANY\"; it must be a hook, a list of hooks, 'AWS_IAM' or 'NONE'"],
  [{ ...least, connectionsApi: { authorize: [] } }, "options.connectionsApi.authorize is []; it must be a hook, a list of hooks, 'AWS_IAM' or 'NONE'"],
  [{ ...least, routes: { order: { targets: 'x' } } }, 'routes.order.targets is unknown; allowed are authorizationType, authorizerId, apiKeyRequired, modelSelectionExpression, requestModels, requestParameters, target, operationName, routeResponseSelectionExpression, routeResponses, integration'],
  [{ ...least, routes: { order: { integration: { handler: 7 } } } }, 'routes.order.integration.handler is 7; it must be a function'],
  [
    { ...least, routes: { order: { routeResponses: { other: {} } } } },
    'routes.order.routeResponses.other is unknown; allowed are $default'
  ],
  [{ ...least, ipAddressType: 'ipv6' }, 'options.ipAddressType is "ipv6"; it must be ipv4 or dualstack'],
  [staged({ autoDeploy: 'yes' }), 'options.stages[0].autoDeploy is "yes"; it must be true or false'],
  [staged({ accessPolicyId: 1 }), 'options.stages[0].accessPolicyId is 1; it must be a string: at most 1024 characters'],
  [
    staged({ accessLogSettings: { format: '$context.connectionId' } }),
    'options.stages[0].accessLogSettings.format is "$context.connectionId"; it must be a string: one line of at most 3072 characters that holds $context.requestId or $context.extendedRequestId'
  ],
  [
    staged({ accessLogSettings: { format: '$context.requestId\n$context.status' } }),
    'options.stages[0].accessLogSettings.format is "$context.requestId\\n$context.status"; it must be a string: one line of at most 3072 characters that holds $context.requestId or $context.extendedRequestId'
  ],
  [staged({ accessLogSettings: { destination: 'x' } }), 'options.stages[0].accessLogSettings.destination is unknown; allowed are destinationArn, format'],
  [staged({ tags: { team: 7 } }), 'options.stages[0].tags.team is 7; it must be a string: at most 1600 characters'],
  [
    { ...least, apiKeys: { k: { stageKeys: [{ restApi: 'x' }] } } },
    'options.apiKeys.k.stageKeys[0].restApi is unknown; allowed are restApiId, stageName'
  ],
  [withDomain({ routingMode: 'ALL' }), 'options.domainNames[0].routingMode is "ALL"; it must be API_MAPPING_ONLY, ROUTING_RULE_THEN_API_MAPPING, ROUTING_RULE_ONLY'],
  [
    withDomain({ domainNameConfigurations: [{ endpointType: 'PRIVATE' }] }),
    'options.domainNames[0].domainNameConfigurations[0].endpointType is "PRIVATE"; it must be REGIONAL or EDGE'
  ],
  [
    withDomain({ domainNameConfigurations: [{ securityPolicy: 'TLS_1_3' }] }),
    'options.domainNames[0].domainNameConfigurations[0].securityPolicy is "TLS_1_3"; it must be TLS_1_0 or TLS_1_2'
  ]
]
void t.test('an option that is not valid is refused with its place, its value and what is allowed', async (t) => {
  for (const [given, message] of INVALID) {
    const error = await failure(given)
    t.equal(error.message, message)
    t.equal(error.code, 'AGW_ERR_OPTIONS_INVALID', message)
  }
})

void t.test('every writable property of the resources of API Gateway is accepted, so that nothing is lost', async (t) => {
  const app = server(t)
  const tags = { team: 'orders' }
  await app.register(apiGatewayWebSocket, {
    routeSelectionExpression: '$request.body.action',
    description: 'orders',
    version: '1',
    ipAddressType: 'dualstack',
    tags,
    stages: [{
      stageName: 'prod',
      description: 'production',
      stageVariables: { table: 'orders' },
      autoDeploy: true,
      clientCertificateId: 'abc123',
      accessPolicyId: 'policy',
      accessLogSettings: {
        destinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:orders', format: '{"id":"$context.requestId","status":"$context.status"}'
      },
      defaultRouteSettings: { dataTraceEnabled: true, detailedMetricsEnabled: true, loggingLevel: 'INFO', throttlingBurstLimit: 5, throttlingRateLimit: 1.5 },
      routeSettings: { $default: { loggingLevel: 'OFF' } },
      tags
    }],
    routes: withRoute.routes,
    apiKeys: { k: { name: 'k', value: 'x'.repeat(20), customerId: 'c', generateDistinctId: true, stageKeys: [{ restApiId: 'a1b2c3d4e5', stageName: 'prod' }], tags } },
    domainNames: [{
      domainName: 'ws.example.com',
      domainNameConfigurations: [{
        certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c',
        certificateName: 'c',
        endpointType: 'REGIONAL',
        securityPolicy: 'TLS_1_2',
        ipAddressType: 'ipv4',
        ownershipVerificationCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/o'
      }],
      routingMode: 'API_MAPPING_ONLY',
      tags,
      apiMappings: [{ stage: 'prod' }]
    }]
  })
  await app.ready()
  t.match(await app.webSocketApi.inject({ body: 'x' }), { statusCode: 101 })
})

void t.test('an unknown option is refused with the names of all that are known', async (t) => {
  const { code, message } = await failure({ ...least, stageName: 'prod' })
  t.equal(code, 'AGW_ERR_OPTIONS_INVALID')
  t.match(message, /^options\.stageName is unknown; allowed are name, apiId, region, .*, stage, stages, routeSelectionExpression, routes, /)
})

void t.test('an expression that is none is refused at its column', async (t) => {
  const wrong: Array<[object, RegExp]> = [
    [{ ...least, routeSelectionExpression: '$request.query.action' }, /\$request\.query\.action/],
    [{ ...least, routeSelectionExpression: '${request.body.action' }, /\$\{request\.body\.action/],
    [{ ...least, routes: { order: { ...withRoute.routes.$default, routeResponseSelectionExpression: '$request.body.x' } } }, /routeResponseSelectionExpression must be \$default/]
  ]
  for (const [given, message] of wrong) {
    const error = await failure(given)
    t.equal(error.code, 'AGW_ERR_EXPRESSION_INVALID')
    t.match(error.message, message)
  }
})

void t.test('11.1-17 [observed] a route key that begins with a dollar is refused in AWS\'s words', async (t) => {
  const message = 'The provided route key is not formatted properly: "$getauthorized"; allowed are $connect, $disconnect, $default and any text that does not begin with $'
  for (const error of [
    await failure(least, (app) => app.routeKey('$getauthorized', handler)),
    await failure({ ...least, routes: { $getauthorized: { integration: { handler } } } })
  ]) {
    t.equal(error.code, 'AGW_ERR_ROUTE_KEY_INVALID')
    t.equal(error.message, message)
  }
  t.equal((await failure(least, (app) => app.routeKey('', handler))).code, 'AGW_ERR_ROUTE_KEY_INVALID')
  t.equal((await failure(least, (app) => app.routeKey(7 as any, handler))).code, 'AGW_ERR_ROUTE_KEY_INVALID')
})

void t.test('11.1-18 [observed] a second route of the same key is refused', async (t) => {
  const twice = (routeKey: string) => (app: FastifyInstance) => app.routeKey(routeKey, handler).routeKey(routeKey, handler)
  for (const routeKey of ['$connect', '$disconnect', '$default', 'order', '__proto__']) {
    const error = await failure(least, twice(routeKey))
    t.equal(error.code, 'AGW_ERR_ROUTE_DUPLICATE')
    t.equal(error.message, `Route with key ${routeKey} already exists for this API`)
  }
  t.equal((await failure(withRoute, (app) => app.routeKey('$default', handler))).code, 'AGW_ERR_ROUTE_DUPLICATE', 'as data and by call')
})

void t.test('11.1-19 [observed] requestParameters on $default are refused', async (t) => {
  const { code } = await failure(least, (app) => app.routeKey('$default', { requestParameters: {} } as any, handler))
  t.equal(code, 'AGW_ERR_ROUTE_REQUEST_PARAMETERS_ELSEWHERE')
})

void t.test('11.1-20 [observed] an API without routes is refused in AWS\'s words', async (t) => {
  const error = await failure(least)
  t.equal(error.code, 'AGW_ERR_API_WITHOUT_ROUTES')
  t.equal(error.message, 'At least one route is required before deploying the Api: options.routes is empty and app.routeKey() was not called')
  t.equal((await failure({ ...least, name: 'chat' })).message, 'At least one route is required before deploying the Api "chat": options.routes is empty and app.routeKey() was not called')
  t.equal((await failure({ ...least, routes: { order: {} } })).message, 'nothing failed', 'a route without an integration is one')
})

void t.test('Q1 [documented] an integration timeout of 49 or 29001 ms is refused', async (t) => {
  for (const timeoutInMillis of [49, 29_001]) {
    const message = `routes.order.integration.timeoutInMillis is ${timeoutInMillis}; it must be from 50 to 29000, which is quotas.integrationTimeoutInMillis`
    for (const error of [
      await failure(least, (app) => app.routeKey('order', { timeoutInMillis }, handler)),
      await failure({ ...least, routes: { order: { integration: { handler, timeoutInMillis } } } })
    ]) {
      t.equal(error.code, 'AGW_ERR_OPTIONS_INVALID')
      t.equal(error.message, message)
    }
  }
  for (const timeoutInMillis of [50, 29_000]) {
    t.equal((await failure(least, (app) => app.routeKey('order', { timeoutInMillis }, handler))).message, 'nothing failed')
  }
  t.equal((await failure({ ...least, quotas: { integrationTimeoutInMillis: 60_000 } }, (app) => app.routeKey('order', { timeoutInMillis: 60_000 }, handler))).message, 'nothing failed')
})

void t.test('what routeKey() is given wrongly is refused with its place', async (t) => {
  const wrong: Array<[(app: FastifyInstance) => unknown, string]> = [
    [(app) => app.routeKey('order', undefined as any), 'routes.order is undefined; it must be the handler, or an object of options with the handler behind it'],
    [(app) => app.routeKey('order', {}, undefined as any), 'routes.order.handler is undefined; it must be a function'],
    [(app) => app.routeKey('order', { timeout: 5 } as any, handler), 'routes.order.timeout is unknown; allowed are authorizationType, authorizerId, apiKeyRequired, modelSelectionExpression, requestModels, requestParameters, target, operationName, routeResponseSelectionExpression, routeResponses, integration, api, timeoutInMillis'],
    [(app) => app.routeKey('order', { routeResponses: { $default: 7 } } as any, handler), 'routes.order.routeResponses.$default is 7; it must be an object']
  ]
  for (const [declare, message] of wrong) {
    const error = await failure(least, declare)
    t.equal(error.message, message)
    t.equal(error.code, 'AGW_ERR_OPTIONS_INVALID')
  }
})

void t.test('a route that is declared after the server is ready is refused', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, withRoute)
  await app.ready()
  t.throws(() => { app.routeKey('late', handler) }, {
    code: 'AGW_ERR_ROUTE_TOO_LATE', message: 'Route late is declared after the server is ready; declare it in a plugin or before listen()'
  })
})

void t.test('routeKey() returns the instance, so that calls chain', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, least)
  t.equal(app.routeKey('a', handler).routeKey('b', {}, handler), app)
})

/*
 * Several APIs
 */
story(t, 'two APIs of one scope are told apart by name', {
  options: { name: 'chat' },
  async declare (app) {
    await app.register(apiGatewayWebSocket, { name: 'feed', stage: 'feed', routeSelectionExpression: '$request.body.kind' })
    app.routeKey('hi', { api: 'chat', ...twoWay }, async () => ({ body: 'chat' }))
    app.routeKey('hi', { api: 'feed', ...twoWay }, async () => ({ body: 'feed' }))
  },
  withoutLifecycleRoutes: true
}, async (t, story) => {
  t.equal(await (await story.open('/prod')).ask({ action: 'hi', kind: 'no' }), 'chat')
  t.equal(await (await story.open('/feed')).ask({ action: 'no', kind: 'hi' }), 'feed')
  const chat = story.app.webSocketApi.get('chat')
  const feed = story.app.webSocketApi.get('feed')
  t.equal(chat.connectionCount, 1)
  t.equal(feed.connectionCount, 1)
  t.not(chat.apiId, feed.apiId)
})

story(t, 'an unnamed API beside a named one is the one that is meant without a name', {
  async declare (app) {
    await app.register(apiGatewayWebSocket, { name: 'feed', prefix: '/feed', stage: 'prod', routeSelectionExpression: '$request.body.kind' })
    app.routeKey('hi', twoWay, async () => ({ body: 'unnamed' }))
    app.routeKey('hi', { api: 'feed', ...twoWay }, async () => ({ body: 'feed' }))
    t.throws(() => { app.routeKey('hi', { api: 'shop' }, handler) }, {
      code: 'AGW_ERR_API_UNKNOWN', message: 'Scope has no API named "shop"; it has an unnamed one, "feed"'
    })
  }
}, async (t, story) => {
  t.equal(await (await story.open('/prod')).ask({ action: 'hi' }), 'unnamed')
  t.equal(await (await story.open('/feed/prod')).ask({ kind: 'hi' }), 'feed')
  t.equal(story.app.webSocketApi.name, undefined)
  t.equal(story.app.webSocketApi.get('feed').name, 'feed')
  t.equal(story.connects.length, 1)
})

story(t, 'several stages of one API share its routes and have connections of their own', {
  options: { stages: [{ stageName: 'prod' }, { stageName: 'test' }], prefix: '/ws' }
}, async (t, story) => {
  await story.open('/ws/prod')
  await story.open('/ws/test')
  t.strictSame(story.connects.map(({ requestContext }) => requestContext.stage), ['prod', 'test'])
  t.equal((await story.refused('/ws/other')).statusCode, 404)
})

void t.test('two unnamed APIs of one scope, or two of one name, are refused', async (t) => {
  const second = (more: object) => async (app: FastifyInstance) => { await app.register(apiGatewayWebSocket, { ...withRoute, stage: 'two', ...more }) }
  const unnamed = await failure(withRoute, second({}))
  t.equal(unnamed.code, 'AGW_ERR_API_DUPLICATE')
  t.equal(unnamed.message, 'This scope already has an unnamed API; give the second one a name, or register it in a scope of its own')
  const named = await failure({ ...withRoute, name: 'chat' }, second({ name: 'chat' }))
  t.equal(named.code, 'AGW_ERR_API_DUPLICATE')
  t.equal(named.message, 'This scope already has an API named "chat"; names are unique in a scope')
})

void t.test('a name must be given where several named APIs could be meant', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, { ...withRoute, name: 'a' })
  t.equal(app.webSocketApi.name, 'a', 'one API alone is meant')
  await app.register(apiGatewayWebSocket, { ...withRoute, name: 'b', stage: 'b' })
  t.equal(app.webSocketApi.get('b').name, 'b')
  t.throws(() => app.webSocketApi.connections, {
    code: 'AGW_ERR_API_UNKNOWN', message: 'Scope has several APIs and none without a name; say which one is meant: "a", "b"'
  })
  t.throws(() => app.routeKey('x', handler), { code: 'AGW_ERR_API_UNKNOWN' })
})

void t.test('sibling scopes have an API each once @fastify/websocket is on their common parent', async (t) => {
  const app = server(t)
  await app.register(fastifyWebsocket)
  for (const stage of ['one', 'two']) {
    app.register(async (scope) => {
      await scope.register(apiGatewayWebSocket, { ...least, stage })
      scope.routeKey('hi', twoWay, async (event: any) => ({ body: event.requestContext.stage }))
    })
  }
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
  for (const stage of ['one', 'two']) {
    const socket = new WebSocket(`${url}/${stage}`)
    socket.on('open', () => { socket.send('{"action":"hi"}') })
    t.equal(await new Promise((resolve) => { socket.on('message', (data) => { resolve(String(data)) }) }), stage)
    socket.close()
  }
  t.notOk(app.hasDecorator('routeKey'), 'nothing leaks into the parent')
})

/*
 * Orders that cannot work
 */
void t.test('sibling scopes without @fastify/websocket on their parent are told to register it there', async (t) => {
  const app = server(t)
  for (const stage of ['one', 'two']) {
    app.register(async (scope) => { await scope.register(apiGatewayWebSocket, { ...withRoute, stage }) })
  }
  await t.rejects(async () => await app.ready(), {
    code: 'AGW_ERR_PLUGIN_WEBSOCKET_SCOPE',
    message: 'Another scope of this server has already registered @fastify/websocket; register @fastify/websocket once on a common parent, before the scopes that use fastify-apigateway-websocket'
  })
})

void t.test('@fastify/websocket above or beside the scope that has one of its own is told apart', async (t) => {
  for (const isBeside of [false, true]) {
    const app = server(t)
    app.register(async (scope) => { await scope.register(apiGatewayWebSocket, withRoute) })
    if (isBeside) app.register(async (scope) => { await scope.register(fastifyWebsocket) })
    else app.register(fastifyWebsocket)
    await t.rejects(async () => await app.ready(), {
      code: 'AGW_ERR_PLUGIN_WEBSOCKET_TWICE',
      message: 'Server has 2 upgrade listeners of @fastify/websocket, so each handshake would be answered twice; register @fastify/websocket once on the outermost scope, before fastify-apigateway-websocket'
    })
  }
})

void t.test('a listener of the app\'s own that only shares a name is no second @fastify/websocket', async (t) => {
  t.equal((await failure(withRoute, (app) => { app.server.on('upgrade', function onUpgrade () {}) })).message, 'nothing failed')
})

void t.test('two stages of one path are refused', async (t) => {
  const error = await failure(withRoute, async (app) => { await app.register(apiGatewayWebSocket, { ...withRoute, name: 'b' }) })
  t.match(error, { code: 'AGW_ERR_API_PATH_TAKEN', message: /^Path \/prod, which stage or API mapping "prod" needs, already has a route/ })
})

void t.test('a maxPayload below the message quota is warned about', async (t) => {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write (line: string) { lines.push(JSON.parse(line).msg) } } } })
  t.after(async () => { await app.close() })
  await app.register(fastifyWebsocket, { options: { maxPayload: 1000 } })
  await app.register(apiGatewayWebSocket, withRoute)
  await app.ready()
  t.strictSame(lines, ['maxPayload of @fastify/websocket is less than quotas.messageBytes and rules; raise it where @fastify/websocket is registered'])
})

void t.test('what AWS keeps but does not use is warned about', async (t) => {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write (line: string) { lines.push(JSON.parse(line).msg) } } } })
  t.after(async () => { await app.close() })
  await app.register(apiGatewayWebSocket, {
    ...least, routes: { order: {}, paid: { routeResponses: { $default: { modelSelectionExpression: 'x' } }, integration: { handler } } }
  })
  await app.ready()
  t.strictSame(lines, [
    'route has no integration: its messages are accepted and nothing is sent',
    'modelSelectionExpression of a route response is currently unsupported on API Gateway; it is kept and not evaluated'
  ])
})

/*
 * app.webSocketApi
 */
void t.test('inject() runs messages one after the other and tells frames and log', async (t) => {
  const app = server(t)
  const seen: string[] = []
  await app.register(apiGatewayWebSocket, { ...least, stage: undefined, stages: [{ stageName: 'prod' }, { stageName: 'test' }] } as any)
  app.routeKey('$connect', (event) => { seen.push(`connect ${event.requestContext.stage}`); return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'chat' } } })
  app.routeKey('$disconnect', () => { seen.push('disconnect') })
  app.routeKey('slow', twoWay, async (event, context) => {
    await context.connections.postToConnection(event.requestContext.connectionId, 'working')
    await new Promise((resolve) => setTimeout(resolve, 10))
    context.log.info({ step: 1 }, 'slept')
    return { body: 'done' }
  })
  app.routeKey('fail', async () => { throw new Error('mine') })
  const { statusCode, headers, frames, log, body } = await app.webSocketApi.inject({
    stage: 'test', bodies: ['{"action":"slow"}', '{"action":"fail"}', '{"action":"slow"}', 'none']
  })
  t.equal(statusCode, 101)
  t.equal(body, '')
  t.strictSame(headers, { 'sec-websocket-protocol': 'chat' })
  t.match(frames, ['working', 'done', /"Internal server error"/, 'working', 'done', /"Forbidden"/])
  t.strictSame(seen, ['connect test', 'disconnect'])
  t.match(log, [
    { level: 'info', message: 'slept', details: { step: 1 } },
    { level: 'error', message: 'integration failed', details: { err: { message: 'mine' } } },
    { level: 'info', message: 'slept' },
    { level: 'info', message: 'execution refused', details: { refusal: 'FORBIDDEN' } }
  ])
  t.equal(app.webSocketApi.connectionCount, 0)
})

void t.test('inject() tells why a handshake is refused', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$connect', () => ({ statusCode: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'no' }))
  app.routeKey('$disconnect', () => { throw new Error('must not run') })
  const { statusCode, headers, frames, body, connectionId, log } = await app.webSocketApi.inject({ body: 'x' })
  t.equal(statusCode, 401)
  t.equal(body, 'no')
  t.equal(headers['www-authenticate'], 'Bearer')
  t.strictSame(frames, [])
  t.strictSame(log, [])
  t.match(connectionId, /^[\w-]{15}=$/)
  await t.rejects(app.webSocketApi.inject({ stage: 'test' }), { message: 'API has no stage "test"; it has prod' })
  await t.rejects(app.webSocketApi.inject({ authorizer: { roles: [] } as any }), { code: 'AGW_ERR_ACCESS_AUTHORIZER_CONTEXT' })
})

void t.test('inject() without a message opens and closes, and a connection deleted meanwhile is 1000', async (t) => {
  const app = server(t)
  const codes: number[] = []
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$disconnect', (event) => { codes.push(event.requestContext.disconnectStatusCode) })
  app.routeKey('leave', async (event, { connections }) => { await connections.deleteConnection(event.requestContext.connectionId) })
  t.strictSame((await app.webSocketApi.inject()).frames, [])
  t.strictSame((await app.webSocketApi.inject({ bodies: ['{"action":"leave"}', 'unheard'] })).frames, [])
  t.strictSame(codes, [1005, 1000])
})

void t.test('inject() reaches the API of a scope once the server is ready', async (t) => {
  const app = server(t)
  let inner: FastifyInstance | undefined
  await app.register(async (scope) => {
    await scope.register(async (scope) => {
      await scope.register(apiGatewayWebSocket, withRoute)
      inner = scope
    })
  })
  await app.ready()
  t.equal((await inner?.webSocketApi.inject({ body: 'x' }))?.statusCode, 101)
})

void t.test('requestHandler() lets the unmodified SDK talk to the API in process', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, least)
  app.routeKey('$default', async (event) => {
    const client = new ApiGatewayManagementApiClient({
      region: 'us-east-1',
      endpoint: 'http://localhost/prod',
      credentials: { accessKeyId: 'a', secretAccessKey: 's' },
      requestHandler: app.webSocketApi.requestHandler()
    })
    await client.send(new PostToConnectionCommand({ ConnectionId: event.requestContext.connectionId, Data: 'pushed' }))
    return { statusCode: 200 }
  })
  t.strictSame((await app.webSocketApi.inject({ body: 'x' })).frames, ['pushed'])
})

void t.test('printRouteKeys() is a table of the routes', async (t) => {
  const app = server(t)
  await app.register(apiGatewayWebSocket, { ...least, routes: { $connect: {}, order: { ...twoWay, integration: { handler } } } })
  app.routeKey('$default', handler)
  t.equal(app.webSocketApi.printRouteKeys(), [
    '$connect  no integration  one-way',
    'order     AWS_PROXY       two-way',
    '$default  AWS_PROXY       one-way'
  ].join('\n'))
})

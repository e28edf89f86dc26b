// AsyncAPI 3 documents of running APIs: valid, and of one mind with the gateway about every message.
import { Parser } from '@asyncapi/parser'
import { Ajv } from 'ajv'
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, AsyncAPIDocument, AsyncAPIOptions, DescribedApi } from '../../types/index.js'

const parser = new Parser()

/** What the parser of AsyncAPI finds wrong. */
async function errorsOf (document: AsyncAPIDocument): Promise<string[]> {
  const { diagnostics } = await parser.parse(JSON.stringify(document))
  return diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('.')}: ${message}`)
}

async function start (t: Test, options: Partial<ApiGatewayWebSocketOptions>, declare?: (app: FastifyInstance) => void): Promise<FastifyInstance> {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action', ...options } as ApiGatewayWebSocketOptions)
  declare?.(app)
  return app
}

async function describe (t: Test, options: Partial<ApiGatewayWebSocketOptions>, documentOptions?: AsyncAPIOptions): Promise<DescribedApi> {
  const mock = { integrationType: 'MOCK' as const }
  const app = await start(t, { routes: { order: { integration: mock } }, ...options })
  return await app.webSocketApi.toAsyncAPI(documentOptions)
}

/** Names of the messages of routes whose payload a body fits. */
function createJudge ({ channels, ...document }: AsyncAPIDocument): (body: string) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: false })
  ajv.addSchema({ $id: 'https://example.com/document', channels, ...document })
  const messages = Object.entries<any>(channels.webSocket.messages).filter(([key]) => key !== 'gatewayError' && !key.endsWith('-reply'))
  return (body) => messages.filter(([key]) => ajv.getSchema(`https://example.com/document#/channels/webSocket/messages/${key}/payload`)?.(JSON.parse(body)) === true)
    .map(([, { name }]) => name)
}

const MODELS = {
  Item: { type: 'object', required: ['name', 'count'], properties: { name: { $ref: '#/definitions/Name' }, count: { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false } }, definitions: { Name: { type: 'string', minLength: 2 } } },
  Order: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['items'], properties: { items: { type: 'array', items: { $ref: 'https://apigateway.amazonaws.com/restapis/a1b2c3d4e5/models/Item' } }, next: { $ref: '#' }, name: { $ref: 'Item#/definitions/Name' } } },
  Cancel: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
}

/** Every route answers with its key. */
function declareRoutes (keys: Record<string, object>): (app: FastifyInstance) => void {
  return (app) => {
    for (const [routeKey, options] of Object.entries(keys)) app.routeKey(routeKey, { routeResponseSelectionExpression: '$default', ...options }, async () => ({ statusCode: 200, body: routeKey }))
  }
}

const SHOP = declareRoutes({
  buy: { modelSelectionExpression: '\\$default', requestModels: { $default: 'Order' }, operationName: 'Buy' },
  change: { modelSelectionExpression: '$request.body.kind', requestModels: { order: 'Order', cancel: 'Cancel' } },
  any: { modelSelectionExpression: '${request.body.kind}', requestModels: { cancel: 'Cancel', $default: { type: 'object', required: ['text'] } } },
  5: {},
  true: {},
  unapplied: { requestModels: { $default: 'Order' } }
})

const ITEM = { name: 'tea', count: 1 }
const BODIES: unknown[] = [
  { action: 'buy', items: [ITEM] }, { action: 'buy' }, { action: 'buy', items: [{ name: 'tea', count: 0 }] }, { action: 'buy', items: [{ name: 'tea', count: 9 }] },
  { action: 'buy', items: [{ name: 't', count: 1 }] }, { action: 'buy', items: [], next: { items: [ITEM] } }, { action: 'buy', items: [], next: {} },
  { action: 'buy', items: [], name: 'x' }, { action: 'biy', items: [ITEM] }, { action: ['buy'], items: [ITEM] }, { items: [ITEM] }, [], 'buy', 5, null,
  { action: 'change', kind: 'order', items: [] }, { action: 'change', kind: 'order' }, { action: 'change', kind: 'cancel', id: 1 }, { action: 'change', kind: 'cancel', id: 'x' },
  { action: 'change', kind: 'else', items: [], id: 1 }, { action: 'change', items: [], id: 1 },
  { action: 'any', kind: 'cancel', id: 1 }, { action: 'any', kind: 'cancel', text: '' }, { action: 'any', text: '' }, { action: 'any', kind: 'x', id: 1 }, { action: 'any', kind: 'x', text: 1 },
  { action: 5 }, { action: '5' }, { action: 5.5 }, { action: true }, { action: 'true' }, { action: false }, { action: 'unapplied' }
]

for (const [title, more] of [['without $default', {}], ['with $default', { $default: {} }]] as const) {
  t.test(`${title}, schemas take what the gateway takes, and refuse what it refuses`, async (t) => {
    const app = await start(t, { models: MODELS }, (app) => {
      SHOP(app)
      declareRoutes(more)(app)
    })
    const { document } = await app.webSocketApi.toAsyncAPI()
    t.same(await errorsOf(document), [])
    const judge = createJudge(document)
    const { frames } = await app.webSocketApi.inject({ bodies: BODIES.map((body) => JSON.stringify(body)) })
    t.equal(frames.length, BODIES.length)
    for (const [i, body] of BODIES.entries()) {
      const frame = frames[i] as string
      t.same(judge(JSON.stringify(body)), frame.startsWith('{"message"') ? [] : [frame], JSON.stringify(body))
    }
  })
}

t.test('several fields make up a key; a key that can be read in two ways, or from the handshake, is told', async (t) => {
  const expression = '${request.body.service.name}/${request.body.service.action}'
  const app = await start(t, { routeSelectionExpression: expression }, declareRoutes({ 'shop/buy': {}, 'a/b/c': {}, '/x': {}, other: {} }))
  const { document, report } = await app.webSocketApi.toAsyncAPI()
  t.same(await errorsOf(document), [])
  t.same(document.channels.webSocket.messages.shop_buy.payload, {
    type: 'object', required: ['service'], properties: { service: { type: 'object', required: ['name', 'action'], properties: { name: { const: 'shop' }, action: { const: 'buy' } } } }
  })
  t.same(report.filter(({ code }) => code === 'selection-not-expressible').map(({ message }) => message.split(':')[0]), ['routes.a/b/c', 'routes./x', 'routes.other'])
  const beside = await start(t, { routeSelectionExpression: '${request.body.a}${request.body.b}' }, declareRoutes({ ab: {} }))
  t.same((await beside.webSocketApi.toAsyncAPI()).document.channels.webSocket.messages.ab.payload, {})
  const around = await start(t, { routeSelectionExpression: 'v1-${request.body.a}-x-${request.body.b}.' }, declareRoutes({ 'v1-b-x-c.': {}, 'v1-b-c.': {}, 'v1-b-x-c-x-d.': {} }))
  const { messages } = (await around.webSocketApi.toAsyncAPI()).document.channels.webSocket
  t.same(messages['v1-b-x-c.'].payload, { type: 'object', required: ['a', 'b'], properties: { a: { const: 'b' }, b: { const: 'c' } } })
  t.same([messages['v1-b-c.'].payload, messages['v1-b-x-c-x-d.'].payload], [{}, {}])
  const byHeader = await start(t, { routeSelectionExpression: '$request.header.x-route' }, declareRoutes({ buy: {} }))
  const described = await byHeader.webSocketApi.toAsyncAPI()
  t.same(described.document.channels.webSocket.messages.buy.payload, {})
  t.ok(described.report.some(({ code, level }) => code === 'selection-not-expressible' && level === 'warning'))
})

t.test('an operation for each message, a reply where the route is two-way, an error of the gateway for all', async (t) => {
  const { document } = await describe(t, {
    routes: {
      order: { operationName: 'Order', integration: { integrationType: 'MOCK' }, routeResponses: { $default: { responseModels: { $default: 'Receipt' } } } },
      'say it': { integration: { integrationType: 'MOCK' }, routeResponseSelectionExpression: '$default' },
      say_it: { integration: { integrationType: 'MOCK' }, routeResponseSelectionExpression: '$default', routeResponses: {} },
      $connect: { integration: { integrationType: 'MOCK' } },
      $disconnect: { integration: { integrationType: 'MOCK' } },
      $default: { integration: { integrationType: 'MOCK' } }
    },
    models: { Receipt: { type: 'object' } }
  })
  t.same(await errorsOf(document), [])
  t.same(Object.keys(document.operations), ['order', 'say_it', 'say_it_2', 'default', 'gatewayError'])
  t.same(document.operations.order, {
    action: 'receive',
    channel: { $ref: '#/channels/webSocket' },
    title: 'Order',
    messages: [{ $ref: '#/channels/webSocket/messages/order' }],
    'x-amazon-apigateway-route': { routeKey: 'order' },
    reply: { channel: { $ref: '#/channels/webSocket' }, messages: [{ $ref: '#/channels/webSocket/messages/order-reply' }, { $ref: '#/channels/webSocket/messages/gatewayError' }] }
  })
  t.same(document.channels.webSocket.messages['order-reply'], { name: 'order reply', payload: { $ref: '#/components/schemas/Receipt' } })
  t.ok(document.operations.say_it.reply)
  t.equal(document.operations.say_it_2.reply, undefined)
  t.same(document.channels.webSocket.messages.default.payload, {
    not: { anyOf: ['order', 'say it', 'say_it'].map((action) => ({ type: 'object', required: ['action'], properties: { action: { const: action } } })) }
  })
  t.same(document.operations.gatewayError.action, 'send')
  t.same(document.channels.webSocket['x-amazon-apigateway-route'], { routeKey: '$connect' })
})

t.test('error frames of the gateway fit their message', async (t) => {
  const app = await start(t, { models: MODELS }, SHOP)
  const { document } = await app.webSocketApi.toAsyncAPI()
  const validate = new Ajv({ strict: false }).compile(document.components.messages.gatewayError.payload)
  const { frames } = await app.webSocketApi.inject({ bodies: ['{"action":"buy"}', '{"action":"none"}', 'no json'] })
  t.equal(frames.length, 3)
  for (const frame of frames) t.ok(validate(JSON.parse(frame)), frame)
})

const authorizers = { token: { identitySource: ['route.request.querystring.token', 'route.request.header.X-Tenant'], handler: async () => ({}) } }

t.test('the handshake: parameters, identity sources, API key, schema of the upgrade', async (t) => {
  const { document, report } = await describe(t, {
    authorizers,
    upgrade: { schema: { querystring: { type: 'object', required: ['room'], properties: { room: { type: 'string', maxLength: 9 } } } } },
    routes: {
      $connect: {
        integration: { integrationType: 'MOCK' },
        authorizationType: 'CUSTOM',
        authorizerId: 'token',
        apiKeyRequired: true,
        requestParameters: { 'route.request.querystring.lang': { required: true }, 'route.request.header.X-Trace': false }
      }
    }
  } as Partial<ApiGatewayWebSocketOptions>)
  t.same(await errorsOf(document), [])
  t.same(document.channels.webSocket.bindings.ws, {
    method: 'GET',
    query: {
      type: 'object',
      required: ['lang', 'token', 'room'],
      properties: { lang: { type: 'string' }, token: { type: 'string', description: 'asked for by the authorizer token' }, room: { type: 'string', maxLength: 9 } }
    },
    headers: {
      type: 'object',
      required: ['X-Tenant', 'x-api-key'],
      properties: { 'X-Trace': { type: 'string' }, 'X-Tenant': { type: 'string', description: 'asked for by the authorizer token' }, 'x-api-key': { type: 'string', description: 'an API key' } }
    },
    bindingVersion: '0.1.0'
  })
  const extension = { 'x-amazon-apigateway-authorizer': { name: 'token', identitySource: authorizers.token.identitySource } }
  t.same(document.components.securitySchemes, {
    'token-token': { type: 'httpApiKey', in: 'query', name: 'token', ...extension },
    'token-X-Tenant': { type: 'httpApiKey', in: 'header', name: 'X-Tenant', ...extension },
    apiKey: { type: 'httpApiKey', in: 'header', name: 'x-api-key' }
  })
  t.same(document.servers?.prod.security, ['token-token', 'token-X-Tenant', 'apiKey'].map((key) => ({ $ref: `#/components/securitySchemes/${key}` })))
  t.ok(report.some(({ code }) => code === 'security-alternatives'))
})

t.test('IAM is a signature in the header; keys that the authorizer tells, and authorizers without sources, are told', async (t) => {
  const iam = await describe(t, { credentials: () => null, routes: { $connect: { integration: { integrationType: 'MOCK' }, authorizationType: 'AWS_IAM' } } })
  t.same(await errorsOf(iam.document), [])
  t.match(iam.document.components.securitySchemes, { awsSigv4: { type: 'httpApiKey', name: 'Authorization', in: 'header', 'x-amazon-apigateway-authtype': 'awsSigv4' } })
  const custom = await describe(t, {
    apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
    authorizers: { anybody: { handler: async () => ({}) } },
    routes: { $connect: { integration: { integrationType: 'MOCK' }, authorizationType: 'CUSTOM', authorizerId: 'anybody', apiKeyRequired: true } }
  })
  t.same(custom.report.map(({ code }) => code), ['authorizer-without-source', 'api-key-elsewhere', 'host-unknown', 'pushes-unknown'].sort((a, b) => custom.report.findIndex(({ code }) => code === a) - custom.report.findIndex(({ code }) => code === b)))
  t.equal(custom.document.components.securitySchemes, undefined)
})

t.test('servers: each stage, each path of a custom domain', async (t) => {
  const options: any = {
    stage: undefined,
    stages: [{ stageName: 'prod', description: 'live' }, { stageName: 'dev' }],
    prefix: '/ws',
    domainName: 'chat.example.com',
    domainNames: [
      { domainName: 'ws.example.com', apiMappings: [{ stage: 'prod' }, { apiMappingKey: 'dev', stage: 'dev' }] },
      { domainName: '*.example.org', apiMappings: [{ apiMappingKey: 'a', stage: 'prod' }] }
    ]
  }
  const { document, report } = await describe(t, options)
  t.same(await errorsOf(document), [])
  t.same(document.servers, {
    prod: { host: 'chat.example.com', protocol: 'wss', pathname: '/ws/prod', description: 'live' },
    dev: { host: 'chat.example.com', protocol: 'wss', pathname: '/ws/dev' },
    'ws.example.com': { host: 'ws.example.com', protocol: 'wss', pathname: '/ws/', description: 'stage prod' },
    'ws.example.com-dev': { host: 'ws.example.com', protocol: 'wss', pathname: '/ws/dev', description: 'stage dev' },
    'example.org-a': { host: '{name}.example.org', variables: { name: { description: 'one label' } }, protocol: 'wss', pathname: '/ws/a', description: 'stage prod' }
  })
  t.notOk(report.some(({ code }) => code === 'host-unknown'))
  t.same(Object.keys((await describe(t, options, { stages: ['dev'] })).document.servers ?? {}), ['dev', 'ws.example.com-dev'])
  t.same(Object.keys((await describe(t, { ...options, disableExecuteApiEndpoint: true })).document.servers ?? {}), ['ws.example.com', 'ws.example.com-dev', 'example.org-a'])
  const unknown = await describe(t, {})
  t.same(unknown.document.servers, { prod: { host: 'localhost', protocol: 'ws', pathname: '/prod' } })
  t.match(unknown.report.find(({ code }) => code === 'host-unknown'), { level: 'info' })
  t.same((await describe(t, {}, { host: 'localhost:8080', protocol: 'ws' })).document.servers?.prod.host, 'localhost:8080')
})

t.test('who the API is', async (t) => {
  const { document } = await describe(t, { name: 'shop', version: '7', description: 'buys', tags: { team: 'shop' } }, { asyncApiVersion: '3.1.0' })
  t.same(await errorsOf(document), [])
  t.equal(document.asyncapi, '3.1.0')
  t.same(document.info, { title: 'shop', version: '7', description: 'buys', tags: [{ name: 'team:shop' }] })
  t.same((await describe(t, { name: 'shop' }, { title: 'The shop' })).document, { ...(await describe(t, { name: 'shop' })).document, info: { title: 'The shop', version: '1.0.0' } })
})

t.test('a model that does not compile, kept by disableSchemaValidation, is not in the document', async (t) => {
  const { document, report } = await describe(t, {
    disableSchemaValidation: true,
    models: { Bad: { const: 5 }, Good: { type: 'object' } },
    routes: { order: { integration: { integrationType: 'MOCK' }, modelSelectionExpression: '\\$default', requestModels: { $default: 'Bad' } } }
  })
  t.same(await errorsOf(document), [])
  t.same(Object.keys(document.components.schemas), ['Good'])
  t.match(report.find(({ code }) => code === 'model-invalid'), { level: 'warning', message: /models\.Bad is not applied/ })
})

t.test('names of JavaScript in models and messages are plain data', async (t) => {
  const app = await start(t, { models: { Odd: JSON.parse('{"type":"object","required":["__proto__"],"properties":{"__proto__":{"type":"string"},"constructor":{"$ref":"#/definitions/a"},"$ref":{"type":"integer"}},"definitions":{"a":{"type":"null"}}}') } },
    declareRoutes({ constructor: { modelSelectionExpression: '\\$default', requestModels: { $default: 'Odd' } } }))
  // Not asked of the parser, which takes a property named $ref for a reference.
  const { document } = await app.webSocketApi.toAsyncAPI()
  t.equal(JSON.stringify(document.components.schemas.Odd.properties), '{"__proto__":{"type":"string"},"constructor":{"$ref":"#/components/schemas/Odd/definitions/a"},"$ref":{"type":"integer"}}')
  const judge = createJudge(document)
  t.same(judge('{"action":"constructor","__proto__":"a","constructor":null,"$ref":1}'), ['constructor'])
  t.same(judge('{"action":"constructor","__proto__":"a","constructor":1}'), [])
})

t.test('an API of a scope of its own is described before and after the server is ready, and takes messages', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  let scope = app as FastifyInstance
  await app.register(async (child) => {
    scope = child
    await child.register(apiGatewayWebSocket, { stage: 'prod', prefix: '/b', routeSelectionExpression: '$request.body.action' })
    declareRoutes({ buy: {} })(child)
  }, { prefix: '/a' })
  const { document } = await scope.webSocketApi.toAsyncAPI()
  t.equal(document.servers?.prod.pathname, '/a/b/prod')
  t.same((await scope.webSocketApi.toAsyncAPI()).document, document)
  t.same((await scope.webSocketApi.inject({ body: '{"action":"buy"}' })).frames, ['buy'])
})

t.test('options that do not exist are refused by name', async (t) => {
  const refused: Array<[given: any, message: string]> = [
    [{ version: '3.0.0' }, 'Export option version is unknown; allowed are asyncApiVersion, title, host, protocol, stages'],
    [{ asyncApiVersion: '2.6.0' }, 'Export option asyncApiVersion is "2.6.0"; it must be 3.0.0 or 3.1.0'],
    [{ protocol: 'http' }, 'Export option protocol is "http"; it must be ws or wss'],
    [{ host: 'wss://x' }, 'Export option host is "wss://x"; it must be a host name, with or without a port'],
    [{ title: 5 }, 'Export option title is 5; it must be a string'],
    [{ stages: ['live'] }, 'Export option stages has "live"; the API has prod']
  ]
  for (const [given, message] of refused) await t.rejects(describe(t, {}, given), { code: 'AGW_ERR_EXPORT_OPTION', message })
})

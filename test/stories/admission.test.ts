// API keys, usage plans, throttles, domains and origins over real sockets, and what comes of a hook, an authorizer and a
// key together.
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import fastifyAuth from '@fastify/auth'
import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import { createHash } from 'node:crypto'
import t from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, UsageRecord } from '../../lib/index.ts'
import { eventually, HandshakeRefused, story } from './harness.ts'
import type { Story, StoryOptions } from './harness.ts'

const KEY = 'd41d8cd98f00b204e9800998ecf8427e'
const OTHER_KEY = 'e41d8cd98f00b204e9800998ecf8427e'
const FORBIDDEN = [403, 'ForbiddenException', 'Forbidden']
const IDENTITY = { apiId: 'a1b2c3d4e5', region: 'us-east-1' }

const allow = (more: object = {}): any => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, ...more })
const deny = (): any => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } } })

async function answer (story: Story, path = '/prod', options: object = {}): Promise<unknown[]> {
  const { statusCode, headers, body } = await story.refused(path, options)
  return [statusCode, headers['x-amzn-errortype'], JSON.parse(body).message]
}

/** Options of a plain API whose $connect needs a key. */
function keyed (options: object = {}, more: Partial<StoryOptions> = {}, route: object = { apiKeyRequired: true }): StoryOptions {
  return {
    ...more,
    withoutLifecycleRoutes: true,
    options: {
      ...IDENTITY,
      apiKeys: { k1: { value: KEY, name: 'Ada' }, k2: { valueSha256: createHash('sha256').update(OTHER_KEY).digest('hex').toUpperCase() }, off: { value: 'f'.repeat(20), enabled: false }, loose: { value: 'a'.repeat(20) } },
      usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1', 'k2', 'off'] } },
      ...options
    } as Partial<ApiGatewayWebSocketOptions>,
    async declare (app) {
      app.routeKey('$connect', route, async () => ({ statusCode: 200 }))
      app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: JSON.stringify(event.requestContext) }))
      await more.declare?.(app)
    }
  }
}
const withKey = (value: string): object => ({ headers: { 'x-api-key': value } })

story(t, 'K1, K3 [documented] without a key that is good at the stage a handshake is 403', keyed({ stages: [{ stageName: 'prod' }, { stageName: 'dev' }] }), async (t, story) => {
  t.same(await answer(story), FORBIDDEN, 'K1: no key')
  t.same(await answer(story, '/prod', withKey(KEY.slice(1))), FORBIDDEN, 'an unknown key')
  t.same(await answer(story, '/prod', withKey('f'.repeat(20))), FORBIDDEN, 'a disabled key')
  t.same(await answer(story, '/prod', withKey('a'.repeat(20))), FORBIDDEN, 'a key without a plan')
  t.same(await answer(story, '/dev', withKey(KEY)), FORBIDDEN, 'K3: a plan that is not attached to the stage')
  t.same(await answer(story, `/prod?x-api-key=${KEY}`), FORBIDDEN, 'a key in the query')
  t.same(await answer(story, '/prod', { headers: { 'x-api-key': [KEY, KEY] } }), FORBIDDEN, 'K53 [unknown] the header twice')
  t.same(await answer(story, '/prod', withKey(`${KEY},${KEY}`)), FORBIDDEN)
})

story(t, 'K2 [observed] a key lets in and is told in identity, by value or by digest', keyed(), async (t, story) => {
  for (const [value, id] of [[KEY, 'k1'], [OTHER_KEY, 'k2']] as const) {
    const client = await story.open('/prod', { headers: { 'X-Api-Key': value, 'user-agent': 'ua' } })
    const { identity, connectionId } = JSON.parse(await client.ask('x'))
    t.strictSame(identity, { apiKey: value, apiKeyId: id, userAgent: 'ua', sourceIp: '127.0.0.1' })
    const information = await story.app.webSocketApi.connections.getConnection(connectionId)
    t.strictSame(information.identity, { sourceIp: '127.0.0.1', userAgent: 'ua' }, '@connections does not tell the key')
    await client.close()
  }
})

story(t, 'K4 [documented] the authorizer names the key; a header then counts for nothing, and the key is in no event but identity', keyed({
  apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
  authorizers: { guard: { handler: async (event: any) => allow({ usageIdentifierKey: event.queryStringParameters.k, context: { a: 1 } }) } }
}, {}, { apiKeyRequired: true, authorizationType: 'CUSTOM', authorizerId: 'guard' }), async (t, story) => {
  t.same(await answer(story, '/prod', withKey(KEY)), FORBIDDEN)
  const client = await story.open(`/prod?k=${KEY}`)
  const { identity, authorizer } = JSON.parse(await client.ask('x'))
  t.strictSame([identity.apiKeyId, authorizer], ['k1', { a: '1', principalId: 'u' }])
  await client.close()
})

story(t, 'K4 a hook names the key as an authorizer does', keyed({ apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey' }, {
  before (app) {
    app.addHook('onRequest', async (request) => { request.authorizer = { principalId: 'h', usageIdentifierKey: (request.query as any).k ?? null } as any })
  }
}), async (t, story) => {
  t.same(await answer(story), FORBIDDEN)
  const client = await story.open(`/prod?k=${KEY}`)
  const { identity, authorizer } = JSON.parse(await client.ask('x'))
  t.strictSame([identity.apiKeyId, authorizer], ['k1', { principalId: 'h' }])
  await client.close()
})

story(t, 'K5 [documented] a quota that is used up is 429 on the handshake and a frame on a message, for its key alone', keyed({
  usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1', 'k2'], quota: { limit: 4, period: 'DAY' } } }
}), async (t, story) => {
  const client = await story.open('/prod', withKey(KEY))
  t.match(await client.ask('1'), /connectionId/)
  t.match(await client.ask('2'), /connectionId/)
  t.match(await client.ask('3'), /connectionId/)
  t.match(await client.ask('4'), /^\{"message": "Limit Exceeded", "connectionId":".{15}=", "requestId":".{15}="\}$/, 'K51 [unknown] the handshake and each message count')
  t.same(await answer(story, '/prod', withKey(KEY)), [429, 'LimitExceededException', 'Limit Exceeded'])
  await (await story.open('/prod', withKey(OTHER_KEY))).close()
  await client.close()
})

story(t, 'K54 [unknown] a throttle of a route takes the place of its plan\'s', keyed({
  usagePlans: { basic: { apiStages: [{ stage: 'prod', throttle: { $default: { rateLimit: 0.001, burstLimit: 2 } } }], apiKeys: ['k1'], throttle: { rateLimit: 0.001, burstLimit: 1 } } }
}), async (t, story) => {
  const client = await story.open('/prod', withKey(KEY))
  t.match(await client.ask('1'), /connectionId/)
  t.match(await client.ask('2'), /apiId/)
  t.match(await client.ask('3'), /^\{"message": "Too Many Requests"/)
  t.same(await answer(story, '/prod', withKey(KEY)), [429, 'TooManyRequestsException', 'Too Many Requests'])
  await client.close()
})

story(t, 'K50 [unknown] a route other than $connect asks how the connection was opened', keyed({}, {
  declare (app) { app.routeKey('paid', { apiKeyRequired: true, routeResponseSelectionExpression: '$default' }, async () => ({ body: 'paid' })) }
}, {}), async (t, story) => {
  const stranger = await story.open()
  t.match(await stranger.ask({ action: 'paid' }), /^\{"message": "Forbidden"/)
  t.match(await stranger.ask('free'), /apiId/)
  const guest = await story.open('/prod', withKey('wrong'))
  t.match(await guest.ask({ action: 'paid' }), /^\{"message": "Forbidden"/)
  const customer = await story.open('/prod', withKey(KEY))
  t.equal(await customer.ask({ action: 'paid' }), 'paid')
  t.equal(JSON.parse(await customer.ask('free')).identity.apiKeyId, 'k1')
  for (const client of [stranger, guest, customer]) await client.close()
})

t.test('a used quota survives a restart where the user gives a store', async (t) => {
  const records = new Map<string, UsageRecord>()
  const saves: string[] = []
  const usageStore = {
    async load (key: string) { return records.get(key) },
    async save (key: string, record: UsageRecord) { saves.push(key); records.set(key, { ...record }) }
  }
  const frames: string[] = []
  for (let start = 0; start < 2; start++) {
    const app = Fastify()
    await app.register(apiGatewayWebSocket, {
      stage: 'prod',
      routeSelectionExpression: '$request.body.action',
      apiKeys: { k1: { value: KEY } },
      usagePlans: { 'my plan': { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'], quota: { limit: 5, period: 'MONTH' } } },
      usageStore
    })
    app.routeKey('$connect', { apiKeyRequired: true }, async () => ({ statusCode: 200 }))
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async () => ({ body: 'ok' }))
    const result = await app.webSocketApi.inject({ headers: { 'x-api-key': KEY }, bodies: ['1', '2', '3'] })
    frames.push(...result.frames.map((frame) => frame.startsWith('{') ? JSON.parse(frame).message : frame))
    await app.close()
  }
  t.same(frames, ['ok', 'ok', 'ok', 'Limit Exceeded', 'Limit Exceeded', 'Limit Exceeded'])
  t.same([...records.keys()], ['my%20plan/k1/MONTH'])
  t.equal(records.get('my%20plan/k1/MONTH')?.used, 5)
  t.ok(saves.length <= 8, 'what is counted in one tick is one write')
})

story(t, 'a store that fails lets nobody in', keyed({
  usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'], quota: { limit: 5, period: 'DAY' } } },
  usageStore: { load: async () => { throw new Error('no disk') }, save: async () => {} }
}), async (t, story) => {
  t.same(await answer(story, '/prod', withKey(KEY)), [500, 'AuthorizerConfigurationException', 'Internal server error'])
})

/* Throttles */

story(t, 'H15 [observed] handshakes above the rate are 429', { options: { quotas: { newConnectionsPerSecond: 3 } } }, async (t, story) => {
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => {
    try {
      await story.open()
      return 101
    } catch (error) {
      return (error as HandshakeRefused).statusCode
    }
  }))
  t.same(statuses.filter((status) => status === 101).length >= 3, true)
  t.same([...new Set(statuses)].sort(), [101, 429])
})

story(t, 'M20 [documented] a throttled route answers with the throttle frame, and the socket stays open', {
  options: { stages: [{ stageName: 'prod', defaultRouteSettings: { throttlingRateLimit: 0.001, throttlingBurstLimit: 3 }, routeSettings: { slow: { throttlingBurstLimit: 1 } } }, { stageName: 'free' }] },
  declare (app) {
    for (const key of ['slow', '$default']) app.routeKey(key, { routeResponseSelectionExpression: '$default' }, async () => ({ body: key }))
  }
}, async (t, story) => {
  const client = await story.open()
  const frame = /^\{"message": "Too Many Requests", "connectionId":".{15}=", "requestId":".{15}="\}$/
  t.equal(await client.ask({ action: 'slow' }), 'slow')
  t.match(await client.ask({ action: 'slow' }), frame, 'M57 [unknown] the burst of its own, the rate of the stage')
  for (let i = 0; i < 3; i++) t.equal(await client.ask('x'), '$default', 'another route has a bucket of its own')
  t.match(await client.ask('x'), frame)
  await client.close()
  const free = await story.open('/free')
  for (let i = 0; i < 5; i++) t.equal(await free.ask({ action: 'slow' }), 'slow', 'another stage is not throttled')
  await free.close()
})

story(t, 'a throttled $connect is 429 and does not run, and $disconnect is never throttled', {
  options: { stages: [{ stageName: 'prod', defaultRouteSettings: { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 } }] }
}, async (t, story) => {
  const client = await story.open()
  t.same(await answer(story), [429, 'TooManyRequestsException', 'Too Many Requests'])
  t.equal(story.connects.length, 1)
  await client.close()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
})

story(t, 'the account\'s bucket serves handshakes, messages and @connections', {
  options: { quotas: { requestsPerSecond: 0.001, requestBurst: 4 }, connectionsApi: { authorize: 'NONE' } },
  declare (app) { app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: event.requestContext.connectionId })) }
}, async (t, story) => {
  const client = await story.open()
  const id = await client.ask('1')
  const post = async (): Promise<number> => (await fetch(`${story.httpUrl}/prod/@connections/${id}`, { method: 'POST', body: 'x' })).status
  t.equal(await post(), 200)
  await client.received(2)
  t.equal(await client.ask('3'), id)
  t.equal(await post(), 429)
  t.match(await client.ask('4'), /^\{"message": "Too Many Requests"/)
  t.match(await answer(story), [429])
  await client.close()
})

/* Stages, domains, base paths */

const DOMAINS: Partial<ApiGatewayWebSocketOptions> = {
  ...IDENTITY,
  stages: [{ stageName: 'prod', stageVariables: { color: 'blue' } }, { stageName: 'dev' }],
  domainName: 'default.example.com',
  domainNames: [
    { domainName: 'root.example.com', apiMappings: [{ stage: 'prod' }] },
    { domainName: 'keys.example.com', apiMappings: [{ apiMappingKey: 'chat', stage: 'prod' }, { apiMappingKey: 'chat/dev', stage: 'dev' }, { apiMappingKey: "x$-_.+!'()", stage: 'dev' }] },
    { domainName: '*.wild.example.com', apiMappings: [{ apiMappingKey: '', stage: 'dev' }, { apiMappingKey: 'prod', stage: 'prod' }] }
  ],
  connectionsApi: { authorize: 'NONE' }
} as any
const host = (name: string): object => ({ headers: { Host: name } })
const echoContext: Partial<StoryOptions> = {
  declare (app) { app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: JSON.stringify(event) })) }
}

story(t, 'H22 [observed] host and path choose the stage; domainName is the configuration\'s', { options: DOMAINS, ...echoContext }, async (t, story) => {
  for (const [name, path, stage, domainName = name] of [
    ['default.example.com', '/prod', 'prod'],
    ['default.example.com', '/dev/', 'dev'],
    ['DEFAULT.example.com:443', '/dev', 'dev', 'default.example.com'],
    ['root.example.com', '/', 'prod'],
    ['ROOT.EXAMPLE.COM:8443', '/?a=1', 'prod', 'root.example.com'],
    ['keys.example.com', '/chat', 'prod'],
    ['keys.example.com', '/chat/', 'prod'],
    ['keys.example.com', '/chat/dev', 'dev'], // the longest key wins
    ['keys.example.com', "/x$-_.+!'()", 'dev'],
    ['a.wild.example.com', '/', 'dev'],
    ['b-2.wild.example.com', '/prod', 'prod']
  ] as Array<[string, string, string, string?]>) {
    const client = await story.open(path, host(name))
    const event = JSON.parse(await client.ask('x'))
    t.same([event.requestContext.stage, event.requestContext.domainName, event.stageVariables?.color], [stage, domainName, stage === 'prod' ? 'blue' : undefined], `${name}${path}`)
    await client.close()
  }
  for (const [name, path] of [
    ['evil.example', '/prod'], ['root.example.com', '/prod'], ['keys.example.com', '/prod'], ['keys.example.com', '/chat/prod'],
    ['keys.example.com', '/'], ['default.example.com', '/chat'], ['default.example.com', '/'], ['a.b.wild.example.com', '/'],
    ['wild.example.com', '/'], ['root.example.com.evil.example', '/'], ['keys.example.com', '/chat/x']
  ] as Array<[string, string]>) {
    const refused = await story.refused(path, host(name))
    t.equal(refused.statusCode, 403, `${name}${path}`)
  }
})

story(t, 'a client\'s Host, forwarded or not, never becomes domainName', { options: IDENTITY, ...echoContext }, async (t, story) => {
  const client = await story.open('/prod', { headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' } })
  const { requestContext, headers } = JSON.parse(await client.ask('x'))
  t.equal(requestContext.domainName, new URL(story.httpUrl).host)
  t.equal(headers, undefined)
  await client.close()
})

story(t, 'C13 [observed], C17, C18 [observed] @connections knows its stage by host and path', { options: DOMAINS, ...echoContext }, async (t, story) => {
  const client = await story.open('/', host('root.example.com'))
  const { connectionId } = JSON.parse(await client.ask('x')).requestContext
  const call = async (name: string, path: string): Promise<unknown[]> => await new Promise((resolve, reject) => {
    import('node:http').then(({ request }) => {
      const { port } = new URL(story.httpUrl)
      request({ host: '127.0.0.1', port, path, method: 'POST', headers: { Host: name } }, (response) => {
        let body = ''
        response.on('data', (chunk) => { body += chunk })
        response.on('end', () => { resolve([response.statusCode, body === '' ? '' : JSON.parse(body).message]) })
      }).on('error', reject).end('hi')
    }, reject)
  })
  t.same(await call('default.example.com', `/@connections/${connectionId}`), [403, 'Forbidden'], 'C13: without the stage')
  t.same(await call('root.example.com', `/@connections/${connectionId}`), [200, ''], 'C17: the root mapping')
  t.same(await call('root.example.com', `/%40connections/${encodeURIComponent(connectionId)}`), [200, ''])
  t.same(await call('root.example.com', `/prod/@connections/${connectionId}`), [404, `No method found matching route prod/@connections/${connectionId} for http method POST.`], 'C18')
  t.same(await call('keys.example.com', `/chat/@connections/${connectionId}`), [200, ''], 'another mapping of the same stage')
  t.same(await call('keys.example.com', `/chat/dev/@connections/${connectionId}`), [410, ''], 'H69 [unknown] the longest API mapping key wins')
  t.same(await call('keys.example.com', `/prod/@connections/${connectionId}`), [403, 'Forbidden'])
  t.same(await call('default.example.com', `/prod/@connections/${connectionId}`), [200, ''])
  t.same(await call('evil.example', `/prod/@connections/${connectionId}`), [403, 'Forbidden'])
  t.equal((await client.received(5)).length, 5)
  await client.close()
})

story(t, 'the SDK posts under a mapped domain without the stage', {
  options: { ...DOMAINS, domainNames: [{ domainName: 'localhost', apiMappings: [{ stage: 'prod' }] }] } as any, ...echoContext
}, async (t, story) => {
  const endpoint = story.httpUrl.replace('127.0.0.1', 'localhost')
  const client = await story.open('/', host('localhost'))
  const { connectionId, domainName } = JSON.parse(await client.ask('x')).requestContext
  t.equal(domainName, 'localhost')
  const sdk = new ApiGatewayManagementApiClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  await sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'hello' }))
  t.equal((await client.received(2))[1], 'hello')
  sdk.destroy()
  await client.close()
})

story(t, 'H68 [unknown] a disabled default endpoint is 403, and custom domains go on', { options: { ...DOMAINS, disableExecuteApiEndpoint: true } as any }, async (t, story) => {
  t.same(await answer(story, '/prod', host('default.example.com')), FORBIDDEN)
  t.same(await answer(story, '/prod'), FORBIDDEN)
  await (await story.open('/chat', host('keys.example.com'))).close()
})

/* Origins */

{
  let asked = 0
  story(t, 'origins that are not on the list are 403 before anybody is asked', keyed({
    authorizers: { guard: { identitySource: ['route.request.header.Cookie'], handler: async () => { asked++; return allow() } } },
    extensions: { allowedOrigins: ['https://app.example', 'http://localhost:3000'] }
  }, {}, { authorizationType: 'CUSTOM', authorizerId: 'guard' }), async (t, story) => {
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example', 'HTTPS://APP.EXAMPLE', 'https://app.example:444', 'http://app.example', 'https://app.example/', 'https://sub.app.example', '']) {
      t.same(await answer(story, '/prod', { headers: { Cookie: 'id=1', Origin: origin } }), FORBIDDEN, origin)
    }
    t.equal(asked, 0)
    for (const origin of ['https://app.example', 'http://localhost:3000']) await (await story.open('/prod', { headers: { Cookie: 'id=1', Origin: origin } })).close()
    await (await story.open('/prod', { headers: { Cookie: 'id=1' } })).close()
    t.equal(asked, 3)
  })
}

t.test('a warning at start-up tells of cookies that identify while any site may connect', async (t) => {
  for (const [extensions, expected] of [[{}, 1], [{ allowedOrigins: ['https://app.example'] }, 0]] as Array<[{ allowedOrigins?: string[] }, number]>) {
    const lines: string[] = []
    const app = Fastify({ logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } })
    await app.register(apiGatewayWebSocket, {
      stage: 'prod',
      routeSelectionExpression: '$request.body.action',
      authorizers: { guard: { identitySource: ['route.request.header.cookie'], handler: async () => allow() } },
      extensions
    })
    app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'guard' }, async () => ({ statusCode: 200 }))
    await app.ready()
    t.equal(lines.filter((line) => line.includes('allowedOrigins')).length, expected)
    await app.close()
  }
})

/* requestParameters */

story(t, 'H67 [unknown] a required parameter that is missing is 400, after authorizer and key', keyed({}, {}, {
  apiKeyRequired: true,
  requestParameters: { 'route.request.querystring.room': { required: true }, 'route.request.header.X-Tenant': { required: true }, 'route.request.querystring.opt': { required: false }, 'route.request.querystring.a': { required: true } }
}), async (t, story) => {
  t.same(await answer(story), FORBIDDEN, 'the key comes first')
  t.same(await answer(story, '/prod', withKey(KEY)), [400, 'BadRequestException', 'Missing required request parameters: [X-Tenant, room, a]'])
  await (await story.open('/prod?room=&a=1', { headers: { 'x-api-key': KEY, 'x-tenant': 'acme' } })).close()
})

/* Combinations */

{
  const HOOKS = ['no hook', 'hook lets in', 'hook refuses'] as const
  const AUTHORIZERS = ['no authorizer', 'authorizer allows', 'authorizer denies'] as const
  const API_KEYS = ['no key asked', 'key given', 'key missing'] as const
  for (const hook of HOOKS) {
    for (const authorizer of AUTHORIZERS) {
      for (const key of API_KEYS) {
        const called = { authorizer: 0, connect: 0 }
        // The order of the table in docs/guides/authorizers.md: the first that refuses gives the status.
        const status = hook === 'hook refuses' ? 418 : authorizer === 'authorizer denies' ? 403 : key === 'key missing' ? 403 : 101
        story(t, `${hook}, ${authorizer}, ${key}: ${status}`, {
          withoutLifecycleRoutes: true,
          before (app) {
            if (hook === 'no hook') return
            app.addHook('preHandler', async (request, reply) => {
              if (hook === 'hook refuses') await reply.code(418).send({ message: 'teapot' })
              request.authorizer = { principalId: 'hook', from: 'hook', hookOnly: true } as any
            })
          },
          options: {
            authorizers: { guard: { handler: async (event: any) => { called.authorizer++; t.notOk('authorizer' in event.requestContext); return authorizer === 'authorizer denies' ? deny() : allow({ context: { from: 'authorizer' } }) } } },
            apiKeys: { k1: { value: KEY } },
            usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'] } }
          },
          declare (app) {
            app.routeKey('$connect', {
              apiKeyRequired: key !== 'no key asked',
              ...(authorizer === 'no authorizer' ? {} : { authorizationType: 'CUSTOM', authorizerId: 'guard' } as const)
            }, async () => { called.connect++; return { statusCode: 200 } })
            app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: JSON.stringify(event.requestContext) }))
          }
        }, async (t, story) => {
          const options = key === 'key given' ? withKey(KEY) : {}
          if (status === 101) {
            const client = await story.open('/prod', options)
            const context = JSON.parse(await client.ask('x'))
            const fromHook = hook === 'no hook' ? {} : { from: 'hook', hookOnly: 'true', principalId: 'hook' }
            const fromAuthorizer = authorizer === 'no authorizer' ? {} : { from: 'authorizer', principalId: 'u' }
            const expected = { ...fromHook, ...fromAuthorizer }
            t.strictSame(context.authorizer ?? {}, expected)
            t.equal(context.identity.apiKeyId, key === 'key given' ? 'k1' : undefined)
            await client.close()
          } else {
            t.equal((await story.refused('/prod', options)).statusCode, status)
          }
          t.equal(called.authorizer, hook === 'hook refuses' || authorizer === 'no authorizer' ? 0 : 1)
          t.equal(called.connect, status === 101 ? 1 : 0)
        })
      }
    }
  }
}

{
  const tokens: Record<string, string> = {}
  story(t, '@fastify/jwt and @fastify/auth guard the same API beside an authorizer', keyed({
    authorizers: { guard: { handler: async () => allow({ context: { tenant: 'from authorizer' } }) } }
  }, {
    async before (app) {
      await app.register(fastifyJwt, { secret: 'a secret of the test, long enough' })
      await app.register(fastifyAuth)
      tokens['good'] = app.jwt.sign({ sub: 'ada', role: 'admin' })
      tokens['guest'] = app.jwt.sign({ sub: 'eve', role: 'guest' })
      app.addHook('preHandler', app.auth([
        async (request) => { await request.jwtVerify() },
        async (request) => { if ((request.user as { role: string }).role !== 'admin') throw new Error('not an admin') }
      ], { relation: 'and' }))
      app.addHook('preHandler', async (request) => {
        const { sub, role } = request.user as { sub: string, role: string }
        request.authorizer = { principalId: sub, role } as any
      })
    }
  }, { authorizationType: 'CUSTOM', authorizerId: 'guard' }), async (t, story) => {
    t.equal((await story.refused('/prod')).statusCode, 401)
    t.ok((await story.refused('/prod', { headers: { authorization: `Bearer ${tokens['guest']}` } })).statusCode >= 400)
    const client = await story.open('/prod', { headers: { authorization: `Bearer ${tokens['good']}` } })
    t.strictSame(JSON.parse(await client.ask('x')).authorizer, { role: 'admin', tenant: 'from authorizer', principalId: 'u' })
    await client.close()
  })
}

/* Secrets and the log */

t.test('keys, signatures and identity sources are in no line of the log, at any level', async (t) => {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'trace', stream: { write: (line: string) => { lines.push(line) } } } })
  const secrets = ['SECRETTOKEN', KEY, 'abad1deaSIGNATURE', 'SESSIONSECRET']
  await app.register(apiGatewayWebSocket, {
    ...IDENTITY,
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    authorizers: { guard: { identitySource: ['route.request.querystring.token'], handler: async (event: any) => event.queryStringParameters.boom === undefined ? allow() : await Promise.reject(new Error('boom')) } },
    apiKeys: { k1: { value: KEY } },
    usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'] } }
  })
  app.routeKey('$connect', { apiKeyRequired: true, authorizationType: 'CUSTOM', authorizerId: 'guard' }, async () => ({ statusCode: 200 }))
  const url = await app.listen({ port: 0 })
  const { default: WebSocket } = await import('ws')
  for (const [query, headers] of [
    [`token=${secrets[0]}&X-Amz-Signature=${secrets[2]}&X-Amz-Security-Token=${secrets[3]}&room=kept`, { 'x-api-key': KEY }],
    [`tok%65n=${secrets[0]}&boom=1`, { 'x-api-key': KEY }],
    [`token=${secrets[0]}`, { 'x-api-key': `${KEY}x` }]
  ] as const) {
    await new Promise<void>((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/prod?${query}`, { headers })
      socket.on('open', () => { socket.close() })
      socket.on('close', () => { resolve() })
      socket.on('error', () => { resolve() })
    })
  }
  await app.close()
  t.ok(lines.some((line) => line.includes('room=kept') && line.includes('token=[redacted]')), 'the rest of the URL is kept')
  for (const secret of secrets) t.same(lines.filter((line) => line.includes(secret)), [], secret)
})

t.test('a key without a value is carried, opens nothing, and is warned about', async (t) => {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } })
  t.teardown(async () => { await app.close() })
  await app.register(apiGatewayWebSocket, {
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    apiKeys: { drawn: { name: 'drawn by API Gateway', generateDistinctId: true }, k1: { value: KEY } },
    usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['drawn', 'k1'] } },
    routes: { $connect: { apiKeyRequired: true, integration: { handler: async () => ({ statusCode: 200 }) } } }
  })
  await app.ready()
  t.same(lines.map((line) => JSON.parse(line)).map(({ apiKeyId, msg }) => [apiKeyId, msg]), [['drawn', 'API key has no value, which API Gateway would draw: it opens nothing here']])
  await t.rejects(app.injectWS('/prod'), /403/)
  await t.rejects(app.injectWS('/prod', { headers: { 'x-api-key': '' } }), /403/)
  const socket = await app.injectWS('/prod', { headers: { 'x-api-key': KEY } })
  socket.terminate()
})

/* Registration */

t.test('what is wrong with the options of access is refused at registration, by place and without secrets', async (t) => {
  const secret = 'SECRETSECRETSECRETSECRET'
  const refused: Array<[string, object, object | undefined, RegExp]> = [
    ['24 [documented] an API key expression of its own', { apiKeySelectionExpression: '$request.query.k' }, undefined, /apiKeySelectionExpression must be/],
    ['an identity source', { authorizers: { a: { handler () {}, identitySource: ['$request.header.X'] } } }, undefined, /options\.authorizers\.a\.identitySource\[0\] is "\$request\.header\.X"/],
    ['eleven authorizers', { authorizers: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, { handler () {} }])) }, undefined, /at most 10/],
    ['an authorizer with nothing to call', { authorizers: { a: {} } }, undefined, /options\.authorizers\.a has nothing to call; it must have handler or authorizerUri/],
    ['an authorizer with two things to call', { authorizers: { a: { handler () {}, authorizerUri: 'arn:aws:lambda:us-east-1:123456789012:function:f' } } }, undefined, /options\.authorizers\.a has both a handler and an authorizerUri/],
    ['an authorizer that is no function', { authorizers: { a: { authorizerUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage' } } }, undefined, /options\.authorizers\.a\.authorizerUri is "arn:aws:apigateway:us-east-1:sqs:action\/SendMessage"; it must be the ARN of a Lambda function/],
    ['an authorizer whose function is not bound', { authorizers: { a: { authorizerUri: 'arn:aws:lambda:us-east-1:123456789012:function:f' } } }, undefined, /^options\.authorizers\.a\.authorizerUri calls the Lambda function f, and nothing is bound to it/],
    ['an unknown authorizer', {}, { authorizationType: 'CUSTOM', authorizerId: 'nobody' }, /authorizerId is "nobody"; options\.authorizers has none/],
    ['CUSTOM without an authorizer', {}, { authorizationType: 'CUSTOM' }, /authorizerId is missing/],
    ['an authorizer without CUSTOM', {}, { authorizerId: 'a' }, /authorizationType is not CUSTOM/],
    ['AWS_IAM without credentials', {}, { authorizationType: 'AWS_IAM' }, /options\.credentials is missing/],
    ['@connections by AWS_IAM without credentials', { connectionsApi: { authorize: 'AWS_IAM' } }, undefined, /options\.credentials is missing/],
    ['JWT', {}, { authorizationType: 'JWT' }, /NONE, AWS_IAM or CUSTOM/],
    ['authorization on another route', { routes: { x: { authorizationType: 'AWS_IAM' } }, credentials () {} }, undefined, /restricted to the \$connect route only/],
    ['19 [observed] request parameters on another route', { routes: { $default: { requestParameters: {} } } }, undefined, /only supported for the \$connect route/],
    ['a request parameter', {}, { requestParameters: { 'route.request.body.x': { required: true } } }, /requestParameters\.route\.request\.body\.x is not valid/],
    ['a short key', { apiKeys: { k: { value: secret.slice(0, 10) } } }, undefined, /options\.apiKeys\.k\.value is \[redacted\]; it must be a string: 20 to 128/],
    ['a list of keys', { apiKeys: [{ value: secret }] }, undefined, /options\.apiKeys is \[redacted\]/],
    ['a key with a value and a digest', { apiKeys: { k: { value: secret, valueSha256: 'a'.repeat(64) } } }, undefined, /options\.apiKeys\.k has both value and valueSha256/],
    ['two keys of one value', { apiKeys: { k: { value: secret }, l: { value: secret } } }, undefined, /options\.apiKeys\.l has the value of options\.apiKeys\.k/],
    ['a plan with an unknown key', { usagePlans: { p: { apiKeys: ['k'] } } }, undefined, /options\.usagePlans\.p\.apiKeys\[0\] is "k"/],
    ['a plan with an unknown stage', { usagePlans: { p: { apiStages: [{ stage: 'dev' }] } } }, {}, /apiStages\[0\]\.stage is "dev"/],
    ['two plans of one key for one stage', { apiKeys: { k: { value: secret } }, usagePlans: { p: { apiKeys: ['k'], apiStages: [{ stage: 'prod' }] }, q: { apiKeys: ['k'], apiStages: [{ stage: 'prod' }] } } }, undefined, /second plan of the API key k/],
    ['an offset of days', { usagePlans: { p: { quota: { limit: 1, period: 'DAY', offset: 1 } } } }, undefined, /quota\.offset is 1; it must be from 0 to 0/],
    ['settings of an unknown route', { stage: undefined, stages: [{ stageName: 'prod', routeSettings: { nope: {} } }] }, {}, /Unable to find Route by key nope/],
    ['a domain twice', { domainNames: [{ domainName: 'a.example', apiMappings: [{ stage: 'prod' }] }, { domainName: 'A.example', apiMappings: [{ stage: 'prod' }] }] }, undefined, /second time/],
    ['a mapping twice', { domainNames: [{ domainName: 'a.example', apiMappings: [{ stage: 'prod' }, { stage: 'prod', apiMappingKey: '' }] }] }, undefined, /second time/],
    ['a mapping of an unknown stage', { domainNames: [{ domainName: 'a.example', apiMappings: [{ stage: 'dev' }] }] }, undefined, /stage is "dev"/],
    ['a mapping key with spaces', { domainNames: [{ domainName: 'a.example', apiMappings: [{ stage: 'prod', apiMappingKey: 'a b' }] }] }, undefined, /apiMappingKey/],
    ['another mapping expression', { domainNames: [{ domainName: 'a.example', apiMappingSelectionExpression: '$request.path', apiMappings: [{ stage: 'prod' }] }] }, undefined, /\$request\.basepath/],
    ['an origin with a path', { extensions: { allowedOrigins: ['https://app.example/x'] } }, undefined, /allowedOrigins\[0\]/]
  ]
  for (const [title, options, route, message] of refused) {
    const app = Fastify()
    try {
      await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action', ...options } as unknown as ApiGatewayWebSocketOptions)
      if (route !== undefined) app.routeKey('$connect', route, async () => ({ statusCode: 200 }))
      await app.ready()
      t.fail(title)
    } catch (error) {
      t.match((error as Error).message, message, title)
      t.notMatch((error as Error).message, /SECRET/)
    }
    await app.close().catch(() => {})
  }
})

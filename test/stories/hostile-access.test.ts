// Handshakes that mean harm, over real sockets: whoever may not come in does not, and no secret gets into the log.
import { createHash, createHmac } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import fastifyWebsocket from '@fastify/websocket'
import Fastify from 'fastify'
import t from 'tap'
import type { FastifyServerOptions } from 'fastify'
import { MemoryCounters } from '../../lib/access/index.ts'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, UsageRecord } from '../../lib/index.ts'
import type { SocketConnection } from '../../lib/transport/socket-connection.ts'
import { eventually, handshakeHead, story } from './harness.ts'
import type { Story } from './harness.ts'

const KEY = 'abcdefghij0123456789'
const allow = (more: object = {}): object => ({
  principalId: 'user',
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
  ...more
})

/* Hosts and targets */

const DOMAINS: Partial<ApiGatewayWebSocketOptions> = {
  stages: [{ stageName: 'prod' }, { stageName: 'admin' }],
  domainName: 'default.example',
  domainNames: [
    { domainName: 'api.example.com', apiMappings: [{ stage: 'prod', apiMappingKey: 'v1' }, { stage: 'admin', apiMappingKey: 'v1/adm' }, { stage: 'prod' }] },
    { domainName: '*.wild.example', apiMappings: [{ stage: 'prod' }] }
  ]
}

/** The status of a handshake, with these lines of headers. */
async function knock (story: Story, target: string, lines: readonly string[]): Promise<number> {
  const head = handshakeHead(target, { Host: undefined }).replace(/\r\n\r\n$/, `\r\n${lines.join('\r\n')}\r\n\r\n`)
  const client = story.dial().say(head)
  await client.hears('\r\n\r\n')
  const status = Number(client.received.toString('latin1').split(' ')[1])
  client.socket.destroy()
  return status
}

story(t, 'a host leads to its own stages alone, however it is written', { options: DOMAINS }, async (t, story) => {
  for (const [target, host, status, endpoint] of [
    ['/prod', 'default.example', 101, 'default.example prod'],
    ['/prod', 'DEFAULT.example:99', 101, 'default.example prod'],
    ['/v1', 'API.example.com:443', 101, 'api.example.com prod'],
    ['/v1/adm/', 'api.example.com', 101, 'api.example.com admin'],
    ['/', 'x.wild.example', 101, 'x.wild.example prod'],
    ...['default.example.', 'evil.example', '', 'default.example, evil', 'default.example@evil', '[::1]:80', 'api.example.com'].map((host) => ['/prod', host, 403] as const),
    ...['x.y.wild.example', '.wild.example', 'wild.example', '<script>.wild.example'].map((host) => ['/', host, 403] as const),
    ...['/v1/../v1/adm', '/v1//adm', '/v1/%61dm', '/admin', '/v1#adm', '/v1?#adm', 'http://api.example.com/v1', '*'].map((target) => [target, 'api.example.com', 403] as const),
    ...['//v1/adm', '/v1%2fadm', '/V1', '/v1;adm'].map((target) => [target, 'api.example.com', 404] as const)
  ] as ReadonlyArray<readonly [string, string, number, string?]>) {
    const before = story.connects.length
    t.equal(await knock(story, target, [`Host: ${host}`]), status, `${target} of ${host}`)
    const { domainName, stage } = story.connects[before]?.requestContext ?? {}
    t.equal(domainName && `${domainName} ${stage}`, endpoint, `${target} of ${host}`)
  }
})

story(t, 'two Host headers are a bad request, whichever of them is known', { options: DOMAINS }, async (t, story) => {
  for (const hosts of [['default.example', 'api.example.com'], ['default.example', 'evil.example'], ['default.example', 'default.example']]) {
    t.equal(await knock(story, '/prod', hosts.map((host, i) => `${i === 0 ? 'Host' : 'HOST'}: ${host}`)), 400)
  }
  t.equal(story.connects.length, 0)
})

story(t, 'hs-origin-cswsh: an origin is allowed as a whole or not at all', { options: { extensions: { allowedOrigins: ['https://app.example', 'http://localhost:3000'] } } }, async (t, story) => {
  const good = 'Origin: https://app.example'
  for (const [lines, status] of [
    [[good], 101], [['Origin: http://localhost:3000'], 101], [[], 101],
    ...['https://APP.example', 'https://app.example:443', 'https://app.example/', 'https://app.example.evil', 'https://evil.example#https://app.example', 'http://localhost:3001', 'null', '', 'https://app.example, https://evil.example', 'file://', '*'].map((origin) => [[`Origin: ${origin}`], 403] as const),
    [[good, 'Origin: https://evil.example'], 403], [['Origin: https://evil.example', good], 403]
  ] as ReadonlyArray<readonly [readonly string[], number]>) {
    t.equal(await knock(story, '/prod', ['Host: x', ...lines]), status, lines.join(' '))
  }
})

/* API keys */

const KEYS: Partial<ApiGatewayWebSocketOptions> = {
  apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
  apiKeys: { k1: { value: KEY } },
  usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'] } }
}

story(t, 'a key that an authorizer passes on in its context is no key: clients choose none', {
  withoutLifecycleRoutes: true,
  options: {
    ...KEYS,
    authorizers: { echo: { handler: async (event: any) => allow({ context: event.queryStringParameters, ...(event.queryStringParameters.real === undefined ? {} : { usageIdentifierKey: KEY }) }) } }
  },
  declare (app) {
    app.routeKey('$connect', { apiKeyRequired: true, authorizationType: 'CUSTOM', authorizerId: 'echo' }, async () => ({ statusCode: 200 }))
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: JSON.stringify(event.requestContext.authorizer) }))
  }
}, async (t, story) => {
  t.equal((await story.refused(`/prod?usageIdentifierKey=${KEY}`)).statusCode, 403)
  const client = await story.open(`/prod?usageIdentifierKey=${KEY}&real=1`)
  t.same(JSON.parse(await client.ask('x')), { real: '1', principalId: 'user' }, 'and is in no event')
  await client.close()
})

story(t, 'two clients share a cached result only where all values of an identity source are the same', {
  withoutLifecycleRoutes: true,
  options: {
    extensions: { authorizerResultCache: { ttlInSeconds: 60 } },
    authorizers: {
      first: {
        identitySource: ['route.request.querystring.token', 'route.request.header.X-Tenant'],
        handler: async (event: any) => allow({ context: { token: event.multiValueQueryStringParameters.token[0] } })
      }
    }
  },
  declare (app) {
    app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'first' }, async () => ({ statusCode: 200 }))
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: String(event.requestContext.authorizer?.['token']) }))
  }
}, async (t, story) => {
  const headers = { 'x-tenant': 't' }
  for (const [query, token] of [['token=mallory&token=alice', 'mallory'], ['token=alice', 'alice'], ['token=bob&token=alice', 'bob'], ['tok%65n=alice', 'alice']] as const) {
    const client = await story.open(`/prod?${query}`, { headers })
    t.equal(await client.ask('x'), token, query)
    await client.close()
  }
})

/* Quotas */

t.test('a plan that goes from months to days counts anew, and is not used up for years', async (t) => {
  const records = new Map<string, UsageRecord>()
  const results: number[] = []
  for (const period of ['MONTH', 'DAY', 'WEEK', 'MONTH'] as const) {
    const app = Fastify()
    await app.register(apiGatewayWebSocket, {
      stage: 'prod',
      routeSelectionExpression: '$request.body.action',
      apiKeys: { k1: { value: KEY } },
      usagePlans: { basic: { apiStages: [{ stage: 'prod' }], apiKeys: ['k1'], quota: { limit: 1, period } } },
      usageStore: { load: async (key) => records.get(key), save: async (key, record) => { records.set(key, { ...record }) } }
    })
    app.routeKey('$connect', { apiKeyRequired: true }, async () => ({ statusCode: 200 }))
    results.push((await app.webSocketApi.inject({ headers: { 'x-api-key': KEY } })).statusCode)
    await app.close()
  }
  t.same(results, [101, 101, 101, 429])
})

t.test('a store that never answers a save holds up no close', async (t) => {
  const errors: unknown[] = []
  const counters = new MemoryCounters({ store: { load: async () => undefined, save: () => new Promise(() => {}) }, timeoutInMillis: 20, onError: (error) => { errors.push(error) } })
  t.equal(await counters.take({ bucketKey: 'b', throttle: undefined, quotaKey: 'q', quota: { limit: 1, offset: 0, period: 'DAY' } }), 'ADMITTED')
  await delay(1)
  await counters.close()
  t.match(errors, [{ code: 'AGW_ERR_ACCESS_LOOKUP_TIMEOUT', message: /usageStore\.save did not answer within 20 ms/ }])
})

t.test('a quota counts on over the end of a period, and a clock that goes back fills nothing up', async (t) => {
  let now = Date.UTC(2028, 1, 29, 23, 59, 59, 999)
  const counters = new MemoryCounters({ onError () {}, now: () => now })
  const take = (period: 'DAY' | 'WEEK' | 'MONTH', offset = 0): unknown => counters.take({ bucketKey: 'b', throttle: undefined, quotaKey: `${period}${offset}`, quota: { limit: 1, offset, period } })
  const all = (): unknown[] => [take('DAY'), take('WEEK'), take('MONTH'), take('MONTH', 27)]
  const [yes, no] = ['ADMITTED', 'QUOTA_EXCEEDED']
  t.same(all(), [yes, yes, yes, yes])
  t.same(all(), [no, no, no, no])
  now = Date.UTC(2028, 2, 1)
  t.same(all(), [yes, no, yes, no], 'a leap day ends, on a Wednesday')
  now = Date.UTC(2028, 1, 29)
  t.same(all(), [no, no, no, no], 'the clock goes back')
  now = Date.UTC(2028, 2, 5)
  t.same(all(), [yes, yes, no, no], 'Sunday')
  now = Date.UTC(2028, 2, 28)
  t.same(all(), [yes, yes, no, yes], 'the 28th')
})

/* The log */

function collect (): { lines: string[], logger: NonNullable<FastifyServerOptions['logger']> } {
  const lines: string[] = []
  return { lines, logger: { level: 'trace', stream: { write: (line: string) => { lines.push(line) } } } }
}

const SECRET = 'SECRETSECRETSECRET'
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** A presigned target. */
function presign (method: string, path: string, host: string): string {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${timestamp.slice(0, 8)}/us-east-1/execute-api/aws4_request`
  const query = new URLSearchParams([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'], ['X-Amz-Credential', `AKID/${scope}`], ['X-Amz-Date', timestamp],
    ['X-Amz-Security-Token', 'SESSIONSECRET'], ['X-Amz-SignedHeaders', 'host']
  ]).toString()
  const encoded = path.split('/').map((part) => encodeURIComponent(part)).join('/')
  const request = [method, encoded, query, `host:${host}\n`, 'host', createHash('sha256').update('').digest('hex')].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, createHash('sha256').update(request).digest('hex')].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${SECRET}`)
  return `${path}?${query}&X-Amz-Signature=${hmac(key, toSign).toString('hex')}`
}

const signed = collect()
story(t, 'a presigned URL is in no line of the log, of a handshake or of @connections', {
  withoutLifecycleRoutes: true,
  server: { logger: signed.logger },
  options: {
    region: 'us-east-1',
    connectionsApi: { authorize: 'AWS_IAM' },
    credentials: async () => ({ secretAccessKey: SECRET, arn: 'arn:aws:iam::123456789012:user/ada', sessionToken: 'SESSIONSECRET' })
  },
  declare (app) { app.routeKey('$connect', { authorizationType: 'AWS_IAM' }, async () => ({ statusCode: 200 })) }
}, async (t, story) => {
  const host = story.httpUrl.slice('http://'.length)
  const client = await story.open(presign('GET', '/prod', host))
  const [connectionId] = [...story.transport.api.openConnections.keys()] as [string]
  const target = presign('GET', `/prod/@connections/${connectionId}`, host)
  t.equal((await fetch(story.httpUrl + target)).status, 200)
  t.equal((await fetch(`${story.httpUrl}${target.replace(/.$/, (digit) => digit === '0' ? '1' : '0')}`)).status, 403)
  await client.close()
  const text = signed.lines.join('')
  t.match(text, /\/prod\/@connections\//, 'the calls are logged')
  t.match(text, /X-Amz-Signature=\[redacted\]/)
  t.notMatch(text, /X-Amz-Signature=[0-9a-f]/)
  for (const secret of ['SESSIONSECRET', SECRET]) t.notOk(text.includes(secret), secret)
})

const quiet = collect()
story(t, 'logLevel rules what Fastify writes of @connections too', {
  server: { logger: quiet.logger },
  options: { logLevel: 'silent', connectionsApi: { authorize: 'NONE' } },
  root (app) { app.get('/other', async () => 'ok') }
}, async (t, story) => {
  const client = await story.open()
  t.equal((await fetch(`${story.httpUrl}/prod/@connections/${'A'.repeat(15)}=`)).status, 410)
  await fetch(`${story.httpUrl}/other`)
  await client.close()
  t.same(quiet.lines.filter((line) => /@connections|"\/prod/.test(line)), [])
  t.ok(quiet.lines.some((line) => line.includes('/other')))
})

/* Registration and the end */

const BASE: ApiGatewayWebSocketOptions = { stage: 'prod', routeSelectionExpression: '$request.body.action', routes: { $default: {} } }
for (const [what, first, second, message] of [
  ['the same stage', { name: 'a' }, { name: 'b' }, /^Path \/prod, which stage or API mapping "prod" needs, already has a route/],
  ['all paths', { name: 'a', standalone: true }, { name: 'b', stage: 'dev', standalone: true }, /^Path \/\*, which option standalone needs, already has a route/]
] as const) {
  t.test(`two APIs that claim ${what} are refused by what they claim`, async (t) => {
    const app = Fastify()
    t.teardown(async () => { await app.close() })
    await app.register(apiGatewayWebSocket, { ...BASE, ...first } as ApiGatewayWebSocketOptions)
    await t.rejects(async () => { await app.register(apiGatewayWebSocket, { ...BASE, ...second } as ApiGatewayWebSocketOptions) }, { code: 'AGW_ERR_API_PATH_TAKEN', message })
  })
}

t.test('a path that the app has is named where a stage needs it', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  app.get('/prod', async () => 'mine')
  await t.rejects(async () => { await app.register(apiGatewayWebSocket, BASE) }, { code: 'AGW_ERR_API_PATH_TAKEN' })
})

t.test('@fastify/websocket registered twice is refused before any handshake is answered twice', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  await app.register(async (scope) => { await scope.register(apiGatewayWebSocket, BASE) })
  await app.register(async (scope) => { await scope.register(fastifyWebsocket) })
  await t.rejects(async () => { await app.ready() }, { code: 'AGW_ERR_PLUGIN_WEBSOCKET_TWICE' })
})

const ended: string[] = []
story(t, 'a closing server waits for every $disconnect', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$disconnect', async () => { await delay(150); ended.push('disconnect') })
    app.addHook('onClose', async () => { ended.push('closed') })
  }
}, async (t, story) => {
  await story.open()
  await story.app.close()
  t.same(ended, ['disconnect', 'closed'])
})

story(t, 'what is corked goes out before a connection is cut off', {}, async (t, story) => {
  const client = await story.open()
  await eventually(() => story.transport.api.openConnections.size === 1, 'it is open')
  const [connection] = story.transport.api.openConnections.values()
  const socket = connection?.socket as SocketConnection
  socket.cork()
  socket.send('the last word')
  socket.terminate()
  t.equal((await client.closed).code, 1006)
  t.same(client.messages, ['the last word'])
})

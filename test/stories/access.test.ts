// Who may come in, told over real sockets: authorizers, IAM, API keys, throttles, domains, origins, and how they combine.
import { ApiGatewayManagementApiClient, GetConnectionCommand, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import aws4 from 'aws4'
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import Fastify from 'fastify'
import { createSign, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, SigningCredential } from '../../lib/index.ts'
import { delay, eventually, HandshakeRefused, story } from './harness.ts'
import type { Story, StoryOptions } from './harness.ts'

const REGION = 'us-east-1'
const ACCESS_KEY_ID = 'AKIDEXAMPLE123456789'
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const ARN = 'arn:aws:iam::123456789012:user/ada'
const keys = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET }
const METHOD_ARN = 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect'
const IDENTITY = { apiId: 'a1b2c3d4e5', region: REGION }

const allow = (resource: unknown = '*', more: object = {}): any => ({
  principalId: 'user-7',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: resource }] },
  ...more
})

/** A story whose $connect asks a Lambda authorizer; its events are kept. */
function authorized (
  handler: (...args: any[]) => any, more: { identitySource?: string[], options?: object, route?: object, story?: Partial<StoryOptions> } = {}
): { given: StoryOptions, events: any[], connects: any[] } {
  const events: any[] = []
  const connects: any[] = []
  const record = (event: any): void => { events.push(structuredClone(event)) }
  const wrapped = handler.length >= 3
    ? (event: any, context: any, callback: any) => { record(event); return handler(event, context, callback) }
    : async (event: any, context: any) => { record(event); return await handler(event, context) }
  return {
    events,
    connects,
    given: {
      withoutLifecycleRoutes: true,
      ...more.story,
      options: {
        ...IDENTITY,
        authorizers: { guard: { handler: wrapped, ...(more.identitySource === undefined ? {} : { identitySource: more.identitySource }) } },
        ...more.options
      } as Partial<ApiGatewayWebSocketOptions>,
      async declare (app) {
        app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'guard', ...more.route }, async (event: any) => {
          connects.push(event)
          return { statusCode: 200 }
        })
        app.routeKey('$disconnect', async (event) => { connects.push(event) })
        app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: JSON.stringify(event) }))
        await more.story?.declare?.(app)
      }
    }
  }
}

async function refusal (story: Story, path = '/prod', options: object = {}): Promise<HandshakeRefused> {
  return await story.refused(path, options)
}

/** Status, error type and text of a refused handshake. */
async function answer (story: Story, path?: string, options?: object): Promise<unknown[]> {
  const { statusCode, headers, body } = await refusal(story, path, options)
  return [statusCode, headers['x-amzn-errortype'], JSON.parse(body).message]
}

/* Authorizers */

{
  const { given, events } = authorized(() => allow(), {
    identitySource: ['route.request.header.Auth', 'route.request.querystring.room', 'stageVariables.color', 'context.identity.sourceIp'],
    options: { stages: [{ stageName: 'prod', stageVariables: { color: 'blue' } }, { stageName: 'bare' }] }
  })
  story(t, 'A1, A2, A3 [documented] an identity source that is missing or empty is 401, and the authorizer is not called', given, async (t, story) => {
    const unauthorized = [401, 'UnauthorizedException', 'Unauthorized']
    t.same(await answer(story), unauthorized, 'A1: all missing')
    t.same(await answer(story, '/prod?room=1'), unauthorized, 'A3: one of two missing')
    t.same(await answer(story, '/prod?room=', { headers: { Auth: 'x' } }), unauthorized, 'A2: empty in the query')
    t.same(await answer(story, '/prod?room=1', { headers: { auth: '' } }), unauthorized, 'A2: empty header')
    t.same(await answer(story, '/bare?room=1', { headers: { auth: 'x' } }), unauthorized, 'a stage without the variable')
    t.equal(events.length, 0)
    await (await story.open('/prod?room=1', { headers: { aUTH: 'x' } })).close()
    t.equal(events.length, 1, 'A54 [unknown] header names are told apart without regard to case')
  })
}

{
  const { given, connects } = authorized(() => allow(METHOD_ARN, { context: { tenant: 'acme', n: 1, b: true, f: 1.5, none: null, integrationLatency: 'no', principalId: 'no' } }))
  story(t, 'A4, A5, A6, A14 [observed] what the authorizer says is on every event, as text, the latency on the first only', given, async (t, story) => {
    const client = await story.open()
    const message = JSON.parse(await client.ask('hello'))
    await client.close()
    await eventually(() => connects.length === 2, 'disconnect')
    const [connect, disconnect] = connects.map(({ requestContext }) => requestContext.authorizer)
    const context = { tenant: 'acme', n: '1', b: 'true', f: '1.5', principalId: 'user-7' }
    t.same(Object.keys(connect), [...Object.keys(context), 'integrationLatency'])
    t.equal(typeof connect.integrationLatency, 'number')
    t.strictSame({ ...connect, integrationLatency: 0 }, { ...context, integrationLatency: 0 }, 'A53 [unknown] a context key that is named as a built-in one loses')
    t.strictSame(message.requestContext.authorizer, context)
    t.strictSame(disconnect, context)
  })
}

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`
const authorizerUri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn('${stageVariables.guard}')}/invocations`
const grants = (principalId: string) => async () => ({ ...allow(), principalId })

story(t, 'an authorizer named by its URI is bound by name, alias or ARN, and stages may name different ones', {
  withoutLifecycleRoutes: true,
  options: {
    ...IDENTITY,
    stages: [
      { stageName: 'prod', stageVariables: { guard: 'plain' } }, { stageName: 'alias', stageVariables: { guard: 'guard:live' } },
      { stageName: 'exact', stageVariables: { guard: 'exact' } }, { stageName: 'callback', stageVariables: { guard: 'callback' } },
      { stageName: 'unbound', stageVariables: { guard: 'nobody' } }, { stageName: 'bare' }
    ],
    authorizers: { guard: { authorizerUri, authorizerCredentialsArn: 'arn:aws:iam::123456789012:role/invoke' } },
    functions: {
      plain: grants('plain'),
      guard: grants('guard'),
      'guard:live': grants('live'),
      [functionArn('exact')]: grants('exact'),
      callback: ((_event: unknown, _context: unknown, callback: (error: null, result: unknown) => void) => { callback(null, { ...allow(), principalId: 'called back' }) }) as any
    }
  } as Partial<ApiGatewayWebSocketOptions>,
  declare (app) {
    app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'guard' }, async () => ({ statusCode: 200 }))
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: event.requestContext.authorizer?.principalId as string }))
  }
}, async (t, story) => {
  for (const [stage, principalId] of [['prod', 'plain'], ['alias', 'live'], ['exact', 'exact'], ['callback', 'called back']] as const) {
    const client = await story.open(`/${stage}`)
    t.equal(await client.ask('who am I'), principalId, stage)
    await client.close()
  }
  t.same(await answer(story, '/unbound'), [500, 'AuthorizerConfigurationException', 'Internal server error'], 'a stage that names a function nobody bound')
  t.same(await answer(story, '/bare'), [500, 'AuthorizerConfigurationException', 'Internal server error'], 'a stage without the variable')
})

t.test('an authorizer named by its URI and bound to nothing is called in AWS by the peer @aws-sdk/client-lambda', async (t) => {
  const invoked: Array<{ url: string, event: any }> = []
  const lambda = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      invoked.push({ url: request.url as string, event: JSON.parse(Buffer.concat(chunks).toString()) })
      response.end(JSON.stringify({ ...allow(), principalId: 'from Lambda' }))
    })
  })
  await new Promise<void>((resolve) => { lambda.listen(0, '127.0.0.1', resolve) })
  const app = Fastify()
  t.teardown(async () => { await app.close(); lambda.closeAllConnections(); lambda.close() })
  await app.register(apiGatewayWebSocket, {
    ...IDENTITY,
    stage: 'prod',
    routeSelectionExpression: '$request.body.action',
    lambda: { endpoint: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`, credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET } },
    authorizers: { guard: { identitySource: ['route.request.querystring.token'], authorizerUri: functionArn('guard:2') } },
    routes: {
      $connect: { authorizationType: 'CUSTOM', authorizerId: 'guard', integration: { handler: async () => ({ statusCode: 200 }) } },
      $default: { routeResponses: { $default: {} }, integration: { handler: async (event: any) => ({ body: event.requestContext.authorizer.principalId }) } }
    }
  })
  await app.ready()
  const socket = await app.injectWS('/prod?token=t1')
  const frame = once(socket, 'message')
  socket.send('who am I')
  t.equal(String((await frame)[0]), 'from Lambda')
  socket.terminate()
  t.same(invoked.map(({ url, event }) => [decodeURIComponent(url), event.type, event.queryStringParameters.token]), [[`/2015-03-31/functions/${functionArn('guard:2')}/invocations`, 'REQUEST', 't1']])
})

const DENY = (resource: string): any => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Deny', Action: '*', Resource: resource } } })
const REFUSED = 'User is not authorized to access this resource'
const JUDGED: Array<[string, (event: any) => unknown, number, string?]> = [
  ['A7 [observed] Deny is 403', () => DENY('*'), 403, `${REFUSED} with an explicit deny`],
  ['A8 [observed] two slashes after the stage do not match $connect', () => allow(METHOD_ARN.replace('$connect', '*/*')), 403, REFUSED],
  ['A9 [documented] everything below the stage matches', () => allow(METHOD_ARN.replace('$connect', '*')), 101],
  ['A9 [observed] everything of the API matches', () => allow(METHOD_ARN.replace('prod/$connect', '*')), 101],
  ['A9 [observed] the ARN with stars matches', () => allow('arn:aws:execute-api:*:*:*'), 101],
  ['A4 [documented] the methodArn of the event matches', (event) => allow(event.methodArn), 101],
  ['A4 [observed] one statement and one resource need no list', (event) => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: ['EXECUTE-API:*'], Resource: [event.methodArn] } } }), 101],
  ['another stage of the policy does not match', () => allow(METHOD_ARN.replace('prod', 'dev')), 403, REFUSED],
  ['another action does not match', () => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: '*' } } }), 403, REFUSED],
  ['A10 [documented] the error Unauthorized is 401', () => { throw new Error('Unauthorized') }, 401, 'Unauthorized'],
  ['A10 [documented] the thrown text Unauthorized is 401', () => { throw 'Unauthorized' }, 401, 'Unauthorized'], // eslint-disable-line no-throw-literal
  ['A11 [unknown] any other error is 500', () => { throw new Error('boom') }, 500, 'Internal server error'],
  ['a lower-case unauthorized is any other error', () => { throw new Error('unauthorized') }, 500, 'Internal server error'],
  ['A12 [observed] a proxy result is 500', () => ({ statusCode: 401 }), 500, 'Internal server error'],
  ['a result without a principal is 500', () => ({ policyDocument: allow().policyDocument }), 500],
  ['a result without a policy is 500', () => ({ principalId: 'u' }), 500],
  ['the simple answer of HTTP APIs is 500', () => ({ isAuthorized: true, principalId: 'u' }), 500],
  ['no result is 500', () => undefined, 500],
  ['A13 [documented] an object in the context is 500', () => allow('*', { context: { o: {} } }), 500],
  ['a list in the context is 500', () => allow('*', { context: { o: [] } }), 500],
  ['A51 [unknown] more than 8 KB are 500', () => allow('*', { context: { o: 'x'.repeat(8192) } }), 500],
  ['A52 [unknown] a resource of more than 512 characters is 500', () => allow('arn:aws:execute-api:' + 'x'.repeat(500)), 500],
  ['A50 [unknown] a condition that cannot be judged is 500', () => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:MultiFactorAuthPresent': 'true' } } } } }), 500],
  ['a condition that holds lets in', () => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } } } }), 101],
  ['a condition that does not hold keeps out', () => ({ principalId: 'u', policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } } } }), 403, REFUSED],
  ['A20 [derived] an explicit deny wins over an allow', () => ({ principalId: 'u', policyDocument: { Statement: [...allow().policyDocument.Statement, ...[DENY(METHOD_ARN).policyDocument.Statement]] } }), 403, `${REFUSED} with an explicit deny`]
]
{
  let current: (event: any) => unknown = () => allow()
  const { given, connects } = authorized((event: any) => current(event))
  story(t, 'every answer of an authorizer has its status, and a refused handshake never reaches $connect', { ...given, server: { logger: false } }, async (t, story) => {
    for (const [title, judge, status, message] of JUDGED) {
      current = judge
      const before = connects.length
      if (status === 101) {
        await (await story.open()).close()
        await eventually(() => connects.length === before + 2, `${title}: connect and disconnect`)
        t.pass(title)
        continue
      }
      const refused = await refusal(story)
      t.equal(refused.statusCode, status, title)
      if (message !== undefined) t.equal(JSON.parse(refused.body).message, message, title)
      t.match(refused.headers, { 'x-amzn-requestid': /^[0-9a-f-]{36}$/, 'x-amz-apigw-id': /^.{15}=$/, 'content-type': 'application/json' })
      t.equal(connects.length, before, `${title}: $connect did not run`)
    }
  })
}

for (const [how, handler] of [
  ['callback with a text', (_event: any, _context: any, callback: any) => { callback('Unauthorized') }], // eslint-disable-line n/no-callback-literal
  ['callback with an error, later', (_event: any, _context: any, callback: any) => { setImmediate(callback, new Error('Unauthorized')) }],
  ['context.fail', (_event: any, context: any, _callback: any) => { context.fail('Unauthorized') }]
] as Array<[string, (...args: any[]) => any]>) {
  story(t, `A10 [documented] Unauthorized by ${how} is 401`, authorized(handler).given, async (t, story) => {
    t.same(await answer(story), [401, 'UnauthorizedException', 'Unauthorized'])
  })
}

{
  const { given } = authorized(async () => await new Promise(() => {}), { options: { quotas: { integrationTimeoutInMillis: 60 } } })
  story(t, 'A55 [unknown] an authorizer that never answers is 500 at the timeout', given, async (t, story) => {
    t.same(await answer(story), [500, 'AuthorizerConfigurationException', 'Internal server error'])
  })
}

{
  const { given, events, connects } = authorized(async () => { await delay(50); return allow() })
  story(t, 'a client that leaves while the authorizer thinks never reaches $connect', given, async (t, story) => {
    const raw = story.dial()
    raw.socket.write('GET /prod HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    await eventually(() => events.length === 1, 'authorizer called')
    raw.socket.destroy()
    await delay(120)
    t.equal(connects.length, 0)
  })
}

{
  const { given, events, connects } = authorized(() => allow())
  story(t, 'A15 [documented] each handshake asks; A16, A17 [observed] the event is API Gateway\'s; A18 [observed] $disconnect does not ask', given, async (t, story) => {
    const first = await story.open('/prod', { headers: { 'User-Agent': 'ua', Zeta: '1' } })
    await first.close()
    const second = await story.open('/prod?a=1&a=2')
    await second.close()
    await eventually(() => connects.length === 4, 'two lives')
    t.equal(events.length, 2, 'A15, A18')
    const [event, withQuery] = events
    t.same(Object.keys(event), ['type', 'methodArn', 'headers', 'multiValueHeaders', 'queryStringParameters', 'multiValueQueryStringParameters', 'stageVariables', 'requestContext'])
    t.equal(event.type, 'REQUEST')
    t.equal(event.methodArn, METHOD_ARN)
    t.match(event.headers, { Connection: 'upgrade', Upgrade: 'websocket', 'content-length': '0', Zeta: '1', 'X-Forwarded-Proto': 'https' })
    t.same(event.multiValueHeaders.Upgrade, ['websocket'])
    t.same(Object.keys(event.headers), Object.keys(event.headers).sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    t.same([event.queryStringParameters, event.multiValueQueryStringParameters, event.stageVariables], [{}, {}, {}])
    t.same([withQuery.queryStringParameters, withQuery.multiValueQueryStringParameters], [{ a: '2' }, { a: ['1', '2'] }])
    t.same(Object.keys(event.requestContext), ['routeKey', 'eventType', 'extendedRequestId', 'requestTime', 'messageDirection', 'stage', 'connectedAt', 'requestTimeEpoch', 'identity', 'requestId', 'domainName', 'connectionId', 'apiId'])
    t.same([event.requestContext.routeKey, event.requestContext.eventType], ['$connect', 'CONNECT'])
    t.equal(event.requestContext.connectionId, connects[0].requestContext.connectionId, 'A17')
    t.equal(event.headers['X-Amzn-Trace-Id'], connects[0].headers['X-Amzn-Trace-Id'])
    t.notOk('Upgrade' in connects[0].headers)
  })
}

{
  const { given, events } = authorized(async () => await new Promise(() => {}), { options: { quotas: { pendingConnections: 5, integrationTimeoutInMillis: 400 } } })
  story(t, 'authorizers that never answer hold so many handshakes at most, and the others are 503 at once', given, async (t, story) => {
    const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await refusal(story)).statusCode))
    t.same([...new Set(statuses)].sort(), [500, 503])
    t.equal(events.length, 5)
    t.equal(statuses.filter((status) => status === 500).length, 5)
    t.same((await refusal(story)).statusCode, 500, 'and the bound is free again')
  })
}

{
  const { given, events } = authorized((event: any) => event.queryStringParameters.t === 'bad'
    ? DENY('*')
    : event.queryStringParameters.t === 'err' ? Promise.reject(new Error('boom')) : allow(event.methodArn, { context: { t: event.queryStringParameters.t } }), {
    identitySource: ['route.request.querystring.t', 'route.request.querystring.u'],
    options: { stages: [{ stageName: 'prod' }, { stageName: 'dev' }], extensions: { authorizerResultCache: { ttlInSeconds: 60 } } }
  })
  story(t, 'the result cache shares nothing between identities and stages, keeps Deny as Deny, and keeps no error', given, async (t, story) => {
    const connect = async (path: string): Promise<number> => {
      try {
        await (await story.open(path)).close()
        return 101
      } catch (error) {
        return (error as HandshakeRefused).statusCode
      }
    }
    const calls = async (paths: string[]): Promise<Array<[number, number]>> => {
      const counts: Array<[number, number]> = []
      for (const path of paths) {
        const before = events.length
        const status = await connect(path)
        counts.push([status, events.length - before])
      }
      return counts
    }
    t.same(await calls(['/prod?t=a&u=b', '/prod?t=a&u=b', '/prod?u=b&t=a']), [[101, 1], [101, 0], [101, 0]], 'the same identity')
    t.same(await calls(['/prod?t=x|&u=y', '/prod?t=x&u=|y', '/prod?t=x%22,%22y&u=z', '/prod?t=x&u=y%22,%22z']), [[101, 1], [101, 1], [101, 1], [101, 1]], 'separators in values')
    t.same(await calls(['/dev?t=a&u=b']), [[101, 1]], 'another stage')
    t.same(await calls(['/prod?t=bad&u=1', '/prod?t=bad&u=1']), [[403, 1], [403, 0]], 'Deny is kept')
    t.same(await calls(['/prod?t=err&u=1', '/prod?t=err&u=1']), [[500, 1], [500, 1]], 'an error is not')
    t.same(await calls(['/prod?t=a', '/prod?t=a&u=']), [[401, 0], [401, 0]], 'a missing source is 401 without a call')
  })
}

/* Cognito */

{
  const USER_POOL_ID = 'us-east-1_EXAMPLE01'
  const CLIENT_ID = '1example23456789'
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const verifier = CognitoJwtVerifier.create({ userPoolId: USER_POOL_ID, tokenUse: 'id', clientId: CLIENT_ID })
  verifier.cacheJwks({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' } as any] })

  // As people write it for Lambda, with AWS's types and AWS's library.
  const authorizer = async (event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> => {
    const policy = (Effect: 'Allow' | 'Deny', Resource: string): APIGatewayAuthorizerResult['policyDocument'] =>
      ({ Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] })
    try {
      const payload = await verifier.verify(event.queryStringParameters?.['idToken'] ?? '')
      return { principalId: payload.sub, policyDocument: policy('Allow', event.methodArn), context: { userId: payload.sub, verified: payload.email_verified ?? null, at: payload.iat } }
    } catch {
      return { principalId: '*', policyDocument: policy('Deny', '*') }
    }
  }
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = (claims: object = {}, key = privateKey): string => {
    const now = Math.floor(Date.now() / 1000)
    const head = encode({ alg: 'RS256', kid: 'k1' })
    const body = encode({ sub: 'ada', aud: CLIENT_ID, token_use: 'id', iss: `https://cognito-idp.us-east-1.amazonaws.com/${USER_POOL_ID}`, iat: now, exp: now + 60, email_verified: true, ...claims })
    return `${head}.${body}.${createSign('RSA-SHA256').update(`${head}.${body}`).sign(key, 'base64url')}`
  }

  const { given, connects } = authorized(authorizer, { identitySource: ['route.request.querystring.idToken'] })
  story(t, 'an authorizer that verifies Cognito tokens with aws-jwt-verify runs unmodified', given, async (t, story) => {
    const client = await story.open(`/prod?idToken=${sign()}`)
    t.match(JSON.parse(await client.ask('x')).requestContext.authorizer, { userId: 'ada', verified: 'true', principalId: 'ada', at: /^\d+$/ })
    await client.close()
    t.equal((await refusal(story)).statusCode, 401)
    for (const token of ['x', sign({ exp: 1 }), sign({ aud: 'another' }), sign({ token_use: 'access' }), sign({}, stranger), `${sign()}x`]) {
      t.equal((await refusal(story, `/prod?idToken=${token}`)).statusCode, 403)
    }
    t.equal(connects.length, 2)
  })
}

/* IAM */

const credentials = (more: Partial<SigningCredential> = {}) => (accessKeyId: string): SigningCredential | undefined =>
  accessKeyId === ACCESS_KEY_ID ? { secretAccessKey: SECRET, arn: ARN, ...more } : undefined

function signedStory (title: string, more: Partial<SigningCredential>, tell: (t: any, story: Story) => Promise<void>, given: Partial<StoryOptions> = {}): void {
  story(t, title, {
    ...given,
    withoutLifecycleRoutes: true,
    options: { ...IDENTITY, credentials: credentials(more), connectionsApi: { authorize: 'AWS_IAM' }, ...given.options } as Partial<ApiGatewayWebSocketOptions>,
    declare (app) {
      app.routeKey('$connect', { authorizationType: 'AWS_IAM' }, async () => ({ statusCode: 200 }))
      app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event: any) => ({ body: JSON.stringify(event.requestContext) }))
    }
  }, tell)
}

function signHeaders (story: Story, path: string, more: object = {}): Record<string, string> {
  const { headers } = aws4.sign({ host: new URL(story.httpUrl).host, path, service: 'execute-api', region: REGION, ...more }, keys)
  return headers as Record<string, string>
}

async function presign (story: Story, path: string): Promise<string> {
  const { host, hostname, port } = new URL(story.httpUrl)
  const signed = await new SignatureV4({ service: 'execute-api', region: REGION, credentials: keys, sha256: Sha256 })
    .presign({ method: 'GET', protocol: 'ws:', hostname, port: Number(port), path, headers: { host } }, { expiresIn: 60 })
  return `${path}?${new URLSearchParams(signed.query as Record<string, string>).toString()}`
}

signedStory('A19 [documented] an IAM route lets in who signs, by header or presigned URL, and tells who it is', { userId: 'AIDAEXAMPLE', principalOrgId: 'o-1' }, async (t, story) => {
  t.same(await answer(story), [403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'])
  const client = await story.open('/prod', { headers: signHeaders(story, '/prod') })
  t.strictSame(JSON.parse(await client.ask('x')).identity, {
    principalOrgId: 'o-1', userArn: ARN, accountId: '123456789012', caller: 'AIDAEXAMPLE', sourceIp: '127.0.0.1', accessKey: ACCESS_KEY_ID, user: 'AIDAEXAMPLE'
  })
  await client.close()
  await (await story.open(await presign(story, '/prod'))).close()
  await (await story.open(await presign(story, '/prod/'))).close()
  const wrong = await refusal(story, '/prod?a=1', { headers: signHeaders(story, '/prod') })
  t.equal(wrong.headers['x-amzn-errortype'], 'InvalidSignatureException')
  t.match(JSON.parse(wrong.body).message, /^The request signature we calculated does not match.*The Canonical String for this request should have been\n'GET\n\/prod\na=1\n/s)
  t.match(await answer(story, '/prod', { headers: { authorization: 'Bearer x' } }), [403, 'IncompleteSignatureException'], 'A56 [unknown] a signature that is not well formed')
  t.match(await answer(story, (await presign(story, '/prod')) + '&extra=1'), [403, 'InvalidSignatureException'])
})

story(t, 'credentials that never come are 500 at the timeout', {
  withoutLifecycleRoutes: true,
  options: { ...IDENTITY, credentials: async () => await new Promise(() => {}), quotas: { integrationTimeoutInMillis: 60 } },
  declare (app) { app.routeKey('$connect', { authorizationType: 'AWS_IAM' }, async () => ({ statusCode: 200 })) }
}, async (t, story) => {
  t.match(await answer(story, '/prod', { headers: signHeaders(story, '/prod') }), [500])
})

story(t, 'injectWS is asked like everybody, behind a trusted proxy too', {
  server: { trustProxy: true },
  withoutLifecycleRoutes: true,
  options: { ...IDENTITY, authorizers: { guard: { handler: async (event: any) => allow(event.methodArn) } } },
  declare (app) {
    app.routeKey('$connect', { authorizationType: 'CUSTOM', authorizerId: 'guard' }, async () => ({ statusCode: 200 }))
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event: any) => ({ body: event.requestContext.authorizer.principalId }))
  }
}, async (t, story) => {
  const socket = await story.app.injectWS('/prod', { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' } })
  const answered = new Promise((resolve) => { socket.on('message', (data: unknown) => { resolve(String(data)) }) })
  socket.send('hello')
  t.equal(await answered, 'user-7')
  socket.terminate()
})

for (const [title, policy, status] of [
  ['a policy of its stage lets in', { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/*' }, 101],
  ['a policy of another stage keeps out', { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/dev/*' }, 403],
  ['NotResource is judged', { Effect: 'Allow', Action: 'execute-api:Invoke', NotResource: 'arn:aws:execute-api:*:*:*/dev/*' }, 101],
  ['a policy on the caller himself is judged', { Effect: 'Allow', NotAction: 's3:*', Resource: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ada' }, StringEquals: { 'aws:username': 'ada' } } }, 101]
] as Array<[string, object, number]>) {
  signedStory(`IAM on $connect: ${title}`, { policy: { Statement: policy } }, async (t, story) => {
    const options = { headers: signHeaders(story, '/prod') }
    if (status === 101) await (await story.open('/prod', options)).close()
    else t.same(await answer(story, '/prod', options), [403, 'AccessDeniedException', `User: ${ARN} is not authorized to perform: execute-api:Invoke on resource: ${METHOD_ARN}`])
  })
}

signedStory('C16 [documented] @connections asks for a signature, and S1, S4 the SDK\'s is one', {}, async (t, story) => {
  const client = await story.open('/prod', { headers: signHeaders(story, '/prod') })
  const { connectionId } = JSON.parse(await client.ask('x'))
  for (const method of ['POST', 'GET', 'DELETE']) {
    const unsigned = await fetch(`${story.httpUrl}/prod/@connections/${connectionId}`, { method, ...(method === 'POST' ? { body: 'evil' } : {}) })
    t.same([unsigned.status, unsigned.headers.get('x-amzn-errortype'), await unsigned.json()], [403, 'MissingAuthenticationTokenException', { message: 'Missing Authentication Token' }])
  }
  const sdk = new ApiGatewayManagementApiClient({ endpoint: `${story.httpUrl}/prod/`, region: REGION, credentials: keys })
  await sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'hello' }))
  t.equal((await client.received(2))[1], 'hello')
  const information = await sdk.send(new GetConnectionCommand({ ConnectionId: connectionId }))
  t.same(information.Identity, { SourceIp: '127.0.0.1' }, 'who signed the handshake is not told')
  const forger = new ApiGatewayManagementApiClient({ endpoint: `${story.httpUrl}/prod`, region: REGION, credentials: { ...keys, secretAccessKey: 'wrong' } })
  await t.rejects(forger.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'evil' })), { name: 'InvalidSignatureException' })
  await t.rejects(sdk.send(new PostToConnectionCommand({ ConnectionId: 'AAAAAAAAAAAAAAA=', Data: 'x' })), { name: 'GoneException' })
  await t.rejects(sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'x'.repeat(131_073) })), { name: 'PayloadTooLargeException' })
  t.equal(client.messages.length, 2)
  sdk.destroy()
  forger.destroy()
})

signedStory('S9 [observed] @connections takes signers of the plain path', {}, async (t, story) => {
  const client = await story.open('/prod', { headers: signHeaders(story, '/prod') })
  const { connectionId } = JSON.parse(await client.ask('x'))
  for (const path of [`/prod/@connections/${connectionId}`, `/prod/%40connections/${encodeURIComponent(connectionId)}`]) {
    // fetch writes these two itself, and refuses to be told.
    const { Host: _host, 'Content-Length': _length, ...headers } = signHeaders(story, path, { method: 'POST', body: 'hi' })
    t.equal((await fetch(`${story.httpUrl}${path}`, { method: 'POST', headers, body: 'hi' })).status, 200)
    t.equal((await fetch(`${story.httpUrl}${path}`, { method: 'POST', headers, body: 'ho' })).status, 403, 'another body')
  }
})

signedStory('a policy says which commands a caller may give', {
  policy: [
    { Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' } },
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/POST/@connections/*' } }
  ]
}, async (t, story) => {
  const client = await story.open('/prod', { headers: signHeaders(story, '/prod') })
  const { connectionId } = JSON.parse(await client.ask('x'))
  const sdk = new ApiGatewayManagementApiClient({ endpoint: `${story.httpUrl}/prod`, region: REGION, credentials: keys })
  await sdk.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: 'hello' }))
  await t.rejects(sdk.send(new GetConnectionCommand({ ConnectionId: connectionId })), {
    name: 'AccessDeniedException',
    message: `User: ${ARN} is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/@connections/${connectionId}`
  })
  sdk.destroy()
})

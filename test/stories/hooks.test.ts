// Authorization by Fastify's own hooks and plugins, and whose hooks, decorators and error handlers are at work.
import fastifyAuth from '@fastify/auth'
import fastifyCookie from '@fastify/cookie'
import fastifyJwt from '@fastify/jwt'
import fastifyRateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import t from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import { delay, eventually, handshakeHead, story } from './harness.ts'
import type { StoryOptions } from './harness.ts'

const PHASES = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const

const tellAuthorizer: NonNullable<StoryOptions['declare']> = (app) => {
  app.routeKey('who', { routeResponseSelectionExpression: '$default' }, async (event) => {
    return { statusCode: 200, body: JSON.stringify(event.requestContext.authorizer ?? null) }
  })
}
const who = { action: 'who' }

class Teapot extends Error { statusCode = 418 }

/*
 * Hooks that refuse
 */
for (const phase of PHASES) {
  for (const [when, key] of [['before', 'before'], ['behind', 'declare']] as const) {
    story(t, `a hook ${phase} declared ${when} the plugin refuses the handshake by throwing, with the error's status`, {
      [key] (app: FastifyInstance) { app.addHook(phase as 'onRequest', async () => { throw new Teapot('no coffee') }) }
    }, async (t, story) => {
      const answer = await story.dial().say(handshakeHead()).answer()
      t.equal(answer.statusCode, 418)
      t.equal(JSON.parse(answer.body).message, 'no coffee')
      t.ok(answer.isEnded, 'the socket is let go of')
      t.equal(story.connects.length, 0)
    })

    story(t, `a hook ${phase} declared ${when} the plugin refuses the handshake by replying`, {
      [key] (app: FastifyInstance) {
        app.addHook(phase as 'onRequest', async (_request, reply) => reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'who are you?' }))
      }
    }, async (t, story) => {
      const answer = await story.dial().say(handshakeHead()).answer()
      t.equal(answer.statusCode, 401)
      t.equal(answer.headers['www-authenticate'], 'Bearer')
      t.equal(answer.body, '{"error":"who are you?"}')
      t.ok(answer.isEnded, 'the socket is let go of')
      t.equal(story.connects.length, 0)
    })
  }
}

const HOSTILE_HOOKS: Record<string, (app: FastifyInstance) => void> = {
  'replies and then throws': (app) => {
    app.addHook('onRequest', async (_request, reply) => { void reply.code(403).send('no'); throw new Error('too late') })
  },
  'replies and then calls done': (app) => {
    app.addHook('preHandler', (_request, reply, done) => { void reply.code(403).send('no'); done() })
  },
  'replies late, after done': (app) => {
    app.addHook('preHandler', (_request, reply, done) => {
      setTimeout(() => { void reply.code(403).send('no'); done() }, 10)
    })
  },
  'throws at once from a callback hook': (app) => {
    app.addHook('preHandler', () => { throw Object.assign(new Error('no'), { statusCode: 403 }) })
  },
  'calls done with an error': (app) => {
    app.addHook('preValidation', (_request, _reply, done) => { done(Object.assign(new Error('no'), { statusCode: 403 })) })
  },
  'hijacks and answers itself': (app) => {
    app.addHook('onRequest', async (_request, reply) => { reply.hijack(); reply.raw.writeHead(403).end('no') })
  },
  'hijacks before the plugin and answers itself': (app) => {
    app.addHook('preHandler', async (_request, reply) => { reply.hijack(); reply.raw.writeHead(403).end('no') })
  },
  'answers on the raw response': (app) => {
    app.addHook('preHandler', (_request, reply) => { reply.raw.statusCode = 403; reply.raw.end('no') })
  },
  redirects: (app) => { app.addHook('onRequest', async (_request, reply) => reply.code(403).redirect('/login', 403)) },
  'streams its answer': (app) => {
    app.addHook('onRequest', async (_request, reply) => reply.code(403).send((await import('node:stream')).Readable.from(['n', 'o'])))
  }
}
for (const [what, addHook] of Object.entries(HOSTILE_HOOKS)) {
  for (const key of ['before', 'declare']) {
    story(t, `a hook that ${what} refuses, runs nothing and leaves nothing behind (${key})`, { [key]: addHook }, async (t, story) => {
      const answer = await story.dial().say(handshakeHead()).answer()
      t.equal(answer.statusCode, 403)
      t.ok(answer.isEnded)
      t.equal(story.connects.length, 0)
      t.equal(story.app.webSocketApi.connectionCount, 0)
    })
  }
}

story(t, 'a hook that hijacks and destroys leaves nothing behind', {
  before (app) { app.addHook('preHandler', async (request, reply) => { reply.hijack(); request.raw.socket.destroy() }) }
}, async (t, story) => {
  const answer = await story.dial().say(handshakeHead()).answer()
  t.ok(answer.isEnded)
  t.equal(story.connects.length, 0)
})

story(t, 'a hook that calls done twice opens one connection', {
  before (app) { app.addHook('preHandler', (_request, _reply, done) => { done(); done() }) }
}, async (t, story) => {
  await story.open().catch(() => {})
  await delay(30)
  t.ok(story.app.webSocketApi.connectionCount <= 1)
})

story(t, 'an upgrade schema refuses what does not fit', {
  options: { upgrade: { schema: { querystring: { type: 'object', required: ['room'], properties: { room: { type: 'integer' } } } } } }
}, async (t, story) => {
  const refusal = await story.refused('/prod')
  t.equal(refusal.statusCode, 400)
  t.equal(JSON.parse(refusal.body).message, "querystring must have required property 'room'")
  t.equal((await story.refused('/prod?room=x')).statusCode, 400)
  await story.open('/prod?room=7')
  t.strictSame(story.connects[0].queryStringParameters, { room: '7' }, 'the event holds what the client sent')
})

/*
 * The order of a handshake
 */
story(t, 'hooks run once each, in Fastify\'s order, with the gateway\'s checks at the plugin\'s place', {
  before (app) {
    const seen: string[] = []
    app.decorate('seen', seen)
    app.addHook('onRequest', async () => { seen.push('onRequest before') })
    app.addHook('preHandler', async () => { seen.push('preHandler before') })
  },
  options: {
    upgrade: {
      onRequest: async (request: FastifyRequest) => { (request.server as any).seen.push('upgrade onRequest') },
      preValidation: [async (request: FastifyRequest) => { (request.server as any).seen.push('upgrade preValidation') }],
      preHandler: (request: FastifyRequest, _reply: unknown, done: () => void) => { (request.server as any).seen.push('upgrade preHandler'); done() }
    }
  },
  declare (app) {
    app.addHook('onRequest', async () => { (app as any).seen.push('onRequest behind') })
    app.addHook('preHandler', async () => { (app as any).seen.push('preHandler behind') })
  },
  onConnect: async () => ({ statusCode: 200 })
}, async (t, story) => {
  const { seen } = story.app as unknown as { seen: string[] }
  await story.open()
  t.strictSame(seen, [
    'onRequest before', 'onRequest behind', 'upgrade onRequest', 'upgrade preValidation', 'preHandler before', 'preHandler behind', 'upgrade preHandler'
  ])
  seen.length = 0
  await story.refused('/prod/x')
  t.strictSame(seen, ['onRequest before'], 'what the gateway refuses, later hooks do not see')
  seen.length = 0
  t.equal((await fetch(`${story.httpUrl}/prod`)).status, 426)
  t.strictSame(seen, ['onRequest before'])
})

story(t, 'hooks of the option upgrade concern the upgrade alone', {
  options: { upgrade: { onRequest: async () => { throw new Teapot() } } },
  declare (app) { app.get('/rest', async () => 'rest') }
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 418)
  t.equal((await fetch(`${story.httpUrl}/rest`)).status, 200)
})

story(t, 'config and constraints of the option upgrade are the route\'s', {
  options: { upgrade: { config: { flavour: 'mint' } as object, constraints: { host: 'chat.example.com' } } },
  declare (app) {
    app.addHook('onRequest', async (request, reply) => { void reply.header('x-flavour', (request.routeOptions.config as any).flavour) })
  },
  onConnect: () => ({ statusCode: 403 })
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 404)
  const refusal = await story.refused('/prod', { headers: { host: 'chat.example.com' } })
  t.equal(refusal.statusCode, 403)
  t.equal(refusal.headers['x-flavour'], 'mint')
})

/*
 * Encapsulation
 */
story(t, 'hooks of the registering scope run on the upgrade, those of a sibling do not', {
  scope: {},
  root (app) {
    app.addHook('onRequest', async (_request, reply) => { void reply.header('x-root', '1') })
    app.register(async (sibling) => {
      sibling.addHook('onRequest', async () => { throw new Error('not mine') })
      sibling.get('/sibling', async () => '')
    })
    app.get('/rest', async () => 'rest')
  },
  before (app) { app.addHook('onRequest', async (_request, reply) => { void reply.header('x-scope', '1') }) },
  onConnect: () => ({ statusCode: 403 })
}, async (t, story) => {
  const { headers } = await story.refused()
  t.equal(headers['x-root'], '1')
  t.equal(headers['x-scope'], '1')
  const rest = await fetch(`${story.httpUrl}/rest`)
  t.equal(rest.headers.get('x-scope'), null, 'the scope\'s hooks do not reach the routes beside it')
  t.equal(await rest.text(), 'rest')
})

story(t, 'errors of hooks go through the scope\'s error handler, outcomes of the gateway do not', {
  scope: {},
  before (app) {
    app.setErrorHandler(async (error: Error, _request, reply) => reply.code(499).send(`handled: ${error.message}`))
    app.addHook('onRequest', async (request) => { if (request.url.includes('throw')) throw new Error('mine') })
  },
  onConnect () { throw new Error('not for clients') }
}, async (t, story) => {
  const refusal = await story.refused('/prod?throw')
  t.equal(refusal.statusCode, 499)
  t.equal(refusal.body, 'handled: mine')
  const failure = await story.refused('/prod')
  t.equal(failure.statusCode, 502)
  t.equal(failure.body, '{"message":"Internal server error"}')
})

story(t, 'this is the scope that declared the handler, with its decorators', {
  root (app) { app.decorate('where', 'root') },
  async declare (app) {
    app.routeKey('root', { routeResponseSelectionExpression: '$default' }, async function () { return { body: (this as any).where } })
    await app.register(async (child) => {
      child.decorate('inner', 'child')
      child.routeKey('child', { routeResponseSelectionExpression: '$default' }, async function (this: any) {
        return { body: `${this.where}/${this.inner}/${this === child}` }
      })
    })
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask({ action: 'root' }), 'root')
  t.equal(await client.ask({ action: 'child' }), 'root/child/true')
})

/*
 * request.authorizer
 */
story(t, 'request.authorizer becomes the authorizer of every event, as text', {
  before (app) {
    app.addHook('onRequest', async (request) => {
      request.authorizer = { principalId: 'user-7', tenant: 'acme', level: 3, admin: true, zero: 0, no: false, empty: '', nothing: null, ratio: 1.5 }
    })
  },
  declare: tellAuthorizer
}, async (t, story) => {
  const expected = '{"tenant":"acme","level":"3","admin":"true","zero":"0","no":"false","empty":"","ratio":"1.5","principalId":"user-7"}'
  const client = await story.open()
  t.equal(await client.ask(who), expected)
  t.equal(JSON.stringify(story.connects[0].requestContext.authorizer), expected)
  await client.close()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.equal(JSON.stringify(story.disconnects[0].requestContext.authorizer), expected)
})

story(t, 'without an authorizer the events have none', {
  before (app) { app.addHook('onRequest', async (request) => { t.equal(request.authorizer, null) }) },
  declare: tellAuthorizer
}, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask(who), 'null')
  t.notOk('authorizer' in story.connects[0].requestContext)
})

story(t, 'the authorizer is copied: what a hook changes later changes nothing', {
  before (app) {
    const shared: Record<string, string> = { tenant: 'acme' }
    app.decorate('shared', shared)
    app.addHook('onRequest', async (request) => { request.authorizer = shared })
  },
  declare: tellAuthorizer
}, async (t, story) => {
  const client = await story.open()
  ;(story.app as any).shared.tenant = 'other'
  t.equal(await client.ask(who), '{"tenant":"acme"}')
})

const UNUSABLE: Record<string, unknown> = {
  text: 'user-7',
  number: 7,
  true: true,
  list: ['a'],
  object: { roles: {} },
  array: { roles: ['a'] },
  function: { f () {} },
  bigint: { n: 1n },
  symbol: { s: Symbol('s') },
  date: { at: new Date(0) },
  getter: { get tenant () { throw new Error('mine') } }
}
story(t, 'A13 [documented] an authorizer that is more than text, numbers and booleans is 500, and nothing runs', {
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = UNUSABLE[(request.query as any).kind] as any }) }
}, async (t, story) => {
  for (const kind of Object.keys(UNUSABLE)) {
    const refusal = await story.refused(`/prod?kind=${kind}`)
    t.equal(refusal.statusCode, 500, kind)
    t.equal(refusal.body, '{"message":"Internal server error"}')
    t.equal(refusal.headers['x-amzn-errortype'], 'AuthorizerConfigurationException')
  }
  t.equal(story.connects.length, 0)
})

const lines: Array<Record<string, any>> = []
story(t, 'the log says what is wrong with an authorizer', {
  server: { logger: { level: 'error', stream: { write (line: string) { lines.push(JSON.parse(line)) } } } },
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = { roles: ['a'] } as any }) }
}, async (t, story) => {
  await story.refused()
  t.match(lines, [{
    msg: 'request.authorizer cannot be used',
    err: {
      code: 'AGW_ERR_ACCESS_AUTHORIZER_CONTEXT',
      message: 'request.authorizer.roles is a list; it must be a string, number, boolean or null'
    }
  }])
})

/*
 * The real plugins
 */
story(t, 'a JWT opens the connection, and its claims are the authorizer', {
  async before (app) {
    await app.register(fastifyJwt, { secret: 'a secret of the test' })
    app.addHook('onRequest', async (request) => {
      await request.jwtVerify()
      const { sub, tenant } = request.user as { sub: string, tenant: string }
      request.authorizer = { principalId: sub, tenant }
    })
  },
  declare: tellAuthorizer
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 401)
  t.equal((await story.refused('/prod', { headers: { authorization: 'Bearer none' } })).statusCode, 401)
  t.equal(story.connects.length, 0)
  const token = story.app.jwt.sign({ sub: 'user-7', tenant: 'acme' })
  const client = await story.open('/prod', { headers: { authorization: `Bearer ${token}` } })
  t.equal(await client.ask(who), '{"tenant":"acme","principalId":"user-7"}')
})

story(t, 'a JWT in the query opens the connection of a browser, which cannot send headers', {
  async before (app) {
    await app.register(fastifyJwt, { secret: 'a secret of the test', verify: { extractToken: (request) => (request.query as any).token } })
    app.addHook('onRequest', async (request) => { request.authorizer = { principalId: (await request.jwtVerify<{ sub: string }>()).sub } })
  },
  declare: tellAuthorizer
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 400)
  t.equal((await story.refused('/prod?token=none')).statusCode, 401)
  const client = await story.open(`/prod?token=${story.app.jwt.sign({ sub: 'user-7' })}`)
  t.equal(await client.ask(who), '{"principalId":"user-7"}')
})

story(t, 'a signed cookie opens the connection', {
  async before (app) {
    await app.register(fastifyCookie, { secret: 'a secret of the test' })
    app.addHook('preValidation', async (request, reply) => {
      const { valid, value } = request.unsignCookie(request.cookies.session ?? '')
      if (!valid) return await reply.code(401).send({ message: 'log in first' })
      request.authorizer = { principalId: value }
    })
  },
  declare: tellAuthorizer
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 401)
  t.equal((await story.refused('/prod', { headers: { cookie: 'session=user-7.forged' } })).statusCode, 401)
  const cookie = `a=b; session=${encodeURIComponent(story.app.signCookie('user-7'))}`
  const client = await story.open('/prod', { headers: { cookie } })
  t.equal(await client.ask(who), '{"principalId":"user-7"}')
  t.equal(story.connects[0].headers.cookie, cookie)
})

story(t, '@fastify/auth guards the upgrade by any of several ways', {
  async before (app) { await app.register(fastifyAuth) },
  options: {
    upgrade: {
      preHandler (request, reply, done) {
        const byKey = async (request: FastifyRequest): Promise<void> => {
          if (request.headers['x-key'] !== 'k') throw new Teapot('no key')
          request.authorizer = { by: 'key' }
        }
        const byQuery = async (request: FastifyRequest): Promise<void> => {
          if ((request.query as any).key !== 'q') throw new Teapot('no query')
          request.authorizer = { by: 'query' }
        }
        request.server.auth([byKey, byQuery]).call(request.server, request, reply, done)
      }
    }
  },
  declare: tellAuthorizer
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 418)
  t.equal(await (await story.open('/prod', { headers: { 'x-key': 'k' } })).ask(who), '{"by":"key"}')
  t.equal(await (await story.open('/prod?key=q')).ask(who), '{"by":"query"}')
})

story(t, '@fastify/auth guards every upgrade of a scope', {
  scope: {},
  async before (app) {
    await app.register(fastifyAuth)
    app.addHook('preHandler', app.auth([
      (request, _reply, done) => { done(request.headers['x-key'] === 'k' ? undefined : new Teapot('no key')) }
    ]))
  }
}, async (t, story) => {
  t.equal((await story.refused()).statusCode, 418)
  await story.open('/prod', { headers: { 'x-key': 'k' } })
})

story(t, '@fastify/rate-limit refuses handshakes above the limit with 429', {
  async before (app) { await app.register(fastifyRateLimit, { max: 2, timeWindow: 10_000 }) }
}, async (t, story) => {
  await story.open()
  await story.open()
  const answer = await story.dial().say(handshakeHead()).answer()
  t.equal(answer.statusCode, 429)
  t.ok(Number(answer.headers['retry-after']) > 0)
  t.ok(answer.isEnded)
  t.equal(story.connects.length, 2)
})

story(t, '@fastify/rate-limit reads the limit of the upgrade route from its config', {
  async before (app) { await app.register(fastifyRateLimit, { global: false }) },
  options: { upgrade: { config: { rateLimit: { max: 1, timeWindow: 10_000 } } as object } },
  declare (app) { app.get('/rest', async () => 'rest') }
}, async (t, story) => {
  await story.open()
  t.equal((await story.refused()).statusCode, 429)
  for (let i = 0; i < 3; i++) t.equal((await fetch(`${story.httpUrl}/rest`)).status, 200)
})

/*
 * APIs below one another
 */
story(t, 'an API in a scope below another has its own checks, once, and the hooks of both scopes', {
  options: { quotas: { newConnectionsPerSecond: 2, pendingConnections: 1 } },
  before (app) { app.addHook('onRequest', async (request) => { request.authorizer = { outer: '1' } }) },
  async declare (app) {
    await app.register(async (child) => {
      child.addHook('onRequest', async (request) => { request.authorizer = { ...request.authorizer, inner: '2' } })
      await child.register(apiGatewayWebSocket, {
        stage: 'inner', routeSelectionExpression: '$request.body.action', quotas: { newConnectionsPerSecond: 2, pendingConnections: 1 }
      })
      tellAuthorizer(child)
      t.not(child.webSocketApi, app.webSocketApi)
    })
  }
}, async (t, story) => {
  const one = await story.open('/inner')
  t.equal(await one.ask(who), '{"outer":"1","inner":"2"}')
  await story.open('/inner')
  t.equal((await story.refused('/inner')).statusCode, 429)
  t.equal(story.connects.length, 0, 'the outer API has nothing to do with it')
  await story.open('/prod')
  t.equal(story.connects.length, 1)
})

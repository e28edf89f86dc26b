// Messages, answers and back ends that mean harm, over real sockets: each ends in the right frame, and nothing hangs,
// leaks or ends the process.
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import t from 'tap'
import type { Test } from 'tap'
import type { IntegrationDefinition, RouteDefinition, ServiceHandler } from '../../lib/index.ts'
import { delay, eventually, handshakeHead, story } from './harness.ts'
import type { Client, Story, StoryOptions } from './harness.ts'

const MOCK: IntegrationDefinition = {
  integrationType: 'MOCK',
  requestTemplates: { $default: '{"statusCode":200}' },
  integrationResponses: { $default: { responseTemplates: { $default: 'fine' } } }
}

/** A two-way `$default` route. */
function twoWay (integration: IntegrationDefinition, more: RouteDefinition = {}): Record<string, RouteDefinition> {
  return { $default: { routeResponses: { $default: {} }, integration, ...more } }
}

function guarded (schema: object): Record<string, RouteDefinition> {
  return twoWay(MOCK, { modelSelectionExpression: 'x', requestModels: { $default: schema } })
}

/** The text of an error frame, or the frame. */
function said (frame: string): string {
  return frame.startsWith('{"message": "') ? JSON.parse(frame).message : frame
}

/** Sends a message in frames that fit, and gives what comes of it. */
async function askLong (client: Client, message: string): Promise<string> {
  const bytes = Buffer.from(message)
  const count = client.messages.length + 1
  for (let start = 0; start < bytes.length; start += 32_000) {
    client.socket.send(bytes.subarray(start, start + 32_000), { fin: start + 32_000 >= bytes.length, binary: false })
  }
  return said((await client.received(count))[count - 1] as string)
}

/** Nobody waits for anything any more. */
function isQuiet ({ transport: { api } }: Story): boolean {
  return api.messagesInFlight === 0 && api.abortControllers.size === 0
}

/** Long enough not to come first on a busy machine, except where it has to. */
const TIMEOUTS = { soon: 300, late: 5000 }

/** Hears what would end the process. */
async function withoutCrash (t: Test, tell: () => Promise<void>): Promise<void> {
  const heard: unknown[] = []
  const listen = (error: unknown): void => { heard.push(error) }
  process.on('unhandledRejection', listen)
  process.on('uncaughtException', listen)
  try {
    await tell()
    await delay(5)
  } finally {
    process.off('unhandledRejection', listen)
    process.off('uncaughtException', listen)
  }
  t.same(heard.map(String), [], 'nothing reached the process')
}

const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/* Models */

for (const [what, schema, message, answer] of [
  ['nested deeper than the stack, under a model that refers to itself', { type: 'array', items: { $ref: '#' } }, nest(60_000), 'Bad request body'],
  ['nested deeper than the stack, where an enum must be explained', { properties: { k: { enum: [[1]] } } }, `{"k":${nest(60_000)}}`, 'Bad request body'],
  ['a long list without duplicates', { uniqueItems: true }, JSON.stringify(Array.from({ length: 20_000 }, (_, i) => i)), 'fine'],
  ['a long list with one duplicate', { uniqueItems: true }, JSON.stringify([...Array.from({ length: 20_000 }, (_, i) => i), 19_999]), 'Bad request body'],
  ['a long list of lists with one duplicate', { uniqueItems: true }, JSON.stringify([...Array.from({ length: 9000 }, (_, i) => [i]), [8999]]), 'Bad request body'],
  ['a pattern of many repetitions side by side', { items: { pattern: '^a*a*a*a*a*a*a*b$' } }, JSON.stringify(Array.from({ length: 400 }, () => 'a'.repeat(256))), 'Bad request body'],
  ['a pattern of bounded repetitions', { items: { pattern: '^(a{1,50}){1,50}$' } }, JSON.stringify(Array.from({ length: 900 }, () => `${'a'.repeat(100)}b`)), 'Bad request body'],
  ['a pattern of optional parts', { pattern: '^(a?){40}a{40}$' }, JSON.stringify(`${'a'.repeat(40)}b`), 'Bad request body'],
  ['many texts for a pattern with a back reference', { items: { pattern: '^(a+)+\\1$' } }, JSON.stringify(Array.from({ length: 4000 }, () => `${'a'.repeat(28)}b`)), 'Bad request body'],
  ['many texts that a pattern finds after a long search', { items: { pattern: '^(?:(a+)+\\1c|a+)$' } }, JSON.stringify(Array.from({ length: 7000 }, () => 'a'.repeat(13))), 'Bad request body'],
  ['a pattern that takes too many steps, below a not', { not: { type: 'string', pattern: '^(a+)+\\1b$' } }, JSON.stringify('a'.repeat(2000)), 'Bad request body']
] as const) {
  story(t, `a message is ${what}`, { options: { routes: guarded(schema) } }, async (t, story) => {
    await withoutCrash(t, async () => {
      const client = await story.open()
      const startedAt = performance.now()
      t.equal(await askLong(client, message), answer)
      t.ok(performance.now() - startedAt < 1500, 'and holds nobody up')
      t.equal(await askLong(client, '[]'), 'fine', 'the next message is served')
      t.ok(isQuiet(story))
      await client.close()
    })
  })
}

story(t, 'js-proto-keys: members named as JavaScript\'s own are plain data on every way through', {
  options: {
    services: { 'sqs:SendMessage': (request: any) => ({ body: request.body }) },
    models: { Poisoned: { type: 'object', required: ['__proto__', 'constructor'], properties: { ['__proto__']: { type: 'object' } } } },
    routes: twoWay({
      integrationType: 'AWS',
      integrationMethod: 'POST',
      integrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage',
      requestParameters: { 'integration.request.header.p': 'route.request.body.__proto__.x' },
      requestTemplates: { $default: "$input.path('$.__proto__.x') $input.path('$.constructor.prototype.y') $input.path('$.toString') $input.json('$')" },
      integrationResponses: { $default: {} }
    }, { modelSelectionExpression: '$request.body.model', requestModels: { $default: 'Poisoned' } })
  }
}, async (t, story) => {
  const client = await story.open()
  const message = '{"__proto__":{"x":1},"constructor":{"prototype":{"y":2}}}'
  t.equal(await client.ask(message), `1 2  ${message}`)
  t.equal(said(await client.ask('{"toString":1}')), 'Bad request body', 'what is inherited is not there')
  for (const action of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '$connect', '$disconnect']) {
    t.equal(said(await client.ask({ action })), 'Bad request body', `${action} leads to $default`)
  }
  t.same([({} as any).x, ({} as any).y], [undefined, undefined])
  t.equal(story.disconnects.length, 0)
  await client.close()
})

/* What handlers, functions and services answer */

const circular: Record<string, unknown> = {}
circular['itself'] = circular
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const service = (handler: unknown): Partial<StoryOptions['options']> => ({
  services: { 'sqs:SendMessage': handler as ServiceHandler },
  routes: twoWay({
    integrationType: 'AWS', integrationMethod: 'POST', integrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage', integrationResponses: { $default: {} }, timeoutInMillis: 1000
  })
})
const lambda = (handler: unknown): Partial<StoryOptions['options']> => ({ routes: twoWay({ integrationType: 'AWS', handler: handler as () => unknown, integrationResponses: { $default: {} }, timeoutInMillis: 1000 } as IntegrationDefinition) })
const proxy = (handler: unknown): Partial<StoryOptions['options']> => ({ routes: twoWay({ handler: handler as () => any, timeoutInMillis: 1000 }) })
const FAILED = 'Internal server error'
const thrown = (members: object): unknown => async () => { throw Object.assign(new Error('x'), members) }

for (const [what, options, expected] of [
  ['a service answers with a BigInt', service(async () => ({ body: { n: 1n } })), FAILED],
  ['a service answers at once with a BigInt', service(() => ({ body: { n: 1n } })), FAILED],
  ['a service answers with a cycle', service(async () => ({ body: circular })), FAILED],
  ['a service answers with a header that has no text', service(async () => ({ headers: { a: Object.create(null) } })), FAILED],
  ['a service answers with a function for a body', service(async () => ({ body: () => {} })), FAILED],
  ['a service answers with a getter that throws', service(async () => ({ get statusCode () { throw new Error('getter') } })), FAILED],
  ['a service throws an error that cannot be read', service(async () => { throw Object.defineProperty(new Error('x'), '$metadata', { get () { throw new Error('getter') } }) }), FAILED],
  ['a service throws what is no error and has no words', service(async () => { throw revoked() }), FAILED],
  ['a function throws an error without a stack', lambda(thrown({ stack: null })), /^\{"errorMessage":"x","errorType":"Error","stackTrace":\[\]\}$/],
  ['a function throws at once an error without a stack', lambda(() => { throw Object.assign(new Error('x'), { stack: null }) }), /"errorMessage":"x"/],
  ['a function throws an error whose stack is no text', lambda(thrown({ stack: { a: 1 } })), /"errorMessage":"x"/],
  ['a function throws an error whose message is a BigInt', lambda(thrown({ message: 1n })), /"errorMessage":"Integration threw/],
  ['a function throws an error whose name is a symbol', lambda(thrown({ name: Symbol('name') })), /Internal server error|"errorMessage"/],
  ['a function throws an error that cannot be read', lambda(async () => { throw Object.defineProperty(new Error('x'), 'message', { get () { throw new Error('getter') } }) }), /"errorMessage"/],
  ['a handler throws what cannot be looked at', proxy(async () => { throw revoked() }), FAILED],
  ['a handler answers by callback, and then rejects', proxy(async (_: unknown, __: unknown, callback: any) => { callback(null, { body: 'first' }); throw new Error('second') }), 'first'],
  ['a handler answers with a Date', proxy(async () => new Date()), FAILED],
  ['a handler answers with an error', proxy(async () => new Error('x')), FAILED],
  ['a handler answers with a Map', proxy(async () => new Map([['statusCode', 403]])), FAILED]
] as Array<[string, Partial<StoryOptions['options']>, string | RegExp]>) {
  story(t, `${what}: one frame, and the next message is served`, { options: options as object }, async (t, story) => {
    await withoutCrash(t, async () => {
      const client = await story.open()
      for (let i = 0; i < 2; i++) t.match(said(await client.ask('{}')), expected)
      t.ok(isQuiet(story))
      await client.close()
    })
  })
}

for (const [what, result] of [
  ['a Date', new Date()], ['an error', new Error('denied')], ['a Map', new Map([['statusCode', 403]])], ['a Set', new Set()], ['a RegExp', /403/],
  ['an instance whose class keeps its status', new (class { get statusCode () { return 403 } })()]
] as Array<[string, any]>) {
  story(t, `$connect lets nobody in who is answered with ${what}`, { withoutLifecycleRoutes: true, options: { routes: { $default: {}, $connect: { integration: { handler: async () => result } } } } }, async (t, story) => {
    t.equal((await story.refused()).statusCode, 502)
  })
}

story(t, 'a result may be an instance of a class whose members are its own, or have no prototype', {
  declare (app) {
    class Answer { body = 'mine' }
    app.routeKey('class', { routeResponseSelectionExpression: '$default' }, async () => new Answer())
    app.routeKey('bare', { routeResponseSelectionExpression: '$default' }, async () => Object.assign(Object.create(null), { body: 'bare' }))
    app.routeKey('empty', { routeResponseSelectionExpression: '$default' }, async () => Object.create(null))
  }
}, async (t, story) => {
  const client = await story.open()
  t.same([await client.ask({ action: 'class' }), await client.ask({ action: 'bare' }), await client.ask({ action: 'empty' })], ['mine', 'bare', ''])
  await client.close()
})

story(t, 'a pattern of an integration response that takes too many steps is an Internal server error, and no later one is chosen', {
  options: {
    routes: twoWay({
      integrationType: 'AWS',
      handler: async ({ text }: any) => { throw new Error(text) },
      integrationResponses: { '/(a+)+\\1b/': { responseTemplates: { $default: 'evil' } }, $default: { responseTemplates: { $default: 'default' } } }
    } as IntegrationDefinition)
  }
}, async (t, story) => {
  await withoutCrash(t, async () => {
    const client = await story.open()
    t.equal(said(await client.ask({ text: 'a'.repeat(3000) })), FAILED)
    t.equal(said(await client.ask({ text: 'x' })), 'default')
    t.ok(isQuiet(story))
    await client.close()
  })
})

story(t, 'a Lambda function that cannot be called is an Internal server error, whatever the integration responses say', {
  options: {
    lambda: { endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, maxAttempts: 1 },
    routes: twoWay({
      integrationType: 'AWS',
      integrationUri: 'arn:aws:lambda:us-east-1:123456789012:function:down',
      integrationResponses: { '/.*/': {}, $default: {} }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  t.equal(said(await client.ask('{}')), FAILED, 'no address and no stack of the server reaches the client')
  await client.close()
})

/* The log */

story(t, 'a logger that throws keeps no message and no handshake from ending', {
  server: { loggerInstance: createThrowingLog() as any },
  onConnect: (event) => event.queryStringParameters === undefined ? { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'x' } } : null,
  options: { onIntegrationError () { throw new Error('hook') } },
  declare (app) {
    app.routeKey('boom', async () => { throw new Error('boom') })
    app.routeKey('slow', { routeResponseSelectionExpression: '$default' }, async () => { await delay(30); return { body: 'late' } })
  }
}, async (t, story) => {
  await withoutCrash(t, async () => {
    const client = await story.open()
    for (let i = 0; i < 3; i++) t.equal(said(await client.ask({ action: 'boom' })), FAILED)
    t.equal(said(await client.ask({ action: 'nowhere' })), 'Forbidden')
    t.ok(isQuiet(story))
    client.send({ action: 'slow' })
    await delay(5)
    await client.close()
    await eventually(() => isQuiet(story), 'an answer that is dropped is over')
    t.equal((await story.refused('/prod?refuse=1')).statusCode, 502)
  })
})

function createThrowingLog (): object {
  let isArmed = false
  setImmediate(() => { isArmed = true })
  const write = (): void => { if (isArmed) throw new Error('the disk is full') }
  const log: Record<string, unknown> = { level: 'trace', child: () => log }
  // Fastify's own lines are not ours to guard.
  for (const level of ['fatal', 'error', 'warn', 'debug', 'trace', 'silent']) log[level] = write
  log['info'] = (...args: unknown[]) => { if (String(args[1]).includes('refused')) write() }
  return log
}

/* HTTP back ends, byte by byte */

interface RawBackend { readonly url: string, readonly sockets: Set<Socket>, close (): void }

async function startBackend (answer: (socket: Socket) => void): Promise<RawBackend> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let heard = ''
    socket.on('error', () => {})
    socket.on('close', () => { sockets.delete(socket) })
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      if (!heard.includes('\r\n\r\n')) return
      heard = ''
      answer(socket)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    close () { for (const socket of sockets) socket.destroy(); server.close() }
  }
}

/** Writes again and again until the other side lets go. */
function drip (socket: Socket, head: string, what: string | Buffer): void {
  socket.write(head)
  const timer = setInterval(() => { socket.write(what) }, 2)
  socket.on('close', () => { clearInterval(timer) })
}

const TIMED_OUT = 'Endpoint request timed out'
const ok = (more: string): string => `HTTP/1.1 200 OK\r\n${more}`

const BACKENDS: ReadonlyArray<readonly [what: string, answer: (socket: Socket) => void, frame: string, status: number]> = [
  ['hangs up without an answer', (socket) => { socket.end() }, FAILED, 502],
  ['resets before it answers', (socket) => { socket.resetAndDestroy() }, FAILED, 502],
  ['resets in the middle of its body', (socket) => { socket.write(ok('Content-Length: 9\r\n\r\nhalf')); setTimeout(() => { socket.resetAndDestroy() }, 10) }, FAILED, 502],
  ['ends before its content length', (socket) => { socket.end(ok('Content-Length: 9\r\n\r\nhalf')) }, FAILED, 502],
  ['names two content lengths', (socket) => { socket.write(ok('Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi')) }, FAILED, 502],
  ['names a length and sends chunks', (socket) => { socket.write(ok('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n')) }, FAILED, 502],
  ['sends a chunk size that is none', (socket) => { socket.write(ok('Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n')) }, FAILED, 502],
  ['breaks off in a chunk', (socket) => { socket.end(ok('Transfer-Encoding: chunked\r\n\r\n5\r\nhi')) }, FAILED, 502],
  ['speaks no HTTP', (socket) => { socket.write('SSH-2.0-OpenSSH_9.2\r\n') }, FAILED, 502],
  ['sends headers without end', (socket) => { drip(socket, ok(''), 'x-more: more\r\n'.repeat(100)) }, FAILED, 502],
  ['sends a body without end', (socket) => { drip(socket, ok('\r\n'), Buffer.alloc(65_536)) }, FAILED, 502],
  ['drips', (socket) => { drip(socket, ok('Content-Length: 100000\r\n\r\n'), '.') }, TIMED_OUT, 504],
  ['never answers', () => {}, TIMED_OUT, 504],
  ['switches protocols', (socket) => { socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n') }, FAILED, 502],
  ['sends hints before its answer', (socket) => { socket.write(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok('Content-Length: 2\r\n\r\nhi')}`) }, 'hi', 101],
  ['sends headers named as JavaScript\'s own', (socket) => { socket.write(ok('__proto__: x\r\nconstructor: y\r\nconstructor: z\r\nContent-Length: 2\r\n\r\nhi')) }, 'hi', 101],
  ['compresses, which nobody asked for', (socket) => { socket.write(Buffer.concat([Buffer.from(ok('Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n')), Buffer.from([0x1f, 0x8b, 8, 0])])) }, '\u001f\ufffd\b\0', 101],
  ['answers with a status beyond 599', (socket) => { socket.write('HTTP/1.1 700 Odd\r\nContent-Length: 2\r\n\r\nhi') }, 'hi', 502],
  ['answers with the status 999', (socket) => { socket.write('HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nhi') }, 'hi', 502]
]

for (const [what, answer, expected, status] of BACKENDS) {
  void t.test(`a back end that ${what}`, async (t) => {
    const backend = await startBackend(answer)
    t.teardown(() => { backend.close() })
    const call = { integrationMethod: 'POST', integrationUri: `${backend.url}/x`, timeoutInMillis: expected === TIMED_OUT ? TIMEOUTS.soon : TIMEOUTS.late }
    const http: IntegrationDefinition = { integrationType: 'HTTP', ...call, integrationResponses: { $default: {} } }
    story(t, `of a message: ${JSON.stringify(expected)}`, { options: { quotas: { integrationResponseBytes: 1_000_000 }, routes: twoWay(http) } }, async (t, story) => {
      await withoutCrash(t, async () => {
        const client = await story.open()
        for (let i = 0; i < 2; i++) t.equal(said(await client.ask('{}')), expected)
        t.ok(isQuiet(story))
        await client.close()
      })
    })
    for (const integrationType of ['HTTP', 'HTTP_PROXY'] as const) {
      const integration = { ...call, integrationType, ...(integrationType === 'HTTP' ? { integrationResponses: { $default: {} } } : {}) } as IntegrationDefinition
      story(t, `of $connect, as ${integrationType}: ${status}`, {
        withoutLifecycleRoutes: true, options: { quotas: { integrationResponseBytes: 1_000_000 }, routes: { $default: {}, $connect: { integration } } }
      }, async (t, story) => {
        await withoutCrash(t, async () => {
          if (status === 101) await (await story.open()).close()
          else t.equal((await story.refused()).statusCode, status)
        })
      })
    }
  })
}

for (const status of ['0', '-1000', '199', '600', '1000', '99999']) {
  story(t, `a MOCK $connect with the status ${status} is refused with 502 and the generic text`, {
    withoutLifecycleRoutes: true,
    options: { routes: { $default: {}, $connect: { integration: { ...MOCK, requestTemplates: { $default: `{"statusCode":${status}}` } } } } }
  }, async (t, story) => {
    const { statusCode, body } = await story.refused()
    t.same([statusCode, body], [502, '{"message":"Internal server error"}'])
  })
}

/* Routes of the same server */

const inProcess = (timeoutInMillis: number): Record<string, RouteDefinition> => twoWay({
  integrationType: 'HTTP', integrationMethod: 'POST', integrationUri: '/rest', integrationResponses: { $default: {} }, timeoutInMillis
})

for (const [what, handler, expected] of [
  ['takes over and never answers', (_: any, reply: any) => { reply.hijack() }, TIMED_OUT],
  ['takes over and answers by itself', (_: any, reply: any) => { reply.hijack(); reply.raw.end('raw') }, 'raw'],
  ['takes over and hangs up', (_: any, reply: any) => { reply.hijack(); reply.raw.destroy() }, FAILED],
  ['hangs up in the middle', (_: any, reply: any) => { reply.hijack(); reply.raw.writeHead(200); reply.raw.write('half'); setTimeout(() => reply.raw.destroy(), 5) }, FAILED],
  ['streams and fails', (_: any, reply: any) => { void reply.send(Readable.from((async function * () { yield 'half'; await delay(5); throw new Error('cut') })())) }, FAILED],
  ['streams and never ends', (_: any, reply: any) => { void reply.send(Readable.from((async function * () { yield 'half'; await delay(10_000, undefined, { ref: false }) })())) }, TIMED_OUT],
  ['streams without end and without waiting', (_: any, reply: any) => { void reply.send(Readable.from((function * () { for (;;) yield Buffer.alloc(65_536) })())) }, FAILED],
  ['has a serializer that throws', async (_: any, reply: any) => { reply.serializer(() => { throw new Error('serializer') }); return { a: 1 } }, '{"statusCode":500,"error":"Internal Server Error","message":"serializer"}']
] as Array<[string, (...args: any[]) => unknown, string]>) {
  story(t, `a route of the same server that ${what}: ${expected.slice(0, 40)}`, {
    options: { routes: inProcess(expected === TIMED_OUT ? TIMEOUTS.soon : TIMEOUTS.late), quotas: { integrationResponseBytes: 1_000_000 } },
    declare (app) { app.post('/rest', handler as any) }
  }, async (t, story) => {
    await withoutCrash(t, async () => {
      const client = await story.open()
      for (let i = 0; i < 2; i++) t.equal(said(await client.ask('{}')), expected)
      t.ok(isQuiet(story))
      await client.close()
    })
  })
}

/* The end */

story(t, 'a handshake that comes while the server closes, when nobody takes upgrades any more, holds up nothing', {
  declare (app) { app.addHook('preClose', async () => { await delay(80) }) }
}, async (t, story) => {
  const late = story.dial()
  await eventually(() => !late.socket.connecting, 'it is connected')
  await delay(10)
  const closedAt = performance.now()
  const closing = story.app.close()
  await delay(40)
  late.say(handshakeHead())
  const { statusCode, headers, isEnded } = await late.answer()
  t.match([statusCode, headers['retry-after'], isEnded], [503, '1', true])
  await closing
  t.ok(performance.now() - closedAt < 2000)
})

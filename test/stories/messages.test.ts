// Messages over real sockets: which route takes them, what handlers may answer, error frames byte for byte, and order.
import type { FastifyInstance } from 'fastify'
import { getEventListeners } from 'node:events'
import t from 'tap'
import { delay, eventually, story } from './harness.ts'
import type { Client, Story } from './harness.ts'
import { frame, TEXT } from './frame-client.ts'

const TWO_WAY = { routeResponseSelectionExpression: '$default' } as const
const ID = '[A-Za-z0-9_-]{15}='

/** A logger that keeps its lines. */
function recording (level = 'info'): { lines: any[], server: { logger: object } } {
  const lines: any[] = []
  return { lines, server: { logger: { level, stream: { write: (line: string) => { lines.push(JSON.parse(line)) } } } } }
}

/** The frame AWS would send, with the ids this connection and message have. */
function errorFrame (message: string, story: Story, received: string): string {
  const requestId = new RegExp(`"requestId":"(${ID})"`).exec(received)?.[1]
  const { connectionId } = story.connects[0].requestContext
  return `{"message": "${message}", "connectionId":"${connectionId}", "requestId":"${requestId}"}`
}

/** Sends something no route fails at, so that whatever came before it has come. */
async function flush (client: Client): Promise<string[]> {
  const count = client.messages.length
  client.send({ action: 'ping' })
  for (;;) {
    const messages = await client.received(count + 1)
    if (messages.at(-1) === 'pong') return messages.slice(count, -1)
    await delay(1)
  }
}

function ping (app: FastifyInstance): void {
  app.routeKey('ping', TWO_WAY, async () => {
    await delay(20)
    return { body: 'pong' }
  })
}

/*
 * Routes
 */

{
  const events: any[] = []
  story(t, 'M1–M5: which route takes a message', {
    declare (app) {
      for (const routeKey of ['a', '$default']) app.routeKey(routeKey, TWO_WAY, (event) => { events.push(event) })
      ping(app)
    }
  }, async (t, story) => {
    const client = await story.open()
    const cases = [
      ['M1 [observed] a message with the key of a route goes there, its body verbatim', '{ "action":"a",\t"n": 1.0 }', 'a'],
      ['M2 [observed] a message with another key goes to $default', '{"action":"b"}', '$default'],
      ['M3 [observed] JSON without the key goes to $default', '{"other":"a"}', '$default'],
      ['M4 [documented] text that is not JSON goes to $default', 'hello, "world', '$default'],
      ['M5 [documented] an empty message goes to $default', '', '$default']
    ] as const
    for (const [title, message, routeKey] of cases) {
      await t.test(title, async (t) => {
        client.send(message)
        t.strictSame(await flush(client), [])
        const { body, requestContext } = events.pop()
        t.strictSame([body, requestContext.routeKey], [message, routeKey])
      })
    }
    t.strictSame(events, [])
  })
}

story(t, 'M6 [observed] a message that no route takes is answered Forbidden and the socket stays open', {
  declare: ping
}, async (t, story) => {
  const client = await story.open()
  for (const message of ['{"action":"unknown"}', '{}', '[]', 'null', '{"action":null}', '{"action":{}}', '{"action":"']) {
    t.match(JSON.parse(await client.ask(message)).message, 'Forbidden')
  }
  t.equal(await client.ask({ action: 'ping' }), 'pong')
})

story(t, 'M7 [observed] text that is not JSON is answered Forbidden where there is no $default', {}, async (t, story) => {
  const client = await story.open()
  const received = await client.ask('hi')
  t.equal(received, errorFrame('Forbidden', story, received))
})

story(t, 'M8 [observed] the error frame has the spacing and the order of AWS', {}, async (t, story) => {
  const client = await story.open()
  const received = await client.ask({ action: 'unknown' })
  t.match(received, new RegExp(`^{"message": "Forbidden", "connectionId":"${ID}", "requestId":"${ID}"}$`))
  t.not(await client.ask({ action: 'unknown' }), received, 'each message has a request id of its own')
})

{
  const ran: string[] = []
  story(t, 'names of Object.prototype and of the lifecycle are route keys of nobody', {
    declare (app) { app.routeKey('$default', TWO_WAY, (event) => ({ body: event.requestContext.routeKey })) },
    onConnect: () => {
      ran.push('$connect')
      return { statusCode: 200 }
    }
  }, async (t, story) => {
    const client = await story.open()
    for (const action of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '$connect', '$disconnect', '$default']) {
      t.equal(await client.ask({ action }), '$default', action)
    }
    t.equal(await client.ask('{"action":"x","__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}'), '$default')
    t.equal(({} as any).x, undefined)
    t.equal(({} as any).y, undefined)
    t.strictSame(ran, ['$connect'])
    t.strictSame(story.disconnects, [])
  })
}

/*
 * Failures
 */

const boom = new Error('password=hunter2 at /srv/secret.js')
const FAILURES: ReadonlyArray<[string, (...args: any[]) => any]> = [
  ['M9 [observed] a handler that throws', () => { throw boom }],
  ['M9a [observed] a handler that rejects', async () => { throw boom }],
  ['M10 [observed] a handler that calls back with an error', (_event: any, _context: any, callback: any) => { callback(boom) }],
  ['M11 [observed] a result with a key that is not a proxy result\'s', async () => ({ ConnectionId: 'x', Data: 'y', statusCode: 200 })],
  // eslint-disable-next-line n/no-callback-literal
  ['a handler that calls back with a text', (_event: any, _context: any, callback: any) => { callback('boom') }],
  ['a handler that calls context.fail', (_event: any, context: any, _callback: any) => { context.fail(boom) }],
  // eslint-disable-next-line no-throw-literal
  ['a handler that throws undefined', () => { throw undefined }],
  // eslint-disable-next-line prefer-promise-reject-errors
  ['a handler that rejects with nothing', () => Promise.reject()],
  ['a handler that throws a frozen object', () => { throw Object.freeze({ message: 'cold' }) }],
  ['a handler that throws an object without a prototype', () => { throw Object.create(null) }],
  ['a handler that rejects with an object without a prototype', async () => { throw Object.create(null) }],
  // eslint-disable-next-line no-throw-literal
  ['a handler that throws what cannot become text', () => { throw { toString () { throw boom } } }],

  ['a handler that throws a symbol', () => { throw Symbol('boom') }],
  // eslint-disable-next-line prefer-promise-reject-errors
  ['a handler that rejects with null', () => Promise.reject(null)],
  ['a handler that calls back with an object that is no error', (_event: any, _context: any, callback: any) => { callback({ code: 1 }) }],
  ['a handler whose result is a number', async () => 42],
  ['a handler whose result is a text', async () => 'ok'],
  ['a handler whose result is a list', async () => []],
  ['a handler whose result is a function', async () => () => {}],
  ['a handler whose result is a symbol', async () => Symbol('x')],
  ['a handler whose result is a BigInt', async () => 1n],
  ['a handler whose status code is a word', async () => ({ statusCode: 'abc' })],
  ['a handler whose status code is 99', async () => ({ statusCode: 99 })],
  ['a handler whose body is an object', async () => ({ body: {} })],
  ['a handler whose body is a number', async () => ({ statusCode: 200, body: 1 })],
  ['a handler whose headers are a list', async () => ({ headers: ['a'] })],
  ['a handler whose multiValueHeaders hold no lists', async () => ({ multiValueHeaders: { a: 'b' } })],
  ['a handler whose isBase64Encoded is a text', async () => ({ isBase64Encoded: 'true' })],
  ['a handler whose result throws when it is read', async () => ({ get body () { throw boom } })],
  ['a handler whose result refuses to be listed', async () => new Proxy({}, { ownKeys () { throw boom } })],
  ['a handler whose result throws when its then is read', () => ({ get then () { throw boom } })],
  ['a handler whose then throws', () => ({ then () { throw boom } })],
  ['a handler whose result is circular', async () => { const result: any = {}; result.self = result; return result }],
  ['[unknown] a route response of more than 128 KiB', async () => ({ body: 'a'.repeat(131_073) })],
  ['[unknown] a route response of more than 128 KiB in bytes alone', async () => ({ body: 'é'.repeat(65_537) })]
]

{
  const { lines, server } = recording()
  const failures: any[] = []
  story(t, 'what fails is answered Internal server error, and nothing of the cause leaves the server', {
    server,
    options: { onIntegrationError (error, { event }) { failures.push([error, event]) } },
    declare (app) {
      FAILURES.forEach(([, handler], i) => {
        app.routeKey(`one-way ${i}`, handler)
        app.routeKey(`two-way ${i}`, TWO_WAY, handler)
      })
      ping(app)
    }
  }, async (t, story) => {
    const client = await story.open()
    for (const [i, [title]] of FAILURES.entries()) {
      await t.test(`${title} is answered Internal server error`, async (t) => {
        for (const direction of title.includes('route response') ? ['two-way'] : ['one-way', 'two-way']) {
          const action = `${direction} ${i}`
          const received = await client.ask({ action })
          t.equal(received, errorFrame('Internal server error', story, received))
          t.strictSame(await flush(client), [], 'one frame')
          const [error, event] = failures.pop()
          t.ok(error instanceof Error)
          t.equal(event.requestContext.routeKey, action)
          const line = lines.findLast(({ routeKey }) => routeKey === action)
          t.equal(line.level, 50)
          t.type(line.err.message, 'string')
          t.equal(line.requestId, event.requestContext.requestId)
          t.equal(line.connectionId, event.requestContext.connectionId)
        }
      })
    }
    t.equal(client.socket.readyState, client.socket.OPEN)
  })
}

{
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => { unhandled.push(reason) }
  const { lines, server } = recording('error')
  story(t, 'an error hook that throws or rejects harms nobody', {
    server,
    options: {
      onIntegrationError (_error, { event }) {
        if (JSON.parse((event as any).body).sync === true) throw new Error('hook threw')
        return Promise.reject(new Error('hook rejected')) as unknown as void
      }
    },
    declare (app) {
      app.routeKey('fail', () => { throw boom })
      ping(app)
    }
  }, async (t, story) => {
    const client = await story.open()
    process.on('unhandledRejection', onUnhandled)
    for (const sync of [true, false]) t.match(await client.ask({ action: 'fail', sync }), 'Internal server error')
    await flush(client)
    process.off('unhandledRejection', onUnhandled)
    t.strictSame(unhandled, [])
    t.strictSame(lines.filter(({ msg }) => msg.includes('onIntegrationError')).map(({ err }) => err.message), ['hook threw', 'hook rejected'])
  })
}

/*
 * Timeouts
 */

{
  const signals: AbortSignal[] = []
  const late: AbortSignal[] = []
  story(t, 'M12 [observed] a handler that takes longer than its timeout is answered Endpoint request timed out', {
    options: { quotas: { integrationTimeoutInMillis: 400 } },
    declare (app) {
      app.routeKey('slow', { ...TWO_WAY, timeoutInMillis: 100 }, async (_event, context) => {
        signals.push(context.signal)
        t.ok(context.getRemainingTimeInMillis() <= 100)
        await delay(200)
        t.equal(context.getRemainingTimeInMillis(), 0)
        late.push(context.signal)
        return { body: 'too late' }
      })
      app.routeKey('forgetful', async (_event, context) => {
        await delay(500)
        late.push(context.signal)
      })
      app.routeKey('silent', (_event, _context, _callback) => {})
      app.routeKey('late callback', TWO_WAY, (_event, _context, callback) => {
        setTimeout(callback, 500, null, { body: 'too late' })
      })
      ping(app)
    }
  }, async (t, story) => {
    const client = await story.open()
    for (const action of ['slow', 'forgetful', 'silent', 'late callback']) {
      const askedAt = performance.now()
      const received = await client.ask({ action })
      const lasted = performance.now() - askedAt
      const timeout = action === 'slow' ? 100 : 400
      t.equal(received, errorFrame('Endpoint request timed out', story, received), action)
      t.ok(lasted >= timeout - 20 && lasted < timeout + 500, `${action} after ${lasted} ms`)
    }
    await delay(150)
    t.strictSame(await flush(client), [], 'what comes after the timeout is dropped')
    t.equal(signals[0]?.aborted, true)
    t.match(signals[0]?.reason.message, /100 ms/)
    t.strictSame(late.map(({ aborted }) => aborted), [true, true], 'a signal asked for after the timeout is aborted')
  })
}

story(t, 'a handler that never ends harms nobody with the timeout switched off', {
  options: { quotas: { integrationTimeoutInMillis: 0 }, drain: { deadlineInMillis: 100 } },
  declare (app) {
    app.routeKey('never', async (_event, context) => {
      t.equal(context.getRemainingTimeInMillis(), Infinity)
      await new Promise(() => {})
    })
    app.routeKey('never calls back', (_event, _context, _callback) => {})
    ping(app)
  }
}, async (t, story) => {
  const client = await story.open()
  for (let i = 0; i < 10; i++) {
    client.send({ action: 'never' })
    client.send({ action: 'never calls back' })
  }
  t.equal(await client.ask({ action: 'ping' }), 'pong')
})

{
  let ended = 0
  story(t, 'the signals of handlers leave nothing behind', {
    declare (app) {
      app.routeKey('signal', TWO_WAY, async (_event, context) => {
        context.signal.addEventListener('abort', () => {})
        ended++
        return { body: 'done' }
      })
    }
  }, async (t, story) => {
    const client = await story.open()
    for (let i = 0; i < 100; i++) await client.ask({ action: 'signal' })
    t.equal(ended, 100)
    t.equal(story.transport.api.abortControllers.size, 0)
    t.equal(getEventListeners(story.transport.api.closeSignal, 'abort').length, 0)
  })
}

/*
 * Results
 */

const RESULTS: ReadonlyArray<[string, string, (...args: any[]) => any, string[]]> = [
  ['M16 [documented]', 'a body is sent verbatim', async () => ({ statusCode: 200, body: ' {"a" : 1}\n\u0000é😀' }), [' {"a" : 1}\n\u0000é😀']],
  ['M17 [observed]', 'a status of 500 is no error', async () => ({ statusCode: 500, body: 'x' }), ['x']],
  ['[observed]', 'a status code may be digits', async () => ({ statusCode: '201', body: 'x' }), ['x']],
  ['[observed]', 'an empty object is valid', async () => ({}), ['']],
  ['[observed]', 'headers alone are valid', async () => ({ headers: { a: 'b', c: true, d: 1 } }), ['']],
  ['[observed]', 'headers may be null', async () => ({ headers: null, multiValueHeaders: null, body: 'x' }), ['x']],
  ['[observed]', 'a result without a body sends an empty frame', async () => ({ statusCode: 200 }), ['']],
  ['[observed]', 'an empty body sends an empty frame', async () => ({ statusCode: 200, body: '' }), ['']],
  ['[unknown]', 'a body of null sends an empty frame', async () => ({ statusCode: 200, body: null }), ['']],
  ['[unknown]', 'a body in base64 is passed through', async () => ({ body: 'aGk=', isBase64Encoded: true }), ['aGk=']],
  ['[unknown]', 'null sends nothing', async () => null, []],
  ['[unknown]', 'undefined sends nothing', async () => {}, []],
  ['[observed]', 'a callback without a value sends nothing', (_event: any, _context: any, callback: any) => { callback() }, []],
  ['[documented]', 'a callback with a value sends it', (_event: any, _context: any, callback: any) => { callback(null, { body: 'x' }) }, ['x']],
  ['[documented]', 'a late callback with a value sends it', (_event: any, _context: any, callback: any) => { setTimeout(callback, 5, null, { body: 'x' }) }, ['x']],
  ['', 'members that are undefined do not count', async () => ({ body: 'x', headers: undefined, Data: undefined }), ['x']],
  ['', 'a result may be returned at once', () => ({ body: 'x' }), ['x']],
  ['', 'a thenable is awaited', () => ({ then (resolve: any) { resolve({ body: 'x' }) } }), ['x']],
  ['', 'a thenable that settles twice counts once', () => ({ then (resolve: any, reject: any) { resolve({ body: 'x' }); reject(boom); resolve({ body: 'y' }) } }), ['x']],
  ['', 'a callback called twice counts once', (_event: any, _context: any, callback: any) => { callback(null, { body: 'x' }); callback(null, { body: 'y' }); callback(boom) }, ['x']],
  ['', 'of callback and promise the first counts', async (_event: any, _context: any, callback: any) => { callback(null, { body: 'x' }); return { body: 'y' } }, ['x']],
  ['', 'a callback after the promise does not count', async (_event: any, _context: any, callback: any) => { setTimeout(callback, 2, null, { body: 'y' }); return { body: 'x' } }, ['x']],
  ['', 'a callback before a throw counts', (_event: any, _context: any, callback: any) => { callback(null, { body: 'x' }); throw boom }, ['x']],
  ['', 'context.succeed and context.done count', (_event: any, context: any, _callback: any) => { context.succeed({ body: 'x' }); context.done(boom) }, ['x']],
  ['', 'exactly 128 KiB may go back', async () => ({ body: 'a'.repeat(131_072) }), ['a'.repeat(131_072)]]
]

story(t, 'what a two-way route answers', {
  declare (app) {
    RESULTS.forEach(([, , handler], i) => { app.routeKey(`two-way ${i}`, TWO_WAY, handler) })
    RESULTS.forEach(([, , handler], i) => { app.routeKey(`one-way ${i}`, handler) })
    ping(app)
  }
}, async (t, story) => {
  const client = await story.open()
  for (const [i, [tag, title, , frames]] of RESULTS.entries()) {
    await t.test(`${tag} ${title}`.trim(), async (t) => {
      client.send({ action: `two-way ${i}` })
      t.strictSame(await flush(client), frames)
    })
  }
  await t.test('M15 [documented] a route without a route response sends nothing, whatever its handler returns', async (t) => {
    for (const i of RESULTS.keys()) client.send({ action: `one-way ${i}` })
    t.strictSame(await flush(client), [])
  })
})

story(t, 'extensions.emptyResponse SKIP sends nothing where there is no body', {
  options: { extensions: { emptyResponse: 'SKIP' } },
  declare (app) {
    app.routeKey('empty', TWO_WAY, async () => ({ statusCode: 200 }))
    ping(app)
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'empty' })
  t.strictSame(await flush(client), [])
})

/*
 * Order
 */

story(t, 'M18 [observed] what a handler posts before it fails arrives before the error frame', {
  declare (app) {
    app.routeKey('post', async (event, context) => {
      await context.connections.postToConnection(event.requestContext.connectionId, 'Hello')
      return { ConnectionId: event.requestContext.connectionId, Data: 'Hello', statusCode: 200 } as any
    })
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'post' })
  const received = await client.received(2)
  t.strictSame(received, ['Hello', errorFrame('Internal server error', story, received[1] as string)])
})

story(t, 'a post inside a handler arrives before its own answer, without being awaited too', {
  declare (app) {
    app.routeKey('post', TWO_WAY, async (event, context) => {
      void context.connections.postToConnection(event.requestContext.connectionId, 'first')
      return { body: 'second' }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  client.send({ action: 'post' })
  t.strictSame(await client.received(2), ['first', 'second'])
})

story(t, 'M19 [documented] a slow message does not hold up a fast one', {
  declare (app) {
    app.routeKey('$default', TWO_WAY, async (event) => {
      await delay(event.body === 'slow' ? 150 : 1)
      return { body: event.body }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  client.send('slow')
  client.send('fast')
  t.strictSame(await client.received(2), ['fast', 'slow'])
})

{
  const starts: string[] = []
  story(t, 'messages begin in the order they were sent', {
    declare (app) {
      app.routeKey('$default', TWO_WAY, async (event) => {
        starts.push(event.body)
        await delay(Math.random() * 10)
        return { body: event.body }
      })
    }
  }, async (t, story) => {
    const client = await story.open()
    const sent = Array.from({ length: 300 }, (_, i) => String(i))
    for (const text of sent) client.send(text)
    t.strictSame([...await client.received(sent.length)].sort(), [...sent].sort(), 'each is answered once')
    t.strictSame(starts, sent)
  })
}

story(t, '[unknown] posts made one after the other arrive in that order', {}, async (t, story) => {
  const client = await story.open()
  const { connectionId } = story.connects[0].requestContext
  const { connections } = story.app.webSocketApi
  const texts = Array.from({ length: 200 }, (_, i) => String(i))
  for (const text of texts.slice(0, 100)) await connections.postToConnection(connectionId, text)
  await Promise.all(texts.slice(100).map(async (text) => { await connections.postToConnection(connectionId, text) }))
  t.strictSame(await client.received(texts.length), texts)
})

/*
 * After the close
 */

{
  const outcomes: unknown[] = []
  story(t, 'R3 [observed] a post of a handler whose client has left fails with 410', {
    declare (app) {
      app.routeKey('late', async (event, context) => {
        await eventually(() => context.connections !== undefined && story410.closed, 'the client has left')
        await context.connections.postToConnection(event.requestContext.connectionId, 'too late').catch((error) => outcomes.push(error))
      })
    }
  }, async (t, story) => {
    story410.closed = false
    const client = await story.open()
    client.send({ action: 'late' })
    await delay(20)
    await client.close()
    await eventually(() => story.disconnects.length === 1, '$disconnect')
    story410.closed = true
    await eventually(() => outcomes.length === 1, 'the post failed')
    t.match(outcomes[0], { name: 'GoneException', statusCode: 410 })
  })
}
const story410 = { closed: false }

{
  const { lines, server } = recording('debug')
  let isServed = false
  story(t, '[unknown] an answer that comes after the close is dropped and noted', {
    server,
    declare (app) {
      app.routeKey('late', TWO_WAY, async () => {
        await delay(100)
        isServed = true
        return { body: 'too late' }
      })
      app.routeKey('late failure', async () => {
        await delay(100)
        throw boom
      })
    }
  }, async (t, story) => {
    const client = await story.open()
    client.send({ action: 'late' })
    client.send({ action: 'late failure' })
    await delay(20)
    await client.close()
    await eventually(() => isServed, 'the handler ended')
    await eventually(() => lines.filter(({ msg }) => /dropped/.test(msg ?? '')).length === 2, 'both are noted')
    t.strictSame(client.messages, [])
  })
}

story(t, 'a client that is reset while a long answer is written harms nobody', {
  declare (app) {
    app.routeKey('long', TWO_WAY, async () => ({ body: 'a'.repeat(100_000) }))
  }
}, async (t, story) => {
  for (let i = 0; i < 20; i++) {
    const client = await story.openFrames()
    client.socket.write(Buffer.concat(Array.from({ length: 10 }, () => frame(TEXT, '{"action":"long"}'))))
    if (i % 2 === 1) await client.received(TEXT).catch(() => {})
    client.socket.resetAndDestroy()
  }
  await eventually(() => story.disconnects.length === 20, 'a $disconnect for each')
  t.ok(story.disconnects.every(({ requestContext }) => requestContext.disconnectStatusCode === 1006))
})

// How connections end, told to both sides, and how a whole server ends.
import { get } from 'node:http'
import t from 'tap'
import { delay, eventually, HandshakeRefused, story } from './harness.ts'
import type { Story } from './harness.ts'
import { CLOSE, closePayload, frame, FrameClient, TEXT } from './frame-client.ts'

const TWO_WAY = { routeResponseSelectionExpression: '$default' } as const
const CLOSED_NORMALLY = { code: 1000, reason: 'Connection Closed Normally' }
const GOING_AWAY = { code: 1001, reason: 'Going away' }

async function disconnection (story: Story, count = 1): Promise<[number, string]> {
  await eventually(() => story.disconnects.length >= count, `${count} $disconnects`)
  const { disconnectStatusCode, disconnectReason } = story.disconnects[count - 1].requestContext
  return [disconnectStatusCode, disconnectReason]
}

function connectionIdOf (story: Story, i = 0): string {
  return story.connects[i].requestContext.connectionId
}

/*
 * The client closes
 */

const CLIENT_CLOSES: ReadonlyArray<[string, [number?, string?], number, string]> = [
  ['L6 [observed] a client that closes without a code', [], 1005, 'Client-side close frame status not set'],
  ['L7 [observed] a browser that leaves the page', [1001], 1001, ''],
  ['[derived] a client that closes with 1000', [1000], 1000, ''],
  ['L8 [unknown] a client that closes with a code and a reason of its own', [4001, 'bye'], 4001, 'bye'],
  ['[unknown] a client that closes with a reason that is not ASCII', [3000, 'auf später 👋'], 3000, 'auf später 👋'],
  ['[unknown] a client that closes with the longest reason there is', [4999, 'r'.repeat(123)], 4999, 'r'.repeat(123)]
]

story(t, 'what a client says when it closes', {}, async (t, story) => {
  for (const [i, [title, said, code, reason]] of CLIENT_CLOSES.entries()) {
    await t.test(`${title} is reported as ${code}`, async (t) => {
      const client = await story.open()
      const echoed = await client.close(...said)
      t.equal(echoed.code, code)
      t.strictSame(await disconnection(story, i + 1), [code, reason])
      t.equal(story.disconnects[i].requestContext.connectionId, connectionIdOf(story, i))
    })
  }
})

story(t, 'L9 [unknown] a socket destroyed without a close frame is reported as 1006', {}, async (t, story) => {
  const client = await story.openFrames()
  client.socket.destroy()
  t.strictSame(await disconnection(story), [1006, ''])
  const reset = await story.openFrames()
  reset.socket.resetAndDestroy()
  t.strictSame(await disconnection(story, 2), [1006, ''])
})

story(t, 'L16 [documented] a $disconnect that throws is logged, and nobody else notices', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$disconnect', async () => { throw new Error('boom') })
    app.routeKey('echo', TWO_WAY, (event) => ({ body: event.body }))
  }
}, async (t, story) => {
  const [one, two] = [await story.open(), await story.open()]
  await one.close()
  t.equal(await two.ask({ action: 'echo' }), '{"action":"echo"}')
})

story(t, 'L17 [documented] without a $disconnect route a close is a close', {
  withoutLifecycleRoutes: true
}, async (t, story) => {
  t.equal((await (await story.open()).close(1000)).code, 1000)
  await eventually(() => story.app.webSocketApi.connectionCount === 0, 'the connection is gone')
})

story(t, 'L18 [unknown] a $connect that failed has no $disconnect', {
  onConnect: () => ({ statusCode: 500 })
}, async (t, story) => {
  t.match(await story.open().catch((error) => error), { statusCode: 500 })
  await delay(50)
  t.strictSame(story.disconnects, [])
})

story(t, 'a client that closes and keeps its socket is let go after quotas.closeTimeoutInMillis', {
  options: { quotas: { closeTimeoutInMillis: 150 } }
}, async (t, story) => {
  const client = await story.openFrames()
  const closedAt = performance.now()
  client.sendClose(1000)
  t.equal((await client.closeFrame()).code, 1000)
  // What comes behind the close frame does not buy time.
  const chatter = setInterval(() => { client.sendText('late') }, 20)
  t.strictSame(await disconnection(story), [1000, ''])
  clearInterval(chatter)
  const lasted = performance.now() - closedAt
  t.ok(lasted > 100 && lasted < 1000, `after ${lasted} ms`)
})

story(t, 'a client that breaks the protocol and keeps its socket is let go after quotas.closeTimeoutInMillis', {
  options: { quotas: { closeTimeoutInMillis: 150 } }
}, async (t, story) => {
  const client = await story.openFrames()
  client.send(TEXT, 'x', { masked: false })
  t.equal((await client.closeFrame()).code, 1002)
  await client.gone
  t.strictSame(await disconnection(story), [1002, ''])
})

{
  const bodies: string[] = []
  story(t, 'messages before a close frame are served although their client is gone', {
    declare (app) {
      app.routeKey('$default', TWO_WAY, async (event) => {
        await delay(30)
        bodies.push(event.body)
        return { body: 'too late' }
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.socket.write(Buffer.concat([frame(TEXT, 'one'), frame(TEXT, 'two'), frame(CLOSE, closePayload(1000)), frame(TEXT, 'never')]))
    t.equal((await client.closeFrame()).code, 1000)
    client.socket.end()
    t.strictSame(await disconnection(story), [1000, ''])
    await eventually(() => bodies.length === 2, 'both are served')
    await delay(50)
    t.strictSame(bodies, ['one', 'two'])
    t.strictSame(client.texts, [])
  })
}

/*
 * The gateway closes
 */

story(t, 'C9 [observed] DELETE closes with 1000 Connection Closed Normally, and $disconnect says so', {}, async (t, story) => {
  const client = await story.open()
  await story.app.webSocketApi.connections.deleteConnection(connectionIdOf(story))
  t.strictSame(await client.closed, CLOSED_NORMALLY)
  t.strictSame(await disconnection(story), [1000, 'Connection Closed Normally'])
})

story(t, '[unknown] what was posted before a DELETE arrives before the close frame', {}, async (t, story) => {
  const client = await story.open()
  const { connections } = story.app.webSocketApi
  const posts = [connections.postToConnection(connectionIdOf(story), 'a'.repeat(100_000)), connections.postToConnection(connectionIdOf(story), 'last')]
  await connections.deleteConnection(connectionIdOf(story))
  await Promise.all(posts)
  t.strictSame(await client.closed, CLOSED_NORMALLY)
  t.strictSame(client.messages.map(({ length }) => length), [100_000, 4])
})

story(t, '[observed] a post or a second DELETE in the tick of a DELETE is 410', {}, async (t, story) => {
  const client = await story.open()
  const { connections } = story.app.webSocketApi
  const id = connectionIdOf(story)
  const outcomes = await Promise.allSettled([
    connections.deleteConnection(id), connections.postToConnection(id, 'late'), connections.getConnection(id),
    connections.deleteConnection(id)
  ])
  t.equal(outcomes[0]?.status, 'fulfilled')
  for (const outcome of outcomes.slice(1)) t.match(outcome, { status: 'rejected', reason: { name: 'GoneException' } })
  t.strictSame(await client.closed, CLOSED_NORMALLY)
  t.strictSame(client.messages, [])
  t.strictSame(await disconnection(story), [1000, 'Connection Closed Normally'])
})

{
  const outcomes: string[] = []
  story(t, 'a handler that deletes its own connection can post no more, and what it returns is dropped', {
    declare (app) {
      app.routeKey('leave', TWO_WAY, async (event, { connections }) => {
        const { connectionId } = event.requestContext
        await connections.postToConnection(connectionId, 'goodbye')
        await connections.deleteConnection(connectionId)
        for (const command of [
          connections.postToConnection(connectionId, 'late'), connections.getConnection(connectionId), connections.deleteConnection(connectionId)
        ]) outcomes.push(await command.then(() => 'done', ({ name }) => name))
        return { body: 'dropped' }
      })
    }
  }, async (t, story) => {
    const client = await story.open()
    client.send({ action: 'leave' })
    t.strictSame(await client.closed, CLOSED_NORMALLY)
    t.strictSame(client.messages, ['goodbye'])
    t.strictSame(outcomes, ['GoneException', 'GoneException', 'GoneException'])
  })
}

story(t, '[unknown] DELETE and a close of the client at once give one $disconnect', {}, async (t, story) => {
  const { connections } = story.app.webSocketApi
  for (let i = 0; i < 30; i++) {
    const client = await story.open()
    if (i % 3 === 0) await delay(0)
    client.socket.close(4000, 'mine')
    if (i % 2 === 0) await new Promise(setImmediate)
    await connections.deleteConnection(connectionIdOf(story, i)).catch(({ name }) => { t.equal(name, 'GoneException') })
    await client.closed
    const [code] = await disconnection(story, i + 1)
    t.ok(code === 4000 || code === 1000, String(code))
  }
  t.equal(story.disconnects.length, 30)
})

{
  const seen: unknown[] = []
  story(t, '[documented] inside $disconnect the connection is gone', {
    withoutLifecycleRoutes: true,
    declare (app) {
      app.routeKey('$disconnect', async (event, { connections }) => {
        for (const command of ['postToConnection', 'getConnection', 'deleteConnection'] as const) {
          seen.push(await connections[command](event.requestContext.connectionId, 'x').then(() => 'done', ({ name }) => name))
        }
      })
    }
  }, async (t, story) => {
    await (await story.open()).close()
    await eventually(() => seen.length === 3, '$disconnect')
    t.strictSame(seen, ['GoneException', 'GoneException', 'GoneException'])
  })
}

story(t, 'a client that ignores the close frame of a DELETE is cut off, and gone from the moment of the DELETE', {
  options: { quotas: { closeTimeoutInMillis: 150 } }
}, async (t, story) => {
  const client = await story.openFrames()
  const { connections } = story.app.webSocketApi
  await connections.deleteConnection(connectionIdOf(story))
  t.match(await connections.getConnection(connectionIdOf(story)).catch((error) => error), { statusCode: 410 })
  t.strictSame(await client.closeFrame(), CLOSED_NORMALLY)
  await client.gone
  t.strictSame(await disconnection(story), [1000, 'Connection Closed Normally'])
})

story(t, 'messages that a closing connection still sends reach no route', {
  options: { quotas: { closeTimeoutInMillis: 150 } },
  declare (app) { app.routeKey('$default', () => { t.fail('a message was served') }) }
}, async (t, story) => {
  const client = await story.openFrames()
  await story.app.webSocketApi.connections.deleteConnection(connectionIdOf(story))
  client.sendText('late')
  await client.closeFrame()
  client.sendText('later')
  await client.gone
  t.strictSame(await disconnection(story), [1000, 'Connection Closed Normally'])
})

story(t, 'a connection cut off while its answers are corked ends once', {
  options: { quotas: { closeTimeoutInMillis: 50 } },
  declare (app) { app.routeKey('$default', TWO_WAY, (event) => ({ body: event.body })) }
}, async (t, story) => {
  const client = await story.openFrames()
  const [connection] = [...story.transport.api.openConnections.values()]
  client.sendText('x')
  await client.received(TEXT)
  connection?.send('corked')
  ;(connection?.socket as any).terminate()
  t.strictSame(await disconnection(story), [1006, ''])
  await client.gone
  t.strictSame(client.texts, ['x', 'corked'])
})

/*
 * The server closes
 */

story(t, '[unknown] a closing server tells every client 1001 Going away and awaits every $disconnect', {
  withoutLifecycleRoutes: true,
  declare (app) {
    app.routeKey('$disconnect', async (event) => {
      await delay(100)
      disconnected.push(event)
    })
  }
}, async (t, story) => {
  const clients = await Promise.all(Array.from({ length: 20 }, async () => await story.open()))
  await story.app.close()
  for (const client of clients) t.strictSame(await client.closed, GOING_AWAY)
  t.equal(disconnected.length, 20)
  t.ok(disconnected.every(({ requestContext }) => requestContext.disconnectStatusCode === 1001 && requestContext.disconnectReason === 'Going away'))
})
const disconnected: any[] = []

{
  const signals: boolean[] = []
  let open = 0
  story(t, 'a closing server lets handlers end, sends their answers, and takes no new messages of that client', {
    declare (app) {
      app.routeKey('slow', TWO_WAY, async (_event, context) => {
        open++
        await delay(200)
        signals.push(context.signal.aborted)
        return { body: 'done' }
      })
      app.routeKey('never', () => { t.fail('a message was served') })
    }
  }, async (t, story) => {
    const busy = await story.open()
    const idle = await story.open()
    busy.send({ action: 'slow' })
    await eventually(() => open === 1, 'the handler runs')
    const closing = story.app.close()
    t.strictSame(await idle.closed, GOING_AWAY)
    t.equal(busy.socket.readyState, busy.socket.OPEN)
    busy.send({ action: 'never' })
    await story.app.webSocketApi.connections.postToConnection(connectionIdOf(story), 'posted meanwhile')
    t.strictSame(await busy.closed, GOING_AWAY)
    t.strictSame(busy.messages, ['posted meanwhile', 'done'])
    await closing
    t.strictSame(signals, [false])
  })
}

{
  const reasons: unknown[] = []
  story(t, 'handlers that do not end within drain.deadlineInMillis are told by context.signal, and waited for no longer', {
    options: { drain: { deadlineInMillis: 150 } },
    declare (app) {
      app.routeKey('slow', TWO_WAY, async (_event, context) => {
        await new Promise<void>((resolve) => { context.signal.addEventListener('abort', () => { resolve() }) })
        reasons.push(context.signal.reason.name)
        return { body: 'too late' }
      })
      app.routeKey('deaf', async () => { await new Promise(() => {}) })
    }
  }, async (t, story) => {
    const clients = [await story.open(), await story.open()]
    clients[0]?.send({ action: 'slow' })
    clients[1]?.send({ action: 'deaf' })
    await delay(30)
    const closedAt = performance.now()
    await story.app.close()
    const lasted = performance.now() - closedAt
    t.ok(lasted >= 140 && lasted < 1500, `after ${lasted} ms`)
    for (const client of clients) t.strictSame(await client.closed, GOING_AWAY)
    t.strictSame(reasons, ['AbortError'])
  })
}

{
  let isEnded = false
  story(t, 'a closing server waits for the message of a client that has left', {
    declare (app) {
      app.routeKey('order', async () => {
        await delay(200)
        isEnded = true
      })
    }
  }, async (t, story) => {
    const client = await story.open()
    client.send({ action: 'order' })
    await delay(30)
    await client.close()
    await story.app.close()
    t.ok(isEnded)
  })
}

{
  const bodies: string[] = []
  story(t, 'a closing server serves what was read of a client, as far as its deadline allows', {
    options: { quotas: { inFlightMessages: 1 }, drain: { deadlineInMillis: 250 } },
    declare (app) {
      app.routeKey('$default', async (event) => {
        bodies.push(event.body)
        await delay(100)
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.sendText(...Array.from({ length: 50 }, (_, i) => String(i)))
    await eventually(() => bodies.length === 1, 'the first is begun')
    await story.app.close()
    t.ok(bodies.length >= 2 && bodies.length <= 5, `${bodies.length} were served`)
    const count = bodies.length
    await delay(250)
    t.equal(bodies.length, count, 'none begins behind the close')
  })
}

for (const [what, closeTimeoutInMillis] of [['', 100], [' with that timeout switched off', 0]] as const) {
  story(t, `a client that ignores the close frame of a closing server is cut off${what}`, {
    options: { quotas: { closeTimeoutInMillis }, drain: { deadlineInMillis: 200 } }
  }, async (t, story) => {
    const mute = await story.openFrames()
    const deaf = await story.openFrames()
    deaf.socket.pause()
    const closedAt = performance.now()
    await story.app.close()
    const lasted = performance.now() - closedAt
    t.ok(lasted < 1500, `after ${lasted} ms`)
    t.strictSame(await mute.closeFrame(), GOING_AWAY)
    t.equal(story.disconnects.length, 2)
    t.ok(story.disconnects.every(({ requestContext }) => requestContext.disconnectStatusCode === 1001))
  })
}

story(t, 'a closing server awaits a $disconnect until its timeout', {
  withoutLifecycleRoutes: true,
  options: { quotas: { integrationTimeoutInMillis: 300 }, drain: { deadlineInMillis: 50 } },
  declare (app) { app.routeKey('$disconnect', async () => { await new Promise(() => {}) }) }
}, async (t, story) => {
  await story.open()
  const closedAt = performance.now()
  await story.app.close()
  const lasted = performance.now() - closedAt
  t.ok(lasted >= 280 && lasted < 2000, `after ${lasted} ms`)
})

story(t, 'a closing server gives up on a $disconnect that never ends where its timeout is switched off', {
  withoutLifecycleRoutes: true,
  options: { quotas: { integrationTimeoutInMillis: 0 }, drain: { deadlineInMillis: 100 } },
  declare (app) {
    app.routeKey('$disconnect', async (_event, context) => {
      context.signal.addEventListener('abort', () => { abandoned.push('$disconnect') })
      await new Promise(() => {})
    })
  }
}, async (t, story) => {
  await story.open()
  const closedAt = performance.now()
  await story.app.close()
  const lasted = performance.now() - closedAt
  t.ok(lasted >= 90 && lasted < 1500, `after ${lasted} ms`)
  t.strictSame(abandoned, ['$disconnect'])
})
const abandoned: string[] = []

story(t, 'drain.spreadInMillis spreads the close frames', {
  options: { drain: { spreadInMillis: 400 } }
}, async (t, story) => {
  const clients = await Promise.all(Array.from({ length: 40 }, async () => await story.open()))
  const times: number[] = []
  const closedAt = performance.now()
  for (const client of clients) void client.closed.then(() => { times.push(performance.now() - closedAt) })
  // Some leave on their own before their turn.
  setTimeout(() => { for (const client of clients.slice(-3)) void client.close() }, 60)
  await story.app.close()
  await Promise.all(clients.map(async ({ closed }) => await closed))
  t.ok(Math.max(...times) - Math.min(...times) >= 200, `over ${Math.max(...times) - Math.min(...times)} ms`)
  t.ok(times.filter((time) => time < 50).length <= 15, 'not all at once')
})

{
  let letGo = (): void => {}
  const held = new Promise<void>((resolve) => { letGo = resolve })
  story(t, 'a closing server answers new handshakes 503 with Retry-After', {
    declare (app) {
      app.routeKey('hold', async () => { await held })
    }
  }, async (t, story) => {
    const busy = await story.open()
    // A socket from before: a closing server takes no new ones.
    const early = get(`${story.httpUrl}/nothing`, { agent: false })
    await new Promise((resolve) => { early.on('response', (response) => { response.resume().on('end', resolve) }) })
    busy.send({ action: 'hold' })
    await delay(30)
    const closing = story.app.close()
    await delay(30)
    const refused = await story.open().then(() => undefined, (error) => error)
    letGo()
    await closing
    if (refused instanceof HandshakeRefused) {
      t.equal(refused.statusCode, 503)
      t.ok(refused.headers['retry-after'] !== undefined || refused.headers.connection === 'close')
    } else {
      t.match(refused, Error, 'nobody listens any more')
    }
    t.equal(story.connects.length, 1, 'no $connect ran')
  })
}

for (const [what, duration, status] of [['accepts', 200, 503], ['refuses', 401, 401]] as const) {
  story(t, `a $connect that ${what} while the server closes opens nothing, and has ${what === 'accepts' ? 'its' : 'no'} $disconnect`, {
    onConnect: async () => {
      await delay(200)
      return { statusCode: duration }
    }
  }, async (t, story) => {
    const client = new FrameClient(story.httpUrl, '/prod')
    await eventually(() => story.connects.length === 1, '$connect runs')
    const closedAt = performance.now()
    await story.app.close()
    const lasted = performance.now() - closedAt
    t.ok(lasted >= 100 && lasted < 2000, `after ${lasted} ms`)
    await client.gone
    t.match(client.head, new RegExp(`^HTTP/1.1 ${status} `))
    if (status === 503) t.match(client.head, /retry-after/i)
    t.strictSame(story.disconnects.map(({ requestContext }) => requestContext.disconnectStatusCode), status === 503 ? [1006] : [])
  })
}

story(t, 'a $connect that outlasts the deadline of a closing server does not hold it up', {
  options: { drain: { deadlineInMillis: 100 } },
  onConnect: async () => {
    await delay(1500)
    return { statusCode: 400 }
  }
}, async (t, story) => {
  const client = new FrameClient(story.httpUrl, '/prod')
  await eventually(() => story.connects.length === 1, '$connect runs')
  const closedAt = performance.now()
  await story.app.close()
  const lasted = performance.now() - closedAt
  await client.gone
  t.ok(lasted < 1000, `after ${lasted} ms`)
})

story(t, 'a server that closes during traffic answers truthfully and leaves nobody behind', {
  declare (app) {
    app.routeKey('$default', TWO_WAY, async (event) => {
      await delay(Math.random() * 20)
      return { body: event.body }
    })
  }
}, async (t, story) => {
  const clients = await Promise.all(Array.from({ length: 100 }, async () => await story.open()))
  const over = new AbortController()
  const talking = setInterval(() => {
    for (const { socket } of clients) if (socket.readyState === socket.OPEN) socket.send('hello')
  }, 3)
  const outcomes = new Map<string, number>()
  const posting = (async () => {
    while (!over.signal.aborted) {
      const { connectionId } = story.connects[Math.floor(Math.random() * 100)].requestContext
      const outcome = await story.app.webSocketApi.connections.postToConnection(connectionId, 'posted').then(() => 'ok', ({ name }) => name)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      await new Promise(setImmediate)
    }
  })()
  await delay(100)
  await story.app.close()
  clearInterval(talking)
  over.abort()
  await posting
  for (const client of clients) t.strictSame(await client.closed, GOING_AWAY)
  t.equal(clients.flatMap(({ messages }) => messages).filter((text) => text === 'posted').length, outcomes.get('ok'), 'each 200 was delivered')
  t.strictSame([...outcomes.keys()].filter((name) => name !== 'ok' && name !== 'GoneException'), [])
})

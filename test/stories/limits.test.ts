// AWS's limits over real sockets: timers, sizes of frames and messages, and what a client that overruns them may cost.
import type { FastifyInstance } from 'fastify'
import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { delay, eventually, story } from './harness.ts'
import type { Story } from './harness.ts'
import { BINARY, CONTINUATION, frame, PING, PONG, TEXT } from './frame-client.ts'

const FRAME_BYTES = 32_768
const MESSAGE_BYTES = 131_072
const GOING_AWAY = { code: 1001, reason: 'Going away' }
const TWO_WAY = { routeResponseSelectionExpression: '$default' } as const

/** A $default route that notes each message and answers it with its length. */
function measuring (bodies: string[] = []): (app: FastifyInstance) => void {
  return (app) => {
    app.routeKey('$default', TWO_WAY, async (event) => {
      bodies.push(event.body)
      return { body: String(event.body.length) }
    })
  }
}

/** How the last connection ended, as $disconnect was told. */
async function disconnection (story: Story, count = 1): Promise<[number, string]> {
  await eventually(() => story.disconnects.length >= count, `${count} $disconnects`)
  const { disconnectStatusCode, disconnectReason } = story.disconnects[count - 1].requestContext
  return [disconnectStatusCode, disconnectReason]
}

function idOf (story: Story, i = 0): string {
  return story.connects[i].requestContext.connectionId
}

function quotas (quotas: NonNullable<ApiGatewayWebSocketOptions['quotas']>): { quotas: typeof quotas } {
  return { quotas }
}

/*
 * Timers
 */

story(t, 'L1 [observed] a connection without traffic is closed with 1001 Going away', {
  options: quotas({ idleTimeoutInMillis: 200 })
}, async (t, story) => {
  const client = await story.open()
  const openedAt = performance.now()
  t.strictSame(await client.closed, GOING_AWAY)
  const lasted = performance.now() - openedAt
  t.ok(lasted > 150 && lasted < 1000, `after ${lasted} ms`)
})

story(t, 'L2 [observed] $disconnect of an idle connection reports 1001 Going away', {
  options: quotas({ idleTimeoutInMillis: 100 })
}, async (t, story) => {
  await (await story.open()).closed
  t.strictSame(await disconnection(story), [1001, 'Going away'])
})

story(t, 'L3 [observed] posts keep a silent client open past the idle timeout', {
  options: quotas({ idleTimeoutInMillis: 300 })
}, async (t, story) => {
  const client = await story.open()
  const connectionId = idOf(story)
  for (let i = 0; i < 8; i++) {
    await delay(100)
    await story.app.webSocketApi.connections.postToConnection(connectionId, `still here ${i}`)
  }
  t.equal((await client.received(8)).length, 8)
  t.equal(client.socket.readyState, client.socket.OPEN)
  t.strictSame(await client.closed, GOING_AWAY, 'and no longer')
})

story(t, 'L4 [observed] messages of the client keep it open past the idle timeout', {
  options: quotas({ idleTimeoutInMillis: 300 }),
  declare (app) { app.routeKey('$default', () => {}) }
}, async (t, story) => {
  const client = await story.open()
  for (let i = 0; i < 8; i++) {
    await delay(100)
    client.send('still here')
  }
  t.equal(client.socket.readyState, client.socket.OPEN)
  t.strictSame(await client.closed, GOING_AWAY, 'and no longer')
})

story(t, 'L4a [unknown] a ping of the client counts as activity', {
  options: quotas({ idleTimeoutInMillis: 300 })
}, async (t, story) => {
  const client = await story.open()
  for (let i = 0; i < 8; i++) {
    await delay(100)
    client.socket.ping()
  }
  t.equal(client.socket.readyState, client.socket.OPEN)
  await client.close()
})

story(t, 'L4b [unknown] looking at a connection does not keep it open', {
  options: quotas({ idleTimeoutInMillis: 200 })
}, async (t, story) => {
  const client = await story.open()
  const connectionId = idOf(story)
  const looking = setInterval(() => {
    story.app.webSocketApi.connections.getConnection(connectionId).catch(() => { clearInterval(looking) })
  }, 20)
  t.strictSame(await client.closed, GOING_AWAY)
  clearInterval(looking)
})

story(t, 'L4c [derived] an unfinished message does not keep a connection open', {
  options: quotas({ idleTimeoutInMillis: 200 })
}, async (t, story) => {
  const client = await story.openFrames()
  const trickle = setInterval(() => { client.send(client.frames.length === 0 ? TEXT : CONTINUATION, 'a', { fin: false }) }, 1000)
  client.send(TEXT, 'a', { fin: false })
  t.strictSame(await client.closeFrame(), GOING_AWAY)
  clearInterval(trickle)
})

story(t, 'L5 [documented] traffic does not keep a connection past its duration', {
  options: quotas({ connectionDurationInMillis: 400, idleTimeoutInMillis: 300 }),
  declare: measuring()
}, async (t, story) => {
  const client = await story.open()
  const openedAt = performance.now()
  const talking = setInterval(() => { client.socket.send('hello') }, 20)
  t.strictSame(await client.closed, GOING_AWAY)
  clearInterval(talking)
  const lasted = performance.now() - openedAt
  t.ok(lasted > 350 && lasted < 1500, `after ${lasted} ms`)
  t.ok(client.messages.length > 5)
  t.strictSame(await disconnection(story), [1001, 'Going away'])
})

for (const off of [0, Infinity]) {
  story(t, `a connection stays open when its timers are switched off by ${off}`, {
    options: quotas({ idleTimeoutInMillis: off, connectionDurationInMillis: off }),
    declare: measuring()
  }, async (t, story) => {
    const client = await story.open()
    await delay(200)
    t.equal(await client.ask('x'), '1')
    await client.close()
  })
}

story(t, 'an event loop that stalls closes nobody who was active', {
  options: quotas({ idleTimeoutInMillis: 400 }),
  declare (app) {
    app.routeKey('stall', TWO_WAY, () => {
      for (const until = performance.now() + 600; performance.now() < until;) { /* busy */ }
      return { body: 'awake' }
    })
  }
}, async (t, story) => {
  const [staller, talker] = [await story.open(), await story.open()]
  await delay(100)
  staller.send({ action: 'stall' })
  talker.send('sent while the loop stands still')
  t.equal((await staller.received(1))[0], 'awake')
  t.match((await talker.received(1))[0], /"message": "Forbidden"/)
  t.equal(talker.socket.readyState, talker.socket.OPEN)
})

/*
 * Sizes
 */

story(t, 'L10 [documented] a binary message closes with 1003 and reaches no route', {
  declare: measuring()
}, async (t, story) => {
  const client = await story.open()
  client.socket.send(Buffer.from([1, 2, 3]))
  t.strictSame(await client.closed, { code: 1003, reason: '' })
  t.strictSame(client.messages, [])
  t.strictSame(await disconnection(story), [1003, ''])
})

story(t, 'L11 [documented] a frame of 32769 bytes closes with 1009', { declare: measuring() }, async (t, story) => {
  const client = await story.open()
  client.socket.send('a'.repeat(FRAME_BYTES + 1))
  t.strictSame(await client.closed, { code: 1009, reason: '' })
  t.strictSame(client.messages, [])
  t.strictSame(await disconnection(story), [1009, ''])
})

story(t, 'L12 [unknown] a frame of 32768 bytes is accepted', { declare: measuring() }, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('a'.repeat(FRAME_BYTES)), String(FRAME_BYTES))
})

story(t, 'L13 [documented] four frames of 32768 bytes are one message', { declare: measuring() }, async (t, story) => {
  const client = await story.openFrames()
  for (let i = 0; i < 4; i++) client.send(i === 0 ? TEXT : CONTINUATION, 'abcd'[i]?.repeat(FRAME_BYTES), { fin: i === 3 })
  await client.received(TEXT)
  t.strictSame(client.texts, [String(MESSAGE_BYTES)])
  await client.leave()
})

story(t, 'L14 [documented] a message of 131073 bytes in five frames closes with 1009', { declare: measuring() }, async (t, story) => {
  const client = await story.openFrames()
  for (let i = 0; i < 5; i++) client.send(i === 0 ? TEXT : CONTINUATION, 'a'.repeat(i === 4 ? 1 : FRAME_BYTES), { fin: i === 4 })
  t.strictSame(await client.closeFrame(), { code: 1009, reason: '' })
  await client.leave(1009)
  t.strictSame(client.texts, [])
  t.strictSame(await disconnection(story), [1009, ''])
})

story(t, 'L15 [documented] a ping is answered by a pong with its payload', {}, async (t, story) => {
  const client = await story.openFrames()
  client.send(PING, 'are you there?')
  t.strictSame(await client.received(PONG), [Buffer.from('are you there?')])
  await client.leave()
})

story(t, 'L15a [observed] the gateway itself sends no ping', { options: quotas({ idleTimeoutInMillis: 200 }) }, async (t, story) => {
  const client = await story.openFrames()
  await client.closeFrame()
  t.notOk(client.frames.some(({ opcode }) => opcode === PING))
  await client.leave()
})

story(t, 'a limit counts bytes of UTF-8, not characters', { declare: measuring() }, async (t, story) => {
  const [fits, bursts] = [await story.open(), await story.open()]
  t.equal(await fits.ask('é'.repeat(FRAME_BYTES / 2)), String(FRAME_BYTES / 2))
  bursts.socket.send('é'.repeat(FRAME_BYTES / 2) + 'a')
  t.equal((await bursts.closed).code, 1009)
})

story(t, 'a frame of 1 MB closes with 1009, and the client is told so', { declare: measuring() }, async (t, story) => {
  const size = 1024 * 1024
  for (let i = 1; i <= 10; i++) {
    const client = await story.open()
    client.socket.send('a'.repeat(size))
    t.equal((await client.closed).code, 1009)
    t.strictSame(await disconnection(story, i), [1009, ''])
  }
})

story(t, 'messages of 1 MB in small frames close with 1009', { declare: measuring() }, async (t, story) => {
  const client = await story.openFrames()
  client.socket.write(Buffer.concat(Array.from({ length: 256 }, (_, i) => frame(i === 0 ? TEXT : CONTINUATION, 'a'.repeat(4096), { fin: i === 255 }))))
  t.equal((await client.closeFrame()).code, 1009)
  await client.leave(1009)
})

story(t, 'a length of which nothing follows closes with 1009 before anything is buffered', { declare: measuring() }, async (t, story) => {
  for (const length of ['fe8001', 'ff0000000000020001', 'ff7fffffffffffffff']) {
    const client = await story.openFrames()
    client.socket.write(Buffer.from(`81${length}`, 'hex'))
    t.equal((await client.closeFrame()).code, 1009)
    await client.leave(1009)
  }
})

story(t, 'a client that goes on and on behind the frame that broke a limit is cut off', {
  declare: measuring(),
  options: quotas({ closeTimeoutInMillis: 60_000 })
}, async (t, story) => {
  const client = await story.openFrames()
  client.send(BINARY, 'x')
  const chunk = Buffer.alloc(1_048_576)
  const flood = setInterval(() => { if (!client.socket.destroyed) client.socket.write(chunk) }, 5)
  t.equal((await client.closeFrame()).code, 1003)
  t.strictSame(await disconnection(story), [1003, ''])
  clearInterval(flood)
})

/*
 * Violations beside good messages
 */

{
  const bodies: string[] = []
  story(t, 'messages before a violation in the same segment are served, those behind it are not', {
    declare: measuring(bodies)
  }, async (t, story) => {
    const client = await story.openFrames()
    client.socket.write(Buffer.concat([
      frame(TEXT, 'one'), frame(TEXT, 'three'), frame(BINARY, 'x'), frame(TEXT, 'never')
    ]))
    t.strictSame(await client.closeFrame(), { code: 1003, reason: '' })
    await client.leave(1003)
    t.strictSame(bodies, ['one', 'three'])
    t.strictSame(await disconnection(story), [1003, ''])
  })
}

{
  const bodies: string[] = []
  story(t, 'messages before a protocol error in the same segment are served', {
    declare: measuring(bodies)
  }, async (t, story) => {
    const client = await story.openFrames()
    client.socket.write(Buffer.concat([frame(TEXT, 'one'), frame(TEXT, 'x', { rsv: 4 }), frame(TEXT, 'never')]))
    t.strictSame(await client.closeFrame(), { code: 1002, reason: '' })
    await client.leave(1002)
    t.strictSame(bodies, ['one'])
    t.strictSame(await disconnection(story), [1002, ''])
  })
}

{
  const bodies: string[] = []
  story(t, 'a violation behind more messages than may be in progress closes once it is read, and all of them are served', {
    options: quotas({ inFlightMessages: 4 }),
    declare (app) {
      app.routeKey('$default', async (event) => {
        await delay(20)
        bodies.push(event.body)
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.socket.write(Buffer.concat([...Array.from({ length: 20 }, (_, i) => frame(TEXT, String(i))), frame(BINARY, 'x')]))
    t.strictSame(await client.closeFrame(), { code: 1003, reason: '' })
    await client.leave(1003)
    await eventually(() => bodies.length === 20, 'all messages served')
    t.strictSame(await disconnection(story), [1003, ''])
  })

  story(t, 'a violation that arrives while reading is paused is found when reading goes on', {
    options: quotas({ inFlightMessages: 1 }),
    declare (app) {
      app.routeKey('$default', TWO_WAY, async () => {
        await delay(100)
        return { body: 'done' }
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.sendText('slow')
    await delay(30)
    client.send(TEXT, 'a'.repeat(FRAME_BYTES + 1))
    t.strictSame(await client.closeFrame(), { code: 1009, reason: '' })
    t.strictSame(client.texts, ['done'], 'the slow message is answered first')
    await client.leave(1009)
  })
}

{
  const bodies: string[] = []
  story(t, 'a socket that is reset while reading is paused ends with 1006, and nothing unread is served', {
    options: quotas({ inFlightMessages: 1 }),
    declare (app) {
      app.routeKey('$default', async (event) => {
        bodies.push(event.body)
        await delay(200)
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.sendText('slow')
    await delay(30)
    client.send(BINARY, 'never read')
    client.sendText('neither')
    await delay(30)
    client.socket.resetAndDestroy()
    t.strictSame(await disconnection(story), [1006, ''])
    t.strictSame(bodies, ['slow'])
  })
}

/*
 * Floods
 */

{
  let running = 0
  let most = 0
  let served = 0
  story(t, 'no more messages of a connection run at once than quotas.inFlightMessages', {
    options: quotas({ inFlightMessages: 8 }),
    declare (app) {
      app.routeKey('$default', async () => {
        most = Math.max(most, ++running)
        await delay(2)
        running--
        served++
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    client.sendText(...Array.from({ length: 500 }, (_, i) => String(i)))
    await eventually(() => served === 500, 'all messages served')
    t.ok(most <= 8, `at most ${most} at once`)
    await client.leave()
  })
}

{
  const bodies: string[] = []
  story(t, 'messages that wait for others to end are served in their order, also after the client left', {
    options: quotas({ inFlightMessages: 2 }),
    declare (app) {
      app.routeKey('$default', async (event) => {
        bodies.push(event.body)
        await delay(5)
      })
    }
  }, async (t, story) => {
    const client = await story.openFrames()
    const sent = Array.from({ length: 30 }, (_, i) => String(i))
    client.sendText(...sent)
    await client.leave()
    await eventually(() => bodies.length === sent.length, 'all messages served')
    t.strictSame(bodies, sent)
  })
}

story(t, 'a client that asks without reading is not read from until it reads', {
  options: quotas({ bufferedBytes: 65_536, requestsPerSecond: 0 }),
  declare (app) {
    app.routeKey('$default', TWO_WAY, async () => ({ body: 'a'.repeat(16_384) }))
  }
}, async (t, story) => {
  const client = await story.openFrames()
  const other = await story.open()
  client.socket.pause()
  const asked = 20_000
  for (let i = 0; i < asked / 100; i++) client.sendText(...Array.from({ length: 100 }, () => 'more'))
  await delay(300)
  const [connection] = [...api(story).openConnections.values()]
  t.ok((connection?.socket?.bufferedBytes ?? 0) < 65_536 + 64 * 17_000, 'what waits for the client is bounded')
  t.ok(client.socket.writableLength > 0 || client.socket.bytesWritten > 0)
  t.equal((await other.ask('hello')).length, 16_384, 'others are served')
  client.socket.resume()
  const sofar = client.texts.length
  await eventually(() => client.texts.length > sofar + 200, 'answers come once the client reads')
})

story(t, 'a small bound of the send buffer does not leave a connection paused for ever', {
  options: quotas({ bufferedBytes: 10 }),
  declare (app) { app.routeKey('$default', TWO_WAY, (event) => ({ body: event.body })) }
}, async (t, story) => {
  const client = await story.openFrames()
  for (let i = 1; i <= 20; i++) {
    client.sendText(...Array.from({ length: 10 }, () => 'x'.repeat(i)))
    t.equal((await client.received(TEXT, i * 10)).length, i * 10)
  }
  await client.leave()
})

story(t, 'an error frame for each of many tiny messages does not outgrow the send buffer', {
  options: quotas({ bufferedBytes: 32_768 })
}, async (t, story) => {
  const client = await story.openFrames()
  client.socket.pause()
  let most = 0
  const watching = setInterval(() => {
    for (const { socket } of api(story).openConnections.values()) most = Math.max(most, socket?.bufferedBytes ?? 0)
  }, 1)
  const tiny = Buffer.concat(Array.from({ length: 1000 }, () => frame(TEXT)))
  for (let i = 0; i < 500; i++) client.socket.write(tiny)
  await eventually(() => most > 0, 'something waits for the client')
  await delay(100)
  clearInterval(watching)
  t.ok(most < 32_768 + 1024, `at most ${most} bytes wait`)
})

story(t, 'a flood of pings that nobody reads the answers of does not grow the server', {}, async (t, story) => {
  const client = await story.openFrames()
  client.socket.pause()
  const pings = Buffer.concat(Array.from({ length: 500 }, () => frame(PING, 'a'.repeat(125))))
  for (let i = 0; i < 400; i++) client.socket.write(pings)
  await delay(300)
  const [connection] = [...api(story).openConnections.values()]
  t.ok((connection?.socket?.bufferedBytes ?? 0) < 4_194_304)
})

/*
 * Quotas of one's own
 */

story(t, 'quotas.frameBytes and quotas.messageBytes set other limits', {
  options: quotas({ frameBytes: 100, messageBytes: 150 }),
  declare: measuring()
}, async (t, story) => {
  const one = await story.openFrames()
  one.send(TEXT, 'a'.repeat(101))
  t.equal((await one.closeFrame()).code, 1009)
  const two = await story.openFrames()
  two.send(TEXT, 'a'.repeat(100), { fin: false })
  two.send(CONTINUATION, 'a'.repeat(50))
  await two.received(TEXT)
  t.strictSame(two.texts, ['150'])
  two.send(TEXT, 'a'.repeat(100), { fin: false })
  two.send(CONTINUATION, 'a'.repeat(51))
  t.equal((await two.closeFrame()).code, 1009)
})

story(t, 'quotas.frameBytes can be switched off alone', { options: quotas({ frameBytes: 0 }), declare: measuring() }, async (t, story) => {
  const client = await story.open()
  t.equal(await client.ask('a'.repeat(MESSAGE_BYTES)), String(MESSAGE_BYTES))
  client.socket.send('a'.repeat(MESSAGE_BYTES + 1))
  t.equal((await client.closed).code, 1009)
})

story(t, 'with quotas.messageBytes off a message may have any size, in both directions', {
  options: quotas({ frameBytes: Infinity, messageBytes: Infinity }),
  declare (app) { app.routeKey('$default', TWO_WAY, async (event) => ({ body: event.body })) }
}, async (t, story) => {
  const client = await story.open()
  const large = 'a'.repeat(3_000_000)
  t.equal(await client.ask(large), large)
})

{
  let most = 0
  let running = 0
  story(t, 'with quotas.inFlightMessages off all messages of a connection run at once', {
    options: quotas({ inFlightMessages: 0 }),
    declare (app) {
      app.routeKey('$default', async () => {
        most = Math.max(most, ++running)
        await delay(100)
        running--
      })
    }
  }, async (_t, story) => {
    const client = await story.openFrames()
    client.sendText(...Array.from({ length: 300 }, (_, i) => String(i)))
    await eventually(() => most === 300, 'all run')
    await client.leave()
  })
}

story(t, '[unknown] compression is offered by clients and not taken', { declare: measuring() }, async (t, story) => {
  const client = await story.open('/prod', { perMessageDeflate: true })
  t.equal(client.socket.extensions, '')
  t.equal(client.upgradeHeaders['sec-websocket-extensions'], undefined)
  t.equal(await client.ask('a'.repeat(2000)), '2000')
})

story(t, 'the limits hold under injectWS too', {
  // Streams without a network do not tell each other of their end, so that the close timeout ends them.
  options: quotas({ messageBytes: 100, closeTimeoutInMillis: 100 }),
  declare: measuring()
}, async (t, story) => {
  for (const [data, code] of [[Buffer.from('x'), 1003], ['a'.repeat(101), 1009]] as const) {
    const client = await story.app.injectWS('/prod')
    const closed = new Promise((resolve) => { client.on('close', resolve) })
    client.send(data)
    t.equal(await closed, code)
  }
  const client = await story.app.injectWS('/prod')
  const answered = new Promise((resolve) => { client.on('message', (data: unknown) => { resolve(String(data)) }) })
  client.send('a'.repeat(100))
  t.equal(await answered, '100')
  await story.app.webSocketApi.connections.deleteConnection(idOf(story, 2))
  await eventually(() => story.disconnects.length === 3, 'all are gone')
})

/*
 * Outbound
 */

story(t, 'C12 [documented] a post of 100000 bytes is one message in frames of at most 32768 bytes', {}, async (t, story) => {
  const client = await story.openFrames()
  const connectionId = idOf(story)
  const { connections } = story.app.webSocketApi
  // Three bytes each, so that a cut at 32768 bytes falls inside a character.
  const text = '€'.repeat(33_333) + '.'
  await connections.postToConnection(connectionId, text)
  await connections.postToConnection(connectionId, 'behind')
  await client.received(TEXT, 2)
  const data = client.frames.filter(({ opcode }) => opcode === TEXT || opcode === CONTINUATION)
  t.strictSame(data.map(({ opcode, fin, payload }) => [opcode, fin, payload.length]), [
    [TEXT, false, 32_768], [CONTINUATION, false, 32_768], [CONTINUATION, false, 32_768], [CONTINUATION, true, 1696],
    [TEXT, true, 6]
  ])
  t.equal(Buffer.concat(data.slice(0, 4).map(({ payload }) => payload)).toString(), text)
  await client.leave()
})

story(t, 'a text of exactly 32768 bytes is one frame, one more byte makes two', {}, async (t, story) => {
  const client = await story.openFrames()
  const connectionId = idOf(story)
  const { connections } = story.app.webSocketApi
  for (const size of [FRAME_BYTES, FRAME_BYTES + 1]) await connections.postToConnection(connectionId, 'a'.repeat(size))
  await connections.postToConnection(connectionId, Buffer.from('é'.repeat(FRAME_BYTES / 2)))
  await client.received(TEXT, 3)
  t.strictSame(client.frames.map(({ opcode, fin, payload }) => [opcode, fin, payload.length]), [
    [TEXT, true, FRAME_BYTES], [TEXT, false, FRAME_BYTES], [CONTINUATION, true, 1], [TEXT, true, FRAME_BYTES]
  ])
  await client.leave()
})

story(t, 'frames of a long message are never mixed with those of another', {
  declare (app) {
    app.routeKey('$default', TWO_WAY, async (event) => {
      await delay(Number(event.body) % 3)
      return { body: event.body.repeat(20_000) }
    })
  }
}, async (t, story) => {
  const client = await story.open()
  const sent = Array.from({ length: 60 }, (_, i) => String(i).padStart(5, '0'))
  for (const text of sent) client.send(text)
  const received = await client.received(60)
  t.strictSame([...received].sort(), sent.map((text) => text.repeat(20_000)))
})

story(t, 'half-open sockets are given up after the idle timeout', {
  options: quotas({ idleTimeoutInMillis: 200, closeTimeoutInMillis: 100 })
}, async (t, story) => {
  const mute = await story.openFrames()
  mute.socket.pause()
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.strictSame(await disconnection(story), [1001, 'Going away'])
})

story(t, 'a client that ends its half without a close frame is let go with 1006', {
  options: quotas({ closeTimeoutInMillis: 100 })
}, async (t, story) => {
  const polite = await story.openFrames()
  polite.socket.end()
  await polite.gone
  t.strictSame(await disconnection(story), [1006, ''])
})

story(t, 'a client that ends its half and reads nothing is cut off at the idle timeout', {
  options: quotas({ idleTimeoutInMillis: 300, bufferedBytes: 0 })
}, async (t, story) => {
  const client = await story.openFrames()
  const connectionId = idOf(story)
  const { connections } = story.app.webSocketApi
  client.socket.pause()
  // More than the kernel takes, so that the server's half cannot end.
  const large = randomBytes(90_000).toString('base64')
  for (let i = 0; i < 160; i++) await connections.postToConnection(connectionId, large)
  client.socket.end()
  t.strictSame(await disconnection(story), [1006, ''])
})

function api (story: Story): import('../../lib/api/index.ts').Api {
  return story.transport.api
}

// RFC 6455 against a $default route that echoes: the cases of rfc6455.json, each over a socket of its own.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { eventually, story } from '../stories/harness.ts'
import { CLOSE, frame, PING, PONG, TEXT } from '../stories/frame-client.ts'

/** One frame to mask and send, or bytes to send as they are. */
interface Sent {
  readonly raw?: string
  /** The first byte in hex: FIN, RSV and opcode. */
  readonly head?: string
  readonly payload?: string
  /** A payload of `length` times this byte. */
  readonly fill?: string
  readonly length?: number
  readonly times?: number
}

type Expected = string | { readonly length: number }

interface Case {
  readonly id: string
  readonly tag: string
  readonly what: string
  readonly send: readonly Sent[]
  /** Sent one byte a segment. */
  readonly chopped?: true
  readonly expect: {
    readonly text?: readonly Expected[]
    /** In hex. */
    readonly pong?: readonly Expected[]
    readonly close?: readonly number[]
  }
}

const CASES = JSON.parse(readFileSync(new URL('./rfc6455.json', import.meta.url), 'utf8')) as Case[]

story(t, 'RFC 6455', {
  // The cases are about framing; what API Gateway's limit of a frame adds is told in limits.test.ts.
  options: { quotas: { frameBytes: 0 } },
  declare (app) {
    app.routeKey('$default', { routeResponseSelectionExpression: '$default' }, async (event) => ({ body: event.body }))
  }
}, async (t, story) => {
  for (const { id, tag, what, send, chopped, expect } of CASES) {
    await t.test(`${id} [${tag}] ${what}`, async (t) => {
      const client = await story.openFrames()
      const ended = story.disconnects.length
      const bytes = Buffer.concat(send.flatMap(encode))
      if (chopped === true) {
        client.socket.setNoDelay(true)
        for (const byte of bytes) {
          client.socket.write(Buffer.from([byte]))
          await delay(0)
        }
      } else {
        client.socket.write(bytes)
      }
      if (expect.close !== undefined) {
        const { code } = await client.closeFrame()
        t.ok(expect.close.includes(code), `close code is ${code}`)
      }
      for (const [opcode, wanted] of [[TEXT, expect.text], [PONG, expect.pong]] as const) {
        const got = wanted?.length === 0 ? [] : wanted && await client.received(opcode, wanted.length)
        if (got !== undefined) t.strictSame(got.map((payload, i) => show(opcode, payload, wanted?.[i])), wanted)
      }
      await client.leave()
      if (expect.text?.length === 0) t.strictSame(client.texts, [])
      if (expect.pong?.length === 0) t.notOk(client.frames.some(({ opcode }) => opcode === PONG))
      t.equal(client.frames.filter(({ opcode }) => opcode === CLOSE).length, 1, 'one close frame')
      t.notOk(client.frames.some(({ opcode }) => opcode === PING), 'the gateway sends no ping')
      await eventually(() => story.disconnects.length === ended + 1, '$disconnect')
      const { disconnectStatusCode } = story.disconnects.at(-1).requestContext
      t.equal(disconnectStatusCode, expect.close?.[0] ?? 1000)
    })
  }
})

function encode ({ raw, head, payload, fill, length = 0, times = 1 }: Sent): Buffer[] {
  if (raw !== undefined) return [Buffer.from(raw, 'hex')]
  const first = Number.parseInt(head as string, 16)
  const bytes = fill === undefined ? Buffer.from(payload ?? '', 'hex') : Buffer.alloc(length, fill, 'hex')
  const one = frame(first & 0x0f, bytes, { fin: (first & 0x80) !== 0, rsv: (first >> 4) & 7 })
  return Array.from({ length: times }, () => one)
}

function show (opcode: number, payload: Buffer, wanted: Expected | undefined): Expected {
  if (typeof wanted === 'object') return { length: payload.length }
  return opcode === TEXT ? payload.toString() : payload.toString('hex')
}

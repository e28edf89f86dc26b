// The frame policy against an independent reference reader, against ws itself, and at every place a chunk can end.
import * as ws from 'ws'
import t from 'tap'
import { FramePolicy, type FrameLimits } from '../../lib/transport/frame-policy.ts'

const AWS: FrameLimits = { frameBytes: 32768, messageBytes: 131072, binary: false, compression: false }
const OFF: FrameLimits = { frameBytes: Infinity, messageBytes: Infinity, binary: true, compression: false }
const TINY: FrameLimits = { frameBytes: 6, messageBytes: 10, binary: false, compression: false }

interface Shape { opcode?: number, fin?: boolean, rsv?: number, masked?: boolean, length?: number, wide?: 16 | 64 }

/** The head of a frame, masking key included. */
function head ({ opcode = 1, fin = true, rsv = 0, masked = true, length = 0, wide }: Shape): Buffer {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const mask = masked ? 0x80 : 0
  const key = masked ? [0x37, 0xfa, 0x21, 0x3d] : []
  if (wide === 64 || length > 65535) {
    const wideLength = Buffer.alloc(8)
    wideLength.writeBigUInt64BE(BigInt(length))
    return Buffer.from([first, mask | 127, ...wideLength, ...key])
  }
  if (wide === 16 || length > 125) return Buffer.from([first, mask | 126, length >> 8, length & 0xff, ...key])
  return Buffer.from([first, mask | length, ...key])
}

/** A whole frame. The payload repeats a byte that looks like the head of a binary frame. */
function frame (shape: Shape): Buffer {
  return Buffer.concat([head(shape), Buffer.alloc(shape.length ?? 0, 0x82)])
}

interface Verdict { messages: number, violation: number, bytesAfterViolation: number }

function verdict (policy: FramePolicy): Verdict {
  const { messages, violation, bytesAfterViolation } = policy
  return { messages, violation, bytesAfterViolation }
}

function inspect (limits: FrameLimits, ...chunks: Buffer[]): Verdict {
  const policy = new FramePolicy(limits)
  for (const chunk of chunks) policy.inspect(chunk)
  return verdict(policy)
}

/** The same judgement on a whole stream at once, written as a table walk without state between frames. */
function reference (limits: FrameLimits, bytes: Buffer): Verdict {
  const seen: Verdict = { messages: 0, violation: 0, bytesAfterViolation: 0 }
  const fragments: number[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = bytes.readUInt8(at)
    const second = bytes.readUInt8(at + 1)
    const [fin, rsv, opcode] = [first >= 128, (first >> 4) & 7, first % 16]
    const data = [0, 1, 2].includes(opcode)
    if (second < 128 || ![0, 1, 2, 8, 9, 10].includes(opcode)) return seen
    if (rsv !== 0 && !(rsv === 4 && limits.compression && (opcode === 1 || opcode === 2))) return seen
    if (!data && (!fin || second - 128 > 125)) return seen
    if (data && (opcode === 0) !== (fragments.length > 0)) return seen
    if (opcode === 2 && !limits.binary) return { ...seen, violation: 1003, bytesAfterViolation: bytes.length - at - 2 }
    const wide = second === 255 ? 8 : second === 254 ? 2 : 0
    if (bytes.length < at + 2 + wide) return seen
    const length = wide === 8
      ? Number(bytes.readBigUInt64BE(at + 2))
      : wide === 2 ? bytes.readUInt16BE(at + 2) : second - 128
    at += 2 + wide
    if (data) {
      fragments.push(length)
      const sum = fragments.reduce((a, b) => a + b)
      if (length > limits.frameBytes || sum > limits.messageBytes) {
        return { ...seen, violation: 1009, bytesAfterViolation: bytes.length - at }
      }
    }
    at += 4 + length
    if (at > bytes.length) return seen
    if (opcode === 8) return seen
    if (data && fin) {
      seen.messages++
      fragments.length = 0
    }
  }
  return seen
}

/** Pseudo-random whole numbers that are the same in every run. */
function createDice (seed: number): (sides: number) => number {
  return (sides) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor(seed / 2 ** 32 * sides)
  }
}

const ORDERLY = Buffer.concat([
  frame({ length: 3 }),
  frame({ length: 0 }),
  frame({ fin: false, length: 2 }),
  frame({ opcode: 9, length: 4 }),
  frame({ opcode: 0, fin: false, length: 0 }),
  frame({ opcode: 10, length: 0 }),
  frame({ opcode: 0, length: 5, wide: 16 }),
  frame({ length: 6, wide: 64 })
])
const STREAMS: Record<string, [Buffer, Verdict]> = {
  'an orderly client': [ORDERLY, { messages: 4, violation: 0, bytesAfterViolation: 0 }],
  'a binary message': [Buffer.concat([ORDERLY, frame({ opcode: 2, length: 4 }), frame({ length: 1 })]),
    { messages: 4, violation: 1003, bytesAfterViolation: 15 }],
  'the first fragment of a binary message': [Buffer.concat([frame({ length: 1 }), frame({ opcode: 2, fin: false, length: 1 })]),
    { messages: 1, violation: 1003, bytesAfterViolation: 5 }],
  'a frame that is too long': [Buffer.concat([ORDERLY, frame({ length: 7, wide: 64 })]),
    { messages: 4, violation: 1009, bytesAfterViolation: 11 }],
  'a last fragment that makes the message too long': [Buffer.concat([
    frame({ fin: false, length: 6 }), frame({ opcode: 9, length: 9 }), frame({ opcode: 0, length: 5 }), frame({ length: 1 })]),
  { messages: 0, violation: 1009, bytesAfterViolation: 16 }],
  'a binary frame behind a Close frame': [Buffer.concat([frame({ length: 2 }), frame({ opcode: 8, length: 2 }), frame({ opcode: 2 })]),
    { messages: 1, violation: 0, bytesAfterViolation: 0 }],
  'a binary frame inside a fragmented text message': [Buffer.concat([frame({ fin: false, length: 2 }), frame({ opcode: 2, length: 20 })]),
    { messages: 0, violation: 0, bytesAfterViolation: 0 }]
}

for (const [name, [bytes, expected]] of Object.entries(STREAMS)) {
  t.test(`${name} is judged alike wherever one or two chunks end`, async (t) => {
    t.same(inspect(TINY, bytes), expected, 'in one chunk')
    t.same(reference(TINY, bytes), expected, 'by the reference')
    t.same(inspect(TINY, ...Array.from(bytes, (byte) => Buffer.from([byte]))), expected, 'byte by byte')
    const wrong: number[][] = []
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const policy = new FramePolicy(TINY)
        policy.inspect(bytes.subarray(0, first))
        policy.inspect(bytes.subarray(first, second))
        policy.inspect(bytes.subarray(second))
        if (JSON.stringify(verdict(policy)) !== JSON.stringify(expected)) wrong.push([first, second])
      }
    }
    t.same(wrong, [], 'in three chunks')
  })
}

t.test('a message counts when its last byte is there, not before', async (t) => {
  for (const bytes of [frame({ length: 0 }), frame({ length: 5 }), frame({ length: 300 })]) {
    const policy = new FramePolicy(AWS)
    policy.inspect(bytes.subarray(0, -1))
    t.equal(policy.messages, 0)
    policy.inspect(bytes.subarray(-1))
    t.equal(policy.messages, 1)
  }
})

t.test('a violation shows with the header, before any payload', async (t) => {
  t.equal(inspect(AWS, head({ length: 32769 }).subarray(0, -4)).violation, 1009)
  t.equal(inspect(AWS, head({ opcode: 2, length: 32769 }).subarray(0, 2)).violation, 1003)
})

t.test('a frame of 32768 bytes passes and one more byte is 1009', async (t) => {
  for (const length of [0, 1, 125, 126, 127, 32767, 32768]) {
    t.same(inspect(AWS, frame({ length })), { messages: 1, violation: 0, bytesAfterViolation: 0 }, `${length} bytes`)
  }
  for (const length of [32769, 65535, 65536, 131072, 131073]) {
    t.same(inspect(AWS, frame({ length })), { messages: 0, violation: 1009, bytesAfterViolation: length + 4 }, `${length} bytes`)
  }
})

t.test('without a frame limit a message of 131072 bytes passes and one more byte is 1009', async (t) => {
  const limits = { ...AWS, frameBytes: Infinity }
  for (const length of [32769, 65535, 65536, 131071, 131072]) t.equal(inspect(limits, frame({ length })).messages, 1, `${length} bytes`)
  t.equal(inspect(limits, frame({ length: 131073 })).violation, 1009)
})

t.test('fragments of 131072 bytes in all pass and one more byte is 1009', async (t) => {
  const fragment = (opcode: number, fin: boolean, length = 32768) => frame({ opcode, fin, length })
  const full = [fragment(1, false), fragment(0, false), fragment(0, false)]
  t.same(inspect(AWS, ...full, fragment(0, true)), { messages: 1, violation: 0, bytesAfterViolation: 0 })
  t.same(inspect(AWS, ...full, fragment(0, true), ...full, fragment(0, true)).messages, 2, 'the sum starts anew with each message')
  t.same(inspect(AWS, ...full, fragment(0, false), frame({ opcode: 9, length: 125 }), fragment(0, true, 0)).messages, 1)
  t.same(inspect(AWS, ...full, fragment(0, false), fragment(0, true, 1)), { messages: 0, violation: 1009, bytesAfterViolation: 5 })
})

t.test('limits can be switched off', async (t) => {
  t.same(inspect(OFF, frame({ length: 1_000_000 }), frame({ opcode: 2, length: 70_000 })), { messages: 2, violation: 0, bytesAfterViolation: 0 })
  t.equal(inspect({ ...OFF, frameBytes: 0 }, frame({ length: 0 }), frame({ length: 1 })).violation, 1009, 'and set to nothing at all')
})

t.test('a length above 2^53 is 1009, and waits for ever where limits are off', async (t) => {
  for (const length of [2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
    const bytes = Buffer.alloc(14, 0xff)
    bytes[0] = 0x81
    bytes.writeBigUInt64BE(length, 2)
    t.same(inspect(AWS, bytes), { messages: 0, violation: 1009, bytesAfterViolation: 4 }, `${length} bytes`)
    t.same(inspect(OFF, bytes, Buffer.alloc(65536, 0x82)), { messages: 0, violation: 0, bytesAfterViolation: 0 }, `${length} bytes`)
  }
})

t.test('the bytes behind a violation are counted to the end', async (t) => {
  const policy = new FramePolicy(AWS)
  policy.inspect(head({ length: 60_000_000 }))
  t.equal(policy.bytesAfterViolation, 4)
  for (let i = 0; i < 4; i++) policy.inspect(Buffer.alloc(65536))
  t.equal(policy.bytesAfterViolation, 4 + 4 * 65536)
})

const PROTOCOL_ERRORS: Record<string, Shape[]> = {
  RSV1: [{ rsv: 4, length: 90 }],
  RSV2: [{ rsv: 2, length: 90 }],
  RSV3: [{ rsv: 1, length: 90 }],
  'RSV1 on a control frame': [{ opcode: 9, rsv: 4 }],
  'opcode 3': [{ opcode: 3, length: 90 }],
  'opcode 7': [{ opcode: 7, length: 90 }],
  'opcode 11': [{ opcode: 11, length: 90 }],
  'opcode 15': [{ opcode: 15, length: 90 }],
  'a frame without a mask': [{ masked: false, length: 90 }],
  'a binary frame without a mask': [{ opcode: 2, masked: false, length: 90 }],
  'a ping of 126 bytes': [{ opcode: 9, length: 126 }],
  'a fragmented ping': [{ opcode: 9, fin: false }],
  'a continuation of nothing': [{ opcode: 0, length: 90 }],
  'a text frame inside a message': [{ fin: false, length: 1 }, { length: 90 }]
}

t.test('a protocol error and what follows is left to ws', async (t) => {
  const garbage = Buffer.concat([frame({ opcode: 2, length: 9 }), frame({ length: 40_000 }), frame({ length: 1 })])
  for (const [name, shapes] of Object.entries(PROTOCOL_ERRORS)) {
    const bytes = Buffer.concat([frame({ length: 1 }), ...shapes.map(frame), garbage])
    t.same(inspect(AWS, bytes), { messages: 1, violation: 0, bytesAfterViolation: 0 }, name)
  }
})

t.test('compression gives RSV1 a meaning on the first frame of a message only', async (t) => {
  const limits = { ...TINY, compression: true }
  t.equal(inspect(limits, frame({ rsv: 4, fin: false, length: 2 }), frame({ opcode: 0, length: 2 })).messages, 1)
  t.equal(inspect(limits, frame({ rsv: 4, length: 7 })).violation, 1009, 'limits hold for the bytes on the wire')
  t.equal(inspect(limits, frame({ rsv: 4, fin: false }), frame({ opcode: 0, rsv: 4 }), frame({ opcode: 2 })).violation, 0)
})

/** A stream of mostly lawful frames. */
function randomStream (dice: (sides: number) => number, lawful: boolean): Buffer {
  const frames: Buffer[] = []
  let open = false
  for (let count = dice(9); count >= 0; count--) {
    const shape: Shape = { length: dice(9) }
    const wide = dice(6)
    if (wide === 0) shape.wide = 16
    if (wide === 1) shape.wide = 64
    if (dice(4) === 0) {
      shape.opcode = 9 + dice(2)
      delete shape.wide
    } else {
      shape.opcode = open ? 0 : 1 + (dice(12) === 0 ? 1 : 0)
      shape.fin = dice(2) === 0
      open = !shape.fin
    }
    if (!lawful && dice(25) === 0) shape.opcode = dice(16)
    if (!lawful && dice(60) === 0) shape.rsv = dice(8)
    if (!lawful && dice(60) === 0) shape.masked = false
    frames.push(frame(shape))
  }
  if (!lawful && dice(5) === 0) frames.push(Buffer.from(Array.from({ length: dice(30) }, () => dice(256))))
  return Buffer.concat(frames)
}

t.test('after every chunk of random streams the policy agrees with the reference', async (t) => {
  const dice = createDice(20250)
  const outcomes = new Map<number, number>()
  for (let round = 0; round < 4000; round++) {
    const bytes = randomStream(dice, false)
    const limits = { frameBytes: [4, 6, 8, Infinity][dice(4)]!, messageBytes: [8, 12, 20, Infinity][dice(4)]!, binary: dice(2) === 0, compression: dice(2) === 0 }
    const policy = new FramePolicy(limits)
    for (let at = 0; at < bytes.length;) {
      const next = Math.min(bytes.length, at + dice(12))
      policy.inspect(bytes.subarray(at, next))
      at = next
      const [found, wanted] = [verdict(policy), reference(limits, bytes.subarray(0, at))]
      if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        t.same(found, wanted, `${bytes.subarray(0, at).toString('hex')} under ${JSON.stringify(limits)}`)
        return
      }
    }
    outcomes.set(policy.violation, (outcomes.get(policy.violation) ?? 0) + 1)
  }
  t.ok([0, 1003, 1009].every((code) => (outcomes.get(code) ?? 0) > 200), 'and every outcome was met often')
})

/** The receiver of ws, which its declarations leave out. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => NodeJS.WritableStream }

t.test('the policy counts the messages ws delivers and stays silent where ws refuses', async (t) => {
  const dice = createDice(6455)
  let refused = 0
  for (let round = 0; round < 500; round++) {
    const bytes = randomStream(dice, round % 2 === 0)
    const receiver = new Receiver({ isServer: true, skipUTF8Validation: true })
    const policy = new FramePolicy(OFF)
    let delivered = 0
    receiver.on('message', () => delivered++)
    receiver.on('error', () => refused++)
    receiver.on('conclude', () => {})
    policy.inspect(bytes)
    receiver.write(bytes)
    await new Promise(setImmediate)
    const found = { violation: policy.violation, messages: policy.messages }
    const wanted = { violation: 0, messages: delivered }
    if (JSON.stringify(found) !== JSON.stringify(wanted)) t.same(found, wanted, bytes.toString('hex'))
  }
  t.ok(refused > 50, 'and ws refused often enough')
})

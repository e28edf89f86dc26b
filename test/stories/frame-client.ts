// A client that is nothing but a TCP socket: it sends the bytes it is told, well formed or not, and keeps what comes back.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export const CONTINUATION = 0x0
export const TEXT = 0x1
export const BINARY = 0x2
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

const MASK = Buffer.from('37fa213d', 'hex')

export interface FrameOptions {
  readonly fin?: boolean
  readonly rsv?: number
  readonly masked?: boolean
}

/** A frame as a client sends it. */
export function frame (opcode: number, payload: string | Uint8Array = '', { fin = true, rsv = 0, masked = true }: FrameOptions = {}): Buffer {
  const bytes = Buffer.from(payload as string)
  const length = bytes.length < 126
    ? Buffer.from([bytes.length])
    : bytes.length < 65_536 ? Buffer.from([126, bytes.length >> 8, bytes.length & 0xff]) : Buffer.alloc(9, 127)
  if (bytes.length >= 65_536) length.writeBigUInt64BE(BigInt(bytes.length), 1)
  const first = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode])
  if (!masked) return Buffer.concat([first, length, bytes])
  length[0] = (length[0] as number) | 0x80
  return Buffer.concat([first, length, MASK, mask(bytes)])
}

/** The payload of a close frame. */
export function closePayload (code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason))
  payload.writeUInt16BE(code)
  payload.write(reason, 2)
  return payload
}

function mask (bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ (MASK[i & 3] as number)))
}

export interface ReceivedFrame {
  readonly opcode: number
  readonly fin: boolean
  readonly payload: Buffer
}

export class FrameClient {
  readonly socket: Socket
  readonly frames: ReceivedFrame[] = []
  /** The head of the server's answer to the handshake. */
  head = ''
  /** Resolves when the server has ended its half, or the socket is gone. The client's half stays open until it ends it. */
  readonly gone: Promise<void>
  isGone = false
  #bytes = Buffer.alloc(0)
  #wake: () => void = () => {}

  constructor (url: string, path: string, { pipelined }: { pipelined?: Buffer } = {}) {
    const { hostname, port, host } = new URL(url)
    this.socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    this.gone = new Promise((resolve) => {
      const onGone = (): void => {
        this.isGone = true
        this.#wake()
        resolve()
      }
      this.socket.on('end', onGone)
      this.socket.on('close', onGone)
    })
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk) => { this.#read(chunk) })
    const key = randomBytes(16).toString('base64')
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`)
    if (pipelined !== undefined) this.socket.write(pipelined)
  }

  /** Resolves when the answer to the handshake is there. */
  async opened (): Promise<this> {
    await this.#until(() => this.head !== '')
    if (!this.head.startsWith('HTTP/1.1 101')) throw new Error(`handshake refused: ${this.head}`)
    return this
  }

  send (opcode: number, payload?: string | Uint8Array, options?: FrameOptions): void {
    this.socket.write(frame(opcode, payload, options))
  }

  sendText (...texts: string[]): void {
    this.socket.write(Buffer.concat(texts.map((text) => frame(TEXT, text))))
  }

  sendClose (code?: number, reason?: string): void {
    this.send(CLOSE, code === undefined ? '' : closePayload(code, reason))
  }

  /** Resolves once there are so many frames of this kind; rejects after the time, or when the socket is gone before. */
  async received (opcode: number, count = 1, withinMillis = 2000): Promise<Buffer[]> {
    const payloads = (): Buffer[] => this.frames.filter((one) => one.opcode === opcode).map(({ payload }) => payload)
    await this.#until(() => payloads().length >= count || this.isGone, withinMillis)
    if (payloads().length < count) throw new Error(`got ${payloads().length} of ${count} frames with opcode ${opcode} before the socket was gone`)
    return payloads()
  }

  /** Waits for the server's close frame. */
  async closeFrame (withinMillis?: number): Promise<{ code: number, reason: string }> {
    const [payload] = await this.received(CLOSE, 1, withinMillis) as [Buffer]
    return payload.length === 0 ? { code: 1005, reason: '' } : { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) }
  }

  get texts (): string[] {
    return this.frames.filter(({ opcode }) => opcode === TEXT).map(({ payload }) => payload.toString())
  }

  /** What a polite client does: echoes the close frame and hangs up. */
  async leave (code = 1000): Promise<void> {
    this.sendClose(code)
    this.socket.end()
    await this.gone
  }

  #read (chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    if (this.head === '') {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end === -1) return
      this.head = this.#bytes.toString('latin1', 0, end + 4)
      this.#bytes = this.#bytes.subarray(end + 4)
    }
    if (this.head.startsWith('HTTP/1.1 101')) while (this.#readFrame()) { /* next */ }
    this.#wake()
  }

  #readFrame (): boolean {
    const bytes = this.#bytes
    if (bytes.length < 2) return false
    let length = (bytes[1] as number) & 0x7f
    let at = 2
    if (length === 126) {
      if (bytes.length < 4) return false
      length = bytes.readUInt16BE(2)
      at = 4
    } else if (length === 127) {
      if (bytes.length < 10) return false
      length = Number(bytes.readBigUInt64BE(2))
      at = 10
    }
    if (bytes.length < at + length) return false
    const first = bytes[0] as number
    this.frames.push({ opcode: first & 0x0f, fin: (first & 0x80) !== 0, payload: bytes.subarray(at, at + length) })
    this.#bytes = bytes.subarray(at + length)
    return true
  }

  async #until (condition: () => boolean, withinMillis = 2000): Promise<void> {
    const deadline = performance.now() + withinMillis
    while (!condition()) {
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`never came within ${withinMillis} ms; frames: ${this.frames.map(({ opcode, payload }) => `${opcode}:${payload.toString('utf8', 0, 60)}`).join(' | ')}`)
      await Promise.race([new Promise<void>((resolve) => { this.#wake = resolve }), delay(Math.min(left, 50))])
    }
  }
}

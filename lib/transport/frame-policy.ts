// Follows the raw bytes of one client and tells when they break a limit of API Gateway that ws cannot see.
//
// API Gateway limits a WebSocket frame to 32 KB and a message to 128 KB (close code 1009), and takes text only (1003).
// ws limits whole messages, never single frames, so the frame headers of RFC 6455 section 5.2 are read here a second
// time, in front of ws, on the bytes as they arrive. Payloads are skipped, nothing is buffered or copied.
//
// What is a protocol error is not judged here: ws answers it with 1002. From there on, and after a Close frame, the
// bytes mean nothing (section 5.5.1), so the policy stops reading and never turns garbage into a limit.

/** The limits of an API; its connections share one object. */
export interface FrameLimits {
  /** The longest payload of a data frame, inclusive; `Infinity` for no limit. */
  readonly frameBytes: number
  /** The longest sum of the fragments of a message, as sent, inclusive; `Infinity` for no limit. What it inflates to is for ws to limit. */
  readonly messageBytes: number
  /** Whether binary messages may pass. */
  readonly binary: boolean
  /** Whether permessage-deflate was negotiated, which gives RSV1 a meaning (RFC 7692 section 6). */
  readonly compression: boolean
}

export const UNSUPPORTED_DATA = 1003
export const MESSAGE_TOO_BIG = 1009

// What the next byte is. A masking key is read as the first four bytes of a payload.
const FIRST_BYTE = 0
const SECOND_BYTE = 1
const LENGTH = 2
const PAYLOAD = 3
const VIOLATED = 4
const DEAF = 5

const FIN = 0x80
const RSV1 = 0x40
const RSV2_AND_3 = 0x30
const MASK = 0x80
const CONTINUATION = 0x0
const BINARY = 0x2
const CLOSE = 0x8
const PONG = 0xa
const MASKING_KEY_BYTES = 4
const CONTROL_PAYLOAD_BYTES = 125

export class FramePolicy {
  /** Complete data messages seen before any violation: as many are still to be served. */
  messages = 0
  /** The close code the client has earned, or 0. */
  violation: 0 | typeof UNSUPPORTED_DATA | typeof MESSAGE_TOO_BIG = 0
  /** Bytes behind the header that broke the limit: a client that goes on sending is cut off by its number. */
  bytesAfterViolation = 0

  private readonly limits: FrameLimits
  private state = FIRST_BYTE
  /** The first byte of the current frame: FIN, RSV and opcode. */
  private head = 0
  /** The payload length, while its bytes come in. */
  private length = 0
  /** Bytes still to come of the length, or of masking key and payload. */
  private remaining = 0
  /** Whether a fragmented message is open. Control frames may stand between its frames (section 5.4). */
  private fragmented = false
  /** Payload of the open message so far. */
  private messageLength = 0

  constructor (limits: FrameLimits) {
    this.limits = limits
  }

  /** Whether the client has said its last: a Close frame, or a protocol error, which ws answers. */
  get isDeaf (): boolean {
    return this.state === DEAF
  }

  /** Reads on. Chunks may end anywhere; what is counted does not depend on where. */
  inspect (chunk: Uint8Array): void {
    const end = chunk.length
    let at = 0
    while (at < end) {
      switch (this.state) {
        case FIRST_BYTE:
          this.head = chunk[at++] as number
          this.state = SECOND_BYTE
          break
        case SECOND_BYTE:
          this.beginFrame(chunk[at++] as number)
          break
        case LENGTH:
          this.length = this.length * 256 + (chunk[at++] as number)
          if (--this.remaining === 0) this.beginPayload()
          break
        case PAYLOAD: {
          const step = Math.min(this.remaining, end - at)
          at += step
          this.remaining -= step
          if (this.remaining === 0) this.endFrame()
          break
        }
        case VIOLATED:
          this.bytesAfterViolation += end - at
          return
        default:
          return
      }
    }
  }

  private beginFrame (second: number): void {
    const opcode = this.head & 0x0f
    this.length = second & 0x7f
    if (this.isProtocolError(opcode, second)) {
      this.state = DEAF
    } else if (opcode === BINARY && !this.limits.binary) {
      this.violate(UNSUPPORTED_DATA)
    } else if (this.length < 126) {
      this.beginPayload()
    } else {
      this.remaining = this.length === 126 ? 2 : 8
      this.length = 0
      this.state = LENGTH
    }
  }

  /** The errors ws finds in the first two bytes of a frame. */
  private isProtocolError (opcode: number, second: number): boolean {
    if ((second & MASK) === 0 || (this.head & RSV2_AND_3) !== 0) return true
    const deflated = (this.head & RSV1) !== 0
    if (opcode >= CLOSE) {
      return opcode > PONG || deflated || (this.head & FIN) === 0 || this.length > CONTROL_PAYLOAD_BYTES
    }
    if (opcode > BINARY) return true
    if (opcode === CONTINUATION) return deflated || !this.fragmented
    return this.fragmented || (deflated && !this.limits.compression)
  }

  private beginPayload (): void {
    if ((this.head & 0x0f) < CLOSE) {
      this.messageLength += this.length
      if (this.length > this.limits.frameBytes || this.messageLength > this.limits.messageBytes) {
        this.violate(MESSAGE_TOO_BIG)
        return
      }
    }
    this.remaining = MASKING_KEY_BYTES + this.length
    this.state = PAYLOAD
  }

  private endFrame (): void {
    const opcode = this.head & 0x0f
    this.state = opcode === CLOSE ? DEAF : FIRST_BYTE
    if (opcode >= CLOSE) return
    this.fragmented = (this.head & FIN) === 0
    if (this.fragmented) return
    this.messages++
    this.messageLength = 0
  }

  private violate (code: typeof UNSUPPORTED_DATA | typeof MESSAGE_TOO_BIG): void {
    this.violation = code
    this.state = VIOLATED
  }
}

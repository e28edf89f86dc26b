// Text frames as a server sends them (RFC 6455, section 5.2). Header and payload share one buffer, so a frame is one
// write, where ws makes two; and the payload is copied, so that a caller may reuse its bytes at once.

const FIN = 0x80
const TEXT = 0x1
const CONTINUATION = 0x0
const LENGTH_OF_16_BITS = 126
const LENGTH_OF_64_BITS = 127

/** One frame. A message is a text frame, which every `isContinuation` goes on with, up to the one that `isFinal`. */
export function createTextFrame (payload: string | Uint8Array, isContinuation: boolean, isFinal: boolean): Buffer {
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  const start = length < LENGTH_OF_16_BITS ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(start + length)
  frame[0] = (isFinal ? FIN : 0) | (isContinuation ? CONTINUATION : TEXT)
  if (start === 2) {
    frame[1] = length
  } else if (start === 4) {
    frame[1] = LENGTH_OF_16_BITS
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LENGTH_OF_64_BITS
    frame.writeUInt16BE(0, 2)
    frame.writeUIntBE(length, 4, 6)
  }
  if (typeof payload === 'string') frame.write(payload, start)
  else frame.set(payload, start)
  return frame
}

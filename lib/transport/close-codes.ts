// Which code and reason $disconnect reports, for each way a connection can end.
import type { Disconnection } from '../api/index.ts'

export const ABNORMAL: Disconnection = { statusCode: 1006, reason: '' }

const NO_STATUS_RECEIVED = 1005
const NO_STATUS_REASON = 'Client-side close frame status not set'
const PROTOCOL_ERROR = 1002

/** Close codes of ws's protocol errors, by the error's code; every other one is 1002. */
const PROTOCOL_ERROR_CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008
}
const PROTOCOL_ERROR_PREFIX = 'WS_ERR_'

/** What the client's own close frame, or its absence, says. */
export function readClose (code: number, reason: Buffer): Disconnection {
  if (code === NO_STATUS_RECEIVED) return { statusCode: code, reason: NO_STATUS_REASON }
  return code === ABNORMAL.statusCode ? ABNORMAL : { statusCode: code, reason: reason.toString() }
}

/** The close that ws answers a protocol error with, or undefined where the error is none. */
export function readProtocolError (error: Error & { code?: string }): Disconnection | undefined {
  if (error.code?.startsWith(PROTOCOL_ERROR_PREFIX) !== true) return undefined
  return { statusCode: PROTOCOL_ERROR_CODES[error.code] ?? PROTOCOL_ERROR, reason: '' }
}

// Bounds the user's own look-ups: a database that hangs must not keep handshakes pending.
import { LookupTimeoutError } from '../errors.ts'

/** What a look-up gives, or a rejection after so many milliseconds. What is no promise costs no timer. */
export async function awaitLookup<Value> (
  lookup: Value | PromiseLike<Value>, what: string, withinMillis: number
): Promise<Value> {
  if (typeof (lookup as PromiseLike<Value> | undefined)?.then !== 'function' || withinMillis === Infinity) return await lookup
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new LookupTimeoutError(what, withinMillis)) }, withinMillis)
  })
  try {
    return await Promise.race([lookup, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

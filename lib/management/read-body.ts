// The raw bytes of a request, bounded.
import type { IncomingMessage } from 'node:http'

/**
 * All bytes of a body, or undefined where it is longer than `limit`; then the rest is left unread. Rejects with status 400
 * when the caller hangs up in the middle: no answer reaches it, and it is no error of the server's. By listeners, because
 * iterating over a request costs a tenth of a whole call.
 */
export function readBody (request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) {
        chunks.push(chunk)
      } else {
        request.pause()
        resolve(undefined)
      }
    })
    request.on('end', () => { resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)) })
    request.on('error', (error) => { reject(Object.assign(error, { statusCode: 400 })) })
  })
}

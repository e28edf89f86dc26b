// The raw bytes of a request, bounded.
import type { IncomingMessage } from 'node:http'

/**
 * All bytes of a body, or undefined where it is longer than `limit`; then the rest is left unread. Rejects with status 400
 * when the caller hangs up in the middle: no answer reaches it, and it is no error of the server's.
 */
export async function readBody (request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined
  const chunks: Buffer[] = []
  let length = 0
  try {
    // Left early, the iterator would by default take the socket from the request, and with it request.ip from hooks.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += (chunk as Buffer).length
      if (length > limit) return undefined
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    throw Object.assign(error as Error, { statusCode: 400 })
  }
  return chunks.length === 1 ? chunks[0] as Buffer : Buffer.concat(chunks)
}

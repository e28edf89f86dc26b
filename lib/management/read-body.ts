// The raw bytes of a request, bounded.
import type { IncomingMessage } from 'node:http'

/** All bytes of a body, or undefined where it is longer than `limit`; then the rest is left unread. */
export async function readBody (request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > limit) return undefined
    chunks.push(chunk as Buffer)
  }
  return chunks.length === 1 ? chunks[0] as Buffer : Buffer.concat(chunks)
}

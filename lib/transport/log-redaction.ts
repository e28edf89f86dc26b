// Keeps what proves who a client is out of the log lines that Fastify writes of an upgrade request: browsers can only put
// it into the URL.
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'

type RequestSerializer = (request: FastifyRequest) => unknown

/** Where pino keeps a logger's serializers. */
const PINO_SERIALIZERS = Symbol.for('pino.serializers')
/** Of a presigned URL. */
const SIGNATURE_PARAMETERS = ['X-Amz-Signature', 'X-Amz-Security-Token']
const REDACTED = '[redacted]'

/** The logger's own serializer of requests, with secret parameters redacted; undefined where the logger has none. */
export function createRequestSerializer (
  log: FastifyBaseLogger, secretParameters: ReadonlySet<string>
): RequestSerializer | undefined {
  const serialize = (log as { [PINO_SERIALIZERS]?: { req?: RequestSerializer } })[PINO_SERIALIZERS]?.req
  if (serialize === undefined) return undefined
  const secrets = new Set([...SIGNATURE_PARAMETERS, ...secretParameters])
  return (request) => {
    const line = serialize(request)
    if (typeof line !== 'object' || line === null || !('url' in line) || typeof line.url !== 'string') return line
    return { ...line, url: redactQuery(line.url, secrets) }
  }
}

/** The same target with the values of secret parameters replaced. */
export function redactQuery (target: string, secrets: ReadonlySet<string>): string {
  const queryAt = target.indexOf('?')
  if (queryAt === -1) return target
  const pieces = target.slice(queryAt + 1).split('&').map((piece) => {
    const equalsAt = piece.indexOf('=')
    const name = equalsAt === -1 ? piece : piece.slice(0, equalsAt)
    return equalsAt !== -1 && secrets.has(decode(name)) ? `${name}=${REDACTED}` : piece
  })
  return `${target.slice(0, queryAt)}?${pieces.join('&')}`
}

/** As the query is read for events. */
function decode (name: string): string {
  return new URLSearchParams(`${name}=`).keys().next().value ?? name
}

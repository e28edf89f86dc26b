// Makes sure that an error can be logged, whatever it is. Handlers throw anything: pino marks each error it meets and reads
// all of its members, so a frozen error, or one with a getter that throws, would throw out of the line that reports it.
import type { FastifyBaseLogger } from 'fastify'

type ErrorSerializer = (error: unknown) => unknown

/** Where pino keeps a logger's serializers. */
const PINO_SERIALIZERS = Symbol.for('pino.serializers')

/** Options for a child logger whose serializer of errors never throws; undefined where the logger has none. */
export function createErrorSerializer (log: FastifyBaseLogger): { serializers: { err: ErrorSerializer } } | undefined {
  const serialize = (log as { [PINO_SERIALIZERS]?: { err?: ErrorSerializer } })[PINO_SERIALIZERS]?.err
  if (serialize === undefined) return undefined
  const err: ErrorSerializer = (error) => {
    try {
      return serialize(error)
    } catch {
      return describe(error)
    }
  }
  return { serializers: { err } }
}

/** The members that every error has, as far as they can be read. */
function describe (error: unknown): object {
  try {
    const { name, message, stack } = error as Error
    return { type: String(name), message: String(message), stack: String(stack) }
  } catch {
    return { type: 'Error', message: 'an error that cannot be read', stack: '' }
  }
}

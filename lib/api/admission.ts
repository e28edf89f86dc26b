// Whether a message may run: throttles and API keys. Where nothing of it is declared this is three comparisons.
import { Refusal } from '../refusal.ts'
import type { CompiledRoute } from '../route/index.ts'
import type { Connection } from './connection.ts'

const THROTTLED = new Refusal('THROTTLED')
const FORBIDDEN = new Refusal('FORBIDDEN')

/** Undefined lets the message through. A plan whose counters are elsewhere answers later. */
export function admitMessage (
  { apiKey, isMetered, stage }: Connection, { apiKeyRequired, routeKey }: CompiledRoute
): Refusal | undefined | Promise<Refusal | undefined> {
  if (stage.throttles !== undefined && !stage.throttles.take(routeKey)) return THROTTLED
  if (!apiKeyRequired && !isMetered) return undefined
  // A route that needs a key asks how the connection was opened; messages carry none.
  return apiKey === undefined ? FORBIDDEN : apiKey.take(routeKey)
}

// AWS's limits as numbers, and how an option replaces one: 0 and Infinity both switch a limit off.
import type { Quotas } from '../types/index.js'

/** AWS's published limits, and the gateway's own bounds (the last five), as defaults. */
export const DEFAULT_QUOTAS: Readonly<Required<Quotas>> = {
  messageBytes: 131_072,
  frameBytes: 32_768,
  urlLength: 4096,
  headerBytes: 10_240,
  idleTimeoutInMillis: 600_000,
  connectionDurationInMillis: 7_200_000,
  integrationTimeoutInMillis: 29_000,
  newConnectionsPerSecond: 500,
  requestsPerSecond: 10_000,
  requestBurst: 5000,
  pendingConnections: 1000,
  inFlightMessages: 64,
  bufferedBytes: 1_048_576,
  closeTimeoutInMillis: 2000,
  integrationResponseBytes: 10_485_760
}

/** The shortest integration timeout AWS accepts, in milliseconds. */
export const MINIMUM_INTEGRATION_TIMEOUT = 50

/** The quotas of an API; a limit that is off is Infinity, so that every check is one comparison. */
export function compileQuotas (given: Quotas = {}): Readonly<Required<Quotas>> {
  const quotas = { ...DEFAULT_QUOTAS }
  for (const name of Object.keys(quotas) as Array<keyof Quotas>) {
    const quota = given[name] ?? DEFAULT_QUOTAS[name]
    quotas[name] = quota === 0 ? Infinity : quota
  }
  return quotas
}

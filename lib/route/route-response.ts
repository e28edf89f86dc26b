// Which text, if any, goes back to the client after a route's integration succeeded.
import type { IntegrationResult } from '../integration/index.ts'
import type { CompiledRoute } from './route.ts'

/**
 * The frame of a result, or undefined for none: one-way routes send nothing, a null result sends nothing, a missing or
 * empty body is an empty frame unless `skipsEmpty`. The status code plays no part.
 */
export function selectFrame (route: CompiledRoute, result: IntegrationResult, skipsEmpty: boolean): string | undefined {
  if (!route.isTwoWay || result.isNull) return undefined
  const body = result.body ?? ''
  return body === '' && skipsEmpty ? undefined : body
}

// A failed integration in the log and at the user's error hook; the client only ever sees AWS's generic text.
import type { Refusal } from '../refusal.ts'
import type { Execution } from './execution.ts'

export function reportRefusal (execution: Execution, refusal: Refusal): void {
  const log = execution.createLog()
  const routeKey = execution.route?.routeKey
  if (refusal.cause === undefined) {
    log.info({ refusal: refusal.type, routeKey }, 'execution refused')
    return
  }
  log.error({ err: refusal.cause, refusal: refusal.type, routeKey }, 'integration failed')
  const { onIntegrationError } = execution.connection.api.settings
  if (onIntegrationError === undefined) return
  const onHookFailed = (err: unknown): void => { log.error({ err }, 'onIntegrationError failed') }
  try {
    // A hook may well be async, whatever its type says.
    const returned: unknown = onIntegrationError(refusal.cause, { event: execution.createEvent(), log })
    if (returned instanceof Promise) returned.catch(onHookFailed)
  } catch (error) {
    onHookFailed(error)
  }
}

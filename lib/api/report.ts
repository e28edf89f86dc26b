// A failed integration in the log and at the user's error hook; the client only ever sees AWS's generic text.
import { guardLog } from '../guarded-log.ts'
import type { Refusal, RefusalType } from '../refusal.ts'
import type { Execution } from './execution.ts'

/** Refusals that a client can provoke as fast as it sends: not a line each in a log that is read. */
const FLOODS: ReadonlySet<RefusalType> = new Set(['THROTTLED', 'QUOTA_EXCEEDED'])
/** What the client got wrong: worth a line, not an alarm. */
const CLIENT_ERRORS: ReadonlySet<RefusalType> = new Set([
  'BAD_REQUEST', 'BAD_REQUEST_BODY', 'BAD_REQUEST_PARAMETERS', 'UNSUPPORTED_MEDIA_TYPE'
])
/** Failures of access control, which is no integration. */
const ACCESS_FAILURES: ReadonlySet<RefusalType> = new Set(['AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR'])

export function reportRefusal (execution: Execution, refusal: Refusal): void {
  execution.refusal = refusal
  guardLog(() => { writeLine(execution, refusal) })
  const { cause, type } = refusal
  if (cause === undefined || FLOODS.has(type) || CLIENT_ERRORS.has(type) || ACCESS_FAILURES.has(type)) return
  const { onIntegrationError } = execution.connection.api.settings
  if (onIntegrationError === undefined) return
  const onHookFailed = (err: unknown): void => { guardLog(() => { execution.createLog().error({ err }, 'onIntegrationError failed') }) }
  try {
    // A hook may well be async, whatever its type says.
    const returned: unknown = onIntegrationError(cause, { event: execution.createEvent(), log: execution.createLog() })
    if (returned instanceof Promise) returned.catch(onHookFailed)
  } catch (error) {
    onHookFailed(error)
  }
}

function writeLine (execution: Execution, refusal: Refusal): void {
  if (FLOODS.has(refusal.type)) {
    const { connection: { connectionId, log }, requestId } = execution
    log.debug({ connectionId, requestId, refusal: refusal.type, routeKey: execution.route?.routeKey }, 'execution refused')
    return
  }
  const log = execution.createLog()
  const routeKey = execution.route?.routeKey
  if (refusal.cause === undefined) {
    log.info({ refusal: refusal.type, routeKey }, 'execution refused')
    return
  }
  if (CLIENT_ERRORS.has(refusal.type)) {
    log.info({ err: refusal.cause, refusal: refusal.type, routeKey }, 'execution refused')
    return
  }
  if (ACCESS_FAILURES.has(refusal.type)) {
    log.error({ err: refusal.cause, refusal: refusal.type, routeKey }, 'access control failed')
    return
  }
  log.error({ err: refusal.cause, refusal: refusal.type, routeKey }, 'integration failed')
}

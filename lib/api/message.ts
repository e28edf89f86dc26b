// The corridor of a message: select its route, run it, send what comes of it.
import { RouteResponseTooLargeError } from '../errors.ts'
import { guardLog } from '../guarded-log.ts'
import type { IntegrationOutcome } from '../integration/index.ts'
import { Refusal } from '../refusal.ts'
import { selectFrame } from '../route/index.ts'
import type { CompiledRoute } from '../route/index.ts'
import { admitMessage } from './admission.ts'
import type { Connection } from './connection.ts'
import { Execution } from './execution.ts'
import { renderErrorFrame } from './gateway-response.ts'
import { reportRefusal } from './report.ts'

const NO_ROUTE = new Refusal('FORBIDDEN')
const THROTTLED = new Refusal('THROTTLED')
/** Bytes of UTF-8 one UTF-16 unit takes at most: a text below limit / 3 needs no counting. */
const BYTES_PER_UNIT = 3

/** Takes one message. Calls run side by side: a slow one holds up nothing, and answers go out as they come. */
export function receiveMessage (connection: Connection, text: string): void {
  const execution = new Execution(connection, 'MESSAGE', text, undefined, undefined)
  connection.activeAt = execution.startedAt
  if (!connection.api.throttle.take(execution.startedAt)) {
    refuse(execution, THROTTLED)
    return
  }
  const route = connection.api.routes.select(execution)
  if (route === undefined) {
    refuse(execution, NO_ROUTE)
    return
  }
  execution.route = route
  const admission = admitMessage(connection, route)
  if (admission === undefined) {
    run(execution, route)
  } else if (admission instanceof Refusal) {
    refuse(execution, admission)
  } else {
    runOnceAdmitted(execution, route, admission)
  }
}

function run (execution: Execution, route: CompiledRoute): void {
  if (route.integration === undefined) return
  const { connection } = execution
  connection.messagesInFlight++
  connection.api.messagesInFlight++
  route.run(execution, completeMessage)
}

/** A message that waits for the counters of a plan is in flight all the same. */
function runOnceAdmitted (execution: Execution, route: CompiledRoute, admission: Promise<Refusal | undefined>): void {
  const { connection } = execution
  connection.messagesInFlight++
  connection.api.messagesInFlight++
  void admission.then((refusal) => {
    connection.messagesInFlight--
    connection.api.messagesInFlight--
    if (refusal === undefined) run(execution, route)
    else refuse(execution, refusal)
    connection.socket?.onMessageCompleted()
  })
}

function completeMessage (execution: Execution, outcome: IntegrationOutcome): void {
  const { connection } = execution
  connection.messagesInFlight--
  connection.api.messagesInFlight--
  if (outcome instanceof Refusal) {
    refuse(execution, outcome)
  } else {
    const { skipsEmptyResponses, quotas } = connection.api.settings
    const frame = selectFrame(execution.route as CompiledRoute, outcome, skipsEmptyResponses)
    if (frame !== undefined) {
      const size = frame.length * BYTES_PER_UNIT > quotas.messageBytes ? Buffer.byteLength(frame) : 0
      if (size > quotas.messageBytes) {
        refuse(execution, new Refusal('INTEGRATION_FAILURE', new RouteResponseTooLargeError(size, quotas.messageBytes)))
      } else {
        deliver(execution, frame)
      }
    }
  }
  connection.socket?.onMessageCompleted()
}

/** The error frame goes out on one-way routes too. */
function refuse (execution: Execution, refusal: Refusal): void {
  const { connection, requestId } = execution
  deliver(execution, renderErrorFrame(refusal.type, connection.connectionId, requestId, execution.messageId))
  reportRefusal(execution, refusal)
}

/** An answer that comes after the close is dropped. */
function deliver (execution: Execution, frame: string): void {
  const { connection, route } = execution
  if (connection.socket?.isOpen === true) connection.send(frame)
  else guardLog(() => { execution.createLog().debug({ routeKey: route?.routeKey }, 'connection is closed, its answer is dropped') })
}

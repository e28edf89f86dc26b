// The corridor of a close: $disconnect runs once for each connection whose $connect succeeded.
import { Refusal } from '../refusal.ts'
import type { Connection } from './connection.ts'
import { Execution } from './execution.ts'
import type { Disconnection } from './execution.ts'
import { reportRefusal } from './report.ts'

/** What a closing server says. */
export const GOING_AWAY: Disconnection = { statusCode: 1001, reason: 'Going away' }

/** Runs $disconnect. Its result is ignored, its failure only logged. The promise never rejects. */
export function disconnect (connection: Connection, disconnection: Disconnection): Promise<void> {
  const { api } = connection
  const route = api.routes.disconnectRoute
  if (route?.integration === undefined) return Promise.resolve()
  const execution = new Execution(connection, 'DISCONNECT', undefined, undefined, disconnection)
  execution.route = route
  const ended = new Promise<void>((resolve) => {
    route.run(execution, (_, outcome) => {
      if (outcome instanceof Refusal) reportRefusal(execution, outcome)
      resolve()
    })
  })
  api.pendingDisconnects.add(ended)
  return ended.finally(() => { api.pendingDisconnects.delete(ended) })
}

// What every integration is to the rooms above: something that is given an execution and completes it once.
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, WebSocketEvent } from '../../types/index.js'
import type { Refusal } from '../refusal.ts'

/** What an integration answered. */
export interface IntegrationResult {
  readonly statusCode: number
  readonly headers: Record<string, string | number | boolean> | undefined
  readonly multiValueHeaders: Record<string, Array<string | number | boolean>> | undefined
  /** Undefined when the result had none. */
  readonly body: string | undefined
  /** The handler returned null or undefined. */
  readonly isNull: boolean
}

export type IntegrationOutcome = IntegrationResult | Refusal

/** One execution as an integration sees it; `api/` implements it. */
export interface IntegrationRequest {
  /** When the execution began, on the monotonic clock. */
  readonly startedAt: number
  /** Builds the proxy event; called only where an integration wants one. */
  createEvent (): WebSocketEvent
  /** A child logger with the ids of the execution. */
  createLog (): FastifyBaseLogger
  readonly connections: Connections
  /** Aborts when the server no longer waits for its handlers. */
  readonly closeSignal: AbortSignal
  /** Aborted then too; who adds one takes it out when its work is over. Cheaper than a listener on `closeSignal`. */
  readonly abortControllers: Set<AbortController>
}

/** A compiled integration. */
export interface Integration<Request extends IntegrationRequest = IntegrationRequest> {
  readonly integrationType: string
  /** Calls `complete` exactly once, at once or later; never throws. */
  invoke (request: Request, complete: (request: Request, outcome: IntegrationOutcome) => void): void
}

// What every integration is to the rooms above: something that is given an execution and completes it once.
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, WebSocketEvent } from '../../types/index.js'
import type { EventType } from '../definition.ts'
import type { SelectionScope } from '../expression/index.ts'
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

/** Names with all their values. */
export type MultiValues = Readonly<Record<string, readonly string[]>>
/** Names with their last values. */
export type SingleValues = Readonly<Record<string, string>>

/** What a handshake brought, for `$connect`; nothing of it is kept for later events. */
export interface ConnectParameters {
  readonly headers: { readonly single: SingleValues, readonly multiple: MultiValues }
  /** Undefined when the URL had no query. */
  readonly query: { readonly single: SingleValues, readonly multiple: MultiValues } | undefined
}

/** What a handler's call needs to know of the execution it is for. */
export interface HandlerRequest {
  readonly eventType: EventType
  /** When the execution began, on the monotonic clock. */
  readonly startedAt: number
  /** A child logger with the ids of the execution. */
  createLog (): FastifyBaseLogger
  readonly connections: Connections
  /** Aborts when the server no longer waits for its handlers. */
  readonly closeSignal: AbortSignal
  /** Aborted then too; who adds one takes it out when its work is over. Cheaper than a listener on `closeSignal`. */
  readonly abortControllers: Set<AbortController>
}

/** One execution as an integration sees it; `api/` implements it. */
export interface IntegrationRequest extends HandlerRequest, SelectionScope {
  /** The message; undefined on $connect and $disconnect. */
  readonly text: string | undefined
  /** Whether what the integration answers goes back to the client. */
  readonly isTwoWay: boolean
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  /** What a hook or an authorizer said of the connection, as text. */
  readonly authorizer: Readonly<Record<string, string>> | undefined
  readonly sourceIp: string
  readonly domainName: string
  /** A trace id of the execution's own. */
  readonly traceId: string
  /** Undefined except on $connect. */
  readonly connectParameters: ConnectParameters | undefined
  /** `$context` with all its members, as templates and mappings read it. */
  readonly templateContext: Readonly<Record<string, unknown>>
  /** The status of the integration's answer, once it is there: `$context.status`. */
  status: number | undefined
  /** Builds the proxy event; called only where an integration wants one. */
  createEvent (): WebSocketEvent
}

/** A compiled integration. */
export interface Integration<Request extends IntegrationRequest = IntegrationRequest> {
  readonly integrationType: string
  /** Calls `complete` exactly once, at once or later; never throws. */
  invoke (request: Request, complete: (request: Request, outcome: IntegrationOutcome) => void): void
}

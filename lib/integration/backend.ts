// What stands behind a mapped integration: it is given a request that is ready to send, and answers with a status.
import type { Refusal } from '../refusal.ts'
import type { IntegrationRequest } from './integration.ts'

/** A request to a back end, all mapping done. */
export interface BackendRequest {
  /** Undefined where there is no message. */
  readonly body: string | Buffer | undefined
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly querystring: ReadonlyArray<readonly [name: string, value: string]>
  /** Values for `{name}` in the URI. */
  readonly path: ReadonlyMap<string, string>
}

export interface BackendResponse {
  readonly statusCode: number
  /** What the patterns of integration responses are matched against. */
  readonly selectionText: string
  /** What `$connect` comes to: a status, or the failure that refuses the handshake. */
  readonly connectOutcome: number | Error
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Buffer
}

export interface Backend<Request extends IntegrationRequest = IntegrationRequest> {
  /** Calls `complete` exactly once, at once or later; never throws. */
  call (
    request: Request, backendRequest: BackendRequest,
    complete: (request: Request, outcome: BackendResponse | Refusal) => void
  ): void
}

// An integration with mapping around its back end: non-proxy types in full, HTTP_PROXY with parameters alone.
import { Refusal } from '../refusal.ts'
import type { Backend, BackendResponse } from './backend.ts'
import type { IntegrationRequestMapping } from './integration-request.ts'
import type { IntegrationResponses } from './integration-responses.ts'
import type { Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult } from './integration.ts'
import type { Complete } from './pending-call.ts'

export interface MappedIntegrationDefinition<Request extends IntegrationRequest> {
  readonly integrationType: string
  readonly mapping: IntegrationRequestMapping
  readonly backend: Backend<Request>
  /** Undefined for proxies: their answer is the result. */
  readonly responses: IntegrationResponses | undefined
}

export class MappedIntegration<Request extends IntegrationRequest> implements Integration<Request> {
  readonly integrationType: string
  readonly #definition: MappedIntegrationDefinition<Request>

  constructor (definition: MappedIntegrationDefinition<Request>) {
    this.integrationType = definition.integrationType
    this.#definition = definition
  }

  invoke (request: Request, complete: Complete<Request, IntegrationResult>): void {
    const { mapping, backend, responses } = this.#definition
    const backendRequest = mapping.map(request)
    if (backendRequest instanceof Refusal) {
      complete(request, backendRequest)
      return
    }
    backend.call(request, backendRequest, (request, outcome) => {
      if (outcome instanceof Refusal) complete(request, outcome)
      else complete(request, responses?.respond(request, outcome) ?? proxyResult(request, outcome))
    })
  }
}

/** The answer of an HTTP_PROXY back end: its body whatever its status, and on a handshake its status. */
function proxyResult (request: IntegrationRequest, { statusCode, headers, body }: BackendResponse): IntegrationOutcome {
  request.status = statusCode
  const contentType = headers['content-type']
  return {
    statusCode,
    headers: {
      ...(contentType === undefined ? undefined : { 'content-type': String(contentType) }),
      ...subprotocolOf(headers)
    },
    multiValueHeaders: undefined,
    body: body.toString(),
    isNull: false
  }
}

function subprotocolOf (headers: BackendResponse['headers']): Record<string, string> | undefined {
  const subprotocol = headers['sec-websocket-protocol']
  return subprotocol === undefined ? undefined : { 'sec-websocket-protocol': String(subprotocol) }
}

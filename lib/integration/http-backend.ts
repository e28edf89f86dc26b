// HTTP and HTTP_PROXY to any URL: pooled connections, no redirects, no retries, a bounded answer.
import './own-fetch.ts'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { ResponseTooLargeError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { Backend, BackendRequest, BackendResponse } from './backend.ts'
import { createHttpHeaders } from './http-headers.ts'
import type { HttpTarget } from './http-target.ts'
import type { IntegrationRequest } from './integration.ts'
import { PendingCall } from './pending-call.ts'
import type { CallTimeout, Complete } from './pending-call.ts'

/** Connections to one origin; more calls wait for one, within their timeout. */
const CONNECTIONS_TO_ORIGIN = 256
const CONNECT_TIMEOUT_IN_MILLIS = 10_000

/** The pool an API's HTTP integrations share. Timeouts are the calls' own. */
export function createHttpAgent (): Agent {
  return new Agent({
    connections: CONNECTIONS_TO_ORIGIN,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_IN_MILLIS }
  })
}

export interface HttpBackendDefinition extends CallTimeout {
  readonly method: string
  readonly apiId: string
  readonly isProxy: boolean
  /** The target of a stage; an error where the stage's variables make none. */
  targetOf (request: IntegrationRequest): HttpTarget | Error
  readonly maximumBytes: number
  readonly agent: () => Agent
}

/** Methods whose request has no body. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** What a back end is sent, framing apart. */
export interface OutgoingRequest {
  readonly origin: string | undefined
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | Buffer | undefined
}

/** Throws coded errors where parameters or values may not be sent. */
export function createOutgoingRequest (
  definition: HttpBackendDefinition, request: IntegrationRequest, backendRequest: BackendRequest
): OutgoingRequest {
  const target = definition.targetOf(request)
  if (target instanceof Error) throw target
  const mapped = backendRequest.querystring
  const query = definition.isProxy ? [...handshakeQuery(request), ...mapped] : mapped
  const { body } = backendRequest
  return {
    origin: target.origin,
    path: target.renderPath(backendRequest.path, query),
    headers: createHttpHeaders(request, backendRequest, definition.apiId, definition.isProxy),
    body: body === '' || BODILESS.has(definition.method) ? undefined : body
  }
}

function handshakeQuery ({ connectParameters }: IntegrationRequest): Array<[string, string]> {
  const { multiple = {} } = connectParameters?.query ?? {}
  return Object.entries(multiple).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
}

export class HttpBackend<Request extends IntegrationRequest> implements Backend<Request> {
  readonly #definition: HttpBackendDefinition

  constructor (definition: HttpBackendDefinition) {
    this.#definition = definition
  }

  call (request: Request, backendRequest: BackendRequest, complete: Complete<Request, BackendResponse>): void {
    let outgoing: OutgoingRequest
    try {
      outgoing = createOutgoingRequest(this.#definition, request, backendRequest)
    } catch (error) {
      complete(request, new Refusal('API_CONFIGURATION_ERROR', error as Error))
      return
    }
    new HttpCall(this.#definition, request, complete).start(outgoing)
  }
}

class HttpCall<Request extends IntegrationRequest>
  extends PendingCall<Request, BackendResponse> implements Dispatcher.DispatchHandler {
  readonly #definition: HttpBackendDefinition
  readonly #chunks: Buffer[] = []
  #length = 0
  #statusCode = 0
  #headers: BackendResponse['headers'] = {}
  #controller: Dispatcher.DispatchController | undefined

  constructor (definition: HttpBackendDefinition, request: Request, complete: Complete<Request, BackendResponse>) {
    super(definition, request, complete)
    this.#definition = definition
  }

  start ({ origin, path, headers, body }: OutgoingRequest): void {
    const { method, agent } = this.#definition
    this.wait()
    try {
      agent().dispatch({
        origin: origin as string, path, method: method as Dispatcher.HttpMethod, headers, body: body ?? null
      }, this)
    } catch (error) {
      this.fail(error as Error)
    }
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Its time was up before a connection was free.
    if (this.isCompleted) controller.abort(new Error('nobody waits any more'))
  }

  onResponseStart (_: unknown, statusCode: number, headers: Record<string, string | string[] | undefined>): void {
    this.#statusCode = statusCode
    this.#headers = headers as BackendResponse['headers']
  }

  onResponseData (_: unknown, chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length > this.#definition.maximumBytes) {
      const error = new ResponseTooLargeError(this.#definition.maximumBytes)
      this.fail(error)
      this.abort(error)
    } else {
      this.#chunks.push(chunk)
    }
  }

  onResponseEnd (): void {
    this.end(createHttpAnswer(this.#statusCode, this.#headers, Buffer.concat(this.#chunks)))
  }

  onResponseError (_: unknown, error: Error): void {
    this.fail(error)
  }

  fail (error: Error): void {
    this.end(new Refusal('INTEGRATION_FAILURE', error))
  }

  abort (cause: Error): void {
    this.#controller?.abort(cause)
  }
}

/** The answer of an HTTP back end; its status is what selects, and what `$connect` comes to. */
export function createHttpAnswer (
  statusCode: number, headers: BackendResponse['headers'], body: Buffer
): BackendResponse {
  return { statusCode, selectionText: String(statusCode), connectOutcome: statusCode, headers, body }
}

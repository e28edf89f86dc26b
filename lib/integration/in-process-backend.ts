// HTTP and HTTP_PROXY with a path of this server: a request without a socket, through the hooks, validation and handler
// of an ordinary route.
import type { FastifyInstance } from 'fastify'
import lightMyRequest from 'light-my-request'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { ReentryError, ResponseTooLargeError, ServerClosingError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { Backend, BackendRequest, BackendResponse } from './backend.ts'
import { createHttpAnswer, createOutgoingRequest } from './http-backend.ts'
import type { HttpBackendDefinition, OutgoingRequest } from './http-backend.ts'
import { InProcessCall, markInProcessCall, MAX_IN_PROCESS_DEPTH } from './in-process-call.ts'
import type { IntegrationRequest } from './integration.ts'
import { PendingCall } from './pending-call.ts'
import type { Complete } from './pending-call.ts'

export interface InProcessBackendDefinition extends HttpBackendDefinition {
  readonly scope: FastifyInstance
  readonly isClosing: () => boolean
}

const JSON_TYPE = 'application/json'
/** What Fastify answers, and runs neither hook nor handler, once it closes. */
const SHED = 503

export class InProcessBackend<Request extends IntegrationRequest> implements Backend<Request> {
  readonly #definition: InProcessBackendDefinition

  constructor (definition: InProcessBackendDefinition) {
    this.#definition = definition
  }

  call (request: Request, backendRequest: BackendRequest, complete: Complete<Request, BackendResponse>): void {
    const call = new InProcessCall(request.authorizer)
    let outgoing: OutgoingRequest
    try {
      if (call.depth > MAX_IN_PROCESS_DEPTH) throw new ReentryError(MAX_IN_PROCESS_DEPTH)
      outgoing = createOutgoingRequest(this.#definition, request, backendRequest)
    } catch (error) {
      complete(request, new Refusal('API_CONFIGURATION_ERROR', error as Error))
      return
    }
    const pending = new PendingInject(this.#definition, request, complete, call)
    call.run(() => { pending.start(outgoing) })
  }
}

/** What is answered as soon as the route has written its head. */
interface InjectedAnswer {
  readonly statusCode: number
  readonly headers: BackendResponse['headers']
  stream (): Readable
}

class PendingInject<Request extends IntegrationRequest> extends PendingCall<Request, BackendResponse> {
  readonly #definition: InProcessBackendDefinition
  readonly #call: InProcessCall
  #response: ServerResponse | undefined
  #body: Readable | undefined

  constructor (
    definition: InProcessBackendDefinition, request: Request, complete: Complete<Request, BackendResponse>,
    call: InProcessCall
  ) {
    super(definition, request, complete)
    this.#definition = definition
    this.#call = call
  }

  start ({ path, headers, body }: OutgoingRequest): void {
    const { scope, method } = this.#definition
    // Routes parse JSON only where they are told that it is JSON.
    if (body !== undefined) headers['content-type'] ??= JSON_TYPE
    this.wait()
    const dispatch = (raw: IncomingMessage, response: ServerResponse): void => {
      markInProcessCall(raw, this.#call)
      this.#response = response
      scope.routing(raw, response)
    }
    try {
      const options = {
        method,
        url: path,
        headers,
        authority: this.request.domainName,
        remoteAddress: this.request.sourceIp,
        payloadAsStream: true,
        validate: false,
        ...(body === undefined ? undefined : { payload: body })
      }
      // As scope.inject() does it, which does not tell whose request it made.
      lightMyRequest(dispatch, options, (error, answer) => {
        if (error !== undefined && error !== null) this.fail(error)
        else this.#read(answer as unknown as InjectedAnswer)
      })
    } catch (error) {
      this.fail(error as Error)
    }
  }

  #read ({ statusCode, headers, stream }: InjectedAnswer): void {
    const { maximumBytes, isClosing } = this.#definition
    // Else a $disconnect that no route has seen would pass for one that has run.
    if (statusCode === SHED && isClosing()) this.fail(new ServerClosingError())
    const body = this.#body = stream()
    if (this.isCompleted) this.abort()
    body.on('error', (error) => { this.fail(error) })
    const chunks: Buffer[] = []
    let length = 0
    const add = (chunk: Buffer): void => {
      length += chunk.length
      if (length <= maximumBytes) {
        chunks.push(chunk)
      } else if (!this.isCompleted) {
        this.fail(new ResponseTooLargeError(maximumBytes))
        this.abort()
      }
    }
    const finish = (): void => {
      this.end(createHttpAnswer(statusCode, headers, chunks.length === 1 ? chunks[0] as Buffer : Buffer.concat(chunks)))
    }
    // Most routes answer in one go: all of it is here then, and need not be waited for.
    if (this.#response?.writableEnded === true) {
      const chunk = body.read() as Buffer | null
      if (chunk !== null) add(chunk)
      finish()
    } else {
      body.on('data', add).on('end', finish)
    }
  }

  fail (error: Error): void {
    this.end(new Refusal('INTEGRATION_FAILURE', error))
  }

  /** To the route it looks as if the client had gone. */
  abort (): void {
    // A source that never waits would otherwise be read on and on, before the response can say that it is closed.
    this.#body?.pause()
    this.#response?.destroy()
  }
}

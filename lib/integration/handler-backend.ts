// AWS with a function: it gets the rendered request template and answers with any JSON; what it throws has an errorMessage.
import {
  FunctionFailedError, FunctionUnboundError, IntegrationUriError, LambdaCallError, LambdaFailedError, LambdaPayloadError
} from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { Backend, BackendRequest, BackendResponse } from './backend.ts'
import { HandlerInvocation, takesCallback } from './handler-invocation.ts'
import type { AnyHandler, HandlerContract, HandlerDefinition } from './handler-invocation.ts'
import type { IntegrationRequest } from './integration.ts'
import type { Complete } from './pending-call.ts'

/** Chooses the handler: stages may name different functions. */
export type HandlerOf = (request: IntegrationRequest) => AnyHandler

export class HandlerBackend<Request extends IntegrationRequest>
implements Backend<Request>, HandlerContract<BackendResponse> {
  readonly definition: HandlerDefinition
  readonly #handlerOf: HandlerOf

  constructor (definition: HandlerDefinition, handlerOf: HandlerOf) {
    this.definition = definition
    this.#handlerOf = handlerOf
  }

  call (request: Request, { body }: BackendRequest, complete: Complete<Request, BackendResponse>): void {
    let input: unknown
    try {
      input = body === undefined || body.length === 0 ? {} : JSON.parse(body.toString())
    } catch (error) {
      complete(request, new Refusal('INTEGRATION_FAILURE', new LambdaPayloadError((error as Error).message)))
      return
    }
    const handler = this.#handlerOf(request)
    new HandlerInvocation(this, request, complete).start(handler, input, takesCallback(handler))
  }

  readOutcome (result: unknown): BackendResponse | Refusal {
    try {
      return createAnswer(JSON.stringify(result ?? null) ?? 'null', readErrorMessage(result))
    } catch (error) {
      // A result that is no JSON: a cycle, a BigInt, a throwing getter.
      return this.readFailure(error as Error)
    }
  }

  readFailure (error: Error): BackendResponse | Refusal {
    // No function has said that: no pattern may match it, and no client may read it.
    if (error instanceof LambdaCallError) return new Refusal('INTEGRATION_FAILURE', error)
    if (error instanceof FunctionUnboundError || error instanceof IntegrationUriError) return new Refusal('API_CONFIGURATION_ERROR', error)
    const { message, name, stack } = error as { message: string, name: unknown, stack?: unknown }
    if (error instanceof FunctionFailedError && error.payload !== undefined) {
      return createAnswer(JSON.stringify(error.payload), message)
    }
    const stackTrace = typeof stack === 'string' ? stack.split('\n').slice(1).map((line) => line.trim()) : []
    return createAnswer(JSON.stringify({ errorMessage: message, errorType: String(name), stackTrace }), message)
  }
}

/** An `errorMessage` in the payload counts, whether the function threw it or returned it. */
function createAnswer (payload: string, errorMessage: string | undefined): BackendResponse {
  return {
    statusCode: 200,
    selectionText: errorMessage ?? '',
    connectOutcome: errorMessage === undefined ? 200 : new LambdaFailedError(errorMessage),
    headers: {},
    body: payload
  }
}

function readErrorMessage (result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const { errorMessage } = result as { errorMessage?: unknown }
  return typeof errorMessage === 'string' ? errorMessage : undefined
}

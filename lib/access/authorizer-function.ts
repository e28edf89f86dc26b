// The function of a Lambda authorizer: a handler by the Lambda contract, whatever it answers or throws.
import { HandlerInvocation, takesCallback } from '../integration/index.ts'
import type { AnyHandler, HandlerContract, HandlerDefinition, HandlerRequest } from '../integration/index.ts'
import { Refusal } from '../refusal.ts'
import type { AuthorizerFunction, AuthorizerRequest, FunctionOutcome } from './request-authorizer.ts'

/** A request that handlers can be called for. */
export interface AuthorizerCall extends AuthorizerRequest, HandlerRequest {
  /** API Gateway's event for authorizers; it differs from the integration's. */
  createAuthorizerEvent (): object
}

const CONTRACT: Omit<HandlerContract<FunctionOutcome>, 'definition'> = {
  readOutcome: (result) => ({ result }),
  readFailure: (error) => ({ error })
}

/** What a function throws that is a text is its error message, as Lambda reports it. */
class AuthorizerInvocation<Request extends AuthorizerCall, Outcome> extends HandlerInvocation<Request, Outcome> {
  override fail (error: unknown): void {
    super.fail(typeof error === 'string' ? new Error(error) : error)
  }
}

/** `handlerOf` chooses the handler: stages may name different functions. */
export function compileAuthorizerFunction<Request extends AuthorizerCall> (
  handlerOf: (request: Request) => AnyHandler, definition: HandlerDefinition
): AuthorizerFunction<Request> {
  const contract: HandlerContract<FunctionOutcome> = { ...CONTRACT, definition }
  return (request, complete) => {
    const invocation = new AuthorizerInvocation<Request, FunctionOutcome>(contract, request, (_, outcome) => {
      complete(outcome instanceof Refusal ? { error: outcome.cause ?? new Error(outcome.type) } : outcome)
    })
    const handler = handlerOf(request)
    invocation.start(handler, request.createAuthorizerEvent(), takesCallback(handler))
  }
}

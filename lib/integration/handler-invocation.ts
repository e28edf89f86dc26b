// One call of a handler by the Lambda contract: promise, value or callback.
import type { FastifyInstance } from 'fastify'
import type { RouteCallback } from '../../types/index.js'
import { IntegrationThrewError } from '../errors.ts'
import type { Refusal } from '../refusal.ts'
import type { IntegrationRequest } from './integration.ts'
import { createLambdaContext } from './lambda-context.ts'
import type { ContextInvocation, FunctionIdentity } from './lambda-context.ts'
import { PendingCall } from './pending-call.ts'
import type { CallTimeout, Complete } from './pending-call.ts'

/** A handler and what surrounds it. */
export interface HandlerDefinition extends CallTimeout {
  /** What `this` is in the handler: the scope that declared it. */
  readonly scope: FastifyInstance
  readonly function: FunctionIdentity
}

/** What an integration makes of a handler's answer. */
export interface HandlerContract<Outcome> {
  readonly definition: HandlerDefinition
  readOutcome (result: unknown): Outcome | Refusal
  readFailure (error: Error): Outcome | Refusal
}

/** Only who declares a third parameter is given a callback that may answer. */
export function takesCallback (handler: Function): boolean {
  return handler.length >= 3
}

export class HandlerInvocation<Request extends IntegrationRequest, Outcome>
  extends PendingCall<Request, Outcome> implements ContextInvocation {
  readonly contract: HandlerContract<Outcome>
  abortController: AbortController | undefined

  constructor (contract: HandlerContract<Outcome>, request: Request, complete: Complete<Request, Outcome>) {
    super(contract.definition, request, complete)
    this.contract = contract
  }

  get function (): FunctionIdentity {
    return this.contract.definition.function
  }

  start (handler: Function, input: unknown, hasCallback: boolean): void {
    let returned: any
    try {
      const context = createLambdaContext(this)
      returned = hasCallback
        ? handler.call(this.contract.definition.scope, input, context, this.callback)
        : handler.call(this.contract.definition.scope, input, context)
    } catch (error) {
      this.fail(error)
      return
    }
    if (this.isCompleted) return
    if (typeof returned?.then === 'function') {
      this.wait()
      returned.then(
        (result: unknown) => { this.succeed(result) },
        (error: unknown) => { this.fail(error) }
      )
    } else if (hasCallback) {
      this.wait()
    } else {
      this.succeed(returned)
    }
  }

  /** Node's old contract: an error, or a result. Bound, because it is handed out. */
  get callback (): RouteCallback {
    return (error, result) => {
      if (error === undefined || error === null) this.succeed(result)
      else this.fail(typeof error === 'string' ? new Error(error) : error)
    }
  }

  remainingTimeInMillis (): number {
    return Math.max(0, Math.round(this.deadline - performance.now()))
  }

  createSignal (): AbortSignal {
    this.abortController ??= new AbortController()
    return AbortSignal.any([this.abortController.signal, this.request.closeSignal])
  }

  abort (cause: Error): void {
    this.abortController?.abort(cause)
  }

  succeed (result: unknown): void {
    if (!this.isCompleted) this.end(this.contract.readOutcome(result))
  }

  fail (error: unknown): void {
    if (this.isCompleted) return
    this.end(this.contract.readFailure(error instanceof Error ? error : new IntegrationThrewError(String(error))))
  }
}

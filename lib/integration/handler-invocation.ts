// One call of a handler by the Lambda contract: promise, value or callback.
import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import type { FunctionHandler, LambdaHandler, RouteCallback, RouteHandler } from '../../types/index.js'
import { IntegrationThrewError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { HandlerRequest } from './integration.ts'
import { createLambdaContext } from './lambda-context.ts'
import type { ContextInvocation, FunctionIdentity } from './lambda-context.ts'
import { PendingCall } from './pending-call.ts'
import type { CallTimeout, Complete } from './pending-call.ts'

export type AnyHandler = RouteHandler | LambdaHandler | FunctionHandler

/** What surrounds a handler. */
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

export class HandlerInvocation<Request extends HandlerRequest, Outcome>
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
    let isThenable: boolean
    try {
      const context = createLambdaContext(this)
      returned = hasCallback
        ? handler.call(this.contract.definition.scope, input, context, this.callback)
        : handler.call(this.contract.definition.scope, input, context)
      isThenable = typeof returned?.then === 'function'
    } catch (error) {
      this.fail(error)
      return
    }
    if (isThenable) {
      this.wait()
      // Even behind a callback that has answered: a rejection that nobody hears ends the process.
      this.follow(returned)
    } else if (hasCallback) {
      this.wait()
    } else {
      this.succeed(returned)
    }
  }

  follow (returned: PromiseLike<unknown>): void {
    try {
      returned.then(
        (result) => { this.succeed(result) },
        (error: unknown) => { this.fail(error) }
      )
    } catch (error) {
      this.fail(error)
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

  /** One signal for both reasons. AbortSignal.any() on a signal as old as the server keeps each of its results for ever. */
  createSignal (): AbortSignal {
    const controller = new AbortController()
    const { abortControllers, closeSignal } = this.request
    if (this.timeoutError !== undefined) controller.abort(this.timeoutError)
    else if (closeSignal.aborted) controller.abort(closeSignal.reason)
    else if (!this.isCompleted) abortControllers.add(this.abortController = controller)
    return controller.signal
  }

  abort (cause: Error): void {
    this.abortController?.abort(cause)
  }

  override end (outcome: Outcome | Refusal): void {
    if (this.abortController !== undefined) this.request.abortControllers.delete(this.abortController)
    super.end(outcome)
  }

  succeed (result: unknown): void {
    if (!this.isCompleted) this.end(this.read(false, result))
  }

  fail (error: unknown): void {
    if (!this.isCompleted) this.end(this.read(true, error))
  }

  /** Handlers answer with anything: a getter that throws, a cycle, a BigInt. That fails this call, and nobody else's. */
  read (isThrown: boolean, answer: unknown): Outcome | Refusal {
    try {
      return isThrown ? this.contract.readFailure(describeThrown(answer)) : this.contract.readOutcome(answer)
    } catch (error) {
      return new Refusal('INTEGRATION_FAILURE', describeThrown(error))
    }
  }
}

/** What was thrown, as an error; anything can be thrown, even what has no words. */
export function describeThrown (thrown: unknown): Error {
  try {
    if (thrown instanceof Error && typeof (thrown.message as unknown) === 'string') return thrown
    return new IntegrationThrewError(typeof thrown === 'object' ? inspect(thrown, { depth: 1, breakLength: Infinity }) : String(thrown))
  } catch {
    return new IntegrationThrewError(`a value of type ${typeof thrown}`)
  }
}

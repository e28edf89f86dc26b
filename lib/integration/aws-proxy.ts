// AWS_PROXY with a handler: the Lambda contract (promise, value or callback), the timeout and the proxy result.
import type { FastifyInstance } from 'fastify'
import { inspect } from 'node:util'
import type { LambdaHandler, RouteCallback, RouteHandler } from '../../types/index.js'
import { IntegrationThrewError, IntegrationTimeoutError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { TimingWheel, WheelEntry } from '../timing-wheel.ts'
import type { Integration, IntegrationOutcome, IntegrationRequest } from './integration.ts'
import { createLambdaContext } from './lambda-context.ts'
import type { ContextInvocation, FunctionIdentity } from './lambda-context.ts'
import { readProxyResult } from './proxy-result.ts'

export interface AwsProxyDefinition {
  readonly handler: RouteHandler | LambdaHandler
  /** What `this` is in the handler: the scope that declared it. */
  readonly scope: FastifyInstance
  readonly timeoutInMillis: number
  readonly function: FunctionIdentity
  /** Where invocations that are not over at once wait for their timeout. */
  readonly timeouts: TimingWheel
}

type Complete<Request> = (request: Request, outcome: IntegrationOutcome) => void

export class AwsProxyIntegration<Request extends IntegrationRequest> implements Integration<Request> {
  readonly integrationType = 'AWS_PROXY'
  readonly definition: AwsProxyDefinition
  /** Only who declares a third parameter is given a callback that may answer. */
  readonly takesCallback: boolean

  constructor (definition: AwsProxyDefinition) {
    this.definition = definition
    this.takesCallback = definition.handler.length >= 3
  }

  invoke (request: Request, complete: Complete<Request>): void {
    new Invocation(this, request, complete).start()
  }
}

/** One call of a handler: whichever comes first of result, callback, error and timeout completes it. */
class Invocation<Request extends IntegrationRequest> implements WheelEntry, ContextInvocation {
  readonly integration: AwsProxyIntegration<Request>
  readonly request: Request
  readonly complete: Complete<Request>
  /** On the wheel's clock. */
  deadline: number
  wheelNext: WheelEntry | null = null
  wheelPrev: WheelEntry | null = null
  isWaiting = false
  isCompleted = false
  abortController: AbortController | undefined
  /** Set once the time is over. */
  timeout: Error | undefined

  constructor (integration: AwsProxyIntegration<Request>, request: Request, complete: Complete<Request>) {
    this.integration = integration
    this.request = request
    this.complete = complete
    this.deadline = request.startedAt + integration.definition.timeoutInMillis
  }

  get function (): FunctionIdentity {
    return this.integration.definition.function
  }

  start (): void {
    const { handler, scope } = this.integration.definition
    let returned: any
    let isThenable: boolean
    try {
      const context = createLambdaContext(this)
      returned = this.integration.takesCallback
        ? (handler as Function).call(scope, this.request.createEvent(), context, this.callback)
        : (handler as Function).call(scope, this.request.createEvent(), context)
      isThenable = typeof returned?.then === 'function'
    } catch (error) {
      this.fail(error)
      return
    }
    if (this.isCompleted) return
    if (isThenable) {
      this.wait()
      this.follow(returned)
    } else if (this.integration.takesCallback) {
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
    if (this.timeout !== undefined) controller.abort(this.timeout)
    else if (closeSignal.aborted) controller.abort(closeSignal.reason)
    else if (!this.isCompleted) abortControllers.add(this.abortController = controller)
    return controller.signal
  }

  onDeadline (): void {
    this.isWaiting = false
    this.timeout = new IntegrationTimeoutError(this.integration.definition.timeoutInMillis)
    this.abortController?.abort(this.timeout)
    this.end(new Refusal('INTEGRATION_TIMEOUT', this.timeout))
  }

  wait (): void {
    if (this.deadline === Infinity) return
    this.isWaiting = true
    this.integration.definition.timeouts.add(this)
  }

  succeed (result: unknown): void {
    let outcome: IntegrationOutcome | Error
    try {
      outcome = readProxyResult(result)
    } catch (error) {
      // A getter or a proxy of the handler's making.
      this.fail(error)
      return
    }
    this.end(outcome instanceof Error ? new Refusal('INTEGRATION_FAILURE', outcome) : outcome)
  }

  fail (error: unknown): void {
    this.end(new Refusal('INTEGRATION_FAILURE', error instanceof Error ? error : new IntegrationThrewError(describeThrown(error))))
  }

  end (outcome: IntegrationOutcome): void {
    if (this.isCompleted) return
    this.isCompleted = true
    if (this.isWaiting) this.integration.definition.timeouts.remove(this)
    if (this.abortController !== undefined) this.request.abortControllers.delete(this.abortController)
    this.complete(this.request, outcome)
  }
}

/** What was thrown, in words; anything can be, even what has none. */
function describeThrown (thrown: unknown): string {
  try {
    return typeof thrown === 'object' ? inspect(thrown, { depth: 1, breakLength: Infinity }) : String(thrown)
  } catch {
    return `a value of type ${typeof thrown}`
  }
}

// Lambda's context object. Everything but the deadline is made when it is asked for: most handlers read little of it.
import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, RouteCallback, RouteContext } from '../../types/index.js'
import type { IntegrationRequest } from './integration.ts'

/** What stands for the deployed function of a route. */
export interface FunctionIdentity {
  readonly functionName: string
  readonly invokedFunctionArn: string
}

/** What the context needs of the invocation it belongs to. */
export interface ContextInvocation {
  readonly request: IntegrationRequest
  readonly function: FunctionIdentity
  remainingTimeInMillis (): number
  /** An abort signal that ends with the invocation's time. */
  createSignal (): AbortSignal
  callback: RouteCallback
}

export class LambdaContext implements RouteContext {
  callbackWaitsForEmptyEventLoop = true
  readonly #invocation: ContextInvocation
  #awsRequestId: string | undefined
  #log: FastifyBaseLogger | undefined
  #signal: AbortSignal | undefined

  constructor (invocation: ContextInvocation) {
    this.#invocation = invocation
  }

  get functionName (): string { return this.#invocation.function.functionName }
  get functionVersion (): string { return '$LATEST' }
  get invokedFunctionArn (): string { return this.#invocation.function.invokedFunctionArn }
  get memoryLimitInMB (): string { return '128' }
  get logGroupName (): string { return `/aws/lambda/${this.functionName}` }
  get logStreamName (): string { return `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${process.pid}` }

  get awsRequestId (): string {
    return (this.#awsRequestId ??= randomUUID())
  }

  get log (): FastifyBaseLogger {
    return (this.#log ??= this.#invocation.request.createLog())
  }

  get signal (): AbortSignal {
    return (this.#signal ??= this.#invocation.createSignal())
  }

  get connections (): Connections {
    return this.#invocation.request.connections
  }

  getRemainingTimeInMillis (): number {
    return this.#invocation.remainingTimeInMillis()
  }

  done (error?: Error | string | null, result?: unknown): void {
    this.#invocation.callback(error, result)
  }

  fail (error: Error | string): void {
    this.#invocation.callback(error)
  }

  succeed (result: unknown): void {
    this.#invocation.callback(null, result)
  }
}

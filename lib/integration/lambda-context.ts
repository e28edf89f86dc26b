// Lambda's context object. Everything is made when it is asked for: most handlers read little of it.
//
// Seen from a handler it is the plain object Lambda hands out: members can be destructured, overwritten, spread into
// another object, inherited from and printed, as wrappers of handlers do. A proxy is the one way to have both.
import { randomUUID } from 'node:crypto'
import type { RouteCallback, RouteContext } from '../../types/index.js'
import type { HandlerRequest } from './integration.ts'

/** What stands for the deployed function of a route. */
export interface FunctionIdentity {
  readonly functionName: string
  readonly invokedFunctionArn: string
}

/** What the context needs of the invocation it belongs to. */
export interface ContextInvocation {
  readonly request: HandlerRequest
  readonly function: FunctionIdentity
  remainingTimeInMillis (): number
  /** An abort signal that ends with the invocation's time. */
  createSignal (): AbortSignal
  callback: RouteCallback
}

type MakeMember = (invocation: ContextInvocation) => unknown

/** What Lambda's own context has. Its functions need no `this`. */
const MEMBERS = new Map<string | symbol, MakeMember>(Object.entries<MakeMember>({
  functionVersion: () => '$LATEST',
  functionName: (invocation) => invocation.function.functionName,
  memoryLimitInMB: () => '128',
  logGroupName: (invocation) => `/aws/lambda/${invocation.function.functionName}`,
  logStreamName: () => `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${process.pid}`,
  invokedFunctionArn: (invocation) => invocation.function.invokedFunctionArn,
  awsRequestId: () => randomUUID(),
  getRemainingTimeInMillis: (invocation) => () => invocation.remainingTimeInMillis(),
  done: (invocation) => invocation.callback,
  fail: ({ callback }) => (error: Error | string) => { callback(error) },
  succeed: ({ callback }) => (result: unknown) => { callback(null, result) }
}))

/** What the gateway adds. Not enumerable, so that a context that is printed is Lambda's. */
const ADDED_MEMBERS = new Map<string | symbol, MakeMember>(Object.entries<MakeMember>({
  log: (invocation) => invocation.request.createLog(),
  signal: (invocation) => invocation.createSignal(),
  connections: (invocation) => invocation.request.connections
}))

export function createLambdaContext (invocation: ContextInvocation): RouteContext {
  const target: Target = { callbackWaitsForEmptyEventLoop: true }
  return new Proxy(target, new LazyMembers(invocation)) as unknown as RouteContext
}

type Target = Record<string | symbol, unknown>

/** Makes members of the target before anybody can miss them; from then on they are ordinary properties. */
class LazyMembers implements ProxyHandler<Target> {
  readonly #invocation: ContextInvocation

  constructor (invocation: ContextInvocation) {
    this.#invocation = invocation
  }

  get (target: Target, name: string | symbol): unknown {
    this.#make(target, name)
    return target[name]
  }

  has (target: Target, name: string | symbol): boolean {
    this.#make(target, name)
    return name in target
  }

  getOwnPropertyDescriptor (target: Target, name: string | symbol): PropertyDescriptor | undefined {
    this.#make(target, name)
    return Reflect.getOwnPropertyDescriptor(target, name)
  }

  ownKeys (target: Target): Array<string | symbol> {
    for (const name of MEMBERS.keys()) this.#make(target, name)
    for (const name of ADDED_MEMBERS.keys()) this.#make(target, name)
    return Reflect.ownKeys(target)
  }

  #make (target: Target, name: string | symbol): void {
    const make = MEMBERS.get(name) ?? ADDED_MEMBERS.get(name)
    if (make === undefined || Object.hasOwn(target, name)) return
    Object.defineProperty(target, name, {
      value: make(this.#invocation), writable: true, enumerable: MEMBERS.has(name), configurable: true
    })
  }
}

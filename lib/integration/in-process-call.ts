// What a request knows of the integration that sent it, where both are of one process: the connection's authorizer, and
// how many such calls it is already inside of.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import { kInProcessCall } from '../symbols.ts'

/** Calls inside calls; a route that answers a message by way of the gateway again and again ends here. */
export const MAX_IN_PROCESS_DEPTH = 5

const depths = new AsyncLocalStorage<number>()
let isFollowing = false

/**
 * From now on calls are followed through all that they start. To be said before a message is sent from where a route could
 * send it: until Node 24 following makes every promise of the process dearer, and most servers never need it.
 */
export function followInProcessCalls (): void {
  isFollowing = true
}

export class InProcessCall {
  readonly authorizer: Readonly<Record<string, string>> | undefined
  readonly depth: number

  constructor (authorizer: Readonly<Record<string, string>> | undefined) {
    this.authorizer = authorizer
    this.depth = isFollowing ? (depths.getStore() ?? 0) + 1 : 1
  }

  /** Sends the call's request. */
  run (send: () => void): void {
    if (isFollowing) depths.run(this.depth, send)
    else send()
  }
}

interface WithCall { [kInProcessCall]?: InProcessCall }

/** Makes a call known to the request it is made by. */
export function markInProcessCall (raw: IncomingMessage, call: InProcessCall): void {
  ;(raw as WithCall)[kInProcessCall] = call
}

/** The call that a request came by, if it came by one. */
export function findInProcessCall (raw: IncomingMessage): InProcessCall | undefined {
  return (raw as WithCall)[kInProcessCall]
}

// What a request knows of the integration that sent it, where both are of one process: the connection's authorizer, and
// how many such calls it is already inside of.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Calls inside calls; a route that answers a message by way of the gateway again and again ends here. */
export const MAX_IN_PROCESS_DEPTH = 5

export class InProcessCall {
  readonly authorizer: Readonly<Record<string, string>> | undefined
  readonly depth: number
  /** The request of the call; not those its handler may make in turn. */
  raw: IncomingMessage | undefined
  /** Its response, to be destroyed where nobody waits for it any more; a route of another scope tells it with its head. */
  response: ServerResponse | undefined

  constructor (authorizer: Readonly<Record<string, string>> | undefined) {
    this.authorizer = authorizer
    this.depth = (storage.getStore()?.depth ?? 0) + 1
  }

  run (send: () => void): void {
    storage.run(this, send)
  }
}

const storage = new AsyncLocalStorage<InProcessCall>()

/** The call that a request came by, if it came by one. The first request seen of a call is the call's own. */
export function findInProcessCall (raw: IncomingMessage): InProcessCall | undefined {
  const call = storage.getStore()
  if (call === undefined) return undefined
  call.raw ??= raw
  return call.raw === raw ? call : undefined
}

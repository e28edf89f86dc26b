// The extension that API Gateway's WebSocket APIs lack: authorizer results kept for a while. Bounded, on a monotonic clock.
import type { AuthorizerResult } from './authorizer-result.ts'

export interface ResultCacheOptions {
  readonly ttlInMillis: number
  readonly maxEntries: number
  readonly clock?: () => number
}

interface Entry {
  readonly result: AuthorizerResult
  readonly expiresAt: number
}

export class ResultCache {
  readonly #options: ResultCacheOptions
  readonly #clock: () => number
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>()

  constructor (options: ResultCacheOptions) {
    this.#options = options
    this.#clock = options.clock ?? (() => performance.now())
  }

  get size (): number {
    return this.#entries.size
  }

  get (key: string): AuthorizerResult | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.expiresAt <= this.#clock()) return undefined
    this.#entries.set(key, entry)
    return entry.result
  }

  set (key: string, result: AuthorizerResult): void {
    this.#entries.delete(key)
    this.#entries.set(key, { result, expiresAt: this.#clock() + this.#options.ttlInMillis })
    if (this.#entries.size > this.#options.maxEntries) this.#entries.delete(this.#entries.keys().next().value as string)
  }
}

/** JSON, so that no two lists of values share a key whatever characters are in them. */
export function createCacheKey (
  apiId: string, stageName: string, authorizerName: string, values: ReadonlyArray<readonly string[]>
): string {
  return JSON.stringify([apiId, stageName, authorizerName, values])
}

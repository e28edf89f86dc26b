// The throttles of a stage: each route has a bucket of its own, filled as its settings or the stage's defaults say.
import type { RouteSettings } from '../../types/index.js'
import { TokenBucket } from './token-bucket.ts'

/** What a fresh stage of API Gateway has where only one of the two numbers is given. */
const DEFAULT_RATE = 10_000
const DEFAULT_BURST = 5000

export interface RouteThrottleOptions {
  readonly defaultRouteSettings?: RouteSettings | undefined
  readonly routeSettings?: Readonly<Record<string, RouteSettings>> | undefined
}

export class RouteThrottles {
  readonly #options: RouteThrottleOptions
  readonly #clock: (() => number) | undefined
  readonly #buckets = new Map<string, TokenBucket>()

  constructor (options: RouteThrottleOptions, clock?: () => number) {
    this.#options = options
    this.#clock = clock
  }

  /** Takes one request of a route; false where it has none left. */
  take (routeKey: string): boolean {
    let bucket = this.#buckets.get(routeKey)
    if (bucket === undefined) this.#buckets.set(routeKey, bucket = this.#createBucket(routeKey))
    return bucket.take()
  }

  #createBucket (routeKey: string): TokenBucket {
    const { defaultRouteSettings: defaults, routeSettings = {} } = this.#options
    const own = Object.hasOwn(routeSettings, routeKey) ? routeSettings[routeKey] : undefined
    const rate = own?.throttlingRateLimit ?? defaults?.throttlingRateLimit
    const burst = own?.throttlingBurstLimit ?? defaults?.throttlingBurstLimit
    return rate === undefined && burst === undefined
      ? new TokenBucket(Infinity, Infinity)
      : new TokenBucket(rate ?? DEFAULT_RATE, burst ?? DEFAULT_BURST, this.#clock)
  }
}

/** The throttles of a stage, or undefined where its settings have none. */
export function compileRouteThrottles (options: RouteThrottleOptions): RouteThrottles | undefined {
  const settings = [options.defaultRouteSettings, ...Object.values(options.routeSettings ?? {})]
  const throttles = settings.some((row) => (row?.throttlingRateLimit ?? row?.throttlingBurstLimit) !== undefined)
  return throttles ? new RouteThrottles(options) : undefined
}

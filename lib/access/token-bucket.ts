// A token bucket, AWS's throttle: `rate` tokens a second, at most `burst` saved up. On a monotonic clock.
export class TokenBucket {
  readonly #rate: number
  readonly #burst: number
  readonly #clock: () => number
  #tokens: number
  #filledAt: number

  constructor (rate: number, burst: number, clock: () => number = () => performance.now()) {
    this.#rate = rate
    this.#burst = burst
    this.#clock = clock
    this.#tokens = burst
    this.#filledAt = clock()
  }

  /** Takes one token; false when there is none. Who knows the time on the bucket's clock may say it. */
  take (time?: number): boolean {
    if (this.#rate === Infinity) return true
    const now = time ?? this.#clock()
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#filledAt) / 1000 * this.#rate)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}

// Random choices that a seed repeats.

export class Random {
  #state

  constructor (seed) {
    this.#state = seed >>> 0
  }

  /** From 0 up to 1. */
  next () {
    this.#state = this.#state + 0x6d2b79f5 | 0
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, 1 | this.#state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296
  }

  below (end) {
    return Math.floor(this.next() * end)
  }

  chance (probability) {
    return this.next() < probability
  }

  pick (list) {
    return list[this.below(list.length)]
  }

  /** Picks by weight from `[[weight, value], …]`. */
  weighted (pairs) {
    let at = this.next() * pairs.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of pairs) {
      at -= weight
      if (at < 0) return value
    }
    return pairs[pairs.length - 1][1]
  }

  list (least, most, make) {
    return Array.from({ length: least + this.below(most - least + 1) }, make)
  }
}

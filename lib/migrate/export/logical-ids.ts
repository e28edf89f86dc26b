// Logical ids: letters and digits, made of the names of things, so that the next export has the same.
import { createHash } from 'node:crypto'

/** CloudFormation allows 255 characters. */
const LONGEST_NAME = 160
const HASH_LENGTH = 8

export function hashOf (text: string, length = HASH_LENGTH): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}

/** `send-message` → `SendMessage`, `$connect` → `Connect`. */
export function pascalCase (text: string): string {
  return text.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

export class LogicalIds {
  readonly #taken = new Set<string>()

  /** `OrderRoute` of `order` and `Route`; a hash of the name stands in where that is taken, or where nothing is left of it. */
  create (name: string, suffix = ''): string {
    const words = pascalCase(name)
    // Names that were logical ids of an import are left alone: `OrdersIntegration` stays what it is.
    const base = words.endsWith(suffix) && words !== suffix ? words.slice(0, words.length - suffix.length) : words
    const plain = `${base}${suffix}`
    if (base !== '' && base.length <= LONGEST_NAME && !this.#taken.has(plain)) return this.take(plain)
    for (let turn = 0; ; turn++) {
      const id = `${base.slice(0, LONGEST_NAME)}${hashOf(turn === 0 ? name : `${name} ${turn}`)}${suffix}`
      if (!this.#taken.has(id)) return this.take(id)
    }
  }

  isFree (id: string): boolean {
    return !this.#taken.has(id)
  }

  take (id: string): string {
    this.#taken.add(id)
    return id
  }
}

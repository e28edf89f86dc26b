// Where each value of a parsed text stands, kept beside the values so that these stay plain JSON.
import type { SourcePosition } from '../../types/migrate.js'
import type { Json, PropertyPath } from './resource.ts'

/** A text as a value, and where its parts stand. */
export interface ParsedText {
  readonly value: Json
  /** Of a value the place of its key, of an entry of a list its own; the nearest above it that is known. */
  positionOf (path: PropertyPath): SourcePosition | undefined
}

/** Offsets of the members of every object and list, by identity. */
export class Positions {
  readonly #text: string
  readonly #members = new WeakMap<object, Map<string | number, number>>()
  /** Offsets at which lines begin. */
  #lines: number[] | undefined

  constructor (text: string) {
    this.#text = text
  }

  set (container: object, key: string | number, offset: number): void {
    const members = this.#members.get(container)
    if (members === undefined) this.#members.set(container, new Map([[key, offset]]))
    else members.set(key, offset)
  }

  copy (source: object, target: object, key: string): void {
    const offset = this.#members.get(source)?.get(key)
    if (offset !== undefined) this.set(target, key, offset)
  }

  at (offset: number): SourcePosition {
    const lines = this.#lines ??= [0, ...[...this.#text.matchAll(/\n/g)].map((match) => match.index + 1)]
    let low = 0
    let high = lines.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (lines[middle] as number <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (lines[low] as number) + 1 }
  }

  of (value: Json, path: PropertyPath): SourcePosition | undefined {
    let found: number | undefined
    let current: Json | undefined = value
    for (const key of path) {
      if (typeof current !== 'object' || current === null) break
      const offset = this.#members.get(current)?.get(key)
      if (offset === undefined) break
      found = offset
      current = (current as Record<string | number, Json>)[key]
    }
    return found === undefined ? undefined : this.at(found)
  }
}

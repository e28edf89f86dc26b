// What compiling a template keeps: the slots of its variables, where it stands, what waits for the end.
import type { ParseScope } from './cursor.ts'
import type { Position } from './position.ts'
import { locate } from './position.ts'

export class Environment {
  /** Every variable has a slot: templates cannot make up names. */
  readonly slots: Map<string, number>
  readonly scope: ParseScope
  /** Done when everything is compiled: texts of nodes, which later nodes still change. */
  readonly late: Array<() => void>
  readonly #text: string
  readonly #outer: { readonly environment: Environment, readonly offset: number } | undefined

  constructor (text: string, slots: Map<string, number>, outer?: { environment: Environment, offset: number }) {
    this.#text = text
    this.slots = slots
    this.scope = outer?.environment.scope ?? { macros: new Set(), nesting: 0 }
    this.late = outer?.environment.late ?? []
    this.#outer = outer
  }

  /** For a string inside the template: the same variables, positions as in the whole. */
  inner (text: string, offset: number): Environment {
    return new Environment(text, this.slots, { environment: this, offset })
  }

  slot (name: string): number {
    const known = this.slots.get(name)
    if (known !== undefined) return known
    this.slots.set(name, this.slots.size)
    return this.slots.size - 1
  }

  position (offset: number): Position {
    if (this.#outer === undefined) return locate(this.#text, offset)
    return this.#outer.environment.position(this.#outer.offset + offset)
  }
}

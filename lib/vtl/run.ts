// One rendering of a template: its variables, its output, and how much work it may still be.
import type { PatternBudget } from '../java/index.ts'
import { createPatternBudget } from '../java/index.ts'
import { VtlRuntimeError } from './vtl-error.ts'

/** A rendering takes no more steps: each directive, reference and operation is one. */
export const MAX_STEPS = 100_000
/** No output, and no text on the way to it, is longer (bytes in UTF-8; characters on the way). */
export const MAX_OUTPUT = 1.25 * 1024 * 1024
/** No loop goes round more often; it then stops silently. */
export const MAX_ROUNDS = 1_000

/**
 * A loop variable whose element is null: while it is active, the variable reads as not set, whatever is assigned to it.
 * An inner loop over the same variable ends that.
 */
export interface Holder {
  readonly slot: number
  active: boolean
}

export class Run {
  out = ''
  steps = 0
  /** By slot; undefined and null both read as not set. */
  readonly variables: unknown[]
  /** What the patterns of a rendering share: many small matches are a large one. */
  #patternBudget: PatternBudget | undefined
  /** The rounds under way whose element is null. */
  readonly holders: Holder[] = []

  constructor (variables: unknown[]) {
    this.variables = variables
    this.#patternBudget = undefined
  }

  get patternBudget (): PatternBudget {
    this.#patternBudget ??= createPatternBudget()
    return this.#patternBudget
  }

  write (text: string): void {
    this.out += text
    if (this.out.length > MAX_OUTPUT) throw new VtlRuntimeError(`the output is longer than ${MAX_OUTPUT} bytes`)
  }

  charge (steps: number): void {
    this.steps += steps
    if (this.steps > MAX_STEPS) throw new VtlRuntimeError(`rendering takes more than ${MAX_STEPS} steps`)
  }

  assign (slot: number, value: unknown): void {
    let isHeld = false
    for (const holder of this.holders) {
      if (holder.slot !== slot) continue
      if (value === null || value === undefined) holder.active = true
      if (holder.active) isHeld = true
    }
    this.variables[slot] = isHeld ? undefined : value
  }

  /** Back to what a variable was before a loop. */
  restore (slot: number, value: unknown): void {
    if (value === undefined || value === null) {
      for (const holder of this.holders) if (holder.slot === slot) holder.active = false
      this.variables[slot] = undefined
    } else {
      this.assign(slot, value)
    }
  }
}

/** Refuses a text that grew too long on the way to the output. */
export function checkedText (text: string): string {
  if (text.length > MAX_OUTPUT) throw new VtlRuntimeError(`a text is longer than ${MAX_OUTPUT} characters`)
  return text
}

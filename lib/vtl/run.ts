// One rendering of a template: its variables, its output, and how much work it may still be.
import { VtlRuntimeError } from './vtl-error.ts'

/** A rendering takes no more steps: each directive, reference and operation is one. */
export const MAX_STEPS = 100_000
/** No output, and no text on the way to it, is longer (bytes in UTF-8; characters on the way). */
export const MAX_OUTPUT = 1.25 * 1024 * 1024
/** No loop goes round more often; it then stops silently. */
export const MAX_ROUNDS = 1_000

export class Run {
  out = ''
  steps = 0
  /** By slot; undefined and null both read as not set. */
  readonly variables: unknown[]
  /** Loop variables whose element is null: they read as not set, whatever is assigned to them meanwhile. */
  held: Set<number> | undefined

  constructor (variables: unknown[]) {
    this.variables = variables
    this.held = undefined
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
    if (this.held === undefined || !this.held.has(slot)) this.variables[slot] = value
  }

  /** Back to what a variable was before a loop. */
  restore (slot: number, value: unknown): void {
    if (value === undefined || value === null) {
      this.held?.delete(slot)
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

// What `#define` puts into a variable: a block, rendered anew each time it is used.
import type { Run } from './run.ts'

/** A block inside itself renders so often and no more. */
const MAX_DEPTH = 2

export class BlockReference {
  readonly #render: (run: Run) => void
  #depth = 0

  constructor (render: (run: Run) => void) {
    this.#render = render
  }

  /** Renders into the output; false where the block is already deep inside itself. */
  render (run: Run): boolean {
    if (this.#depth >= MAX_DEPTH) return false
    this.#depth++
    // As in Velocity, what is thrown leaves the depth as it is.
    this.#render(run)
    this.#depth--
    return true
  }

  /** The text of the block, undefined where it is already deep inside itself. */
  text (run: Run): string | undefined {
    const before = run.out
    run.out = ''
    try {
      return this.render(run) ? run.out : undefined
    } finally {
      run.out = before
    }
  }
}

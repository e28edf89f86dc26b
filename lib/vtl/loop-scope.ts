// `$foreach` inside a loop: where the loop stands, and a map of the template's own.
import { JavaMapLike } from '../java/index.ts'

export class LoopScope extends JavaMapLike {
  readonly map = new Map<unknown, unknown>()
  readonly parent: LoopScope | undefined
  /** What was in `$foreach` before, when that was no loop. */
  readonly replaced: unknown
  /** The loop itself, the same for all its runs. */
  readonly owner: object
  index = -1
  hasNext = false

  constructor (owner: object, previous: unknown) {
    super()
    this.owner = owner
    this.parent = previous instanceof LoopScope ? previous : undefined
    this.replaced = previous instanceof LoopScope ? undefined : previous
  }

  get topmost (): LoopScope {
    return this.parent?.topmost ?? this
  }

  /** A key the template put, here or in a loop around. */
  get (key: unknown): unknown {
    return this.map.has(key) ? this.map.get(key) : this.parent?.get(key)
  }
}

/** Leaves a loop: the nearest, a certain one, or everything. */
export class StopSignal {
  readonly target: object | 'nearest' | 'all'

  constructor (target: object | 'nearest' | 'all') {
    this.target = target
  }
}

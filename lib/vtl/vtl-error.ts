// What goes wrong in a template, before a room above tells which template it was.
import type { Position } from './position.ts'

/** The source is not a template; thrown by compiling. */
export class VtlSyntaxError extends Error {
  readonly position: Position | undefined

  constructor (message: string, position?: Position) {
    super(message)
    this.position = position
  }
}

/** Velocity would have thrown, or a limit is reached; thrown by rendering. */
export class VtlRuntimeError extends Error {
  position: Position | undefined

  constructor (message: string, position?: Position) {
    super(message)
    this.position = position
  }
}

// A definition as it was given: a file, a folder, a text or an object.
import type { SourcePosition } from '../../types/migrate.js'
import type { Json, PropertyPath } from './resource.ts'

export interface Source {
  readonly path?: string
  /** Where relative paths of the definition begin. */
  readonly directory: string
  readonly text?: string
  readonly value: Json
  positionOf (path: PropertyPath): SourcePosition | undefined
}

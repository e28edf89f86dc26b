// An object of the room above, such as `$input`: it brings its own table of methods.
import type { JavaClass } from './java-class.ts'

export abstract class HostObject {
  abstract readonly javaClass: JavaClass
  /** What it prints. */
  readonly text: string = ''
}

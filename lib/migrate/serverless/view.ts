// A part of a serverless.yml as it is read: named by its path in the definition, resolved no further than it is asked for.
import type { Json, PropertyPath } from '../resource.ts'
import type { ServiceVariables } from './variable-sources.ts'
import type { Level, Node } from './variables.ts'

export class View {
  /** From the root of the definition, through variables. */
  readonly path: PropertyPath
  readonly #service: ServiceVariables
  readonly #node: Node | undefined
  readonly #level: Level

  constructor (service: ServiceVariables, path: PropertyPath, node: Node | undefined, level: Level) {
    this.path = path
    this.#service = service
    this.#node = node
    this.#level = level
  }

  static of (service: ServiceVariables, level: Level): View {
    const document = service.definition
    return new View(service, [], { document, keys: [], value: document.value }, level)
  }

  /** What stands there, variables below it as they are written; undefined where nothing does. */
  get #value (): Json | undefined {
    return this.#node && this.#service.variables.expand(this.#node, this.#level).value
  }

  get isWritten (): boolean {
    return this.#node !== undefined
  }

  /** A variable without a value; the report says so. */
  get isUnresolved (): boolean {
    return this.#node !== undefined && this.#service.variables.expand(this.#node, this.#level).unresolved === true
  }

  get isObject (): boolean {
    const value = this.#value
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  }

  get isList (): boolean {
    return Array.isArray(this.#value)
  }

  /** Of an object its names, of a list none. */
  get names (): string[] {
    return this.isObject ? Object.keys(this.#value as object) : []
  }

  /** Of a list its entries, of anything else itself. */
  get entries (): View[] {
    const value = this.#value
    return Array.isArray(value) ? value.map((_, i) => this.get(i)) : value === undefined || value === null ? [] : [this]
  }

  get (key: string | number): View {
    const child = this.#node && this.#service.variables.child(this.#node, key, this.#level)
    return new View(this.#service, [...this.path, key], child, this.#level)
  }

  at (...keys: Array<string | number>): View {
    return keys.reduce<View>((view, key) => view.get(key), this)
  }

  /** Everything below it resolved; undefined where nothing stands there. */
  resolve (): Json | undefined {
    return this.#node && this.#service.variables.resolve(this.#node, this.#level)
  }

  /** Throws AGW_ERR_MIGRATE_SOURCE. */
  fail (message: string): never {
    const { definition: document } = this.#service
    return this.#service.variables.fail(message, this.#node ?? { document, keys: this.path, value: null })
  }
}

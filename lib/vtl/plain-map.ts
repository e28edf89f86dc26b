// A plain object of JavaScript seen as a map of Java: own properties only, copied when something needs the whole of it.
import { JavaMapLike, javaNumberOf } from '../java/index.ts'

export interface PlainMapOptions {
  readonly silent?: boolean
  readonly silentChildren?: boolean
  readonly unprinted?: string
}

const NO_OPTIONS: PlainMapOptions = {}

/** A map over a plain object. Values become Java's when they are read; objects in it become such maps. */
export class PlainMap extends JavaMapLike {
  readonly #source: object
  #children: Map<string, unknown> | undefined
  #map: Map<unknown, unknown> | undefined
  /** Whether it prints as nothing when printed alone. */
  readonly silent: boolean
  readonly #silentChildren: boolean
  /** A member that is read by its name alone. */
  readonly #unprinted: string | undefined

  constructor (source: object, options: PlainMapOptions = NO_OPTIONS) {
    super()
    this.#source = source
    this.#children = undefined
    this.#map = undefined
    this.silent = options.silent === true
    this.#silentChildren = options.silentChildren === true
    this.#unprinted = options.unprinted
  }

  get (name: string): unknown {
    if (this.#map !== undefined && name !== this.#unprinted) return this.#map.get(name)
    if (!Object.hasOwn(this.#source, name)) return undefined
    const value = (this.#source as Record<string, unknown>)[name]
    return typeof value === 'string' ? value : this.#convert(name, value)
  }

  /** The map itself; from here on it is the truth. */
  get map (): Map<unknown, unknown> {
    if (this.#map === undefined) {
      this.#map = new Map()
      for (const [name, value] of Object.entries(this.#source)) {
        if (name !== this.#unprinted) this.#map.set(name, this.#convert(name, value))
      }
    }
    return this.#map
  }

  #convert (name: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return scalarOf(value)
    this.#children ??= new Map()
    let child = this.#children.get(name)
    if (child === undefined) {
      const isMap = !Array.isArray(value) && this.#silentChildren
      child = isMap ? new PlainMap(value, { silent: true, silentChildren: true }) : valueOfPlain(value)
      this.#children.set(name, child)
    }
    return child
  }
}

function scalarOf (value: unknown): unknown {
  if (typeof value === 'number') return javaNumberOf(value)
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' ? value : null
}

/** What a plain value of JavaScript is in a template; functions and symbols are null. */
export function valueOfPlain (value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return scalarOf(value)
  if (Array.isArray(value)) return value.map(valueOfPlain)
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, valueOfPlain(item)]))
  return new PlainMap(value)
}

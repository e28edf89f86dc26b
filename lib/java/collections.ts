// Java's values that are neither numbers nor JSON: lists of templates, views of maps, entries, iterators, characters.

/** Thrown where Java would throw out of a method. */
export class JavaException extends Error {}

/** No collection grows beyond this. */
export const MAX_ELEMENTS = 100_000

export function checkSize (size: number): void {
  if (size > MAX_ELEMENTS) throw new JavaException(`a collection has more than ${MAX_ELEMENTS} elements`)
}

/** How often a collection has grown or shrunk: iterators notice. */
const changes = new WeakMap<object, number>()
let anyChange = 0

/** To be called by whatever adds to a list or map, or takes from it. */
export function noteChange (collection: object): void {
  anyChange++
  changes.set(collection, (changes.get(collection) ?? 0) + 1)
}

const changesOf = (collection: object): number => changes.get(collection) ?? 0

/**
 * A `java.util.ArrayList`, as a list or range of a template makes it. It prints `[a, b]`, but is an array to whatever
 * reads or writes JSON.
 */
export class JavaList extends Array<unknown> {
  static override get [Symbol.species] (): ArrayConstructor {
    return Array
  }

  static holding (items: Iterable<unknown>): JavaList {
    const list = new JavaList()
    for (const item of items) list.push(item)
    return list
  }
}

/** A part of a list that writes through to it. */
export class JavaSubList {
  /** What changes when this does. */
  readonly collection: unknown[]
  readonly #from: number
  #size: number
  #expected: number

  constructor (parent: unknown[], from: number, to: number) {
    this.collection = parent
    this.#from = from
    this.#size = to - from
    this.#expected = changesOf(parent)
  }

  get items (): unknown[] {
    this.#check()
    return this.collection.slice(this.#from, this.#from + this.#size)
  }

  get size (): number {
    this.#check()
    return this.#size
  }

  at (index: number): unknown {
    this.#check()
    return this.collection[this.#from + index]
  }

  set (index: number, item: unknown): void {
    this.#check()
    this.collection[this.#from + index] = item
  }

  /** Replaces `count` items at `index` of both lists. */
  splice (index: number, count: number, ...items: unknown[]): void {
    this.#check()
    this.collection.splice(this.#from + index, count, ...items)
    this.#size += items.length - count
    noteChange(this.collection)
    this.#expected = changesOf(this.collection)
  }

  /** A part of this part. */
  part (from: number, to: number): JavaSubList {
    this.#check()
    return new JavaSubList(this.collection, this.#from + from, this.#from + to)
  }

  #check (): void {
    if (changesOf(this.collection) !== this.#expected) throw new JavaException('ConcurrentModificationException')
  }
}

/** A Java array of strings, as `split` makes it. */
export class JavaArray {
  readonly items: unknown[]

  constructor (items: unknown[]) {
    this.items = items
  }
}

/** A `java.lang.Character`. */
export class JavaChar {
  readonly value: string

  constructor (value: string) {
    this.value = value
  }
}

/** One entry of a map; it follows the map's changes. */
export class JavaEntry {
  readonly map: Map<unknown, unknown>
  readonly key: unknown

  constructor (map: Map<unknown, unknown>, key: unknown) {
    this.map = map
    this.key = key
  }

  get value (): unknown {
    return this.map.get(this.key)
  }
}

export type ViewKind = 'keySet' | 'values' | 'entrySet'

/** The keys, values or entries of a map, always as they are now. */
export class JavaMapView {
  readonly map: Map<unknown, unknown>
  readonly kind: ViewKind

  constructor (map: Map<unknown, unknown>, kind: ViewKind) {
    this.map = map
    this.kind = kind
  }

  get items (): unknown[] {
    if (this.kind === 'keySet') return [...this.map.keys()]
    if (this.kind === 'values') return [...this.map.values()]
    return Array.from(this.map.keys(), (key) => new JavaEntry(this.map, key))
  }
}

/** What an iterator walks: by index, with the collection whose changes count. */
interface Walk {
  readonly collection: object
  readonly read: (index: number) => unknown
  readonly size: () => number
  readonly remove: (index: number) => void
}

/** Walks a list or a view; fails like Java where the collection has grown or shrunk meanwhile. */
export class JavaIterator {
  readonly #walk: Walk
  #expected: number
  #checkedAt: number
  #next = 0
  #last = -1

  private constructor (walk: Walk) {
    this.#walk = walk
    this.#expected = changesOf(walk.collection)
    this.#checkedAt = anyChange
  }

  static ofList (list: JavaSubList | JavaArray | unknown[]): JavaIterator {
    if (list instanceof JavaSubList) {
      return new JavaIterator({
        collection: list.collection,
        read: (index) => list.at(index),
        size: () => list.size,
        remove: (index) => { list.splice(index, 1) }
      })
    }
    const items = Array.isArray(list) ? list : list.items
    return new JavaIterator({
      collection: items,
      read: (index) => items[index],
      size: () => items.length,
      remove: (index) => {
        if (list instanceof JavaArray) throw new JavaException('UnsupportedOperationException')
        items.splice(index, 1)
        noteChange(items)
      }
    })
  }

  static ofView ({ map, kind }: JavaMapView): JavaIterator {
    const keys = [...map.keys()]
    return new JavaIterator({
      collection: map,
      read: (index) => {
        const key = keys[index]
        return kind === 'keySet' ? key : kind === 'values' ? map.get(key) : new JavaEntry(map, key)
      },
      size: () => keys.length,
      remove: (index) => {
        map.delete(keys[index])
        keys.splice(index, 1)
        noteChange(map)
      }
    })
  }

  get hasNext (): boolean {
    return this.#next !== this.#walk.size()
  }

  next (): unknown {
    this.#check()
    if (this.#next >= this.#walk.size()) throw new JavaException('NoSuchElementException')
    this.#last = this.#next++
    return this.#walk.read(this.#last)
  }

  remove (): void {
    if (this.#last < 0) throw new JavaException('IllegalStateException')
    this.#check()
    this.#walk.remove(this.#last)
    this.#next = this.#last
    this.#last = -1
    this.#expected = changesOf(this.#walk.collection)
  }

  #check (): void {
    if (this.#checkedAt === anyChange) return
    if (changesOf(this.#walk.collection) !== this.#expected) throw new JavaException('ConcurrentModificationException')
    this.#checkedAt = anyChange
  }
}

/** A Map of Java's that is none of JavaScript's: the map behind it may be made when somebody needs the whole of it. */
export abstract class JavaMapLike {
  abstract readonly map: Map<unknown, unknown>
}

/** The map behind what Java calls a Map, undefined for anything else. */
export function mapOf (value: unknown): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value
  return value instanceof JavaMapLike ? value.map : undefined
}

/** The items of what Java calls a List, undefined for anything else. */
export function listItems (value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof JavaSubList ? value.items : undefined
}

/** The items of what Java calls a Collection, undefined for anything else. */
export function collectionItems (value: unknown): unknown[] | undefined {
  return value instanceof JavaMapView ? value.items : listItems(value)
}

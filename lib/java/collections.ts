// Java's values that are neither numbers nor JSON: lists of templates, views of maps, entries, iterators, characters.

/** Thrown where Java would throw out of a method. */
export class JavaException extends Error {}

/** No collection grows beyond this. */
export const MAX_ELEMENTS = 100_000

export function checkSize (size: number): void {
  if (size > MAX_ELEMENTS) throw new JavaException(`a collection has more than ${MAX_ELEMENTS} elements`)
}

/** A `java.util.ArrayList`, as a list or range of a template makes it. It prints `[a, b]`. */
export class JavaList {
  readonly items: unknown[]

  constructor (items: unknown[]) {
    this.items = items
  }
}

/** A part of a list that writes through to it. */
export class JavaSubList {
  readonly #parent: unknown[]
  readonly #from: number
  #size: number
  #parentSize: number

  constructor (parent: unknown[], from: number, to: number) {
    this.#parent = parent
    this.#from = from
    this.#size = to - from
    this.#parentSize = parent.length
  }

  get items (): unknown[] {
    this.#check()
    return this.#parent.slice(this.#from, this.#from + this.#size)
  }

  /** Replaces `count` items at `index` of both lists. */
  splice (index: number, count: number, ...items: unknown[]): void {
    this.#check()
    this.#parent.splice(this.#from + index, count, ...items)
    this.#size += items.length - count
    this.#parentSize = this.#parent.length
  }

  #check (): void {
    if (this.#parent.length !== this.#parentSize) throw new JavaException('ConcurrentModificationException')
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

/** Walks a list or a view; fails like Java where the collection has grown or shrunk meanwhile. */
export class JavaIterator {
  readonly #read: (index: number) => unknown
  readonly #size: () => number
  readonly #end: (() => number)
  readonly #remove: ((index: number) => void) | undefined
  #expected: number
  #next = 0
  #last = -1

  private constructor (
    read: (index: number) => unknown, size: () => number, end: () => number, remove?: (index: number) => void
  ) {
    this.#read = read
    this.#size = size
    this.#end = end
    this.#remove = remove
    this.#expected = size()
  }

  static ofList (list: JavaList | JavaSubList | JavaArray | readonly unknown[]): JavaIterator {
    if (list instanceof JavaSubList) {
      return new JavaIterator((index) => list.items[index], () => list.items.length, () => list.items.length,
        (index) => { list.splice(index, 1) })
    }
    const items = (Array.isArray(list) ? list : (list as JavaList).items) as unknown[]
    return new JavaIterator((index) => items[index], () => items.length, () => items.length, (index) => { items.splice(index, 1) })
  }

  static ofView (view: JavaMapView): JavaIterator {
    const { items, map } = view
    const keys = [...map.keys()]
    return new JavaIterator((index) => view.kind === 'values' ? map.get(keys[index]) : items[index],
      () => map.size, () => keys.length, (index) => {
        map.delete(keys[index])
      })
  }

  get hasNext (): boolean {
    return this.#next !== this.#end()
  }

  next (): unknown {
    if (this.#size() !== this.#expected) throw new JavaException('ConcurrentModificationException')
    if (this.#next >= this.#end()) throw new JavaException('NoSuchElementException')
    this.#last = this.#next++
    return this.#read(this.#last)
  }

  remove (): void {
    if (this.#last < 0) throw new JavaException('IllegalStateException')
    if (this.#size() !== this.#expected) throw new JavaException('ConcurrentModificationException')
    const end = this.#end()
    this.#remove?.(this.#last)
    if (this.#end() < end) this.#next = this.#last
    this.#last = -1
    this.#expected = this.#size()
  }
}

/** The items of what Java calls a List, undefined for anything else. */
export function listItems (value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof JavaList || value instanceof JavaSubList ? value.items : undefined
}

/** The items of what Java calls a Collection, undefined for anything else. */
export function collectionItems (value: unknown): unknown[] | undefined {
  return value instanceof JavaMapView ? value.items : listItems(value)
}

// The methods of lists and other collections.
import type { JavaMapView } from '../../java/index.ts'
import {
  JavaArray, JavaException, JavaIterator, JavaSubList, checkSize, collectionItems, javaEquals,
  noteChange
} from '../../java/index.ts'
import type { Call, RunCall } from '../java-class.ts'
import { javaClass } from '../java-class.ts'
import type { Run } from '../run.ts'
import { ANY_METHODS, ANY_RUN_METHODS } from './any.ts'

type List = unknown[] | JavaSubList | JavaArray

const outOfBounds = (index: number, size: number): never => {
  throw new JavaException(`IndexOutOfBoundsException: Index ${index} out of bounds for length ${size}`)
}
const unsupported = (): never => { throw new JavaException('UnsupportedOperationException') }
const itemsOf = (list: List): unknown[] => Array.isArray(list) ? list : list.items
const given = (collection: unknown): unknown[] => {
  if (collection === null || collection === undefined) throw new JavaException('NullPointerException')
  return collectionItems(collection) as unknown[]
}

const sizeOf = (list: List): number => list instanceof JavaSubList ? list.size : itemsOf(list).length

function checkIndex (index: number, size: number, end = size): void {
  if (index < 0 || index >= end) outOfBounds(index, size)
}

/** Replaces items in place, through a part of a list too. */
function splice (list: List, index: number, count: number, items: readonly unknown[]): void {
  if (list instanceof JavaArray) {
    unsupported()
  } else if (list instanceof JavaSubList) {
    list.splice(index, count, ...items)
  } else {
    itemsOf(list).splice(index, count, ...items)
    noteChange(itemsOf(list))
  }
}

const indexOf = (items: readonly unknown[], item: unknown): number => items.findIndex((one) => javaEquals(one, item))
const contains = (items: readonly unknown[], item: unknown): boolean => indexOf(items, item) >= 0

function removeAt (list: List, index: number): unknown {
  const items = itemsOf(list)
  checkIndex(index, items.length)
  const item = items[index]
  splice(list, index, 1, [])
  return item ?? null
}

function insert (list: List, index: number, added: readonly unknown[]): void {
  const items = itemsOf(list)
  checkIndex(index, items.length, items.length + 1)
  checkSize(items.length + added.length)
  splice(list, index, 0, added)
}

/** Keeps what `keep` wants; true where that is not all. */
function retain (list: List, keep: (item: unknown) => boolean): boolean {
  const items = itemsOf(list)
  const kept = items.filter(keep)
  if (kept.length === items.length) return false
  splice(list, 0, items.length, kept)
  return true
}

/** What it costs to look at every item. */
const charge = (run: Run, items: readonly unknown[]): void => run.charge(items.length >> 3)

const READ: Readonly<Record<string, Call>> = {
  'size()': sizeOf,
  'isEmpty()': (list) => sizeOf(list) === 0,
  'get(int)': (list, index) => {
    checkIndex(index, sizeOf(list))
    return list instanceof JavaSubList ? list.at(index) : itemsOf(list)[index]
  },
  'iterator()': (list) => JavaIterator.ofList(list)
}

const READ_ALL: Readonly<Record<string, RunCall>> = {
  'contains(Object)': (run, list, item) => {
    const items = itemsOf(list)
    charge(run, items)
    return contains(items, item)
  },
  'indexOf(Object)': (run, list, item) => {
    const items = itemsOf(list)
    charge(run, items)
    return indexOf(items, item)
  },
  'lastIndexOf(Object)': (run, list, item) => {
    const items = itemsOf(list)
    charge(run, items)
    return items.findLastIndex((one) => javaEquals(one, item))
  },
  'containsAll(Collection)': (run, list, others) => {
    const items = itemsOf(list)
    const wanted = given(others)
    run.charge(items.length * wanted.length >> 3)
    return wanted.every((item) => contains(items, item))
  },
  'subList(int,int)': (run, list, from, to) => {
    const items = itemsOf(list)
    charge(run, items)
    if (from < 0 || to > items.length) outOfBounds(from < 0 ? from : to, items.length)
    if (from > to) throw new JavaException(`IllegalArgumentException: fromIndex(${from}) > toIndex(${to})`)
    return list instanceof JavaSubList ? list.part(from, to) : new JavaSubList(items, from, to)
  }
}

const WRITE: Readonly<Record<string, Call>> = {
  'set(int,Object)': (list, index, item) => {
    checkIndex(index, sizeOf(list))
    const old = list instanceof JavaSubList ? list.at(index) : itemsOf(list)[index]
    if (list instanceof JavaSubList) list.set(index, item)
    else itemsOf(list)[index] = item
    return old
  }
}

const GROW: Readonly<Record<string, RunCall>> = {
  'add(Object)': (_, list, item) => {
    checkSize(sizeOf(list) + 1)
    if (list instanceof JavaSubList) {
      list.splice(list.size, 0, item)
    } else {
      itemsOf(list).push(item)
      noteChange(itemsOf(list))
    }
    return true
  },
  'add(int,Object)': (run, list, index, item) => {
    charge(run, itemsOf(list))
    insert(list, index, [item])
    return ''
  },
  'addAll(Collection)': (run, list, others) => {
    const added = [...given(others)]
    charge(run, added)
    insert(list, itemsOf(list).length, added)
    return added.length > 0
  },
  'addAll(int,Collection)': (run, list, index, others) => {
    const added = [...given(others)]
    charge(run, added)
    insert(list, index, added)
    return added.length > 0
  },
  'remove(int)': (run, list, index) => {
    charge(run, itemsOf(list))
    return removeAt(list, index)
  },
  'remove(Object)': (run, list, item) => {
    charge(run, itemsOf(list))
    const index = indexOf(itemsOf(list), item)
    if (index >= 0) removeAt(list, index)
    return index >= 0
  },
  'removeAll(Collection)': (run, list, others) => {
    const wanted = given(others)
    run.charge(itemsOf(list).length * wanted.length >> 3)
    return retain(list, (item) => !contains(wanted, item))
  },
  'retainAll(Collection)': (run, list, others) => {
    const wanted = given(others)
    run.charge(itemsOf(list).length * wanted.length >> 3)
    return retain(list, (item) => contains(wanted, item))
  },
  'clear()': (_, list) => {
    splice(list, 0, itemsOf(list).length, [])
    return ''
  }
}

const isEmpty = { read: (list: List) => sizeOf(list) === 0 }
const EMPTY = { empty: isEmpty, Empty: isEmpty }

const METHODS = { ...ANY_METHODS, ...READ, ...WRITE }
const RUN_METHODS = { ...ANY_RUN_METHODS, ...READ_ALL }

export const LIST = javaClass(METHODS, { ...RUN_METHODS, ...GROW }, EMPTY)

/** An array offers the methods of a list that cannot grow. */
const ARRAY_METHODS: Readonly<Record<string, RunCall>> = {
  ...GROW,
  'add(Object)': unsupported,
  'add(int,Object)': unsupported,
  'addAll(Collection)': unsupported,
  'addAll(int,Collection)': unsupported,
  'remove(int)': unsupported
}
export const ARRAY = javaClass(METHODS, { ...RUN_METHODS, ...ARRAY_METHODS })

function removeFromView (view: JavaMapView, unwanted: (item: unknown) => boolean, onlyFirst: boolean): boolean {
  const keys = [...view.map.keys()]
  let removed = false
  for (const [index, item] of view.items.entries()) {
    if (!unwanted(item)) continue
    view.map.delete(keys[index])
    noteChange(view.map)
    removed = true
    if (onlyFirst) break
  }
  return removed
}

/** The keys, values and entries of a map. */
export const MAP_VIEW = javaClass({
  ...ANY_METHODS,
  'size()': (view) => view.map.size,
  'isEmpty()': (view) => view.map.size === 0,
  'add(Object)': unsupported,
  'addAll(Collection)': (_, others) => given(others).length === 0 ? false : unsupported(),
  'clear()': (view) => {
    view.map.clear()
    noteChange(view.map)
    return ''
  }
}, {
  ...ANY_RUN_METHODS,
  'iterator()': (run, view) => {
    charge(run, view.items)
    return JavaIterator.ofView(view)
  },
  'contains(Object)': (run, view, item) => {
    charge(run, view.items)
    return contains(view.items, item)
  },
  'containsAll(Collection)': (run, view, others) => {
    const wanted = given(others)
    run.charge(view.map.size * wanted.length >> 3)
    return wanted.every((item) => contains(view.items, item))
  },
  'remove(Object)': (run, view, item) => {
    charge(run, view.items)
    return removeFromView(view, (one) => javaEquals(one, item), true)
  },
  'removeAll(Collection)': (run, view, others) => {
    const wanted = given(others)
    run.charge(view.map.size * wanted.length >> 3)
    return removeFromView(view, (item) => contains(wanted, item), false)
  },
  'retainAll(Collection)': (run, view, others) => {
    const wanted = given(others)
    run.charge(view.map.size * wanted.length >> 3)
    return removeFromView(view, (item) => !contains(wanted, item), false)
  }
}, {
  empty: { read: (view: JavaMapView) => view.map.size === 0 },
  Empty: { read: (view: JavaMapView) => view.map.size === 0 }
})

export const ITERATOR = javaClass({
  ...ANY_METHODS,
  'hasNext()': (iterator: JavaIterator) => iterator.hasNext,
  'next()': (iterator: JavaIterator) => iterator.next(),
  'remove()': (iterator: JavaIterator) => {
    iterator.remove()
    return ''
  }
})

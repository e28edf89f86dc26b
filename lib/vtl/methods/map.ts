// The methods of maps and of their entries.
import type { JavaEntry } from '../../java/index.ts'
import { JavaException, JavaMapView, checkSize, findKey, getKey, hasKey, javaEquals, mapOf, noteChange } from '../../java/index.ts'
import type { Property } from '../java-class.ts'
import { javaClass } from '../java-class.ts'
import { LoopScope } from '../loop-scope.ts'
import { ANY_METHODS, ANY_RUN_METHODS } from './any.ts'

type JavaMap = Map<unknown, unknown>

/** Puts a value under a key; answers what was there. */
export function putInto (map: JavaMap, key: unknown, value: unknown): unknown {
  const known = findKey(map, key ?? null)
  const old = map.get(known)
  const { size } = map
  map.set(known, value ?? null)
  if (map.size !== size) {
    checkSize(map.size)
    noteChange(map)
  }
  return old
}

function remove (map: JavaMap, key: unknown): unknown {
  const known = findKey(map, key ?? null)
  const old = map.get(known)
  if (map.delete(known)) noteChange(map)
  return old
}

/** The map behind the value a method is called on. */
const of = (self: unknown): JavaMap => mapOf(self) as JavaMap
const get = (self: unknown, key: unknown): unknown =>
  self instanceof LoopScope ? self.get(key) : getKey(of(self), key ?? null)

const METHODS = {
  ...ANY_METHODS,
  'size()': (self: unknown) => of(self).size,
  'isEmpty()': (self: unknown) => of(self).size === 0,
  'get(Object)': get,
  'put(Object,Object)': (self: unknown, key: unknown, value: unknown) => putInto(of(self), key, value),
  'remove(Object)': (self: unknown, key: unknown) => remove(of(self), key),
  'remove(Object,Object)': (self: unknown, key: unknown, value: unknown) => {
    const map = of(self)
    if (!hasKey(map, key ?? null) || !javaEquals(getKey(map, key ?? null), value)) return false
    remove(map, key)
    return true
  },
  'containsKey(Object)': (self: unknown, key: unknown) => hasKey(of(self), key ?? null),
  'getOrDefault(Object,Object)': (self: unknown, key: unknown, other: unknown) =>
    hasKey(of(self), key ?? null) ? get(self, key) : other,
  'putIfAbsent(Object,Object)': (self: unknown, key: unknown, value: unknown) => {
    const old = get(self, key)
    if (old === undefined || old === null) putInto(of(self), key, value)
    return old
  },
  'replace(Object,Object)': (self: unknown, key: unknown, value: unknown) =>
    hasKey(of(self), key ?? null) ? putInto(of(self), key, value) : null,
  'keySet()': (self: unknown) => new JavaMapView(of(self), 'keySet'),
  'values()': (self: unknown) => new JavaMapView(of(self), 'values'),
  'entrySet()': (self: unknown) => new JavaMapView(of(self), 'entrySet'),
  'clear()': (self: unknown) => {
    of(self).clear()
    noteChange(of(self))
    return ''
  }
}

const RUN_METHODS = {
  ...ANY_RUN_METHODS,
  'containsValue(Object)': (run: { charge: (steps: number) => void }, self: unknown, value: unknown) => {
    const map = of(self)
    run.charge(map.size >> 3)
    return [...map.values()].some((one) => javaEquals(one, value))
  },
  'putAll(Map)': (run: { charge: (steps: number) => void }, self: unknown, others: unknown) => {
    const added = mapOf(others)
    if (added === undefined) throw new JavaException('NullPointerException')
    run.charge(added.size >> 3)
    for (const [key, value] of [...added]) putInto(of(self), key, value)
    return ''
  }
}

export const MAP = javaClass(METHODS, RUN_METHODS)

/** A getter is found under its name with the first letter small or large. */
export function bothCases (properties: Readonly<Record<string, Property>>): Record<string, Property> {
  return Object.fromEntries(Object.entries(properties).flatMap(([name, property]) =>
    [[name, property], [(name[0] as string).toUpperCase() + name.slice(1), property]]))
}

export const LOOP_SCOPE = javaClass({
  ...METHODS,
  'getIndex()': (scope: LoopScope) => scope.index,
  'getCount()': (scope: LoopScope) => scope.index + 1,
  'hasNext()': (scope: LoopScope) => scope.hasNext,
  'getHasNext()': (scope: LoopScope) => scope.hasNext,
  'isFirst()': (scope: LoopScope) => scope.index < 1,
  'getFirst()': (scope: LoopScope) => scope.index < 1,
  'isLast()': (scope: LoopScope) => !scope.hasNext,
  'getLast()': (scope: LoopScope) => !scope.hasNext,
  'getParent()': (scope: LoopScope) => scope.parent,
  'getTopmost()': (scope: LoopScope) => scope.topmost
}, RUN_METHODS, bothCases({
  index: { read: (scope: LoopScope) => scope.index },
  count: { read: (scope: LoopScope) => scope.index + 1 },
  hasNext: { read: (scope: LoopScope) => scope.hasNext },
  first: { read: (scope: LoopScope) => scope.index < 1 },
  last: { read: (scope: LoopScope) => !scope.hasNext },
  parent: { read: (scope: LoopScope) => scope.parent },
  topmost: { read: (scope: LoopScope) => scope.topmost },
  replaced: { read: (scope: LoopScope) => scope.replaced ?? scope.parent?.replaced }
}))

const setValue = (entry: JavaEntry, value: unknown): unknown => putInto(entry.map, entry.key, value)

export const ENTRY = javaClass({
  ...ANY_METHODS,
  'getKey()': (entry: JavaEntry) => entry.key,
  'getValue()': (entry: JavaEntry) => entry.value,
  'setValue(Object)': setValue
}, ANY_RUN_METHODS, bothCases({
  key: { read: (entry: JavaEntry) => entry.key },
  value: { read: (entry: JavaEntry) => entry.value, write: setValue }
}))

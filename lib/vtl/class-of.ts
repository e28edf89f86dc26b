// Which class of Java a value has: its methods, and what it is comparable with.
import {
  JavaArray, JavaBigDecimal, JavaBigInteger, JavaChar, JavaDouble, JavaEntry, JavaIterator, JavaList, JavaMapView,
  JavaSubList
} from '../java/index.ts'
import { BlockReference } from './block-reference.ts'
import { HostObject } from './host-object.ts'
import type { JavaClass } from './java-class.ts'
import { javaClass } from './java-class.ts'
import { LoopScope } from './loop-scope.ts'
import { ANY_METHODS, ANY_RUN_METHODS } from './methods/any.ts'
import { ARRAY, ITERATOR, LIST, MAP_VIEW } from './methods/list.ts'
import { ENTRY, LOOP_SCOPE, MAP } from './methods/map.ts'
import { BIG_DECIMAL, BIG_INTEGER, BOOLEAN, CHARACTER, DOUBLE, INTEGER, LONG } from './methods/number.ts'
import { STRING } from './methods/string.ts'
import { PlainMap } from './plain-map.ts'

const ANY = javaClass(ANY_METHODS, ANY_RUN_METHODS)

const BY_PROTOTYPE: ReadonlyMap<object, JavaClass> = new Map<object, JavaClass>([
  [Array.prototype, LIST], [JavaList.prototype, LIST], [JavaSubList.prototype, LIST], [JavaArray.prototype, ARRAY],
  [Map.prototype, MAP], [PlainMap.prototype, MAP], [LoopScope.prototype, LOOP_SCOPE],
  [JavaMapView.prototype, MAP_VIEW], [JavaEntry.prototype, ENTRY], [JavaIterator.prototype, ITERATOR],
  [JavaDouble.prototype, DOUBLE], [JavaBigInteger.prototype, BIG_INTEGER], [JavaBigDecimal.prototype, BIG_DECIMAL],
  [JavaChar.prototype, CHARACTER], [BlockReference.prototype, ANY]
])

/** The class of a value that is not null. */
export function classOf (value: unknown): JavaClass {
  switch (typeof value) {
    case 'string': return STRING
    case 'number': return INTEGER
    case 'boolean': return BOOLEAN
    case 'bigint': return LONG
    default:
      if (value instanceof HostObject) return value.javaClass
      return BY_PROTOTYPE.get(Object.getPrototypeOf(value) as object) ?? ANY
  }
}

/** What decides whether Velocity compares two values by `equals`: one class extends the other. */
function family (value: object): unknown {
  if (Array.isArray(value)) return LIST
  if (value instanceof Map || value instanceof PlainMap) return MAP
  return value instanceof JavaMapView ? value.kind : Object.getPrototypeOf(value)
}

/** Whether `==` compares two values by `equals`, else by their texts. */
export function isSameClass (a: unknown, b: unknown): boolean {
  if (typeof a !== typeof b) return false
  return typeof a !== 'object' || family(a as object) === family(b as object)
}

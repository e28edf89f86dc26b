// The names in the tables of methods, for the test that holds the reference to them.
import { JavaArray, JavaChar, JavaDouble, JavaEntry, JavaIterator, JavaMapView } from '../../lib/java/index.ts'
import { classOf } from '../../lib/vtl/class-of.ts'

const map = new Map()
const VALUES: readonly unknown[] = [
  'text', 1, 10n ** 10n, new JavaDouble(1), true, new JavaChar('c'), [], map, new JavaMapView(map, 'keySet'), new JavaEntry(map, 1),
  JavaIterator.ofList([]), new JavaArray([])
]

/** Values whose classes a test asks for alone. */
export const STRING_CLASS = 'text'
export const INTEGER = 1

/** The names of the methods of some values, of one of each class if none is given. */
export function methodNames (...values: unknown[]): string[] {
  const of = values.length === 0 ? VALUES : values
  return [...new Set(of.flatMap((value) => [...classOf(value).methods.keys()].map((key) => key.split('/')[0] as string)))]
}

// Java's toString of the scalar values: numbers, booleans, strings.
import type { JavaNumber } from './number.ts'
import { JavaDouble, JavaBigInteger } from './number.ts'
import { doubleText } from './double-text.ts'

/** The text Java's `toString` gives a number, a boolean or a string; `null` for null, as `String.valueOf`. */
export function javaText (value: JavaNumber | boolean | string | null | undefined): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') {
    if (value instanceof JavaDouble) return doubleText(value.value)
    return value instanceof JavaBigInteger ? String(value.value) : value.toString()
  }
  return String(value)
}

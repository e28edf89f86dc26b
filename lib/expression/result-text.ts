// The text a selection expression makes of a value: Java's, with lists as `[a, b]` and maps as `{k=v}`.
import { isJavaNumber, javaNumberOf, javaText } from '../java/index.ts'

/* A numeral with a fraction or an exponent: only where there is one may a number's text differ from JavaScript's. */
const FRACTION = /\d[.eE]/

/** Whether `String(value)` is the text of the numeral that `JSON.parse` read in `source`. */
export function isPlainNumber (value: number, source: string): boolean {
  return Number.isSafeInteger(value) && !FRACTION.test(source)
}

/** The text of a value: nothing for null and for what is missing. */
export function resultText (value: unknown): string {
  return value === null || value === undefined ? '' : elementText(value)
}

function elementText (value: unknown): string {
  if (typeof value === 'number') return javaText(javaNumberOf(value))
  if (Array.isArray(value)) return `[${value.map(elementText).join(', ')}]`
  if (typeof value !== 'object' || value === null || isJavaNumber(value)) return javaText(value as string)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return `{${entries.map(([key, member]) => `${key}=${elementText(member)}`).join(', ')}}`
}

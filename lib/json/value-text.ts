// Java's text of a JSON value, as the engine prints it: a map as {k=v}, a list as compact JSON even inside a map.
import { isJavaNumber, javaText } from '../java/index.ts'
import { writeJson } from './write-json.ts'

/** The text `String.valueOf` gives a value that lenient JSON yields. */
export function valueText (value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return writeJson(value, { escapeSlash: true })
  if (value instanceof Map) return mapText(value)
  if (typeof value === 'object' && value !== null && !isJavaNumber(value)) return mapText(Object.entries(value))
  return javaText(value as string)
}

function mapText (entries: Iterable<[unknown, unknown]>): string {
  let text = '{'
  for (const [key, value] of entries) text += `${text === '{' ? '' : ', '}${key}=${valueText(value)}`
  return text + '}'
}

// Compact JSON text, in the two spellings of the gateway: `/` as it is, or as `\/` where a list prints itself.
import { JsonInvalidError } from '../errors.ts'
import { JavaDouble, isJavaNumber, javaText } from '../java/index.ts'

export interface WriteJsonOptions {
  /** Whether `/` is written as `\/`, as a printed list does. */
  readonly escapeSlash?: boolean
}

/* Escaped: quote, backslash, C0 and C1 controls with DEL, and the block of general punctuation, U+2028 among it. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /["\\\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/
// eslint-disable-next-line no-control-regex
const UNSAFE_ALL = /["\\\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/g
// eslint-disable-next-line no-control-regex
const UNSAFE_OR_SLASH = /["\\/\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/
// eslint-disable-next-line no-control-regex
const UNSAFE_OR_SLASH_ALL = /["\\/\u0000-\u001f\u007f-\u009f\u2000-\u20ff]/g

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'], ['\\', '\\\\'], ['/', '\\/'], ['\b', '\\b'], ['\f', '\\f'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']
])

function escapeChar (char: string): string {
  return SHORT_ESCAPES.get(char) ?? '\\u' + char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
}

function writeString (value: string, slash: boolean): string {
  const unsafe = slash ? UNSAFE_OR_SLASH : UNSAFE
  return `"${unsafe.test(value) ? value.replace(slash ? UNSAFE_OR_SLASH_ALL : UNSAFE_ALL, escapeChar) : value}"`
}

/** What is nested deeper is no JSON of ours: a template put a list into itself. */
const MAX_DEPTH = 1000

function write (value: unknown, slash: boolean, depth: number): string {
  if (typeof value === 'string') return writeString(value, slash)
  if (value === null || value === undefined) return 'null'
  if (isJavaNumber(value)) {
    return value instanceof JavaDouble && Math.abs(value.value) === Infinity ? 'null' : javaText(value)
  }
  if (typeof value !== 'object') return String(value)
  if (depth > MAX_DEPTH) throw new JsonInvalidError(`a value is nested more than ${MAX_DEPTH} deep`)
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + write(value[i], slash, depth + 1)
    return text + ']'
  }
  let text = '{'
  for (const [key, member] of value instanceof Map ? value as Map<unknown, unknown> : Object.entries(value)) {
    text += `${text === '{' ? '' : ','}${writeString(String(key), slash)}:${write(member, slash, depth + 1)}`
  }
  return text + '}'
}

/** Writes what the lenient parser or `JSON.parse` yields as JSON without white space. */
export function writeJson (value: unknown, options: WriteJsonOptions = {}): string {
  return write(value, options.escapeSlash === true, 1)
}

// The logical ids that SAM makes of values.
import { createHash } from 'node:crypto'
import type { Json } from '../../resource.ts'
import { isObject } from '../../json.ts'

const HASH_LENGTH = 10

/** The beginning of the SHA-1 of a value: of a text itself, else of its JSON with keys in order. */
export function hashOf (value: Json): string {
  return createHash('sha1').update(typeof value === 'string' ? value : JSON.stringify(sorted(value))).digest('hex').slice(0, HASH_LENGTH)
}

function sorted (value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, member]) => [key, sorted(member)]))
}

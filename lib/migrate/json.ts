// Looks into JSON whose shape nobody has checked.
import type { Json, JsonObject } from './resource.ts'

export function isObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Own members only: a member named `__proto__` or `constructor` is plain data. */
export function asObject (value: Json | undefined): JsonObject {
  return isObject(value) ? Object.assign(Object.create(null) as JsonObject, value) : Object.create(null) as JsonObject
}

export function asList (value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** The value as a message says it: text as it is, everything else as JSON. */
export function printJson (value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

/** Null, or empty: what Terraform writes where an argument is not set. */
export function isUnset (value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' ||
    (Array.isArray(value) ? value.length === 0 : typeof value === 'object' && Object.keys(value).length === 0)
}

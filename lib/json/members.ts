// The members of a JSON object in either of its shapes: a plain object of JSON.parse or a Map of the lenient parser.

/** A JSON object: never an array, never a number of Java's. */
export type JsonObject = Record<string, unknown> | ReadonlyMap<string, unknown>

/** Whether a value is a JSON object. */
export function isMap (value: unknown): value is JsonObject {
  if (value === null || typeof value !== 'object') return false
  return Object.getPrototypeOf(value) === Object.prototype || value instanceof Map
}

/** The member of a JSON object, undefined where it has none of that name; `__proto__` and `toString` are names as any. */
export function readMember (value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return undefined
  if (value instanceof Map) return value.get(name)
  return Object.getPrototypeOf(value) === Object.prototype && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** The names of a JSON object, in its order. */
export function keysOf (object: JsonObject): Iterable<string> {
  return object instanceof Map ? object.keys() : Object.keys(object)
}

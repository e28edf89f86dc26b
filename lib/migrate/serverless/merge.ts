// Merges values the way the framework merges `resources` over what it generates.
import { isObject } from '../json.ts'
import type { Json } from '../resource.ts'

/** Objects and lists member by member, anything else is replaced. Neither is changed; `__proto__` is a name like others. */
export function mergeJson (base: Json, over: Json): Json {
  if (Array.isArray(base) && Array.isArray(over)) {
    return Array.from({ length: Math.max(base.length, over.length) }, (_, i) => i >= over.length
      ? base[i] as Json
      : i >= base.length ? over[i] as Json : mergeJson(base[i] as Json, over[i] as Json))
  }
  if (!isObject(base) || !isObject(over)) return over
  const names = new Set([...Object.keys(base), ...Object.keys(over)])
  return Object.fromEntries([...names].map((name) => {
    if (!Object.hasOwn(over, name)) return [name, base[name] as Json]
    return [name, Object.hasOwn(base, name) ? mergeJson(base[name] as Json, over[name] as Json) : over[name] as Json]
  }))
}

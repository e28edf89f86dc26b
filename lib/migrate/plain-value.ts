// An object that a program gave as a definition, copied into plain JSON and refused where it is none.
import { DefinitionSourceError } from '../errors.ts'
import { hasTokenCharacters } from './references.ts'
import { printPath } from './report.ts'
import type { Json, JsonObject, PropertyPath } from './resource.ts'

const MAXIMUM_DEPTH = 200
/** More than a plan of Terraform of 64 MB holds. */
const MAXIMUM_VALUES = 5_000_000

/** Copies own enumerable members; prototypes, functions, numbers without a JSON form and cycles are refused by place. */
export function copyPlainValue (source: unknown, name: string): Json {
  const open = new Set<object>()
  let count = 0

  function refuse (path: PropertyPath, reason: string): never {
    throw new DefinitionSourceError(path.length === 0 ? name : `${name} at ${printPath(path)}`, reason)
  }

  function copyText (text: string, path: PropertyPath): string {
    if (hasTokenCharacters(text)) refuse(path, 'Characters U+E0F0 to U+E0F2 are kept for references between resources')
    return text
  }

  function copy (value: unknown, path: PropertyPath): Json {
    if (++count > MAXIMUM_VALUES) refuse([], `Object holds more than ${MAXIMUM_VALUES} values`)
    if (typeof value === 'string') return copyText(value, path)
    if (value === null || typeof value === 'boolean') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(path, `Number ${value} has no place in JSON`)
    if (typeof value !== 'object') return refuse(path, `Value of type ${typeof value} has no place in JSON`)
    if (open.has(value)) return refuse(path, 'Object holds itself')
    if (open.size >= MAXIMUM_DEPTH) return refuse([], `Values are nested more than ${MAXIMUM_DEPTH} deep`)
    open.add(value)
    const copied = Array.isArray(value) ? value.map((item, i) => copy(item, [...path, i])) : copyObject(value, path)
    open.delete(value)
    return copied
  }

  function copyObject (value: object, path: PropertyPath): JsonObject {
    const prototype = Object.getPrototypeOf(value) as object | null
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      return refuse(path, `Object of class ${prototype.constructor.name} is not plain`)
    }
    const object: JsonObject = Object.create(null)
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) object[copyText(key, path)] = copy(member, [...path, key])
    }
    return object
  }

  return copy(source, [])
}

// The keywords of draft 4 one by one: whether a value fails them, and the Java validator's words for it.
import { isDeepStrictEqual } from 'node:util'
import { createModelPattern } from './model-pattern.ts'
import type { SubschemaWalk } from './explain.ts'
import type { JsonSchema } from './schema-dialect.ts'
import { hasUniqueItems } from './unique-items.ts'

type Check = (schema: JsonSchema, value: unknown, sub: SubschemaWalk) => string | undefined

/** Text of a value in a message; long ones are cut, because they come from the client. */
const MAX_VALUE_LENGTH = 200
function show (value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text
}
const showJson = (value: unknown): string => show(JSON.stringify(value))

/** The primitive type of a value; a whole number is an integer. */
export function typeOf (value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function onNumbers (check: (value: number, schema: JsonSchema) => string | undefined): Check {
  return (schema, value) => typeof value === 'number' ? check(value, schema) : undefined
}
/** Lengths are counted in code points. */
function onStrings (check: (value: string, length: number, schema: JsonSchema) => string | undefined): Check {
  return (schema, value) => typeof value === 'string' ? check(value, [...value].length, schema) : undefined
}
function onArrays (check: (value: unknown[], schema: JsonSchema) => string | undefined): Check {
  return (schema, value) => Array.isArray(value) ? check(value, schema) : undefined
}
function onObjects (check: (names: string[], schema: JsonSchema, sub: SubschemaWalk) => string | undefined): Check {
  return (schema, value, sub) => typeOf(value) === 'object' ? check(Object.keys(value as object), schema, sub) : undefined
}

export const KEYWORD_CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['type', (schema, value) => {
    const types = [schema.type].flat() as string[]
    const type = typeOf(value)
    if (types.includes(type) || (type === 'integer' && types.includes('number'))) return undefined
    const allowed = types.includes('number') ? [...new Set([...types, 'integer'])] : types
    return `instance type (${type}) does not match any allowed primitive type (allowed: ${showJson([...allowed].sort())})`
  }],
  ['enum', (schema, value) => {
    const values = schema.enum as unknown[]
    return values.some((one) => isDeepStrictEqual(one, value))
      ? undefined
      : `instance value (${showJson(value)}) not found in enum (possible values: ${showJson(values)})`
  }],
  ['minimum', onNumbers((value, { minimum, exclusiveMinimum }) => {
    if (value === minimum && exclusiveMinimum === true) return `numeric instance is not strictly greater than the required minimum ${value}`
    return value < (minimum as number) ? `numeric instance is lower than the required minimum (minimum: ${minimum}, found: ${value})` : undefined
  })],
  ['maximum', onNumbers((value, { maximum, exclusiveMaximum }) => {
    if (value === maximum && exclusiveMaximum === true) return `numeric instance is not strictly lower than the required maximum ${value}`
    return value > (maximum as number) ? `numeric instance is greater than the required maximum (maximum: ${maximum}, found: ${value})` : undefined
  })],
  ['multipleOf', onNumbers((value, { multipleOf }) =>
    Number.isInteger(value / (multipleOf as number)) ? undefined : `remainder of division is not zero (${value} / ${multipleOf})`)],
  ['minLength', onStrings((value, length, { minLength }) => length < (minLength as number)
    ? `string ${showJson(value)} is too short (length: ${length}, required minimum: ${minLength})`
    : undefined)],
  ['maxLength', onStrings((value, length, { maxLength }) => length > (maxLength as number)
    ? `string ${showJson(value)} is too long (length: ${length}, maximum allowed: ${maxLength})`
    : undefined)],
  ['pattern', onStrings((value, _, { pattern }) => createModelPattern(pattern as string).test(value)
    ? undefined
    : `ECMA 262 regex "${pattern as string}" does not match input string ${showJson(value)}`)],
  ['minItems', onArrays((value, { minItems }) => value.length < (minItems as number)
    ? `array is too short: must have at least ${minItems} elements but instance has ${value.length} elements`
    : undefined)],
  ['maxItems', onArrays((value, { maxItems }) => value.length > (maxItems as number)
    ? `array is too long: must have at most ${maxItems} elements but instance has ${value.length} elements`
    : undefined)],
  ['uniqueItems', onArrays((value, { uniqueItems }) =>
    uniqueItems === true && !hasUniqueItems(value) ? 'array must not contain duplicate elements' : undefined)],
  ['additionalItems', onArrays((value, { items, additionalItems }) =>
    additionalItems === false && Array.isArray(items) && value.length > items.length
      ? `array is too long: must have at most ${items.length} elements but instance has ${value.length} elements`
      : undefined)],
  ['required', onObjects((names, { required }) => {
    const missing = (required as string[]).filter((name) => !names.includes(name)).sort()
    return missing.length === 0 ? undefined : `object has missing required properties (${showJson(missing)})`
  })],
  ['additionalProperties', onObjects((names, schema) => {
    if (schema.additionalProperties !== false) return undefined
    const patterns = Object.keys(schema.patternProperties ?? {}).map(createModelPattern)
    const isExtra = (name: string): boolean =>
      !Object.hasOwn(schema.properties ?? {}, name) && !patterns.some((pattern) => pattern.test(name))
    const extra = names.filter(isExtra).sort()
    return extra.length === 0 ? undefined : `object instance has properties which are not allowed by the schema: ${showJson(extra)}`
  })],
  ['minProperties', onObjects((names, { minProperties }) => names.length < (minProperties as number)
    ? `object has too few properties (found ${names.length} but schema requires at least ${minProperties})`
    : undefined)],
  ['maxProperties', onObjects((names, { maxProperties }) => names.length > (maxProperties as number)
    ? `object has too many properties (found ${names.length} but schema requires at most ${maxProperties})`
    : undefined)],
  ['dependencies', onObjects((names, { dependencies }, sub) => {
    for (const [name, wanted] of Object.entries(dependencies as Record<string, unknown>)) {
      if (!names.includes(name)) continue
      if (!Array.isArray(wanted)) {
        if (!sub.isValid(wanted)) return `instance failed to match the schema that property ${showJson(name)} of object depends on`
        continue
      }
      const missing = wanted.filter((other) => !names.includes(other)).sort()
      if (missing.length > 0) return `property ${showJson(name)} of object has missing property dependencies (schema requires ${showJson(wanted)}; missing: ${showJson(missing)})`
    }
    return undefined
  })],
  ['allOf', (schema, _, sub) => {
    const [matched, all] = count(schema.allOf, sub)
    return matched === all ? undefined : `instance failed to match all required schemas (matched only ${matched} out of ${all})`
  }],
  ['anyOf', (schema, _, sub) => {
    const [matched, all] = count(schema.anyOf, sub)
    return matched > 0 ? undefined : `instance failed to match at least one required schema among ${all}`
  }],
  ['oneOf', (schema, _, sub) => {
    const [matched, all] = count(schema.oneOf, sub)
    return matched === 1 ? undefined : `instance failed to match exactly one schema (matched ${matched} out of ${all})`
  }],
  ['not', (schema, _, sub) => sub.isValid(schema.not) ? 'instance matched a schema which it should not have' : undefined]
])

function count (schemas: unknown, sub: SubschemaWalk): [matched: number, all: number] {
  const list = schemas as unknown[]
  return [list.filter((schema) => sub.isValid(schema)).length, list.length]
}

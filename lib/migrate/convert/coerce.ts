// Scalars as CloudFormation takes them: a text where a number or a boolean is wanted, and the other way round.
import type { PropertyType } from '../properties/index.ts'
import type { Json } from '../resource.ts'

export type ScalarType = Extract<PropertyType, { kind: 'string' | 'boolean' | 'integer' | 'number' }>

/** In CloudFormation's words. */
const TYPE_NAMES = { string: 'String', boolean: 'Boolean', integer: 'Integer', number: 'Number' } as const

export const typeNameOf = ({ kind }: ScalarType): string => TYPE_NAMES[kind]

/** The value as its type wants it, or undefined where it cannot be one. */
export function coerceScalar (value: Json, { kind }: ScalarType): string | number | boolean | undefined {
  if (typeof value === 'object') return undefined
  switch (kind) {
    case 'string': return String(value)
    case 'boolean': return typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined
    case 'integer': return readNumber(value, /^[+-]?\d+$/)
    case 'number': return readNumber(value, /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/)
  }
}

function readNumber (value: string | number | boolean, form: RegExp): number | undefined {
  if (!form.test(String(value))) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** What is wrong with a value of the right type, as the end of a sentence; undefined where nothing is. */
export function findFault (value: string | number | boolean, type: ScalarType): string | undefined {
  if (type.kind === 'string') return findTextFault(value as string, type)
  if (type.kind === 'boolean') return undefined
  const { minimum, maximum } = type
  if (minimum !== undefined && (value as number) < minimum) return `must be from ${minimum}`
  if (maximum !== undefined && (value as number) > maximum) return `must be at most ${maximum}`
  return undefined
}

function findTextFault (
  value: string, { values, minLength = 0, maxLength = Infinity, pattern, allowed }: ScalarType & { kind: 'string' }
): string | undefined {
  if (values !== undefined && !values.includes(value)) return `must be ${values.slice(0, -1).join(', ')}${values.length > 1 ? ' or ' : ''}${values.at(-1)}`
  if (value.length < minLength) return `must have at least ${minLength} character${minLength === 1 ? '' : 's'}`
  if (value.length > maxLength) return `must have at most ${maxLength} characters`
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return `must be ${allowed}`
  return undefined
}

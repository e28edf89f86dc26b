// The words the property table is written in: what type a property has, and what becomes of it.

/** A type of CloudFormation's, with what API Gateway allows in it. */
export type PropertyType =
  | {
    readonly kind: 'string'
    readonly values?: readonly string[]
    readonly minLength?: number
    readonly maxLength?: number
    readonly pattern?: string
    /** What `pattern` allows, for people. */
    readonly allowed?: string
    /** Never shown. */
    readonly isSecret?: true
  }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number', readonly minimum?: number, readonly maximum?: number }
  | { readonly kind: 'list', readonly of: PropertyType }
  | { readonly kind: 'map', readonly of: PropertyType }
  /** `isJson`: CloudFormation types it Json and does not look inside, so a wrong name there gets through. */
  | { readonly kind: 'object', readonly properties: PropertyTable, readonly isJson?: true }
  /** A list of `{ Key, Value }`. */
  | { readonly kind: 'tags' }
  | { readonly kind: 'json' }

/**
 * What becomes of a property:
 * `option`: an option by the same name in camelCase. `carried`: such an option, without effect here.
 * `join`: which resources belong together, and so where in the options something stands. `dropped`: nothing.
 * `http`: nothing, since only HTTP APIs have it.
 */
export type Fate = 'option' | 'carried' | 'join' | 'dropped' | 'http'

export interface Property {
  readonly type: PropertyType
  readonly fate: Fate
  readonly isRequired?: true
}

/** By AWS's name of the property. */
export type PropertyTable = Readonly<Record<string, Property>>

type StringLimits = Omit<PropertyType & { kind: 'string' }, 'kind'>

export const text = (limits: StringLimits = {}): PropertyType => ({ kind: 'string', ...limits })
export const oneOf = (...values: string[]): PropertyType => ({ kind: 'string', values })
export const flag: PropertyType = { kind: 'boolean' }
export const json: PropertyType = { kind: 'json' }
export const tags: PropertyType = { kind: 'tags' }
export const integer = (minimum?: number, maximum?: number): PropertyType => ({ kind: 'integer', ...bounds(minimum, maximum) })
export const number = (minimum?: number): PropertyType => ({ kind: 'number', ...bounds(minimum) })
export const listOf = (of: PropertyType): PropertyType => ({ kind: 'list', of })
export const mapOf = (of: PropertyType): PropertyType => ({ kind: 'map', of })
export const object = (properties: PropertyTable): PropertyType => ({ kind: 'object', properties })
export const jsonObject = (properties: PropertyTable): PropertyType => ({ kind: 'object', properties, isJson: true })

export const option = (type: PropertyType): Property => ({ type, fate: 'option' })
export const carried = (type: PropertyType): Property => ({ type, fate: 'carried' })
export const join = (): Property => ({ type: text(), fate: 'join', isRequired: true })
export const dropped = (type: PropertyType): Property => ({ type, fate: 'dropped' })
export const httpOnly: Property = { type: json, fate: 'http' }
export const required = (property: Property): Property => ({ ...property, isRequired: true })
export const optional = ({ type, fate }: Property): Property => ({ type, fate })

function bounds (minimum?: number, maximum?: number): { minimum?: number, maximum?: number } {
  return { ...(minimum === undefined ? undefined : { minimum }), ...(maximum === undefined ? undefined : { maximum }) }
}

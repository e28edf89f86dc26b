// What intrinsics take and give, told apart.
import { isObject } from '../json.ts'
import type { Json } from '../resource.ts'

/** A value of which every intrinsic is evaluated; undefined is AWS::NoValue. */
export type Evaluated = Json | undefined

/** An own member. */
export function memberOf (object: Json | undefined, name: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined
}

/** The text CloudFormation makes of a scalar. */
export function scalarText (value: Evaluated): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** `Ref`, `Condition`, `Fn::Join`: the only key of the map that calls an intrinsic. */
export function intrinsicOf (value: Json | undefined): string | undefined {
  if (!isObject(value)) return undefined
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return undefined
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? name : undefined
}

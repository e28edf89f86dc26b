// What intrinsics may ask of the template they stand in.
import type { Json } from '../resource.ts'
import type { Evaluated } from './values.ts'

export interface Scope {
  /** `Ref` and the variables of `Fn::Sub`: a parameter's value, or a token of a resource. */
  refer (name: string): Evaluated
  /** `Fn::GetAtt` */
  getAttribute (id: string, attribute: string): string
  isConditionTrue (name: string): boolean
  findInMap (map: string, key: string, attribute: string): Json | undefined
  hasMap (map: string): boolean
  importValue (name: string): string
  /** Whether only a deployment knows what characters stand for a reference. */
  isOpaque (text: string): boolean
}

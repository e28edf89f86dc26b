// Values of a template: texts with references in them, written without changing a byte of what stands around the references.
import type { Json } from '../resource.ts'

/** `Ref` of a resource, a parameter or a pseudo-parameter; with an attribute `Fn::GetAtt`. */
export interface TemplateReference {
  readonly id: string
  readonly attribute?: string
}

export type Part = string | TemplateReference

/** `${` that no `}` closes: `Fn::Sub` has no way to write it. */
const UNCLOSED = /\$\{[^}]*$/

/** The text that the parts make: as it is without references, a reference alone, else `Fn::Sub`. */
export function writeText (parts: readonly Part[]): Json {
  const [first] = parts
  if (parts.every((part) => typeof part === 'string')) return parts.join('')
  if (parts.length === 1) return writeReference(first as TemplateReference)
  if (parts.some((part) => typeof part === 'string' && UNCLOSED.test(part))) {
    return { 'Fn::Join': ['', parts.map((part) => typeof part === 'string' ? part : writeReference(part))] }
  }
  return { 'Fn::Sub': parts.map((part) => typeof part === 'string' ? part.replaceAll('${', '${!') : `\${${printReference(part)}}`).join('') }
}

export function writeReference (reference: TemplateReference): Json {
  const { id, attribute } = reference
  if (attribute === undefined) return { Ref: id }
  // SAM's own attributes of a function are known to SAM alone.
  return attribute === 'Alias' ? { 'Fn::Sub': `\${${printReference(reference)}}` } : { 'Fn::GetAtt': [id, attribute] }
}

function printReference ({ id, attribute }: TemplateReference): string {
  return attribute === undefined ? id : `${id}.${attribute}`
}

export const PARTITION: TemplateReference = { id: 'AWS::Partition' }
export const REGION: TemplateReference = { id: 'AWS::Region' }
export const ACCOUNT_ID: TemplateReference = { id: 'AWS::AccountId' }
export const URL_SUFFIX: TemplateReference = { id: 'AWS::URLSuffix' }

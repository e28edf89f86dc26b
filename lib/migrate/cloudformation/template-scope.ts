// What intrinsics of one template may ask: its parameters, resources, mappings and conditions.
import type { Reference } from '../references.ts'
import { createReference, replaceReferences } from '../references.ts'
import type { Json, JsonObject } from '../resource.ts'
import type { Conditions } from './conditions.ts'
import { refused, unresolved } from './failure.ts'
import type { Parameters } from './parameters.ts'
import { isFunction, isOfGateway } from './raw-resource.ts'
import type { Scope } from './scope.ts'
import { isObject } from '../json.ts'
import { memberOf } from './values.ts'
import type { Evaluated } from './values.ts'

const NESTED_STACKS: readonly string[] = ['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']

/** What a name of `Ref` or `Fn::GetAtt` stands for, if a resource. */
export interface ReferenceTargets {
  /** The type of a resource that is deployed; undefined where there is none of the name. */
  typeOf (id: string): string | undefined
  /** A name that SAM makes: `Function.Alias`, `Api.Stage`, `FunctionRole`. */
  generated (name: string): Reference | undefined
}

/** What a template knows without its resources. */
export interface TemplateValues {
  readonly parameters: Parameters
  readonly pseudoParameters: ReadonlyMap<string, Json>
  readonly mappings: JsonObject
  readonly importValues: Readonly<Record<string, string>>
}

export class TemplateScope implements Scope {
  readonly #values: TemplateValues
  /** Absent where resources cannot be referred to: in conditions. */
  readonly #targets: ReferenceTargets | undefined
  #conditions: Conditions | undefined
  /** Pseudo-parameters that were asked for. */
  readonly used = new Set<string>()

  constructor (values: TemplateValues, targets?: ReferenceTargets) {
    this.#values = values
    this.#targets = targets
  }

  /** Conditions are evaluated in a scope themselves, so they come later. */
  useConditions (conditions: Conditions): void {
    this.#conditions = conditions
  }

  refer (name: string): Evaluated {
    if (name === 'AWS::NoValue') return undefined
    const pseudo = this.#values.pseudoParameters.get(name)
    if (pseudo !== undefined) {
      this.used.add(name)
      return pseudo
    }
    if (this.#values.parameters.has(name)) return this.#values.parameters.valueOf(name)
    const generated = this.#targets?.generated(name)
    if (generated !== undefined) return createReference(generated.id, generated.attribute)
    this.#typeOf(name, `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`)
    return createReference(name)
  }

  getAttribute (id: string, attribute: string): string {
    const named = this.#targets?.generated(`${id}.${attribute}`)
    if (named !== undefined) return createReference(named.id, named.attribute)
    const generated = this.#targets?.generated(id)
    if (generated !== undefined) return createReference(generated.id, generated.attribute ?? attribute)
    const type = this.#typeOf(id, `Template error: instance of Fn::GetAtt references undefined resource ${id}`)
    if (NESTED_STACKS.includes(type)) {
      throw unresolved('nested-stack', `${id} is a nested stack, whose outputs a deployment knows`, 'import the template of the nested stack, or write the value into this one')
    }
    return createReference(id, attribute)
  }

  isConditionTrue (name: string): boolean {
    if (this.#conditions === undefined) throw refused('condition', 'Fn::If stands where conditions are not known')
    return this.#conditions.isTrue(name)
  }

  hasMap (map: string): boolean {
    return isObject(memberOf(this.#values.mappings, map))
  }

  findInMap (map: string, key: string, attribute: string): Json | undefined {
    return memberOf(memberOf(memberOf(this.#values.mappings, map), key), attribute)
  }

  importValue (name: string): string {
    const { importValues } = this.#values
    if (Object.hasOwn(importValues, name)) return importValues[name] as string
    throw unresolved('import-value', `Fn::ImportValue names the export "${name}" of another stack`, `give its value in importValues: ${name}`)
  }

  isOpaque (text: string): boolean {
    let isOpaque = false
    replaceReferences(text, ({ id, attribute }) => {
      const type = this.#targets?.typeOf(id) ?? ''
      isOpaque ||= attribute !== undefined || !(isOfGateway(type) || isFunction(type))
      return ''
    })
    return isOpaque
  }

  #typeOf (id: string, otherwise: string): string {
    if (this.#targets === undefined) {
      throw refused('reference-in-conditions', `Template format error: Unresolved dependencies [${id}]. Cannot reference resources in the Conditions block of the template`)
    }
    const type = this.#targets.typeOf(id)
    if (type === undefined) throw refused('reference-unknown', otherwise)
    return type
  }
}

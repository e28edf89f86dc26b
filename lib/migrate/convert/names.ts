// What references to other resources become: the names, ids and ARNs that AWS would have given, or placeholders of their form.
import { createHash } from 'node:crypto'
import { printJson } from '../json.ts'
import { urlSuffixOf } from '../../partitions.ts'
import { readReference, replaceReferences } from '../references.ts'
import type { Reference } from '../references.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { PropertyPath, ReadDefinition, Resource } from '../resource.ts'
import { ARN_SHAPES, FUNCTION_ARN, NAME_PROPERTIES, REFS } from './physical-names.ts'

/** References inside references, as of a queue in the name of a table, go no deeper than this. */
const MAX_DEPTH = 16
const API_ID_LENGTH = 10
/** A version's number is not in a definition. */
const FIRST_VERSION = '1'
const API_ID = /^[a-z0-9]{10}$/
/** Resources of the gateway whose reference is their name, and the property that gives it. */
const NAMED_BY: Readonly<Record<string, string>> = { 'AWS::ApiGatewayV2::Stage': 'StageName', 'AWS::ApiGatewayV2::DomainName': 'DomainName' }
const FUNCTION_TYPES: readonly string[] = ['AWS::Serverless::Function', 'AWS::Lambda::Function']

export const isFunction = ({ type }: Resource): boolean => FUNCTION_TYPES.includes(type)

/** What stands in the place of a reference; a placeholder where nothing in the definition says what AWS would put there. */
export interface Name {
  readonly text: string
  readonly isPlaceholder: boolean
}

export class Names {
  readonly #definition: ReadDefinition
  readonly #report: Report
  readonly #resources: ReadonlyMap<string, Resource>

  constructor (definition: ReadDefinition, report: Report) {
    this.#definition = definition
    this.#report = report
    this.#resources = new Map(definition.resources.map((resource) => [resource.id, resource]))
  }

  /** The resource a text refers to, by a reference alone or by its id. */
  find (text: string): Resource | undefined {
    return this.#resources.get(readReference(text)?.id ?? text)
  }

  /** The text with names in the place of references; placeholders are told. */
  resolve (text: string, resource: Resource, path: PropertyPath): string {
    return replaceReferences(text, (reference) => {
      const { text, isPlaceholder } = this.#name(reference, 0)
      if (isPlaceholder) {
        this.#report.add('info', {
          code: 'reference-placeholder',
          message: `${nameOfProperty(resource, path)} refers to ${reference.id}${reference.attribute === undefined ? '' : `.${reference.attribute}`}, which AWS would name; "${text}" stands for it`
        }, resource, path)
      }
      return text
    })
  }

  /** The text with names in the place of references, told to nobody. */
  textOf (text: string): string {
    return replaceReferences(text, (reference) => this.#name(reference, 0).text)
  }

  /** The id that `Ref` of an API gives: its own where it is known, else one made of its logical id. */
  apiIdOf ({ id, awsId = id }: Resource): string {
    if (API_ID.test(awsId)) return awsId
    const digest = createHash('sha256').update(id).digest('hex')
    return BigInt(`0x${digest}`).toString(36).slice(0, API_ID_LENGTH)
  }

  /** The name of a resource: what it is given, else its logical id. */
  #physicalName (resource: Resource, depth: number): Name {
    const property = NAME_PROPERTIES.get(resource.type) ?? (isFunction(resource) ? 'FunctionName' : undefined)
    const given = property === undefined ? undefined : resource.properties[property]
    if (typeof given !== 'string' || depth > MAX_DEPTH) return { text: resource.id, isPlaceholder: !isFunction(resource) }
    let isPlaceholder = false
    const text = replaceReferences(given, (reference) => {
      const name = this.#name(reference, depth + 1)
      isPlaceholder ||= name.isPlaceholder
      return name.text
    })
    return { text, isPlaceholder }
  }

  functionNameOf (resource: Resource): string {
    return this.#physicalName(resource, 0).text
  }

  #name ({ id, attribute }: Reference, depth: number): Name {
    const resource = this.#resources.get(id)
    if (resource === undefined || depth > MAX_DEPTH) return { text: id, isPlaceholder: true }
    const { type } = resource
    if (type === 'AWS::ApiGatewayV2::Api') return this.#nameApi(resource, attribute)
    if (Object.hasOwn(NAMED_BY, type)) return this.#nameByProperty(resource, attribute, depth)
    if (type.startsWith('AWS::ApiGateway')) return { text: id, isPlaceholder: false }
    if (isFunction(resource)) return this.#nameFunction(resource, attribute, depth)
    if (type === 'AWS::Lambda::Alias' || type === 'AWS::Lambda::Version') return this.#nameQualifier(resource, attribute, depth)
    const name = this.#physicalName(resource, depth)
    if (attribute === undefined) return { ...name, text: this.#write(REFS.get(type) ?? '{name}', name.text) }
    if (attribute === 'Arn' || /(?:Table|Topic|Queue|Stream|Bucket|StateMachine|Role)Arn$/.test(attribute)) {
      return { ...name, text: this.#write(ARN_SHAPES.get(type) ?? this.#arnOf(type), name.text) }
    }
    if (/Name$/.test(attribute)) return name
    if (attribute === 'QueueUrl') return { ...name, text: this.#write(REFS.get(type) ?? '{name}', name.text) }
    return { text: `${name.text}.${attribute}`, isPlaceholder: true }
  }

  #nameApi (resource: Resource, attribute: string | undefined): Name {
    const apiId = this.apiIdOf(resource)
    const shapes: Record<string, string> = {
      ApiEndpoint: this.#write('wss://{name}.execute-api.{region}.{suffix}', apiId),
      ExecuteApiArn: this.#write('arn:{partition}:execute-api:{region}:{account}:{name}', apiId)
    }
    const text = attribute !== undefined && Object.hasOwn(shapes, attribute) ? shapes[attribute] as string : apiId
    return { text, isPlaceholder: false }
  }

  /** `Ref` of a stage and of a domain name is their name. */
  #nameByProperty (resource: Resource, attribute: string | undefined, depth: number): Name {
    const property = NAMED_BY[resource.type] as string
    const given = resource.properties[property]
    if (attribute !== undefined && attribute !== property) return { text: `${resource.id}.${attribute}`, isPlaceholder: true }
    if (typeof given !== 'string') return { text: resource.id, isPlaceholder: false }
    return { text: replaceReferences(given, (reference) => this.#name(reference, depth + 1).text), isPlaceholder: false }
  }

  #nameFunction (resource: Resource, attribute: string | undefined, depth: number): Name {
    const { text: name } = this.#physicalName(resource, depth)
    const arn = this.#write(FUNCTION_ARN, name)
    const { AutoPublishAlias: alias } = resource.properties
    const shapes: Record<string, string> = {
      Arn: arn,
      Alias: typeof alias === 'string' ? `${arn}:${alias}` : arn,
      Version: `${arn}:${FIRST_VERSION}`
    }
    if (attribute === undefined) return { text: name, isPlaceholder: false }
    const isKnown = Object.hasOwn(shapes, attribute)
    return { text: isKnown ? shapes[attribute] as string : `${name}.${attribute}`, isPlaceholder: !isKnown }
  }

  #nameQualifier ({ id, type, properties }: Resource, attribute: string | undefined, depth: number): Name {
    if (attribute === 'Version') return { text: FIRST_VERSION, isPlaceholder: false }
    const { FunctionName: target, Name: alias } = properties
    if (typeof target !== 'string') return { text: id, isPlaceholder: true }
    const reference = readReference(target)
    const of = reference === undefined ? undefined : this.#resources.get(reference.id)
    const name = of === undefined ? target.replace(/^.*:function:/, '') : this.#physicalName(of, depth + 1).text
    const qualifier = type === 'AWS::Lambda::Version' ? FIRST_VERSION : printJson(alias)
    return { text: `${this.#write(FUNCTION_ARN, name)}:${qualifier}`, isPlaceholder: false }
  }

  /** `AWS::Events::EventBus` → `arn:aws:events:us-east-1:123456789012:{name}` */
  #arnOf (type: string): string {
    return `arn:{partition}:${type.split('::')[1]?.toLowerCase() ?? 'unknown'}:{region}:{account}:{name}`
  }

  #write (shape: string, name: string): string {
    const { partition, region, accountId } = this.#definition
    const values: Record<string, string> = { partition, region, account: accountId, suffix: urlSuffixOf(partition), name }
    return shape.replace(/\{(\w+)\}/g, (_, key: string) => values[key] as string)
  }
}

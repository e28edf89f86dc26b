// The sections of a template and its resources, held to their shapes.
import type { SourcePosition } from '../../../types/migrate.js'
import { DefinitionSourceError } from '../../errors.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject, PropertyPath, Resource } from '../resource.ts'
import type { Source } from '../source.ts'
import { isOfGateway } from './raw-resource.ts'
import type { RawResource } from './raw-resource.ts'
import { isObject } from '../json.ts'
import { memberOf, scalarText } from './values.ts'

const SECTIONS: ReadonlySet<string> = new Set(['AWSTemplateFormatVersion', 'Conditions', 'Description', 'Globals', 'Hooks', 'Mappings', 'Metadata',
  'Outputs', 'Parameters', 'Resources', 'Rules', 'Transform'])
/** Sections that say nothing of what runs. */
const DROPPED = ['Hooks', 'Metadata', 'Outputs', 'Rules']
const SERVERLESS = 'AWS::Serverless-2016-10-31'
/** Transforms whose work is done here, or touches nothing of an API. */
const KNOWN_TRANSFORMS: ReadonlySet<string> = new Set([SERVERLESS, 'AWS::LanguageExtensions', 'AWS::CodeDeployBlueGreen', 'AWS::SecretsManager-2020-07-23', 'AWS::SecretsManager-2024-09-16'])
/** Attributes of a resource that are read, by which of them it is known what is deployed. */
const ATTRIBUTES: ReadonlySet<string> = new Set(['Condition', 'Connectors', 'DependsOn', 'IgnoreGlobals', 'Metadata', 'Properties', 'Type'])
/** Those of updates and deletions, of which there are none here. */
const DROPPED_ATTRIBUTES: ReadonlySet<string> = new Set(['CreationPolicy', 'DeletionPolicy', 'UpdatePolicy', 'UpdateReplacePolicy'])
const LOGICAL_ID = /^[A-Za-z0-9]+$/

export class Template {
  readonly #source: Source
  readonly #report: Report

  constructor (source: Source, report: Report) {
    this.#source = source
    this.#report = report
    if (!isObject(source.value['Resources'])) throw new DefinitionSourceError(source.path ?? 'text', 'Template has no map of Resources')
    for (const name of Object.keys(source.value).filter((name) => !SECTIONS.has(name))) {
      this.refuse('section-unknown', `Invalid template property or properties [${name}]`, [name])
    }
    for (const name of DROPPED.filter((name) => memberOf(source.value, name) !== undefined)) {
      this.add('info', 'section-dropped', `${name} is not imported`, [name])
    }
    for (const name of this.#transforms().filter((name) => !KNOWN_TRANSFORMS.has(name))) {
      this.add('error', 'transform-unknown', `Transform ${name} is not run here: what it changes is missing`, ['Transform'], 'import the template that it gives, as CloudFormation shows it once processed')
    }
  }

  get isServerless (): boolean {
    return this.#transforms().includes(SERVERLESS)
  }

  positionOf = (path: PropertyPath): SourcePosition | undefined => this.#source.positionOf(path)

  section (name: string): JsonObject {
    const section = memberOf(this.#source.value, name)
    if (isObject(section)) return section
    if (section !== undefined) this.refuse('section-shape', `Template format error: ${name} must be a map`, [name])
    return {}
  }

  /** The resources of a section in which loops are written out; `origins` knows where these come from. */
  resources (section: JsonObject, origins: ReadonlyMap<Json, PropertyPath>): RawResource[] {
    return Object.entries(section).flatMap(([id, value]) => this.#resource(id, value, origins.get(value) ?? ['Resources', id]) ?? [])
  }

  /** An entry about something that is no resource. */
  add (level: 'error' | 'warning' | 'info', code: string, message: string, path: PropertyPath, hint?: string): void {
    this.#report.add(level, { code, message, ...(hint === undefined ? undefined : { hint }) }, this.#place(path))
  }

  refuse (code: string, message: string, path: PropertyPath): void {
    this.#report.refuse({ code, message }, this.#place(path))
  }

  #place (path: PropertyPath): Resource {
    return { id: path.join('.'), type: '', properties: {}, dependsOn: [], positionOf: () => this.positionOf(path) }
  }

  #transforms (): string[] {
    return [memberOf(this.#source.value, 'Transform') ?? []].flat().map((each) => scalarText(each) ?? scalarText(memberOf(each, 'Name')) ?? '?')
  }

  #resource (id: string, value: Json, path: PropertyPath): RawResource | undefined {
    const type = memberOf(value, 'Type')
    if (!isObject(value) || typeof type !== 'string') {
      this.refuse('resource-type', `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`, path)
      return undefined
    }
    if (!LOGICAL_ID.test(id)) this.refuse('logical-id', `Template format error: Resource name ${id} is non alphanumeric.`, path)
    const properties = value['Properties'] ?? {}
    if (!isObject(properties)) {
      this.refuse('resource-properties', `Template format error: [/Resources/${id}/Properties] must be a map`, path)
      return undefined
    }
    const dependsOn = [value['DependsOn'] ?? []].flat()
    if (dependsOn.some((each) => typeof each !== 'string')) this.refuse('depends-on', `Template format error: [/Resources/${id}/DependsOn] must be a string or a list of strings`, path)
    const condition = value['Condition']
    if (condition !== undefined && typeof condition !== 'string') this.refuse('condition', `Template format error: [/Resources/${id}/Condition] must be a string`, path)
    this.#readAttributes(id, type, value, path)
    const metadata = value['Metadata']
    return {
      id,
      type,
      properties,
      dependsOn: dependsOn.filter((each) => typeof each === 'string'),
      condition: scalarText(condition),
      metadata: isObject(metadata) ? metadata : {},
      ...(value['IgnoreGlobals'] === undefined ? undefined : { ignoreGlobals: value['IgnoreGlobals'] }),
      positionOf: (below) => this.positionOf(below.length === 0 ? path : [...path, 'Properties', ...below])
    }
  }

  #readAttributes (id: string, type: string, value: JsonObject, path: PropertyPath): void {
    for (const name of Object.keys(value).filter((name) => !ATTRIBUTES.has(name))) {
      if (!DROPPED_ATTRIBUTES.has(name)) this.refuse('resource-attribute', `Invalid template resource property '${name}'`, [...path, name])
      else if (isOfGateway(type)) this.add('info', 'attribute-dropped', `${name} of ${id} has no meaning here and was left out`, [...path, name])
    }
  }
}

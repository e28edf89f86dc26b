// `resources:` of a serverless.yml: a template that is merged over the generated one, and its extensions.
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { printPath } from '../report.ts'
import type { SourcePosition } from '../../../types/migrate.js'
import type { GeneratedTemplate } from './generated-template.ts'
import { isObject, printJson } from '../json.ts'
import { mergeJson } from './merge.ts'
import { placeOf } from './place.ts'
import type { Service } from './service.ts'
import type { View } from './view.ts'

/** A template as CloudFormation would get it, and where its parts come from. */
export interface ServiceTemplate {
  readonly template: JsonObject
  /** `['Resources', 'ordersTable', 'Properties', 'TableName']` */
  positionOf (path: PropertyPath): SourcePosition | undefined
  /** How the definition spells a property of a resource. */
  nameOf (id: string, path: PropertyPath): string
}

/** Resources whose properties the import needs; what other resources are like matters less. */
const NEEDED = /^AWS::(?:ApiGateway|ApiGatewayV2|Lambda|Serverless)::/
/** Sections that say what becomes of a resource. */
const NEEDED_SECTIONS = new Set(['Parameters', 'Mappings', 'Conditions', 'Transform'])
const REPLACED = new Set(['Condition', 'CreationPolicy', 'DeletionPolicy', 'UpdatePolicy', 'UpdateReplacePolicy'])
const ASSIGNED = new Set(['Properties', 'Metadata'])

export function mergeOverlay (generated: GeneratedTemplate, service: Service): ServiceTemplate {
  const fragments = fragmentsOf(service.root.get('resources'))
  const resources = new Map(generated.resources)
  // First what the import needs, so that a variable of it without a value is an error wherever else it is used.
  const parts = fragments.flatMap((fragment) => partsOf(fragment, generated)).sort((a, b) => Number(b.isNeeded) - Number(a.isNeeded))
  const sections: JsonObject[] = []
  for (const { path, isNeeded } of parts) {
    const value = (isNeeded ? service.root : service.rest).at(...path).resolve() as Json
    const id = String(path.at(-1))
    if (path.at(-2) === 'Resources') resources.set(id, mergeJson(resources.get(id) ?? {}, value) as JsonObject)
    else sections.push({ [id]: value })
  }
  for (const fragment of fragments) extend(resources, fragment.get('extensions'), service)
  // Who may call a function is of no interest here; the hash of the deployment needed to know.
  for (const [id, resource] of generated.resources) {
    if (resource.Type === 'AWS::Lambda::Permission' && resources.get(id) === resource) resources.delete(id)
  }
  const places = new Places(generated, fragments)
  return {
    template: sections.reduce<Json>(mergeJson, { Resources: Object.fromEntries(resources) }) as JsonObject,
    positionOf: (path) => service.document.positionOf(places.of(path)),
    nameOf: (id, path) => printPath(places.isOverlaid(id, path) ? path : generated.spellingOf(id, path) ?? path)
  }
}

/** The entry of a list, or the only one; what has no value here is in the report. */
function fragmentsOf (resources: View): View[] {
  return resources.entries.filter((fragment) => {
    if (!fragment.isObject && !fragment.isUnresolved) fragment.fail('resources must be an object, or a list of objects')
    return fragment.isObject
  })
}

/** Each resource and each other section by itself. */
function partsOf (fragment: View, generated: GeneratedTemplate): Array<{ path: PropertyPath, isNeeded: boolean }> {
  return fragment.names.filter((name) => name !== 'extensions').flatMap((name) => {
    const section = fragment.get(name)
    if (name !== 'Resources') return [{ path: section.path, isNeeded: NEEDED_SECTIONS.has(name) }]
    return section.names.map((id) => {
      const type = section.at(id, 'Type').resolve() ?? generated.resources.get(id)?.Type
      return { path: section.get(id).path, isNeeded: NEEDED.test(printJson(type)) }
    })
  })
}

function extend (resources: Map<string, JsonObject>, extensions: View, { report, document }: Service): void {
  for (const id of extensions.names) {
    const refuse = (message: string, path: PropertyPath): void =>
      report.refuse({ code: 'extension-invalid', message }, ...placeOf(document, path))
    const resource = resources.get(id)
    if (resource === undefined) {
      refuse(`Resource ${id} is not one that the framework generates, so it cannot be extended`, extensions.get(id).path)
      continue
    }
    const extended: JsonObject = { ...resource }
    for (const name of extensions.get(id).names) {
      const view = extensions.at(id, name)
      const value = view.resolve() as Json
      if (REPLACED.has(name)) extended[name] = value
      else if (ASSIGNED.has(name) && isObject(value)) extended[name] = { ...extended[name] as JsonObject, ...value }
      else if (name === 'DependsOn') extended[name] = [extended[name] ?? [], value].flat()
      else refuse(`Resource ${id} cannot be extended in ${name}; it can be in ${[...ASSIGNED, ...REPLACED, 'DependsOn'].join(', ')}`, view.path)
    }
    resources.set(id, extended)
  }
}

/** Where parts of the merged template stand in the definition. */
class Places {
  readonly #generated: GeneratedTemplate
  readonly #fragments: readonly View[]

  constructor (generated: GeneratedTemplate, fragments: readonly View[]) {
    this.#generated = generated
    this.#fragments = fragments
  }

  /** Whether `resources` or an extension, not the framework, has the last word on a property. */
  isOverlaid (id: string, [name = '']: PropertyPath): boolean {
    return this.#written([id, 'Properties', name]) !== undefined
  }

  of (whole: PropertyPath): PropertyPath {
    const [section, id = '', member, ...path] = whole
    if (section !== 'Resources') {
      return this.#fragments.map((fragment) => fragment.at(...whole)).findLast((view) => view.isWritten)?.path ?? ['resources']
    }
    const written = member === 'Properties' && path.length > 0 ? this.#written([id, member, path[0] as string]) : undefined
    if (written !== undefined) return [...written.path, ...path.slice(1)]
    return this.#generated.originOf(String(id), path) ?? this.#written([id])?.path ?? ['resources']
  }

  #written (path: PropertyPath): View | undefined {
    return this.#fragments.flatMap((fragment) => [fragment.at('Resources', ...path), fragment.at('extensions', ...path)])
      .findLast((view) => view.isWritten)
  }
}

// What `terraform show -json` prints, of a plan or of a state, as a list of resources that know their module.
import { DefinitionSourceError } from '../../errors.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { printPath } from '../report.ts'
import { asList, asObject, isObject, printJson } from '../json.ts'

/** A module as it is instantiated, and its configuration, which only plans have. */
export interface ModuleInstance {
  /** `module.chat["a"]`; empty of the root. */
  readonly address: string
  readonly parent: ModuleInstance | undefined
  /** `module_calls.chat` of the parent's configuration. */
  readonly call: JsonObject
  readonly index: string | number | undefined
  readonly configuration: JsonObject
}

export interface TerraformResource {
  /** `module.chat["a"].aws_apigatewayv2_route.order` */
  readonly address: string
  readonly module: ModuleInstance
  readonly isData: boolean
  readonly type: string
  readonly name: string
  readonly index: string | number | undefined
  readonly values: JsonObject
  /** What a plan leaves unknown: true in the places of values. */
  readonly unknown: Json
  /** The configuration of the resource; empty in a state. */
  readonly configuration: JsonObject
  readonly dependsOn: readonly string[]
  /** Where `values` stands in the document. */
  readonly path: PropertyPath
}

export interface TerraformDocument {
  readonly kind: 'plan' | 'state'
  readonly resources: readonly TerraformResource[]
  readonly root: ModuleInstance
  readonly variables: JsonObject
  readonly providers: JsonObject
}

const DEEPEST_MODULE = 50
const MODULE = /^module\.([^.[\]]+)(?:\[(.*)\])?$/

/** Whether a value is one of the two documents. */
function isTerraformJson (value: Json): value is JsonObject {
  return isObject(value) && (isObject(value.planned_values) || (isObject(value.values) && isObject(value.values.root_module)))
}

/** Throws AGW_ERR_MIGRATE_SOURCE where it is neither a plan nor a state. */
export function readDocument (value: Json, name: string): TerraformDocument {
  if (!isTerraformJson(value)) {
    const { resources, lineage } = asObject(value)
    const isRawState = Array.isArray(resources) && typeof lineage === 'string'
    throw new DefinitionSourceError(name, `It is ${isRawState ? 'the file in which Terraform keeps its state' : 'neither a plan nor a state of Terraform'}; give what "terraform show -json" prints, of a plan or of the state`)
  }
  const document = value
  const isPlan = isObject(document.planned_values)
  const configuration = asObject(document.configuration)
  const root: ModuleInstance = {
    address: '', parent: undefined, call: {}, index: undefined, configuration: asObject(configuration.root_module)
  }
  const resources = new Map<string, TerraformResource>()
  const unknowns = new Map(asList(document.resource_changes).map((entry) => {
    const { address, change } = asObject(entry)
    return [printJson(address), asObject(change).after_unknown ?? {}] as const
  }))
  // Data that was read while planning stands in the prior state only.
  if (isPlan) {
    const { root_module: values } = asObject(asObject(document.prior_state).values)
    addModule(asObject(values), root, ['prior_state', 'values', 'root_module'], (resource) => {
      if (resource.isData) resources.set(resource.address, resource)
    }, unknowns)
  }
  const place = isPlan ? ['planned_values', 'root_module'] : ['values', 'root_module']
  addModule(asObject(asObject(document[place[0] as string]).root_module), root, place, (resource) => {
    resources.set(resource.address, resource)
  }, unknowns)
  return {
    kind: isPlan ? 'plan' : 'state',
    resources: [...resources.values()],
    root,
    variables: asObject(document.variables),
    providers: asObject(configuration.provider_config)
  }
}

function addModule (
  values: JsonObject, module: ModuleInstance, path: PropertyPath, add: (resource: TerraformResource) => void,
  unknowns: ReadonlyMap<string, Json>, depth = 0
): void {
  const configurations = new Map(asList(module.configuration.resources).map(asObject).map((entry) => [printJson(entry.address), entry]))
  for (const [i, entry] of asList(values.resources).entries()) {
    const resource = asObject(entry)
    const { mode, index } = resource
    const place = [...path, 'resources', i]
    const address = readText(resource, 'address', place)
    const type = readText(resource, 'type', place)
    const name = readText(resource, 'name', place)
    const isData = mode === 'data'
    const configuration = configurations.get(`${isData ? 'data.' : ''}${type}.${name}`) ?? {}
    add({
      address,
      module,
      isData,
      type,
      name,
      index: typeof index === 'string' || typeof index === 'number' ? index : undefined,
      values: asObject(resource.values),
      unknown: unknowns.get(address) ?? {},
      configuration,
      dependsOn: asList(resource.depends_on ?? configuration.depends_on).map(printJson),
      path: [...place, 'values']
    })
  }
  for (const [i, entry] of asList(values.child_modules).entries()) {
    const child = asObject(entry)
    const address = readText(child, 'address', [...path, 'child_modules', i])
    const [, name, key] = MODULE.exec(address.slice(module.address === '' ? 0 : module.address.length + 1)) ?? []
    if (name === undefined) throw new DefinitionSourceError(`at module "${address}"`, 'Its address is none; it must be module.{name} below that of its parent')
    if (depth >= DEEPEST_MODULE) throw new DefinitionSourceError(`at module "${address}"`, `Modules are nested more than ${DEEPEST_MODULE} deep`)
    const call = asObject(asObject(module.configuration.module_calls)[name])
    addModule(child, {
      address, parent: module, call, index: readIndex(key), configuration: asObject(call.module)
    }, [...path, 'child_modules', i], add, unknowns, depth + 1)
  }
}

/** Throws AGW_ERR_MIGRATE_SOURCE where it is none. */
function readText (object: JsonObject, member: string, path: PropertyPath): string {
  const text = object[member]
  if (typeof text !== 'string') throw new DefinitionSourceError(`at ${printPath(path)}`, `Its ${member} is ${printJson(text)}; it must be a text`)
  return text
}

/** `"a"` or `0`, as an address shows them. */
export function readIndex (text: string | undefined): string | number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

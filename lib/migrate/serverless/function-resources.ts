// The Lambda functions of a service as the framework makes them, and the aliases that integrations call.
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import type { GeneratedTemplate } from './generated-template.ts'
import { createResource } from './generated-template.ts'
import { isObject } from '../json.ts'
import { durableAliasId, functionId, provisionedAliasId, snapStartAliasId, versionId } from './naming.ts'
import { placeOf } from './place.ts'
import type { Service, ServiceFunction } from './service.ts'
import type { View } from './view.ts'

const DEFAULT_RUNTIME = 'nodejs20.x'
const DEFAULT_MEMORY = 1024
const DEFAULT_TIMEOUT = 6

/** Keys of a function that are read; the others say how Lambda runs it, or who else calls it. */
const KEYS = new Set(['name', 'handler', 'image', 'runtime', 'description', 'memorySize', 'timeout', 'architecture', 'environment', 'layers', 'tags',
  'role', 'condition', 'dependsOn', 'events', 'provisionedConcurrency', 'snapStart', 'durableConfig'])

interface Alias {
  readonly name: string
  readonly id: string
}

/** A function as integrations and authorizers call it. */
export interface FunctionTarget {
  readonly arn: Json
  readonly aliasId: string | undefined
}

/** Adds every function of the service, by name in the result. */
export function addFunctions (template: GeneratedTemplate, service: Service): Map<string, FunctionTarget> {
  const targets = new Map<string, FunctionTarget>()
  for (const own of service.functions) {
    reportUnused(service, own)
    const id = functionId(own.name)
    const { resource, properties } = compileFunction(service, own)
    template.add(id, resource, { resource: own.view.path, properties })
    const alias = aliasOf(own)
    if (alias !== undefined) addAlias(template, own, alias)
    const arn: Json = { 'Fn::GetAtt': [id, 'Arn'] }
    targets.set(own.name, { arn: alias === undefined ? arn : { 'Fn::Join': [':', [arn, alias.name]] }, aliasId: alias?.id })
  }
  return targets
}

interface CompiledFunction {
  readonly resource: JsonObject
  /** Where the definition writes its properties. */
  readonly properties: Record<string, PropertyPath>
}

function compileFunction (service: Service, { name, view }: ServiceFunction): CompiledFunction {
  const properties: Record<string, PropertyPath> = {}
  /** The function's own value, else the provider's. */
  const either = (key: string, property: string, isShared = true): Json | undefined => {
    for (const place of isShared ? [view.get(key), service.provider.get(key)] : [view.get(key)]) {
      const value = place.resolve()
      if (value === undefined || value === null) continue
      properties[property] = place.path
      return value
    }
    return undefined
  }
  const image = either('image', 'Code', false)
  // Of an unknown name only the variable is left, and functions may share it: their keys tell them apart.
  const given = view.get('name').isUnresolved ? undefined : either('name', 'FunctionName', false)
  const architecture = either('architecture', 'Architectures')
  const resource = createResource('AWS::Lambda::Function', {
    Code: image === undefined ? '.' : { ImageUri: isObject(image) ? image.uri ?? image.name ?? '' : image },
    PackageType: image === undefined ? undefined : 'Image',
    Handler: either('handler', 'Handler', false),
    Runtime: image === undefined ? either('runtime', 'Runtime') ?? DEFAULT_RUNTIME : undefined,
    FunctionName: given ?? `${service.name}-${service.stage}-${name}`,
    MemorySize: either('memorySize', 'MemorySize') ?? DEFAULT_MEMORY,
    Timeout: either('timeout', 'Timeout') ?? DEFAULT_TIMEOUT,
    Architectures: architecture === undefined ? undefined : [architecture],
    Description: either('description', 'Description', false),
    Tags: tagsOf(service, view.get('tags').resolve()),
    Environment: environmentOf(service, view, properties),
    Role: either('role', 'Role'),
    Layers: either('layers', 'Layers')
  }, view.get('dependsOn').resolve())
  const condition = view.get('condition').resolve()
  return { resource: condition === undefined ? resource : { ...resource, Condition: condition }, properties }
}

/** Names of the function over those of the provider. */
function environmentOf ({ provider }: Service, view: View, properties: Record<string, PropertyPath>): Json | undefined {
  const places = [provider.get('environment'), view.get('environment')].filter((place) => place.isObject)
  if (places.length === 0) return undefined
  const names = places.flatMap((place) => place.names.map((name) => place.get(name)))
  for (const { path } of names) properties[`Environment.Variables.${path.at(-1) as string}`] = path
  return { Variables: Object.fromEntries(names.map((place) => [place.path.at(-1), place.resolve() as Json])) }
}

function tagsOf ({ provider }: Service, own: Json | undefined): Json | undefined {
  const shared = provider.get('tags').resolve()
  if (!isObject(shared) && !isObject(own)) return undefined
  return Object.entries({ ...(isObject(shared) && shared), ...(isObject(own) && own) }).map(([Key, Value]) => ({ Key, Value }))
}

/** Where a function has one, it is what is called. */
function aliasOf ({ name, view }: ServiceFunction): Alias | undefined {
  const concurrency = view.get('provisionedConcurrency').resolve()
  if (concurrency) {
    const alias = isObject(concurrency) && typeof concurrency.alias === 'string' ? concurrency.alias : 'provisioned'
    return { name: alias, id: provisionedAliasId(name, alias) }
  }
  if (view.get('snapStart').resolve()) return { name: 'snapstart', id: snapStartAliasId(name) }
  if (view.get('durableConfig').resolve()) return { name: 'durable', id: durableAliasId(name) }
  return undefined
}

function addAlias (template: GeneratedTemplate, { name, view }: ServiceFunction, alias: Alias): void {
  const ref = { Ref: functionId(name) }
  // The framework's id ends in a hash of the code as it was packed.
  template.add(versionId(name), createResource('AWS::Lambda::Version', { FunctionName: ref }), { resource: view.path })
  template.add(alias.id, createResource('AWS::Lambda::Alias', {
    FunctionName: ref,
    FunctionVersion: { 'Fn::GetAtt': [versionId(name), 'Version'] },
    Name: alias.name
  }, functionId(name)), { resource: view.path })
}

function reportUnused ({ report, document }: Service, { view }: ServiceFunction): void {
  for (const name of view.names.filter((name) => !KEYS.has(name))) {
    report.add('info', { code: 'function-key-unused', message: `Key ${name} of a function has no effect outside of Lambda` }, ...placeOf(document, [...view.path, name]))
  }
}

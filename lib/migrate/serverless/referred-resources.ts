// Resources that templates refer to and nothing here generates: the framework's own for other purposes, or a plugin's.
import type { Json, JsonObject } from '../resource.ts'
import { createResource } from './generated-template.ts'
import { isObject } from '../json.ts'
import { functionLogGroupId, layerId, permissionId } from './naming.ts'
import { placeOf } from './place.ts'
import type { Service } from './service.ts'

/** By id, what the framework makes for other purposes than a WebSocket API. */
const FRAMEWORK: Readonly<Record<string, string>> = {
  IamRoleLambdaExecution: 'AWS::IAM::Role',
  ServerlessDeploymentBucket: 'AWS::S3::Bucket',
  ServerlessDeploymentBucketPolicy: 'AWS::S3::BucketPolicy',
  ApiGatewayRestApi: 'AWS::ApiGateway::RestApi'
}
const UNKNOWN = 'AWS::CloudFormation::CustomResource'
const SUB_VARIABLE = /\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}/g

/** The template with a resource for everything that is referred to; what no rule of the framework explains is reported. */
export function addReferredResources (template: JsonObject, service: Service): JsonObject {
  const resources = template.Resources as JsonObject
  const parameters = isObject(template.Parameters) ? template.Parameters : {}
  const known = knownTypes(service)
  const added = new Map<string, JsonObject>()
  for (const [id, from] of findReferences(resources)) {
    if (Object.hasOwn(resources, id) || Object.hasOwn(parameters, id)) continue
    const type = known.get(id)
    added.set(id, createResource(type ?? UNKNOWN, {}))
    if (type !== undefined) continue
    service.report.add('warning', {
      code: 'reference-outside',
      message: `${from} refers to ${id}, which is neither in resources nor generated for a WebSocket API; an event of another kind or a plugin might make it`
    }, ...placeOf(service.document, ['resources']))
  }
  return { ...template, Resources: { ...resources, ...Object.fromEntries(added) } }
}

function knownTypes ({ functions, root }: Service): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(FRAMEWORK),
    ...functions.map(({ name }) => [functionLogGroupId(name), 'AWS::Logs::LogGroup'] as const),
    ...functions.map(({ name }) => [permissionId(name), 'AWS::Lambda::Permission'] as const),
    ...root.get('layers').names.map((name) => [layerId(name), 'AWS::Lambda::LayerVersion'] as const)
  ])
}

/** Ids that are referred to, each with the first resource that does. */
function findReferences (resources: JsonObject): Map<string, string> {
  const found = new Map<string, string>()
  for (const [from, resource] of Object.entries(resources)) {
    const add = (id: Json | undefined): void => {
      if (typeof id === 'string' && !id.includes('::') && !found.has(id)) found.set(id, from)
    }
    if (isObject(resource)) [resource.DependsOn ?? []].flat().forEach(add)
    walk(resource, add)
  }
  return found
}

function walk (value: Json, add: (id: Json | undefined) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (isObject(value) && Object.keys(value).length === 1) {
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': substitution } = value
    add(Ref)
    add(typeof attribute === 'string' ? attribute.split('.')[0] : [attribute].flat()[0])
    const [text, variables] = [substitution].flat()
    for (const [, id] of typeof text === 'string' ? text.matchAll(SUB_VARIABLE) : []) {
      if (!isObject(variables) || !Object.hasOwn(variables, id as string)) add(id)
    }
  }
  for (const child of Object.values(value)) walk(child, add)
}

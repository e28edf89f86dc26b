// Routes: each with its target, who may use it, and what goes back.
import { RESERVED_ROUTE_KEYS } from '../../definition.ts'
import { quote, sayName } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { readExpression, Uniques } from './conversion.ts'
import { isPlainObject } from './read-properties.ts'
import type { ReadProperties } from './read-properties.ts'
import { readAuthorization, readRequestParameters } from './route-access.ts'
import { checkResponses, convertRouteResponses } from './route-responses.ts'

/** What routes name, by the ids of the resources. */
export interface NamedByRoutes {
  readonly models: readonly JsonObject[]
  readonly authorizers: ReadonlyMap<string, readonly [name: string, options: JsonObject]>
  readonly integrations: ReadonlyMap<string, JsonObject>
}

const TARGET_PREFIX = 'integrations/'

/** By route key. */
export function convertRoutes (conversion: Conversion, byType: ResourcesByType, named: NamedByRoutes): Map<string, JsonObject> {
  const { report, reader } = conversion
  const keys = new Uniques()
  const routes = new Map<string, JsonObject>()
  const responses = convertRouteResponses(conversion, byType)
  const used = new Set<string>()
  for (const resource of byType('AWS::ApiGatewayV2::Route')) {
    const read = reader.read(resource)
    const { routeKey, requestParameters, ...options } = read.options
    if (typeof routeKey !== 'string') continue
    if (routeKey === '' || (routeKey.startsWith('$') && !RESERVED_ROUTE_KEYS.includes(routeKey))) {
      report.refuse({ code: 'route-key', message: `The provided route key is not formatted properly: ${quote(routeKey)}` }, resource, ['RouteKey'])
    }
    if (keys.take(routeKey, resource) !== undefined) {
      report.refuse({ code: 'route-duplicate', message: `Route with key ${sayName(routeKey)} already exists for this API` }, resource, ['RouteKey'])
    }
    routes.set(routeKey, {
      ...options,
      ...readTarget(conversion, resource, read, named),
      ...readAuthorization(conversion, resource, routeKey, read, named, used),
      ...readRequestParameters(conversion, resource, routeKey, requestParameters),
      routeResponses: responses.get(resource.id) ?? {}
    })
    checkModels(conversion, resource, options, named)
    checkResponses(conversion, resource, options, responses.get(resource.id))
  }
  if (routes.size === 0) report.add('error', { code: 'no-routes', message: 'At least one route is required before deploying the Api' }, conversion.api)
  reportUnused(conversion, byType, used)
  return routes
}

/** `integrations/{id}` of an integration of this API. */
function readTarget (
  { report, names }: Conversion, resource: Resource, { joins: { Target } }: ReadProperties, { integrations }: NamedByRoutes
): JsonObject {
  if (Target === undefined) {
    if (report.hasError(resource, ['Target'])) return {}
    report.add('info', { code: 'route-without-target', message: `${resource.id} has no Target: its messages are accepted and nothing is sent` }, resource)
    return {}
  }
  const named = Target.startsWith(TARGET_PREFIX) ? Target.slice(TARGET_PREFIX.length) : Target
  const integration = names.find(named)
  if (integration === undefined || !integrations.has(integration.id)) {
    report.refuse({ code: 'integration-unknown', message: `${nameOfProperty(resource, ['Target'])} names ${quote(names.textOf(Target))}, which is no integration of the API` }, resource, ['Target'])
    return {}
  }
  return { target: `${TARGET_PREFIX}${integration.id}` }
}

function checkModels (conversion: Conversion, resource: Resource, options: JsonObject, { models }: NamedByRoutes): void {
  const { report } = conversion
  const { modelSelectionExpression, requestModels } = options
  readExpression(conversion, 'model', modelSelectionExpression, resource, ['ModelSelectionExpression'])
  if (!isPlainObject(requestModels)) return
  for (const [key, name] of Object.entries(requestModels)) {
    if (models.some((model) => model.name === name)) continue
    report.add('error', {
      code: 'model-unknown', message: `${nameOfProperty(resource, ['RequestModels'])} names the model ${quote(name)}, which the API does not have`, hint: 'models are named by their Name'
    }, resource, ['RequestModels', key])
  }
  if (modelSelectionExpression === undefined && Object.keys(requestModels).length > 0) {
    report.add('warning', {
      code: 'models-not-applied', message: 'RequestModels without a ModelSelectionExpression are kept and not applied, as on API Gateway'
    }, resource, ['RequestModels'])
  }
}

function reportUnused ({ report }: Conversion, byType: ResourcesByType, used: ReadonlySet<string>): void {
  for (const resource of byType('AWS::ApiGatewayV2::Authorizer')) {
    if (!used.has(resource.id)) report.add('warning', { code: 'authorizer-unused', message: `${resource.id} is used by no route` }, resource)
  }
}

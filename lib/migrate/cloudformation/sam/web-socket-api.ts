// AWS::Serverless::WebSocketApi: the resources that SAM makes of one, by the same logical ids, or what it says against it.
import type { Json, JsonObject } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { isObject } from '../../json.ts'
import { intrinsicOf } from '../values.ts'
import { createGeneratedResource } from './generated-resource.ts'
import { InvalidResource } from './invalid-resource.ts'
import { propagatedTags, tagsOf } from './tags.ts'
import { expandAuthorization } from './web-socket-api-auth.ts'
import { expandDomain } from './web-socket-api-domain.ts'
import { expandRoute } from './web-socket-api-routes.ts'

const API_PROPERTIES = ['ApiKeySelectionExpression', 'Description', 'DisableExecuteApiEndpoint', 'DisableSchemaValidation', 'IpAddressType', 'RouteSelectionExpression']
const STAGE_PROPERTIES = ['AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings', 'StageVariables']
const PROPERTIES: ReadonlySet<string> = new Set([...API_PROPERTIES, ...STAGE_PROPERTIES, 'Auth', 'Domain', 'Name', 'PropagateTags', 'Routes', 'StageName', 'Tags'])
const MAPS = ['AccessLogSettings', 'Auth', 'DefaultRouteSettings', 'Domain', 'RouteSettings', 'Routes', 'StageVariables', 'Tags']
const DEFAULT_STAGE = 'default'

/** What SAM makes of an API. */
export interface ExpandedApi {
  readonly resources: readonly RawResource[]
  /** What `Ref` calls them beside their ids: `Chat.Stage`. */
  readonly names: ReadonlyMap<string, string>
}

/** Throws InvalidResource with SAM's words. Properties are as globals and values of parameters leave them. */
export function expandWebSocketApi (api: RawResource): ExpandedApi {
  const { id, properties } = api
  checkShape(api)
  const routes = Object.entries(properties['Routes'] as JsonObject)
  if (routes.length === 0) throw new InvalidResource('WebSocket API must have at least one route.')
  const { IpAddressType: ipAddressType } = properties
  if (ipAddressType !== undefined && intrinsicOf(ipAddressType) === undefined && ipAddressType !== 'ipv4' && ipAddressType !== 'dualstack') {
    throw new InvalidResource("IpAddressType must be 'ipv4' or 'dualstack'.")
  }
  const stageName = properties['StageName'] ?? DEFAULT_STAGE
  const stageId = `${id}${stageName === DEFAULT_STAGE ? 'Default' : typeof stageName === 'string' ? stageName : ''}Stage`
  const authorization = isObject(properties['Auth']) && Object.keys(properties['Auth']).length > 0
  const isAuthorizable = routes.some(([key]) => key === '$connect')
  if (authorization && !isAuthorizable) throw new InvalidResource('Authorization is only available if there is a $connect route.')
  const domain = expandDomain(api, stageId)
  if (stageName === '$default') throw new InvalidResource('Stages cannot be named $default for WebSocket APIs.')
  const ofRoutes = routes.map(([key, route]) => expandRoute(api, key, route, stageName))
  const resources = [
    createApi(api),
    ...ofRoutes.flat(),
    ...domain.resources,
    createStage(api, stageId, stageName, ofRoutes.map(([route]) => (route as RawResource).id)),
    ...expandAuthorization(api)?.resources ?? []
  ]
  return { resources, names: new Map([[`${id}.Stage`, stageId], ...domain.names]) }
}

function checkShape ({ type, properties }: RawResource): void {
  const unknown = Object.keys(properties).find((name) => !PROPERTIES.has(name))
  if (unknown !== undefined) throw new InvalidResource(`property ${unknown} not defined for resource of type ${type}`)
  for (const name of ['Routes', 'RouteSelectionExpression']) {
    if (properties[name] === undefined || properties[name] === null) throw new InvalidResource(`Missing required property '${name}'.`)
  }
  for (const name of MAPS) {
    if (properties[name] !== undefined && !isObject(properties[name])) throw new InvalidResource(`Property '${name}' should be a map.`)
  }
}

function createApi (api: RawResource): RawResource {
  const { id, properties } = api
  const own = [...API_PROPERTIES, 'Name', 'Tags'].map((name) => [name, [name]])
  return {
    ...createGeneratedResource(api, id, 'AWS::ApiGatewayV2::Api', {
      ...pick(properties, API_PROPERTIES),
      Name: properties['Name'] ?? id,
      ProtocolType: 'WEBSOCKET',
      Tags: tagsOf(properties['Tags'])
    }, [], Object.fromEntries(own)),
    dependsOn: api.dependsOn
  }
}

function createStage (api: RawResource, id: string, stageName: Json, routeIds: readonly string[]): RawResource {
  const { properties } = api
  const own = [...STAGE_PROPERTIES, 'StageName', 'Tags'].map((name) => [name, [name]])
  return {
    ...createGeneratedResource(api, id, 'AWS::ApiGatewayV2::Stage', {
      ApiId: { Ref: api.id },
      AutoDeploy: true,
      StageName: stageName,
      ...pick(properties, STAGE_PROPERTIES),
      Tags: propagatedTags(properties)
    }, [], Object.fromEntries(own)),
    // Settings of a route that is not there yet would be refused.
    dependsOn: properties['RouteSettings'] === undefined ? [] : routeIds
  }
}

/** Those that are there. */
function pick (source: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => Object.hasOwn(source, name) ? [[name, source[name] as Json]] : []))
}

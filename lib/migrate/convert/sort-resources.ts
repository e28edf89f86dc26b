// Tells the resources of the chosen API from all others, and reports the others: one entry each.
import { PROPERTIES } from '../properties/index.ts'
import { quote, sayName } from '../quote.ts'
import type { Resource } from '../resource.ts'
import { isWebSocketApi } from './choose-api.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { isFunction } from './names.ts'
import { suggest } from './nearest.ts'

const API = 'AWS::ApiGatewayV2::Api'
/** Types of the service that are no part of a WebSocket API. */
const OTHER_TYPES: readonly string[] = [
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides', 'AWS::ApiGatewayV2::PortalProduct', 'AWS::ApiGatewayV2::RoutingRule', 'AWS::ApiGatewayV2::VpcLink'
]

/** Functions are left out: whether they are needed is known last. */
export function sortResources (conversion: Conversion): ResourcesByType {
  const byType = new Map<string, Resource[]>()
  for (const resource of conversion.definition.resources) {
    if (!isOfApi(conversion, resource)) continue
    const others = byType.get(resource.type)
    if (others === undefined) byType.set(resource.type, [resource])
    else others.push(resource)
  }
  return (type) => byType.get(type) ?? []
}

function isOfApi (conversion: Conversion, resource: Resource): boolean {
  const { report, names, api } = conversion
  const { type, properties } = resource
  if (isFunction(resource)) return false
  if (!Object.hasOwn(PROPERTIES, type)) {
    reportOther(conversion, resource)
    return false
  }
  if (type === API) {
    if (resource === api) return true
    report.add('info', isWebSocketApi(resource)
      ? { code: 'api-not-chosen', message: `${resource.id} is another WebSocket API and was not imported`, hint: `name it in option api to import it instead of ${api.id}` }
      : { code: 'api-not-websocket', message: `${resource.id} is no WebSocket API and was not imported` }, resource)
    return false
  }
  // Without an ApiId the table says what is missing; keys, plans and domain names have none.
  if (!Object.hasOwn(PROPERTIES[type as keyof typeof PROPERTIES], 'ApiId') || typeof properties.ApiId !== 'string') return true
  const owner = names.find(properties.ApiId)
  if (owner === api) return true
  report.add(owner === undefined ? 'error' : 'info', owner === undefined
    ? { code: 'api-unknown', message: `${resource.id} belongs to the API ${quote(names.textOf(properties.ApiId))}, which the definition does not have, and was left out` }
    : { code: 'resource-of-other-api', message: `${resource.id} belongs to ${owner.id} and was not imported` }, resource, ['ApiId'])
  return false
}

function reportOther ({ report }: Conversion, resource: Resource): void {
  const { id, type } = resource
  if (type.startsWith('AWS::ApiGatewayV2::') && !OTHER_TYPES.includes(type)) {
    report.add('error', { code: 'resource-type-unknown', message: `${id} is of the unknown type ${sayName(type)}${suggest(type, Object.keys(PROPERTIES))}` }, resource)
    return
  }
  report.add('info', /^AWS::(ApiGateway::RestApi|Serverless::(Http)?Api)$/.test(type)
    ? { code: 'api-not-websocket', message: `${id} is no WebSocket API and was not imported` }
    : { code: 'resource-not-imported', message: `${id} is ${/^[AEIO]/i.test(type) ? 'an' : 'a'} ${sayName(type)} and was not imported` }, resource)
}

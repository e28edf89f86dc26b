// Which WebSocket API of a definition is imported.
import { DefinitionAmbiguousError } from '../../errors.ts'
import { quote } from '../quote.ts'
import type { Resource } from '../resource.ts'
import type { Names } from './names.ts'

const API = 'AWS::ApiGatewayV2::Api'

/** Whether a resource is a WebSocket API, or was to be one and does not say so. */
export function isWebSocketApi ({ type, properties }: Resource): boolean {
  return type === API && (properties.ProtocolType === 'WEBSOCKET' ||
    (properties.ProtocolType === undefined && properties.RouteSelectionExpression !== undefined))
}

/** Throws AGW_ERR_MIGRATE_AMBIGUOUS where there is none, or several and none is named. */
export function chooseApi (resources: readonly Resource[], names: Names, wanted: string | undefined): Resource {
  const apis = resources.filter(isWebSocketApi)
  if (wanted === undefined) {
    if (apis.length === 1) return apis[0] as Resource
    throw new DefinitionAmbiguousError(apis.length === 0 ? describeNone(resources) : `Definition has ${list(apis, names)}; name one in option api`)
  }
  const byId = apis.find(({ id }) => id === wanted)
  if (byId !== undefined) return byId
  const byName = apis.filter((api) => nameOfApi(api, names) === wanted)
  if (byName.length === 1) return byName[0] as Resource
  throw new DefinitionAmbiguousError(byName.length > 1
    ? `Definition has several WebSocket APIs by the name ${quote(wanted)}: ${list(byName, names)}; name one by its id in option api`
    : apis.length === 0 ? describeNone(resources) : `Definition has no WebSocket API ${quote(wanted)}; it has ${list(apis, names)}`)
}

function nameOfApi ({ properties }: Resource, names: Names): string | undefined {
  return typeof properties.Name === 'string' ? names.textOf(properties.Name) : undefined
}

function list (apis: readonly Resource[], names: Names): string {
  return `the WebSocket API${apis.length === 1 ? '' : 's'} ${apis.map((api) => {
    const name = nameOfApi(api, names)
    return name === undefined || name === api.id ? api.id : `${api.id} (${name})`
  }).join(', ')}`
}

function describeNone (resources: readonly Resource[]): string {
  const route = resources.find(({ type }) => type === 'AWS::ApiGatewayV2::Route')
  if (route !== undefined && !resources.some(({ type }) => type === API)) {
    return `Definition has routes, such as ${route.id}, of an API that it does not define: what API Gateway must know of the API itself is missing`
  }
  const others = resources.filter(({ type }) => type === API || /^AWS::(ApiGateway::RestApi|Serverless::(Http)?Api)$/.test(type))
  return `Definition has no WebSocket API${others.length === 0 ? '' : `; it has ${others.map(({ id, type }) => `${id} (${type === API ? 'HTTP API' : type})`).join(', ')}`}`
}

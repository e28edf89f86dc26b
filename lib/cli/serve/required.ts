// What a definition's integrations and authorizers call: functions and actions of services.
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import { isLambdaUri, readLambdaUri, readServiceUri } from '../../integration/index.ts'
import { hasStageVariables, replaceStageVariables } from '../../mapping/index.ts'

/** What is called, and by whom: `sqs:SendMessage` by `integrations.orders`. */
export type Required = ReadonlyMap<string, readonly string[]>

export interface RequiredBindings {
  readonly functions: Required
  readonly services: Required
}

interface Caller {
  readonly place: string
  readonly uri: string
}

/** A URI that cannot be read is for registration to refuse. */
export function listRequired (options: ApiGatewayWebSocketOptions): RequiredBindings {
  const functions = new Map<string, string[]>()
  const services = new Map<string, string[]>()
  const stages = options.stages ?? [{ stageVariables: undefined }]
  for (const { place, uri } of listCallers(options)) {
    const uris = hasStageVariables(uri) ? stages.map(({ stageVariables }) => replaceStageVariables(uri, stageVariables)) : [uri]
    for (const text of new Set(uris)) {
      if (isLambdaUri(text)) add(functions, readOrNothing(() => readLambdaUri(text).functionName), place)
      else add(services, readOrNothing(() => nameService(text)), place)
    }
  }
  return { functions, services }
}

function listCallers ({ integrations = {}, routes = {}, authorizers = {} }: ApiGatewayWebSocketOptions): Caller[] {
  const all: Array<[string, unknown]> = [
    ...Object.entries(integrations).map(([id, one]): [string, unknown] => [`integrations.${id}`, one]),
    ...Object.entries(routes).map(([routeKey, { integration }]): [string, unknown] => [`routes.${routeKey}.integration`, integration])
  ]
  const called = all.flatMap(([place, one]) => {
    const { integrationType = 'AWS_PROXY', integrationUri: uri } = (one ?? {}) as { integrationType?: string, integrationUri?: string }
    return uri !== undefined && integrationType.startsWith('AWS') ? [{ place, uri }] : []
  })
  const asked = Object.entries(authorizers).flatMap(([name, one]) => {
    const { authorizerUri: uri } = one as { authorizerUri?: string }
    return uri === undefined ? [] : [{ place: `authorizers.${name}`, uri }]
  })
  return [...called, ...asked]
}

/** `sqs:*` of a URI that names a path: the request says which action it is. */
function nameService (uri: string): string {
  const { service, action } = readServiceUri(uri)
  return `${service}:${action ?? '*'}`
}

function add (names: Map<string, string[]>, name: string | undefined, place: string): void {
  if (name !== undefined) names.set(name, [...names.get(name) ?? [], place])
}

function readOrNothing (read: () => string): string | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

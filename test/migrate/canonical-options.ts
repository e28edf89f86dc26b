// Options in one spelling: what may be written in several ways, and ids that a template has its own of, made alike.
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { invocation } from './every-option.ts'

/** `AWS::StackName`, after which an API without a name is named. */
export const STACK_NAME = 'stack'
const MODELS_URL = /(https:\/\/apigateway\.amazonaws\.com\/(?:rest)?apis\/)[^/"]+(\/models\/)/g

/** What a handler of the options becomes in a template: the function of that name. */
export type NameOfHandler = (handler: Function) => string

export function canonicalOptions (given: ApiGatewayWebSocketOptions, nameOfHandler: NameOfHandler = () => { throw new Error('a handler') }): unknown {
  const options = structuredCopy(given) as any
  const integrations = new Map<string, unknown>(Object.entries<any>(options.integrations ?? {}).map(([id, integration]) => [id, canonicalIntegration(integration, nameOfHandler)]))
  const targeted = new Set<string>()
  const routes = Object.entries<any>(options.routes ?? {}).map(([routeKey, { target, integration, ...route }]) => {
    const id = target?.replace(/^integrations\//, '')
    if (id !== undefined) targeted.add(id)
    return [routeKey, canonicalRoute({
      ...route,
      integration: id === undefined ? integration && canonicalIntegration(integration, nameOfHandler) : integrations.get(id)
    })]
  })
  const keys = new Map(Object.entries<any>(options.apiKeys ?? {}).map(([id, key]) => [id, text(canonicalKey(key, options.apiId))]))
  const canonical = {
    // API Gateway asks for a name.
    name: options.name ?? STACK_NAME,
    ...pick(options, ['description', 'version', 'ipAddressType', 'tags', 'routeSelectionExpression', 'apiKeySelectionExpression']),
    disableExecuteApiEndpoint: options.disableExecuteApiEndpoint,
    disableSchemaValidation: options.disableSchemaValidation,
    stages: options.stages ?? [{ stageName: options.stage }],
    routes: Object.fromEntries(routes),
    // Those that no route targets.
    spare: [...integrations].filter(([id]) => !targeted.has(id)).map(([, integration]) => text(integration)).sort(),
    models: Object.fromEntries((Array.isArray(options.models) ? options.models : Object.entries(options.models ?? {}).map(([name, schema]) => ({ name, schema })))
      .map(({ name, schema, ...model }: any) => [name, { ...model, schema: ordered(schema) }])),
    authorizers: Object.fromEntries(Object.entries<any>(options.authorizers ?? {}).map(([name, { handler, ...authorizer }]) =>
      [name, { authorizerType: 'REQUEST', ...authorizer, ...(handler === undefined ? {} : { authorizerUri: invocation(nameOfHandler(handler)) }) }])),
    apiKeys: [...keys.values()].sort(),
    usagePlans: Object.values<any>(options.usagePlans ?? {}).map((plan) => text(canonicalPlan(plan, keys, options.apiId))).sort(),
    domainNames: Object.fromEntries((options.domainNames ?? []).map(({ domainName, apiMappings, apiMappingSelectionExpression, ...domain }: any) =>
      [domainName, { ...domain, apiMappings: apiMappings.map(({ apiMappingKey = '', stage }: any) => `${apiMappingKey} → ${stage}`).sort() }]))
  }
  const apiId = options.apiId as string | undefined
  return sorted(JSON.parse(apiId === undefined ? JSON.stringify(canonical) : JSON.stringify(canonical).replaceAll(apiId, '(API)')))
}

/** Functions are what they are; all else is copied, so that nothing here changes what was given. */
function structuredCopy (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => [name, structuredCopy(member)]))
}

function pick (from: any, names: string[]): object {
  return Object.fromEntries(names.map((name) => [name, from[name]]))
}

function canonicalIntegration ({ handler, connectionId, tlsConfig, integrationResponseSelectionExpression, ...integration }: any, nameOfHandler: NameOfHandler): unknown {
  const { integrationType = 'AWS_PROXY' } = integration
  return {
    ...(integrationType === 'AWS' || integrationType === 'AWS_PROXY' ? { integrationMethod: 'POST' } : {}),
    ...integration,
    integrationType,
    ...(handler === undefined ? {} : { integrationUri: invocation(nameOfHandler(handler)) })
  }
}

function canonicalRoute ({ routeResponses, requestParameters, ...route }: any): unknown {
  const required = (given: any): unknown => Object.fromEntries(Object.entries<any>(given).map(([name, value]) => [name, (value?.required ?? value) === true]))
  const responses = routeResponses ?? (route.routeResponseSelectionExpression === undefined ? {} : { $default: {} })
  const { responseParameters, ...response } = responses.$default ?? {}
  return {
    ...route,
    ...(requestParameters === undefined ? {} : { requestParameters: required(requestParameters) }),
    routeResponses: responses.$default === undefined ? {} : { $default: { ...response, ...(responseParameters === undefined ? {} : { responseParameters: required(responseParameters) }) } }
  }
}

function canonicalKey (key: any, apiId: string): unknown {
  return { enabled: true, ...key, ...(key.stageKeys === undefined ? {} : { stageKeys: key.stageKeys.map((stageKey: any) => ({ ...stageKey, ...(stageKey.restApiId === apiId ? { restApiId: '(API)' } : {}) })) }) }
}

function canonicalPlan ({ apiKeys = [], apiStages, ...plan }: any, keys: ReadonlyMap<string, string>, ownId: string): unknown {
  return {
    ...plan,
    apiKeys: apiKeys.map((id: string) => keys.get(id)).sort(),
    ...(apiStages === undefined ? {} : { apiStages: apiStages.map(({ apiId = ownId, ...stage }: any) => ({ apiId: apiId === ownId ? '(API)' : apiId, ...stage })) })
  }
}

/** Schemas keep the order of their names. */
const ordered = (schema: unknown): string => JSON.stringify(schema).replace(MODELS_URL, '$1(API)$2')
const text = (value: unknown): string => JSON.stringify(sorted(value))

export function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => a < b ? -1 : 1).map(([name, member]) => [name, sorted(member)]))
}

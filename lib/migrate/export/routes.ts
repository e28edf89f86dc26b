// Routes with their responses as resources.
import type { IntegrationOptions, RouteDefinition, RouteResponseOptions } from '../../../types/index.js'
import { DEFAULT_ROUTE_KEY } from '../../definition.ts'
import type { DeclaredApi } from '../declared-api.ts'
import { PROPERTIES } from '../properties/index.ts'
import type { JsonObject } from '../resource.ts'
import type { Integrations } from './integrations.ts'
import type { ModelResources } from './models.ts'
import { at, below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import { writeText } from './value.ts'
import type { TemplateReference } from './value.ts'
import { writeProperties } from './write-properties.ts'

export interface RouteParts {
  readonly integrations: Integrations
  readonly models: ModelResources
  /** Authorizers by name. */
  readonly authorizers: ReadonlyMap<string, TemplateReference>
}

/** Adds routes, integrations and responses; gives the ids that deployments come after. */
export function addRoutes (draft: TemplateDraft, { options, routes }: DeclaredApi, parts: RouteParts): string[] {
  const shared = new Map(Object.entries(options.integrations ?? {}).map(([id, definition]) =>
    [id, parts.integrations.add({ definition: definition as IntegrationOptions, name: id, place: at(`integrations.${id}`) })]))
  const ids: string[] = []
  for (const [routeKey, definition] of routes) {
    const place = at(`routes.${routeKey}`)
    const target = targetOf(draft, routeKey, definition, place, shared, parts)
    const id = draft.ids.create(routeKey, 'Route')
    const { requestModels, ...models } = writeModels(routeKey, definition, place, parts.models)
    const { authorizerId } = definition
    draft.add(id, 'AWS::ApiGatewayV2::Route', {
      ApiId: { Ref: draft.api.id },
      RouteKey: draft.literal(routeKey, place),
      ...writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::Route'], { ...definition, requestModels, requestParameters: readParameters(definition) }, place),
      ...(authorizerId === undefined ? undefined : { AuthorizerId: { Ref: parts.authorizers.get(authorizerId)?.id ?? authorizerId } }),
      ...(target === undefined ? undefined : { Target: writeText(['integrations/', target]) })
    }, models.dependsOn)
    ids.push(id, ...addResponses(draft, id, definition, place))
  }
  return [...ids, ...parts.integrations.responseIds]
}

function targetOf (
  draft: TemplateDraft, routeKey: string, { target, integration }: RouteDefinition, place: Place,
  shared: ReadonlyMap<string, TemplateReference>, { integrations }: RouteParts
): TemplateReference | undefined {
  if (target !== undefined) return shared.get(target.replace(/^integrations\//, ''))
  if (integration !== undefined) {
    return integrations.add({ definition: integration as IntegrationOptions, name: routeKey, place: below(place, 'integration') })
  }
  draft.tell('warning', place, 'route-without-target', `${printPlace(place)} has no integration: its messages are accepted and nothing is sent`)
  return undefined
}

/** Models by name, and the resources that must be there before. */
function writeModels (
  routeKey: string, { requestModels }: RouteDefinition, place: Place, models: ModelResources
): { requestModels?: Record<string, string>, dependsOn: string[] } {
  if (requestModels === undefined) return { dependsOn: [] }
  const names = Object.entries(requestModels).map(([key, model]) =>
    [key, models.nameOf(model, routeKey, key, below(place, 'requestModels', key))] as const)
  return { requestModels: Object.fromEntries(names), dependsOn: models.idsOf(names.map(([, name]) => name)) }
}

function readParameters ({ requestParameters }: RouteDefinition): Record<string, { required: boolean }> | undefined {
  if (requestParameters === undefined) return undefined
  return requireOrNot(requestParameters)
}

/** The expression alone makes a route two-way here; on API Gateway it takes a route response as well. */
function addResponses (
  draft: TemplateDraft, routeId: string, { routeResponses, routeResponseSelectionExpression }: RouteDefinition, place: Place
): string[] {
  const given: Record<string, RouteResponseOptions | undefined> =
    routeResponses ?? (routeResponseSelectionExpression === undefined ? {} : { [DEFAULT_ROUTE_KEY]: {} })
  const response = given[DEFAULT_ROUTE_KEY]
  if (response === undefined) return []
  const id = draft.ids.take(`${routeId}Response`)
  const { responseParameters } = response
  const properties: JsonObject = writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::RouteResponse'], {
    ...response,
    ...(responseParameters === undefined ? undefined : { responseParameters: requireOrNot(responseParameters) })
  }, below(place, 'routeResponses', DEFAULT_ROUTE_KEY))
  draft.add(id, 'AWS::ApiGatewayV2::RouteResponse', {
    ApiId: { Ref: draft.api.id }, RouteId: { Ref: routeId }, RouteResponseKey: DEFAULT_ROUTE_KEY, ...properties
  })
  return [id]
}

/** `true` stands for `{ required: true }`, and absence for false. */
function requireOrNot (parameters: Readonly<Record<string, { required?: boolean } | boolean>>): Record<string, { required: boolean }> {
  return Object.fromEntries(Object.entries(parameters).map(([name, given]) =>
    [name, { required: typeof given === 'boolean' ? given : given.required === true }]))
}

// Route responses: with one under `$default`, what an integration answers goes back to the client.
import { DEFAULT_ROUTE_KEY } from '../../definition.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { readExpression } from './conversion.ts'

/** By the id of the route. */
export function convertRouteResponses (conversion: Conversion, byType: ResourcesByType): Map<string, JsonObject> {
  const { report, reader, names } = conversion
  const responses = new Map<string, JsonObject>()
  const routes = new Set(byType('AWS::ApiGatewayV2::Route'))
  for (const resource of byType('AWS::ApiGatewayV2::RouteResponse')) {
    const { options: { routeResponseKey, ...options }, joins: { RouteId } } = reader.read(resource)
    if (routeResponseKey === undefined || RouteId === undefined) continue
    const route = names.find(RouteId)
    if (route === undefined || !routes.has(route)) {
      report.refuse({ code: 'route-unknown', message: `${nameOfProperty(resource, ['RouteId'])} names ${quote(names.textOf(RouteId))}, which is no route of the API` }, resource, ['RouteId'])
      continue
    }
    if (routeResponseKey !== DEFAULT_ROUTE_KEY) {
      report.refuse({ code: 'route-response-key', message: `${nameOfProperty(resource, ['RouteResponseKey'])} is ${quote(routeResponseKey)}; it must be $default` }, resource, ['RouteResponseKey'])
      continue
    }
    if (responses.has(route.id)) {
      report.refuse({ code: 'route-response-duplicate', message: `RouteResponse with key $default already exists for the route ${route.id}` }, resource, ['RouteResponseKey'])
      continue
    }
    responses.set(route.id, { [routeResponseKey]: options })
  }
  return responses
}

/** A response goes back where a route response `$default` exists; the expression alone does not make one. */
export function checkResponses (
  conversion: Conversion, resource: Resource, { routeResponseSelectionExpression }: JsonObject, responses: JsonObject | undefined
): void {
  readExpression(conversion, 'routeResponse', routeResponseSelectionExpression, resource, ['RouteResponseSelectionExpression'])
  if (routeResponseSelectionExpression !== undefined && responses === undefined) {
    conversion.report.add('warning', {
      code: 'route-response-missing',
      message: `${resource.id} has a RouteResponseSelectionExpression and no RouteResponse: clients get no answer`,
      hint: 'add an AWS::ApiGatewayV2::RouteResponse with the key $default'
    }, resource, ['RouteResponseSelectionExpression'])
  }
  if (routeResponseSelectionExpression === undefined && responses !== undefined) {
    conversion.report.add('info', {
      code: 'route-response-without-expression',
      message: `${resource.id} has a RouteResponse and no RouteResponseSelectionExpression: clients do get an answer`
    }, resource)
  }
}

// The table of resources that make a WebSocket API: every property of each, its type, and what becomes of it.
import { API_KEY, USAGE_PLAN, USAGE_PLAN_KEY } from './api-keys.ts'
import type { PropertyTable } from './property.ts'
import {
  API, API_MAPPING, AUTHORIZER, DEPLOYMENT, DOMAIN_NAME, INTEGRATION, INTEGRATION_RESPONSE, MODEL, ROUTE, ROUTE_RESPONSE, STAGE
} from './web-socket-api.ts'

export type { Fate, Property, PropertyTable, PropertyType } from './property.ts'

/** By the type of the resource. */
export const PROPERTIES = {
  'AWS::ApiGatewayV2::Api': API,
  'AWS::ApiGatewayV2::Route': ROUTE,
  'AWS::ApiGatewayV2::RouteResponse': ROUTE_RESPONSE,
  'AWS::ApiGatewayV2::Integration': INTEGRATION,
  'AWS::ApiGatewayV2::IntegrationResponse': INTEGRATION_RESPONSE,
  'AWS::ApiGatewayV2::Model': MODEL,
  'AWS::ApiGatewayV2::Authorizer': AUTHORIZER,
  'AWS::ApiGatewayV2::Stage': STAGE,
  'AWS::ApiGatewayV2::Deployment': DEPLOYMENT,
  'AWS::ApiGatewayV2::DomainName': DOMAIN_NAME,
  'AWS::ApiGatewayV2::ApiMapping': API_MAPPING,
  'AWS::ApiGateway::ApiKey': API_KEY,
  'AWS::ApiGateway::UsagePlan': USAGE_PLAN,
  'AWS::ApiGateway::UsagePlanKey': USAGE_PLAN_KEY
} as const satisfies Readonly<Record<string, PropertyTable>>

export type GatewayType = keyof typeof PROPERTIES

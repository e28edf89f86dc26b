// Every property of the resources AWS::ApiGatewayV2::*.
import {
  MODEL_NAME_PATTERN, STAGE_VARIABLE_VALUE_PATTERN
} from '../../definition.ts'
import {
  carried, dropped, flag, httpOnly, integer, join, json, jsonObject, listOf, mapOf, number, object, oneOf, option, optional, required, text
} from './property.ts'
import type { PropertyTable } from './property.ts'

const description = carried(text({ maxLength: 1024 }))
const tagMap = carried(mapOf(text({ maxLength: 1600 })))
const contentHandling = option(oneOf('CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'))
const templates = option(mapOf(text({ maxLength: 307_200 })))
const parameters = option(mapOf(text()))
const expression = option(text())
const modelNames = mapOf(text({ pattern: MODEL_NAME_PATTERN, allowed: 'letters and digits, at most 128' }))
const requiredOnes = { Required: option(flag) }
const ipAddressType = carried(oneOf('ipv4', 'dualstack'))

export const API: PropertyTable = {
  Name: required(option(text({ minLength: 1, maxLength: 128 }))),
  ProtocolType: required({ type: oneOf('WEBSOCKET', 'HTTP'), fate: 'join' }),
  RouteSelectionExpression: expression,
  ApiKeySelectionExpression: expression,
  Description: description,
  DisableExecuteApiEndpoint: option(flag),
  DisableSchemaValidation: option(flag),
  IpAddressType: ipAddressType,
  Version: carried(text({ minLength: 1, maxLength: 64 })),
  Tags: tagMap,
  BasePath: httpOnly,
  Body: httpOnly,
  BodyS3Location: httpOnly,
  CorsConfiguration: httpOnly,
  CredentialsArn: httpOnly,
  FailOnWarnings: httpOnly,
  RouteKey: httpOnly,
  Target: httpOnly
}

export const ROUTE: PropertyTable = {
  ApiId: join(),
  RouteKey: required(option(text())),
  Target: optional(join()),
  AuthorizationType: option(text()),
  AuthorizerId: optional(join()),
  ApiKeyRequired: option(flag),
  OperationName: carried(text({ maxLength: 64 })),
  ModelSelectionExpression: expression,
  RequestModels: option(modelNames),
  RequestParameters: option(mapOf(jsonObject(requiredOnes))),
  RouteResponseSelectionExpression: expression,
  AuthorizationScopes: httpOnly
}

export const ROUTE_RESPONSE: PropertyTable = {
  ApiId: join(),
  RouteId: join(),
  RouteResponseKey: required(option(text())),
  ModelSelectionExpression: carried(text()),
  ResponseModels: carried(modelNames),
  ResponseParameters: carried(mapOf(object(requiredOnes)))
}

export const INTEGRATION: PropertyTable = {
  ApiId: join(),
  IntegrationType: required(option(oneOf('AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK'))),
  IntegrationUri: option(text({ maxLength: 2048 })),
  IntegrationMethod: option(text({ pattern: '^[A-Z]{1,64}$', allowed: 'an HTTP method in capitals, or ANY' })),
  ConnectionType: carried(oneOf('INTERNET', 'VPC_LINK')),
  ConnectionId: carried(text({ maxLength: 1024 })),
  CredentialsArn: carried(text()),
  Description: description,
  RequestParameters: parameters,
  RequestTemplates: templates,
  TemplateSelectionExpression: expression,
  PassthroughBehavior: option(oneOf('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER')),
  ContentHandlingStrategy: contentHandling,
  TimeoutInMillis: option(integer()),
  PayloadFormatVersion: carried(text()),
  IntegrationSubtype: httpOnly,
  ResponseParameters: httpOnly,
  TlsConfig: httpOnly
}

export const INTEGRATION_RESPONSE: PropertyTable = {
  ApiId: join(),
  IntegrationId: join(),
  IntegrationResponseKey: required(option(text())),
  ContentHandlingStrategy: contentHandling,
  ResponseParameters: parameters,
  ResponseTemplates: templates,
  TemplateSelectionExpression: expression
}

export const MODEL: PropertyTable = {
  ApiId: join(),
  Name: required(option(text({ pattern: MODEL_NAME_PATTERN, allowed: 'letters and digits, at most 128' }))),
  Schema: required(option(json)),
  ContentType: carried(text({ minLength: 1, maxLength: 256 })),
  Description: description
}

export const AUTHORIZER: PropertyTable = {
  ApiId: join(),
  Name: required(option(text({ minLength: 1, maxLength: 128 }))),
  AuthorizerType: required(option(text())),
  AuthorizerUri: required(option(text({ minLength: 1, maxLength: 2048 }))),
  AuthorizerCredentialsArn: carried(text()),
  IdentitySource: option(listOf(text())),
  AuthorizerPayloadFormatVersion: httpOnly,
  AuthorizerResultTtlInSeconds: httpOnly,
  EnableSimpleResponses: httpOnly,
  IdentityValidationExpression: httpOnly,
  JwtConfiguration: httpOnly
}

const routeSettings: PropertyTable = {
  DataTraceEnabled: carried(flag),
  DetailedMetricsEnabled: carried(flag),
  LoggingLevel: carried(oneOf('ERROR', 'INFO', 'OFF')),
  ThrottlingBurstLimit: option(integer(0)),
  ThrottlingRateLimit: option(number(0))
}

export const STAGE: PropertyTable = {
  ApiId: join(),
  StageName: required(option(text())),
  DeploymentId: dropped(text()),
  AutoDeploy: carried(flag),
  Description: description,
  StageVariables: option({
    kind: 'map',
    of: text({ pattern: STAGE_VARIABLE_VALUE_PATTERN, allowed: 'letters, digits and - . _ ~ : / ? # & = , at most 512' })
  }),
  ClientCertificateId: carried(text()),
  AccessPolicyId: carried(text()),
  AccessLogSettings: option(object({ DestinationArn: carried(text()), Format: carried(text()) })),
  DefaultRouteSettings: option(object(routeSettings)),
  RouteSettings: option(mapOf(jsonObject(routeSettings))),
  Tags: tagMap
}

export const DEPLOYMENT: PropertyTable = {
  ApiId: join(),
  Description: dropped(text()),
  StageName: dropped(text())
}

export const DOMAIN_NAME: PropertyTable = {
  DomainName: required(option(text())),
  DomainNameConfigurations: option(listOf(object({
    CertificateArn: carried(text()),
    CertificateName: carried(text()),
    EndpointType: carried(oneOf('EDGE', 'REGIONAL')),
    IpAddressType: ipAddressType,
    OwnershipVerificationCertificateArn: carried(text()),
    SecurityPolicy: carried(oneOf('TLS_1_0', 'TLS_1_2'))
  }))),
  RoutingMode: carried(oneOf('API_MAPPING_ONLY', 'ROUTING_RULE_ONLY', 'ROUTING_RULE_THEN_API_MAPPING')),
  Tags: tagMap,
  MutualTlsAuthentication: httpOnly
}

export const API_MAPPING: PropertyTable = {
  ApiId: join(),
  DomainName: required(option(text())),
  Stage: required(option(text())),
  ApiMappingKey: option(text({ maxLength: 300 }))
}

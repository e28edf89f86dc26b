// Judges templates without AWS: names, types and required properties by the service spec, enums by the SDK, and what
// neither knows, the rules of WebSocket APIs. Gives what is wrong, each with its place; nothing where nothing is.
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import {
  AuthorizationType, AuthorizerType, ConnectionType, ContentHandlingStrategy, EndpointType, IntegrationType, IpAddressType,
  LoggingLevel, PassthroughBehavior, ProtocolType, RoutingMode, SecurityPolicy
} from '@aws-sdk/client-apigatewayv2'

const spec = loadAwsServiceSpecSync()

export interface Template {
  Transform?: unknown
  Parameters?: Record<string, any>
  Resources: Record<string, { Type: string, DependsOn?: string | string[], Properties?: Record<string, any>, [attribute: string]: unknown }>
  Outputs?: Record<string, any>
  [section: string]: unknown
}

type Tell = (place: string, what: string) => void

/** By type and property, or by property alone where all resources agree. */
const ENUMS: Record<string, readonly string[]> = {
  ProtocolType: Object.values(ProtocolType),
  IpAddressType: Object.values(IpAddressType),
  AuthorizationType: Object.values(AuthorizationType).filter((type) => type !== 'JWT'),
  AuthorizerType: Object.values(AuthorizerType).filter((type) => type !== 'JWT'),
  IntegrationType: Object.values(IntegrationType),
  ConnectionType: Object.values(ConnectionType).filter((type) => type !== 'VPC_LINK'),
  PassthroughBehavior: Object.values(PassthroughBehavior),
  ContentHandlingStrategy: Object.values(ContentHandlingStrategy),
  LoggingLevel: Object.values(LoggingLevel),
  EndpointType: Object.values(EndpointType),
  SecurityPolicy: Object.values(SecurityPolicy),
  RoutingMode: Object.values(RoutingMode),
  PayloadFormatVersion: ['1.0'],
  RouteResponseSelectionExpression: ['$default'],
  RouteResponseKey: ['$default'],
  KeyType: ['API_KEY'],
  Period: ['DAY', 'WEEK', 'MONTH']
}
const HTTP_ONLY: Record<string, readonly string[]> = {
  Api: ['Body', 'BodyS3Location', 'BasePath', 'CorsConfiguration', 'CredentialsArn', 'FailOnWarnings', 'RouteKey', 'Target'],
  Route: ['AuthorizationScopes'],
  Integration: ['ConnectionId', 'IntegrationSubtype', 'ResponseParameters', 'TlsConfig'],
  Authorizer: ['JwtConfiguration', 'AuthorizerResultTtlInSeconds', 'AuthorizerPayloadFormatVersion', 'EnableSimpleResponses', 'IdentityValidationExpression'],
  DomainName: ['MutualTlsAuthentication']
}
const ROUTE_SETTINGS = ['DataTraceEnabled', 'DetailedMetricsEnabled', 'LoggingLevel', 'ThrottlingBurstLimit', 'ThrottlingRateLimit']
const V2 = 'AWS::ApiGatewayV2::'
const GATEWAY = /^AWS::(?:ApiGatewayV2|ApiGateway|Lambda|Serverless)::/
const PSEUDO_PARAMETERS = ['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`)
/** What SAM adds to its functions. */
const SAM_ATTRIBUTES = ['Alias', 'Version']

export function checkTemplate (template: Template): string[] {
  const findings: string[] = []
  const tell: Tell = (place, what) => { findings.push(`${place}: ${what}`) }
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(id)) tell(id, 'a logical id has letters and digits')
    for (const other of dependsOn(resource)) if (!Object.hasOwn(template.Resources, other)) tell(id, `DependsOn names ${other}, which is not there`)
    checkReferences(template, resource.Properties ?? {}, id, tell)
    if (GATEWAY.test(resource.Type)) checkProperties(resource, id, tell)
  }
  checkReferences(template, template.Outputs ?? {}, 'Outputs', tell)
  for (const [id, { Type }] of Object.entries(template.Resources)) if (Type === `${V2}Api`) new WebSocketRules(template, id, tell).check()
  return findings
}

function dependsOn ({ DependsOn = [] }: Template['Resources'][string]): string[] {
  return [DependsOn].flat()
}

/* References */

function isIntrinsic (value: unknown): value is Record<string, any> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const names = Object.keys(value)
  return names.length === 1 && /^(?:Ref|Fn::\w+)$/.test(names[0] as string)
}

/** What a value refers to: an id, and the attribute of a GetAtt. */
function referencesOf (value: unknown): Array<[id: string, attribute: string | undefined]> {
  if (Array.isArray(value)) return value.flatMap(referencesOf)
  if (typeof value !== 'object' || value === null) return []
  if (isIntrinsic(value)) {
    if ('Ref' in value) return [[value.Ref, undefined]]
    if ('Fn::GetAtt' in value) {
      const [id, ...attribute] = Array.isArray(value['Fn::GetAtt']) ? value['Fn::GetAtt'] : value['Fn::GetAtt'].split('.')
      return [[id, attribute.join('.')]]
    }
    if ('Fn::Sub' in value) {
      const [text, own = {}] = [value['Fn::Sub']].flat()
      return [...text.matchAll(/\$\{(?!!)([^}]*)\}/g)]
        .map(([, name]: any) => name.split(/\.(.*)/s) as [string, string | undefined])
        .filter(([id]) => !Object.hasOwn(own, id)).concat(referencesOf(own))
    }
  }
  return Object.values(value).flatMap(referencesOf)
}

function checkReferences (template: Template, value: unknown, place: string, tell: Tell): void {
  for (const [id, attribute] of referencesOf(value)) {
    const resource = Object.hasOwn(template.Resources, id) ? template.Resources[id] : undefined
    if (resource === undefined) {
      if (attribute !== undefined || !(PSEUDO_PARAMETERS.includes(id) || Object.hasOwn(template.Parameters ?? {}, id))) tell(place, `refers to ${id}, which is not there`)
      continue
    }
    const known = spec.lookup('resource', 'cloudFormationType', 'equals', resource.Type)[0]
    if (attribute === undefined || known === undefined || resource.Type.startsWith('AWS::Serverless::')) {
      if (attribute !== undefined && resource.Type === 'AWS::Serverless::Function' && attribute !== 'Arn' && !SAM_ATTRIBUTES.includes(attribute)) tell(place, `refers to ${id}.${attribute}, which functions do not have`)
      continue
    }
    if (!Object.hasOwn(known.attributes, attribute) && !Object.hasOwn(known.properties, attribute)) tell(place, `refers to ${id}.${attribute}, which ${resource.Type} does not have`)
  }
}

/* Properties by the service spec */

function checkProperties ({ Type, Properties = {} }: Template['Resources'][string], id: string, tell: Tell): void {
  const resource = spec.lookup('resource', 'cloudFormationType', 'equals', Type)[0]
  if (resource === undefined) return tell(id, `${Type} is unknown`)
  checkMembers(resource.properties, Properties, id, tell, Type)
}

function checkMembers (known: Record<string, any>, given: Record<string, unknown>, place: string, tell: Tell, type = ''): void {
  const httpOnly = type.startsWith(V2) ? HTTP_ONLY[type.slice(V2.length)] ?? [] : []
  for (const [name, value] of Object.entries(given)) {
    const here = `${place}.${name}`
    if (!Object.hasOwn(known, name)) tell(here, 'is unknown')
    else if (httpOnly.includes(name)) tell(here, 'is for HTTP APIs')
    else checkType(known[name].type, value, here, tell)
    checkEnum(type, name, value, here, tell)
  }
  for (const [name, { required }] of Object.entries(known)) if (required === true && given[name] === undefined) tell(`${place}.${name}`, 'is missing')
}

function checkEnum (type: string, name: string, value: unknown, place: string, tell: Tell): void {
  if (typeof value !== 'string' || !Object.hasOwn(ENUMS, name) || (type !== '' && !type.startsWith('AWS::ApiGateway'))) return
  const allowed = ENUMS[name] as readonly string[]
  if (!allowed.includes(value)) tell(place, `is ${value}; it must be ${allowed.join(', ')}`)
}

/** Deployments refuse a null anywhere. */
function hasNull (value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(hasNull))
}

function checkType (type: any, value: unknown, place: string, tell: Tell): void {
  if (hasNull(value)) return tell(place, 'has a null')
  if (isIntrinsic(value)) return
  const is = (right: boolean): void => { if (!right) tell(place, `is ${JSON.stringify(value)}; it must be of type ${type.type}`) }
  const isMap = typeof value === 'object' && !Array.isArray(value)
  switch (type.type) {
    case 'string': return is(typeof value === 'string')
    case 'boolean': return is(typeof value === 'boolean')
    case 'integer': return is(Number.isInteger(value))
    case 'number': return is(typeof value === 'number')
    case 'json': return is(typeof value === 'object' || typeof value === 'string')
    case 'tag': return is(isMap && typeof (value as any).Key === 'string' && typeof (value as any).Value === 'string' && Object.keys(value as object).length === 2)
    case 'array':
      if (!Array.isArray(value)) return is(false)
      return value.forEach((item, i) => { checkType(type.element, item, `${place}[${i}]`, tell) })
    case 'map':
      if (!isMap) return is(false)
      return Object.entries(value as object).forEach(([key, item]) => { checkType(type.element, item, `${place}.${key}`, tell) })
    case 'ref':
      if (!isMap) return is(false)
      return checkMembers((spec.get('typeDefinition', type.reference.$ref) as any).properties, value as Record<string, unknown>, place, tell)
    case 'union': {
      const findings = type.types.map((option: any) => {
        const told: string[] = []
        checkType(option, value, place, (at, what) => { told.push(`${at}: ${what}`) })
        return told
      })
      if (findings.every((told: string[]) => told.length > 0)) tell(place, `fits none of its types: ${findings[0][0]}`)
    }
  }
}

/* WebSocket APIs */

interface Found { readonly id: string, readonly properties: Record<string, any>, readonly resource: Template['Resources'][string] }

class WebSocketRules {
  readonly #template: Template
  readonly #apiId: string
  readonly #tell: Tell

  constructor (template: Template, apiId: string, tell: Tell) {
    this.#template = template
    this.#apiId = apiId
    this.#tell = tell
  }

  check (): void {
    const { Properties: api = {} } = this.#template.Resources[this.#apiId] as Template['Resources'][string]
    if (api.ProtocolType !== 'WEBSOCKET') return this.#tell(this.#apiId, 'is no WebSocket API')
    if (api.Name === undefined) this.#tell(`${this.#apiId}.Name`, 'is missing')
    if (api.RouteSelectionExpression === undefined) this.#tell(`${this.#apiId}.RouteSelectionExpression`, 'is missing')
    if (api.ApiKeySelectionExpression !== undefined && !/^\$\{?(request\.header\.x-api-key|context\.authorizer\.usageIdentifierKey)\}?$/.test(api.ApiKeySelectionExpression)) this.#tell(`${this.#apiId}.ApiKeySelectionExpression`, 'is none of the two')
    const routes = this.#of('Route')
    if (routes.length === 0) this.#tell(this.#apiId, 'has no route')
    this.#unique(routes, 'RouteKey')
    for (const route of routes) this.#checkRoute(route)
    for (const response of this.#of('RouteResponse')) this.#join(response, 'RouteId', 'Route')
    for (const integration of this.#of('Integration')) this.#checkIntegration(integration)
    for (const response of this.#of('IntegrationResponse')) this.#checkIntegrationResponse(response)
    for (const authorizer of this.#of('Authorizer')) this.#checkAuthorizer(authorizer)
    this.#unique(this.#of('Model'), 'Name')
    this.#unique(this.#of('Authorizer'), 'Name')
    for (const { id, properties: { Name, Schema } } of this.#of('Model')) {
      if (!/^[A-Za-z0-9]{1,128}$/.test(Name)) this.#tell(`${id}.Name`, 'has letters and digits')
      if (typeof Schema !== 'object') this.#tell(`${id}.Schema`, 'is no object')
    }
    for (const deployment of this.#of('Deployment')) this.#checkDeployment(deployment)
    for (const stage of this.#of('Stage')) this.#checkStage(stage)
    for (const mapping of this.#of('ApiMapping')) {
      this.#join(mapping, 'Stage', 'Stage')
      this.#join(mapping, 'DomainName', 'DomainName')
    }
    this.#checkPermissions()
  }

  /** Resources of this API. */
  #of (kind: string): Found[] {
    return this.#all(`${V2}${kind}`).filter(({ properties: { ApiId } }) => this.#refersTo(ApiId, this.#apiId))
  }

  #all (type: string): Found[] {
    return Object.entries(this.#template.Resources).filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ id, resource, properties: resource.Properties ?? {} }))
  }

  #refersTo (value: unknown, id: string): boolean {
    return referencesOf(value).some(([other, attribute]) => other === id && (attribute === undefined || attribute.endsWith('Id')))
  }

  /** What a property refers to, which is a resource of that kind, of this API where its kind has one. */
  #join ({ id, properties }: Found, property: string, kind: string): Found | undefined {
    const candidates = kind === 'DomainName' ? this.#all(`${V2}DomainName`) : this.#of(kind)
    const found = candidates.find((candidate) => this.#refersTo(properties[property], candidate.id))
    if (found === undefined) this.#tell(`${id}.${property}`, `refers to no ${kind} of the API`)
    return found
  }

  #unique (found: Found[], property: string): void {
    const seen = new Set<unknown>()
    for (const { id, properties } of found) {
      if (seen.has(properties[property])) this.#tell(`${id}.${property}`, `is ${properties[property]} for a second time`)
      seen.add(properties[property])
    }
  }

  #checkRoute (route: Found): void {
    const { id, properties: { RouteKey, Target, AuthorizationType = 'NONE', AuthorizerId, RequestParameters, RequestModels = {} } } = route
    if (typeof RouteKey === 'string' && (RouteKey === '' || (RouteKey.startsWith('$') && !['$connect', '$disconnect', '$default'].includes(RouteKey)))) this.#tell(`${id}.RouteKey`, `is ${RouteKey}`)
    if (AuthorizationType !== 'NONE' && RouteKey !== '$connect') this.#tell(`${id}.AuthorizationType`, `is ${AuthorizationType} elsewhere than on $connect`)
    if ((AuthorizationType === 'CUSTOM') !== (AuthorizerId !== undefined)) this.#tell(`${id}.AuthorizerId`, 'stands with CUSTOM, and CUSTOM with it')
    if (AuthorizerId !== undefined) this.#join(route, 'AuthorizerId', 'Authorizer')
    if (Target !== undefined) {
      this.#join(route, 'Target', 'Integration')
      if (!/^\{.*integrations\//.test(JSON.stringify(Target))) this.#tell(`${id}.Target`, 'begins with integrations/')
    }
    if (RequestParameters !== undefined) {
      if (RouteKey !== '$connect') this.#tell(`${id}.RequestParameters`, 'stands elsewhere than on $connect')
      for (const [name, given] of Object.entries<any>(RequestParameters)) {
        if (!/^route\.request\.(?:header|querystring)\..+$/.test(name) || typeof given?.Required !== 'boolean' || Object.keys(given).length !== 1) this.#tell(`${id}.RequestParameters.${name}`, `is ${JSON.stringify(given)}; it must be { Required: boolean }`)
      }
    }
    for (const [key, name] of Object.entries(RequestModels)) {
      const model = this.#of('Model').find(({ properties: { Name } }) => Name === name)
      if (model === undefined) this.#tell(`${id}.RequestModels.${key}`, `names ${String(name)}, which is no model`)
      else if (!this.#comesAfter(route, model.id)) this.#tell(`${id}.DependsOn`, `lacks ${model.id}, which it names`)
    }
  }

  #checkIntegration ({ id, properties: { IntegrationType, IntegrationUri, IntegrationMethod, TimeoutInMillis } }: Found): void {
    if (IntegrationType !== 'MOCK' && (IntegrationUri === undefined || IntegrationUri === '')) this.#tell(`${id}.IntegrationUri`, 'is missing')
    if (/^HTTP/.test(IntegrationType) && IntegrationMethod === undefined) this.#tell(`${id}.IntegrationMethod`, 'is missing')
    if (typeof IntegrationUri === 'string' && IntegrationUri.startsWith('/')) this.#tell(`${id}.IntegrationUri`, 'is a path')
    if (TimeoutInMillis !== undefined && !(TimeoutInMillis >= 50 && TimeoutInMillis <= 29_000)) this.#tell(`${id}.TimeoutInMillis`, `is ${TimeoutInMillis}; it must be from 50 to 29000`)
  }

  #checkIntegrationResponse (response: Found): void {
    const { id, properties: { IntegrationResponseKey: key } } = response
    this.#join(response, 'IntegrationId', 'Integration')
    if (typeof key === 'string' && key !== '$default' && !/^\/.+\/$/s.test(key)) this.#tell(`${id}.IntegrationResponseKey`, `is ${key}`)
  }

  #checkAuthorizer ({ id, properties: { AuthorizerUri, IdentitySource = [] } }: Found): void {
    if (AuthorizerUri === undefined) this.#tell(`${id}.AuthorizerUri`, 'is missing')
    for (const source of IdentitySource) {
      if (!/^(?:route\.request\.(?:header|querystring)|context|stageVariables)\.[\w.-]+$/.test(source)) this.#tell(`${id}.IdentitySource`, `has ${source}`)
    }
  }

  /** A deployment copies what is there: everything must be. */
  #checkDeployment (deployment: Found): void {
    for (const { id } of ['Route', 'RouteResponse', 'IntegrationResponse'].flatMap((kind) => this.#of(kind))) {
      if (!this.#comesAfter(deployment, id)) this.#tell(`${deployment.id}.DependsOn`, `lacks ${id}`)
    }
  }

  /** Whether a resource is deployed after another: by DependsOn, by a reference, or by way of others. */
  #comesAfter ({ resource }: Found, id: string, seen = new Set<string>()): boolean {
    const before = [...dependsOn(resource), ...referencesOf(resource.Properties ?? {}).map(([other]) => other)]
    return before.includes(id) || before.some((other) => {
      const next = this.#template.Resources[other]
      if (next === undefined || seen.has(other)) return false
      seen.add(other)
      return this.#comesAfter({ id: other, resource: next, properties: {} }, id, seen)
    })
  }

  #checkStage (stage: Found): void {
    const { id, properties: { StageName, DeploymentId, AutoDeploy, RouteSettings = {}, StageVariables = {}, AccessLogSettings } } = stage
    if (typeof StageName === 'string' && !/^[A-Za-z0-9_-]{1,128}$/.test(StageName)) this.#tell(`${id}.StageName`, `is ${StageName}`)
    if (AutoDeploy === true && DeploymentId !== undefined) this.#tell(`${id}.DeploymentId`, 'stands beside AutoDeploy')
    if (AutoDeploy !== true) this.#join(stage, 'DeploymentId', 'Deployment')
    for (const [routeKey, settings] of Object.entries<any>(RouteSettings)) {
      const route = this.#of('Route').find(({ properties: { RouteKey } }) => RouteKey === routeKey)
      if (route === undefined) this.#tell(`${id}.RouteSettings`, `has ${routeKey}, which is no route`)
      else if (!this.#comesAfter(stage, route.id)) this.#tell(`${id}.DependsOn`, `lacks ${route.id}, which it names`)
      for (const [name, value] of Object.entries(settings)) {
        if (!ROUTE_SETTINGS.includes(name)) this.#tell(`${id}.RouteSettings.${routeKey}.${name}`, 'is unknown')
        checkEnum('', name, value, `${id}.RouteSettings.${routeKey}.${name}`, this.#tell)
      }
    }
    for (const [name, value] of Object.entries(StageVariables)) {
      if (!/^\w+$/.test(name) || (typeof value === 'string' && !/^[A-Za-z0-9-._~:/?#&=,]+$/.test(value))) this.#tell(`${id}.StageVariables.${name}`, `is ${String(value)}`)
    }
    const { Format } = AccessLogSettings ?? {}
    if (typeof Format === 'string' && !/\$context\.(?:requestId|extendedRequestId)\b/.test(Format)) this.#tell(`${id}.AccessLogSettings.Format`, 'has no request id')
  }

  /** A function of the template that the API calls must let it, once. */
  #checkPermissions (): void {
    const uris = [...this.#of('Integration'), ...this.#of('Authorizer')].map(({ properties: { IntegrationUri, AuthorizerUri } }) => IntegrationUri ?? AuthorizerUri)
    const called = new Set(referencesOf(uris).map(([id]) => id).filter((id) => /::Function$/.test(this.#template.Resources[id]?.Type ?? '')))
    for (const id of called) {
      const permissions = this.#all('AWS::Lambda::Permission').filter(({ properties }) => referencesOf(properties.FunctionName).some(([other]) => other === id))
      const allowing = permissions.filter(({ properties: { Action, Principal, SourceArn } }) =>
        Action === 'lambda:InvokeFunction' && Principal === 'apigateway.amazonaws.com' && this.#refersTo(SourceArn, this.#apiId))
      if (allowing.length === 0) this.#tell(id, 'is called, and no permission allows it')
    }
  }
}

// Integrations: what answers a route, one shape for each type, so that what has no place in a type is an error.
import type { FastifyInstance } from 'fastify'
import type { LambdaHandler, RouteContext, RouteHandler } from './handler.js'

/** What an answer with a status or an error message selects, of an integration that is no proxy. */
export interface IntegrationResponseOptions {
  /** Mapping templates (VTL) by key. */
  responseTemplates?: Record<string, string>
  /** Chooses the template: `$integration.response.statuscode`, `$request.body.kind`, or a fixed key. */
  templateSelectionExpression?: string
  /** `method.response.header.{name}` from `integration.response.header.{name}`, `context.{path}`, `'literal'`. */
  responseParameters?: Record<string, string>
  contentHandlingStrategy?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT'
}

interface CommonIntegrationOptions {
  description?: string
  /** Milliseconds, 50 to `quotas.integrationTimeoutInMillis`. */
  timeoutInMillis?: number
  /** `integration.request.header|querystring|path.{name}` from `route.request.body.{path}`, `context.{path}`, `'literal'`. */
  requestParameters?: Record<string, string>
  contentHandlingStrategy?: 'CONVERT_TO_BINARY' | 'CONVERT_TO_TEXT'
  /** What a message without a matching request template leads to; of no effect on a proxy. */
  passthroughBehavior?: 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER'
  /** Told to service actions; otherwise carried. */
  credentialsArn?: string
  /** Carried for API Gateway, without effect here. */
  connectionType?: 'INTERNET' | 'VPC_LINK'
  connectionId?: string
  payloadFormatVersion?: string
  tlsConfig?: { serverNameToVerify?: string }
}

/** The mapping of the types that are no proxies. */
interface MappedIntegrationOptions extends CommonIntegrationOptions {
  /** Mapping templates (VTL) by key. */
  requestTemplates?: Record<string, string>
  /** Chooses the template: `$request.body.kind`, or a fixed key. */
  templateSelectionExpression?: string
  /** Fixed by the type; accepted with that value. */
  integrationResponseSelectionExpression?: string
  /** By `$default` or by a Java pattern between slashes: `/2\d\d/`. */
  integrationResponses?: Record<string, IntegrationResponseOptions>
}

/** Proxies have no mapping. */
interface ProxyIntegrationOptions extends CommonIntegrationOptions {
  requestTemplates?: never
  templateSelectionExpression?: never
  integrationResponseSelectionExpression?: never
  integrationResponses?: never
}

/** A handler that gets the proxy event and answers with a proxy result. */
export interface AwsProxyHandlerIntegration extends ProxyIntegrationOptions {
  integrationType?: 'AWS_PROXY'
  handler: LambdaHandler
  integrationUri?: never
  integrationMethod?: string
}

/** A Lambda function by its ARN, bound in `functions` or called in AWS by the option `lambda`. */
export interface AwsProxyUriIntegration extends ProxyIntegrationOptions {
  integrationType: 'AWS_PROXY'
  integrationUri: string
  integrationMethod?: string
  handler?: never
}

/** A handler that gets the rendered request template, or the message itself, and answers with any JSON. */
export interface AwsHandlerIntegration extends MappedIntegrationOptions {
  integrationType: 'AWS'
  handler: FunctionHandler | LambdaHandler
  integrationUri?: never
  integrationMethod?: string
}

/** A Lambda function, or another service's action bound in `services`. */
export interface AwsUriIntegration extends MappedIntegrationOptions {
  integrationType: 'AWS'
  integrationUri: string
  integrationMethod?: string
  handler?: never
}

/** Any URL, or a path of this server. */
export interface HttpIntegration extends MappedIntegrationOptions {
  integrationType: 'HTTP'
  integrationUri: string
  integrationMethod: string
  handler?: never
}

/** Any URL, or a path of this server; the message goes there and the answer comes back as they are. */
export interface HttpProxyIntegration extends ProxyIntegrationOptions {
  integrationType: 'HTTP_PROXY'
  integrationUri: string
  integrationMethod: string
  handler?: never
}

/** Nothing is called: the request template names a status, the response template makes the answer. */
export interface MockIntegration extends MappedIntegrationOptions {
  integrationType: 'MOCK'
  integrationMethod?: string
  integrationUri?: never
  handler?: never
}

/** What answers a route. */
export type IntegrationDefinition =
  | AwsProxyHandlerIntegration | AwsProxyUriIntegration
  | AwsHandlerIntegration | AwsUriIntegration
  | HttpIntegration | HttpProxyIntegration
  | MockIntegration

/** An integration that needs no handler beside it. */
export type IntegrationWithoutHandler =
  | AwsProxyUriIntegration | AwsUriIntegration | HttpIntegration | HttpProxyIntegration | MockIntegration

/** An integration before its type is known: every property there is. */
export interface IntegrationOptions extends Omit<MappedIntegrationOptions, never> {
  integrationType?: IntegrationDefinition['integrationType'] & string
  integrationUri?: string
  integrationMethod?: string
  handler?: RouteHandler | LambdaHandler | FunctionHandler
}

/** The handler of an `AWS` integration. Its result is any JSON; what it throws is matched by its message. */
export type FunctionHandler<Input = any> =
  (this: any, input: Input, context: RouteContext) => unknown

/** The request that API Gateway would have sent to a service of AWS. */
export interface ServiceRequest {
  /** `sqs` */
  service: string
  /** `SendMessage`, of the URI, of `X-Amz-Target`, or of the form's `Action`. */
  action: string | undefined
  region: string
  method: string
  /** `https://sqs.us-east-1.amazonaws.com/123456789012/orders` */
  uri: string
  /** Mapped headers, by lower-case name. */
  headers: Record<string, string>
  querystring: Record<string, string>
  /** The rendered request template, or the message itself. */
  body: string
  credentialsArn?: string
}

/** What a service answers; 200 and nothing when absent. An object is sent as JSON. */
export interface ServiceAnswer {
  statusCode?: number
  headers?: Record<string, string>
  body?: unknown
}

/** Stands for a service's action. What a client of the AWS SDK throws counts as the service's answer. */
export type ServiceHandler =
  (this: FastifyInstance, request: ServiceRequest, context: RouteContext) => ServiceAnswer | null | void | Promise<ServiceAnswer | null | void>

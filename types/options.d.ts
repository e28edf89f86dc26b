// The options of the plugin and of a route, in AWS's own words.
import type {
  FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, LogLevel, RouteShorthandOptions, onRequestHookHandler, preHandlerHookHandler,
  preValidationHookHandler
} from 'fastify'
import type { WebSocketEvent } from './event.js'
import type { LambdaHandler } from './handler.js'
import type { FunctionHandler, IntegrationDefinition, ServiceHandler } from './integration.js'

/** AWS's limits. Each can be changed; `0` or `Infinity` switches it off. */
export interface Quotas {
  /** Bytes of a message in either direction. 131072 */
  messageBytes?: number
  /** Bytes of one inbound frame, and of the frames a long outbound message is cut into. 32768 */
  frameBytes?: number
  /** Characters of the handshake's URL. 4096 */
  urlLength?: number
  /** Bytes of all handshake headers. 10240 */
  headerBytes?: number
  /** Milliseconds without a message in either direction. 600000 */
  idleTimeoutInMillis?: number
  /** Milliseconds a connection may last. 7200000 */
  connectionDurationInMillis?: number
  /** Milliseconds an integration may take; also the largest `timeoutInMillis`. 29000 */
  integrationTimeoutInMillis?: number
  /** Bytes an integration over HTTP may answer with. 10485760 */
  integrationResponseBytes?: number
  /** Handshakes a second. 500 */
  newConnectionsPerSecond?: number
  /** Handshakes waiting for hooks and `$connect` at once; more are answered 503. 1000 */
  pendingConnections?: number
  /** Messages of one connection in progress at once; reading pauses above. 64 */
  inFlightMessages?: number
  /** Bytes waiting to be sent to a client that does not read; `@connections` answers 429 above. 1048576 */
  bufferedBytes?: number
  /** Requests a second: handshakes, messages and HTTP calls of `@connections`. 10000 */
  requestsPerSecond?: number
  /** Requests that may come at once before `requestsPerSecond` counts. 5000 */
  requestBurst?: number
  /** Milliseconds a client has to answer a close frame before its socket is cut. 2000 */
  closeTimeoutInMillis?: number
}

/** Settings of a route in a stage, or of all routes that have none of their own. */
export interface RouteSettings {
  /** Requests a second; 10000 where only the burst is given. */
  throttlingRateLimit?: number
  /** Requests at once; 5000 where only the rate is given. */
  throttlingBurstLimit?: number
  dataTraceEnabled?: boolean
  detailedMetricsEnabled?: boolean
  loggingLevel?: 'ERROR' | 'INFO' | 'OFF'
}

/** A stage: `ws://host{prefix}/{stageName}`. */
export interface StageOptions {
  /** Letters, digits, `-` and `_`, at most 128. */
  stageName: string
  /** Carried, without effect here. */
  description?: string
  /** Names of letters, digits and `_`; values of `A-Z a-z 0-9 - . _ ~ : / ? # & = ,`. */
  stageVariables?: Record<string, string>
  /** Carried, without effect here: what is registered is what runs. */
  autoDeploy?: boolean
  /** Carried, without effect here. */
  clientCertificateId?: string
  /** Carried, without effect here. */
  accessPolicyId?: string
  /** Carried, without effect here. */
  accessLogSettings?: {
    destinationArn?: string
    /** One line that holds `$context.requestId` or `$context.extendedRequestId`, at most 3072 characters. */
    format?: string
  }
  /** For every route of the stage; each route is throttled by itself. */
  defaultRouteSettings?: RouteSettings
  /** By route key; a member that is absent here is taken from `defaultRouteSettings`. */
  routeSettings?: Record<string, RouteSettings>
  /** Carried, without effect here. */
  tags?: Record<string, string>
}

/** A route response; only the key `$default` exists. */
export interface RouteResponseOptions {
  /** Carried, without effect, as on AWS. */
  responseModels?: Record<string, string>
  /** Carried, without effect, as on AWS. */
  responseParameters?: Record<string, { required?: boolean }>
  /** Carried; AWS does not support it. */
  modelSelectionExpression?: string
}

/** How a route is run, apart from its handler. */
export interface RouteOptions {
  /** Carried, without effect here. */
  operationName?: string
  /** Only on `$connect`: who may open a connection. `'NONE'` when absent. */
  authorizationType?: 'NONE' | 'AWS_IAM' | 'CUSTOM'
  /** With `'CUSTOM'`: the name of one of `authorizers`. */
  authorizerId?: string
  /** On `$connect`: a handshake needs an API key. On another route: its connection must have been opened with one. */
  apiKeyRequired?: boolean
  /** The API this route belongs to, where one scope has several. */
  api?: string
  /** Milliseconds, 50 to `quotas.integrationTimeoutInMillis`. */
  timeoutInMillis?: number
  /** Chooses the model of a message among `requestModels`: `$request.body.kind`, or a fixed key. */
  modelSelectionExpression?: string
  /** By the expression's value, `$default` for all others: a model's name, or a schema in its place. */
  requestModels?: Record<string, string | JsonSchemaModel>
  /** Only on `$connect`: `{ 'route.request.querystring.room': { required: true } }`, 400 where one is missing. */
  requestParameters?: Record<string, { required?: boolean } | boolean>
  /** `'$default'` alone makes the route two-way: what the handler returns goes back. */
  routeResponseSelectionExpression?: string
  /** `{ $default: {} }` makes the route two-way, `{}` one-way whatever the expression says. */
  routeResponses?: { $default?: RouteResponseOptions }
}

/** JSON Schema, draft 4; what TypeBox writes is translated as far as draft 4 goes. */
export type JsonSchemaModel = Readonly<Record<string, any>>

/** A model as a resource of API Gateway. */
export interface ModelOptions {
  name: string
  contentType?: string
  description?: string
  schema: JsonSchemaModel
}

/** A route as data, for `options.routes`. */
export interface RouteDefinition extends Omit<RouteOptions, 'api' | 'timeoutInMillis'> {
  /** Absent: messages are accepted and answered by nothing. */
  integration?: IntegrationDefinition
  /** An id of `options.integrations`, with or without `integrations/` before it. */
  target?: string
}

interface CommonAuthorizerOptions {
  /** `route.request.header.X`, `route.request.querystring.X`, `stageVariables.X`, `context.X`; 401 where one is missing. */
  identitySource?: string[]
  /** Carried, without effect here. */
  authorizerCredentialsArn?: string
  authorizerType?: 'REQUEST'
}

/** An authorizer as written for Lambda: takes AWS's event, answers principal and policy. */
export interface HandlerAuthorizerOptions extends CommonAuthorizerOptions {
  handler: LambdaHandler
  authorizerUri?: never
}

/** A Lambda function by its ARN, bound in `functions` or called in AWS by the option `lambda`. */
export interface UriAuthorizerOptions extends CommonAuthorizerOptions {
  authorizerUri: string
  handler?: never
}

/** A Lambda authorizer of type REQUEST. */
export type AuthorizerOptions = HandlerAuthorizerOptions | UriAuthorizerOptions

/** Who an access key belongs to. */
export interface SigningCredential {
  secretAccessKey: string
  /** `arn:aws:iam::123456789012:user/name` */
  arn: string
  /** IAM policies that say what the caller may do; everything where absent. */
  policy?: PolicyDocument | PolicyDocument[]
  /** Of a temporary credential: requests must carry it. */
  sessionToken?: string
  /** `identity.caller` and `identity.user`; the last part of `arn` where absent. */
  userId?: string
  principalOrgId?: string
  cognitoIdentityId?: string
  cognitoIdentityPoolId?: string
  cognitoAuthenticationType?: string
  cognitoAuthenticationProvider?: string
}

/** An IAM policy. */
export interface PolicyDocument {
  Version?: string
  Id?: string
  Statement: unknown
}

/** Finds who an access key id belongs to; nothing where nobody. */
export type CredentialsLookup = (accessKeyId: string, details: { sessionToken: string | undefined }) =>
  SigningCredential | null | undefined | Promise<SigningCredential | null | undefined>

/** An API key, named by its id. */
export interface ApiKeyOptions {
  name?: string
  /** What clients send; kept as a digest only. A key without it opens nothing here; API Gateway would draw one. */
  value?: string
  /** In place of `value`: its SHA-256, 64 hexadecimal digits. */
  valueSha256?: string
  /** True when absent. */
  enabled?: boolean
  description?: string
  /** Carried, without effect here. */
  customerId?: string
  /** Carried, without effect here. */
  generateDistinctId?: boolean
  /** Carried, without effect here. */
  stageKeys?: Array<{ restApiId?: string, stageName?: string }>
  tags?: Record<string, string>
}

/** Requests a second, and at once. */
export interface ThrottleOptions {
  rateLimit?: number
  burstLimit?: number
}

/** Which keys may be used at which stages, and how much. */
export interface UsagePlanOptions {
  usagePlanName?: string
  description?: string
  apiStages?: Array<{
    /** Another API's id: the entry has no effect here. */
    apiId?: string
    stage: string
    /** By route key, in place of the plan's own throttle. */
    throttle?: Record<string, ThrottleOptions>
  }>
  /** Of each key. */
  throttle?: ThrottleOptions
  /** Of each key. */
  quota?: {
    limit: number
    /** Days by which the period begins later: 0 for DAY, to 6 from Sunday for WEEK, to 27 from the first for MONTH. */
    offset?: number
    /** In UTC. */
    period: 'DAY' | 'WEEK' | 'MONTH'
  }
  /** Ids of `apiKeys`. */
  apiKeys?: string[]
  tags?: Record<string, string>
}

/** How much of a quota is used. */
export interface UsageRecord {
  /** The number of the period. */
  period: number
  used: number
}

/** Where used quotas are kept over a restart. Keys are `{usagePlanId}/{apiKeyId}`, percent-encoded. */
export interface UsageStore {
  load (key: string): UsageRecord | null | undefined | Promise<UsageRecord | null | undefined>
  save (key: string, record: UsageRecord): void | Promise<void>
}

/** Certificate and endpoint of a custom domain name. */
export interface DomainNameConfiguration {
  certificateArn?: string
  certificateName?: string
  endpointType?: 'REGIONAL' | 'EDGE'
  securityPolicy?: 'TLS_1_0' | 'TLS_1_2'
  ipAddressType?: 'ipv4' | 'dualstack'
  ownershipVerificationCertificateArn?: string
}

/** A custom domain name: its API mappings are chosen by `$request.basepath`. */
export interface DomainNameOptions {
  /** A host name; `*.example.com` for all names of one more label. */
  domainName: string
  /** Carried, without effect here. */
  domainNameConfigurations?: DomainNameConfiguration[]
  /** Carried, without effect here. */
  routingMode?: 'API_MAPPING_ONLY' | 'ROUTING_RULE_THEN_API_MAPPING' | 'ROUTING_RULE_ONLY'
  /** Carried, without effect here. */
  tags?: Record<string, string>
  apiMappingSelectionExpression?: '$request.basepath' | '${request.basepath}'
  apiMappings: Array<{
    /** What the path begins with, without slashes at its ends; the root where absent or empty. */
    apiMappingKey?: string
    stage: string
  }>
}

/** Hooks and route settings of the upgrade request alone. */
export interface UpgradeOptions {
  /** Runs after the gateway's own checks. */
  onRequest?: onRequestHookHandler | onRequestHookHandler[]
  preValidation?: preValidationHookHandler | preValidationHookHandler[]
  /** Runs last, right before `$connect`. */
  preHandler?: preHandlerHookHandler | preHandlerHookHandler[]
  /** `querystring` and `headers` of the handshake; 400 where they do not fit. */
  schema?: RouteShorthandOptions['schema']
  /** The route's `config`, for plugins that read it. */
  config?: RouteShorthandOptions['config']
  constraints?: RouteShorthandOptions['constraints']
}

/** A hook that lets a call of `@connections` through by returning, or refuses it by replying or throwing. */
export type ConnectionsApiHook =
  (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => unknown

/** `@connections` over HTTP. */
export interface ConnectionsApiOptions {
  /**
   * Who may call `/{stage}/@connections`: who signs as the AWS SDK does with one of `credentials` (`'AWS_IAM'`), those
   * the hooks let through, or `'NONE'` to ask nothing.
   */
  authorize: 'NONE' | 'AWS_IAM' | ConnectionsApiHook | ConnectionsApiHook[]
}

/** How a closing server lets its connections go. */
export interface DrainOptions {
  /** Milliseconds that running handlers get when the server closes. 10000 */
  deadlineInMillis?: number
  /** Milliseconds over which the close frames are spread, so that clients do not come back all at once. 0 */
  spreadInMillis?: number
}

/** What AWS does not have, each off by default. */
export interface ExtensionOptions {
  /** `'SKIP'`: a two-way route whose result has no body sends nothing instead of an empty frame. */
  emptyResponse?: 'SKIP'
  /** Origins whose pages may connect, such as `https://app.example`; others are 403. Clients that are no pages pass. */
  allowedOrigins?: string[]
  /** Keeps what authorizers answer, by their identity sources; API Gateway asks at each handshake. */
  authorizerResultCache?: {
    ttlInSeconds: number
    /** 10000 when absent; the least used goes first. */
    maxEntries?: number
  }
}

/** What the error hook is told besides the error. */
export interface IntegrationErrorDetails {
  /** The event of the failed execution. */
  event: WebSocketEvent
  /** A child logger with `connectionId` and `requestId`. */
  log: FastifyBaseLogger
}

/** The options of an API, apart from its stages. */
export interface ApiOptions {
  /** Tells several APIs of one scope apart. */
  name?: string
  /** 10 lower-case letters and digits; drawn at random when absent. */
  apiId?: string
  /** `us-east-1` when absent. */
  region?: string
  /** 12 digits; `123456789012` when absent. */
  accountId?: string
  /** The host clients and `@connections` callers use; the listening address when absent. Another Host is 403. */
  domainName?: string
  /** Custom domains beside it. */
  domainNames?: DomainNameOptions[]
  /** Only custom domains are served; everything else is 403. */
  disableExecuteApiEndpoint?: boolean
  /** Carried, without effect here. */
  description?: string
  /** Carried, without effect here. */
  version?: string
  /** Carried, without effect here. */
  ipAddressType?: 'ipv4' | 'dualstack'
  /** Carried, without effect here. */
  tags?: Record<string, string>
  /** Put before `/{stage}`. */
  prefix?: string
  /** Level of this API's log, and of its upgrade requests. */
  logLevel?: LogLevel
  /** Claims every path: what is no stage is 403 as on AWS, instead of the app's 404. */
  standalone?: boolean
  /** Answers plain GET requests on the stage's path instead of 426. */
  handler?: (request: FastifyRequest, reply: FastifyReply) => unknown
  /** Hooks and route settings of the handshake alone. */
  upgrade?: UpgradeOptions
  /** Chooses the route of a message: `$request.body.action`. */
  routeSelectionExpression: string
  /** Routes as data, by route key: the same as `app.routeKey()`. */
  routes?: Record<string, RouteDefinition>
  /** Lambda authorizers by name, at most 10. */
  authorizers?: Record<string, AuthorizerOptions>
  /** Who signs requests: for `'AWS_IAM'` on `$connect` and on `@connections`. */
  credentials?: CredentialsLookup
  /** `$request.header.x-api-key` when absent. */
  apiKeySelectionExpression?: '$request.header.x-api-key' | '$context.authorizer.usageIdentifierKey' | (string & {})
  /** API keys by id. */
  apiKeys?: Record<string, ApiKeyOptions>
  /** Usage plans by id. */
  usagePlans?: Record<string, UsagePlanOptions>
  /** Keeps used quotas over a restart; they live in memory when absent. */
  usageStore?: UsageStore
  /** `@connections` over HTTP; off when absent. */
  /** Integrations that routes name in `target`, each by its id. */
  integrations?: Record<string, IntegrationDefinition>
  /** JSON Schemas that routes name in `requestModels`. */
  models?: Record<string, JsonSchemaModel> | ModelOptions[]
  /** Keeps a model that does not compile, warns, and does not apply it. */
  disableSchemaValidation?: boolean
  /** What stands for Lambda functions, by name, `name:alias` or ARN. */
  functions?: Record<string, LambdaHandler | FunctionHandler>
  /** What stands for actions of other services: `sqs:SendMessage`, or `sqs:*` for all of one. */
  services?: Record<string, ServiceHandler>
  /** Calls functions that are not bound in AWS, by the peer `@aws-sdk/client-lambda`; its client's configuration. */
  lambda?: { endpoint?: string, region?: string, credentials?: unknown, [option: string]: unknown }
  connectionsApi?: ConnectionsApiOptions
  /** AWS's limits, each adjustable. */
  quotas?: Quotas
  /** How a closing server lets its connections go. */
  drain?: DrainOptions
  /** Told of every failed integration, after it was logged. */
  onIntegrationError?: (error: Error, details: IntegrationErrorDetails) => void
  /** What AWS does not have, each off by default. */
  extensions?: ExtensionOptions
}

/** One stage by name, or several with what belongs to each. */
export type StageChoice =
  | { stage: string, stages?: undefined }
  | { stages: StageOptions[], stage?: undefined }

/** The options of the plugin. An option that does not exist, or a value that is not allowed, is refused at registration. */
export type ApiGatewayWebSocketOptions = ApiOptions & StageChoice

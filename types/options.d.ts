// The options of the plugin and of a route, in AWS's own words.
import type {
  FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, LogLevel, RouteShorthandOptions, onRequestHookHandler, preHandlerHookHandler,
  preValidationHookHandler
} from 'fastify'
import type { WebSocketEvent } from './event.js'
import type { LambdaHandler } from './handler.js'

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
  /** Handshakes a second. 500 */
  newConnectionsPerSecond?: number
  /** Handshakes waiting for hooks and `$connect` at once; more are answered 503. 1000 */
  pendingConnections?: number
  /** Messages of one connection in progress at once; reading pauses above. 64 */
  inFlightMessages?: number
  /** Bytes waiting to be sent to a client that does not read; `@connections` answers 429 above. 1048576 */
  bufferedBytes?: number
  /** Milliseconds a client has to answer a close frame before its socket is cut. 2000 */
  closeTimeoutInMillis?: number
}

/** A stage: `ws://host{prefix}/{stageName}`. */
export interface StageOptions {
  /** Letters, digits, `-` and `_`, at most 128. */
  stageName: string
  /** Carried, without effect here. */
  description?: string
  /** Names of letters, digits and `_`; values of `A-Z a-z 0-9 - . _ ~ : / ? # & = ,`. */
  stageVariables?: Record<string, string>
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
  /** The API this route belongs to, where one scope has several. */
  api?: string
  /** Milliseconds, 50 to `quotas.integrationTimeoutInMillis`. */
  timeoutInMillis?: number
  /** `'$default'` alone makes the route two-way: what the handler returns goes back. */
  routeResponseSelectionExpression?: string
  /** `{ $default: {} }` makes the route two-way, `{}` one-way whatever the expression says. */
  routeResponses?: { $default?: RouteResponseOptions }
}

/** A route as data, for `options.routes`. */
export interface RouteDefinition extends Omit<RouteOptions, 'api' | 'timeoutInMillis'> {
  /** Absent: messages are accepted and answered by nothing. */
  integration?: IntegrationDefinition
}

/** What answers a route. */
export interface IntegrationDefinition {
  /** `AWS_PROXY`, the default: the handler receives the proxy event and returns a proxy result. */
  integrationType?: 'AWS_PROXY'
  /** A Lambda handler. */
  handler: LambdaHandler
  /** Milliseconds, 50 to `quotas.integrationTimeoutInMillis`. */
  timeoutInMillis?: number
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
  /** Who may call `/{stage}/@connections`: those the hooks let through, or `'NONE'` to ask nothing. */
  authorize: 'NONE' | ConnectionsApiHook | ConnectionsApiHook[]
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
  /** Carried, without effect here. */
  description?: string
  /** Carried, without effect here. */
  version?: string
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
  /** `@connections` over HTTP; off when absent. */
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

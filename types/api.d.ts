// The running API: app.webSocketApi.
import type { Connections } from './connections.js'
import type { AsyncAPIOptions, CloudFormationOptions, DescribedApi, ExportedTemplate } from './migrate.js'

/** One message to run through the gateway without a socket. */
export interface WebSocketInjectOptions {
  /** The message. Without it only the connection is opened and closed. */
  body?: string
  /** Several messages, one after the other. */
  bodies?: string[]
  /** Headers of the handshake. */
  headers?: Record<string, string>
  /** The query of the handshake, as an object or as it stands behind the `?`. */
  query?: Record<string, string> | string
  /** Stands for what hooks or an authorizer would have set. */
  authorizer?: Record<string, string | number | boolean | null>
  /** The stage; the first when absent. */
  stage?: string
}

/** One line of the API's log. */
export interface WebSocketInjectLogLine {
  /** `error`, `info` and so on. */
  level: string
  message: string
  /** What was logged beside the message: `err`, `connectionId`, `requestId`, … */
  details: Record<string, unknown>
}

/** What came of an injected connection. */
export interface WebSocketInjectResult {
  /** The handshake's status: 101, or why not. */
  statusCode: number
  connectionId: string
  /** Headers of the handshake's answer. */
  headers: Record<string, string>
  /** The body of a refused handshake. */
  body: string
  /** Every text message the client would have got, in order. */
  frames: string[]
  /** What was logged meanwhile. */
  log: WebSocketInjectLogLine[]
}

/** What the AWS SDK v3 calls a request handler. */
export interface ConnectionsRequestHandler {
  handle (request: any, options?: any): Promise<{ response: any }>
  updateHttpClientConfig (key: never, value: never): void
  httpHandlerConfigs (): Record<string, never>
  destroy (): void
}

/** A running API. */
export interface WebSocketApi {
  /** Option `name`. */
  readonly name: string | undefined
  /** Option `apiId`, or what was drawn in its place. */
  readonly apiId: string
  /** The `@connections` commands in process. */
  readonly connections: Connections
  /** How many connections are open. */
  readonly connectionCount: number
  /** Runs connect, messages and disconnect through the whole pipeline without a socket. */
  inject (options?: WebSocketInjectOptions): Promise<WebSocketInjectResult>
  /** A request handler for `new ApiGatewayManagementApiClient({ requestHandler })`, answered in process. */
  requestHandler (): ConnectionsRequestHandler
  /** The routes as a table of text, the companion of `fastify.printRoutes()`. */
  printRouteKeys (): string
  /**
   * The API as a template of CloudFormation, deployable on API Gateway. Rejects with AGW_ERR_EXPORT_IMPOSSIBLE, whose
   * `report` says why and what to do, where something cannot be expressed.
   */
  toCloudFormation (options?: CloudFormationOptions): Promise<ExportedTemplate>
  /** The API as a document of AsyncAPI 3, for clients, and what such a document cannot say. */
  toAsyncAPI (options?: AsyncAPIOptions): Promise<DescribedApi>
  /** Another API of this scope by its name. */
  get (name: string): WebSocketApi
}

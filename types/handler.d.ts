// A handler is a Lambda handler: (event, context) and, for those who still write it so, (event, context, callback).
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Connections } from './connections.js'

/** What a proxy handler returns. No other key is allowed: AWS answers `Internal server error` to it, and so do we. */
export interface WebSocketProxyResult {
  /** 200 when absent. On `$connect` anything but 2xx refuses the handshake with that status. */
  statusCode?: number | string | undefined
  /** On `$connect`, `Sec-WebSocket-Protocol` chooses the subprotocol. */
  headers?: Record<string, string | number | boolean> | null | undefined
  /** Wins over `headers` where both name one. */
  multiValueHeaders?: Record<string, Array<string | number | boolean>> | null | undefined
  /** Sent to the client when the route is two-way. */
  body?: string | null | undefined
  /** Accepted for AWS's sake; the body is passed through as it is. */
  isBase64Encoded?: boolean | null | undefined
}

/** Lambda's context object, filled lazily, and what the gateway adds to it. */
export interface RouteContext {
  /** Can be set, without effect: there is no freeze to wait for. */
  callbackWaitsForEmptyEventLoop: boolean
  /** `{apiId}-{routeKey}` */
  readonly functionName: string
  /** `$LATEST` */
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  /** `128` */
  readonly memoryLimitInMB: string
  /** A UUID, as Lambda's. */
  readonly awsRequestId: string
  readonly logGroupName: string
  readonly logStreamName: string
  /** Milliseconds until the integration timeout. */
  getRemainingTimeInMillis (): number
  /** Lambda's legacy way to end; prefer returning. */
  done (error?: Error | string | null, result?: unknown): void
  /** As `done(error)`. */
  fail (error: Error | string): void
  /** As `done(null, result)`. */
  succeed (result: unknown): void
  /** A child logger with `connectionId` and `requestId`. */
  readonly log: FastifyBaseLogger
  /** Aborts at the integration timeout, or when a closing server no longer waits. */
  readonly signal: AbortSignal
  /** Pushes to, looks at and closes connections of this API, in process. */
  readonly connections: Connections
}

/** Lambda's callback. */
export type RouteCallback = (error?: Error | string | null, result?: unknown) => void

/** What a handler may return: a result, nothing (no frame), or a promise of either. */
export type RouteHandlerResult = WebSocketProxyResult | null | void | Promise<WebSocketProxyResult | null | void>

/** The handler of a route. `this` is the Fastify instance of the scope that declared it. */
export type RouteHandler<Event = any, Instance = FastifyInstance> =
  (this: Instance, event: Event, context: RouteContext, callback: RouteCallback) => RouteHandlerResult

/**
 * A handler written and typed for Lambda (`@types/aws-lambda`, middy, Powertools), taken as it is. Its types may say that
 * it returns a text, as those of HTTP APIs do; a handler that does return one fails, as on AWS.
 */
export type LambdaHandler =
  (this: any, event: any, context: any, callback: any) => RouteHandlerResult | string | Promise<WebSocketProxyResult | string | null | void>

// The public words of fastify-apigateway-websocket.
import type { WebSocketApi } from './api.js'
import type { EventOfRoute } from './event.js'
import type {
  FastifyBaseLogger, FastifyTypeProvider, FastifyTypeProviderDefault, RawReplyDefaultExpression, RawRequestDefaultExpression,
  RawServerBase, RawServerDefault
} from 'fastify'
import type { LambdaHandler, RouteHandler } from './handler.js'
import type {
  AwsHandlerIntegration, AwsProxyHandlerIntegration, FunctionHandler, IntegrationWithoutHandler
} from './integration.js'
import type { RouteOptions } from './options.js'

export * from './api.js'
export * from './connections.js'
export * from './event.js'
export * from './handler.js'
export * from './integration.js'
export * from './migrate.js'
export * from './options.js'

/**
 * What your hooks put on `request.authorizer`; augment it to have it typed:
 * `declare module 'fastify-apigateway-websocket' { interface WebSocketAuthorizerContext { tenant: string } }`
 */
export interface WebSocketAuthorizerContext {}

/** The authorizer of an event: what `request.authorizer` held, every value as text, nulls left out. */
export type WebSocketEventAuthorizer = { [Name in keyof WebSocketAuthorizerContext]: string } & Record<string, string>

/** Options beside a handler that gets the proxy event. */
export interface ProxyRouteOptions extends RouteOptions {
  integration?: Omit<AwsProxyHandlerIntegration, 'handler'>
  target?: never
}

/** Options beside a handler that gets the rendered request template, or the message itself. */
export interface FunctionRouteOptions extends RouteOptions {
  integration: Omit<AwsHandlerIntegration, 'handler'>
  target?: never
}

/** Options of a route that needs no handler. */
export type RouteOptionsWithoutHandler = RouteOptions &
  ({ integration: IntegrationWithoutHandler, target?: never } | { target: string, integration?: never })

/** The type that a type provider finds in a schema; a model's name tells it nothing. */
type ModelType<TypeProvider extends FastifyTypeProvider, Schema> =
  Schema extends string ? any : (TypeProvider & { schema: Schema })['validator']

/** What the handler of an `AWS` integration gets: the message as its models say, unless a template makes something else. */
export type FunctionInput<TypeProvider extends FastifyTypeProvider, Options> =
  Options extends { integration: { requestTemplates: object } } ? any
    : Options extends { requestModels: infer Models } ? ModelType<TypeProvider, Models[keyof Models]>
      : any

/** Declares one route of an API: `app.routeKey('order', [options], [handler])`. Returns the instance. */
export interface RouteKeyMethod<Instance, TypeProvider extends FastifyTypeProvider = FastifyTypeProviderDefault> {
  <RouteKey extends string>(routeKey: RouteKey, handler: RouteHandler<EventOfRoute<RouteKey>, Instance>): Instance
  <RouteKey extends string>(routeKey: RouteKey, options: ProxyRouteOptions, handler: RouteHandler<EventOfRoute<RouteKey>, Instance>): Instance
  <const Options extends FunctionRouteOptions>(
    routeKey: string, options: Options, handler: FunctionHandler<FunctionInput<TypeProvider, Options>>
  ): Instance
  (routeKey: string, options: RouteOptionsWithoutHandler): Instance
  (routeKey: string, handler: LambdaHandler): Instance
  (routeKey: string, options: ProxyRouteOptions, handler: LambdaHandler): Instance
}

declare module 'fastify' {
  // The parameters must be those of Fastify's own declaration, whether or not they are used here.
  /* eslint-disable @typescript-eslint/no-unused-vars */
  interface FastifyInstance<
    RawServer extends RawServerBase = RawServerDefault,
    RawRequest extends RawRequestDefaultExpression<RawServer> = RawRequestDefaultExpression<RawServer>,
    RawReply extends RawReplyDefaultExpression<RawServer> = RawReplyDefaultExpression<RawServer>,
    Logger extends FastifyBaseLogger = FastifyBaseLogger,
    TypeProvider extends FastifyTypeProvider = FastifyTypeProviderDefault
  > {
  /* eslint-enable @typescript-eslint/no-unused-vars */
    /** Declares a route of the WebSocket API of this scope. */
    routeKey: RouteKeyMethod<this, TypeProvider>
    /** The WebSocket API of this scope. */
    readonly webSocketApi: WebSocketApi
  }

  interface FastifyRequest {
    /** Set by a hook of the upgrade request; becomes `requestContext.authorizer` of every event of the connection. */
    authorizer: (WebSocketAuthorizerContext & Record<string, string | number | boolean | null>) | null
  }
}

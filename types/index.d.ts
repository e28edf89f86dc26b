// The public words of fastify-apigateway-websocket.
import type { WebSocketApi } from './api.js'
import type { EventOfRoute } from './event.js'
import type { LambdaHandler, RouteHandler } from './handler.js'
import type { RouteOptions } from './options.js'

export * from './api.js'
export * from './connections.js'
export * from './event.js'
export * from './handler.js'
export * from './options.js'

/**
 * What your hooks put on `request.authorizer`; augment it to have it typed:
 * `declare module 'fastify-apigateway-websocket' { interface WebSocketAuthorizerContext { tenant: string } }`
 */
export interface WebSocketAuthorizerContext {}

/** The authorizer of an event: what `request.authorizer` held, every value as text, nulls left out. */
export type WebSocketEventAuthorizer = { [Name in keyof WebSocketAuthorizerContext]: string } & Record<string, string>

/** Declares one route of an API: `app.routeKey('order', [options], handler)`. Returns the instance. */
export interface RouteKeyMethod<Instance> {
  <RouteKey extends string>(routeKey: RouteKey, handler: RouteHandler<EventOfRoute<RouteKey>, Instance>): Instance
  <RouteKey extends string>(routeKey: RouteKey, options: RouteOptions, handler: RouteHandler<EventOfRoute<RouteKey>, Instance>): Instance
  (routeKey: string, handler: LambdaHandler): Instance
  (routeKey: string, options: RouteOptions, handler: LambdaHandler): Instance
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Declares a route of the WebSocket API of this scope. */
    routeKey: RouteKeyMethod<this>
    /** The WebSocket API of this scope. */
    readonly webSocketApi: WebSocketApi
  }

  interface FastifyRequest {
    /** Set by a hook of the upgrade request; becomes `requestContext.authorizer` of every event of the connection. */
    authorizer: (WebSocketAuthorizerContext & Record<string, string | number | boolean | null>) | null
  }
}

// The symbols under which the plugin hangs its state on other people's objects.

/** On a Fastify instance: the APIs declared in this scope and, by inheritance, above it. */
export const kApis = Symbol('fastify-apigateway-websocket.apis')
/** On a request: the authorizer that a hook set. */
export const kAuthorizer = Symbol('fastify-apigateway-websocket.authorizer')
/** On a route's config: which upgrade the request asks for. */
export const kUpgrade = Symbol('fastify-apigateway-websocket.upgrade')
/** On a ws WebSocket: its socket connection. */
export const kSocketConnection = Symbol('fastify-apigateway-websocket.socketConnection')
/** On an HTTP server: @fastify/websocket was registered by one of our scopes. */
export const kOwnWebsocketServer = Symbol('fastify-apigateway-websocket.ownWebsocketServer')
/** On a raw upgrade request: the handshake in progress. */
export const kHandshake = Symbol('fastify-apigateway-websocket.handshake')
/** On a raw request: the call of an integration that it is made by. */
export const kInProcessCall = Symbol('fastify-apigateway-websocket.inProcessCall')
/** On an HTTP server: how each of its APIs lets go of its connections. */
export const kDrains = Symbol('fastify-apigateway-websocket.drains')

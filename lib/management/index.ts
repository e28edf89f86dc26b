// The door of @connections.
export { InProcessConnections } from './connections.ts'
export { registerConnectionsRoutes } from './routes.ts'
export { createRequestHandler } from './request-handler.ts'

// The door of @connections.
export { ConnectionsCommands } from './commands.ts'
export { registerConnectionsRoutes } from './routes.ts'
export { createRequestHandler } from './request-handler.ts'

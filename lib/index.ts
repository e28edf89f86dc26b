// The front door: the plugin, the exceptions of @connections, and the public words.
import fastifyPlugin from 'fastify-plugin'
import { apiGatewayWebSocket as plugin } from './plugin.ts'

export type * from '../types/index.js'
export { BadRequestException, GoneException, LimitExceededException, PayloadTooLargeException } from './errors.ts'

/**
 * An Amazon API Gateway WebSocket API as a Fastify plugin.
 *
 * ```js
 * await app.register(apiGatewayWebSocket, { stage: 'prod', routeSelectionExpression: '$request.body.action' })
 * app.routeKey('$default', async (event, context) => ({ statusCode: 200 }))
 * ```
 */
export const apiGatewayWebSocket = fastifyPlugin(plugin, { fastify: '5.x', name: 'fastify-apigateway-websocket' })
export default apiGatewayWebSocket

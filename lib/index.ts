// The front door: the plugin, the exceptions of @connections, and the public words.
import fastifyPlugin from 'fastify-plugin'
import { apiGatewayWebSocket as plugin } from './plugin.ts'

export type * from '../types/index.js'
export { BadRequestException, GoneException, LimitExceededException, PayloadTooLargeException } from './errors.ts'

export const apiGatewayWebSocket = fastifyPlugin(plugin, { fastify: '5.x', name: 'fastify-apigateway-websocket' })
export default apiGatewayWebSocket

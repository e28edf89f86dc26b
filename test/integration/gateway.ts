// A gateway for the tests of the pipeline: options in, `inject` out, and the causes of what failed from its log.
import Fastify from 'fastify'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import type {
  ApiGatewayWebSocketOptions, IntegrationDefinition, RouteDefinition, WebSocketInjectOptions, WebSocketInjectResult
} from '../../lib/index.ts'

export interface Gateway {
  readonly app: FastifyInstance
  /** Sends messages over one connection; gives what came of it. */
  ask (...messages: unknown[]): Promise<Answer>
  connect (options?: WebSocketInjectOptions): Promise<Answer>
}

export interface Answer extends WebSocketInjectResult {
  /** The messages of error frames. */
  readonly refusals: string[]
  /** The causes in the log. */
  readonly causes: string[]
}

export type GatewayOptions = Partial<ApiGatewayWebSocketOptions>

/** A server with one API, closed when the test is over. Expressions select by `action`. */
export async function createGateway (
  t: Test, options: GatewayOptions, declare?: (app: FastifyInstance) => unknown, server: FastifyServerOptions = {}
): Promise<Gateway> {
  const app = Fastify(server)
  t.teardown(async () => { await app.close() })
  await app.register(apiGatewayWebSocket, {
    ...(options.stages === undefined ? { stage: 'prod' } : {}),
    routeSelectionExpression: '$request.body.action',
    ...options
  } as ApiGatewayWebSocketOptions)
  await declare?.(app)
  await app.ready()
  const run = async (given: WebSocketInjectOptions): Promise<Answer> => {
    const result = await app.webSocketApi.inject(given)
    return {
      ...result,
      refusals: result.frames.filter((frame) => frame.startsWith('{"message": "')).map((frame) => JSON.parse(frame).message),
      causes: result.log.map(({ details }) => (details.err as Error | undefined)?.message ?? '').filter((text) => text !== '')
    }
  }
  return {
    app,
    ask: async (...messages) => await run({ bodies: messages.map((message) => typeof message === 'string' ? message : JSON.stringify(message)) }),
    connect: async (given = {}) => await run(given)
  }
}

/** A two-way `$default` route with this integration. */
export function twoWay (integration: IntegrationDefinition, more: RouteDefinition = {}): { routes: Record<string, RouteDefinition> } {
  return { routes: { $default: { routeResponses: { $default: {} }, integration, ...more } } }
}

/** A one-way `$default` route with this integration. */
export function oneWay (integration: IntegrationDefinition, more: RouteDefinition = {}): { routes: Record<string, RouteDefinition> } {
  return { routes: { $default: { integration, ...more } } }
}

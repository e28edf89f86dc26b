// @connections over HTTP, for the unmodified AWS SDK.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { ConnectionsApiHook } from '../../types/index.js'
import type { Api } from '../api/index.ts'
import { answerConnectionsRequest } from './answer.ts'
import { readBody } from './read-body.ts'

export interface ConnectionsRoutesOptions {
  /** Where the routes hang: above the scope whose hooks guard the upgrade, for those do not guard @connections. */
  readonly parent: FastifyInstance
  /** `{prefix}/{stage}` of each stage, relative to the parent. */
  readonly stagePaths: readonly string[]
  /** Who may call; none lets everybody in. */
  readonly authorize: readonly ConnectionsApiHook[]
  /** Refuses requests for another Host. */
  readonly isDomain: (request: FastifyRequest) => boolean
}

/**
 * Spellings of the path that reach us; a plain route would miss all but the first. The router decodes parameters alone,
 * so it takes one to find `%40connections`.
 */
const SPELLINGS = ['/@connections', '/:connections(^@connections$)', '//@connections', '//:connections(^@connections$)']

export function registerConnectionsRoutes (api: Api, options: ConnectionsRoutesOptions): void {
  const { parent, stagePaths, authorize, isDomain } = options
  const { ignoreDuplicateSlashes } = parent.initialConfig.routerOptions ?? {}
  const spellings = SPELLINGS.filter((spelling) => ignoreDuplicateSlashes !== true || !spelling.startsWith('//'))
  const { messageBytes } = api.settings.quotas

  // Answered before Fastify parses the body: the message is whatever bytes came, whatever their content type says.
  async function answer (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { statusCode, headers, body } = await answerConnectionsRequest(api, {
      method: request.method,
      target: isDomain(request) ? request.raw.url as string : '',
      readBody: () => readBody(request.raw, messageBytes)
    })
    if (!request.raw.complete) void reply.header('connection', 'close')
    // As bytes, because Fastify writes a charset behind the content type of a text.
    return reply.code(statusCode).headers(headers).send(body === '' ? undefined : Buffer.from(body))
  }

  function letGo (request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
    if (request.headers.upgrade !== undefined) request.raw.socket?.destroy()
    done()
  }

  for (const path of stagePaths) {
    for (const url of spellings.flatMap((spelling) => [`${path}${spelling}`, `${path}${spelling}/*`])) {
      parent.route({
        method: parent.supportedMethods.filter((method) => method !== 'OPTIONS'),
        url,
        exposeHeadRoute: false,
        onRequest: [...authorize as ConnectionsApiHook[], answer] as NonNullable<RouteOptions['onRequest']>,
        onResponse: letGo,
        handler: answer
      } as RouteOptions)
    }
  }
}

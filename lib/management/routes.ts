// @connections over HTTP, for the unmodified AWS SDK.
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify'
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

/** Spellings of the path that reach us; a plain route would miss all but the first. */
const SPELLINGS = ['/@connections', '/%40connections', '//@connections', '//%40connections']

export function registerConnectionsRoutes (api: Api, options: ConnectionsRoutesOptions): void {
  const { parent, stagePaths, authorize, isDomain } = options
  const { ignoreDuplicateSlashes } = parent.initialConfig.routerOptions ?? {}
  const spellings = SPELLINGS.filter((spelling) => ignoreDuplicateSlashes !== true || !spelling.startsWith('//'))
  const { messageBytes } = api.settings.quotas

  // Answered before Fastify parses the body: the message is whatever bytes came, whatever their content type says.
  function answer (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
    answerConnectionsRequest(api, {
      method: request.method,
      target: isDomain(request) ? request.raw.url as string : '',
      readBody: () => readBody(request.raw, messageBytes)
    }).then(({ statusCode, headers, body }) => {
      if (!request.raw.complete) void reply.header('connection', 'close')
      // As bytes, because Fastify writes a charset behind the content type of a text.
      void reply.code(statusCode).headers(headers).send(body === '' ? undefined : Buffer.from(body))
    }, done)
  }

  for (const path of stagePaths) {
    for (const url of spellings.flatMap((spelling) => [`${path}${spelling}`, `${path}${spelling}/*`])) {
      parent.route({
        method: parent.supportedMethods.filter((method) => method !== 'OPTIONS'),
        url,
        exposeHeadRoute: false,
        onRequest: [...authorize as ConnectionsApiHook[], answer] as NonNullable<RouteOptions['onRequest']>,
        handler: answer
      } as RouteOptions)
    }
  }
}

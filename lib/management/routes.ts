// @connections over HTTP, for the unmodified AWS SDK.
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify'
import type { ConnectionsApiHook } from '../../types/index.js'
import type { Iam } from '../access/index.ts'
import { ROOT_KEY } from '../api/index.ts'
import type { Api } from '../api/index.ts'
import { answerConnectionsRequest } from './answer.ts'
import type { SignedCall } from './answer.ts'
import { ConnectionsCommands } from './commands.ts'
import { readBody } from './read-body.ts'

export interface ConnectionsRoutesOptions {
  /** Where the routes hang: above the scope whose hooks guard the upgrade, for those do not guard @connections. */
  readonly parent: FastifyInstance
  /** By stage name or API mapping key: where its calls are, relative to the parent. */
  readonly paths: ReadonlyMap<string, string>
  /** Who may call; none lets everybody in. */
  readonly authorize: readonly ConnectionsApiHook[]
  /** Verifies signatures; undefined asks for none. */
  readonly iam: Iam | undefined
  /** The API's level of logging, and how its requests are written. */
  readonly logOptions: Pick<RouteOptions, 'logLevel' | 'logSerializers'>
}

/**
 * Spellings of the path that reach us; a plain route would miss all but the first. The router decodes parameters alone,
 * so it takes one to find `%40connections`.
 */
const SPELLINGS = ['/@connections', '/:connections(^@connections$)', '//@connections', '//:connections(^@connections$)']

export function registerConnectionsRoutes (api: Api, options: ConnectionsRoutesOptions): void {
  const { parent, paths, authorize, iam, logOptions } = options
  const { ignoreDuplicateSlashes } = parent.initialConfig.routerOptions ?? {}
  const spellings = SPELLINGS.filter((spelling) => ignoreDuplicateSlashes !== true || !spelling.startsWith('//'))
  const { messageBytes } = api.settings.quotas
  const commands = new ConnectionsCommands(api)

  // Answered before Fastify parses the body: the message is whatever bytes came, whatever their content type says.
  function answer (
    segment: string, request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction
  ): void {
    const { raw } = request
    const stage = api.endpoints.select(request, segment)?.stage
    answerConnectionsRequest(api, commands, {
      method: request.method,
      target: raw.url as string,
      // What no longer key of a custom domain claims is its root mapping's, and there the segment leads nowhere.
      segment: segment === ROOT_KEY ? ROOT_KEY : `/${segment}`,
      stage: stage ?? api.endpoints.select(request, ROOT_KEY)?.stage,
      strayPath: stage === undefined ? segment : '',
      isThrottled: () => !api.throttle.take(),
      iam: iam && readSignedCall(iam, request),
      readBody: (complete, fail) => { readBody(raw, messageBytes, complete, fail) }
    }, ({ statusCode, headers, body }) => {
      if (!raw.complete) void reply.header('connection', 'close')
      // As bytes, because Fastify writes a charset behind the content type of a text.
      void reply.code(statusCode).headers(headers).send(body === '' ? undefined : Buffer.from(body))
    }, done)
  }

  for (const [segment, path] of paths) {
    const handler = answer.bind(undefined, segment)
    for (const url of spellings.flatMap((spelling) => [`${path}${spelling}`, `${path}${spelling}/*`])) {
      // Without a stage these are other APIs' calls too; whoever comes first refuses them.
      if (!api.endpoints.segments.has(segment) && parent.hasRoute({ method: 'POST', url: `${parent.prefix}${url}` })) continue
      parent.route({
        method: parent.supportedMethods.filter((method) => method !== 'OPTIONS'),
        url,
        exposeHeadRoute: false,
        ...logOptions,
        onRequest: [...authorize.map(refuseFalse), handler] as NonNullable<RouteOptions['onRequest']>,
        handler
      } as RouteOptions)
    }
  }
}

function readSignedCall (iam: Iam, { ip, protocol, raw }: FastifyRequest): SignedCall {
  return {
    iam,
    rawHeaders: raw.rawHeaders ?? Object.entries(raw.headers).flatMap(([name, value]) => [name, String(value)]),
    conditionContext: {
      sourceIp: ip,
      isSecure: protocol === 'https',
      now: Date.now(),
      userAgent: raw.headers['user-agent'],
      referer: raw.headers.referer
    }
  }
}

/** Fastify counts the parameters of a hook: the third is a callback, and without one it awaits a promise. */
const CALLBACK_PARAMETERS = 3

/** A hook that answers false has not let the caller in, whatever Fastify makes of what hooks return. */
function refuseFalse (hook: ConnectionsApiHook): ConnectionsApiHook {
  if (hook.length >= CALLBACK_PARAMETERS) return hook
  return async function authorize (request: FastifyRequest, reply: FastifyReply) {
    const answered: unknown = await (hook as (request: FastifyRequest, reply: FastifyReply) => unknown)(request, reply)
    return answered === false && !reply.sent
      ? await reply.code(403).header('x-amzn-errortype', 'ForbiddenException').send({ message: 'Forbidden' })
      : answered
  }
}

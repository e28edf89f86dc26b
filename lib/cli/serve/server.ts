// The server of `serve`: the definition's API, its functions bound, answering to the names of this machine.
import Fastify from 'fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiGatewayWebSocketOptions, ConnectionsApiHook, SigningCredential } from '../../../types/index.js'
import { apiGatewayWebSocket } from '../../index.ts'
import type { Terminal } from '../terminal.ts'
import { LOCAL_CREDENTIALS } from './function-environment.ts'
import type { Environment } from './function-environment.ts'
import { answerToLocalNames } from './local-names.ts'
import { createLogStream } from './log-stream.ts'

export interface ServerOptions {
  readonly options: ApiGatewayWebSocketOptions
  readonly terminal: Terminal
  readonly logLevel: string
  readonly env: Environment
}

export async function createServer ({ options, terminal, logLevel, env }: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({ logger: { level: logLevel, stream: createLogStream(terminal) } })
  answerToLocalNames(app.server, options)
  await app.register(apiGatewayWebSocket, {
    connectionsApi: { authorize: allowThisMachine },
    credentials: createCredentialsLookup(options, env),
    ...options
  })
  await app.ready()
  return app
}

/** Who calls @connections is a handler: here, a process of this machine. */
const allowThisMachine: ConnectionsApiHook = async function allowThisMachine (request, reply) {
  if (!isOfThisMachine(request)) return await reply.code(403).header('x-amzn-errortype', 'ForbiddenException').send({ message: 'Forbidden' })
  return undefined
}

function isOfThisMachine ({ socket }: FastifyRequest): boolean {
  const { remoteAddress = '', localAddress } = socket
  return remoteAddress === localAddress || remoteAddress === '::1' || /^(?:::ffff:)?127\./.test(remoteAddress)
}

/** Whoever signs as handlers do, with the credentials of the environment. */
function createCredentialsLookup (
  { accountId = '123456789012' }: ApiGatewayWebSocketOptions, env: Environment
): (accessKeyId: string) => SigningCredential | undefined {
  const {
    AWS_ACCESS_KEY_ID = LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY = LOCAL_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN
  } = env
  return (accessKeyId) => accessKeyId !== AWS_ACCESS_KEY_ID
    ? undefined
    : {
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        arn: `arn:aws:iam::${accountId}:user/local`,
        ...(AWS_SESSION_TOKEN === undefined ? undefined : { sessionToken: AWS_SESSION_TOKEN })
      }
}

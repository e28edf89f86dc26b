// One HTTP call of @connections, told without a server: path, method and body in, AWS's status, headers and body out.
import { randomUUID } from 'node:crypto'
import type { ConnectionInformation, Connections } from '../../types/index.js'
import type { Api } from '../api/index.ts'
import { BadRequestException, GoneException, LimitExceededException, PayloadTooLargeException } from '../errors.ts'

export interface ConnectionsRequest {
  readonly method: string
  /** The raw target, query string and all. */
  readonly target: string
  /** Reads the body; undefined when it is longer than a message may be. */
  readonly readBody: () => Promise<Uint8Array | undefined>
}

export interface ConnectionsAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** The path in all its spellings: any number of slashes, `@` raw or escaped. */
const CONNECTIONS_PATH = /^(.*?)\/+(?:@|%40)connections(?:\/+([^/]*))?(.*)$/

const JSON_TYPE = { 'content-type': 'application/json' }

type Command = (connections: Connections, connectionId: string, request: ConnectionsRequest) => Promise<Outcome>
interface Outcome { readonly statusCode: number, readonly body: string, readonly headers?: Record<string, string> }

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['POST', async (connections, connectionId, request) => {
    const body = await request.readBody()
    if (body === undefined) throw new PayloadTooLargeException()
    await connections.postToConnection(connectionId, body)
    return { statusCode: 200, body: '', headers: JSON_TYPE }
  }],
  ['GET', async (connections, connectionId) => {
    const information = await connections.getConnection(connectionId)
    return { statusCode: 200, body: renderInformation(information), headers: JSON_TYPE }
  }],
  ['DELETE', async (connections, connectionId) => {
    await connections.deleteConnection(connectionId)
    return { statusCode: 204, body: '' }
  }]
])

/** Answers one call. Never rejects for anything a caller can send. */
export async function answerConnectionsRequest (api: Api, request: ConnectionsRequest): Promise<ConnectionsAnswer> {
  const headers: Record<string, string> = {
    'x-amzn-requestid': randomUUID(),
    'x-amz-apigw-id': api.requestIds.next(),
    'x-amzn-trace-id': api.traceIds.next(Date.now())
  }
  let outcome: Outcome
  try {
    outcome = await run(api, request)
  } catch (error) {
    outcome = refuseFor(error)
  }
  if (outcome.statusCode === 400) delete headers['x-amzn-trace-id']
  return { statusCode: outcome.statusCode, headers: Object.assign(headers, outcome.headers), body: outcome.body }
}

function run (api: Api, request: ConnectionsRequest): Outcome | Promise<Outcome> {
  const queryAt = request.target.indexOf('?')
  const path = queryAt === -1 ? request.target : request.target.slice(0, queryAt)
  const match = CONNECTIONS_PATH.exec(path)
  const stage = api.stages.get(match?.[1]?.split('/').at(-1) ?? '')
  if (match === null || stage === undefined) return refuse(403, 'ForbiddenException', 'Forbidden')
  const [, base, segment, rest] = match as unknown as [string, string, string | undefined, string]
  const command = COMMANDS.get(request.method)
  if (segment === undefined || segment === '' || rest !== '') {
    return refuse(404, undefined, `No method found matching route ${path.slice(base.length).replace(/^\/+/, '')} for http method ${request.method}.`)
  }
  if (command === undefined) return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token')
  const connectionId = decode(segment)
  // A connection of another stage is as unknown here as it is on AWS.
  const connection = api.openConnections.get(connectionId)
  if (connection !== undefined && connection.stage !== stage) throw new GoneException(connectionId)
  return command(api.connections, connectionId, request)
}

function refuseFor (error: unknown): Outcome {
  if (error instanceof GoneException) return { statusCode: 410, body: '', headers: { ...JSON_TYPE, 'x-amzn-errortype': error.name } }
  for (const Exception of [BadRequestException, PayloadTooLargeException, LimitExceededException]) {
    if (error instanceof Exception) return refuse(error.statusCode as number, error.name, error.message)
  }
  throw error
}

function refuse (statusCode: number, errorType: string | undefined, message: string): Outcome {
  return {
    statusCode,
    headers: errorType === undefined ? JSON_TYPE : { ...JSON_TYPE, 'x-amzn-errortype': errorType },
    body: JSON.stringify({ message })
  }
}

/** What cannot be decoded stays as it is, and is then no connection id. */
function decode (segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** API Gateway prints this one with two spaces of indent and a space on both sides of each colon. */
function renderInformation ({ identity, connectedAt, lastActiveAt }: ConnectionInformation): string {
  const identityLines = [`    "sourceIp" : ${JSON.stringify(identity.sourceIp)}`]
  if (identity.userAgent !== undefined) identityLines.push(`    "userAgent" : ${JSON.stringify(identity.userAgent)}`)
  return [
    '{',
    '  "identity" : {',
    identityLines.join(',\n'),
    '  },',
    `  "connectedAt" : "${connectedAt.toISOString()}",`,
    `  "lastActiveAt" : "${lastActiveAt.toISOString()}"`,
    '}'
  ].join('\n')
}

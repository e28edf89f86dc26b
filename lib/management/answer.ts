// One HTTP call of @connections, told without a server: path, method and body in, AWS's status, headers and body out.
import type { ConnectionInformation, Connections } from '../../types/index.js'
import { authorizeCaller, createExecuteApiArn, MANAGE_CONNECTIONS_ACTION, sha256 } from '../access/index.ts'
import type { ConditionContext, Iam, IamCaller } from '../access/index.ts'
import { renderHandshakeRefusal } from '../api/index.ts'
import type { Api, Stage } from '../api/index.ts'
import { BadRequestException, GoneException, LimitExceededException, PayloadTooLargeException } from '../errors.ts'
import { guardLog } from '../guarded-log.ts'
import { Refusal } from '../refusal.ts'

export interface ConnectionsRequest {
  readonly method: string
  /** The raw target, query string and all. */
  readonly target: string
  /** The stage that host and path name; undefined where they name none. */
  readonly stage: Stage | undefined
  /** The stage's name or API mapping key, with which the path before `@connections` must end. */
  readonly segment: string
  /** What stands between the stage's path and `@connections`, where nothing may. */
  readonly strayPath?: string
  /** Takes a request of the account's; true where it has none left. Never, where absent. */
  readonly isThrottled?: () => boolean
  /** Undefined asks for no signature. */
  readonly iam?: SignedCall | undefined
  /** Reads the body; undefined when it is longer than a message may be. */
  readonly readBody: () => Promise<Uint8Array | undefined>
}

/** How a call proves whose it is. */
export interface SignedCall {
  readonly iam: Iam
  readonly rawHeaders: readonly string[]
  readonly conditionContext: ConditionContext
}

export interface ConnectionsAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** The path in all its spellings: any number of slashes, `@` raw or escaped. The base ends in no slash, or many would cost their square. */
const CONNECTIONS_PATH = /^((?:.*?[^/])?)\/+(?:@|%40)connections(?:\/+([^/]*))?(.*)$/

const JSON_TYPE = { 'content-type': 'application/json' }
const POSTED: Outcome = { statusCode: 200, body: '', headers: JSON_TYPE }

type Body = Uint8Array | undefined
type Command = (connections: Connections, connectionId: string, readBody: () => Promise<Body>) => Promise<Outcome>
interface Outcome { readonly statusCode: number, readonly body: string, readonly headers?: Record<string, string> }

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['POST', async (connections, connectionId, readBody) => {
    const body = await readBody()
    if (body === undefined) throw new PayloadTooLargeException()
    await connections.postToConnection(connectionId, body)
    return POSTED
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
    'x-amzn-requestid': api.uuids.next(),
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

/** The order is: stage, signature, path, policy, throttle, id, size, existence. A promise only where somebody is waited for. */
function run (api: Api, request: ConnectionsRequest): Outcome | Promise<Outcome> {
  const { iam, segment: stageSegment, stage } = request
  const queryAt = request.target.indexOf('?')
  const path = queryAt === -1 ? request.target : request.target.slice(0, queryAt)
  const match = CONNECTIONS_PATH.exec(path)
  // The router takes other letter cases and escapes for the same path; a gateway does not.
  if (stage === undefined || match === null || match[1]?.endsWith(stageSegment) !== true) return refuse(403, 'ForbiddenException', 'Forbidden')
  if (iam === undefined) return runFor(undefined, api, request, match, request.readBody)
  const readBody = keepBody(request.readBody)
  return authenticate(request, iam, readBody).then((caller) => caller instanceof Refusal
    ? refuseCaller(api, caller)
    : runFor(caller, api, request, match, readBody))
}

/** Of a caller who signed, or of anybody where nobody has to. */
function runFor (
  caller: IamCaller | undefined, api: Api, request: ConnectionsRequest, { input: path, 1: base = '', 2: segment = '', 3: rest }: RegExpExecArray,
  readBody: () => Promise<Body>
): Outcome | Promise<Outcome> {
  const { method, stage, strayPath = '' } = request
  if (segment === '' || rest !== '' || strayPath !== '') {
    const behind = path.slice(base.length - strayPath.length).replace(/^\/+/, '')
    return refuse(404, undefined, `No method found matching route ${behind} for http method ${method}.`)
  }
  const command = COMMANDS.get(method)
  if (command === undefined) return refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token')
  const connectionId = decode(segment)
  const refusal = caller && authorize(api, request, caller, `${method}/@connections/${connectionId}`)
  if (refusal !== undefined) return refuseCaller(api, refusal)
  if (request.isThrottled?.() === true) throw new LimitExceededException()
  // A connection of another stage is as unknown here as it is on AWS.
  const connection = api.openConnections.get(connectionId)
  if (connection !== undefined && connection.stage !== stage) throw new GoneException(connectionId)
  return command(api.connections, connectionId, readBody)
}

/** A body is read once, whoever asks first. */
function keepBody (read: () => Promise<Body>): () => Promise<Body> {
  let body: Promise<Body> | undefined
  return () => (body ??= read())
}

/** Who calls. */
async function authenticate (
  { method, target }: ConnectionsRequest, { iam, rawHeaders }: SignedCall, readBody: () => Promise<Body>
): Promise<IamCaller | Refusal> {
  return await iam.authenticate({ method, target, rawHeaders }, async () => {
    const body = await readBody()
    if (body === undefined) throw new PayloadTooLargeException()
    return sha256(body)
  })
}

function authorize (
  api: Api, { iam, stage }: ConnectionsRequest, caller: IamCaller, what: string
): Refusal | undefined {
  const resource = createExecuteApiArn(api.settings, (stage as Stage).stageName, what)
  return authorizeCaller(caller, MANAGE_CONNECTIONS_ACTION, resource, (iam as SignedCall).conditionContext)
}

/** IAM's own refusal has its text under `Message`, the gateway's under `message`; the SDKs read both. */
function refuseCaller (api: Api, { type, cause, message }: Refusal): Outcome {
  if (cause !== undefined) guardLog(() => { api.log.error({ err: cause, refusal: type }, 'access control failed') })
  const { statusCode, headers, body } = renderHandshakeRefusal(type, '', message)
  const errorType = headers['x-amzn-errortype'] as string
  const isPolicy = type === 'ACCESS_DENIED'
  return {
    statusCode,
    headers: { ...JSON_TYPE, 'x-amzn-errortype': errorType },
    body: isPolicy ? JSON.stringify({ Message: message }) : body
  }
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

// One HTTP call of @connections, told without a server: path, method and body in, AWS's status, headers and body out.
import type { ConnectionInformation } from '../../types/index.js'
import { authorizeCaller, createExecuteApiArn, MANAGE_CONNECTIONS_ACTION, sha256 } from '../access/index.ts'
import type { ConditionContext, Iam, IamCaller } from '../access/index.ts'
import { renderHandshakeRefusal } from '../api/index.ts'
import type { Api, Stage } from '../api/index.ts'
import { BadRequestException, GoneException, LimitExceededException, PayloadTooLargeException } from '../errors.ts'
import { guardLog } from '../guarded-log.ts'
import { Refusal } from '../refusal.ts'
import type { ConnectionsCommands } from './commands.ts'

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
  readonly readBody: ReadBody
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

/** A body, or undefined where it is longer than a message may be. */
export type Body = Uint8Array | undefined
/** Calls one of the two, once. Callbacks all the way: the promises of a call cost a tenth of it. */
export type ReadBody = (complete: (body: Body) => void, fail: (error: Error) => void) => void
type Command = (commands: ConnectionsCommands, connectionId: string, body: Body) => Outcome
interface Outcome { readonly statusCode: number, readonly body: string, readonly headers?: Record<string, string> }

const POST = 'POST'
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  [POST, (commands, connectionId, body) => {
    if (body === undefined) throw new PayloadTooLargeException()
    commands.post(connectionId, body)
    return POSTED
  }],
  ['GET', (commands, connectionId) => (
    { statusCode: 200, body: renderInformation(commands.get(connectionId)), headers: JSON_TYPE }
  )],
  ['DELETE', (commands, connectionId) => {
    commands.delete(connectionId)
    return { statusCode: 204, body: '' }
  }]
])

/** Answers one call: `complete` is called once, or `fail` with what no answer can be made of. */
export function answerConnectionsRequest (
  api: Api, commands: ConnectionsCommands, request: ConnectionsRequest, complete: (answer: ConnectionsAnswer) => void,
  fail: (error: Error) => void
): void {
  new ConnectionsCall(api, commands, request, complete, fail).start()
}

class ConnectionsCall {
  readonly #api: Api
  readonly #commands: ConnectionsCommands
  readonly #request: ConnectionsRequest
  readonly #complete: (answer: ConnectionsAnswer) => void
  readonly #fail: (error: Error) => void
  readonly #headers: Record<string, string>

  constructor (
    api: Api, commands: ConnectionsCommands, request: ConnectionsRequest, complete: (answer: ConnectionsAnswer) => void,
    fail: (error: Error) => void
  ) {
    this.#api = api
    this.#commands = commands
    this.#request = request
    this.#complete = complete
    this.#fail = fail
    this.#headers = {
      'x-amzn-requestid': api.uuids.next(),
      'x-amz-apigw-id': api.requestIds.next(),
      'x-amzn-trace-id': api.traceIds.next(Date.now())
    }
  }

  /** The order is: stage, signature, path, policy, throttle, id, size, existence. */
  start (): void {
    const { iam, readBody, segment, stage, target } = this.#request
    const queryAt = target.indexOf('?')
    const match = CONNECTIONS_PATH.exec(queryAt === -1 ? target : target.slice(0, queryAt))
    // The router takes other letter cases and escapes for the same path; a gateway does not.
    if (stage === undefined || match === null || match[1]?.endsWith(segment) !== true) {
      this.#end(refuse(403, 'ForbiddenException', 'Forbidden'))
    } else if (iam === undefined) {
      this.#run(undefined, match, readBody)
    } else {
      const body = keepBody(readBody)
      authenticate(this.#request, iam, body).then((caller) => {
        if (caller instanceof Refusal) this.#end(refuseCaller(this.#api, caller))
        else this.#run(caller, match, (complete, fail) => { body().then(complete, fail) })
      }).catch((error: Error) => { this.#refuse(error) })
    }
  }

  /** Of a caller who signed, or of anybody where nobody has to. */
  #run (
    caller: IamCaller | undefined, { input: path, 1: base = '', 2: segment = '', 3: rest }: RegExpExecArray, readBody: ReadBody
  ): void {
    const { method, stage, strayPath = '' } = this.#request
    if (segment === '' || rest !== '' || strayPath !== '') {
      const behind = path.slice(base.length - strayPath.length).replace(/^\/+/, '')
      this.#end(refuse(404, undefined, `No method found matching route ${behind} for http method ${method}.`))
      return
    }
    const command = COMMANDS.get(method)
    if (command === undefined) {
      this.#end(refuse(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'))
      return
    }
    const connectionId = decode(segment)
    const refusal = caller && authorize(this.#api, this.#request, caller, `${method}/@connections/${connectionId}`)
    if (refusal !== undefined) {
      this.#end(refuseCaller(this.#api, refusal))
      return
    }
    // A connection of another stage is as unknown here as it is on AWS.
    const connection = this.#api.openConnections.get(connectionId)
    if (this.#request.isThrottled?.() === true) this.#refuse(new LimitExceededException())
    else if (connection !== undefined && connection.stage !== stage) this.#refuse(new GoneException(connectionId))
    else if (method !== POST) this.#execute(command, connectionId, undefined)
    else readBody((body) => { this.#execute(command, connectionId, body) }, (error) => { this.#refuse(error) })
  }

  #execute (command: Command, connectionId: string, body: Body): void {
    let outcome: Outcome
    try {
      outcome = command(this.#commands, connectionId, body)
    } catch (error) {
      this.#refuse(error as Error)
      return
    }
    this.#end(outcome)
  }

  #refuse (error: Error): void {
    const outcome = findRefusal(error)
    if (outcome === undefined) this.#fail(error)
    else this.#end(outcome)
  }

  #end ({ statusCode, headers, body }: Outcome): void {
    if (statusCode === 400) delete this.#headers['x-amzn-trace-id']
    this.#complete({ statusCode, headers: Object.assign(this.#headers, headers), body })
  }
}

/** A body is read once, whoever asks first. */
function keepBody (read: ReadBody): () => Promise<Body> {
  let body: Promise<Body> | undefined
  return () => (body ??= new Promise(read))
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

/** Undefined of what is nobody's to be told. */
function findRefusal (error: unknown): Outcome | undefined {
  if (error instanceof GoneException) return { statusCode: 410, body: '', headers: { ...JSON_TYPE, 'x-amzn-errortype': error.name } }
  for (const Exception of [BadRequestException, PayloadTooLargeException, LimitExceededException]) {
    if (error instanceof Exception) return refuse(error.statusCode as number, error.name, error.message)
  }
  return undefined
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

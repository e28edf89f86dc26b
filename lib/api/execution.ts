// One execution: a $connect, a message or a $disconnect on its way through the gateway. One shape, filled once.
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, WebSocketEvent } from '../../types/index.js'
import type { AuthorizerCall, ConditionContext } from '../access/index.ts'
import type { EventType } from '../definition.ts'
import type { ConnectParameters } from '../integration/index.ts'
import type { Refusal } from '../refusal.ts'
import type { CompiledRoute } from '../route/index.ts'
import type { Connection } from './connection.ts'
import { createMethodArn } from './connect-access.ts'
import { prefixOf } from './endpoints.ts'
import { createAuthorizerEvent, createEvent, createRequestContext } from './events.ts'
import { findHeader, findHeaderValues, findQueryParameter, findQueryValues, readHeaders, readQuery } from './handshake-request.ts'
import type { HandshakeRequest } from './handshake-request.ts'
import { createTemplateContext } from './template-context.ts'

const NOT_READ: unique symbol = Symbol('not read')

/** How a connection ended. */
export interface Disconnection {
  readonly statusCode: number
  readonly reason: string
}

export class Execution implements AuthorizerCall {
  readonly connection: Connection
  readonly eventType: EventType
  readonly requestId: string
  readonly requestTimeEpoch: number
  readonly startedAt: number
  /** The message; undefined on $connect and $disconnect. */
  readonly text: string | undefined
  /** Undefined except for messages. */
  readonly messageId: string | undefined
  /** Undefined except on $connect. */
  readonly handshake: HandshakeRequest | undefined
  /** Undefined except on $disconnect. */
  readonly disconnection: Disconnection | undefined
  /** The selected route; undefined until one is. */
  route: CompiledRoute | undefined = undefined
  /** Milliseconds that the authorizer took; undefined except on a $connect that had one. */
  authorizerLatency: number | undefined = undefined
  /** The status the integration answered with. */
  status: number | undefined = undefined
  /** Why the execution failed, once it has. */
  refusal: Refusal | undefined = undefined
  #json: unknown = NOT_READ
  #traceId: string | undefined = undefined
  #connectParameters: ConnectParameters | undefined = undefined

  constructor (
    connection: Connection, eventType: EventType, text: string | undefined,
    handshake: HandshakeRequest | undefined, disconnection: Disconnection | undefined
  ) {
    const { requestIds } = connection.api
    this.connection = connection
    this.eventType = eventType
    this.requestId = requestIds.next()
    this.requestTimeEpoch = Date.now()
    this.startedAt = performance.now()
    this.text = text
    this.messageId = text === undefined ? undefined : requestIds.next()
    this.handshake = handshake
    this.disconnection = disconnection
  }

  /** The message as JSON, parsed once and only if somebody asks; undefined where it is not JSON. */
  get json (): unknown {
    if (this.#json === NOT_READ) this.#json = parseJson(this.text)
    return this.#json
  }

  /** A handshake header: on $connect any, later only one that some expression names. */
  header (name: string): string | undefined {
    if (this.handshake !== undefined) return findHeader(this.handshake, name)
    return this.connection.handshakeValues?.headers.get(name)
  }

  /** A query parameter of the handshake: on $connect any, later only one that some expression names. */
  querystring (name: string): string | undefined {
    if (this.handshake !== undefined) return findQueryParameter(this.handshake, name)
    return this.connection.handshakeValues?.querystring.get(name)
  }

  /** All values of a handshake header; none after $connect. */
  headerValues (name: string): readonly string[] {
    return this.handshake === undefined ? [] : findHeaderValues(this.handshake, name.toLowerCase())
  }

  /** All values of a query parameter of the handshake; none after $connect. */
  querystringValues (name: string): readonly string[] {
    return this.handshake === undefined ? [] : findQueryValues(this.handshake, name)
  }

  /** `$context`, as expressions read it. */
  get context (): Record<string, unknown> {
    const { domainName } = this.connection
    return { ...createRequestContext(this), domainPrefix: prefixOf(domainName) }
  }

  get apiId (): string {
    return this.connection.api.apiId
  }

  get stageName (): string {
    return this.connection.stage.stageName
  }

  /** The resource of a handshake's policies. */
  get methodArn (): string {
    return createMethodArn(this)
  }

  /** What the conditions of a handshake's policies are judged by. */
  get conditionContext (): ConditionContext {
    const { sourceIp, userAgent } = this.connection.identity
    return {
      sourceIp,
      userAgent,
      referer: this.header('referer'),
      isSecure: this.handshake?.isSecure === true,
      now: this.requestTimeEpoch
    }
  }

  /** The same in all events of one execution. */
  get traceId (): string {
    return (this.#traceId ??= this.connection.api.traceIds.next(this.requestTimeEpoch))
  }

  /** `$context` with all its members, as templates read it. */
  get templateContext (): Record<string, unknown> {
    return createTemplateContext(this)
  }

  /** What the handshake brought, as mappings and templates of $connect read it; undefined on other events. */
  get connectParameters (): ConnectParameters | undefined {
    if (this.handshake === undefined) return undefined
    return (this.#connectParameters ??= {
      headers: readHeaders(this.handshake, this.traceId, false), query: readQuery(this.handshake.rawQuery)
    })
  }

  get isTwoWay (): boolean {
    return this.eventType === 'MESSAGE' && this.route?.isTwoWay === true
  }

  get authorizer (): Readonly<Record<string, string>> | undefined {
    return this.connection.authorizer
  }

  get sourceIp (): string {
    return this.connection.identity.sourceIp
  }

  get domainName (): string {
    return this.connection.domainName
  }

  get stageVariables (): Readonly<Record<string, string>> | undefined {
    return this.connection.stage.stageVariables
  }

  get connections (): Connections {
    return this.connection.api.connections
  }

  get closeSignal (): AbortSignal {
    return this.connection.api.closeSignal
  }

  get abortControllers (): Set<AbortController> {
    return this.connection.api.abortControllers
  }

  createEvent (): WebSocketEvent {
    return createEvent(this)
  }

  createAuthorizerEvent (): object {
    return createAuthorizerEvent(this)
  }

  createLog (): FastifyBaseLogger {
    return this.connection.log.child({ connectionId: this.connection.connectionId, requestId: this.requestId })
  }
}

function parseJson (text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// One execution: a $connect, a message or a $disconnect on its way through the gateway. One shape, filled once.
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, WebSocketEvent } from '../../types/index.js'
import type { EventType } from '../definition.ts'
import type { IntegrationRequest } from '../integration/index.ts'
import type { CompiledRoute } from '../route/index.ts'
import type { Connection } from './connection.ts'
import { createEvent, createRequestContext } from './events.ts'
import type { HandshakeRequest } from './handshake-request.ts'

const NOT_READ: unique symbol = Symbol('not read')

/** How a connection ended. */
export interface Disconnection {
  readonly statusCode: number
  readonly reason: string
}

export class Execution implements IntegrationRequest {
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
  #json: unknown = NOT_READ

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

  /** A handshake header that some expression names; undefined when the client did not send it. */
  header (name: string): string | undefined {
    return this.connection.handshakeValues?.headers.get(name)
  }

  /** A query parameter of the handshake that some expression names. */
  querystring (name: string): string | undefined {
    return this.connection.handshakeValues?.querystring.get(name)
  }

  /** `$context`, as expressions read it. */
  get context (): Record<string, unknown> {
    return createRequestContext(this) as unknown as Record<string, unknown>
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

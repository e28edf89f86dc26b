// The record of one connection, and what the corridor needs of the socket behind it.
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocketIdentity } from '../../types/index.js'
import type { BoundApiKey } from '../access/index.ts'
import type { Api } from './api.ts'
import type { Stage } from './stage.ts'

/** What stands behind a connection; `transport/` implements it over ws, `inject()` without a socket. */
export interface ConnectionSocket {
  /** False once either side has begun to close. */
  readonly isOpen: boolean
  /** Bytes accepted but not yet taken by the network. */
  readonly bufferedBytes: number
  /** Sends one text message. */
  send (text: string | Uint8Array): void
  /** Flushes what was sent, then closes with this code and reason, which are also those of `$disconnect`. */
  close (code: number, reason: string): void
  /** Closes with 1001, at once or when the messages in flight are answered. */
  drain (): void
  /** One message of the connection is over. */
  onMessageCompleted (): void
}

/** Handshake values a route selection expression reads later; nothing else of the request is kept. */
export interface HandshakeValues {
  readonly headers: Pick<ReadonlyMap<string, string>, 'get'>
  readonly querystring: Pick<ReadonlyMap<string, string>, 'get'>
}

/** What a handshake fixes for the life of a connection. */
export interface ConnectionOrigin {
  readonly stage: Stage
  readonly identity: WebSocketIdentity
  readonly domainName: string
  /** Text values, `principalId` last; undefined when nothing authorized the connection. */
  readonly authorizer: Readonly<Record<string, string>> | undefined
  readonly handshakeValues: HandshakeValues | undefined
  /** Somebody else has authorized it: neither authorizer nor IAM is asked. */
  readonly isAuthorized?: boolean
  /** Where the connection's executions log; the API's own log when absent. */
  readonly log?: FastifyBaseLogger
}

export class Connection {
  readonly api: Api
  readonly connectionId: string
  readonly stage: Stage
  readonly domainName: string
  readonly handshakeValues: HandshakeValues | undefined
  readonly log: FastifyBaseLogger
  /** Settled before $connect, as the three below. */
  identity: WebSocketIdentity
  authorizer: Readonly<Record<string, string>> | undefined
  /** The API key it was opened with, where any route asks for one. */
  apiKey: BoundApiKey | undefined = undefined
  /** $connect needed the key: every message counts against its plan. */
  isMetered = false
  /** Epoch milliseconds. */
  readonly connectedAt: number
  /** The same moment on the monotonic clock. */
  readonly startedAt: number
  /** On the monotonic clock; moves with messages in both directions and with the client's pings. */
  activeAt: number
  /** Null before the 101 and after the close, once all that was read is served. */
  socket: ConnectionSocket | null = null
  /** Messages whose integration has not answered. */
  messagesInFlight = 0

  constructor (api: Api, connectionId: string, origin: ConnectionOrigin) {
    this.api = api
    this.connectionId = connectionId
    this.stage = origin.stage
    this.identity = origin.identity
    this.domainName = origin.domainName
    this.authorizer = origin.authorizer
    this.handshakeValues = origin.handshakeValues
    this.log = origin.log ?? api.log
    this.connectedAt = Date.now()
    this.startedAt = this.activeAt = performance.now()
  }

  /** Epoch milliseconds. */
  get lastActiveAt (): number {
    return this.connectedAt + Math.round(this.activeAt - this.startedAt)
  }

  /** Sends a text message to the client; a connection that is closed drops it. */
  send (text: string | Uint8Array): void {
    if (this.socket === null) return
    this.activeAt = performance.now()
    this.socket.send(text)
  }
}

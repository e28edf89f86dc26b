// inject(): connect, messages and disconnect through the whole pipeline without a socket, the companion of
// fastify.inject().
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocketInjectLogLine, WebSocketInjectOptions, WebSocketInjectResult } from '../../types/index.js'
import { ApiClosingError, ApiUnknownError } from '../errors.ts'
import { followInProcessCalls } from '../integration/index.ts'
import type { Api } from './api.ts'
import { compileAuthorizerContext } from './authorizer-context.ts'
import { connect } from './connect.ts'
import type { ConnectOutcome } from './connect.ts'
import type { Connection, ConnectionSocket } from './connection.ts'
import { disconnect, GOING_AWAY } from './disconnect.ts'
import type { Disconnection } from './execution.ts'
import { findHeader, findQueryParameter } from './handshake-request.ts'
import type { HandshakeRequest } from './handshake-request.ts'
import { receiveMessage } from './message.ts'

const LOOPBACK = '127.0.0.1'
/** What the gateway reports of a client that closes without a code, as `socket.close()` in a browser does. */
const CLOSED_BY_CLIENT: Disconnection = { statusCode: 1005, reason: 'Client-side close frame status not set' }

export async function inject (api: Api, options: WebSocketInjectOptions = {}): Promise<WebSocketInjectResult> {
  // A route may be what calls it, in answer to a message.
  followInProcessCalls()
  const log: WebSocketInjectLogLine[] = []
  const stageName = options.stage ?? [...api.stages.keys()][0] as string
  const handshake = readHandshake(options, stageName)
  const userAgent = findHeader(handshake, 'user-agent')
  const stage = api.stages.get(stageName)
  if (stage === undefined) throw new ApiUnknownError(`API has no stage "${stageName}"; it has ${[...api.stages.keys()].join(', ')}`)

  const outcome = await new Promise<ConnectOutcome>((resolve) => {
    if (api.isClosing) throw new ApiClosingError()
    connect(api, {
      stage,
      identity: userAgent === undefined ? { sourceIp: LOOPBACK } : { userAgent, sourceIp: LOOPBACK },
      domainName: api.settings.defaultDomainName(),
      authorizer: compileAuthorizerContext(options.authorizer),
      isAuthorized: options.authorizer !== undefined,
      handshakeValues: {
        headers: { get: (name: string) => findHeader(handshake, name) },
        querystring: { get: (name: string) => findQueryParameter(handshake, name) }
      },
      log: createRecordingLog(api.log, log)
    }, handshake, resolve)
  })
  const { connection, refusal, subprotocol } = outcome
  if (refusal !== undefined) {
    const { statusCode, body } = refusal
    const headers = Object.fromEntries(Object.entries(refusal.headers).map(([name, value]) => [name, String(value)]))
    return { statusCode, connectionId: connection.connectionId, headers, body, frames: [], log }
  }
  const frames = await converse(connection, options.bodies ?? (options.body === undefined ? [] : [options.body]))
  return {
    statusCode: 101,
    connectionId: connection.connectionId,
    headers: subprotocol === undefined ? {} : { 'sec-websocket-protocol': subprotocol },
    body: '',
    frames,
    log
  }
}

/** Says the messages one after the other, each when the one before is answered, and hangs up. */
async function converse (connection: Connection, bodies: readonly string[]): Promise<string[]> {
  const socket = new InjectedSocket(connection)
  connection.socket = socket
  connection.api.openConnections.set(connection.connectionId, connection)
  for (const body of bodies) {
    if (!socket.isOpen) break
    receiveMessage(connection, body)
    await socket.idle()
  }
  connection.socket = null
  connection.api.openConnections.delete(connection.connectionId)
  await disconnect(connection, socket.disconnection ?? CLOSED_BY_CLIENT)
  return socket.frames
}

class InjectedSocket implements ConnectionSocket {
  readonly bufferedBytes = 0
  readonly frames: string[] = []
  readonly #connection: Connection
  disconnection: Disconnection | undefined
  /** The server is closing, and a message is in progress. */
  #closesWhenIdle = false
  #onIdle: (() => void) | undefined

  constructor (connection: Connection) {
    this.#connection = connection
  }

  get isOpen (): boolean {
    return this.disconnection === undefined
  }

  send (text: string | Uint8Array): void {
    if (this.isOpen) this.frames.push(Buffer.from(text as string).toString())
  }

  close (code: number, reason: string): void {
    this.disconnection ??= { statusCode: code, reason }
  }

  drain (): void {
    if (this.#connection.messagesInFlight === 0) this.close(GOING_AWAY.statusCode, GOING_AWAY.reason)
    else this.#closesWhenIdle = true
  }

  onMessageCompleted (): void {
    if (this.#connection.messagesInFlight > 0) return
    if (this.#closesWhenIdle) this.close(GOING_AWAY.statusCode, GOING_AWAY.reason)
    this.#onIdle?.()
  }

  async idle (): Promise<void> {
    if (this.#connection.messagesInFlight === 0) return
    await new Promise<void>((resolve) => { this.#onIdle = resolve })
  }
}

function readHandshake ({ headers = {}, query = {} }: WebSocketInjectOptions, stageName: string): HandshakeRequest {
  const named: Record<string, string> = { Host: 'localhost', ...headers }
  const rawQuery = typeof query === 'string' ? query.replace(/^\?/, '') : new URLSearchParams(query).toString()
  return {
    method: 'GET',
    target: rawQuery === '' ? `/${stageName}` : `/${stageName}?${rawQuery}`,
    isSecure: true,
    rawHeaders: Object.entries(named).flat(),
    rawQuery,
    peerAddress: LOOPBACK
  }
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** A logger that notes each line and passes it on. */
function createRecordingLog (
  target: FastifyBaseLogger, lines: WebSocketInjectLogLine[], bindings: object = {}
): FastifyBaseLogger {
  const recording = Object.create(target) as FastifyBaseLogger
  for (const level of LEVELS) {
    recording[level] = (...args: any[]) => {
      const details = typeof args[0] === 'object' ? args[0] : {}
      const message = typeof args[0] === 'object' ? args[1] : args[0]
      lines.push({ level, message: String(message ?? ''), details: { ...bindings, ...details } })
      ;(target[level] as (...args: any[]) => void)(...args)
    }
  }
  recording.child = ((more: object, options: any) =>
    createRecordingLog(target.child(more, options), lines, { ...bindings, ...more })) as FastifyBaseLogger['child']
  return recording
}

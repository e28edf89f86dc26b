// The upgrade request's way through Fastify: the gateway's checks between the scope's hooks, $connect as the last
// preHandler, and the socket's take-over once the 101 is written.
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { Socket } from 'node:net'
import type { WebSocket, WebSocketServer } from 'ws'
import {
  compileAuthorizerContext, connect, disconnect, findHeader, findQueryParameter, renderHandshakeRefusal
} from '../api/index.ts'
import type {
  Connection, ConnectionOrigin, ConnectOutcome, HandshakeRequest, HandshakeValues, HttpAnswer, Stage
} from '../api/index.ts'
import { kHandshake, kUpgrade } from '../symbols.ts'
import type { RefusalType } from '../refusal.ts'
import { ABNORMAL } from './close-codes.ts'
import { SocketConnection } from './socket-connection.ts'
import { checkUpgrade, isStagePath } from './upgrade-checks.ts'
import type { UpgradeTarget } from './upgrade-checks.ts'
import type { Transport } from './transport.ts'

/** What injectWS, which has no network, is taken for. */
const LOOPBACK = '127.0.0.1'

/** A handshake between the gateway's checks and its end, kept on the raw request. */
class PendingHandshake {
  readonly transport: Transport
  readonly reply: FastifyReply
  /** Set once $connect has accepted. */
  connection: Connection | undefined = undefined
  isOver = false
  /** The only sign of a client that leaves while hooks or $connect run. */
  readonly onSocketGone = (): void => {
    if (this.isOver) return
    this.end()
    // $connect had succeeded, but the 101 never reached anybody: the back end must be able to clean up.
    if (this.connection !== undefined) void disconnect(this.connection, ABNORMAL)
  }

  constructor (transport: Transport, reply: FastifyReply) {
    this.transport = transport
    this.reply = reply
    transport.pendingHandshakes++
  }

  /** Opened, refused or gone, whichever comes first. */
  end (): void {
    if (this.isOver) return
    this.isOver = true
    this.transport.pendingHandshakes--
  }
}

interface WithHandshake { [kHandshake]?: PendingHandshake }

/** Hook `onRequest` of the registering scope: concerns upgrade routes only, and lets through what may open. */
export function onUpgradeRequest (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const target = upgradeTarget(request)
  if (target === undefined || servesPlainly(request, target)) {
    done()
    return
  }
  const refusal = checkUpgrade(request, target)
  if (refusal !== undefined) {
    refuse(reply, refusal, target.transport)
    return
  }
  const handshake = new PendingHandshake(target.transport, reply)
  ;(request.raw as unknown as WithHandshake)[kHandshake] = handshake
  request.raw.socket?.once('close', handshake.onSocketGone)
  done()
}

/**
 * Hook `onResponse` of the registering scope. A hook registered before @fastify/websocket may refuse a handshake that
 * @fastify/websocket has not seen yet; then nobody else lets go of the socket.
 */
export function onUpgradeResponse (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  if (request.headers.upgrade !== undefined) request.raw.socket?.destroy()
  ;(request.raw as unknown as WithHandshake)[kHandshake]?.end()
  done()
}

/** The last `preHandler` of an upgrade route: runs $connect, whose result is the handshake's. */
export function runConnect (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const handshake = (request.raw as unknown as WithHandshake)[kHandshake]
  const target = upgradeTarget(request)
  if (handshake === undefined || target === undefined) {
    done()
    return
  }
  const { api } = target.transport
  const handshakeRequest = readHandshake(request)
  let origin: ConnectionOrigin
  try {
    origin = readOrigin(request, target, handshakeRequest)
  } catch (err) {
    request.log.error({ err }, 'request.authorizer cannot be used')
    refuse(reply, 'AUTHORIZER_FAILURE', target.transport)
    return
  }
  connect(api, origin, handshakeRequest, (outcome) => {
    if (outcome.refusal !== undefined) {
      answer(reply, outcome.refusal)
    } else if (api.isClosing) {
      void disconnect(outcome.connection, ABNORMAL)
      refuse(reply, 'SERVICE_UNAVAILABLE', target.transport)
    } else if (handshake.isOver) {
      void disconnect(outcome.connection, ABNORMAL)
    } else {
      handshake.connection = outcome.connection
      setSubprotocol(request, outcome)
      done()
    }
  })
}

/** The route's wsHandler: the 101 is written. */
export function openConnection (
  this: { websocketServer: WebSocketServer }, webSocket: WebSocket, request: FastifyRequest
): void {
  const handshake = (request.raw as unknown as WithHandshake)[kHandshake]
  const connection = handshake?.connection
  if (handshake === undefined || connection === undefined) {
    webSocket.terminate()
    return
  }
  handshake.end()
  letGo(webSocket, request, handshake, this.websocketServer)
  new SocketConnection(connection, handshake.transport, webSocket, request.raw.socket as Socket | undefined).open()
}

/**
 * Lets go of request, reply and response, which @fastify/websocket would keep for the connection's life: half of an
 * idle connection's heap. Out of the server's client list too, because its preClose would close without a code; and
 * of the listener, the first, by which ws would take it out at the close.
 */
function letGo (
  webSocket: WebSocket, request: FastifyRequest, handshake: PendingHandshake, server: WebSocketServer
): void {
  const rawSocket = request.raw.socket as Socket | undefined
  if (rawSocket !== undefined) {
    handshake.reply.raw.detachSocket(rawSocket)
    rawSocket.removeListener('close', handshake.onSocketGone)
  }
  webSocket.removeAllListeners('error')
  // Undefined where the app registered @fastify/websocket with `clientTracking: false`.
  if ((server.clients as Set<WebSocket> | undefined)?.delete(webSocket) === true) {
    webSocket.removeListener('close', webSocket.listeners('close')[0] as () => void)
  }
}

function upgradeTarget (request: FastifyRequest): UpgradeTarget | undefined {
  return (request.routeOptions.config as unknown as { [kUpgrade]?: UpgradeTarget } | undefined)?.[kUpgrade]
}

function servesPlainly (request: FastifyRequest, { servesPlainRequests, stage }: UpgradeTarget): boolean {
  if (!servesPlainRequests || request.ws || request.raw.method !== 'GET') return false
  return stage !== undefined && isStagePath(request, stage)
}

function refuse (reply: FastifyReply, type: RefusalType, { api }: Transport): void {
  answer(reply, renderHandshakeRefusal(type, api.requestIds.next()))
}

function answer (reply: FastifyReply, { statusCode, headers, body }: HttpAnswer): void {
  void reply.code(statusCode).headers(headers).send(body)
}

/** ws takes the first subprotocol it reads, so it is left the chosen one alone, or none. Compression is not offered. */
function setSubprotocol (request: FastifyRequest, { connection, subprotocol }: ConnectOutcome): void {
  const { headers } = request.raw
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? []
  delete headers['sec-websocket-extensions']
  delete headers['sec-websocket-protocol']
  if (subprotocol === undefined) return
  if (offered.includes(subprotocol)) {
    headers['sec-websocket-protocol'] = subprotocol
  } else {
    request.log.warn({ connectionId: connection.connectionId, subprotocol, offered }, '$connect chose a subprotocol that was not offered')
  }
}

function readHandshake (request: FastifyRequest): HandshakeRequest {
  const { raw } = request
  const url = raw.url as string
  const queryAt = url.indexOf('?')
  return {
    rawHeaders: raw.rawHeaders ?? Object.entries(raw.headers).flatMap(([name, value]) => [name, String(value)]),
    rawQuery: queryAt === -1 ? '' : url.slice(queryAt + 1),
    peerAddress: raw.socket?.remoteAddress ?? LOOPBACK
  }
}

function readOrigin (
  request: FastifyRequest, { transport, stage }: UpgradeTarget, handshake: HandshakeRequest
): ConnectionOrigin {
  const { api } = transport
  const userAgent = request.raw.headers['user-agent']
  const sourceIp = request.ip ?? LOOPBACK
  return {
    stage: stage as Stage,
    identity: userAgent === undefined ? { sourceIp } : { userAgent, sourceIp },
    domainName: api.settings.domainName(),
    authorizer: compileAuthorizerContext(request.authorizer),
    handshakeValues: selectHandshakeValues(api.routes.handshakeVariables, handshake)
  }
}

/** Only what the route selection expression names stays on the connection. */
function selectHandshakeValues (
  variables: { headers: readonly string[], querystring: readonly string[] } | undefined, handshake: HandshakeRequest
): HandshakeValues | undefined {
  if (variables === undefined) return undefined
  const present = (entries: Array<[string, string | undefined]>) =>
    new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
  return {
    headers: present(variables.headers.map((name) => [name, findHeader(handshake, name)])),
    querystring: present(variables.querystring.map((name) => [name, findQueryParameter(handshake, name)]))
  }
}

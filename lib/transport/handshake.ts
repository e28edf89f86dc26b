// The upgrade request's way through Fastify: the gateway's checks between the scope's hooks, $connect as the last
// preHandler, and the socket's take-over once the 101 is written.
import type {
  DoneFuncWithErrOrRes, FastifyReply, FastifyRequest, HookHandlerDoneFunction, onRequestHookHandler
} from 'fastify'
import type { Socket } from 'node:net'
import type { WebSocket, WebSocketServer } from 'ws'
import {
  compileAuthorizerContext, connect, disconnect, findHeader, findQueryParameter, renderHandshakeRefusal
} from '../api/index.ts'
import type {
  Connection, ConnectionOrigin, ConnectOutcome, Endpoint, HandshakeRequest, HandshakeValues, HttpAnswer
} from '../api/index.ts'
import { guardLog } from '../guarded-log.ts'
import { kHandshake, kUpgrade } from '../symbols.ts'
import type { RefusalType } from '../refusal.ts'
import { ABNORMAL } from './close-codes.ts'
import { SocketConnection } from './socket-connection.ts'
import { checkUpgrade, isEndpointPath, selectEndpoint } from './upgrade-checks.ts'
import type { UpgradeTarget } from './upgrade-checks.ts'
import type { Handshake, Transport } from './transport.ts'

/** What injectWS, which has no network, is taken for. */
const LOOPBACK = '127.0.0.1'

/** A handshake between the gateway's checks and its end, kept on the raw request. */
class PendingHandshake implements Handshake {
  readonly transport: Transport
  readonly reply: FastifyReply
  readonly endpoint: Endpoint
  /** Set once $connect has accepted. */
  connection: Connection | undefined = undefined
  isOver = false
  /** The only sign of a client that leaves while hooks or $connect run. */
  readonly onSocketGone = (): void => {
    if (this.isOver) return
    this.end()
    // Ends Fastify's timeout of the handler, and tells hooks that listen to request.signal.
    this.reply.request.raw.destroy()
    // $connect had succeeded, but the 101 never reached anybody: the back end must be able to clean up.
    if (this.connection !== undefined) void disconnect(this.connection, ABNORMAL)
  }

  constructor (transport: Transport, reply: FastifyReply, endpoint: Endpoint) {
    this.transport = transport
    this.reply = reply
    this.endpoint = endpoint
    transport.handshakes.add(this)
    const rawSocket = reply.request.raw.socket as Socket | undefined
    if (rawSocket === undefined) return
    rawSocket.on('close', this.onSocketGone)
    // An HTTP server keeps a socket whose client has ended its side; nobody can open a WebSocket over one.
    rawSocket.allowHalfOpen = false
  }

  /** Opened, refused or gone, whichever comes first. */
  end (): void {
    if (this.isOver) return
    this.isOver = true
    this.transport.handshakes.delete(this)
  }

  abandon (): void {
    if (!this.reply.sent) {
      refuse(this.reply, 'SERVICE_UNAVAILABLE', this.transport)
      return
    }
    // Hijacked by a hook that never answered, or by @fastify/websocket for an app's verifyClient.
    this.reply.request.raw.socket?.destroy()
    this.onSocketGone()
  }
}

interface WithHandshake { [kHandshake]?: PendingHandshake }

/** Makes the hook `onRequest` of the scope that registers an API: it lets through what may open. Other routes are not its concern. */
export function createUpgradeCheck (transport: Transport): onRequestHookHandler {
  return (request, reply, done) => {
    const target = upgradeTarget(request)
    if (target?.transport !== transport || servesPlainly(request, target)) {
      done()
      return
    }
    const endpoint = selectEndpoint(request, target)
    const refusal = checkUpgrade(request, target, endpoint)
    if (refusal !== undefined) {
      refuse(reply, refusal, transport)
      return
    }
    const handshake = new PendingHandshake(transport, reply, endpoint as Endpoint)
    ;(request.raw as unknown as WithHandshake)[kHandshake] = handshake
    const { destroyed = false, readableEnded = false } = (request.raw.socket as Socket | undefined) ?? {}
    // Gone while earlier hooks ran.
    if (destroyed) handshake.onSocketGone()
    else if (readableEnded) request.raw.socket.destroy()
    else done()
  }
}

/** Hook `onSend` of an upgrade route: the handshake is refused, by whomever. */
export function onUpgradeAnswered (
  request: FastifyRequest, _reply: FastifyReply, payload: unknown, done: DoneFuncWithErrOrRes
): void {
  ;(request.raw as unknown as WithHandshake)[kHandshake]?.end()
  done(null, payload)
}

/** The last `preHandler` of an upgrade route: runs $connect, whose result is the handshake's. */
export function runConnect (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const handshake = (request.raw as unknown as WithHandshake)[kHandshake]
  if (handshake === undefined) {
    done()
    return
  }
  if (handshake.isOver) return
  const { endpoint, transport } = handshake
  const { api } = transport
  if (api.isClosing) {
    refuse(reply, 'SERVICE_UNAVAILABLE', transport)
    return
  }
  const handshakeRequest = readHandshake(request, handshake)
  let origin: ConnectionOrigin
  try {
    origin = readOrigin(request, transport, endpoint, handshakeRequest)
  } catch (err) {
    guardLog(() => { request.log.error({ err }, 'request.authorizer cannot be used') })
    refuse(reply, 'AUTHORIZER_FAILURE', transport)
    return
  }
  connect(api, origin, handshakeRequest, (outcome) => {
    if (handshake.isOver || api.isClosing) {
      if (outcome.refusal === undefined) void disconnect(outcome.connection, ABNORMAL)
      if (handshake.isOver) return
      if (outcome.refusal === undefined) refuse(reply, 'SERVICE_UNAVAILABLE', transport)
      else answer(reply, outcome.refusal)
    } else if (outcome.refusal !== undefined) {
      answer(reply, outcome.refusal)
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
  const rawSocket = request.raw.socket as Socket | undefined
  const socketConnection = new SocketConnection(connection, handshake.transport, webSocket, rawSocket)
  socketConnection.open()
  // An app's verifyClient can take its time, and the server may have begun to close.
  if (connection.api.isClosing) socketConnection.drain()
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

function servesPlainly (request: FastifyRequest, target: UpgradeTarget): boolean {
  if (!target.servesPlainRequests || request.ws || request.raw.method !== 'GET') return false
  return selectEndpoint(request, target) !== undefined && isEndpointPath(request, target)
}

function refuse (reply: FastifyReply, type: RefusalType, { api }: Transport): void {
  answer(reply, renderHandshakeRefusal(type, api.requestIds.next()))
}

/** As bytes, because Fastify writes a charset behind the content type of a text. */
function answer (reply: FastifyReply, { statusCode, headers, body }: HttpAnswer): void {
  void reply.code(statusCode).headers(headers).send(Buffer.from(body))
}

/** RFC 9110, section 5.6.2; ws refuses a handshake for any other name. */
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** ws takes the first subprotocol it reads, so it is left the chosen one alone, or none. Compression is not offered. */
function setSubprotocol (request: FastifyRequest, { connection, subprotocol }: ConnectOutcome): void {
  const { headers } = request.raw
  const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? []
  delete headers['sec-websocket-extensions']
  delete headers['sec-websocket-protocol']
  if (subprotocol === undefined) return
  if (offered.includes(subprotocol) && SUBPROTOCOL.test(subprotocol)) {
    headers['sec-websocket-protocol'] = subprotocol
  } else {
    const { connectionId } = connection
    guardLog(() => { request.log.warn({ connectionId, subprotocol, offered }, '$connect chose a subprotocol that was not offered') })
  }
}

function readHandshake (request: FastifyRequest, handshake: PendingHandshake): HandshakeRequest {
  const { raw } = request
  const url = raw.url as string
  const queryAt = url.indexOf('?')
  return {
    method: raw.method as string,
    target: url,
    // Without a network there is no TLS, and a trusted proxy cannot be asked.
    isSecure: raw.socket !== undefined && request.protocol === 'https',
    isGone: () => handshake.isOver || handshake.transport.api.isClosing,
    rawHeaders: raw.rawHeaders ?? Object.entries(raw.headers).flatMap(([name, value]) => [name, String(value)]),
    rawQuery: queryAt === -1 ? '' : url.slice(queryAt + 1),
    peerAddress: raw.socket?.remoteAddress ?? LOOPBACK
  }
}

function readOrigin (
  request: FastifyRequest, { api }: Transport, { stage, domainName }: Endpoint, handshake: HandshakeRequest
): ConnectionOrigin {
  const userAgent = request.raw.headers['user-agent']
  // Without a network there is no address, and a trusted proxy cannot be asked for one.
  const sourceIp = (request.raw.socket === undefined ? undefined : request.ip) ?? LOOPBACK
  return {
    stage,
    identity: userAgent === undefined ? { sourceIp } : { userAgent, sourceIp },
    domainName,
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

// The socket side of a connection: what comes in passes the frame policy, what goes out is corked and cut into frames.
//
// Listeners are shared functions that find their connection on the socket: five closures a connection cost more heap
// than the record itself.
import type { Socket } from 'node:net'
import type { RawData, WebSocket } from 'ws'
import { disconnect, receiveMessage } from '../api/index.ts'
import type { Connection, ConnectionSocket, Disconnection } from '../api/index.ts'
import { kSocketConnection } from '../symbols.ts'
import type { WheelEntry } from '../timing-wheel.ts'
import { GOING_AWAY, readClose, readProtocolError } from './close-codes.ts'
import { FramePolicy, MESSAGE_TOO_BIG, UNSUPPORTED_DATA } from './frame-policy.ts'
import type { Transport } from './transport.ts'

const OPEN = 1
/**
 * Bytes a client may go on sending after it broke a limit, before it is cut off. They are thrown away unread, so there may
 * be many: a client that is told 1009 in the middle of a long message must still be there to hear it.
 */
const BYTES_AFTER_VIOLATION = 8_388_608

interface WithSocketConnection { [kSocketConnection]: SocketConnection }

export class SocketConnection implements ConnectionSocket, WheelEntry {
  readonly connection: Connection
  readonly transport: Transport
  readonly webSocket: WebSocket
  /** Undefined under `injectWS`, which has no network socket. */
  readonly rawSocket: Socket | undefined
  readonly framePolicy: FramePolicy | undefined
  /** When the connection has lasted as long as it may, on the monotonic clock. */
  readonly expiresAt: number
  deadline: number
  wheelNext: WheelEntry | null = null
  wheelPrev: WheelEntry | null = null
  /** The gateway's own reason to close; it wins over what the client answers. */
  cause: Disconnection | undefined = undefined
  isCorked = false
  isReadingPaused = false
  /** The deadline is the end of the closing handshake and is not moved any more. */
  isClosing = false
  /** Data messages that ws handed over. */
  messagesTaken = 0
  /** Messages read in one go with others and not begun, because the connection has no room for more. */
  waiting: Buffer[] | undefined = undefined
  isServingWaiting = false
  /** Closes as soon as no message is in flight: the server is closing. */
  closesWhenIdle = false

  constructor (connection: Connection, transport: Transport, webSocket: WebSocket, rawSocket: Socket | undefined) {
    const { idleTimeoutInMillis, connectionDurationInMillis } = connection.api.settings.quotas
    const now = performance.now()
    this.connection = connection
    this.transport = transport
    this.webSocket = webSocket
    this.rawSocket = rawSocket
    this.framePolicy = rawSocket === undefined ? undefined : new FramePolicy(transport.frameLimits)
    this.expiresAt = now + connectionDurationInMillis
    this.deadline = Math.min(this.expiresAt, now + idleTimeoutInMillis)
  }

  /** Takes over the socket: from here on the connection is open and can be posted to. */
  open (): void {
    const { connection, rawSocket, transport, webSocket } = this
    ;(webSocket as unknown as WithSocketConnection)[kSocketConnection] = this
    webSocket.on('message', onMessage)
    webSocket.on('close', onClose)
    webSocket.on('error', onError)
    webSocket.on('ping', onPing)
    if (rawSocket !== undefined) {
      ;(rawSocket as unknown as WithSocketConnection)[kSocketConnection] = this
      rawSocket.prependListener('data', onData)
      rawSocket.on('drain', onDrain)
    }
    connection.socket = this
    connection.api.openConnections.set(connection.connectionId, connection)
    transport.deadlines.add(this)
  }

  get isOpen (): boolean {
    return this.cause === undefined && this.webSocket.readyState === OPEN
  }

  get bufferedBytes (): number {
    return this.webSocket.bufferedAmount
  }

  /** A message in either direction, or a ping, moves the idle deadline; the wheel finds out when the old one comes. */
  touch (): void {
    const idleAt = performance.now() + this.connection.api.settings.quotas.idleTimeoutInMillis
    if (!this.isClosing) this.deadline = idleAt < this.expiresAt ? idleAt : this.expiresAt
  }

  send (text: string | Uint8Array): void {
    if (!this.isOpen) return
    this.touch()
    this.cork()
    const { frameBytes } = this.connection.api.settings.quotas
    // A UTF-16 unit takes at most three bytes, so short texts need no counting.
    if (text.length <= frameBytes && (typeof text !== 'string' || text.length * 3 <= frameBytes)) {
      this.webSocket.send(text, TEXT)
      return
    }
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    let start = 0
    for (; bytes.length - start > frameBytes; start += frameBytes) {
      this.webSocket.send(bytes.subarray(start, start + frameBytes), TEXT_FRAGMENT)
    }
    this.webSocket.send(bytes.subarray(start), TEXT)
  }

  close (code: number, reason: string): void {
    this.closeFor({ statusCode: code, reason })
  }

  /** Starts the closing handshake; a client that does not answer is cut off by the wheel. */
  closeFor (cause: Disconnection): void {
    if (this.isOpen) {
      this.cause = cause
      this.resumeReading()
      this.webSocket.close(cause.statusCode, cause.reason)
      this.serveWaiting()
    }
    this.awaitClose()
  }

  /** Bounds the time until the socket is gone, whoever began to close. */
  awaitClose (): void {
    if (this.isClosing) return
    this.isClosing = true
    this.deadline = performance.now() + this.connection.api.settings.quotas.closeTimeoutInMillis
    this.transport.deadlines.add(this)
  }

  onDeadline (): void {
    if (this.isOpen) this.closeFor(GOING_AWAY)
    else this.terminate()
  }

  /** Ends the connection for a closing server: at once, or when the messages in progress are answered. */
  drain (): void {
    if (this.isIdle) this.closeFor(GOING_AWAY)
    else this.closesWhenIdle = true
  }

  onMessageCompleted (): void {
    this.goOn()
    if (this.closesWhenIdle && this.isIdle) this.closeFor(GOING_AWAY)
  }

  get isIdle (): boolean {
    return this.connection.messagesInFlight === 0 && this.waiting === undefined
  }

  /** Cuts the socket. What is corked goes out first, or ws loses the callbacks of those writes. */
  terminate (): void {
    this.uncork()
    this.webSocket.terminate()
  }

  /** Gathers all writes of this tick into one; corking at the first send serves synchronous and async handlers alike. */
  cork (): void {
    if (this.rawSocket === undefined || this.isCorked) return
    this.isCorked = true
    this.rawSocket.cork()
    process.nextTick(uncork, this)
  }

  uncork (): void {
    if (!this.isCorked) return
    this.isCorked = false
    this.rawSocket?.uncork()
  }

  receive (data: Buffer): void {
    this.messagesTaken++
    this.touch()
    if (this.isReadingPaused) {
      (this.waiting ??= []).push(data)
      return
    }
    receiveMessage(this.connection, data.toString())
    if (!this.hasRoom()) this.pauseReading()
  }

  /** A client with too much in progress, or that does not read what it is sent, is not read from. */
  hasRoom (): boolean {
    const { inFlightMessages, bufferedBytes } = this.connection.api.settings.quotas
    return this.connection.messagesInFlight < inFlightMessages &&
      (this.bufferedBytes <= bufferedBytes || !this.willDrain())
  }

  /** Whether the socket will tell when its buffer is empty; a nearly empty one does not, and a closed one takes nothing. */
  willDrain (): boolean {
    return this.isOpen && this.rawSocket?.writableNeedDrain === true
  }

  pauseReading (): void {
    if (this.isReadingPaused || !this.isOpen) return
    this.isReadingPaused = true
    this.webSocket.pause()
  }

  /** Begins what waits and reads on, as far as there is room. */
  goOn (): void {
    if (!this.isReadingPaused && this.waiting === undefined) return
    this.serveWaiting()
    if (this.waiting === undefined && this.hasRoom()) this.resumeReading()
  }

  /** What was read of a client is served even if it has left; only a server that closes without waiting stops here. */
  serveWaiting (): void {
    const { connection, waiting } = this
    if (waiting === undefined || this.isServingWaiting) return
    this.isServingWaiting = true
    if (connection.api.closeSignal.aborted) waiting.length = 0
    let served = 0
    while (served < waiting.length && this.hasRoom()) receiveMessage(connection, String(waiting[served++]))
    waiting.splice(0, served)
    if (waiting.length === 0) this.waiting = undefined
    this.isServingWaiting = false
  }

  resumeReading (): void {
    if (!this.isReadingPaused) return
    this.isReadingPaused = false
    this.webSocket.resume()
  }
}

const TEXT = { binary: false } as const
const TEXT_FRAGMENT = { binary: false, fin: false } as const

function uncork (socketConnection: SocketConnection): void {
  socketConnection.uncork()
}

/** Sees the bytes before ws does, so a violation is known before ws acts on the frame that holds it. */
function onData (this: Socket, chunk: Buffer): void {
  const socketConnection = (this as unknown as WithSocketConnection)[kSocketConnection]
  const policy = socketConnection.framePolicy as FramePolicy
  const hadViolated = policy.violation !== 0
  policy.inspect(chunk)
  if (policy.violation === 0) {
    if (policy.isDeaf) socketConnection.awaitClose()
  } else if (!hadViolated) {
    // ws hands over the complete messages of this chunk first; they are still served.
    process.nextTick(closeForViolation, socketConnection)
  } else if (policy.bytesAfterViolation > BYTES_AFTER_VIOLATION) {
    socketConnection.terminate()
  }
}

function closeForViolation (socketConnection: SocketConnection): void {
  socketConnection.closeFor({ statusCode: (socketConnection.framePolicy as FramePolicy).violation, reason: '' })
}

function onMessage (this: WebSocket, data: RawData, isBinary: boolean): void {
  const socketConnection = (this as unknown as WithSocketConnection)[kSocketConnection]
  if (socketConnection.cause !== undefined || socketConnection.closesWhenIdle) return
  const policy = socketConnection.framePolicy
  if (policy === undefined) {
    const { messageBytes } = socketConnection.connection.api.settings.quotas
    if (isBinary) socketConnection.close(UNSUPPORTED_DATA, '')
    else if ((data as Buffer).length > messageBytes) socketConnection.close(MESSAGE_TOO_BIG, '')
    else socketConnection.receive(data as Buffer)
  } else if (socketConnection.messagesTaken < policy.messages) {
    // What ws reads from a socket as it is destroyed has not passed the policy and is not counted there.
    socketConnection.receive(data as Buffer)
  }
}

function onPing (this: WebSocket): void {
  const socketConnection = (this as unknown as WithSocketConnection)[kSocketConnection]
  socketConnection.connection.lastActiveAt = Date.now()
  socketConnection.touch()
}

function onDrain (this: Socket): void {
  (this as unknown as WithSocketConnection)[kSocketConnection].goOn()
}

/** ws has already begun to close with the code that belongs to the error. */
function onError (this: WebSocket, error: Error): void {
  const socketConnection = (this as unknown as WithSocketConnection)[kSocketConnection]
  socketConnection.cause ??= readProtocolError(error)
  socketConnection.resumeReading()
  socketConnection.awaitClose()
}

function onClose (this: WebSocket, code: number, reason: Buffer): void {
  const socketConnection = (this as unknown as WithSocketConnection)[kSocketConnection]
  const { connection, transport } = socketConnection
  socketConnection.isClosing = true
  transport.deadlines.remove(socketConnection)
  connection.api.openConnections.delete(connection.connectionId)
  void disconnect(connection, socketConnection.cause ?? readClose(code, reason))
  socketConnection.serveWaiting()
  if (socketConnection.waiting === undefined) connection.socket = null
}

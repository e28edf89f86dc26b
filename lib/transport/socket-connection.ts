// The socket side of a connection: what comes in passes the frame policy, what goes out is corked and cut into frames.
//
// Listeners are shared functions that find their connection on the socket: five closures a connection cost more heap
// than the record itself.
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import { disconnect, GOING_AWAY, receiveMessage } from '../api/index.ts'
import type { Connection, ConnectionSocket, Disconnection } from '../api/index.ts'
import { kSocketConnection } from '../symbols.ts'
import type { WheelEntry } from '../timing-wheel.ts'
import { readClose, readProtocolError } from './close-codes.ts'
import { FramePolicy, MESSAGE_TOO_BIG, UNSUPPORTED_DATA } from './frame-policy.ts'
import { createTextFrame } from './text-frame.ts'
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
  deadline = Infinity
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
    this.connection = connection
    this.transport = transport
    this.webSocket = webSocket
    this.rawSocket = rawSocket
    this.framePolicy = rawSocket === undefined ? undefined : new FramePolicy(transport.frameLimits)
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
      rawSocket.end = endOnce as Socket['end']
      const { _receiver: receiver } = webSocket as WithReceiver
      if (receiver !== undefined) receiver.end = endOnce
    }
    connection.socket = this
    connection.activeAt = performance.now()
    connection.api.openConnections.set(connection.connectionId, connection)
    this.deadline = this.endsAt()
    transport.deadlines.add(this)
  }

  get isOpen (): boolean {
    return this.cause === undefined && this.webSocket.readyState === OPEN
  }

  get bufferedBytes (): number {
    return this.webSocket.bufferedAmount
  }

  /** When the connection will have been idle, or there, for as long as it may; on the monotonic clock. */
  endsAt (): number {
    const { activeAt, api, startedAt } = this.connection
    const { connectionDurationInMillis, idleTimeoutInMillis } = api.settings.quotas
    return Math.min(startedAt + connectionDurationInMillis, activeAt + idleTimeoutInMillis)
  }

  send (text: string | Uint8Array): void {
    if (!this.isOpen) return
    if (this.expectsMore()) this.cork()
    const { frameBytes } = this.connection.api.settings.quotas
    // A UTF-16 unit takes at most three bytes, so short texts need no counting.
    if ((typeof text === 'string' ? text.length * 3 : text.length) <= frameBytes) {
      this.sendFrame(text, false, true)
      return
    }
    this.cork()
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    let start = 0
    for (; bytes.length - start > frameBytes; start += frameBytes) {
      this.sendFrame(bytes.subarray(start, start + frameBytes), start > 0, false)
    }
    this.sendFrame(bytes.subarray(start), start > 0, true)
  }

  /** Past ws, whose own frames are whole writes to the same socket: a pong or a close never lands inside one of ours. */
  sendFrame (payload: string | Uint8Array, isContinuation: boolean, isFinal: boolean): void {
    if (this.rawSocket !== undefined) this.rawSocket.write(createTextFrame(payload, isContinuation, isFinal))
    else this.webSocket.send(Buffer.from(payload as Uint8Array), { binary: false, fin: isFinal })
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

  /** Activity only notes its time; that the deadline has moved is found out here, when the old one comes. */
  onDeadline (now: number): void {
    if (!this.isOpen) {
      this.terminate()
      return
    }
    this.deadline = this.endsAt()
    if (this.deadline > now) this.transport.deadlines.add(this)
    else this.closeFor(GOING_AWAY)
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

  /** Whether answers to other messages may follow in this tick: of those in flight, or of the read that is being taken. */
  expectsMore (): boolean {
    return this.connection.messagesInFlight > 0 ||
      (this.framePolicy !== undefined && this.messagesTaken < this.framePolicy.messages)
  }

  /**
   * Gathers all writes of this tick into one. Corking at the first send, not as messages arrive, serves handlers that
   * answer at once and later alike; a tick costs too much to wait for it with a single answer.
   */
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

function uncork (socketConnection: SocketConnection): void {
  socketConnection.uncork()
}

/** ws ends the reader of frames, which it keeps to itself, twice more as well. */
interface WithReceiver { _receiver?: Writable }

/**
 * ws ends streams that have ended, and Node then makes an error, stack and all, that nobody is told: a sixth of what it
 * costs to open and close a connection.
 */
function endOnce (this: Writable, ...rest: unknown[]): Writable {
  if (rest.length === 0 && this.writableEnded) return this
  return (Object.getPrototypeOf(this) as Writable).end.apply(this, rest as Parameters<Writable['end']>) as Writable
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
  (this as unknown as WithSocketConnection)[kSocketConnection].connection.activeAt = performance.now()
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

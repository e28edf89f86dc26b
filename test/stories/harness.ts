// What every story over real sockets needs: a server, clients that remember what they saw, and the one invariant that
// is checked after each story: nothing is left behind, and every successful $connect had its $disconnect.
import Fastify from 'fastify'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import WebSocket from 'ws'
import type { ClientOptions } from 'ws'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, WebSocketProxyResult } from '../../lib/index.ts'
import { findScopeApi } from '../../lib/scope-apis.ts'
import type { RegisteredApi } from '../../lib/scope-apis.ts'
import { FrameClient } from './frame-client.ts'

export { delay }

export interface Story {
  readonly app: FastifyInstance
  /** What is behind the API, for what only the inside knows. */
  readonly transport: RegisteredApi['transport']
  /** `http://127.0.0.1:port` */
  readonly httpUrl: string
  /** `ws://127.0.0.1:port` */
  readonly wsUrl: string
  /** The events that lifecycle handlers got, whether or not the story declared handlers of its own. */
  readonly connects: any[]
  readonly disconnects: any[]
  /** Opens a client; rejects with HandshakeRefused where the server refuses. */
  open (path?: string, options?: ClientOptions & { protocols?: string[] }): Promise<Client>
  /** Opens a bare TCP client, which sends any bytes. */
  openFrames (path?: string, options?: { pipelined?: Buffer }): Promise<FrameClient>
  /** Tries to open a client and gives the refusal it met. */
  refused (path?: string, options?: ClientOptions & { protocols?: string[] }): Promise<HandshakeRefused>
  /** A client that speaks in bytes. */
  dial (): RawClient
}

export interface StoryOptions {
  /** Options of the plugin beside a stage `prod` and `$request.body.action`. */
  readonly options?: Partial<ApiGatewayWebSocketOptions>
  readonly server?: FastifyServerOptions
  /** Set where the API lives in a scope below the root, given as the options of that scope's registration. */
  readonly scope?: { readonly prefix?: string }
  /** Runs first, on the root, whether or not the API lives there. */
  readonly root?: (app: FastifyInstance) => void | Promise<void>
  /** Runs before the plugin is registered: hooks and plugins of the scope. */
  readonly before?: (app: FastifyInstance) => void | Promise<void>
  /** Declares routes. */
  readonly declare?: (app: FastifyInstance) => void | Promise<void>
  /** The result of $connect, or a function that makes it; accepts when absent. */
  readonly onConnect?: (event: any) => unknown
  /** How the server listens, beside the port. */
  readonly listen?: { readonly backlog?: number }
  /** Why the story does not hold yet; it is listed and not run. */
  readonly todo?: string
  /** Why the story cannot be told on this machine. */
  readonly skip?: string
  /** Set where the story leaves $connect and $disconnect undeclared. */
  readonly withoutLifecycleRoutes?: true
}

/** One test over real sockets: a server on a free port, the story, the close, and the invariant. */
export function story (t: Test, title: string, given: StoryOptions, tell: (t: Test, story: Story) => Promise<void>): void {
  const { skip = false, todo = false } = given
  void t.test(title, { skip, todo }, async (t) => {
    const { story, end } = await startStory(t, given)
    try {
      await tell(t, story)
    } finally {
      await end()
    }
  })
}

async function startStory (t: Test, given: StoryOptions): Promise<{ story: Story, end: () => Promise<void> }> {
  const app = Fastify(given.server ?? {})
  const connects: any[] = []
  const disconnects: any[] = []
  let accepted = 0
  const clients: Array<{ terminate: () => void }> = []
  let scope = app as FastifyInstance

  async function declare (instance: FastifyInstance): Promise<void> {
    scope = instance
    await given.before?.(instance)
    await instance.register(apiGatewayWebSocket, {
      ...(given.options?.stages === undefined ? { stage: 'prod' } : {}),
      routeSelectionExpression: '$request.body.action',
      ...given.options
    } as ApiGatewayWebSocketOptions)
    if (given.withoutLifecycleRoutes !== true) {
      instance.routeKey('$connect', async (event) => {
        connects.push(event)
        const result = (given.onConnect === undefined ? { statusCode: 200 } : await given.onConnect(event)) as WebSocketProxyResult
        const status = Number(result?.statusCode ?? 200)
        if (typeof result === 'object' && result !== null && status >= 200 && status < 300) accepted++
        return result
      })
      instance.routeKey('$disconnect', (event) => { disconnects.push(event) })
    }
    await given.declare?.(instance)
    // An API needs a route, whichever.
    if (given.withoutLifecycleRoutes === true && given.declare === undefined && given.options?.routes === undefined) {
      instance.routeKey('$default', async () => ({ statusCode: 200 }))
    }
  }

  await given.root?.(app)
  if (given.scope === undefined) await declare(app)
  else await app.register(declare, given.scope)
  const processListeners = countProcessListeners()
  const httpUrl = await app.listen({ port: 0, host: '127.0.0.1', ...given.listen })
  const registered = findScopeApi(scope, given.options?.name)

  async function end (): Promise<void> {
    for (const client of clients) client.terminate()
    await app.close()
    await checkInvariant(t, app, registered, processListeners)
    if (given.withoutLifecycleRoutes !== true) t.equal(disconnects.length, accepted, 'as many $disconnects as successful $connects')
  }

  const wsUrl = httpUrl.replace('http', 'ws')
  const story: Story = {
    app,
    transport: registered.transport,
    httpUrl,
    wsUrl,
    connects,
    disconnects,
    async open (path = '/prod', options = {}) {
      const client = new Client(new WebSocket(`${wsUrl}${path}`, options.protocols ?? [], options))
      clients.push(client.socket)
      await client.opened
      return client
    },
    async openFrames (path = '/prod', options) {
      const client = new FrameClient(httpUrl, path, options)
      clients.push({ terminate () { client.socket.destroy() } })
      return await client.opened()
    },
    async refused (path, options) {
      try {
        await story.open(path, options)
      } catch (error) {
        if (error instanceof HandshakeRefused) return error
        throw error
      }
      throw new Error('the handshake was not refused')
    },
    dial () {
      const client = new RawClient(connect((app.server.address() as AddressInfo).port, '127.0.0.1'))
      clients.push({ terminate () { client.socket.destroy() } })
      return client
    }
  }
  return { story, end }
}

/** Nothing of a story may be left once its server is closed. */
export async function checkInvariant (t: Test, app: FastifyInstance, { transport }: RegisteredApi, processListeners: number): Promise<void> {
  const { api } = transport
  t.equal(api.openConnections.size, 0, 'no connection is left')
  t.equal(api.pendingDisconnects.size, 0, 'no $disconnect is left running')
  t.equal(transport.pendingHandshakes, 0, 'no handshake is left pending')
  t.equal(transport.deadlines.size, 0, 'no deadline is left')
  t.equal(await countConnections(app), 0, 'no socket is left')
  t.equal(app.server.listenerCount('upgrade'), 0, 'no upgrade listener is left')
  t.equal(countProcessListeners(), processListeners, 'no process listener is left')
}

async function countConnections (app: FastifyInstance): Promise<number> {
  return await new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => { if (error === null) resolve(count); else reject(error) })
  })
}

function countProcessListeners (): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
}

/** The answer to a handshake that was refused. */
export class HandshakeRefused extends Error {
  readonly statusCode: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string

  constructor (statusCode: number, headers: Record<string, string | string[] | undefined>, body: string) {
    super(`handshake refused with ${statusCode}: ${body}`)
    this.statusCode = statusCode
    this.headers = headers
    this.body = body
  }
}

/** A WebSocket client that keeps what it received. */
export class Client {
  readonly socket: WebSocket
  readonly messages: string[] = []
  readonly opened: Promise<void>
  readonly closed: Promise<{ code: number, reason: string }>
  readonly upgradeHeaders: Record<string, string | string[] | undefined> = {}
  readonly #waiting: Array<() => void> = []

  constructor (socket: WebSocket) {
    this.socket = socket
    socket.on('upgrade', (response) => { Object.assign(this.upgradeHeaders, response.headers) })
    socket.on('message', (data) => {
      this.messages.push(String(data))
      for (const wake of this.#waiting.splice(0)) wake()
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => { resolve({ code, reason: reason.toString() }) })
    })
    this.opened = new Promise((resolve, reject) => {
      socket.on('open', () => { resolve() })
      socket.on('error', reject)
      socket.on('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          reject(new HandshakeRefused(response.statusCode as number, response.headers, Buffer.concat(chunks).toString()))
          socket.terminate()
        })
      })
    })
    // A refusal that the story does not await is still no unhandled rejection.
    this.opened.catch(() => {})
  }

  send (message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Resolves with all messages once there are so many; rejects after two seconds. */
  async received (count: number): Promise<string[]> {
    const deadline = performance.now() + 2000
    while (this.messages.length < count) {
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`received ${this.messages.length} of ${count} messages: ${this.messages.join(' | ')}`)
      await Promise.race([new Promise<void>((resolve) => { this.#waiting.push(resolve) }), delay(left)])
    }
    return this.messages
  }

  /** Sends one message and gives the next that comes. */
  async ask (message: unknown): Promise<string> {
    const count = this.messages.length + 1
    this.send(message)
    return (await this.received(count))[count - 1] as string
  }

  async close (code?: number, reason?: string): Promise<{ code: number, reason: string }> {
    this.socket.close(code, reason)
    return await this.closed
  }
}

/** A client that speaks in bytes and keeps all it is told. */
export class RawClient {
  readonly socket: Socket
  received = Buffer.alloc(0)
  /** Resolves when the server has let go of the socket. */
  readonly ended: Promise<void>

  constructor (socket: Socket) {
    this.socket = socket.setNoDelay(true)
    socket.on('data', (chunk) => { this.received = Buffer.concat([this.received, chunk]) })
    socket.on('error', () => {})
    this.ended = new Promise((resolve) => { socket.on('close', () => { resolve() }) })
  }

  say (...parts: Array<string | Uint8Array>): this {
    this.socket.write(Buffer.concat(parts.map((part) => Buffer.from(part))))
    return this
  }

  /** Everything up to the server's end of the connection, which has to come within two seconds. */
  async answer (): Promise<RawAnswer> {
    await Promise.race([this.ended, delay(2000, undefined, { ref: false })])
    return readRawAnswer(this.received, this.socket.closed)
  }

  /** Resolves once that much of the answer is there. */
  async hears (text: string): Promise<string> {
    await eventually(() => this.received.includes(text), `${text} in ${this.received.toString('latin1')}`)
    return this.received.toString('latin1')
  }
}

export interface RawAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether the server let go of the socket. */
  readonly isEnded: boolean
}

function readRawAnswer (bytes: Buffer, isEnded: boolean): RawAnswer {
  const [head = '', ...body] = bytes.toString('latin1').split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  return {
    statusCode: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])),
    body: body.join('\r\n\r\n'),
    isEnded
  }
}

/** The head of a handshake as bytes; a header given as undefined is left out. */
export function handshakeHead (
  target = '/prod', headers: Record<string, string | undefined> = {}, { method = 'GET', version = '1.1' } = {}
): string {
  const all: Record<string, string | undefined> = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers
  }
  const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/${version}\r\n${lines.join('')}\r\n`
}

/** A client's frame of a short payload, text unless another opcode is named. */
export function frame (payload: string | Uint8Array, opcode = 1): Buffer {
  const bytes = Buffer.from(payload)
  if (bytes.length > 125) throw new RangeError('this helper makes short frames only')
  const mask = Buffer.from([1, 2, 3, 4])
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | bytes.length]), mask, bytes.map((byte, i) => byte ^ (mask[i & 3] as number))])
}

/** Resolves once `condition` holds; rejects with `what` after two seconds. */
export async function eventually (condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 2000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`)
    await delay(2)
  }
}

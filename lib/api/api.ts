// The state of one running API: its stages, routes and open connections, and what all its executions share.
import type { FastifyBaseLogger } from 'fastify'
import type { Connections, DomainNameOptions, IntegrationErrorDetails, Quotas } from '../../types/index.js'
import { TokenBucket } from '../access/index.ts'
import type { ConnectAccess } from './connect-access.ts'
import type { Connection } from './connection.ts'
import { Endpoints } from './endpoints.ts'
import { ConnectionIdSource, RequestIdSource, TraceIdSource, UuidSource } from './identifiers.ts'
import type { RouteTable } from './route-table.ts'
import type { Stage } from './stage.ts'

export interface ApiSettings {
  readonly name: string | undefined
  readonly apiId: string
  readonly region: string
  readonly accountId: string
  readonly quotas: Readonly<Required<Quotas>>
  readonly log: FastifyBaseLogger
  readonly stages: readonly Stage[]
  readonly routes: RouteTable
  /** The only host of the default endpoint; undefined where any will do. */
  readonly domainName: string | undefined
  /** Makes the default endpoint's host in `requestContext.domainName`; asked once per connection. */
  readonly defaultDomainName: () => string
  readonly domainNames: readonly DomainNameOptions[]
  readonly disableExecuteApiEndpoint: boolean
  readonly skipsEmptyResponses: boolean
  readonly onIntegrationError: ((error: Error, details: IntegrationErrorDetails) => void) | undefined
}

export class Api {
  readonly settings: ApiSettings
  readonly apiId: string
  readonly log: FastifyBaseLogger
  readonly routes: RouteTable
  readonly stages: ReadonlyMap<string, Stage>
  readonly endpoints: Endpoints
  readonly connectionIds = new ConnectionIdSource()
  readonly requestIds = new RequestIdSource()
  readonly traceIds = new TraceIdSource()
  /** Ids of HTTP answers. */
  readonly uuids = new UuidSource()
  /** Open connections by id: from the 101 to the close. */
  readonly openConnections = new Map<string, Connection>()
  /** Messages whose integration has not answered, of open and of closed connections. */
  messagesInFlight = 0
  /** $disconnect executions that have not ended, so that a closing server can wait for them. */
  readonly pendingDisconnects = new Set<Promise<void>>()
  /** The account's throttle: handshakes, messages and HTTP calls of @connections draw from it. */
  readonly throttle: TokenBucket
  /** Set once all routes are known, where $connect or a route asks for anything. */
  connectAccess: ConnectAccess | undefined = undefined
  /** Behind the abort signals that running handlers have asked for. */
  readonly abortControllers = new Set<AbortController>()
  /** Set by whoever assembles the API: its @connections commands in process. */
  connections!: Connections
  /** No new connections: the server is closing. */
  isClosing = false
  readonly #closing = new AbortController()

  constructor (settings: ApiSettings) {
    this.settings = settings
    this.apiId = settings.apiId
    this.log = settings.log
    this.routes = settings.routes
    this.throttle = new TokenBucket(settings.quotas.requestsPerSecond, settings.quotas.requestBurst)
    this.stages = new Map(settings.stages.map((stage) => [stage.stageName, stage]))
    this.endpoints = new Endpoints({ ...settings, stages: this.stages })
  }

  /** Aborts when the closing server no longer waits for handlers. */
  get closeSignal (): AbortSignal {
    return this.#closing.signal
  }

  /** Tells handlers that are still running that nobody waits for them any more. */
  abandonHandlers (): void {
    this.#closing.abort()
    for (const controller of this.abortControllers) controller.abort(this.#closing.signal.reason)
    this.abortControllers.clear()
  }
}

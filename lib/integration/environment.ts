// What an integration is compiled with: who the API is, what its stages say, and what is bound to ARNs.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Agent } from 'undici'
import type { Quotas, ServiceHandler } from '../../types/index.js'
import type { TimingWheel } from '../timing-wheel.ts'
import type { AnyHandler } from './handler-invocation.ts'
import type { LambdaClient } from './lambda-client.ts'

export interface IntegrationEnvironment {
  readonly apiId: string
  readonly region: string
  readonly accountId: string
  readonly quotas: Readonly<Required<Quotas>>
  readonly log: FastifyBaseLogger
  /** Variables of each stage. */
  readonly stages: ReadonlyArray<{
    readonly stageName: string
    readonly stageVariables: Readonly<Record<string, string>> | undefined
  }>
  readonly timeouts: TimingWheel
  /** The scope of the plugin, which is `this` of functions and services. */
  readonly scope: FastifyInstance
  readonly isClosing: () => boolean
  readonly functions: ReadonlyMap<string, AnyHandler>
  readonly services: ReadonlyMap<string, ServiceHandler>
  /** Calls functions that are not bound; undefined where the options name no client. */
  readonly lambdaClient: LambdaClient | undefined
  /** The pool of HTTP integrations, made when the first is used. */
  readonly httpAgent: () => Agent
}

/** What surrounds one integration. */
export interface IntegrationPlace {
  /** `routes.order.integration`, or `integrations.orders`. */
  readonly place: string
  /** The scope that declared it. */
  readonly scope: FastifyInstance
  /** What a handler without a function is called: the route's key or the integration's id. */
  readonly name: string
  /** Whether only `$connect` uses it, so that sources of the handshake may be mapped. */
  readonly isConnectOnly: boolean
}

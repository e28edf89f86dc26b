// What the integrations of an API share: timeouts, bound functions and services, the HTTP pool and the Lambda client.
import type { FastifyInstance } from 'fastify'
import type { ApiGatewayWebSocketOptions } from '../types/index.js'
import type { Api } from './api/index.ts'
import { guardLog } from './guarded-log.ts'
import { createHttpAgent, LambdaClient } from './integration/index.ts'
import type { IntegrationEnvironment } from './integration/index.ts'
import { TimingWheel } from './timing-wheel.ts'

/** Integration timeouts are told to the hundredth of a second. */
const TIMEOUT_TICK_IN_MILLIS = 10
const TIMEOUT_SLOTS = 4096

export interface OwnedEnvironment extends IntegrationEnvironment {
  /** Loads what is loaded on demand, before the server is ready. */
  load (): Promise<void>
  /** Lets go of sockets to back ends; calls in flight fail. */
  destroy (): Promise<void>
}

export function createIntegrationEnvironment (
  api: Api, scope: FastifyInstance, { functions = {}, services = {}, lambda }: ApiGatewayWebSocketOptions
): OwnedEnvironment {
  const { apiId, region, accountId, quotas, stages } = api.settings
  const lambdaClient = lambda === undefined ? undefined : new LambdaClient({ region, ...lambda })
  let agent: ReturnType<typeof createHttpAgent> | undefined
  return {
    apiId,
    region,
    accountId,
    quotas,
    log: api.log,
    stages,
    timeouts: new TimingWheel({
      tickInMillis: TIMEOUT_TICK_IN_MILLIS,
      slots: TIMEOUT_SLOTS,
      onError: (err) => { guardLog(() => { api.log.error({ err }, 'ending an integration failed') }) }
    }),
    scope,
    isClosing: () => api.isClosing,
    functions: new Map(Object.entries(functions)),
    services: new Map(Object.entries(services)),
    lambdaClient,
    httpAgent: () => (agent ??= createHttpAgent()),
    load: async () => { await lambdaClient?.load() },
    async destroy () {
      lambdaClient?.destroy()
      await agent?.destroy()
    }
  }
}

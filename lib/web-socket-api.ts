// app.webSocketApi: the running API as its users see it.
import type { FastifyInstance } from 'fastify'
import type { ApiGatewayWebSocketOptions, RouteDefinition, WebSocketApi } from '../types/index.js'
import { inject } from './api/index.ts'
import type { Api } from './api/index.ts'
import { createRequestHandler } from './management/index.ts'
import type { DeclaredApi } from './migrate/index.ts'
import { readSchema } from './model/index.ts'
import { findScopeApi, hasDefaultApi, ownsApi } from './scope-apis.ts'

/** What was given to the plugin, kept for whoever takes the API elsewhere. */
export interface Declared {
  readonly options: ApiGatewayWebSocketOptions
  readonly routes: ReadonlyMap<string, RouteDefinition>
}

export function createWebSocketApi (api: Api, scope: FastifyInstance, declared: Declared): WebSocketApi {
  return {
    name: api.settings.name,
    apiId: api.apiId,
    connections: api.connections,
    get connectionCount () { return api.openConnections.size },
    async inject (options) {
      await rootOf(scope).ready()
      return await inject(api, options)
    },
    requestHandler: () => createRequestHandler(api),
    printRouteKeys: () => printRouteKeys(api),
    async toCloudFormation (options) {
      await rootOf(scope).ready()
      const { createTemplate } = await import('./migrate/index.ts')
      return createTemplate(describeApi(api, scope, declared), options)
    },
    async toAsyncAPI (options) {
      await rootOf(scope).ready()
      const { createAsyncApi } = await import('./migrate/index.ts')
      return createAsyncApi(describeApi(api, scope, declared), options)
    },
    get: (name) => findScopeApi(scope, name).webSocketApi
  }
}

/** `app.webSocketApi` of a scope: its unnamed API or the only one; among several named ones, `get(name)` alone works. */
export function selectWebSocketApi (scope: FastifyInstance): WebSocketApi {
  const chooser = { get: (name: string) => findScopeApi(scope, name).webSocketApi }
  if (hasDefaultApi(scope)) {
    const { name, webSocketApi } = findScopeApi(scope, undefined)
    // One of a scope above knows that scope's APIs alone; what is asked here is asked of this scope.
    return ownsApi(scope, name) ? webSocketApi : Object.create(webSocketApi, { get: { value: chooser.get } }) as WebSocketApi
  }
  return new Proxy(chooser, {
    get (target, member, receiver) {
      if (typeof member === 'string' && member !== 'get') findScopeApi(scope, undefined)
      return Reflect.get(target, member, receiver)
    }
  }) as WebSocketApi
}

/** Who waits for the server asks the root: `ready()` of a scope below it is no more than its plugins', and fails after them. */
function rootOf (scope: FastifyInstance): FastifyInstance {
  const above = Object.getPrototypeOf(scope) as Partial<FastifyInstance>
  return typeof above.ready === 'function' ? rootOf(above as FastifyInstance) : scope
}

/** One line a route: key, integration, direction. */
function printRouteKeys (api: Api): string {
  const rows = [...api.routes.routes].map(({ routeKey, integration, isTwoWay }) =>
    [routeKey, integration?.integrationType ?? 'no integration', isTwoWay ? 'two-way' : 'one-way'])
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => (row[column] as string).length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}

function describeApi ({ apiId }: Api, { prefix }: FastifyInstance, { options, routes }: Declared): DeclaredApi {
  return {
    options,
    routes,
    apiId,
    prefix: `${prefix}${options.prefix ?? ''}`,
    // References to other models stay as they are: they are written for wherever the API goes.
    toDraft4: (schema, place) => readSchema(schema, { place, isModel: () => false, uriOf: (name) => name, keepsProto: true })
  }
}

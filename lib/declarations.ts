// Turns declarations, by routeKey() or as data, into compiled routes: both come out the same.
import type { FastifyInstance } from 'fastify'
import type {
  ApiGatewayWebSocketOptions, IntegrationDefinition, IntegrationOptions, JsonSchemaModel, RouteDefinition
} from '../types/index.js'
import type { Api } from './api/index.ts'
import { CONNECT_ROUTE_KEY } from './definition.ts'
import { IntegrationInvalidError, IntegrationUnknownError, RequestParametersElsewhereError } from './errors.ts'
import { compileSelectionExpression } from './expression/index.ts'
import { compileIntegration } from './integration/index.ts'
import type { Integration, IntegrationEnvironment } from './integration/index.ts'
import { Models, RequestModels } from './model/index.ts'
import { checkRouteKey, checkTimeout } from './options.ts'
import { CompiledRoute, RequestParameters } from './route/index.ts'

/** What an API shares among its routes: models and integrations by name. */
export class Declarations {
  readonly #api: Api
  readonly #environment: IntegrationEnvironment
  readonly #models: Models
  readonly #definitions: ReadonlyMap<string, IntegrationDefinition>
  /** Compiled once for `$connect`, which may map from the handshake, and once for all other routes. */
  readonly #shared = new Map<string, Integration<any>>()

  /** Throws coded errors that name the place. */
  constructor (api: Api, environment: IntegrationEnvironment, options: ApiGatewayWebSocketOptions) {
    this.#api = api
    this.#environment = environment
    this.#models = new Models(modelsOf(options), options.disableSchemaValidation === true
      ? { onInvalid: (err) => { api.log.warn({ err }, 'a model does not compile and is not applied') } }
      : {})
    this.#definitions = new Map(Object.entries(options.integrations ?? {}))
  }

  /** Compiles one route and adds it to the API. Throws coded errors that name the place. */
  declareRoute (scope: FastifyInstance, routeKey: string, definition: RouteDefinition): void {
    checkRouteKey(routeKey)
    const { log, routes } = this.#api
    const { routeResponseSelectionExpression } = definition
    if (routeResponseSelectionExpression !== undefined) {
      const place = `routes.${routeKey}.routeResponseSelectionExpression`
      compileSelectionExpression(routeResponseSelectionExpression, { kind: 'routeResponse', place })
    }
    for (const response of Object.values(definition.routeResponses ?? {})) {
      if (response?.modelSelectionExpression !== undefined) {
        log.warn({ routeKey }, 'modelSelectionExpression of a route response is currently unsupported on API Gateway; it is kept and not evaluated')
      }
    }
    const integration = this.#integrationOf(scope, routeKey, definition)
    if (integration === undefined) {
      log.warn({ routeKey }, 'route has no integration: its messages are accepted and nothing is sent')
    }
    routes.add(new CompiledRoute(routeKey, definition, integration, {
      requestModels: this.#requestModelsOf(routeKey, definition),
      requestParameters: requestParametersOf(routeKey, definition)
    }))
  }

  /** Integrations that no route names are checked all the same. */
  checkUnused (): void {
    for (const id of this.#definitions.keys()) {
      if (this.#shared.has(sharedKey(id, false)) || this.#shared.has(sharedKey(id, true))) continue
      this.#compileShared(id, true)
    }
  }

  #integrationOf (
    scope: FastifyInstance, routeKey: string, { integration, target }: RouteDefinition
  ): Integration<any> | undefined {
    const place = `routes.${routeKey}`
    const isConnectOnly = routeKey === CONNECT_ROUTE_KEY
    if (target === undefined) {
      return integration && this.#compile(integration, { place: `${place}.integration`, scope, name: routeKey, isConnectOnly })
    }
    if (integration !== undefined) throw new IntegrationInvalidError(`${place}.target`, 'the route has an integration of its own as well; it must have one of them')
    const id = target.replace(/^integrations\//, '')
    if (!this.#definitions.has(id)) {
      throw new IntegrationUnknownError(`${place}.target`, id, [...this.#definitions.keys()].join(', ') || 'none')
    }
    return this.#shared.get(sharedKey(id, isConnectOnly)) ?? this.#compileShared(id, isConnectOnly)
  }

  #compileShared (id: string, isConnectOnly: boolean): Integration<any> {
    const compiled = this.#compile(this.#definitions.get(id) as IntegrationDefinition, {
      place: `integrations.${id}`, scope: this.#environment.scope, name: id, isConnectOnly
    })
    this.#shared.set(sharedKey(id, isConnectOnly), compiled)
    return compiled
  }

  #compile (definition: IntegrationDefinition, where: Parameters<typeof compileIntegration>[1]): Integration<any> {
    const { timeoutInMillis } = definition
    if (timeoutInMillis !== undefined) {
      checkTimeout(`${where.place}.timeoutInMillis`, timeoutInMillis, this.#api.settings.quotas.integrationTimeoutInMillis)
    }
    return compileIntegration(definition as IntegrationOptions, where, this.#environment)
  }

  /** Models without an expression are kept and not applied, as on AWS. */
  #requestModelsOf (
    routeKey: string, { modelSelectionExpression, requestModels = {} }: RouteDefinition
  ): RequestModels | undefined {
    if (modelSelectionExpression === undefined) {
      if (Object.keys(requestModels).length > 0) this.#api.log.warn({ routeKey }, 'requestModels without a modelSelectionExpression are not applied')
      return undefined
    }
    return new RequestModels({ place: `routes.${routeKey}`, modelSelectionExpression, requestModels }, this.#models)
  }
}

function sharedKey (id: string, isConnectOnly: boolean): string {
  return `${isConnectOnly ? CONNECT_ROUTE_KEY : ''} ${id}`
}

function modelsOf ({ models = {} }: ApiGatewayWebSocketOptions): Array<[string, JsonSchemaModel]> {
  return Array.isArray(models) ? models.map(({ name, schema }) => [name, schema]) : Object.entries(models)
}

function requestParametersOf (routeKey: string, { requestParameters }: RouteDefinition): RequestParameters | undefined {
  if (requestParameters === undefined) return undefined
  if (routeKey !== CONNECT_ROUTE_KEY) throw new RequestParametersElsewhereError(`routes.${routeKey}`)
  return new RequestParameters(`routes.${routeKey}.requestParameters`, requestParameters)
}

// Assembles access control from the options: what stands alone is compiled at registration, what names something else
// once all routes are known.
import type { ApiGatewayWebSocketOptions as PluginOptions, AuthorizerOptions, RouteDefinition } from '../types/index.js'
import {
  ApiKeys, compileAuthorizerFunction, compileIdentitySource, compileOrigins, Iam, MemoryCounters, RequestAuthorizer,
  ResultCache
} from './access/index.ts'
import type { OriginCheck, UsageCounters } from './access/index.ts'
import { ConnectAccess } from './api/index.ts'
import type { Api, Execution } from './api/index.ts'
import { CONNECT_ROUTE_KEY } from './definition.ts'
import { OptionsInvalidError } from './errors.ts'
import { compileSelectionExpression } from './expression/index.ts'
import { guardLog } from './guarded-log.ts'
import { compileFunctionUri, isLambdaUri } from './integration/index.ts'
import type { AnyHandler, IntegrationEnvironment } from './integration/index.ts'

const DEFAULT_API_KEY_EXPRESSION = '$request.header.x-api-key'
const DEFAULT_CACHE_ENTRIES = 10_000
const MILLIS = 1000
const COOKIE_SOURCE = /^route\.request\.header\.cookie$/i

export class AccessControl {
  readonly iam: Iam | undefined
  readonly isOriginAllowed: OriginCheck | undefined
  /** Query parameters that prove who a client is: they stay out of the log. */
  readonly secretParameters: ReadonlySet<string>
  readonly #api: Api
  readonly #options: PluginOptions
  readonly #authorizers: ReadonlyMap<string, RequestAuthorizer<Execution>>
  readonly #apiKeys: ApiKeys | undefined
  readonly #apiKeySource: 'HEADER' | 'AUTHORIZER'
  readonly #counters: UsageCounters
  readonly #routes = new Map<string, RouteDefinition>()

  /** Throws coded errors that name the place. */
  constructor (api: Api, environment: IntegrationEnvironment, options: PluginOptions) {
    const { apiKeySelectionExpression = DEFAULT_API_KEY_EXPRESSION, credentials, extensions, usageStore } = options
    const { region, quotas: { integrationTimeoutInMillis: timeoutInMillis } } = api.settings
    this.#api = api
    this.#options = options
    this.#authorizers = compileAuthorizers(api, environment, options)
    const [variable] = compileSelectionExpression(apiKeySelectionExpression, {
      kind: 'apiKey', place: 'options.apiKeySelectionExpression'
    }).variables
    this.#apiKeySource = variable?.family === 'request.header' ? 'HEADER' : 'AUTHORIZER'
    this.#counters = new MemoryCounters({
      store: usageStore,
      timeoutInMillis,
      onError: (err) => { guardLog(() => { api.log.error({ err }, 'saving the usage of a plan failed') }) }
    })
    this.#apiKeys = this.#compileApiKeys()
    this.iam = credentials === undefined ? undefined : new Iam({ credentials, region, timeoutInMillis })
    this.isOriginAllowed = extensions?.allowedOrigins &&
      compileOrigins(extensions.allowedOrigins, 'options.extensions.allowedOrigins')
    this.secretParameters = new Set([...this.#authorizers.values()].flatMap(({ options: { identitySources } }) =>
      identitySources.filter(({ kind }) => kind === 'querystring').map(({ name }) => name)))
    if (options.connectionsApi?.authorize === 'AWS_IAM' && credentials === undefined) {
      throw new OptionsInvalidError('options.connectionsApi.authorize is "AWS_IAM", but options.credentials is missing')
    }
  }

  /** Takes note of a route. Throws AGW_ERR_OPTIONS_INVALID for what is wrong with the route itself. */
  declareRoute (routeKey: string, definition: RouteDefinition): void {
    const { authorizationType = 'NONE', authorizerId } = definition
    const place = `routes.${routeKey}`
    // Whoever wrote it believes that messages are guarded one by one.
    if (routeKey !== CONNECT_ROUTE_KEY && authorizationType !== 'NONE') {
      throw new OptionsInvalidError(`${place}.authorizationType is "${authorizationType}"; Currently, authorization is restricted to the $connect route only`)
    }
    if ((authorizationType === 'CUSTOM') !== (authorizerId !== undefined)) {
      throw new OptionsInvalidError(authorizerId === undefined
        ? `${place}.authorizerId is missing; it must name one of options.authorizers`
        : `${place}.authorizerId is "${authorizerId}", but authorizationType is not CUSTOM`)
    }
    if (authorizationType === 'AWS_IAM' && this.iam === undefined) throw new OptionsInvalidError(`${place}.authorizationType is "AWS_IAM", but options.credentials is missing`)
    this.#routes.set(routeKey, definition)
  }

  /** Compiles what handshakes must pass. Throws AGW_ERR_OPTIONS_INVALID for names that name nothing. */
  seal (): void {
    const connectRoute = this.#routes.get(CONNECT_ROUTE_KEY) ?? {}
    const { authorizationType, authorizerId, apiKeyRequired = false } = connectRoute
    const authorizer = authorizerId === undefined ? undefined : this.#authorizers.get(authorizerId)
    if (authorizerId !== undefined && authorizer === undefined) {
      throw new OptionsInvalidError(`routes.$connect.authorizerId is "${authorizerId}"; options.authorizers has ${[...this.#authorizers.keys()].join(', ') || 'none'}`)
    }
    this.#checkStages()
    const asksForKeys = [...this.#routes.values()].some((route) => route.apiKeyRequired === true)
    const iam = authorizationType === 'AWS_IAM' ? this.iam : undefined
    this.#warn(authorizer, asksForKeys)
    if (iam === undefined && authorizer === undefined && !asksForKeys) return
    this.#api.connectAccess = new ConnectAccess({
      iam,
      authorizer,
      apiKeys: asksForKeys ? this.#apiKeys : undefined,
      apiKeySource: this.#apiKeySource,
      isApiKeyRequired: apiKeyRequired
    })
  }

  /** Resolves when what was counted is stored. */
  async close (): Promise<void> {
    await this.#counters.close()
  }

  #compileApiKeys (): ApiKeys | undefined {
    const { apiKeys, usagePlans } = this.#options
    if (apiKeys === undefined && usagePlans === undefined) return undefined
    return new ApiKeys({
      apiId: this.#api.apiId, apiKeys: apiKeys ?? {}, usagePlans: usagePlans ?? {}, counters: this.#counters
    })
  }

  #checkStages (): void {
    const { stages = [], usagePlans = {} } = this.#options
    for (const [i, { routeSettings = {} }] of stages.entries()) {
      const unknown = Object.keys(routeSettings).find((routeKey) => !this.#routes.has(routeKey))
      if (unknown !== undefined) throw new OptionsInvalidError(`options.stages[${i}].routeSettings has "${unknown}"; Unable to find Route by key ${unknown} within the provided RouteSettings`)
    }
    for (const [planId, { apiStages = [] }] of Object.entries(usagePlans)) {
      for (const [i, { apiId, stage }] of apiStages.entries()) {
        if ((apiId ?? this.#api.apiId) !== this.#api.apiId || this.#api.stages.has(stage)) continue
        throw new OptionsInvalidError(`options.usagePlans.${planId}.apiStages[${i}].stage is "${stage}", which the API does not have`)
      }
    }
  }

  #warn (authorizer: RequestAuthorizer<Execution> | undefined, asksForKeys: boolean): void {
    const { log } = this.#api
    const sources = [
      ...authorizer?.options.identitySources.map(({ source }) => source) ?? [],
      ...Object.keys(this.#routes.get(CONNECT_ROUTE_KEY)?.requestParameters ?? {})
    ]
    if (this.isOriginAllowed === undefined && sources.some((source) => COOKIE_SOURCE.test(source))) {
      log.warn('cookies identify clients, and browsers send them from any site: name the sites that may connect in extensions.allowedOrigins')
    }
    for (const [apiKeyId, { value, valueSha256 }] of Object.entries(this.#options.apiKeys ?? {})) {
      if (value === undefined && valueSha256 === undefined) log.warn({ apiKeyId }, 'API key has no value, which API Gateway would draw: it opens nothing here')
    }
    if (asksForKeys && this.#apiKeys === undefined) {
      log.warn('a route requires an API key, but there are no apiKeys and usagePlans: nobody can use it')
    }
  }
}

function compileAuthorizers (
  api: Api, environment: IntegrationEnvironment, { authorizers = {}, extensions }: PluginOptions
): ReadonlyMap<string, RequestAuthorizer<Execution>> {
  const { region, accountId, apiId, quotas } = api.settings
  const cache = extensions?.authorizerResultCache
  return new Map(Object.entries(authorizers).map(([name, authorizer]) => {
    const { identitySource = [] } = authorizer
    const place = `options.authorizers.${name}`
    const functionName = `${apiId}-${name.replace(/[^A-Za-z0-9_-]/g, '_')}`
    return [name, new RequestAuthorizer<Execution>({
      name,
      identitySources: identitySource.map((source, i) => compileIdentitySource(source, `${place}.identitySource[${i}]`)),
      invoke: compileAuthorizerFunction<Execution>(compileAuthorizerHandler(authorizer, place, environment), {
        scope: environment.scope,
        timeouts: environment.timeouts,
        timeoutInMillis: quotas.integrationTimeoutInMillis,
        function: { functionName, invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}` }
      }),
      cache: cache && new ResultCache({
        ttlInMillis: cache.ttlInSeconds * MILLIS, maxEntries: cache.maxEntries ?? DEFAULT_CACHE_ENTRIES
      })
    })]
  }))
}

/** The handler of an authorizer, or the function that its URI names. */
function compileAuthorizerHandler (
  { handler, authorizerUri }: AuthorizerOptions, place: string, environment: IntegrationEnvironment
): (request: Execution) => AnyHandler {
  if (handler !== undefined && authorizerUri !== undefined) {
    throw new OptionsInvalidError(`${place} has both a handler and an authorizerUri; it must have one of them`)
  }
  if (handler !== undefined) return () => handler
  if (authorizerUri === undefined) throw new OptionsInvalidError(`${place} has nothing to call; it must have handler or authorizerUri`)
  if (!isLambdaUri(authorizerUri)) {
    throw new OptionsInvalidError(`${place}.authorizerUri is ${JSON.stringify(authorizerUri)}; it must be the ARN of a Lambda function, or its invocation URI`)
  }
  return compileFunctionUri(authorizerUri, `${place}.authorizerUri`, environment)
}

// The assembly: options in, one API wired into its Fastify scope.
import fastifyWebsocket from '@fastify/websocket'
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyRequest, RouteOptions as FastifyRouteOptions } from 'fastify'
import type {
  ApiGatewayWebSocketOptions as PluginOptions, ConnectionsApiOptions, IntegrationDefinition, LambdaHandler,
  RouteDefinition, RouteHandler, RouteOptions
} from '../types/index.js'
import { TokenBucket } from './access/index.ts'
import { AccessControl } from './access-control.ts'
import { Api, compileStage, ROOT_KEY, RouteTable } from './api/index.ts'
import { Declarations } from './declarations.ts'
import {
  ApiWithoutRoutesError, Http2UnsupportedError, PathTakenError, RouteTooLateError, WebsocketScopeError, WebsocketTwiceError
} from './errors.ts'
import { createErrorSerializer } from './error-serializer.ts'
import { compileSelectionExpression } from './expression/index.ts'
import { createIntegrationEnvironment } from './integration-environment.ts'
import { findInProcessCall } from './integration/index.ts'
import { InProcessConnections, registerConnectionsRoutes } from './management/index.ts'
import { checkLastArgument, checkOptions, checkRouteKey, checkRouteOptions, stagesOf } from './options.ts'
import { compileQuotas } from './quotas.ts'
import { addScopeApi, findScopeApi } from './scope-apis.ts'
import { kAuthorizer, kOwnWebsocketServer, kUpgrade } from './symbols.ts'
import {
  createRequestSerializer, createUpgradeCheck, drain, joinDrains, onUpgradeAnswered, openConnection, runConnect,
  Transport, unwatchAnsweredUpgrades, watchAnsweredUpgrades
} from './transport/index.ts'
import type { UpgradeTarget } from './transport/index.ts'
import { createWebSocketApi, selectWebSocketApi } from './web-socket-api.ts'

const DEFAULT_REGION = 'us-east-1'
const DEFAULT_ACCOUNT_ID = '123456789012'
const API_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** A handler timeout of the app must not cut a $connect short; this much is left for hooks beside it. */
const HANDLER_TIMEOUT_MARGIN = 30_000
const LONGEST_TIMER = 0x7fffffff
/** Fragments of one message that ws keeps, and chunks of one frame. */
const WEBSOCKET_PARTS = 1024
/** The listener by which @fastify/websocket takes upgrades, told by its name and by what it hands them to. */
const isWebsocketListener = (listener: Function): boolean =>
  listener.name === 'onUpgrade' && String(listener).includes('.routing(')

/** The plugin. See ApiGatewayWebSocketOptions for its options; throws coded errors for what is wrong with them. */
export async function apiGatewayWebSocket (fastify: FastifyInstance, options: PluginOptions): Promise<void> {
  checkOptions(options)
  if ((fastify.initialConfig as { http2?: boolean }).http2 === true) throw new Http2UnsupportedError()
  const api = createApi(fastify, options)
  const environment = createIntegrationEnvironment(api, fastify, options)
  const declarations = new Declarations(api, environment, options)
  const access = new AccessControl(api, environment, options)
  const transport = new Transport(api)
  api.connections = new InProcessConnections(api)
  let isSealed = false
  const declared = new Map<string, RouteDefinition>()
  function declare (scope: FastifyInstance, routeKey: string, definition: RouteDefinition): void {
    declarations.declareRoute(scope, routeKey, definition)
    access.declareRoute(routeKey, definition)
    declared.set(routeKey, definition)
  }
  addScopeApi(fastify, {
    name: options.name,
    webSocketApi: createWebSocketApi(api, fastify, { options, routes: declared }),
    transport,
    declare (scope, routeKey, definition) {
      if (isSealed) throw new RouteTooLateError(routeKey)
      declare(scope, routeKey, definition)
    }
  })

  // Before @fastify/websocket's own preClose, which would close the sockets without a code.
  fastify.addHook('preClose', joinDrains(fastify.server, async () => {
    await drain(transport, options.drain)
    await access.close()
  }))
  decorate(fastify)
  await registerWebsocket(fastify, api)
  fastify.addHook('onRequest', createUpgradeCheck(transport))
  registerUpgradeRoutes(fastify, transport, access, options)
  if (options.connectionsApi !== undefined) registerManagement(fastify, api, access, options, options.connectionsApi)
  for (const [routeKey, definition] of Object.entries(options.routes ?? {})) declare(fastify, routeKey, definition)
  fastify.addHook('onReady', async () => {
    isSealed = true
    if (api.routes.size === 0) throw new ApiWithoutRoutesError(options.name === undefined ? '' : ` "${options.name}"`)
    access.seal()
    checkUpgradeListeners(fastify)
    declarations.checkUnused()
    await environment.load()
  })
  fastify.addHook('onClose', async () => { await environment.destroy() })
}

function createApi (fastify: FastifyInstance, options: PluginOptions): Api {
  const { name, logLevel, apiId = createApiId() } = options
  return new Api({
    name,
    apiId,
    region: options.region ?? DEFAULT_REGION,
    accountId: options.accountId ?? DEFAULT_ACCOUNT_ID,
    quotas: compileQuotas(options.quotas),
    log: fastify.log.child({ webSocketApi: name ?? apiId }, {
      ...(logLevel === undefined ? undefined : { level: logLevel }),
      ...createErrorSerializer(fastify.log)
    }),
    stages: stagesOf(options).map(compileStage),
    routes: new RouteTable(compileSelectionExpression(options.routeSelectionExpression, {
      kind: 'route', place: 'options.routeSelectionExpression'
    })),
    domainName: options.domainName,
    defaultDomainName: createDomainName(fastify, options.domainName),
    domainNames: options.domainNames ?? [],
    disableExecuteApiEndpoint: options.disableExecuteApiEndpoint === true,
    skipsEmptyResponses: options.extensions?.emptyResponse === 'SKIP',
    onIntegrationError: options.onIntegrationError
  })
}

function createApiId (): string {
  return Array.from(randomBytes(10), (byte) => API_ID_LETTERS[byte % API_ID_LETTERS.length]).join('')
}

/** Never the client's Host: handlers send signed calls to this name. Made once: every connection asks for it, and keeps it. */
function createDomainName ({ server }: FastifyInstance, configured: string | undefined): () => string {
  let domainName = configured
  return () => {
    if (domainName !== undefined) return domainName
    const address = server.address() as AddressInfo | string | null
    if (address === null) return 'localhost'
    domainName = typeof address === 'string' ? 'localhost' : hostOf(address)
    return domainName
  }
}

function hostOf ({ address, port }: AddressInfo): string {
  const host = address === '0.0.0.0' || address === '::' ? 'localhost' : address
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** What the scope, and every scope below it, gets. A scope below one that has it all inherits it. */
function decorate (fastify: FastifyInstance): void {
  decorateRequest(fastify)
  // A decorator of the app's own by that name is Fastify's to refuse.
  if ((fastify as Partial<FastifyInstance>).routeKey as unknown === routeKey) return
  fastify.decorate('routeKey', routeKey as FastifyInstance['routeKey'])
  fastify.decorate('webSocketApi', {
    getter (this: FastifyInstance) { return selectWebSocketApi(this) }
  })
}

interface WithAuthorizer { [kAuthorizer]?: FastifyRequest['authorizer'] }

/**
 * `request.authorizer`: on an upgrade what a hook sets, on a request that an integration makes of this server what the
 * connection has. Where somebody decorated requests with it already, a hook sets the latter.
 */
function decorateRequest (fastify: FastifyInstance): void {
  if (fastify.hasRequestDecorator('authorizer')) {
    fastify.addHook('onRequest', (request, _, done) => {
      const call = findInProcessCall(request.raw)
      if (call !== undefined) request.authorizer = call.authorizer ?? null
      done()
    })
    return
  }
  fastify.decorateRequest('authorizer', {
    getter (this: FastifyRequest) {
      const own = (this as unknown as WithAuthorizer)[kAuthorizer]
      return own === undefined ? findInProcessCall(this.raw)?.authorizer ?? null : own
    },
    setter (this: FastifyRequest, authorizer: FastifyRequest['authorizer']) {
      ;(this as unknown as WithAuthorizer)[kAuthorizer] = authorizer
    }
  } as never)
}

type Handler = RouteHandler | LambdaHandler

/** `app.routeKey(routeKey, [options], handler)`; `this` is the scope that declares, whose decorators the handler sees. */
function routeKey (
  this: FastifyInstance, routeKey: string, optionsOrHandler: RouteOptions | Handler, lastArgument?: Handler
): FastifyInstance {
  const isShort = typeof optionsOrHandler === 'function'
  const options = isShort ? {} : optionsOrHandler
  const handler = isShort ? optionsOrHandler : lastArgument
  checkRouteKey(routeKey)
  if (isShort) checkLastArgument(routeKey, lastArgument)
  checkRouteOptions(routeKey, options, handler)
  const { api, timeoutInMillis, integration, ...definition } = options as RouteOptions & Partial<RouteDefinition>
  const own = integration === undefined && handler === undefined && timeoutInMillis === undefined
    ? undefined
    : {
        integration: {
          ...integration,
          ...(handler === undefined ? undefined : { handler }),
          ...(timeoutInMillis === undefined ? undefined : { timeoutInMillis })
        } as IntegrationDefinition
      }
  findScopeApi(this, api).declare(this, routeKey, { ...definition, ...own })
  return this
}

async function registerWebsocket (fastify: FastifyInstance, api: Api): Promise<void> {
  await ensureWebsocket(fastify, api)
  watchAnsweredUpgrades(fastify.server)
  fastify.addHook('onClose', async () => { unwatchAnsweredUpgrades(fastify.server) })
}

async function ensureWebsocket (fastify: FastifyInstance, api: Api): Promise<void> {
  const { messageBytes } = api.settings.quotas
  if (fastify.hasDecorator('websocketServer')) {
    const { maxPayload } = fastify.websocketServer.options
    if (maxPayload !== undefined && maxPayload !== 0 && maxPayload < messageBytes) {
      api.log.warn({ maxPayload, messageBytes }, 'maxPayload of @fastify/websocket is less than quotas.messageBytes and rules; raise it where @fastify/websocket is registered')
    }
    return
  }
  const server = fastify.server as unknown as { [kOwnWebsocketServer]?: true }
  if (server[kOwnWebsocketServer] === true) throw new WebsocketScopeError()
  server[kOwnWebsocketServer] = true
  await fastify.register(fastifyWebsocket, {
    options: {
      maxPayload: messageBytes === Infinity ? 0 : messageBytes,
      perMessageDeflate: false,
      maxFragments: WEBSOCKET_PARTS,
      maxBufferedChunks: WEBSOCKET_PARTS
    }
  })
}

/** A scope that registered @fastify/websocket above or beside the one in use would answer each handshake a second time. */
function checkUpgradeListeners ({ server }: FastifyInstance): void {
  const count = server.listeners('upgrade').filter(isWebsocketListener).length
  if (count > 1) throw new WebsocketTwiceError(count)
}

/**
 * The paths an API owns: its stages' and API mappings', and all below them that nobody else answers; `standalone` owns
 * every path.
 */
function registerUpgradeRoutes (
  fastify: FastifyInstance, transport: Transport, access: AccessControl, options: PluginOptions
): void {
  const { prefix = '', handler, standalone = false } = options
  const { newConnectionsPerSecond } = transport.api.settings.quotas
  const rate = new TokenBucket(newConnectionsPerSecond, Math.max(1, newConnectionsPerSecond))
  const target: Omit<UpgradeTarget, 'segment'> = {
    transport,
    servesPlainRequests: handler !== undefined,
    takeConnection: () => rate.take(),
    isOriginAllowed: access.isOriginAllowed
  }
  for (const segment of transport.api.endpoints.segments) {
    const path = pathOf(prefix, segment)
    // Below a domain's root everything is below the root: that is for `standalone` to claim.
    const urls = segment === ROOT_KEY ? [path === '' ? '/' : path] : [path, `${path}/*`]
    for (const url of urls) registerUpgradeRoute(fastify, url, { ...target, segment }, access, options)
  }
  if (standalone) registerUpgradeRoute(fastify, `${prefix}/*`, { ...target, segment: undefined }, access, options)
}

/** `:` begins a parameter in a route, and is doubled to be none. */
function pathOf (prefix: string, segment: string): string {
  return segment === ROOT_KEY ? prefix : `${prefix}/${segment.replaceAll(':', '::')}`
}

function registerUpgradeRoute (
  fastify: FastifyInstance, url: string, target: UpgradeTarget, access: AccessControl, options: PluginOptions
): void {
  try {
    addUpgradeRoutes(fastify, url, target, access, options)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'FST_ERR_DUPLICATED_ROUTE') throw error
    const { segment } = target
    throw new PathTakenError(`${fastify.prefix}${url}`, segment === undefined ? 'option standalone' : segment === ROOT_KEY ? 'the root of a custom domain' : `stage or API mapping "${segment}"`)
  }
}

function addUpgradeRoutes (
  fastify: FastifyInstance, url: string, target: UpgradeTarget, access: AccessControl, options: PluginOptions
): void {
  const { upgrade = {} } = options
  const { integrationTimeoutInMillis } = target.transport.api.settings.quotas
  const shared = {
    url,
    config: { ...upgrade.config, [kUpgrade]: target },
    constraints: upgrade.constraints ?? {},
    // Only reached by plain requests of the stage's path, and only where the user answers those.
    handler: options.handler ?? (() => {}),
    ...logOptions(fastify, access, options)
  }
  fastify.route({
    ...shared,
    method: 'GET',
    ...pickHooks(upgrade),
    preHandler: [...listOf(upgrade.preHandler), runConnect],
    onSend: onUpgradeAnswered,
    ...(upgrade.schema === undefined ? undefined : { schema: upgrade.schema }),
    // Only against one of the app: injectWS, whose requests are no streams, cannot be timed.
    ...(hasHandlerTimeout(fastify)
      ? { handlerTimeout: Math.min(LONGEST_TIMER, integrationTimeoutInMillis + HANDLER_TIMEOUT_MARGIN) }
      : undefined),
    wsHandler: openConnection
  } as unknown as FastifyRouteOptions)
  fastify.route({
    ...shared,
    method: fastify.supportedMethods.filter((method) => method !== 'GET' && method !== 'HEAD')
  } as FastifyRouteOptions)
}

/** What Fastify writes of the API's requests: as much as the API's own log, and no secrets of their URLs. */
function logOptions (
  fastify: FastifyInstance, { secretParameters }: AccessControl, { logLevel }: PluginOptions
): Pick<FastifyRouteOptions, 'logLevel' | 'logSerializers'> {
  const req = createRequestSerializer(fastify.log, secretParameters)
  return {
    ...(logLevel === undefined ? undefined : { logLevel }),
    ...(req === undefined ? undefined : { logSerializers: { req } as FastifyRouteOptions['logSerializers'] & {} })
  }
}

function hasHandlerTimeout ({ initialConfig }: FastifyInstance): boolean {
  return ((initialConfig as { handlerTimeout?: number }).handlerTimeout ?? 0) > 0
}

function pickHooks ({ onRequest, preValidation }: NonNullable<PluginOptions['upgrade']>): object {
  return { onRequest: listOf(onRequest), preValidation: listOf(preValidation) }
}

function listOf<T> (value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** @connections hangs one scope higher than the upgrade, so that the hooks which guard handshakes do not guard it. */
function registerManagement (
  fastify: FastifyInstance, api: Api, access: AccessControl, options: PluginOptions,
  { authorize }: ConnectionsApiOptions
): void {
  const above = Object.getPrototypeOf(fastify) as Partial<FastifyInstance>
  const parent = typeof above.route === 'function' ? above as FastifyInstance : fastify
  const base = `${fastify.prefix.slice(parent.prefix.length)}${options.prefix ?? ''}`
  registerConnectionsRoutes(api, {
    parent,
    paths: new Map([...api.endpoints.segments, ROOT_KEY].map((segment) => [segment, pathOf(base, segment)])),
    authorize: typeof authorize === 'string' ? [] : listOf(authorize).map((hook) => hook.bind(fastify)),
    iam: authorize === 'AWS_IAM' ? access.iam : undefined,
    logOptions: logOptions(fastify, access, options)
  })
}

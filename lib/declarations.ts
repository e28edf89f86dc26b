// Turns declarations, by routeKey() or as data, into compiled routes: both come out the same.
import type { FastifyInstance } from 'fastify'
import type { IntegrationDefinition, RouteDefinition } from '../types/index.js'
import type { Api } from './api/index.ts'
import { compileSelectionExpression } from './expression/index.ts'
import { AwsProxyIntegration } from './integration/index.ts'
import { checkRouteKey, checkTimeout } from './options.ts'
import { CompiledRoute } from './route/index.ts'
import { TimingWheel } from './timing-wheel.ts'

/** Integration timeouts are told to the hundredth of a second. */
const TIMEOUT_TICK_IN_MILLIS = 10
const TIMEOUT_SLOTS = 4096

/** The wheel of an API's integration timeouts. */
export function createTimeouts (api: Api): TimingWheel {
  return new TimingWheel({
    tickInMillis: TIMEOUT_TICK_IN_MILLIS,
    slots: TIMEOUT_SLOTS,
    onError: (err) => { api.log.error({ err }, 'ending an integration failed') }
  })
}

/** Compiles one route and adds it to the API. Throws coded errors that name the place. */
export function declareRoute (
  api: Api, timeouts: TimingWheel, scope: FastifyInstance, routeKey: string, definition: RouteDefinition
): void {
  checkRouteKey(routeKey)
  const { integration, routeResponseSelectionExpression } = definition
  if (routeResponseSelectionExpression !== undefined) {
    compileSelectionExpression(routeResponseSelectionExpression, { kind: 'routeResponse' })
  }
  for (const response of Object.values(definition.routeResponses ?? {})) {
    if (response?.modelSelectionExpression !== undefined) {
      api.log.warn({ routeKey }, 'modelSelectionExpression of a route response is currently unsupported on API Gateway; it is kept and not evaluated')
    }
  }
  if (integration === undefined) {
    api.log.warn({ routeKey }, 'route has no integration: its messages are accepted and nothing is sent')
  }
  const compiled = integration && compileIntegration(api, timeouts, scope, routeKey, integration)
  api.routes.add(new CompiledRoute(routeKey, definition, compiled))
}

function compileIntegration (
  api: Api, timeouts: TimingWheel, scope: FastifyInstance, routeKey: string, definition: IntegrationDefinition
): AwsProxyIntegration<any> {
  const { apiId, quotas, region, accountId } = api.settings
  const { timeoutInMillis = quotas.integrationTimeoutInMillis } = definition
  if (definition.timeoutInMillis !== undefined) {
    checkTimeout(`routes.${routeKey}.timeoutInMillis`, timeoutInMillis, quotas.integrationTimeoutInMillis)
  }
  const functionName = `${apiId}-${routeKey.replace(/[^A-Za-z0-9_-]/g, '_')}`
  return new AwsProxyIntegration({
    handler: definition.handler,
    scope,
    timeoutInMillis,
    timeouts,
    function: { functionName, invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}` }
  })
}

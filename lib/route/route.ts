// One compiled route: what a message selected by its key runs through.
import type { RouteDefinition } from '../../types/index.js'
import { DEFAULT_ROUTE_KEY } from '../definition.ts'
import type { Integration, IntegrationOutcome, IntegrationRequest } from '../integration/index.ts'
import type { RequestModels } from '../model/index.ts'
import { Refusal } from '../refusal.ts'

export class CompiledRoute {
  readonly routeKey: string
  /** Undefined where the route was declared without one: accepted, nothing is called, nothing is sent. */
  readonly integration: Integration<any> | undefined
  /** What the integration answers goes back to the client. */
  readonly isTwoWay: boolean
  readonly requestModels: RequestModels | undefined
  /** Only connections that were opened with an API key may use it. */
  readonly apiKeyRequired: boolean

  constructor (
    routeKey: string, definition: RouteDefinition, integration: Integration<any> | undefined,
    requestModels?: RequestModels
  ) {
    this.routeKey = routeKey
    this.integration = integration
    this.isTwoWay = isTwoWay(definition)
    this.requestModels = requestModels
    this.apiKeyRequired = definition.apiKeyRequired === true
  }

  /** Checks a message and calls the integration, of which there must be one. `complete` is called exactly once. */
  run<Request extends IntegrationRequest> (
    request: Request, complete: (request: Request, outcome: IntegrationOutcome) => void
  ): void {
    const error = request.eventType === 'MESSAGE' ? this.requestModels?.validate(request) : undefined
    if (error === undefined) (this.integration as Integration<any>).invoke(request, complete)
    else complete(request, new Refusal('BAD_REQUEST_BODY', error))
  }
}

/**
 * A `$default` route response makes a route two-way. Where `routeResponses` is absent, the expression alone implies it;
 * `routeResponses: {}` is one-way whatever the expression says.
 */
export function isTwoWay (definition: Pick<RouteDefinition, 'routeResponses' | 'routeResponseSelectionExpression'>): boolean {
  return definition.routeResponses === undefined
    ? definition.routeResponseSelectionExpression !== undefined
    : definition.routeResponses[DEFAULT_ROUTE_KEY] !== undefined
}

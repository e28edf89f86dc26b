// One compiled route: what a message selected by its key runs through.
import type { RouteDefinition } from '../../types/index.js'
import { DEFAULT_ROUTE_KEY } from '../definition.ts'
import type { Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult } from '../integration/index.ts'
import type { RequestModels } from '../model/index.ts'
import { Refusal } from '../refusal.ts'
import type { RequestParameters } from './request-parameters.ts'

/** What a route checks before its integration is called. */
export interface RouteChecks {
  readonly requestModels: RequestModels | undefined
  readonly requestParameters: RequestParameters | undefined
}

const ACCEPTED: IntegrationResult = { statusCode: 200, headers: undefined, multiValueHeaders: undefined, body: undefined, isNull: false }

export class CompiledRoute {
  readonly routeKey: string
  /** Undefined where the route was declared without one: accepted, nothing is called, nothing is sent. */
  readonly integration: Integration<any> | undefined
  /** What the integration answers goes back to the client. */
  readonly isTwoWay: boolean
  /** Only connections that were opened with an API key may use it. */
  readonly apiKeyRequired: boolean
  readonly requestModels: RequestModels | undefined
  readonly requestParameters: RequestParameters | undefined

  constructor (
    routeKey: string, definition: RouteDefinition, integration: Integration<any> | undefined, checks?: RouteChecks
  ) {
    this.routeKey = routeKey
    this.integration = integration
    this.isTwoWay = isTwoWay(definition)
    this.apiKeyRequired = definition.apiKeyRequired === true
    this.requestModels = checks?.requestModels
    this.requestParameters = checks?.requestParameters
  }

  /** Whether a handshake has anything to run here. */
  get runsOnConnect (): boolean {
    return this.integration !== undefined || this.requestParameters !== undefined
  }

  /** Checks the request and calls the integration. `complete` is called exactly once, at once or later. */
  run<Request extends IntegrationRequest> (
    request: Request, complete: (request: Request, outcome: IntegrationOutcome) => void
  ): void {
    const refusal = this.#check(request)
    if (refusal !== undefined) complete(request, refusal)
    else if (this.integration === undefined) complete(request, ACCEPTED)
    else this.integration.invoke(request, complete)
  }

  /** Models are for messages, parameters for handshakes; a route has one or the other, most have neither. */
  #check (request: IntegrationRequest): Refusal | undefined {
    if (this.requestModels !== undefined && request.eventType === 'MESSAGE') {
      const error = this.requestModels.validate(request)
      return error && new Refusal('BAD_REQUEST_BODY', error)
    }
    return this.requestParameters?.check(request)
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

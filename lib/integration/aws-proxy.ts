// AWS_PROXY with a handler: it gets the proxy event and answers with a proxy result.
import { Refusal } from '../refusal.ts'
import { HandlerInvocation, takesCallback } from './handler-invocation.ts'
import type { AnyHandler, HandlerContract, HandlerDefinition } from './handler-invocation.ts'
import type { Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult } from './integration.ts'
import type { Complete } from './pending-call.ts'
import { readProxyResult } from './proxy-result.ts'

export interface AwsProxyDefinition extends HandlerDefinition {
  readonly handler: AnyHandler
}

export class AwsProxyIntegration<Request extends IntegrationRequest>
implements Integration<Request>, HandlerContract<IntegrationResult> {
  readonly integrationType = 'AWS_PROXY'
  readonly definition: AwsProxyDefinition
  readonly takesCallback: boolean

  constructor (definition: AwsProxyDefinition) {
    this.definition = definition
    this.takesCallback = takesCallback(definition.handler)
  }

  invoke (request: Request, complete: Complete<Request, IntegrationResult>): void {
    const { handler } = this.definition
    new HandlerInvocation(this, request, complete).start(handler, request.createEvent(), this.takesCallback)
  }

  readOutcome (result: unknown): IntegrationOutcome {
    const outcome = readProxyResult(result)
    return outcome instanceof Error ? new Refusal('INTEGRATION_FAILURE', outcome) : outcome
  }

  readFailure (error: Error): IntegrationOutcome {
    return new Refusal('INTEGRATION_FAILURE', error)
  }
}

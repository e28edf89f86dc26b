// A Lambda authorizer of type REQUEST: identity sources, the call, its result, the policy on this very request.
import { Refusal } from '../refusal.ts'
import { readAuthorizerResult } from './authorizer-result.ts'
import type { AuthorizerResult } from './authorizer-result.ts'
import { readIdentity } from './identity-sources.ts'
import type { IdentityScope, IdentitySource } from './identity-sources.ts'
import { evaluatePolicies, INVOKE_ACTION } from './policy.ts'
import type { ConditionContext } from './policy-conditions.ts'
import { createCacheKey } from './result-cache.ts'
import type { ResultCache } from './result-cache.ts'

/** A handshake as an authorizer sees it; `api/` implements it. */
export interface AuthorizerRequest extends IdentityScope {
  readonly apiId: string
  readonly stageName: string
  /** The resource that the policy is evaluated on. */
  readonly methodArn: string
  readonly conditionContext: ConditionContext
}

/** How the authorizer's function ended: with a result, or with an error. */
export type FunctionOutcome = { readonly result: unknown } | { readonly error: Error }

/** Calls the function with the event of the request; `complete` is called exactly once. */
export type AuthorizerFunction<Request extends AuthorizerRequest> =
  (request: Request, complete: (outcome: FunctionOutcome) => void) => void

/** A request that may go on, with what the authorizer said of it. */
export interface AuthorizerGrant {
  readonly result: AuthorizerResult
  /** Milliseconds that the call took; 0 for a result from the cache. */
  readonly latency: number
}

export interface RequestAuthorizerOptions<Request extends AuthorizerRequest> {
  readonly name: string
  readonly identitySources: readonly IdentitySource[]
  readonly invoke: AuthorizerFunction<Request>
  /** Undefined as on API Gateway, which asks at each handshake. */
  readonly cache?: ResultCache | undefined
}

/** The one error message that API Gateway answers with 401. */
const UNAUTHORIZED = 'Unauthorized'
const DENIED = 'User is not authorized to access this resource'

export class RequestAuthorizer<Request extends AuthorizerRequest> {
  readonly options: RequestAuthorizerOptions<Request>

  constructor (options: RequestAuthorizerOptions<Request>) {
    this.options = options
  }

  /** Calls `complete` exactly once, at once or later; never throws. */
  authorize (request: Request, complete: (outcome: AuthorizerGrant | Refusal) => void): void {
    const { name, identitySources, invoke, cache } = this.options
    const identity = readIdentity(identitySources, request)
    if (identity === undefined) {
      complete(new Refusal('UNAUTHORIZED'))
      return
    }
    // Without identity sources nothing tells two clients apart, so their results are never shared.
    const key = cache === undefined || identity.length === 0
      ? undefined
      // Whichever of repeated values the function goes by, another client's result is no answer to it.
      : createCacheKey(request.apiId, request.stageName, name, identitySources.map(({ readAll }) => readAll(request)))
    const cached = key === undefined ? undefined : cache?.get(key)
    if (cached !== undefined) {
      complete(judge(cached, request, 0))
      return
    }
    const startedAt = performance.now()
    invoke(request, (outcome) => {
      if ('error' in outcome) {
        complete(outcome.error.message === UNAUTHORIZED ? new Refusal('UNAUTHORIZED') : new Refusal('AUTHORIZER_FAILURE', outcome.error))
        return
      }
      const result = readAuthorizerResult(outcome.result)
      if (result instanceof Error) {
        complete(new Refusal('AUTHORIZER_CONFIGURATION_ERROR', result))
        return
      }
      if (key !== undefined) cache?.set(key, result)
      complete(judge(result, request, Math.round(performance.now() - startedAt)))
    })
  }
}

/** The policy is evaluated on each use, so a cached one grants nothing that it does not name. */
function judge (result: AuthorizerResult, request: AuthorizerRequest, latency: number): AuthorizerGrant | Refusal {
  const decision = evaluatePolicies([result.policy], INVOKE_ACTION, request.methodArn, request.conditionContext)
  if (decision === 'ALLOW') return { result, latency }
  return new Refusal('ACCESS_DENIED', undefined, decision === 'EXPLICIT_DENY' ? `${DENIED} with an explicit deny` : undefined)
}

// Who may open a connection: authorizer or IAM, then the API key. Compiled once all routes are known; an API that asks
// for neither has none.
import {
  authorizeCaller, createExecuteApiArn, EMPTY_BODY_HASH, identifyCaller, INVOKE_ACTION
} from '../access/index.ts'
import type { ApiKeys, Iam, IamCaller, RequestAuthorizer } from '../access/index.ts'
import { CONNECT_ROUTE_KEY } from '../definition.ts'
import { Refusal } from '../refusal.ts'
import { compileAuthorizerContext } from './authorizer-context.ts'
import type { Execution } from './execution.ts'
import { findHeaderValues } from './handshake-request.ts'
import type { HandshakeRequest } from './handshake-request.ts'
import { mergeIdentity } from './identity.ts'

type Complete = (refusal: Refusal | undefined) => void
type CompleteAuthorization = (refusal: Refusal | undefined, usageIdentifierKey?: string) => void

export interface ConnectAccessOptions {
  /** At most one of the two. */
  readonly iam: Iam | undefined
  readonly authorizer: RequestAuthorizer<Execution> | undefined
  readonly apiKeys: ApiKeys | undefined
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER'
  /** Whether a handshake needs a key; where it does not, one that it brings is kept for routes that do. */
  readonly isApiKeyRequired: boolean
}

const API_KEY_HEADER = 'x-api-key'
/** What a hook can set on `request.authorizer`, as an authorizer can return it. Never part of an event. */
const USAGE_IDENTIFIER_KEY = 'usageIdentifierKey'
const INTEGRATION_LATENCY = 'integrationLatency'
const NO_KEY = new Refusal('INVALID_API_KEY')

export class ConnectAccess {
  readonly #options: ConnectAccessOptions

  constructor (options: ConnectAccessOptions) {
    this.#options = options
  }

  /** Calls `complete` exactly once, at once or later; what was found out is on the execution's connection then. */
  admit (execution: Execution, isAuthorized: boolean, complete: Complete): void {
    if (isAuthorized) {
      this.#admitKey(execution, undefined, complete)
      return
    }
    this.#authorize(execution, (refusal, usageIdentifierKey) => {
      if (refusal === undefined) this.#admitKey(execution, usageIdentifierKey, complete)
      else complete(refusal)
    })
  }

  #authorize (execution: Execution, complete: CompleteAuthorization): void {
    const { iam, authorizer, apiKeySource } = this.#options
    const { connection } = execution
    if (iam !== undefined) {
      const handshake = execution.handshake as HandshakeRequest
      void iam.authenticate(handshake, () => EMPTY_BODY_HASH)
        .then((caller) => { complete(admitCaller(execution, caller)) })
    } else if (authorizer !== undefined) {
      authorizer.authorize(execution, (grant) => {
        if (grant instanceof Refusal) {
          complete(grant)
          return
        }
        const { principalId, context, usageIdentifierKey } = grant.result
        // The key is a member of the result. Context often holds what the client sent, who must not choose its key there.
        const { [INTEGRATION_LATENCY]: _, ...said } = context as Record<string, unknown>
        if (apiKeySource === 'AUTHORIZER') delete said[USAGE_IDENTIFIER_KEY]
        connection.authorizer = compileAuthorizerContext({ ...connection.authorizer, ...said, principalId })
        execution.authorizerLatency = grant.latency
        complete(undefined, usageIdentifierKey)
      })
    } else {
      complete(undefined)
    }
  }

  #admitKey (execution: Execution, usageIdentifierKey: string | undefined, complete: Complete): void {
    const { apiKeys, isApiKeyRequired } = this.#options
    const { connection } = execution
    const value = this.#readKey(execution, usageIdentifierKey)
    const apiKey = apiKeys?.find(value, connection.stage.stageName)
    if (apiKey !== undefined) {
      connection.apiKey = apiKey
      connection.identity = mergeIdentity(connection.identity, { apiKey: value as string, apiKeyId: apiKey.apiKeyId })
    }
    if (!isApiKeyRequired) {
      complete(undefined)
      return
    }
    connection.isMetered = true
    const outcome = apiKey === undefined ? NO_KEY : apiKey.take(CONNECT_ROUTE_KEY)
    if (outcome instanceof Promise) void outcome.then(complete)
    else complete(outcome)
  }

  /** Several headers count as one list, which is no key. */
  #readKey ({ connection, handshake }: Execution, usageIdentifierKey: string | undefined): string | undefined {
    if (this.#options.apiKeySource === 'HEADER') {
      const values = findHeaderValues(handshake as HandshakeRequest, API_KEY_HEADER)
      return values.length === 0 ? undefined : values.join(',')
    }
    if (connection.authorizer === undefined) return usageIdentifierKey
    const { [USAGE_IDENTIFIER_KEY]: fromHook, ...authorizer } = connection.authorizer
    connection.authorizer = authorizer
    return usageIdentifierKey ?? fromHook
  }
}

/** A caller who proved to be one, and whose policy lets him in. */
function admitCaller (execution: Execution, caller: IamCaller | Refusal): Refusal | undefined {
  if (caller instanceof Refusal) return caller
  const refusal = authorizeCaller(caller, INVOKE_ACTION, execution.methodArn, execution.conditionContext)
  if (refusal !== undefined) return refusal
  const { connection } = execution
  connection.identity = mergeIdentity(connection.identity, identifyCaller(caller))
  return undefined
}

/** The resource of a handshake, for policies of authorizers and of IAM callers. */
export function createMethodArn ({ connection: { api, stage } }: Execution): string {
  return createExecuteApiArn(api.settings, stage.stageName, CONNECT_ROUTE_KEY)
}

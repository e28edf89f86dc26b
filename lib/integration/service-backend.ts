// AWS service actions (`sqs:SendMessage`, `states:StartExecution`): what is bound to the action gets the request that API
// Gateway would have sent, and answers as the service would have.
import type { ServiceHandler, ServiceRequest } from '../../types/index.js'
import { ServiceAnswerError, ServiceUnboundError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { Backend, BackendRequest, BackendResponse } from './backend.ts'
import { HandlerInvocation, takesCallback } from './handler-invocation.ts'
import type { HandlerContract, HandlerDefinition } from './handler-invocation.ts'
import type { IntegrationRequest } from './integration.ts'
import type { Complete } from './pending-call.ts'
import type { ServiceUri } from './service-uri.ts'

export interface ServiceBackendDefinition extends HandlerDefinition {
  readonly method: string
  readonly uriOf: (request: IntegrationRequest) => ServiceUri | Error
  readonly credentialsOf: (request: IntegrationRequest) => string | undefined
  readonly services: ReadonlyMap<string, ServiceHandler>
}

export class ServiceBackend<Request extends IntegrationRequest>
implements Backend<Request>, HandlerContract<BackendResponse> {
  readonly definition: ServiceBackendDefinition

  constructor (definition: ServiceBackendDefinition) {
    this.definition = definition
  }

  call (request: Request, backendRequest: BackendRequest, complete: Complete<Request, BackendResponse>): void {
    const uri = this.definition.uriOf(request)
    const serviceRequest = uri instanceof Error ? uri : this.#createServiceRequest(request, backendRequest, uri)
    if (serviceRequest instanceof Error) {
      complete(request, new Refusal('API_CONFIGURATION_ERROR', serviceRequest))
      return
    }
    const handler = findService(this.definition.services, serviceRequest.service, serviceRequest.action)
    if (handler === undefined) {
      const name = `${serviceRequest.service}:${serviceRequest.action ?? '*'}`
      complete(request, new Refusal('API_CONFIGURATION_ERROR', new ServiceUnboundError(name)))
      return
    }
    new HandlerInvocation(this, request, complete).start(handler, serviceRequest, takesCallback(handler))
  }

  #createServiceRequest (request: Request, backendRequest: BackendRequest, uri: ServiceUri): ServiceRequest | Error {
    const headers = Object.fromEntries(backendRequest.headers.map(([name, value]) => [name.toLowerCase(), value]))
    const querystring: Record<string, string> = Object.fromEntries([...uri.querystring, ...backendRequest.querystring])
    const body = (backendRequest.body ?? '').toString()
    const credentialsArn = this.definition.credentialsOf(request)
    try {
      return {
        service: uri.service,
        action: uri.action ?? findAction(headers, querystring, body),
        region: uri.region,
        method: this.definition.method,
        uri: uri.render(backendRequest.path, Object.entries(querystring)),
        headers,
        querystring,
        body,
        ...(credentialsArn === undefined ? undefined : { credentialsArn })
      }
    } catch (error) {
      return error as Error
    }
  }

  readOutcome (result: unknown): BackendResponse | Refusal {
    const answer = readServiceAnswer(result)
    return answer ?? new Refusal('INTEGRATION_FAILURE', new ServiceAnswerError('it must be nothing or { statusCode, headers, body }'))
  }

  readFailure (error: Error): BackendResponse | Refusal {
    return readServiceException(error) ?? new Refusal('INTEGRATION_FAILURE', error)
  }
}

/** The handler of an action; `sqs:*` stands for every action of a service that is not bound itself. */
function findService (
  services: ReadonlyMap<string, ServiceHandler>, service: string, action: string | undefined
): ServiceHandler | undefined {
  return (action === undefined ? undefined : services.get(`${service}:${action}`)) ?? services.get(`${service}:*`)
}

/** A URI of the form `path` names no action: the request does, each protocol of AWS in its own place. */
function findAction (
  headers: Record<string, string>, querystring: Record<string, string>, body: string
): string | undefined {
  const target = headers['x-amz-target']
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1)
  if (querystring.Action !== undefined) return querystring.Action
  return /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '') || /^\s*Action=/.test(body)
    ? new URLSearchParams(body.trim()).get('Action') ?? undefined
    : undefined
}

function readServiceAnswer (result: unknown): BackendResponse | undefined {
  if (result === undefined || result === null) return createAnswer(200, {}, '')
  if (typeof result !== 'object') return undefined
  const { statusCode = 200, headers = {}, body = '' } = result as { statusCode?: unknown, headers?: unknown, body?: unknown }
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) return undefined
  if (typeof headers !== 'object' || headers === null) return undefined
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const)
  const lowered = Object.fromEntries(entries)
  // Undefined for what JSON has no word for: a function, a symbol.
  const text = typeof body === 'string' ? body : JSON.stringify(body) as string | undefined
  return text === undefined ? undefined : createAnswer(statusCode, lowered, text)
}

/** What a client of the AWS SDK throws is the service's answer: its status, type and message. */
function readServiceException (
  error: Error & { $fault?: unknown, $metadata?: { httpStatusCode?: unknown } }
): BackendResponse | undefined {
  const statusCode = error.$metadata?.httpStatusCode
  if (error.$fault === undefined || typeof statusCode !== 'number') return undefined
  const { name, message } = error
  return createAnswer(statusCode, {}, JSON.stringify({ __type: name, message, Message: message }))
}

function createAnswer (statusCode: number, headers: Record<string, string>, body: string): BackendResponse {
  return {
    statusCode,
    selectionText: String(statusCode),
    connectOutcome: statusCode >= 200 && statusCode < 300 ? statusCode : new ServiceAnswerError(statusCode),
    headers,
    body
  }
}

// The corridor of a handshake: a connection is made, $connect runs, and its result decides.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { ProxyResultMalformedError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { IntegrationOutcome, IntegrationResult } from '../integration/index.ts'
import type { Api } from './api.ts'
import { Connection } from './connection.ts'
import type { ConnectionOrigin } from './connection.ts'
import { Execution } from './execution.ts'
import { renderHandshakeRefusal } from './gateway-response.ts'
import type { HttpAnswer } from './gateway-response.ts'
import type { HandshakeRequest } from './handshake-request.ts'
import { reportRefusal } from './report.ts'

/** What became of a handshake: an answer that refuses it, or a connection that may open. */
export interface ConnectOutcome {
  readonly connection: Connection
  /** Undefined when the connection may open. */
  readonly refusal: HttpAnswer | undefined
  /** The subprotocol that $connect chose. */
  readonly subprotocol: string | undefined
}

/** Headers of a refusing $connect that are not the integration's to set. */
const WITHHELD_HEADERS: ReadonlySet<string> = new Set([
  'connection', 'content-length', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer',
  'transfer-encoding', 'upgrade'
])
const WEBSOCKET_HEADER_PREFIX = 'sec-websocket-'
const SUBPROTOCOL_HEADER = 'sec-websocket-protocol'

/** The client left while it was asked about: $connect need not run. */
const GONE = new Refusal('SERVICE_UNAVAILABLE')

/** Asks who may connect and runs $connect. `complete` is called exactly once, at once where everybody answers at once. */
export function connect (
  api: Api, origin: ConnectionOrigin, handshake: HandshakeRequest, complete: (outcome: ConnectOutcome) => void
): void {
  const connection = new Connection(api, api.connectionIds.next(), origin)
  const route = api.routes.connectRoute
  const { connectAccess } = api
  if (route?.runsOnConnect !== true && connectAccess === undefined) {
    complete({ connection, refusal: undefined, subprotocol: undefined })
    return
  }
  const execution = new Execution(connection, 'CONNECT', undefined, handshake, undefined)
  execution.route = route
  if (connectAccess === undefined) {
    invokeConnect(execution, complete)
    return
  }
  connectAccess.admit(execution, origin.isAuthorized === true, (refusal) => {
    if (refusal !== undefined) complete(refuse(execution, refusal))
    else if (handshake.isGone?.() === true) complete(refuse(execution, GONE))
    else invokeConnect(execution, complete)
  })
}

function invokeConnect (execution: Execution, complete: (outcome: ConnectOutcome) => void): void {
  const { connection, route } = execution
  if (route?.runsOnConnect !== true) complete({ connection, refusal: undefined, subprotocol: undefined })
  else route.run(execution, (_, outcome) => { complete(judge(execution, outcome)) })
}

function refuse (execution: Execution, refusal: Refusal): ConnectOutcome {
  const { connection, requestId } = execution
  const { type, message } = refusal
  reportRefusal(execution, refusal)
  return { connection, refusal: renderHandshakeRefusal(type, requestId, message), subprotocol: undefined }
}

function judge (execution: Execution, outcome: IntegrationOutcome): ConnectOutcome {
  const { connection, requestId } = execution
  const failure = outcome instanceof Refusal ? outcome : findFault(outcome)
  if (failure !== undefined) return refuse(execution, failure)
  const result = outcome as IntegrationResult
  return result.statusCode < 300
    ? { connection, refusal: undefined, subprotocol: findResultHeader(result, SUBPROTOCOL_HEADER) }
    : { connection, refusal: renderResult(result, requestId), subprotocol: undefined }
}

/** What is well for a message, but cannot answer a handshake. */
function findFault (result: IntegrationResult): Refusal | undefined {
  const { isNull, statusCode } = result
  if (isNull) return malformed('$connect returned no result')
  if (statusCode < 200 || statusCode > 599) return malformed(`statusCode ${statusCode} cannot end a handshake`)
  if (statusCode < 300) return undefined
  try {
    for (const [name, values] of resultHeaders(result)) {
      validateHeaderName(name)
      for (const value of values) validateHeaderValue(name, value)
    }
  } catch (error) {
    return malformed((error as Error).message)
  }
  return undefined
}

function malformed (what: string): Refusal {
  return new Refusal('INTEGRATION_FAILURE', new ProxyResultMalformedError(what))
}

/** The integration's own refusal: its status, body and headers. */
function renderResult (result: IntegrationResult, requestId: string): HttpAnswer {
  const headers: Record<string, string | string[]> = {
    ...renderHandshakeRefusal('FORBIDDEN', requestId).headers
  }
  delete headers['x-amzn-errortype']
  for (const [name, values] of resultHeaders(result)) {
    if (WITHHELD_HEADERS.has(name) || name.startsWith(WEBSOCKET_HEADER_PREFIX)) continue
    headers[name] = values.length === 1 ? values[0] as string : values
  }
  return { statusCode: result.statusCode, headers, body: result.body ?? '' }
}

function findResultHeader (result: IntegrationResult, wanted: string): string | undefined {
  for (const [name, values] of resultHeaders(result)) {
    if (name === wanted) return values.at(-1)
  }
  return undefined
}

/** Headers of a proxy result by lower-case name; multiValueHeaders rule where both name one. */
function resultHeaders ({ headers, multiValueHeaders }: IntegrationResult): Map<string, string[]> {
  const merged = new Map<string, string[]>()
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== undefined) merged.set(name.toLowerCase(), [String(value)])
  }
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (values.length > 0) merged.set(name.toLowerCase(), values.map(String))
  }
  return merged
}

// The proxy events, members in the order API Gateway writes them; what is absent there is absent here.
import type {
  WebSocketConnectEvent, WebSocketDisconnectEvent, WebSocketEvent, WebSocketIdentity, WebSocketMessageEvent,
  WebSocketRequestContextBase
} from '../../types/index.js'
import type { Execution } from './execution.ts'
import { readHeaders, readQuery } from './handshake-request.ts'
import { formatRequestTime } from './request-time.ts'

/** The event of an execution. Every part of it is the caller's own: a handler may change it as it may in Lambda. */
export function createEvent (execution: Execution): WebSocketEvent {
  if (execution.eventType === 'MESSAGE') return createMessageEvent(execution)
  return execution.eventType === 'CONNECT' ? createConnectEvent(execution) : createDisconnectEvent(execution)
}

function createMessageEvent (execution: Execution): WebSocketMessageEvent {
  const requestContext = createRequestContext(execution) as WebSocketMessageEvent['requestContext']
  const body = execution.text as string
  const { stageVariables } = execution
  return stageVariables === undefined
    ? { requestContext, body, isBase64Encoded: false }
    : { stageVariables: { ...stageVariables }, requestContext, body, isBase64Encoded: false }
}

function createConnectEvent (execution: Execution): WebSocketConnectEvent {
  const handshake = execution.handshake as NonNullable<Execution['handshake']>
  const headers = readHeaders(handshake, execution.traceId)
  const query = readQuery(handshake.rawQuery)
  const { stageVariables } = execution
  return {
    headers: headers.single,
    multiValueHeaders: headers.multiple,
    ...(query === undefined
      ? undefined
      : { queryStringParameters: query.single, multiValueQueryStringParameters: query.multiple }),
    ...(stageVariables === undefined ? undefined : { stageVariables: { ...stageVariables } }),
    requestContext: createRequestContext(execution) as WebSocketConnectEvent['requestContext'],
    isBase64Encoded: false
  }
}

const NO_VALUES = { single: {}, multiple: {} }

/** An authorizer's event: what is empty is an empty object here, and the upgrade's headers are there. */
export function createAuthorizerEvent (execution: Execution): object {
  const handshake = execution.handshake as NonNullable<Execution['handshake']>
  const headers = readHeaders(handshake, execution.traceId, true)
  const query = readQuery(handshake.rawQuery) ?? NO_VALUES
  return {
    type: 'REQUEST',
    methodArn: execution.methodArn,
    headers: headers.single,
    multiValueHeaders: headers.multiple,
    queryStringParameters: { ...query.single },
    multiValueQueryStringParameters: { ...query.multiple },
    stageVariables: { ...execution.stageVariables },
    requestContext: withoutAuthorizer(createRequestContext(execution))
  }
}

/** What a hook said of the connection is for $connect and later; API Gateway has no authorizer here. */
function withoutAuthorizer ({ authorizer, ...context }: WebSocketRequestContextBase): object {
  return context
}

/** Three headers of API Gateway's own making, always empty, beside Host. */
const EMPTY_DISCONNECT_HEADERS = ['x-api-key', 'X-Forwarded-For', 'x-restapi']

function createDisconnectEvent (execution: Execution): WebSocketDisconnectEvent {
  const entries = [['Host', execution.connection.domainName], ...EMPTY_DISCONNECT_HEADERS.map((name) => [name, ''])]
  const { stageVariables } = execution
  return {
    headers: Object.fromEntries(entries),
    multiValueHeaders: Object.fromEntries(entries.map(([name, value]) => [name, [value]])),
    ...(stageVariables === undefined ? undefined : { stageVariables: { ...stageVariables } }),
    requestContext: createRequestContext(execution) as WebSocketDisconnectEvent['requestContext'],
    isBase64Encoded: false
  }
}

/** `requestContext` in wire order. */
export function createRequestContext (execution: Execution): WebSocketRequestContextBase {
  const { connection, eventType, requestId, requestTimeEpoch } = execution
  const routeKey = execution.route?.routeKey as string
  const { api, authorizer, connectedAt, connectionId, domainName } = connection
  const { stageName } = connection.stage
  // The common case as one literal: this runs for each message.
  if (eventType === 'MESSAGE' && authorizer === undefined) {
    return {
      routeKey,
      messageId: execution.messageId,
      eventType,
      extendedRequestId: requestId,
      requestTime: formatRequestTime(requestTimeEpoch),
      messageDirection: 'IN',
      stage: stageName,
      connectedAt,
      requestTimeEpoch,
      identity: copyIdentity(connection.identity),
      requestId,
      domainName,
      connectionId,
      apiId: api.apiId
    } as WebSocketRequestContextBase
  }
  const context: Record<string, unknown> = { routeKey }
  if (execution.disconnection !== undefined) context.disconnectStatusCode = execution.disconnection.statusCode
  if (authorizer !== undefined) {
    context.authorizer = execution.authorizerLatency === undefined
      ? { ...authorizer }
      : { ...authorizer, integrationLatency: execution.authorizerLatency }
  }
  if (execution.messageId !== undefined) context.messageId = execution.messageId
  context.eventType = eventType
  context.extendedRequestId = requestId
  context.requestTime = formatRequestTime(requestTimeEpoch)
  context.messageDirection = 'IN'
  if (execution.disconnection !== undefined) context.disconnectReason = execution.disconnection.reason
  context.stage = stageName
  context.connectedAt = connectedAt
  context.requestTimeEpoch = requestTimeEpoch
  context.identity = copyIdentity(connection.identity)
  context.requestId = requestId
  context.domainName = domainName
  context.connectionId = connectionId
  context.apiId = api.apiId
  return context as unknown as WebSocketRequestContextBase
}

function copyIdentity (identity: WebSocketIdentity): WebSocketIdentity {
  const { userAgent, sourceIp } = identity
  if (identity.apiKeyId !== undefined || identity.accessKey !== undefined) return { ...identity }
  return userAgent === undefined ? { sourceIp } : { userAgent, sourceIp }
}

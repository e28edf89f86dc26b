// `$context` as mapping templates see it: every member there is, in AWS's order, null where the event has no value.
import { prefixOf } from './endpoints.ts'
import type { Execution } from './execution.ts'
import { gatewayMessage } from './gateway-response.ts'
import { formatRequestTime } from './request-time.ts'

/** Members of `$context.identity` that only IAM or Cognito would fill, beside the two that every connection may have. */
const NO_IDENTITY = {
  cognitoIdentityPoolId: null,
  cognitoIdentityId: null,
  principalOrgId: null,
  cognitoAuthenticationType: null,
  userArn: null,
  userAgent: null,
  accountId: null,
  caller: null,
  sourceIp: null,
  accessKey: null,
  cognitoAuthenticationProvider: null,
  user: null
}

export function createTemplateContext (execution: Execution): Record<string, unknown> {
  const { connection, disconnection, eventType, requestId, requestTimeEpoch, refusal } = execution
  const context: Record<string, unknown> = {
    routeKey: execution.route?.routeKey ?? null,
    disconnectStatusCode: disconnection?.statusCode ?? null,
    messageId: execution.messageId ?? null,
    eventType,
    extendedRequestId: requestId,
    requestTime: formatRequestTime(requestTimeEpoch),
    messageDirection: 'IN',
    disconnectReason: disconnection?.reason ?? null,
    stage: connection.stage.stageName,
    connectedAt: connection.connectedAt,
    requestTimeEpoch,
    identity: { ...NO_IDENTITY, ...connection.identity },
    requestId,
    domainName: connection.domainName,
    connectionId: connection.connectionId,
    apiId: connection.api.apiId,
    domainPrefix: prefixOf(connection.domainName)
  }
  if (connection.authorizer !== undefined) context.authorizer = { ...connection.authorizer }
  if (execution.status !== undefined) context.status = execution.status
  if (refusal !== undefined) context.error = createErrorContext(execution)
  return context
}

/** `$context.error`: what the client is told, AWS's type, and of a model what was wrong with the message. */
export function createErrorContext ({ refusal }: Execution): Record<string, unknown> | undefined {
  if (refusal === undefined) return undefined
  const message = gatewayMessage(refusal)
  const { validationErrorString = null } = (refusal.cause ?? {}) as { validationErrorString?: string }
  return { message, messageString: JSON.stringify(message), responseType: refusal.type, validationErrorString }
}

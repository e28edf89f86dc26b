// What a client sees of a refusal: AWS's generic texts, as a frame on an open socket or as the answer to a handshake.
import { randomUUID } from 'node:crypto'
import type { Refusal, RefusalType } from '../refusal.ts'

interface GatewayResponse {
  readonly statusCode: number
  readonly message: string
  readonly errorType?: string
  readonly headers?: Readonly<Record<string, string>>
}

const GATEWAY_RESPONSES: Readonly<Record<RefusalType, GatewayResponse>> = {
  ACCESS_DENIED: { statusCode: 403, message: 'User is not authorized to access this resource', errorType: 'AccessDeniedException' },
  API_CONFIGURATION_ERROR: { statusCode: 500, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  AUTHORIZER_CONFIGURATION_ERROR: { statusCode: 500, message: 'Internal server error', errorType: 'AuthorizerConfigurationException' },
  AUTHORIZER_FAILURE: { statusCode: 500, message: 'Internal server error', errorType: 'AuthorizerConfigurationException' },
  BAD_REQUEST: { statusCode: 400, message: 'Bad Request', errorType: 'BadRequestException' },
  BAD_REQUEST_BODY: { statusCode: 400, message: 'Bad request body', errorType: 'BadRequestException' },
  BAD_REQUEST_PARAMETERS: { statusCode: 400, message: 'Bad Request', errorType: 'BadRequestException' },
  EXPIRED_TOKEN: { statusCode: 403, message: 'Signature expired', errorType: 'InvalidSignatureException' },
  FORBIDDEN: { statusCode: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  INCOMPLETE_SIGNATURE: { statusCode: 403, message: 'Request signature is incomplete', errorType: 'IncompleteSignatureException' },
  INTEGRATION_FAILURE: { statusCode: 502, message: 'Internal server error', errorType: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { statusCode: 504, message: 'Endpoint request timed out' },
  INVALID_API_KEY: { statusCode: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  INVALID_SIGNATURE: { statusCode: 403, message: 'The request signature we calculated does not match the signature you provided.', errorType: 'InvalidSignatureException' },
  MISSING_AUTHENTICATION_TOKEN: { statusCode: 403, message: 'Missing Authentication Token', errorType: 'MissingAuthenticationTokenException' },
  QUOTA_EXCEEDED: { statusCode: 429, message: 'Limit Exceeded', errorType: 'LimitExceededException' },
  REQUEST_HEADERS_TOO_LARGE: { statusCode: 431, message: 'Request Header Fields Too Large' },
  SERVICE_UNAVAILABLE: { statusCode: 503, message: 'Service Unavailable', errorType: 'ServiceUnavailableException', headers: { 'retry-after': '1' } },
  THROTTLED: { statusCode: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { statusCode: 401, message: 'Unauthorized', errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: { statusCode: 415, message: 'Unsupported media type', errorType: 'UnsupportedMediaTypeException' },
  UPGRADE_REQUIRED: { statusCode: 426, message: 'Upgrade Required', headers: { upgrade: 'websocket', connection: 'upgrade, close' } },
  URI_TOO_LONG: { statusCode: 414, message: 'Request URI too long' },
  WEBSOCKET_VERSION: { statusCode: 426, message: 'Upgrade Required', headers: { 'sec-websocket-version': '13' } }
}

/** The answer to a handshake or to an HTTP request below a stage. */
export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: string
}

/** What a client is told of a refusal. */
export function gatewayMessage ({ type, message }: Refusal): string {
  return message ?? GATEWAY_RESPONSES[type].message
}

/**
 * A refusal as the answer to a handshake. `requestId` is the execution's where there was one; `text` takes the place of
 * the type's own.
 */
export function renderHandshakeRefusal (type: RefusalType, requestId: string, text?: string): HttpAnswer {
  const { statusCode, message, errorType, headers } = GATEWAY_RESPONSES[type]
  return {
    statusCode,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': randomUUID(),
      'x-amz-apigw-id': requestId,
      ...(errorType === undefined ? undefined : { 'x-amzn-errortype': errorType }),
      ...headers
    },
    body: JSON.stringify({ message: text ?? message })
  }
}

/**
 * A refusal as a frame. The spacing is AWS's: clients compare bytes. No member needs escaping, since texts are ours and
 * ids are base64url.
 */
export function renderErrorFrame (
  type: RefusalType, connectionId: string, requestId: string, messageId: string | undefined
): string {
  // AWS's page shows this one frame with the id of the message; both readings of it must work.
  const more = type === 'BAD_REQUEST_BODY' ? `, "messageId":"${messageId}"` : ''
  return `{"message": "${GATEWAY_RESPONSES[type].message}", "connectionId":"${connectionId}", "requestId":"${requestId}"${more}}`
}

// How a room says no: a type of AWS's gateway response table, and for the log the real cause.

/** Why an execution ended without a result. The names are AWS's `responseType`s where AWS has one. */
export type RefusalType =
  | 'ACCESS_DENIED'
  | 'API_CONFIGURATION_ERROR'
  | 'AUTHORIZER_CONFIGURATION_ERROR'
  | 'AUTHORIZER_FAILURE'
  | 'BAD_REQUEST'
  | 'BAD_REQUEST_BODY'
  | 'BAD_REQUEST_PARAMETERS'
  | 'EXPIRED_TOKEN'
  | 'FORBIDDEN'
  | 'INCOMPLETE_SIGNATURE'
  | 'INTEGRATION_FAILURE'
  | 'INTEGRATION_TIMEOUT'
  | 'INVALID_API_KEY'
  | 'INVALID_SIGNATURE'
  | 'MISSING_AUTHENTICATION_TOKEN'
  | 'QUOTA_EXCEEDED'
  | 'REQUEST_HEADERS_TOO_LARGE'
  | 'SERVICE_UNAVAILABLE'
  | 'THROTTLED'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UPGRADE_REQUIRED'
  | 'URI_TOO_LONG'
  | 'WEBSOCKET_VERSION'

export class Refusal {
  readonly type: RefusalType
  /** What really happened; goes to the log, never to the client. */
  readonly cause: Error | undefined
  /** What the client is told in place of the type's own text. */
  readonly message: string | undefined

  constructor (type: RefusalType, cause?: Error, message?: string) {
    this.type = type
    this.cause = cause
    this.message = message
  }
}

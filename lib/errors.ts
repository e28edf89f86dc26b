// Every coded error of the project: one class an error, code AGW_ERR_<ROOM>_<WHAT>, the offending value quoted.
// docs/reference/errors.md lists them; a test holds page and map together.
import createError from '@fastify/error'

/*
 * Options and declarations
 */
export const OptionsInvalidError = createError<[string]>('AGW_ERR_OPTIONS_INVALID', '%s', 500, TypeError)
export const RouteKeyInvalidError = createError<[string]>('AGW_ERR_ROUTE_KEY_INVALID', '%s', 500, TypeError)
export const RouteDuplicateError = createError<[string]>('AGW_ERR_ROUTE_DUPLICATE', 'Route with key %s already exists for this API', 500)
export const RouteTooLateError = createError<[string]>('AGW_ERR_ROUTE_TOO_LATE', 'Route %s is declared after the server is ready; declare it in a plugin or before listen()', 500)
export const ApiUnknownError = createError<[string]>('AGW_ERR_API_UNKNOWN', '%s', 500)
export const ApiWithoutRoutesError = createError<[string]>('AGW_ERR_API_WITHOUT_ROUTES', 'At least one route is required before deploying the Api%s: options.routes is empty and app.routeKey() was not called', 500)
export const ApiDuplicateError = createError<[string]>('AGW_ERR_API_DUPLICATE', '%s', 500)

/*
 * Where the plugin cannot work
 */
export const Http2UnsupportedError = createError('AGW_ERR_PLUGIN_HTTP2', 'Server is an http2 server; the WebSocket handshake needs HTTP/1.1, so register the plugin on a server without the http2 option', 500)
export const WebsocketScopeError = createError('AGW_ERR_PLUGIN_WEBSOCKET_SCOPE', 'Another scope of this server has already registered @fastify/websocket; register @fastify/websocket once on a common parent, before the scopes that use fastify-apigateway-websocket', 500)
export const WebsocketTwiceError = createError<[number]>('AGW_ERR_PLUGIN_WEBSOCKET_TWICE', 'Server has %s upgrade listeners of @fastify/websocket, so each handshake would be answered twice; register @fastify/websocket once on the outermost scope, before fastify-apigateway-websocket', 500)

/*
 * Expressions
 */
export const SelectionExpressionInvalidError = createError<[string, string]>('AGW_ERR_EXPRESSION_INVALID', 'Selection expression %s is not valid: %s', 500, SyntaxError)

/*
 * JSON
 */
export const JsonInvalidError = createError<[string]>('AGW_ERR_JSON_INVALID', 'JSON is not valid: %s', 400, SyntaxError)

/*
 * JSON paths
 */
export const JsonPathInvalidError = createError<[string, string]>('AGW_ERR_JSON_PATH_INVALID', 'JSON path %s is not valid: %s', 500, SyntaxError)
export const JsonPathFailedError = createError<[string, string]>('AGW_ERR_JSON_PATH_FAILED', 'JSON path %s cannot be applied: %s', 500, TypeError)

/*
 * Java patterns
 */
export const PatternInvalidError = createError<[string, string]>('AGW_ERR_JAVA_PATTERN_INVALID', 'Pattern %s is not valid: %s', 500, SyntaxError)
export const PatternFailedError = createError<[string, string]>('AGW_ERR_JAVA_PATTERN_FAILED', 'Pattern %s failed: %s', 500, RangeError)

/*
 * Mapping templates
 */
export const MappingTemplateInvalidError = createError<[string, string, string, string]>('AGW_ERR_MAPPING_TEMPLATE_INVALID', 'Template %s is not valid%s: %s%s', 500, SyntaxError)
export const MappingTemplateFailedError = createError<[string, string, string]>('AGW_ERR_MAPPING_TEMPLATE_FAILED', 'Template %s failed%s: %s', 500)

/*
 * Integrations: the cause behind the client's "Internal server error" or "Endpoint request timed out"
 */
export const ProxyResultMalformedError = createError<[string]>('AGW_ERR_INTEGRATION_PROXY_RESULT', 'Proxy result is malformed: %s', 502)
export const IntegrationTimeoutError = createError<[number]>('AGW_ERR_INTEGRATION_TIMEOUT', 'Integration did not answer within %s ms', 504)
export const IntegrationThrewError = createError<[string]>('AGW_ERR_INTEGRATION_THREW', 'Integration threw %s, which is not an Error', 502)

/*
 * Access: what stands behind a refusal in the log; the client sees API Gateway's generic text
 */
export const PolicyInvalidError = createError<[string]>('AGW_ERR_ACCESS_POLICY', 'Policy cannot be evaluated: %s', 500, TypeError)
export const AuthorizerResultError = createError<[string]>('AGW_ERR_ACCESS_AUTHORIZER_RESULT', 'Authorizer result is malformed: %s', 500, TypeError)
export const CredentialInvalidError = createError<[string]>('AGW_ERR_ACCESS_CREDENTIAL', 'Credential is malformed: %s', 500, TypeError)
export const LookupTimeoutError = createError<[string, number]>('AGW_ERR_ACCESS_LOOKUP_TIMEOUT', '%s did not answer within %s ms', 500)
export const UsageRecordInvalidError = createError<[string, string]>('AGW_ERR_ACCESS_USAGE_RECORD', 'Usage record of %s is malformed: %s', 500, TypeError)

/*
 * Connections
 */
export const AuthorizerContextError = createError<[string]>('AGW_ERR_ACCESS_AUTHORIZER_CONTEXT', '%s', 500, TypeError)
export const RouteResponseTooLargeError = createError<[number, number]>('AGW_ERR_ROUTE_RESPONSE_TOO_LARGE', 'Route response has %s bytes, quotas.messageBytes allows %s', 502)

/*
 * @connections, named as AWS names them
 */
/** The text is not the id of a connection. */
export class BadRequestException extends createError<[string]>('AGW_ERR_MANAGEMENT_BAD_REQUEST', 'Invalid connectionId: %s', 400) {
  override name = 'BadRequestException'
}
/** No connection of that id is open: it is closed, was never, or its `$connect` is still running. */
export class GoneException extends createError<[string]>('AGW_ERR_MANAGEMENT_GONE', 'Connection %s is gone', 410) {
  override name = 'GoneException'
}
/** The message is longer than `quotas.messageBytes`. */
export class PayloadTooLargeException extends createError('AGW_ERR_MANAGEMENT_PAYLOAD_TOO_LARGE', 'Message too long', 413) {
  override name = 'PayloadTooLargeException'
}
/** The client does not read: more than `quotas.bufferedBytes` wait for it. */
export class LimitExceededException extends createError('AGW_ERR_MANAGEMENT_LIMIT_EXCEEDED', 'Too Many Requests', 429) {
  override name = 'LimitExceededException'
}

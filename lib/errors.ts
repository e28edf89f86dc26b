// Every coded error of the project: one class an error, code AGW_ERR_<ROOM>_<WHAT>, the offending value quoted.
// docs/reference/errors.md lists them; a test holds page and map together.
import createError from '@fastify/error'
import type { ReportEntry } from '../types/migrate.js'
import { shortenMessage } from './shorten.ts'

/*
 * Options and declarations
 */
export const OptionsInvalidError = createError<[string]>('AGW_ERR_OPTIONS_INVALID', '%s', 500, TypeError)
export const RouteKeyInvalidError = createError<[string]>('AGW_ERR_ROUTE_KEY_INVALID', '%s', 500, TypeError)
export const RouteDuplicateError = createError<[string]>('AGW_ERR_ROUTE_DUPLICATE', 'Route with key %s already exists for this API', 500)
export const RouteTooLateError = createError<[string]>('AGW_ERR_ROUTE_TOO_LATE', 'Route %s is declared after the server is ready; declare it in a plugin or before listen()', 500)
export const ApiClosingError = createError('AGW_ERR_API_CLOSING', 'API is closing and opens no connection any more', 503)
export const ApiUnknownError = createError<[string]>('AGW_ERR_API_UNKNOWN', '%s', 500)
export const ApiWithoutRoutesError = createError<[string]>('AGW_ERR_API_WITHOUT_ROUTES', 'At least one route is required before deploying the Api%s: options.routes is empty and app.routeKey() was not called', 500)
export const PathTakenError = createError<[string, string]>('AGW_ERR_API_PATH_TAKEN', 'Path %s, which %s needs, already has a route; another API of this server may have the same stage, or be standalone as well: give one of them a prefix, or another stage', 500)
export const ApiDuplicateError = createError<[string]>('AGW_ERR_API_DUPLICATE', '%s', 500)

/*
 * Routes
 */
export const RequestParameterInvalidError = createError<[string]>('AGW_ERR_ROUTE_REQUEST_PARAMETER', 'Request parameter %s is not valid; the name must be route.request.header.{name} or route.request.querystring.{name}', 500, TypeError)
export const RequestParametersElsewhereError = createError<[string]>('AGW_ERR_ROUTE_REQUEST_PARAMETERS_ELSEWHERE', 'Request parameters are only supported for the $connect route in WEBSOCKET APIs, not for %s', 500, TypeError)
export const RequestParametersMissingError = createError<[string]>('AGW_ERR_ROUTE_REQUEST_PARAMETERS_MISSING', 'Handshake lacks the required parameters %s', 400)

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
 * Mapping templates. The place is the template's name with line and column: `routes.order.integration.requestTemplates.$default:3:14`
 */
export const MappingTemplateInvalidError = createError<[string, string, string]>('AGW_ERR_MAPPING_TEMPLATE_INVALID', 'Template %s is not valid: %s%s', 500, SyntaxError)
export const MappingTemplateFailedError = createError<[string, string]>('AGW_ERR_MAPPING_TEMPLATE_FAILED', 'Template %s failed: %s', 500)

/*
 * Models
 */
export const ModelInvalidError = createError<[string, string]>('AGW_ERR_MODEL_INVALID', 'Model %s is not valid: %s', 500, TypeError)
export const ModelUnknownError = createError<[string, string, string]>('AGW_ERR_MODEL_UNKNOWN', '%s names the model "%s", which the API does not have; it has %s', 500)
/** `validationErrorString` is AWS's wording of what is wrong with the message. */
export class ModelValidationError extends createError<[string, string]>('AGW_ERR_MODEL_VALIDATION', 'Message does not fit the model %s: %s', 400) {
  readonly validationErrorString: string

  constructor (...args: [model: string, validationErrorString: string]) {
    super(...args)
    this.validationErrorString = args[1]
  }
}

/*
 * Mapping
 */
export const ParameterMappingInvalidError = createError<[string, string]>('AGW_ERR_MAPPING_PARAMETER', 'Parameter mapping %s is not valid: %s', 500, TypeError)
export const ContentHandlingError = createError<[string]>('AGW_ERR_MAPPING_CONTENT', 'Content cannot be converted: %s', 500)

/*
 * Integrations: the cause behind the client's "Internal server error" or "Endpoint request timed out"
 */
export const ProxyResultMalformedError = createError<[string]>('AGW_ERR_INTEGRATION_PROXY_RESULT', 'Proxy result is malformed: %s', 502)
export const IntegrationTimeoutError = createError<[number]>('AGW_ERR_INTEGRATION_TIMEOUT', 'Integration did not answer within %s ms', 504)
export const IntegrationInvalidError = createError<[string, string]>('AGW_ERR_INTEGRATION_INVALID', 'Integration %s is not valid: %s', 500, TypeError)
export const IntegrationUnknownError = createError<[string, string, string]>('AGW_ERR_INTEGRATION_UNKNOWN', '%s names the integration "%s", which the API does not have; it has %s', 500)
export const IntegrationUriError = createError<[string, string]>('AGW_ERR_INTEGRATION_URI', 'Integration URI %s cannot be used: %s', 500)
export const IntegrationResponseKeyError = createError<[string, string]>('AGW_ERR_INTEGRATION_RESPONSE_KEY', 'Integration response %s is not valid: %s', 500, TypeError)
export const FunctionUnboundError = createError<[string, string]>('AGW_ERR_INTEGRATION_FUNCTION_UNBOUND', '%s calls the Lambda function %s, and nothing is bound to it; bind a handler in functions, or let AWS be called with the option lambda', 500)
export const ServiceUnboundError = createError<[string]>('AGW_ERR_INTEGRATION_SERVICE_UNBOUND', 'Service action is not bound in services: %s', 500)
export const LambdaClientMissingError = createError<[string]>('AGW_ERR_INTEGRATION_LAMBDA_CLIENT', 'Package @aws-sdk/client-lambda, which the option lambda needs, cannot be loaded: %s', 500)
export const PassthroughRefusedError = createError<[string]>('AGW_ERR_INTEGRATION_PASSTHROUGH', 'Integration %s has no request template for the message, and its passthroughBehavior lets none through', 415)
export const IntegrationResponseMissingError = createError<[string, string]>('AGW_ERR_INTEGRATION_RESPONSE_MISSING', 'Integration answered, and of %s none matches %s', 500)
export const MockStatusError = createError('AGW_ERR_INTEGRATION_MOCK_STATUS', 'Unable to parse statusCode: the request of a MOCK integration must be an object with an integer statusCode', 500)
export const HeaderValueError = createError<[string]>('AGW_ERR_INTEGRATION_HEADER', 'Header %s would get a line break or another control character', 500)
export const ResponseTooLargeError = createError<[number]>('AGW_ERR_INTEGRATION_RESPONSE_TOO_LARGE', 'Integration answered with more than %s bytes, quotas.integrationResponseBytes', 502)
export const ReentryError = createError<[number]>('AGW_ERR_INTEGRATION_REENTRY', 'Integration was reached from inside itself more than %s times', 500)
export const ServerClosingError = createError('AGW_ERR_INTEGRATION_SERVER_CLOSING', 'Server is closing and answers 503 in place of its routes; with return503OnClosing: false, an option of Fastify, they answer until it is closed', 503)
export const LambdaPayloadError = createError<[string]>('AGW_ERR_INTEGRATION_LAMBDA_PAYLOAD', 'Lambda function was not called, because the request is not JSON: %s', 502)
export const LambdaCallError = createError<[string, string]>('AGW_ERR_INTEGRATION_LAMBDA_CALL', 'Lambda function %s could not be called: %s', 502)
export const LambdaFailedError = createError<[string]>('AGW_ERR_INTEGRATION_LAMBDA_FAILED', 'Lambda function failed: %s', 502)
/** What a function in AWS threw: its message and type, and as `payload` all that Lambda told. */
export class FunctionFailedError extends createError<[string]>('AGW_ERR_INTEGRATION_FUNCTION_FAILED', '%s', 502) {
  readonly payload: unknown

  constructor (...args: [message: string, payload: unknown]) {
    super(...args.slice(0, 1) as [string])
    this.payload = args[1]
  }
}
export const ServiceAnswerError = createError<[number | string]>('AGW_ERR_INTEGRATION_SERVICE_ANSWER', 'Service did not answer as a service of AWS does, or answered with an error: %s', 502)
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
 * Definitions to import
 */
export class DefinitionSourceError extends createError<[string, string]>('AGW_ERR_MIGRATE_SOURCE', 'Definition %s cannot be read: %s', 500, SyntaxError) {
  constructor (...texts: [name: string, reason: string]) {
    super(...texts.map(shortenMessage) as typeof texts)
  }
}
export class DefinitionAmbiguousError extends createError<[string]>('AGW_ERR_MIGRATE_AMBIGUOUS', '%s', 500) {
  constructor (...texts: [reason: string]) {
    super(...texts.map(shortenMessage) as typeof texts)
  }
}
export const DefinitionClientMissingError = createError<[string]>('AGW_ERR_MIGRATE_CLIENT', 'Package @aws-sdk/client-apigatewayv2, which reads a live API, cannot be loaded: %s', 500)
export class DefinitionLiveApiError extends createError<[string, string]>('AGW_ERR_MIGRATE_LIVE_API', 'API %s cannot be read from AWS: %s', 502) {
  constructor (...texts: [apiId: string, reason: string]) {
    super(...texts.map(shortenMessage) as typeof texts)
  }
}
/** `report` holds every entry, those it was refused for and all others. */
export class DefinitionRefusedError extends createError<[string]>('AGW_ERR_MIGRATE_REFUSED', 'Definition would be refused by API Gateway: %s', 500) {
  readonly report: readonly ReportEntry[]

  constructor (...args: [refusals: string, report: readonly ReportEntry[]]) {
    super(...args.slice(0, 1) as [string])
    this.report = args[1]
  }
}

/*
 * Connections
 */
export const AuthorizerContextError = createError<[string]>('AGW_ERR_ACCESS_AUTHORIZER_CONTEXT', '%s', 500, TypeError)
export const RouteResponseTooLargeError = createError<[number, number]>('AGW_ERR_ROUTE_RESPONSE_TOO_LARGE', 'Route response has %s bytes, quotas.messageBytes allows %s', 502)

/*
 * Export
 */
export const ExportOptionInvalidError = createError<[string]>('AGW_ERR_EXPORT_OPTION', 'Export option %s', 500, TypeError)
/** `report` holds every entry, the reasons and all others. */
export class ExportImpossibleError extends createError<[string]>('AGW_ERR_EXPORT_IMPOSSIBLE', 'API cannot be exported as it is: %s', 500) {
  readonly report: readonly ReportEntry[]

  constructor (...args: [reasons: string, report: readonly ReportEntry[]]) {
    super(...args.slice(0, 1) as [string])
    this.report = args[1]
  }
}

/*
 * @connections, named as AWS names them
 */
export const MessageDataError = createError<[string]>('AGW_ERR_MANAGEMENT_DATA', 'Data is %s; it must be a string or a Uint8Array', 500, TypeError)
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

/*
 * The command line
 */
export const CliUsageError = createError<[string]>('AGW_ERR_CLI_USAGE', '%s', 500)
export const CliInputError = createError<[string]>('AGW_ERR_CLI_INPUT', '%s', 500)
export const FunctionLoadError = createError<[string, string]>('AGW_ERR_CLI_FUNCTION_LOAD', 'Function %s cannot be loaded: %s', 500)

// Who may use a route: authorization, and what a handshake must bring.
import { CONNECT_ROUTE_KEY } from '../../definition.ts'
import { quote, sayName } from '../quote.ts'
import { nameOfProperty, printPath } from '../report.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Conversion } from './conversion.ts'
import { isPlainObject } from './read-properties.ts'
import type { ReadProperties } from './read-properties.ts'
import type { NamedByRoutes } from './routes.ts'

const REQUEST_PARAMETER = /^route\.request\.(querystring|header)\.([a-zA-Z0-9._$-]+)$/

/** `used` gets the id of the authorizer. */
export function readAuthorization (
  { report, names }: Conversion, resource: Resource, routeKey: string, { options, joins: { AuthorizerId } }: ReadProperties,
  { authorizers }: NamedByRoutes, used: Set<string>
): JsonObject {
  const { authorizationType = 'NONE' } = options
  const refuse = (code: string, message: string, property: string): JsonObject => {
    report.refuse({ code, message }, resource, [property])
    return {}
  }
  if (!['NONE', 'AWS_IAM', 'CUSTOM'].includes(authorizationType as string)) {
    return refuse('authorization-type', `${nameOfProperty(resource, ['AuthorizationType'])} is ${quote(authorizationType)}; WebSocket APIs have NONE, AWS_IAM and CUSTOM`, 'AuthorizationType')
  }
  if (routeKey !== CONNECT_ROUTE_KEY && authorizationType !== 'NONE') {
    refuse('authorization-elsewhere', 'Currently, authorization is restricted to the $connect route only', 'AuthorizationType')
  }
  if (authorizationType === 'CUSTOM' && AuthorizerId === undefined && !report.hasError(resource, ['AuthorizerId'])) {
    return refuse('authorizer-missing', 'AuthorizationType is CUSTOM, and AuthorizerId is missing', 'AuthorizationType')
  }
  if (authorizationType === 'AWS_IAM') {
    report.add('error', {
      code: 'credentials-required',
      message: 'AuthorizationType is AWS_IAM: who signs with which key must be known here',
      hint: 'give option credentials, a function that finds the secret of an access key'
    }, resource, ['AuthorizationType'])
  }
  if (AuthorizerId === undefined) return {}
  const authorizer = authorizers.get(names.find(AuthorizerId)?.id ?? '')
  if (authorizer === undefined) {
    return refuse('authorizer-unknown', `${nameOfProperty(resource, ['AuthorizerId'])} names ${quote(names.textOf(AuthorizerId))}, which is no authorizer of the API`, 'AuthorizerId')
  }
  if (authorizationType !== 'CUSTOM') {
    report.add('warning', {
      code: 'authorizer-without-effect',
      message: `${nameOfProperty(resource, ['AuthorizerId'])} names ${sayName(authorizer[0])}, and AuthorizationType is ${authorizationType as string}: nobody is asked, and it was left out`
    }, resource, ['AuthorizerId'])
    return {}
  }
  used.add(names.find(AuthorizerId)?.id as string)
  return { authorizerId: authorizer[0] }
}

export function readRequestParameters (
  { report }: Conversion, resource: Resource, routeKey: string, requestParameters: Json | undefined
): JsonObject {
  if (!isPlainObject(requestParameters)) return {}
  if (routeKey !== CONNECT_ROUTE_KEY) {
    if (Object.keys(requestParameters).length > 0) {
      report.refuse({
        code: 'request-parameters-elsewhere', message: 'Request parameters are only supported for the $connect route in WEBSOCKET APIs'
      }, resource, ['RequestParameters'])
    } else {
      report.add('info', { code: 'property-dropped', message: 'RequestParameters is empty and was left out' }, resource, ['RequestParameters'])
    }
    return {}
  }
  for (const name of Object.keys(requestParameters)) {
    if (REQUEST_PARAMETER.test(name)) continue
    report.refuse({
      code: 'request-parameter-invalid',
      message: `${printPath(['RequestParameters', name])} is no request parameter; it must be route.request.header.NAME or route.request.querystring.NAME`
    }, resource, ['RequestParameters', name])
  }
  return { requestParameters }
}

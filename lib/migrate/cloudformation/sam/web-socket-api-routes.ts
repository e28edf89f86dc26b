// A route of a WebSocketApi: the route, its integration and the permission to call the function.
import type { Json, JsonObject } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { isObject } from '../../json.ts'
import { memberOf } from '../values.ts'
import { createGeneratedResource } from './generated-resource.ts'
import { InvalidResource } from './invalid-resource.ts'
import { expandAuthorization } from './web-socket-api-auth.ts'

const SPECIAL_ROUTES: readonly string[] = ['$connect', '$disconnect', '$default']
/** Properties of a route that keep their names. */
const PROPERTIES = ['ApiKeyRequired', 'ModelSelectionExpression', 'OperationName', 'RequestModels', 'RouteResponseSelectionExpression']
const PERMITTED = 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:'

/** The route first. Throws InvalidResource. */
export function expandRoute (api: RawResource, key: string, route: Json, stageName: Json): RawResource[] {
  const prefix = `${api.id}${nameOfRoute(key)}`
  const parameters = memberOf(route, 'RequestParameters')
  const hasParameters = parameters !== undefined && !(isObject(parameters) && Object.keys(parameters).length === 0)
  if (hasParameters && key !== '$connect') {
    throw new InvalidResource('Request parameters are only supported for the $connect route in WebSocket APIs.')
  }
  const authorization = expandAuthorization(api)
  const functionArn = memberOf(route, 'FunctionArn')
  if (!isObject(route) || functionArn === undefined) throw new InvalidResource('Route must have associated function.')
  const part = ['Routes', key]
  const origins = Object.fromEntries([...PROPERTIES, 'RequestParameters'].map((name) => [name, [...part, name]]))
  return [
    createGeneratedResource(api, `${prefix}Route`, 'AWS::ApiGatewayV2::Route', {
      ApiId: { Ref: api.id },
      RouteKey: key,
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${prefix}Integration` }]] },
      ...Object.fromEntries(PROPERTIES.map((name) => [name, memberOf(route, name)])),
      RequestParameters: hasParameters ? parameters : undefined,
      ...(key === '$connect' ? authorization?.route : undefined)
    }, part, { ...origins, AuthorizationType: ['Auth', 'AuthType'] }),
    createGeneratedResource(api, `${prefix}Integration`, 'AWS::ApiGatewayV2::Integration', {
      ApiId: { Ref: api.id },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: {
        'Fn::Sub': [
          'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations', { FunctionArn: functionArn }
        ]
      },
      TimeoutInMillis: memberOf(route, 'IntegrationTimeout')
    }, part, { IntegrationUri: [...part, 'FunctionArn'], TimeoutInMillis: [...part, 'IntegrationTimeout'] }),
    createGeneratedResource(api, `${prefix}Permission`, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: permittedArn(api, stageName, key)
    }, part, { FunctionName: [...part, 'FunctionArn'] })
  ]
}

function permittedArn ({ id }: RawResource, stageName: Json, key: string): JsonObject {
  return typeof stageName === 'string'
    ? { 'Fn::Sub': `${PERMITTED}\${${id}.ApiId}/${stageName}/${key}` }
    : { 'Fn::Sub': [`${PERMITTED}\${${id}.ApiId}/\${__StageName__}/${key}`, { __StageName__: stageName }] }
}

/** What a route contributes to logical ids: the first letter large, all others small. */
function nameOfRoute (key: string): string {
  const name = SPECIAL_ROUTES.includes(key) ? key.slice(1) : key
  if (!/^[\p{L}\p{N}]+$/u.test(name)) {
    throw new InvalidResource(`Route key '${key}' must be alphanumeric. Only $connect, $disconnect, and $default special routes are supported.`)
  }
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1).toLowerCase()}`
}

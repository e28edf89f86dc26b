// Auth of a WebSocketApi: what its $connect route says of authorization, and the authorizer it names.
import type { JsonObject } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { isObject, printJson } from '../../json.ts'
import { createGeneratedResource } from './generated-resource.ts'
import { InvalidResource } from './invalid-resource.ts'

const TYPES: readonly string[] = ['NONE', 'AWS_IAM', 'CUSTOM']

export interface Authorization {
  /** Properties of the route. */
  readonly route: JsonObject
  readonly resources: readonly RawResource[]
}

/** Undefined where the API says nothing of it. Throws InvalidResource. */
export function expandAuthorization (api: RawResource): Authorization | undefined {
  const auth = api.properties['Auth']
  if (!isObject(auth) || Object.keys(auth).length === 0) return undefined
  checkAuth(auth)
  const { AuthType: authType } = auth
  if (authType !== 'CUSTOM') return { route: { AuthorizationType: authType === 'AWS_IAM' ? 'AWS_IAM' : 'NONE' }, resources: [] }
  const authorizer = createAuthorizer(api, auth)
  return {
    route: { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizer.id } },
    resources: auth['InvokeRole'] === undefined ? [authorizer, createPermission(api, auth)] : [authorizer]
  }
}

function checkAuth (auth: JsonObject): void {
  const { AuthType: authType, AuthArn: authArn } = auth
  if (authType === undefined || authType === '') throw new InvalidResource('AuthType must be specified for additional auth configurations.')
  const type = printJson(authType).toUpperCase()
  if (!TYPES.includes(type)) throw new InvalidResource('AuthType is not one of AWS_IAM, CUSTOM or NONE.')
  if (type === 'CUSTOM' && authArn === undefined) throw new InvalidResource('AuthArn must be specified if AuthType is CUSTOM.')
  if (type !== 'CUSTOM' && Object.keys(auth).length > 1) throw new InvalidResource(`No additional configurations supported for AuthType ${type}.`)
}

function createAuthorizer (api: RawResource, auth: JsonObject): RawResource {
  const id = `${api.id}ConnectAuthorizer`
  return createGeneratedResource(api, id, 'AWS::ApiGatewayV2::Authorizer', {
    ApiId: { Ref: api.id },
    AuthorizerCredentialsArn: auth['InvokeRole'],
    AuthorizerType: 'REQUEST',
    AuthorizerUri: {
      'Fn::Sub': [
        'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${AuthArn}/invocations', { AuthArn: auth['AuthArn'] as string }
      ]
    },
    IdentitySource: auth['IdentitySource'],
    Name: auth['Name'] ?? id
  }, ['Auth'], {
    AuthorizerCredentialsArn: ['Auth', 'InvokeRole'],
    AuthorizerUri: ['Auth', 'AuthArn'],
    IdentitySource: ['Auth', 'IdentitySource'],
    Name: ['Auth', 'Name']
  })
}

function createPermission (api: RawResource, auth: JsonObject): RawResource {
  return createGeneratedResource(api, `${api.id}AuthorizerPermission`, 'AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    FunctionName: auth['AuthArn'],
    Principal: 'apigateway.amazonaws.com',
    SourceArn: {
      'Fn::Sub': ['arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*', { __ApiId__: { Ref: api.id } }]
    }
  }, ['Auth'])
}

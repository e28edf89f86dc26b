// What leaves: an API as a CloudFormation template, told by its parts, judged by three validators.
import Fastify from 'fastify'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { CloudFormationTemplate, ReportEntry } from '../../lib/index.ts'
import { EVERY_OPTION, invocation, ITS_FUNCTIONS } from './every-option.ts'
import { checkTemplate } from './check-template.ts'
import type { Template } from './check-template.ts'
import { exportApi, refusalsOf, toldCodes } from './export-api.ts'
import type { GivenOptions } from './export-api.ts'
import { lintTemplate } from './lint-template.ts'

t.setTimeout(180_000)

const check = (template: CloudFormationTemplate): string[] => checkTemplate(template as unknown as Template)
const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 })
const proxy = (name: string) => ({ integrationType: 'AWS_PROXY', integrationUri: invocation(name) }) as const
const ofType = ({ Resources }: CloudFormationTemplate, kind: string): Array<[string, Record<string, any>]> =>
  Object.entries(Resources).filter(([, { Type }]) => Type.endsWith(`::${kind}`)).map(([id, { Properties }]) => [id, Properties])
const only = (template: CloudFormationTemplate, kind: string): Record<string, any> => (ofType(template, kind)[0] as [string, Record<string, any>])[1]
const everything = async () => await exportApi(EVERY_OPTION, { functions: ITS_FUNCTIONS, directory: '/project' })

t.test('a chat becomes this template, and no other', async (t) => {
  const { template, report } = await exportApi({ name: 'chat' }, {
    functions: { $connect: { handler: 'chat.connect' }, say: { name: 'Say', handler: 'chat.say', runtime: 'nodejs20.x', environment: { TABLE: 'people' } } }, codeUri: 'dist/'
  }, (app) => {
    app.routeKey('$connect', handler)
    app.routeKey('say', { routeResponseSelectionExpression: '$default', timeoutInMillis: 2500 }, async () => ({ body: 'said' }))
  })
  const manage = { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/*/*/@connections/*' }
  const Policies = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: manage }] }]
  const uri = (id: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations` })
  const ApiId = { Ref: 'WebSocketApi' }
  const permission = (id: string) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: id },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${WebSocketApi}/*' }
    }
  })
  const [deployment = ''] = Object.keys(template.Resources).filter((id) => id.startsWith('Deployment'))
  t.match(deployment, /^Deployment[0-9a-f]{12}$/)
  t.same(template, {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      WebSocketApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' } },
      ConnectIntegration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId, IntegrationType: 'AWS_PROXY', IntegrationMethod: 'POST', IntegrationUri: uri('ConnectFunction') } },
      ConnectRoute: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId, RouteKey: '$connect', Target: { 'Fn::Sub': 'integrations/${ConnectIntegration}' } } },
      SayIntegration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId, IntegrationType: 'AWS_PROXY', TimeoutInMillis: 2500, IntegrationMethod: 'POST', IntegrationUri: uri('Say') } },
      SayRoute: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId, RouteKey: 'say', RouteResponseSelectionExpression: '$default', Target: { 'Fn::Sub': 'integrations/${SayIntegration}' } } },
      SayRouteResponse: { Type: 'AWS::ApiGatewayV2::RouteResponse', Properties: { ApiId, RouteId: { Ref: 'SayRoute' }, RouteResponseKey: '$default' } },
      [deployment]: { Type: 'AWS::ApiGatewayV2::Deployment', DependsOn: ['ConnectRoute', 'SayRoute', 'SayRouteResponse'], Properties: { ApiId } },
      ProdStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId, DeploymentId: { Ref: deployment }, StageName: 'prod' } },
      ConnectFunction: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'chat.connect', Runtime: 'nodejs22.x', CodeUri: 'dist/', Timeout: 29, Policies } },
      Say: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'chat.say', Runtime: 'nodejs20.x', CodeUri: 'dist/', Timeout: 3, Environment: { Variables: { TABLE: 'people' } }, Policies } },
      ConnectFunctionPermission: permission('ConnectFunction'),
      SayPermission: permission('Say')
    },
    Outputs: {
      ProdStageUrl: { Description: 'Where clients of stage prod connect', Value: { 'Fn::Sub': 'wss://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ProdStage}' } },
      ProdStageCallbackUrl: { Description: 'Where @connections of stage prod is called', Value: { 'Fn::Sub': 'https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ProdStage}' } }
    }
  })
  t.same(report.map(({ level, code, resource, property }) => [level, code, resource, property]), [
    ['info', 'iam', 'credentials', undefined], ['info', 'open', 'routes.$connect', 'authorizationType']
  ])
  t.same([check(template), lintTemplate(template)], [[], []])
})

t.test('an API of every property passes the service spec, the SDK\'s enums, the rules of WebSocket APIs, and AWS\'s linter', async (t) => {
  const { template } = await everything()
  t.same(check(template), [])
  // The service spec has the property, the linter's schema has not: AWS reserves it.
  t.same(lintTemplate(template).map((finding) => finding.split(':')[0]), ['F3002 ProdStage Properties.AccessPolicyId'])
  t.same(JSON.parse(JSON.stringify(template)), template, 'plain JSON')
})

t.test('templates and expressions are byte for byte, and `${` stands as it is', async (t) => {
  const { template } = await everything()
  const shared = ofType(template, 'Integration').find(([id]) => id === 'SharedIntegration')?.[1] as Record<string, any>
  const given = EVERY_OPTION.integrations?.shared
  t.strictSame(shared.RequestTemplates, given?.requestTemplates)
  t.strictSame(Object.keys(shared.RequestTemplates), ['new', '$default'])
  t.equal(shared.TemplateSelectionExpression, '$request.body.kind')
  t.strictSame(shared.RequestParameters, given?.requestParameters)
  t.equal(only(template, 'Api').RouteSelectionExpression, '${request.body.action}/${request.body.kind}')
  t.strictSame(ofType(template, 'IntegrationResponse').filter(([, { IntegrationId }]) => IntegrationId.Ref === 'SharedIntegration').map(([, { IntegrationResponseKey, ResponseTemplates }]) => [IntegrationResponseKey, ResponseTemplates]), [
    ['$default', { new: '{"a": "${x}"}', $default: 'é' }], ['/2\\d\\d/', undefined], ['/4\\d\\d|5\\d\\d/', undefined]
  ])
  const order = ofType(template, 'Model')[0]?.[1].Schema
  t.strictSame(Object.keys(order), ['$schema', 'type', 'required', 'properties'])
  t.strictSame(Object.keys(order.properties), ['z', 'a'])
  t.strictSame(order.properties.a, { $ref: { 'Fn::Sub': 'https://apigateway.amazonaws.com/apis/${WebSocketApi}/models/Item' } })
})

t.test('what is the API\'s own in an ARN or a URL is a reference; what is another\'s stays', async (t) => {
  const { template } = await everything()
  const of = (kind: string, id: string): Record<string, any> => Object.fromEntries(ofType(template, kind))[id] as Record<string, any>
  const around = (text: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${text}/invocations` })
  t.strictSame(of('Integration', 'SharedIntegration').IntegrationUri, { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/orders.fifo' })
  t.strictSame(of('Integration', 'SharedIntegration').CredentialsArn, { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/to-queue' })
  t.strictSame(of('Integration', 'StagedIntegration').IntegrationUri, around('arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}'))
  t.strictSame(of('Integration', 'AliasedIntegration').IntegrationUri, around('${Aliased.Alias}'))
  t.strictSame(of('Integration', 'VersionedIntegration').IntegrationUri, around('arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:Outside:7'))
  t.strictSame(of('Integration', 'ElsewhereIntegration').IntegrationUri, around('arn:${AWS::Partition}:lambda:eu-west-1:999999999999:function:Far'))
  t.strictSame(of('Integration', 'HttpIntegration').IntegrationUri, 'https://${stageVariables.table}.example.com/{a}')
  t.strictSame(of('Integration', 'DisconnectIntegration').IntegrationUri, { 'Fn::GetAtt': ['Connect', 'Arn'] }, 'a bare ARN')
  t.strictSame(of('Authorizer', 'BareAuthorizer').AuthorizerUri, { 'Fn::GetAtt': ['Guard', 'Arn'] })
  t.strictSame(of('Function', 'Connect'), {
    Handler: 'src/connect.handler',
    Runtime: 'nodejs22.x',
    CodeUri: 'functions',
    Timeout: 8,
    MemorySize: 256,
    Environment: { Variables: { CALLBACK: { 'Fn::Sub': 'https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod' }, TABLE: '${t}' } },
    Layers: [{ 'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:layer:sdk:3' }],
    Policies: of('Function', 'Connect').Policies
  })
  t.match(of('Function', 'Green'), { FunctionName: 'Green', AutoPublishAlias: 'live' }, 'stage variables name it, so its name is fixed')
  t.notOk('FunctionName' in of('Function', 'Aliased'))
  t.strictSame(of('Function', 'Guard').InlineCode, 'exports.handler = async () => `${1}`')
  t.strictSame(only(template, 'ApiKey').StageKeys, [{ RestApiId: { Ref: 'WebSocketApi' }, StageName: { Ref: 'ProdStage' } }, { RestApiId: 'zzzzzzzzzz', StageName: 'dev' }])
})

t.test('each function that is called may be called, by one permission', async (t) => {
  const { template } = await everything()
  const names = ofType(template, 'Permission').map(([, { FunctionName }]) => FunctionName)
  t.same(names.map((name) => JSON.stringify(name)).sort(), [
    '"Outside:7"', '{"Fn::Sub":"${Aliased.Alias}"}', '{"Fn::Sub":"${Green.Alias}"}', '{"Ref":"Blue"}', '{"Ref":"Connect"}', '{"Ref":"Guard"}'
  ])
})

t.test('stages serve one deployment that comes after every route and response, or deploy by themselves', async (t) => {
  const { template } = await everything()
  const [deployment = '', ...more] = ofType(template, 'Deployment').map(([id]) => id)
  t.same(more, [])
  const copied = ['Route', 'RouteResponse', 'IntegrationResponse'].flatMap((kind) => ofType(template, kind).map(([id]) => id))
  t.same(template.Resources[deployment]?.DependsOn, copied.sort())
  t.same(ofType(template, 'Stage').map(([id, { DeploymentId, AutoDeploy }]) => [id, DeploymentId?.Ref, AutoDeploy]), [
    ['ProdStage', deployment, undefined], ['BetaStage', undefined, true], ['PlainStage', deployment, undefined]
  ])
  t.same(template.Resources.BetaStage?.DependsOn, copied.sort(), 'its route settings need the routes')
  const { template: chosen, report } = await exportApi(EVERY_OPTION, { functions: ITS_FUNCTIONS, stages: ['beta'] })
  t.same([ofType(chosen, 'Stage').length, ofType(chosen, 'Deployment').length, ofType(chosen, 'ApiMapping').length], [1, 0, 1])
  t.same(check(chosen), [])
  t.same(report.filter(({ code }) => code === 'stage-not-exported').map(({ resource, property }) => `${resource}.${property}`), ['domainNames[0].apiMappings[0]', 'usagePlans.basic.apiStages[0]'])
})

t.test('a deployment has another id whenever what it copies is another, and the same otherwise', async (t) => {
  const base: GivenOptions = {
    models: { M: { type: 'object' } },
    authorizers: { a: { authorizerUri: invocation('a') } },
    routes: {
      $connect: { authorizationType: 'CUSTOM', authorizerId: 'a' },
      order: { modelSelectionExpression: 'm', requestModels: { m: 'M' }, routeResponses: { $default: {} }, integration: { integrationType: 'MOCK', integrationResponses: { $default: { responseTemplates: { $default: 'x' } } } } }
    }
  }
  const idOf = async (more: object): Promise<string> => {
    const { template } = await exportApi({ ...structuredClone(base), ...more })
    return ofType(template, 'Deployment')[0]?.[0] as string
  }
  const order = base.routes?.order as Record<string, any>
  const changes: Record<string, object> = {
    'the expression': { routeSelectionExpression: '$request.body.other' },
    'a route more': { routes: { ...base.routes, more: {} } },
    'a template': { routes: { ...base.routes, order: { ...order, integration: { integrationType: 'MOCK', integrationResponses: { $default: { responseTemplates: { $default: 'y' } } } } } } },
    'a response more': { routes: { ...base.routes, order: { ...order, integration: { integrationType: 'MOCK', integrationResponses: { ...order.integration.integrationResponses, '/x/': {} } } } } },
    'no route response': { routes: { ...base.routes, order: { ...order, routeResponses: {} } } },
    'a model': { models: { M: { type: 'array' } } },
    'an authorizer': { authorizers: { a: { authorizerUri: invocation('a'), identitySource: ['route.request.header.x'] } } }
  }
  const same = await idOf({})
  t.equal(await idOf({ stages: [{ stageName: 'other', tags: { a: 'b' } }] }), same, 'a stage is no part of it')
  const ids = new Set([same])
  for (const [what, change] of Object.entries(changes)) {
    const id = await idOf(change)
    t.notOk(ids.has(id), what)
    ids.add(id)
  }
})

t.test('functions are made, called by their ARNs, or asked for', async (t) => {
  const given: GivenOptions = { authorizers: { guard: { handler } }, routes: { $connect: { authorizationType: 'CUSTOM', authorizerId: 'guard' }, a: { integration: proxy('there') }, b: { integration: { handler: async () => {} } } } }
  const uris = (template: CloudFormationTemplate): string[] => [...ofType(template, 'Authorizer'), ...ofType(template, 'Integration')]
    .map(([, { AuthorizerUri, IntegrationUri }]) => (AuthorizerUri ?? IntegrationUri)['Fn::Sub'].replace(/^.*functions\//, ''))
  const details = { guard: { handler: 'x.guard' }, b: { handler: 'x.b', name: 'my-b' } }

  const { template: sam, report } = await exportApi(given, { functions: details })
  t.same(uris(sam), ['${GuardFunction.Arn}/invocations', 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:there/invocations', '${MyBFunction.Arn}/invocations'])
  t.equal(sam.Resources.MyBFunction?.Properties.FunctionName, 'my-b')
  t.notOk('Policies' in (sam.Resources.GuardFunction?.Properties as object), 'an authorizer posts to no connection')
  t.match(report.find(({ code }) => code === 'function-outside'), { level: 'warning', resource: 'routes.a', property: 'integration.integrationUri', hint: /functions: \{ 'there'/ })

  const { template: arn } = await exportApi(given, { functionMode: 'arn', functions: { guard: { name: 'guard', alias: 'live' }, b: { name: 'my-b' } } })
  t.same(uris(arn).map((uri) => uri.replace(/^.*:function:/, '')), ['guard:live/invocations', 'there/invocations', 'my-b/invocations'])
  t.same(ofType(arn, 'Permission').map(([, { FunctionName }]) => FunctionName), ['guard:live', 'there', 'my-b'])
  t.notOk('Transform' in arn)

  const { template: parameter } = await exportApi(given, { functionMode: 'parameter' })
  t.same(uris(parameter), ['${GuardFunctionArn}/invocations', '${ThereFunctionArn}/invocations', '${BFunctionArn}/invocations'])
  t.same(Object.keys(parameter.Parameters ?? {}), ['GuardFunctionArn', 'ThereFunctionArn', 'BFunctionArn'])
  t.same(ofType(parameter, 'Permission').map(([, { FunctionName }]) => FunctionName.Ref), Object.keys(parameter.Parameters ?? {}))
  for (const template of [sam, arn, parameter]) t.same([check(template), lintTemplate(template)], [[], []])
})

t.test('a handler of several routes is one function, and two handlers are two', async (t) => {
  const other = async (): Promise<void> => {}
  const { template } = await exportApi({ routes: { a: { integration: { handler } }, b: { integration: { handler, timeoutInMillis: 1000 } } } }, { functions: { a: { handler: 'x.y' } } })
  t.same(ofType(template, 'Function').map(([id]) => id), ['AFunction'])
  t.equal(ofType(template, 'Permission').length, 1)
  const given: GivenOptions = { authorizers: { a: { handler: other as any } }, routes: { $connect: { authorizationType: 'CUSTOM', authorizerId: 'a' }, a: { integration: { handler } } } }
  t.match(await refusalsOf(given, { functions: { a: { handler: 'x.y' } } }), [{ code: 'function-ambiguous', resource: 'routes.a', property: 'handler', hint: /functions\['authorizers\.a'\], functions\['routes\.a'\]/ }])
  const { template: told } = await exportApi(given, { functions: { 'authorizers.a': { handler: 'x.guard' }, a: { handler: 'x.y' } } })
  t.same(ofType(told, 'Function').map(([, { Handler }]) => Handler), ['x.guard', 'x.y'])
})

t.test('schemas in the place of models become models, in draft 4', async (t) => {
  const same = { type: 'object', properties: { kind: { type: 'string' } } }
  const { template, report } = await exportApi({
    models: { OrderDefault: { type: 'array' }, List: { items: { $ref: 'OrderDefault' } } },
    routes: {
      order: { modelSelectionExpression: 'x', requestModels: { $default: same, named: { $id: 'Named', type: 'number', exclusiveMinimum: 3 }, known: 'List' } },
      again: { modelSelectionExpression: 'x', requestModels: { any: { ...same } } }
    }
  })
  const route = Object.fromEntries(ofType(template, 'Route')).OrderRoute as Record<string, any>
  t.same(route.RequestModels, { $default: 'OrderDefault2', named: 'Named', known: 'List' })
  t.same(Object.fromEntries(ofType(template, 'Route')).AgainRoute?.RequestModels, { any: 'OrderDefault2' }, 'one schema is one model')
  t.same(Object.fromEntries(ofType(template, 'Model').map(([, { Name, Schema }]) => [Name, Schema])), {
    OrderDefault: { type: 'array' },
    List: { items: { $ref: { 'Fn::Sub': 'https://apigateway.amazonaws.com/apis/${WebSocketApi}/models/OrderDefault' } } },
    OrderDefault2: same,
    Named: { type: 'number', minimum: 3, exclusiveMinimum: true }
  })
  t.same(template.Resources.OrderRoute?.DependsOn, ['ListModel', 'NamedModel', 'OrderDefault2Model'])
  t.same(report.filter(({ code }) => code.startsWith('model')).map(({ code, property }) => [code, property]), [
    ['model-named', 'requestModels.$default'], ['model-named', 'requestModels.named'], ['model-translated', 'requestModels.named']
  ])
  t.same(check(template), [])
})

t.test('keys without a value and domains without a certificate ask for them', async (t) => {
  const { template, report } = await exportApi({
    apiKeys: { a: { valueSha256: 'a'.repeat(64) }, b: {} }, domainNames: [{ domainName: 'ws.example.com', apiMappings: [{ stage: 'prod', apiMappingKey: '' }] }], routes: { a: {} }
  })
  t.match(template.Parameters, { AApiKeyValue: { NoEcho: true, MinLength: 20, MaxLength: 128 }, WsExampleComCertificateArn: { Type: 'String' } })
  t.same(ofType(template, 'ApiKey').map(([, properties]) => properties), [{ Enabled: true, Value: { Ref: 'AApiKeyValue' } }, { Enabled: true }])
  t.same(only(template, 'DomainName').DomainNameConfigurations, [{ CertificateArn: { Ref: 'WsExampleComCertificateArn' }, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }])
  t.same(only(template, 'ApiMapping'), { ApiId: { Ref: 'WebSocketApi' }, DomainName: { Ref: 'WsExampleComDomainName' }, Stage: { Ref: 'ProdStage' } })
  t.same(report.filter(({ level, code }) => level === 'warning' && code !== 'route-without-target').map(({ code, resource }) => [code, resource]), [['certificate-parameter', 'domainNames[0]'], ['key-parameter', 'apiKeys.a']])
  t.same([check(template), lintTemplate(template)], [[], []])
})

t.test('names that are no logical ids, and names that meet, have ids of their own that stay', async (t) => {
  const routes = Object.fromEntries(['send-message', 'send message', 'sendMessage', 'SendMessage', '发送', '送信', '__proto__', 'constructor', 'x'.repeat(300)].map((key) => [key, { integration: { integrationType: 'MOCK', integrationResponses: { $default: {}, '/a/': {}, '/./': {} } } }]))
  const { template } = await exportApi({ routes: routes as never })
  t.equal(ofType(template, 'Route').length, 9)
  t.same(ofType(template, 'Route').map(([, { RouteKey }]) => RouteKey), Object.keys(routes))
  t.same([check(template), lintTemplate(template)], [[], []])
  const { template: fewer } = await exportApi({ routes: { 'send-message': routes['send-message'], 送信: routes['送信'] } as never })
  for (const [id, { RouteKey }] of ofType(fewer, 'Route')) t.equal(template.Resources[id]?.Properties.RouteKey, RouteKey)
})

t.test('own members alone are exported, whatever they are called', async (t) => {
  const given = JSON.parse('{"routes":{"a":{"integration":{"integrationType":"MOCK","requestTemplates":{"__proto__":"x","constructor":"y"},"integrationResponses":{"$default":{}}}}},"models":{"constructor":{"type":"object","properties":{"__proto__":{"type":"string"}}}}}')
  const { template } = await exportApi(given)
  t.equal(JSON.stringify(only(template, 'Integration').RequestTemplates), '{"__proto__":"x","constructor":"y"}')
  t.equal(JSON.stringify(only(template, 'Model').Schema), '{"type":"object","properties":{"__proto__":{"type":"string"}}}')
})

/* What cannot be said */

const inexpressible: Array<[what: string, given: GivenOptions, exportOptions: object, entry: object]> = [
  ['a closure', { routes: { order: { integration: { handler } } } }, {}, { code: 'handler-not-exportable', resource: 'routes.order', property: 'handler', message: /^routes\.order\.handler is a function of this process/, hint: /functions: \{ 'order': \{ handler: 'file\.export'/ }],
  ['a closure by ARN', { integrations: { i: { handler } }, routes: { order: { target: 'i' } } }, { functionMode: 'arn' }, { code: 'handler-not-exportable', resource: 'integrations.i', hint: /name: 'function'/ }],
  ['an authorizer\'s closure', { authorizers: { a: { handler: handler as any } }, routes: { order: {} } }, {}, { code: 'handler-not-exportable', resource: 'authorizers.a', property: 'handler' }],
  ['a hook that guards', { upgrade: { onRequest: async () => {} }, routes: { a: {} } }, {}, { code: 'hook-not-exportable', resource: 'upgrade', property: 'onRequest', message: /everybody could connect/, hint: /Lambda authorizer/ }],
  ['a path of this server', { routes: { a: { integration: { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: '/orders' } } } }, {}, { code: 'in-process-path', resource: 'routes.a', property: 'integration.integrationUri', hint: /option origin/ }],
  ['a VPC link', { routes: { a: { integration: { integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: 'http://in.side', connectionType: 'VPC_LINK', connectionId: 'v' } } } }, {}, { code: 'vpc-link', resource: 'routes.a' }],
  ['another payload format', { routes: { a: { integration: { ...proxy('f'), payloadFormatVersion: '2.0' } } } }, {}, { code: 'payload-format' }],
  ['a timeout above AWS\'s', { quotas: { integrationTimeoutInMillis: 60_000 }, routes: { a: { integration: { ...proxy('f'), timeoutInMillis: 29_001 } } } }, {}, { code: 'timeout', resource: 'routes.a', property: 'integration.timeoutInMillis' }],
  ['part of a millisecond', { routes: { a: { integration: { ...proxy('f'), timeoutInMillis: 50.5 } } } }, {}, { code: 'timeout' }],
  ['a dynamic reference for the key of a route', { routes: { '{{resolve:ssm:/x}}': { integration: { integrationType: 'MOCK' } } } }, {}, { code: 'dynamic-reference', resource: 'routes.{{resolve:ssm:/x}}' }],
  ['a dynamic reference in the key of an integration response', { routes: { a: { integration: { integrationType: 'MOCK', integrationResponses: { $default: {}, '/[{{resolve:x}}]/': {} } } } } }, {}, { code: 'dynamic-reference', resource: 'routes.a', property: 'integration.integrationResponses./[{{resolve:x}}]/' }],
  ['a dynamic reference', { routes: { a: { integration: { integrationType: 'MOCK', requestTemplates: { $default: '{{resolve:ssm:/x}}' }, integrationResponses: { $default: {} } } } } }, {}, { code: 'dynamic-reference', resource: 'routes.a', property: 'integration.requestTemplates.$default' }],
  ['a dynamic reference in a layer of a function', { integrations: { i: proxy('f') }, routes: { a: { target: 'i' } } }, { functions: { f: { handler: 'a.handler', layers: ['arn:aws:lambda:us-east-1:123456789012:layer:a:1', '{{resolve:ssm:/layer}}'] } } }, { code: 'dynamic-reference', resource: 'functions.f', property: 'layers[1]', message: 'functions.f.layers[1] has "{{resolve:", which CloudFormation would resolve' }],
  ['null', { models: { M: { enum: ['a', null] } }, routes: { a: {} } }, {}, { code: 'null', resource: 'models.M', property: 'enum[1]' }],
  ['a schema that looks like a function of CloudFormation\'s', { models: { M: { properties: { Ref: { type: 'string' } } } }, routes: { a: {} } }, {}, { code: 'intrinsic', resource: 'models.M', property: 'properties' }],
  ['a stage variable that does', { stages: [{ stageName: 'prod', stageVariables: { Ref: 'x' } }], routes: { a: {} } }, {}, { code: 'intrinsic', resource: 'stages[0]', property: 'stageVariables' }],
  ['a rate without end', { stages: [{ stageName: 'prod', defaultRouteSettings: { throttlingRateLimit: Infinity } }], routes: { a: {} } }, {}, { code: 'number', property: 'defaultRouteSettings.throttlingRateLimit' }],
  ['a template under a name that CloudFormation does not take', { routes: { a: { integration: { integrationType: 'MOCK', requestTemplates: { é: 'x', é1: 'x' }, integrationResponses: { $default: { responseTemplates: { é: 'x' } } } } } } }, {}, { code: 'name', resource: 'routes.a', property: 'integration.requestTemplates.é' }],
  ['a domain with a port', { domainNames: [{ domainName: 'a.example:8443', apiMappings: [{ stage: 'prod' }] }], routes: { a: {} } }, {}, { code: 'domain-port' }],
  ['more resources than CloudFormation takes', { routes: Object.fromEntries(Array.from({ length: 260 }, (_, i) => [`r${i}`, { integration: { integrationType: 'MOCK' } }])) as never }, {}, { code: 'template-limit', message: 'template has 523 resources; CloudFormation takes 500' }]
]
for (const [what, given, exportOptions, entry] of inexpressible) {
  t.test(`${what} cannot be exported, and the error says where and what to do`, async (t) => {
    const refusals = await refusalsOf(given, exportOptions)
    t.equal(refusals.length, 1)
    t.match(refusals[0], { level: 'error', ...entry })
  })
}

t.test('the error lists all that is in the way, and carries the whole report', async (t) => {
  const error = await exportApi({ quotas: { messageBytes: 5 }, routes: { a: { integration: { handler } }, b: { integration: { handler: async () => {} } } } }).catch((error) => error)
  t.equal(error.code, 'AGW_ERR_EXPORT_IMPOSSIBLE')
  t.match(error.message, /routes\.a\.handler is a function.*\nroutes\.b\.handler is a function/)
  t.same(error.report.filter(({ level }: any) => level === 'error').length, 2)
  t.ok(error.report.some(({ code }: any) => code === 'quota'))
})

t.test('what API Gateway does otherwise is a warning that names the way out', async (t) => {
  const { report } = await exportApi({
    name: 'a',
    prefix: '/ws',
    domainName: 'ws.example.com',
    handler: () => {},
    logLevel: 'warn',
    standalone: true,
    upgrade: { preHandler: async () => {}, schema: { querystring: {} }, config: {}, constraints: {} },
    credentials: () => null,
    usageStore: { load: () => null, save: () => {} },
    services: { 'sqs:*': () => {} },
    connectionsApi: { authorize: 'NONE' },
    quotas: { messageBytes: 1, frameBytes: 32_768 },
    drain: {},
    onIntegrationError: () => {},
    extensions: { emptyResponse: 'SKIP', allowedOrigins: ['https://a.example'], authorizerResultCache: { ttlInSeconds: 1 } },
    routes: {
      $connect: { authorizationType: 'AWS_IAM' },
      a: { integration: { integrationType: 'AWS', integrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/1/q', integrationResponseSelectionExpression: '${integration.response.statuscode}', integrationResponses: { $default: {} }, tlsConfig: {} } }
    }
  })
  t.same(report.map(({ level, code, resource, property }) => [level, code, `${resource}${property === undefined ? '' : `.${property}`}`]), [
    ['warning', 'route-without-target', 'routes.$connect'],
    ['warning', 'http-only', 'routes.a.integration.tlsConfig'],
    ['info', 'fixed', 'routes.a.integration.integrationResponseSelectionExpression'],
    ['warning', 'credentials-missing', 'routes.a.integration.credentialsArn'],
    ['info', 'server-only', 'logLevel'],
    ['info', 'server-only', 'standalone'],
    ['warning', 'plain-requests', 'handler'],
    ['warning', 'upgrade-schema', 'upgrade.schema'],
    ['info', 'server-only', 'upgrade.config'],
    ['warning', 'server-only', 'upgrade.constraints'],
    ['info', 'iam', 'credentials'],
    ['info', 'server-only', 'usageStore'],
    ['warning', 'services', 'services'],
    ['info', 'connections-api', 'connectionsApi'],
    ['info', 'server-only', 'drain'],
    ['warning', 'integration-errors', 'onIntegrationError'],
    ['warning', 'extension', 'extensions.emptyResponse'],
    ['warning', 'extension', 'extensions.allowedOrigins'],
    ['warning', 'extension', 'extensions.authorizerResultCache'],
    ['warning', 'hook-not-exportable', 'upgrade.preHandler'],
    ['warning', 'quota', 'quotas.messageBytes'],
    ['warning', 'prefix', 'prefix'],
    ['warning', 'domain-name', 'domainName']
  ])
})

t.test('paths of this server are reached through option origin', async (t) => {
  const { template } = await exportApi({ routes: { a: { integration: { integrationType: 'HTTP', integrationMethod: 'GET', integrationUri: '/orders/{id}', requestParameters: { 'integration.request.path.id': 'route.request.body.id' }, integrationResponses: { $default: {} } } } } }, { origin: 'https://api.example.com/' })
  t.equal(only(template, 'Integration').IntegrationUri, 'https://api.example.com/orders/{id}')
})

t.test('options of the export that are not allowed are refused by name', async (t) => {
  for (const [options, message] of [
    [{ functionMode: 'zip' }, 'Export option functionMode is "zip"; it must be sam, arn, parameter'],
    [{ mode: 'sam' }, 'Export option mode is unknown; allowed are functionMode, codeUri, directory, functions, stages, origin, description'],
    [{ stages: ['beta'] }, 'Export option stages has "beta"; the API has prod'],
    [{ codeUri: 1 }, 'Export option codeUri is 1; it must be a string'],
    [{ origin: '/x' }, 'Export option origin is "/x"; it must be scheme and host such as https://api.example.com'],
    [{ functions: { a: 'x' } }, 'Export option functions.a is "x"; it must be an object']
  ] as const) {
    await t.rejects(exportApi({ routes: { a: {} } }, options as never), { code: 'AGW_ERR_EXPORT_OPTION', message })
  }
})

t.test('each API of a scope is exported for itself, with what routeKey() declared', async (t) => {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  for (const name of ['chat', 'orders']) await app.register(apiGatewayWebSocket, { name, stage: name, routeSelectionExpression: `$request.body.${name}` })
  app.routeKey('say', { api: 'chat' }, handler)
  app.routeKey('order', { api: 'orders', integration: { integrationType: 'MOCK', integrationResponses: { $default: {} } } })
  const { template } = await app.webSocketApi.get('orders').toCloudFormation({ description: 'orders alone' })
  t.same([only(template, 'Api').RouteSelectionExpression, ...ofType(template, 'Route').map(([, { RouteKey }]) => RouteKey)], ['$request.body.orders', 'order'])
  t.equal(template.Description, 'orders alone')
  await t.rejects(app.webSocketApi.get('chat').toCloudFormation(), /routes\.say\.handler/)
})

t.test('aliases beside the one that SAM publishes, domains of other stages, and models that do not compile are told of', async (t) => {
  const { template, report } = await exportApi({
    disableSchemaValidation: true,
    models: { New: { const: 1 } },
    stages: [{ stageName: 'prod' }, { stageName: 'beta' }],
    domainNames: [{ domainName: 'ws.example.com', apiMappings: [{ stage: 'beta' }] }],
    routes: { a: { integration: proxy('F:live') }, b: { integration: proxy('F:old') }, c: { integration: proxy('F:3') } }
  }, { functions: { F: { handler: 'a.b' } }, stages: ['prod'] })
  t.same(ofType(template, 'Integration').map(([, { IntegrationUri }]) => IntegrationUri['Fn::Sub'].replace(/^.*functions\//, '')), ['${F.Alias}/invocations', '${F.Arn}:old/invocations', '${F.Arn}:3/invocations'])
  t.same(ofType(template, 'Permission').map(([, { FunctionName }]) => FunctionName['Fn::Sub']), ['${F.Alias}', '${F.Arn}:old', '${F.Arn}:3'])
  t.equal(only(template, 'Function').AutoPublishAlias, 'live')
  t.same(only(template, 'Model').Schema, { const: 1 })
  t.same(ofType(template, 'DomainName'), [])
  t.same(report.filter(({ code }) => code !== 'open' && code !== 'iam').map(({ code, resource }) => [code, resource]), [
    ['name-of-stack', 'name'], ['model-invalid', 'models.New'], ['qualifier-outside', 'routes.a'], ['qualifier-outside', 'routes.a'],
    ['stage-not-exported', 'domainNames[0]'], ['domain-not-exported', 'domainNames[0]']
  ])
  t.same([check(template), lintTemplate(template)], [[], []])
})

t.test('an imported function that is called by a version and by an alias publishes the alias', async (t) => {
  const { template, report } = await exportApi({
    authorizers: { guard: { authorizerUri: invocation('F:7') } },
    routes: { $connect: { authorizationType: 'CUSTOM', authorizerId: 'guard' }, a: { integration: proxy('F:live') } }
  }, { functions: { F: { handler: 'a.b', alias: '7' } } })
  t.equal(only(template, 'Function').AutoPublishAlias, 'live')
  t.match(only(template, 'Integration').IntegrationUri, { 'Fn::Sub': /\$\{F\.Alias\}\/invocations$/ })
  t.match(only(template, 'Authorizer').AuthorizerUri, { 'Fn::Sub': /\$\{F\.Arn\}:7\/invocations$/ })
  t.match(report.filter(({ code }) => code === 'qualifier-outside').map(({ message }) => message), [/^F:7 is called, which the template does not make/])
  t.same([check(template), lintTemplate(template)], [[], []])
})

t.test('the API\'s own address in a variable is made of references, in China as well', async (t) => {
  for (const [region, suffix] of [['eu-west-1', 'amazonaws.com'], ['cn-north-1', 'amazonaws.com.cn'], ['us-gov-west-1', 'amazonaws.com'], ['eusc-de-east-1', 'amazonaws.eu']] as const) {
    const uri = `arn:aws:lambda:${region}:123456789012:function:F`
    const { template } = await exportApi({ apiId: 'a1b2c3d4e5', region, routes: { a: { integration: { integrationType: 'AWS_PROXY', integrationUri: uri } } } }, {
      functions: { F: { handler: 'a.b', environment: { OWN: `https://a1b2c3d4e5.execute-api.${region}.${suffix}/prod`, OTHER: `https://zzzzzzzzzz.execute-api.${region}.${suffix}/prod` } } }
    })
    t.same(only(template, 'Function').Environment.Variables, {
      OWN: { 'Fn::Sub': 'https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod' }, OTHER: `https://zzzzzzzzzz.execute-api.${region}.${suffix}/prod`
    }, region)
  }
})

t.test('a function that was imported without its code is told of, unless codeUri says where it is', async (t) => {
  const given: GivenOptions = { routes: { a: { integration: proxy('F') }, b: { integration: proxy('G') } } }
  const functions = { F: { handler: 'a.b', problem: 'its code lies in S3' }, G: { handler: 'a.b', codeDirectory: '/project/g', problem: 'its Runtime is python3.13, not Node.js' } }
  const codeUris = (template: CloudFormationTemplate): string[] => ofType(template, 'Function').map(([, { CodeUri }]) => CodeUri)
  const told = (report: readonly ReportEntry[]): unknown => report.filter(({ code }) => code === 'function-code')
  const { template, report } = await exportApi(given, { functions, directory: '/project' })
  t.same(codeUris(template), ['.', 'g'])
  t.match(told(report), [{ level: 'warning', resource: 'functions.F', message: 'functions.F was imported without its code; the template takes it from "."', hint: 'give its codeDirectory, or codeUri for all such functions' }])
  t.equal((told(report) as unknown[]).length, 1)
  const { template: chosen, report: quiet } = await exportApi(given, { functions, directory: '/project', codeUri: 'dist/' })
  t.same(codeUris(chosen), ['dist/', 'g'])
  t.same(told(quiet), [])
})

t.test('the guide lists every code that exports have told, and no other', async (t) => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guides/move-to-api-gateway.md'), 'utf8')
  const rows = guide.split('## The report')[1]?.split('\n## ')[0]?.split('\n').filter((line) => line.startsWith('| `')) ?? []
  const listed = rows.flatMap((row) => [...(row.split('|')[1] as string).matchAll(/`([^`]+)`/g)].map(([, code]) => code as string))
  t.same([...toldCodes].sort(), listed.sort())
})

/* The checker itself */

type Mutation = [what: string, change: (resources: Record<string, any>, template: any) => void, finding: RegExp]
const broken: Mutation[] = [
  ['a misspelt property', ({ SharedIntegration: { Properties } }) => { Properties.PassthroughBehaviour = 'NEVER' }, /^SharedIntegration\.PassthroughBehaviour: is unknown$/],
  ['a missing property', ({ ConnectRoute: { Properties } }) => { delete Properties.RouteKey }, /^ConnectRoute\.RouteKey: is missing$/],
  ['a missing expression', ({ WebSocketApi: { Properties } }) => { delete Properties.RouteSelectionExpression }, /RouteSelectionExpression: is missing$/],
  ['a list for an integer', ({ SharedIntegration: { Properties } }) => { Properties.TimeoutInMillis = [5000] }, /must be of type integer$/],
  ['a map for a template', ({ SharedIntegration: { Properties } }) => { Properties.RequestTemplates.new = { a: 1 } }, /^SharedIntegration\.RequestTemplates\.new: .*must be of type string$/],
  ['a misspelt name inside', ({ ProdStage: { Properties } }) => { Properties.DefaultRouteSettings.Throttle = 1 }, /DefaultRouteSettings\.Throttle: is unknown$/],
  ['camelCase in route settings', ({ ProdStage: { Properties } }) => { Properties.RouteSettings.$default.loggingLevel = 'OFF' }, /RouteSettings\.\$default\.loggingLevel: is unknown$/],
  ['an enum', ({ SharedIntegration: { Properties } }) => { Properties.ContentHandlingStrategy = 'WEBSOCKETS' }, /is WEBSOCKETS; it must be CONVERT_TO_BINARY, CONVERT_TO_TEXT$/],
  ['an enum inside', ({ WebSocketApi: { Properties } }) => { Properties.IpAddressType = 'ipv6' }, /must be dualstack, ipv4$/],
  ['a property of HTTP APIs', ({ ConnectRoute: { Properties } }) => { Properties.AuthorizationScopes = ['x'] }, /AuthorizationScopes: is for HTTP APIs$/],
  ['JWT', ({ ConnectRoute: { Properties } }) => { Properties.AuthorizationType = 'JWT' }, /is JWT; it must be/],
  ['camelCase in request parameters', ({ ConnectRoute: { Properties } }) => { Properties.RequestParameters['route.request.querystring.token'] = { required: true } }, /must be \{ Required: boolean \}$/],
  ['request parameters on a message route', ({ HttpRoute: { Properties } }) => { Properties.RequestParameters = {} }, /elsewhere than on \$connect$/],
  ['authorization on a message route', ({ HttpRoute: { Properties } }) => { Properties.AuthorizationType = 'AWS_IAM' }, /^HttpRoute\.AuthorizationType: is AWS_IAM elsewhere than on \$connect$/],
  ['CUSTOM without an authorizer', ({ ConnectRoute: { Properties } }) => { delete Properties.AuthorizerId }, /^ConnectRoute\.AuthorizerId: /],
  ['an authorizer that is a route', ({ ConnectRoute: { Properties } }) => { Properties.AuthorizerId = { Ref: 'HttpRoute' } }, /refers to no Authorizer of the API$/],
  ['a target that is a route', ({ HttpRoute: { Properties } }) => { Properties.Target = { 'Fn::Sub': 'integrations/${ConnectRoute}' } }, /refers to no Integration of the API$/],
  ['a target without its prefix', ({ HttpRoute: { Properties } }) => { Properties.Target = { Ref: 'HttpIntegration' } }, /begins with integrations\/$/],
  ['a reference to nothing', ({ HttpRoute: { Properties } }) => { Properties.ApiId = { Ref: 'Nobody' } }, /refers to Nobody, which is not there$/],
  ['a reference in a text to nothing', ({ HttpRoute: { Properties } }) => { Properties.Target = { 'Fn::Sub': 'integrations/${Nobody}' } }, /refers to Nobody, which is not there$/],
  ['an attribute that is none', (_, { Outputs }) => { Outputs.ProdStageUrl.Value = { 'Fn::GetAtt': ['WebSocketApi', 'Url'] } }, /refers to WebSocketApi\.Url, which/],
  ['a dependency on nothing', ({ BetaStage }) => { BetaStage.DependsOn.push('Nobody') }, /DependsOn names Nobody/],
  ['a route response of an integration', ({ OrderNewRouteResponse: { Properties } }) => { Properties.RouteId = { Ref: 'HttpIntegration' } }, /refers to no Route of the API$/],
  ['a route response under another key', ({ OrderNewRouteResponse: { Properties } }) => { Properties.RouteResponseKey = '200' }, /is 200; it must be \$default$/],
  ['an integration response of a route', ({ HttpIntegrationDefaultResponse: { Properties } }) => { Properties.IntegrationId = { Ref: 'HttpRoute' } }, /refers to no Integration of the API$/],
  ['an integration response under a bare status', ({ HttpIntegrationDefaultResponse: { Properties } }) => { Properties.IntegrationResponseKey = '200' }, /IntegrationResponseKey: is 200$/],
  ['two routes of one key', ({ HttpRoute: { Properties } }) => { Properties.RouteKey = '$default' }, /is \$default for a second time$/],
  ['a route key that is reserved', ({ HttpRoute: { Properties } }) => { Properties.RouteKey = '$http' }, /RouteKey: is \$http$/],
  ['a model nobody knows', ({ OrderNewRoute: { Properties } }) => { Properties.RequestModels.new = 'Nobody' }, /names Nobody, which is no model$/],
  ['a model that may come later', ({ OrderNewRoute }) => { delete OrderNewRoute.DependsOn }, /^OrderNewRoute\.DependsOn: lacks OrderModel/],
  ['a timeout', ({ SharedIntegration: { Properties } }) => { Properties.TimeoutInMillis = 49 }, /must be from 50 to 29000$/],
  ['a function that nobody names', ({ ConnectIntegration: { Properties } }) => { delete Properties.IntegrationUri }, /IntegrationUri: is missing$/],
  ['a stage named $default', ({ BetaStage: { Properties } }) => { Properties.StageName = '$default' }, /StageName: is \$default$/],
  ['a stage that serves nothing', ({ ProdStage: { Properties } }) => { delete Properties.DeploymentId }, /refers to no Deployment of the API$/],
  ['a stage of both kinds', ({ ProdStage: { Properties } }) => { Properties.AutoDeploy = true }, /stands beside AutoDeploy$/],
  ['settings of no route', ({ ProdStage: { Properties } }) => { Properties.RouteSettings.nobody = {} }, /has nobody, which is no route$/],
  ['settings of a route that may come later', ({ BetaStage }) => { delete BetaStage.DependsOn }, /^BetaStage\.DependsOn: lacks ConnectRoute/],
  ['a log without an id', ({ ProdStage: { Properties } }) => { Properties.AccessLogSettings.Format = '$context.status' }, /has no request id$/],
  ['a deployment before a route', (resources) => { const deployment = Object.values(resources).find(({ Type }) => Type.endsWith('Deployment')); deployment.DependsOn = deployment.DependsOn.filter((id: string) => id !== 'HttpRoute') }, /^Deployment\w+\.DependsOn: lacks HttpRoute$/],
  ['a deployment before an integration response', (resources) => { const deployment = Object.values(resources).find(({ Type }) => Type.endsWith('Deployment')); deployment.DependsOn = deployment.DependsOn.filter((id: string) => id !== 'HttpIntegrationDefaultResponse') }, /lacks HttpIntegrationDefaultResponse$/],
  ['a function without a permission', (resources) => { delete resources.GuardPermission }, /^Guard: is called, and no permission allows it$/],
  ['a permission for another API', ({ GuardPermission: { Properties } }) => { Properties.SourceArn = 'arn:aws:execute-api:us-east-1:1:x/*' }, /^Guard: is called/],
  ['tags of the other kind', ({ AdaApiKey: { Properties } }) => { Properties.Tags = { a: 'b' } }, /^AdaApiKey\.Tags: .*must be of type array$/],
  ['a null', ({ ItemModel: { Properties } }) => { Properties.Schema.default = null }, /^ItemModel\.Schema: has a null$/]
]
t.test('the checker refuses what is broken, each by its place', async (t) => {
  const { template } = await everything()
  for (const [what, change, finding] of broken) {
    const copy = structuredClone(template)
    change(copy.Resources, copy)
    const findings = check(copy)
    t.ok(findings.some((text) => finding.test(text)), `${what}: ${findings.join(' | ') || 'nothing was found'}`)
  }
})

t.test('AWS\'s linter refuses broken names, types and references as well', async (t) => {
  const { template } = await everything()
  const before = lintTemplate(template).length
  for (const [what, change] of broken.filter(([what]) => ['a misspelt property', 'a missing property', 'a list for an integer', 'a reference to nothing'].includes(what))) {
    const copy = structuredClone(template)
    change(copy.Resources, copy)
    t.ok(lintTemplate(copy).length > before, what)
  }
})

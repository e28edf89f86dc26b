// The resources that the Serverless Framework generates, by its naming rules, before CloudFormation's functions are evaluated.
import t from 'tap'
import { Report } from '../../lib/migrate/report.ts'
import type { JsonObject } from '../../lib/migrate/resource.ts'
import { readServiceTemplate } from '../../lib/migrate/serverless/index.ts'
import { parseYaml } from '../../lib/migrate/yaml.ts'
import type { ImportOptions, ReportEntry } from '../../types/migrate.js'

interface Read {
  resources: Record<string, JsonObject>
  entries: ReportEntry[]
  refusals: string[]
  at (id: string, ...path: Array<string | number>): string
}

function read (text: string, options: ImportOptions = {}, provider = '{ name: aws, runtime: nodejs22.x }'): Read {
  const report = new Report()
  const whole = `service: chat\nprovider: ${provider}\n${text}`
  const source = { directory: import.meta.dirname, format: 'serverless' as const, ...parseYaml(whole, 'text') }
  const { template: { template, positionOf, nameOf } } = readServiceTemplate(source as never, options, report)
  return {
    resources: JSON.parse(JSON.stringify(template.Resources)),
    entries: report.entries,
    refusals: report.refusals.map(({ resource, property, message }) => `${resource}.${property}: ${message}`),
    at: (id, ...path) => {
      const { line, column } = positionOf(['Resources', id, ...(path.length === 0 ? [] : ['Properties', ...path])]) ?? { line: 0, column: 0 }
      return `${line}:${column} ${nameOf(id, path)}`
    }
  }
}

/** `Fn::GetAtt` of a function, in the URI by which API Gateway calls it. */
const invocationOf = (arn: unknown) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', arn, '/invocations']]
})
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

t.test('migration 3 serverless.yml [src] an event is a text or an object, and makes a route and an integration', async (t) => {
  const { resources } = read('functions: { send-all_now: { handler: src/a.send, events: [{ websocket: sendAll }, { websocket: { route: $default } }] } }')
  const id = 'SendDashallUnderscorenow'
  t.same(Object.keys(resources).map((name) => name.replace(/^WebsocketsDeployment(?!Stage).+/, 'WebsocketsDeployment…')), [
    `${id}LambdaFunction`, 'WebsocketsApi', `${id}WebsocketsIntegration`, 'sendAllWebsocketsRoute', 'SdefaultWebsocketsRoute',
    'WebsocketsDeploymentStage', 'WebsocketsDeployment…'
  ])
  t.same(resources.WebsocketsApi, {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'dev-chat-websockets', RouteSelectionExpression: '$request.body.action', Description: 'Serverless Websockets', ProtocolType: 'WEBSOCKET' }
  })
  t.same(resources[`${id}WebsocketsIntegration`], {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { ApiId: { Ref: 'WebsocketsApi' }, IntegrationType: 'AWS_PROXY', IntegrationUri: invocationOf(arnOf(`${id}LambdaFunction`)) }
  })
  t.same(resources.SdefaultWebsocketsRoute, {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'WebsocketsApi' },
      RouteKey: '$default',
      AuthorizationType: 'NONE',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: `${id}WebsocketsIntegration` }]] }
    }
  })
  t.match(resources.WebsocketsDeploymentStage, {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'WebsocketsApi' }, StageName: 'dev', Description: 'Serverless Websockets', DeploymentId: { Ref: /^WebsocketsDeployment[0-9A-Za-z]{40,44}$/ } }
  })
})

t.test('migration 3 serverless.yml [src] characters of a route key are spelt out in its id', async (t) => {
  const { resources } = read("functions: { f: { handler: a.b, events: [{ websocket: { route: 'room/join-now_v1.0$x', routeResponseSelectionExpression: $default } }] } }")
  const id = 'roomSlashjoinDashnowUnderscorev1Period0SxWebsocketsRoute'
  t.equal(resources[id]?.Type, 'AWS::ApiGatewayV2::Route')
  t.same(resources[`${id}Response`], {
    Type: 'AWS::ApiGatewayV2::RouteResponse',
    Properties: { ApiId: { Ref: 'WebsocketsApi' }, RouteId: { Ref: id }, RouteResponseKey: '$default' }
  })
  const deployment = Object.values(resources).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Deployment')
  t.same(deployment?.DependsOn, [`${id}Response`, id])
})

t.test('migration 3 serverless.yml [src] the deployment has an id of what it deploys', async (t) => {
  const idOf = (text: string) => Object.keys(read(text).resources).find((id) => /^WebsocketsDeployment(?!Stage)/.test(id))
  const one = idOf('functions: { f: { handler: a.b, events: [{ websocket: a }] } }')
  t.equal(one, idOf('functions: { f: { handler: other.b, events: [{ websocket: a }] } }'))
  t.not(one, idOf('functions: { f: { handler: a.b, events: [{ websocket: b }] } }'))
})

t.test('migration 3 serverless.yml [src] authorizer: a function, an ARN, an object with either', async (t) => {
  const authorizerOf = (authorizer: string) => {
    const { resources, refusals } = read(`
functions:
  f: { handler: a.b, events: [{ websocket: { route: $connect, authorizer: ${authorizer} } }] }
  my-auth: { handler: a.auth }`)
    t.same(refusals, [])
    const [id, resource] = Object.entries(resources).find(([, { Type }]) => Type === 'AWS::ApiGatewayV2::Authorizer') as [string, JsonObject]
    t.match(resources.SconnectWebsocketsRoute, { Properties: { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: id } } })
    return { id, ...resource.Properties as JsonObject }
  }
  const common = { ApiId: { Ref: 'WebsocketsApi' }, AuthorizerType: 'REQUEST', IdentitySource: ['route.request.header.Auth'] }
  const own = { ...common, id: 'MyDashauthWebsocketsAuthorizer', Name: 'my-auth', AuthorizerUri: invocationOf(arnOf('MyDashauthLambdaFunction')) }
  t.same(authorizerOf('my-auth'), own)
  t.same(authorizerOf('{ name: my-auth }'), own)
  const sources = ['route.request.header.Auth', 'route.request.querystring.auth']
  t.same(authorizerOf(`{ name: my-auth, identitySource: [${sources.join(', ')}] }`), { ...own, IdentitySource: sources })
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:auth'
  const foreign = { ...common, id: 'AuthWebsocketsAuthorizer', Name: 'auth', AuthorizerUri: invocationOf(arn) }
  t.same(authorizerOf(arn), foreign)
  t.same(authorizerOf(`{ arn: '${arn}', name: unused }`), foreign)
  const imported = { 'Fn::ImportValue': 'AuthArn' }
  t.same(authorizerOf('{ arn: !ImportValue AuthArn, name: shared }'),
    { ...common, id: 'SharedWebsocketsAuthorizer', Name: 'shared', AuthorizerUri: invocationOf(imported) })
})

t.test('what the framework refuses of an event is refused', async (t) => {
  const refusals = (websocket: string) => read(`functions: { f: { handler: a.b, events: [{ websocket: ${websocket} }] } }`).refusals
  t.same(refusals('{ routeResponseSelectionExpression: $default }'), ['functions.f.events[0].websocket: A websocket event must have route, the key of a route'])
  t.same(refusals('{ route: null }'), ['functions.f.events[0].websocket.route: Route null is not valid; a websocket event needs the key of a route'])
  t.same(refusals('[a]'), ['functions.f.events[0].websocket.route: Route ["a"] is not valid; a websocket event needs the key of a route'])
  t.same(refusals('{ route: $connect, authorizer: auth }'), ['functions.f.events[0].websocket.authorizer: Authorizer "auth" is not a function of this service; it has f'])
  t.same(refusals('{ route: $connect, authorizer: { identitySource: [] } }'), ['functions.f.events[0].websocket.authorizer: Authorizer has neither name nor arn'])
  t.same(refusals('{ route: $connect, authorizer: { arn: !GetAtt Auth.Arn } }'), ['functions.f.events[0].websocket.authorizer: Authorizer has an arn that is not a text, so it needs a name as well'])
  t.same(refusals('{ route: $connect, authorizer: 5 }'), ['functions.f.events[0].websocket.authorizer: Authorizer 5 is not valid; it must be the name of a function, an ARN, or an object with one of them'])
  t.same(read('functions: { f: { handler: a.b, events: [{ websocket: a }] } }', {}, '{ name: aws, logs: { websocket: { level: DEBUG } } }').refusals,
    ['provider.logs.websocket.level: Level "DEBUG" is not valid; it must be INFO or ERROR'])
})

t.test('migration 3 serverless.yml [src] two events of one route merge, and it is said', async (t) => {
  const { resources, entries } = read(`
functions:
  one: { handler: a.one, events: [{ websocket: { route: a, routeResponseSelectionExpression: $default } }] }
  two: { handler: a.two, events: [{ websocket: a }] }`)
  t.match(resources.aWebsocketsRoute, {
    Properties: { RouteResponseSelectionExpression: '$default', Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'TwoWebsocketsIntegration' }]] } }
  })
  t.match(entries, [{ level: 'warning', code: 'route-duplicate', resource: 'functions.two', property: 'events[0].websocket', line: 6 }])
})

t.test('migration 3 serverless.yml [src] logs.websocket in all its forms', async (t) => {
  const stageOf = (logs: string) => {
    const { resources } = read('functions: { f: { handler: a.b, events: [{ websocket: a }] } }', {}, `{ name: aws, logs: { websocket: ${logs} } }`)
    const { AccessLogSettings, DefaultRouteSettings } = resources.WebsocketsDeploymentStage?.Properties as JsonObject
    return { AccessLogSettings, DefaultRouteSettings, group: resources.WebsocketsLogGroup }
  }
  const DestinationArn = { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${WebsocketsLogGroup}' }
  const Format = '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.requestId'
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/websocket/chat-dev' } }
  t.same(stageOf('true'), { AccessLogSettings: { DestinationArn, Format }, DefaultRouteSettings: { DataTraceEnabled: true, LoggingLevel: 'INFO' }, group })
  t.same(stageOf('{}'), stageOf('true'))
  t.same(stageOf('false'), { AccessLogSettings: undefined, DefaultRouteSettings: undefined, group: undefined })
  t.same(stageOf('{ accessLogging: false, level: ERROR }'), { AccessLogSettings: undefined, DefaultRouteSettings: { DataTraceEnabled: true, LoggingLevel: 'ERROR' }, group })
  t.same(stageOf("{ executionLogging: false, level: ERROR, fullExecutionData: false, format: '$context.requestId' }"),
    { AccessLogSettings: { DestinationArn, Format: '$context.requestId' }, DefaultRouteSettings: { DataTraceEnabled: false, LoggingLevel: 'OFF' }, group })
})

t.test('migration 3 serverless.yml [src] settings of the provider, and tags where it says so', async (t) => {
  const provider = (rest: string) => `{ name: aws, stage: prod, tags: { team: chat }, websocketsApiName: mine, websocketsApiRouteSelectionExpression: $request.body.do, websocketsDescription: Ours${rest} }`
  const events = 'functions: { f: { handler: a.b, events: [{ websocket: a }] } }'
  t.same(read(events, {}, provider('')).resources.WebsocketsApi?.Properties,
    { Name: 'mine', RouteSelectionExpression: '$request.body.do', Description: 'Ours', ProtocolType: 'WEBSOCKET' })
  t.same((read(events, {}, provider(', websocket: { useProviderTags: true }')).resources.WebsocketsApi?.Properties as JsonObject).Tags, { team: 'chat' })
  t.match(read(events, {}, provider('')).resources.WebsocketsDeploymentStage, { Properties: { StageName: 'prod', Description: 'Ours' } })
  t.match(read(events, { stage: 'test' }, provider('')).resources.WebsocketsDeploymentStage, { Properties: { StageName: 'test' } })
})

t.test('functions have the provider\'s settings where they have none of their own', async (t) => {
  const provider = '{ name: aws, runtime: nodejs22.x, memorySize: 256, timeout: 20, architecture: arm64, environment: { A: provider, B: !Ref Table }, tags: { a: one, b: two }, layers: [arn:layer], role: arn:role }'
  const { resources, entries } = read(`
functions:
  plain: { handler: src/a.plain }
  full:
    name: its-own
    handler: src/a.full
    runtime: nodejs20.x
    memorySize: 512
    timeout: 3
    architecture: x86_64
    description: All of it
    environment: { A: function, C: !GetAtt Table.Arn }
    tags: { b: three }
    layers: [{ Ref: OwnLambdaLayer }]
    role: { 'Fn::GetAtt': [Role, Arn] }
    condition: IsFull
    dependsOn: [Table]
    reservedConcurrency: 5
    vpc: {}`, {}, provider)
  t.same(resources.PlainLambdaFunction, {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: '.',
      Handler: 'src/a.plain',
      Runtime: 'nodejs22.x',
      FunctionName: 'chat-dev-plain',
      MemorySize: 256,
      Timeout: 20,
      Architectures: ['arm64'],
      Tags: [{ Key: 'a', Value: 'one' }, { Key: 'b', Value: 'two' }],
      Environment: { Variables: { A: 'provider', B: { Ref: 'Table' } } },
      Role: 'arn:role',
      Layers: ['arn:layer']
    }
  })
  t.same(resources.FullLambdaFunction, {
    Type: 'AWS::Lambda::Function',
    DependsOn: ['Table'],
    Properties: {
      Code: '.',
      Handler: 'src/a.full',
      Runtime: 'nodejs20.x',
      FunctionName: 'its-own',
      MemorySize: 512,
      Timeout: 3,
      Architectures: ['x86_64'],
      Description: 'All of it',
      Tags: [{ Key: 'a', Value: 'one' }, { Key: 'b', Value: 'three' }],
      Environment: { Variables: { A: 'function', B: { Ref: 'Table' }, C: { 'Fn::GetAtt': ['Table', 'Arn'] } } },
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Layers: [{ Ref: 'OwnLambdaLayer' }]
    },
    Condition: 'IsFull'
  })
  t.same(entries.map(({ level, code, resource, property }) => [level, code, resource, property]), [
    ['info', 'function-key-unused', 'functions.full', 'reservedConcurrency'],
    ['info', 'function-key-unused', 'functions.full', 'vpc']
  ])
})

t.test('functions have the framework\'s defaults where nothing says otherwise, and images are images', async (t) => {
  const { resources } = read('functions: { f: { handler: a.b }, i: { image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/chat } }', {}, 'aws')
  t.same(resources.FLambdaFunction?.Properties, { Code: '.', Handler: 'a.b', Runtime: 'nodejs20.x', FunctionName: 'chat-dev-f', MemorySize: 1024, Timeout: 6 })
  t.match(resources.ILambdaFunction?.Properties, { PackageType: 'Image', Code: { ImageUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/chat' }, Runtime: undefined })
})

t.test('migration 3 serverless.yml [src] an alias, where a function has one, is what is called', async (t) => {
  for (const [setting, name, id] of [
    ['provisionedConcurrency: 2', 'provisioned', 'FProvConcLambdaAlias'],
    ['provisionedConcurrency: { executions: 2, alias: live-one }', 'live-one', 'FProvConcLiveDashoneLambdaAlias'],
    ['snapStart: true', 'snapstart', 'FSnapStartLambdaAlias'],
    ['durableConfig: { executionTimeout: 60 }', 'durable', 'FDurableLambdaAlias']
  ] as const) {
    const { resources } = read(`functions: { f: { handler: a.b, ${setting}, events: [{ websocket: a }] } }`)
    t.match(resources[id], { Type: 'AWS::Lambda::Alias', DependsOn: 'FLambdaFunction', Properties: { FunctionName: { Ref: 'FLambdaFunction' }, Name: name } })
    t.same(resources.FWebsocketsIntegration?.Properties, {
      ApiId: { Ref: 'WebsocketsApi' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: invocationOf({ 'Fn::Join': [':', [arnOf('FLambdaFunction'), name]] })
    })
    t.equal(resources.FWebsocketsIntegration?.DependsOn, id)
  }
})

t.test('functions and resources may be lists of parts', async (t) => {
  const { resources, entries } = read(`
functions:
  - { one: { handler: a.one, events: [{ websocket: a }] } }
  - { two: { handler: a.two }, one: { handler: b.one, events: [{ websocket: a }] }, gone: null }
resources:
  - Resources: { Table: { Type: AWS::DynamoDB::Table, Properties: { A: 1 } } }
  - Resources: { Table: { Properties: { B: 2 } } }
    Outputs: { Url: { Value: x } }`)
  t.match(resources, { OneLambdaFunction: { Properties: { Handler: 'b.one' } }, TwoLambdaFunction: {} })
  t.same(resources.Table, { Type: 'AWS::DynamoDB::Table', Properties: { A: 1, B: 2 } })
  t.match(entries, [{ level: 'warning', code: 'function-duplicate', resource: 'functions[1].one', property: undefined }])
})

t.test('resources merge over what is generated, extensions replace', async (t) => {
  const { resources, refusals, at } = read(`
functions: { f: { handler: a.b, events: [{ websocket: $connect }] } }
resources:
  Resources:
    WebsocketsApi:
      Properties:
        ApiKeySelectionExpression: $request.header.x-api-key
        Description: Overlaid
    SconnectWebsocketsRoute:
      Properties: { ApiKeyRequired: true }
  extensions:
    FWebsocketsIntegration:
      Properties: { TimeoutInMillis: 5000 }
      DependsOn: [Table]
    WebsocketsDeploymentStage:
      Properties:
        DefaultRouteSettings: { ThrottlingBurstLimit: 5 }
      DeletionPolicy: Retain
    NoSuch: { Properties: {} }
    WebsocketsApi: { Type: AWS::S3::Bucket }`)
  t.same(resources.WebsocketsApi, {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'dev-chat-websockets',
      RouteSelectionExpression: '$request.body.action',
      Description: 'Overlaid',
      ProtocolType: 'WEBSOCKET',
      ApiKeySelectionExpression: '$request.header.x-api-key'
    }
  })
  t.match(resources.SconnectWebsocketsRoute, { Properties: { RouteKey: '$connect', ApiKeyRequired: true } })
  t.match(resources.FWebsocketsIntegration, { DependsOn: ['Table'], Properties: { IntegrationType: 'AWS_PROXY', TimeoutInMillis: 5000 } })
  t.match(resources.WebsocketsDeploymentStage, { DeletionPolicy: 'Retain', Properties: { StageName: 'dev', DefaultRouteSettings: { ThrottlingBurstLimit: 5 } } })
  t.same(refusals, [
    'resources.extensions.NoSuch: Resource NoSuch is not one that the framework generates, so it cannot be extended',
    'resources.extensions.WebsocketsApi.Type: Resource WebsocketsApi cannot be extended in Type; it can be in Properties, Metadata, Condition, CreationPolicy, DeletionPolicy, UpdatePolicy, UpdateReplacePolicy, DependsOn'
  ])
  t.equal(at('WebsocketsApi', 'Description'), '10:9 Description')
  t.equal(at('WebsocketsDeploymentStage', 'DefaultRouteSettings', 'ThrottlingBurstLimit'), '19:33 DefaultRouteSettings.ThrottlingBurstLimit')
})

t.test('parts of generated resources are named as the definition writes them, at their place', async (t) => {
  const { at } = read(`
functions:
  f:
    handler: a.b
    environment: { TABLE: orders }
    events:
      - websocket:
          route: $connect
          authorizer:
            name: auth
            identitySource: [route.request.header.Auth]
      - websocket: say
  auth: { handler: a.auth }`, {}, `
  name: aws
  websocketsApiName: mine
  timeout: 20
  logs: { websocket: { level: ERROR } }`)
  t.equal(at('WebsocketsApi'), '2:1 ')
  t.equal(at('WebsocketsApi', 'Name'), '4:3 provider.websocketsApiName')
  t.equal(at('WebsocketsApi', 'Description'), '2:1 Description', 'a default')
  t.equal(at('WebsocketsDeploymentStage', 'DefaultRouteSettings', 'LoggingLevel'), '6:24 provider.logs.websocket.level')
  t.equal(at('FLambdaFunction', 'Handler'), '10:5 functions.f.handler')
  t.equal(at('FLambdaFunction', 'Environment', 'Variables', 'TABLE'), '11:20 functions.f.environment.TABLE')
  t.equal(at('FLambdaFunction', 'Timeout'), '5:3 provider.timeout')
  t.equal(at('SconnectWebsocketsRoute', 'RouteKey'), '14:11 functions.f.events[0].websocket.route')
  t.equal(at('AuthWebsocketsAuthorizer', 'IdentitySource', 0), '17:30 functions.f.events[0].websocket.authorizer.identitySource[0]')
  t.equal(at('sayWebsocketsRoute', 'RouteKey'), '18:9 functions.f.events[1].websocket.route')
})

t.test('migration 8 [src] routes of an API in resources, and of one of another stack', async (t) => {
  const events = 'functions: { f: { handler: a.b, events: [{ websocket: a }] } }\n'
  const provider = (id: string, rest = '') => `{ name: aws, apiGateway: { websocketApiId: ${id} }${rest} }`
  const local = read(`${events}resources: { Resources: { Mine: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: mine } } } }`, {}, provider('!Ref Mine')).resources
  t.same(Object.keys(local).filter((id) => /^Websockets(?:Api|DeploymentStage)$/.test(id)), [])
  t.match(local.aWebsocketsRoute, { Properties: { ApiId: { Ref: 'Mine' } } })
  t.match(Object.values(local).find(({ Type }) => Type === 'AWS::ApiGatewayV2::Deployment'), { Properties: { ApiId: { Ref: 'Mine' }, StageName: 'dev' } })

  for (const id of ['abc123', '!ImportValue Api', '!Ref Nowhere']) {
    t.throws(() => read(events, {}, provider(id)), { code: 'AGW_ERR_MIGRATE_AMBIGUOUS', message: /^provider\.apiGateway\.websocketApiId is .* an API of another stack/ })
  }
  const foreign = read(events, {}, provider('abc123', ', websocketsApiRouteSelectionExpression: $request.body.do'))
  t.match(foreign.resources.WebsocketsApi, { Properties: { RouteSelectionExpression: '$request.body.do' } })
  t.match(foreign.entries, [{ level: 'warning', code: 'api-foreign', resource: 'provider', property: 'apiGateway.websocketApiId' }])
})

t.test('every key that has no part is in the report, and events of other kinds', async (t) => {
  const { entries } = read(`
useDotenv: true
plugins: [serverless-offline, serverless-step-functions]
package: { individually: true }
custom: { unused: 1 }
params: { default: {} }
layers: { shared: { path: layer } }
functions:
  f:
    handler: a.b
    events:
      - http: { path: a, method: get }
      - websocket: { route: a, routeKey: b, authorizer: null }
      - schedule: \${ssm:/rate}
      - alexaSkill`, {}, `
  name: aws
  stackTags: { a: b }
  versionFunctions: false
  apiGateway: { shouldStartNameWithService: true }
  logs: { restApi: true, websocket: { rolle: x } }
  websocket: { useProviderTag: true }
  websocketApiName: forgotten s
  constructor: 1
  httpApi: { cors: true }`)
  t.same(entries.map(({ level, code, resource, property }) => `${level} ${code} ${resource} ${property}`), [
    'info event-other functions.f events[0].http',
    'warning event-key-unknown functions.f events[1].websocket.routeKey',
    'info event-other functions.f events[2].schedule',
    'info event-other functions.f events[3]',
    'info key-unused useDotenv undefined',
    'info key-unused package undefined',
    'info key-unused provider stackTags',
    'info key-unused provider versionFunctions',
    'warning key-unknown provider websocketApiName',
    'info key-unused provider constructor',
    'info key-unused provider httpApi',
    'info key-unused provider apiGateway.shouldStartNameWithService',
    'info key-unused provider logs.restApi',
    'warning key-unknown provider websocket.useProviderTag',
    'warning key-unknown provider logs.websocket.rolle',
    'info layer-unused layers.shared undefined',
    'warning plugins-not-run plugins undefined'
  ])
})

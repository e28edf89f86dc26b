// Conversion of resources: joins in every shape, values as CloudFormation takes them, what AWS refuses, what is reported.
import t from 'tap'
import { compileIdentitySource } from '../../lib/access/identity-sources.ts'
import { checkOptions } from '../../lib/options.ts'
import { API, convert, invocation, MOCK, ref, refusals, resource, ROUTE, STAGE, told, withApi } from './resources.ts'

const node = { Runtime: 'nodejs22.x', Handler: 'app.handler', InlineCode: 'exports.handler = async () => ({ statusCode: 200 })' }
const fn = resource('Fn', 'Serverless::Function', node)
const integrationOf = (uri: string) => resource('Proxy', 'Integration', { ApiId: ref('Api'), IntegrationType: 'AWS_PROXY', IntegrationUri: uri })
const routeTo = (target: string) => resource('Route', 'Route', { ApiId: ref('Api'), RouteKey: 'order', Target: target })

t.test('a definition becomes options that the plugin accepts, and nothing else', async (t) => {
  const { options, functions, report } = convert(withApi())
  t.same(options, {
    name: 'chat',
    routeSelectionExpression: '$request.body.action',
    apiId: options.apiId,
    region: 'us-east-1',
    accountId: '123456789012',
    stages: [{ stageName: 'prod', autoDeploy: true }],
    routes: { order: { target: 'integrations/Mock', routeResponses: {} } },
    integrations: { Mock: { integrationType: 'MOCK' } }
  })
  t.match(options.apiId, /^[a-z0-9]{10}$/)
  t.equal(convert(withApi()).options.apiId, options.apiId, 'the id is the same each time')
  t.same(functions, {})
  t.same(report, [{
    level: 'info', code: 'property-carried', resource: 'Stage', property: 'AutoDeploy', message: 'AutoDeploy is kept for API Gateway and has no effect here'
  }])
  checkOptions(options)
})

t.test('an id of API Gateway stays what it is', async (t) => {
  const api = { ...API, id: 'a1b2c3d4e5' }
  const { options } = convert([
    api,
    resource('prod', 'Stage', { ApiId: 'a1b2c3d4e5', StageName: 'prod', DeploymentId: 'dep111' }),
    resource('rou1111', 'Route', { ApiId: 'a1b2c3d4e5', RouteKey: '$default', Target: 'integrations/int1111' }),
    resource('int1111', 'Integration', { ApiId: 'a1b2c3d4e5', IntegrationType: 'MOCK' })
  ], {}, { format: 'aws-cli' })
  t.equal(options.apiId, 'a1b2c3d4e5')
  t.same(options.routes, { $default: { target: 'integrations/int1111', routeResponses: {} } })
})

t.test('a function is found whichever way it is named', async (t) => {
  const cases: Record<string, [uri: string, alias?: string]> = {
    'the invocation URI of its ARN': [invocation(ref('Fn', 'Arn'))],
    'its bare ARN': [ref('Fn', 'Arn')],
    'a literal ARN of its name': [invocation('arn:aws:lambda:us-east-1:123456789012:function:Fn')],
    'an ARN around its name': [invocation(`arn:aws:lambda:us-east-1:123456789012:function:${ref('Fn')}`)],
    'its ARN and an alias': [invocation(`${ref('Fn', 'Arn')}:live`), 'live'],
    'an alias resource': [invocation(ref('Alias')), 'live'],
    'a version resource': [ref('Version'), '1'],
    "SAM's alias": [invocation(ref('Published', 'Alias')), 'blue']
  }
  for (const [title, [uri, alias]] of Object.entries(cases)) {
    const name = uri.includes('Published') ? 'Published' : 'Fn'
    const { options, functions, report } = convert(withApi(
      fn,
      resource('Published', 'Serverless::Function', { ...node, AutoPublishAlias: 'blue' }),
      resource('Alias', 'Lambda::Alias', { FunctionName: ref('Fn'), FunctionVersion: '1', Name: 'live' }),
      resource('Version', 'Lambda::Version', { FunctionName: ref('Fn') }),
      integrationOf(uri), routeTo(`integrations/${ref('Proxy')}`)
    ))
    const arn = `arn:aws:lambda:us-east-1:123456789012:function:${name}${alias === undefined ? '' : `:${alias}`}`
    const integration = options.integrations?.Proxy as { integrationUri: string }
    t.equal(integration.integrationUri, uri.startsWith('arn:aws:apigateway') ? invocation(arn) : arn, title)
    t.same(functions, {
      [name]: {
        name, runtime: 'nodejs22.x', handler: 'app.handler', inlineCode: node.InlineCode, environment: {}, ...(alias === undefined ? undefined : { alias })
      }
    }, title)
    t.notOk(report.some(({ level }) => level === 'error'), title)
  }
})

t.test('a function has the name it is given', async (t) => {
  const { options, functions } = convert(withApi(
    resource('Fn', 'Lambda::Function', { ...node, FunctionName: 'stack-chat', Code: { ZipFile: 'x' } }), integrationOf(ref('Fn', 'Arn'))
  ))
  t.same(Object.keys(functions), ['stack-chat'])
  t.match(options.integrations?.Proxy, { integrationUri: 'arn:aws:lambda:us-east-1:123456789012:function:stack-chat' })
})

t.test('a function outside of the definition is an error that says what to bind', async (t) => {
  const { functions, report } = convert(withApi(integrationOf(invocation('arn:aws:lambda:us-east-1:123456789012:function:elsewhere:live'))))
  t.same(functions, { elsewhere: { name: 'elsewhere', environment: {}, problem: 'it is not in the definition', alias: 'live' } })
  t.match(report.find(({ code }) => code === 'function-outside'), {
    level: 'error', resource: 'Proxy', property: 'IntegrationUri', message: 'Function elsewhere:live is not in the definition', hint: "bind functions['elsewhere']"
  })
})

t.test('variables of stages choose the function of each', async (t) => {
  const { options, functions, report } = convert(withApi(
    fn, integrationOf(invocation('arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.fn}')),
    resource('Stage', 'Stage', { ApiId: ref('Api'), StageName: 'p', AutoDeploy: true, StageVariables: { fn: ref('Fn') } }),
    resource('Stage2', 'Stage', { ApiId: ref('Api'), StageName: 'q', AutoDeploy: true, StageVariables: { fn: 'elsewhere' } }),
    resource('Stage3', 'Stage', { ApiId: ref('Api'), StageName: 'r', AutoDeploy: true })
  ))
  t.match(options.integrations?.Proxy, { integrationUri: /function:\$\{stageVariables\.fn\}\/invocations$/ })
  t.same(Object.keys(functions), ['Fn', 'elsewhere'])
  t.same(told(report, 'Proxy'), ['warning function-outside IntegrationUri', 'info function-by-stage IntegrationUri'])
  t.match(report.find(({ code }) => code === 'function-by-stage')?.message, 'p Fn, q elsewhere, r none')
})

t.test('addresses in the environment of a function end as those of its partition do', async (t) => {
  const environmentIn = (region: string, partition: string): Record<string, string> | undefined => convert(withApi(
    resource('Queue', 'SQS::Queue', {}),
    resource('Fn', 'Serverless::Function', { ...node, Environment: { Variables: { WSS: ref('Api', 'ApiEndpoint'), QUEUE: ref('Queue') } } }),
    integrationOf(ref('Fn', 'Arn'))
  ), {}, { region, partition }).functions.Fn?.environment
  t.match(environmentIn('cn-north-1', 'aws-cn'), { WSS: /^wss:\/\/\w{10}\.execute-api\.cn-north-1\.amazonaws\.com\.cn$/, QUEUE: 'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/Queue' })
  t.match(environmentIn('us-gov-west-1', 'aws-us-gov'), { WSS: /^wss:\/\/\w{10}\.execute-api\.us-gov-west-1\.amazonaws\.com$/, QUEUE: 'https://sqs.us-gov-west-1.amazonaws.com/123456789012/Queue' })
})

t.test('the environment of a function is resolved', async (t) => {
  const { options, functions, report } = convert(withApi(
    resource('Table', 'DynamoDB::Table', {}), resource('Named', 'DynamoDB::Table', { TableName: `stack-${ref('Api')}` }),
    resource('Topic', 'SNS::Topic', { TopicName: 'news' }), resource('Queue', 'SQS::Queue', {}), resource('Role', 'IAM::Role', {}),
    resource('Fn', 'Serverless::Function', {
      ...node,
      Timeout: '30',
      MemorySize: 256,
      Policies: [],
      Environment: {
        Variables: {
          ENDPOINT: `https://${ref('Api')}.execute-api.us-east-1.amazonaws.com/${ref('Stage')}`,
          WSS: `${ref('Api', 'ApiEndpoint')}/${ref('Stage')}`,
          TABLE: ref('Table'),
          NAMED: ref('Named'),
          NAMED_ARN: ref('Named', 'Arn'),
          TOPIC: ref('Topic'),
          QUEUE: ref('Queue'),
          ROLE: ref('Role', 'Arn'),
          SELF: ref('Fn'),
          COUNT: 3,
          ON: true
        }
      }
    }),
    integrationOf(ref('Fn', 'Arn'))
  ))
  const { apiId } = options
  t.same(functions.Fn, {
    name: 'Fn',
    runtime: 'nodejs22.x',
    handler: 'app.handler',
    inlineCode: node.InlineCode,
    environment: {
      ENDPOINT: `https://${apiId}.execute-api.us-east-1.amazonaws.com/prod`,
      WSS: `wss://${apiId}.execute-api.us-east-1.amazonaws.com/prod`,
      TABLE: 'Table',
      NAMED: `stack-${apiId}`,
      NAMED_ARN: `arn:aws:dynamodb:us-east-1:123456789012:table/stack-${apiId}`,
      TOPIC: 'arn:aws:sns:us-east-1:123456789012:news',
      QUEUE: 'https://sqs.us-east-1.amazonaws.com/123456789012/Queue',
      ROLE: 'arn:aws:iam::123456789012:role/Role',
      SELF: 'Fn',
      COUNT: '3',
      ON: 'true'
    },
    timeoutInMillis: 30_000,
    memoryInMegabytes: 256
  })
  t.same(told(report, 'Fn'), [
    'info function-properties-dropped',
    'info reference-placeholder Environment.Variables.TABLE',
    'info reference-placeholder Environment.Variables.QUEUE',
    'info reference-placeholder Environment.Variables.ROLE'
  ], 'what has no name of its own is told')
})

t.test('a function that SAM builds names no code where that is in the folder of the template', async (t) => {
  const { InlineCode: _, ...properties } = node as typeof node & { InlineCode?: string }
  const read = (type: string) => convert(withApi(resource('Fn', type, properties as never), integrationOf(ref('Fn', 'Arn')))).functions.Fn
  t.match(read('Serverless::Function'), { codeDirectory: import.meta.dirname, problem: undefined })
  t.equal(read('Lambda::Function')?.problem, 'the definition does not say where its code is')
})

t.test('a function that cannot run here says why', async (t) => {
  const cases: Record<string, [properties: object, code: string, problem: string]> = {
    python: [{ Runtime: 'python3.13' }, 'function-runtime', 'its Runtime is python3.13, not Node.js'],
    'no runtime': [{ Runtime: undefined }, 'function-runtime', 'it has no Runtime'],
    'no handler': [{ Handler: undefined }, 'function-handler', 'it has no Handler'],
    'an image': [{ PackageType: 'Image', ImageUri: 'x' }, 'function-image', 'its code is a container image'],
    'S3, as SAM packages it': [{ InlineCode: undefined, CodeUri: 's3://bucket/key' }, 'function-code-remote', 'its code lies in S3'],
    'S3, as SAM writes it': [{ InlineCode: undefined, CodeUri: { Bucket: 'b', Key: 'k' } }, 'function-code-remote', 'its code lies in S3'],
    'S3, as CloudFormation writes it': [{ InlineCode: undefined, Code: { S3Bucket: 'b', S3Key: 'k' } }, 'function-code-remote', 'its code lies in S3'],
    'a place that is no text': [{ InlineCode: undefined, CodeUri: 7 }, 'function-code-missing', 'the definition does not say where its code is'],
    'a folder that is not there': [{ InlineCode: undefined, CodeUri: 'nothing/' }, 'function-code-missing', 'its code "nothing/" does not exist'],
    'a file': [{ InlineCode: undefined, CodeUri: 'convert.test.ts' }, 'function-code-archive', 'its code "convert.test.ts" is no folder'],
    'a folder above': [{ InlineCode: undefined, CodeUri: '../house' }, 'function-code-outside', 'its code "../house" lies outside of the definition\'s folder'],
    'a folder from the root': [{ InlineCode: undefined, CodeUri: '/etc' }, 'function-code-outside', 'its code "/etc" lies outside of the definition\'s folder']
  }
  for (const [title, [properties, code, problem]] of Object.entries(cases)) {
    const given = Object.fromEntries(Object.entries({ ...node, ...properties }).filter(([, value]) => value !== undefined))
    const { functions, report } = convert(withApi(resource('Fn', 'Serverless::Function', given as never), integrationOf(ref('Fn', 'Arn'))))
    t.equal(functions.Fn?.problem, problem, title)
    t.notOk(functions.Fn?.codeDirectory, title)
    t.match(report.filter(({ level }) => level === 'error'), [{ code, message: `Function Fn cannot run here: ${problem}` }], title)
  }
})

t.test('a folder of code is named from where the definition lies, and a link does not lead out of it', async (t) => {
  const directory = t.testdir({ src: { 'app.js': '' }, outside: t.fixture('symlink', '/etc') })
  const of = (CodeUri: string) => convert(withApi(
    resource('Fn', 'Serverless::Function', { Runtime: 'nodejs22.x', Handler: 'app.handler', CodeUri }), integrationOf(ref('Fn', 'Arn'))
  ), {}, { directory }).functions.Fn
  t.equal(of('src/')?.codeDirectory, `${directory}/src`)
  t.equal(of('.')?.codeDirectory, directory)
  t.match(of('outside'), { codeDirectory: undefined, problem: 'its code "outside" leads outside of the definition\'s folder' })
})

t.test('the code of a CDK application is where cdk synth staged it, though its templates have it in S3', async (t) => {
  const digest = '0123456789abcdef'.repeat(4)
  const other = '0123456789abcdef'.repeat(3) + 'fedcba9876543210'
  const files = {
    app: {
      'cdk.out': '{"version":"54.0.0"}',
      [`asset.${digest}`]: { 'index.js': '' },
      [`asset.${other}`]: t.fixture('symlink', '/etc'),
      'assembly-Prod': { 'cdk.out': '{"version":"54.0.0"}', 'assembly-Prod-East': { 'cdk.out': '{"version":"54.0.0"}' } },
      unmarked: {}
    },
    [`asset.${digest}`]: { 'index.js': '' }
  }
  const folder = t.testdir(files)
  const app = `${folder}/app`
  const of = (directory: string, Code: unknown) => convert(withApi(
    resource('Fn', 'Lambda::Function', { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: Code as never }), integrationOf(ref('Fn', 'Arn'))
  ), {}, { directory }).functions.Fn
  const inBucket = (S3Key: string) => ({ S3Bucket: 'cdk-hnb659fds-assets-123456789012-us-east-1', S3Key })

  t.equal(of(app, inBucket(`${digest}.zip`))?.codeDirectory, `${app}/asset.${digest}`)
  t.equal(of(app, inBucket(`some/prefix/${digest}.zip`))?.codeDirectory, `${app}/asset.${digest}`)
  for (const stage of ['assembly-Prod', 'assembly-Prod/assembly-Prod-East']) {
    const up = stage.split('/').map(() => '..').join('/')
    t.equal(of(`${app}/${stage}`, inBucket(`${digest}.zip`))?.codeDirectory, `${app}/asset.${digest}`, stage)
    t.equal(of(`${app}/${stage}`, `${up}/asset.${digest}`)?.codeDirectory, `${app}/asset.${digest}`, `${stage}, by its metadata`)
  }

  const remote = { codeDirectory: undefined, problem: 'its code lies in S3' }
  const missing = 'f'.repeat(64)
  for (const key of [`${missing}.zip`, 'code.zip', `../asset.${digest}.zip`, `${digest}.jar`]) t.match(of(app, inBucket(key)), remote, key)
  t.match(of(app, inBucket(`${other}.zip`)), { codeDirectory: undefined, problem: /leads outside of the definition's folder$/ }, 'a link')
  t.match(of(app, `../asset.${digest}`), { codeDirectory: undefined, problem: /lies outside of the definition's folder$/ }, 'above the application')
  t.match(of(`${app}/unmarked`, `../asset.${digest}`), { codeDirectory: undefined, problem: /lies outside/ }, 'in a folder that CDK did not write')
})

t.test('links in a circle where cdk synth stages code are no code and no crash', async (t) => {
  const digest = '0123456789abcdef'.repeat(4)
  const app = t.testdir({ 'cdk.out': t.fixture('symlink', 'cdk.out'), [`asset.${digest}`]: t.fixture('symlink', `asset.${digest}`) })
  const { functions, report } = convert(withApi(
    resource('Fn', 'Lambda::Function', { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { S3Bucket: 'assets', S3Key: `${digest}.zip` } }),
    integrationOf(ref('Fn', 'Arn'))
  ), {}, { directory: app })
  t.equal(functions.Fn?.codeDirectory, undefined)
  t.ok(report.some(({ code }) => code === 'function-code-remote'))
})

t.test('layers are listed, and told', async (t) => {
  const { functions, report } = convert(withApi(
    resource('Layer', 'Lambda::LayerVersion', {}),
    resource('Fn', 'Serverless::Function', { ...node, Layers: [ref('Layer'), 'arn:aws:lambda:us-east-1:1:layer:x:3'] }), integrationOf(ref('Fn', 'Arn'))
  ))
  t.same(functions.Fn?.layers, ['arn:aws:lambda:us-east-1:123456789012:layer:Layer:1', 'arn:aws:lambda:us-east-1:1:layer:x:3'])
  t.ok(told(report, 'Fn').includes('warning function-layers Layers'))
})

t.test('a function that the API does not call is told and not imported', async (t) => {
  const { functions, report } = convert(withApi(fn))
  t.same(functions, {})
  t.same(told(report, 'Fn'), ['info function-not-called'])
})

t.test('actions of other services are errors that say what to bind', async (t) => {
  const uri = (rest: string): string => `arn:aws:apigateway:us-east-1:${rest}`
  const cases: Array<[uri: string, more: object, keys: string[]]> = [
    [uri('states:action/StartExecution'), {}, ['states:StartExecution']],
    [uri('sqs:action/SendMessage&Version=2012-11-05'), {}, ['sqs:SendMessage']],
    [uri('sqs:path/123456789012/queue'), { RequestTemplates: { $default: 'Action=SendMessage&MessageBody=x' } }, ['sqs:SendMessage']],
    [uri('sns:path//'), { RequestParameters: { 'integration.request.querystring.Action': "'Publish'" } }, ['sns:Publish']],
    [uri('dynamodb:path//'), { RequestParameters: { 'integration.request.header.X-Amz-Target': "'DynamoDB_20120810.PutItem'" } }, ['dynamodb:PutItem']],
    [uri('s3:path/bucket/key'), {}, ['s3:*']],
    [uri('abc.iot:path/topics/x'), {}, ['iot:*']]
  ]
  for (const [IntegrationUri, more, keys] of cases) {
    const { report } = convert(withApi(resource('Mock', 'Integration', { ApiId: ref('Api'), IntegrationType: 'AWS', IntegrationUri, ...more })))
    t.match(report.filter(({ level }) => level === 'error'), [{
      code: 'service-required', resource: 'Mock', message: `Mock calls ${keys.join(', ')}`, hint: `bind services['${keys.join("'], services['")}']`
    }], IntegrationUri)
  }
})

t.test('the target of a route is found in every shape', async (t) => {
  for (const target of [`integrations/${ref('Mock')}`, 'integrations/Mock', ref('Mock')]) {
    t.match(convert(withApi(routeTo(target))).options.routes, { order: { target: 'integrations/Mock' } }, target)
  }
})

t.test('a route response makes a route two-way, and the expression alone does not', async (t) => {
  const response = resource('RR', 'RouteResponse', { ApiId: ref('Api'), RouteId: ref('Route'), RouteResponseKey: '$default' })
  const asking = resource('Route', 'Route', { ...ROUTE.properties, RouteResponseSelectionExpression: '$default' })
  const both = convert(withApi(asking, response))
  t.same(both.options.routes?.order, { routeResponseSelectionExpression: '$default', target: 'integrations/Mock', routeResponses: { $default: {} } })
  t.same(told(both.report), [])
  const asks = convert(withApi(asking))
  t.same(asks.options.routes?.order?.routeResponses, {})
  t.same(told(asks.report), ['warning route-response-missing RouteResponseSelectionExpression'])
  const answers = convert(withApi(response))
  t.same(answers.options.routes?.order?.routeResponses, { $default: {} })
  t.same(told(answers.report), ['info route-response-without-expression'])
})

t.test('integration responses stand below their integration', async (t) => {
  const { options, report } = convert(withApi(
    resource('Ok', 'IntegrationResponse', {
      ApiId: ref('Api'),
      IntegrationId: ref('Mock'),
      IntegrationResponseKey: '/2\\d\\d/',
      ResponseTemplates: { $default: '{"ok":true}', 200: 'x' },
      TemplateSelectionExpression: '\\$default'
    }),
    resource('Rest', 'IntegrationResponse', { ApiId: ref('Api'), IntegrationId: ref('Mock'), IntegrationResponseKey: '$default' })
  ))
  t.same(options.integrations?.Mock, {
    integrationType: 'MOCK',
    integrationResponses: {
      '/2\\d\\d/': { responseTemplates: { $default: '{"ok":true}', 200: 'x' }, templateSelectionExpression: '\\$default' }, $default: {}
    }
  })
  t.same(told(report), ['warning template-never-selected ResponseTemplates.200'])
})

t.test('an authorizer is named by its Name', async (t) => {
  const { options, functions, report } = convert(withApi(
    fn, resource('Auth', 'Authorizer', {
      ApiId: ref('Api'), Name: 'token', AuthorizerType: 'REQUEST', AuthorizerUri: invocation(ref('Fn', 'Arn')), IdentitySource: ['route.request.querystring.t']
    }),
    resource('Connect', 'Route', {
      ApiId: ref('Api'),
      RouteKey: '$connect',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: ref('Auth'),
      ApiKeyRequired: 'true',
      RequestParameters: { 'route.request.querystring.room': { Required: true } }
    })
  ))
  t.same(options.authorizers, {
    token: {
      authorizerType: 'REQUEST', authorizerUri: invocation('arn:aws:lambda:us-east-1:123456789012:function:Fn'), identitySource: ['route.request.querystring.t']
    }
  })
  t.same(options.routes?.$connect, {
    authorizationType: 'CUSTOM',
    authorizerId: 'token',
    apiKeyRequired: true,
    requestParameters: { 'route.request.querystring.room': { required: true } },
    routeResponses: {}
  })
  t.same(Object.keys(functions), ['Fn'])
  t.same(told(report), ['info property-coerced ApiKeyRequired', 'info route-without-target'])
  checkOptions(options)
})

t.test('a property without effect is left out, since the plugin would refuse it', async (t) => {
  const { options, report } = convert(withApi(
    fn, resource('Mock', 'Integration', { ...MOCK.properties, IntegrationUri: '' }),
    resource('Full', 'Integration', { ...MOCK.properties, IntegrationUri: 'http://example.com' }),
    resource('Proxy', 'Integration', {
      ApiId: ref('Api'), IntegrationType: 'AWS_PROXY', IntegrationUri: ref('Fn', 'Arn'), RequestTemplates: { $default: 'x' }, TemplateSelectionExpression: '\\$default'
    })
  ))
  t.same(options.integrations?.Mock, { integrationType: 'MOCK' })
  t.same(Object.keys(options.integrations?.Proxy ?? {}), ['integrationType', 'integrationUri'])
  t.same(told(report, 'Mock'), ['info property-without-effect IntegrationUri'], 'as CDK writes every MOCK')
  t.same(told(report, 'Full'), ['warning property-without-effect IntegrationUri'])
  t.same(told(report, 'Proxy'), ['warning property-without-effect RequestTemplates', 'warning property-without-effect TemplateSelectionExpression'])
  checkOptions(options)
})

t.test('identity sources as HTTP APIs write them are read, with a warning', async (t) => {
  const { options, report } = convert(withApi(fn, resource('Auth', 'Authorizer', {
    ApiId: ref('Api'),
    Name: 'token',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: ref('Fn', 'Arn'),
    IdentitySource: ['$request.header.Auth', '${request.querystring.t}', '$context.stage', '$stageVariables.x', '$request.body.x']
  })))
  t.same(options.authorizers?.token?.identitySource, ['route.request.header.Auth', 'route.request.querystring.t', 'context.stage', 'stageVariables.x', '$request.body.x'])
  t.throws(() => { compileIdentitySource('$request.body.x', 'here') }, { code: 'AGW_ERR_OPTIONS_INVALID' }, 'what names nothing stays, so that the plugin refuses it')
  t.same(told(report, 'Auth'), [
    ...[0, 1, 2, 3].map((i) => `warning identity-source-http IdentitySource[${i}]`), 'error identity-source-invalid IdentitySource[4]', 'warning authorizer-unused'
  ])
})

t.test('models come as objects and as texts, in the order of their members', async (t) => {
  const schema = { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['b', 'a'], properties: { b: {}, a: {} } }
  const { options } = convert(withApi(
    resource('One', 'Model', { ApiId: ref('Api'), Name: 'One', Schema: schema, ContentType: 'application/json' }),
    resource('Two', 'Model', { ApiId: ref('Api'), Name: 'Two', Schema: JSON.stringify(schema), Description: 'same' })
  ))
  t.equal(JSON.stringify(options.models), JSON.stringify([
    { name: 'One', contentType: 'application/json', schema }, { name: 'Two', description: 'same', schema }
  ]))
})

t.test('domain names lead to stages of the API, those outside of the definition as well', async (t) => {
  const { options, report } = convert(withApi(
    resource('Domain', 'DomainName', { DomainName: 'ws.example.com', DomainNameConfigurations: [{ CertificateArn: ref('Cert'), EndpointType: 'REGIONAL' }], Tags: { a: 'b' } }),
    resource('Cert', 'CertificateManager::Certificate', {}),
    resource('Idle', 'DomainName', { DomainName: 'idle.example.com' }),
    resource('One', 'ApiMapping', { ApiId: ref('Api'), DomainName: ref('Domain'), Stage: ref('Stage'), ApiMappingKey: 'chat' }),
    resource('Two', 'ApiMapping', { ApiId: ref('Api'), DomainName: 'other.example.com', Stage: 'prod' })
  ))
  t.same(options.domainNames, [
    {
      domainName: 'ws.example.com',
      domainNameConfigurations: [{ certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/Cert', endpointType: 'REGIONAL' }],
      tags: { a: 'b' },
      apiMappings: [{ stage: 'prod', apiMappingKey: 'chat' }]
    },
    { domainName: 'other.example.com', apiMappings: [{ stage: 'prod' }] }
  ])
  t.same(told(report, 'Idle'), ['info domain-name-without-mapping'])
  checkOptions(options)
})

t.test('a domain name that is no host name is an error at its place', async (t) => {
  const mapping = (name: string, DomainName: string) => resource(name, 'ApiMapping', { ApiId: ref('Api'), DomainName, Stage: ref('Stage') })
  const { options, report } = convert(withApi(
    resource('Empty', 'DomainName', { DomainName: '' }),
    resource('Idle', 'DomainName', { DomainName: 'https://idle.example.com' }),
    resource('Good', 'DomainName', { DomainName: '*.example.com' }),
    mapping('ToEmpty', ref('Empty')),
    mapping('ToGood', ref('Good')),
    mapping('ToUrl', 'https://ws.example.com'),
    mapping('ToUrlAgain', 'https://ws.example.com')
  ))
  t.same(report.filter(({ level }) => level === 'error'), [
    { level: 'error', code: 'domain-name-invalid', resource: 'Empty', property: 'DomainName', message: 'DomainName is ""; it must be a host name, or *. and a host name' },
    { level: 'error', code: 'domain-name-invalid', resource: 'ToUrl', property: 'DomainName', message: 'DomainName is "https://ws.example.com"; it must be a host name, or *. and a host name' }
  ], 'each name once, and none that is left out')
  t.throws(() => checkOptions(options), { message: /domainName is ""; it must be a string:\s+a host name, or \*\. and a host name/ })
})

t.test('a region that is none is an error', async (t) => {
  for (const region of ['$', '', 'eu', 'EU-WEST-1', 'eu-west-1a']) {
    const { options, report } = convert(withApi(), {}, { region })
    t.same(report.filter(({ level }) => level === 'error'), [{
      level: 'error',
      code: 'region-invalid',
      message: `Region is ${JSON.stringify(region)}; it must be a region such as us-east-1`,
      hint: 'give it in option region'
    }])
    t.throws(() => checkOptions(options), { message: /region is .*; it must be a string: a region such as us-east-1/ })
  }
  for (const region of ['us-east-1', 'us-gov-west-1', 'ap-southeast-10', 'eusc-de-east-1']) t.notOk(told(convert(withApi(), {}, { region }).report).includes('error region-invalid'))
})

t.test('keys and usage plans are joined, and a key is disabled unless it says otherwise', async (t) => {
  const { options, report } = convert(withApi(
    resource('Key', 'ApiGateway::ApiKey', { Value: 'abcdefghijklmnopqrstuvwxyz', Enabled: true, Tags: [{ Key: 'team', Value: 'chat' }] }),
    resource('Silent', 'ApiGateway::ApiKey', {}),
    resource('Plan', 'ApiGateway::UsagePlan', {
      ApiStages: [{ ApiId: ref('Api'), Stage: ref('Stage'), Throttle: { order: { BurstLimit: 2, RateLimit: 1.5 } } }, { ApiId: ref('Rest'), Stage: 'x' }],
      Quota: { Limit: '10', Period: 'DAY' }
    }),
    resource('Rest', 'ApiGateway::RestApi', {}),
    resource('RestPlan', 'ApiGateway::UsagePlan', { ApiStages: [{ ApiId: ref('Rest'), Stage: 'x' }] }),
    resource('RestKey', 'ApiGateway::ApiKey', { Enabled: true, Value: 'zyxwvutsrqponmlkjihgfedcba' }),
    resource('Bind', 'ApiGateway::UsagePlanKey', { KeyId: ref('Key'), KeyType: 'API_KEY', UsagePlanId: ref('Plan') }),
    resource('RestBind', 'ApiGateway::UsagePlanKey', { KeyId: ref('RestKey'), KeyType: 'API_KEY', UsagePlanId: ref('RestPlan') })
  ))
  t.same(options.apiKeys, { Key: { value: 'abcdefghijklmnopqrstuvwxyz', enabled: true, tags: { team: 'chat' } }, Silent: { enabled: false } })
  t.same(options.usagePlans, {
    Plan: {
      apiStages: [{ apiId: options.apiId, stage: 'prod', throttle: { order: { burstLimit: 2, rateLimit: 1.5 } } }, { apiId: 'Rest', stage: 'x' }],
      quota: { limit: 10, period: 'DAY' },
      apiKeys: ['Key']
    }
  })
  t.same(told(report, 'Silent'), ['warning api-key-without-value', 'warning api-key-disabled'])
  t.same(told(report, 'RestPlan'), ['info usage-plan-of-other-api'])
  t.same(told(report, 'RestKey'), ['info api-key-of-other-api'])
  checkOptions(options)
})

t.test('the value of a key is nowhere shown', async (t) => {
  for (const Value of ['tooshort', 12_345_678_901, { secret: 'tooshort' }] as never[]) {
    const found = refusals(withApi(resource('Key', 'ApiGateway::ApiKey', { Value, Enabled: true })))
    t.equal(found.length, 1)
    t.notMatch(found[0], /tooshort|123456/)
  }
})

t.test('values are taken as CloudFormation takes them, and that is told', async (t) => {
  const { options, report } = convert(withApi(
    resource('Api', 'Api', { ...API.properties, DisableSchemaValidation: 'true', Version: 1.5, Description: true }),
    resource('Mock', 'Integration', { ...MOCK.properties, TimeoutInMillis: '3000' }),
    resource('Stage', 'Stage', { ...STAGE.properties, AutoDeploy: 'false', StageVariables: { n: 3 }, DefaultRouteSettings: { ThrottlingRateLimit: '1e3', ThrottlingBurstLimit: '007' } })
  ))
  t.match(options, {
    disableSchemaValidation: true,
    version: '1.5',
    description: 'true',
    integrations: { Mock: { timeoutInMillis: 3000 } },
    stages: [{ autoDeploy: false, stageVariables: { n: '3' }, defaultRouteSettings: { throttlingRateLimit: 1000, throttlingBurstLimit: 7 } }]
  })
  t.same(report.filter(({ code }) => code === 'property-coerced').map(({ message }) => message).sort(), [
    'DisableSchemaValidation is "true" and was read as true',
    'Version is 1.5 and was read as "1.5"',
    'Description is true and was read as "true"',
    'AutoDeploy is "false" and was read as false',
    'StageVariables.n is 3 and was read as "3"',
    'DefaultRouteSettings.ThrottlingRateLimit is "1e3" and was read as 1000',
    'DefaultRouteSettings.ThrottlingBurstLimit is "007" and was read as 7',
    'TimeoutInMillis is "3000" and was read as 3000'
  ].sort())
})

t.test('AWS refuses wrong types in these words', async (t) => {
  const cases: Array<[properties: object, message: string]> = [
    [{ DisableSchemaValidation: 'yes' }, 'Api: Value of property DisableSchemaValidation must be of type Boolean'],
    [{ Description: ['x'] }, 'Api: Value of property Description must be of type String'],
    [{ Tags: ['x'] }, 'Api: Value of property Tags must be an object'],
    [{ Description: null }, 'Api: Value of property Description must be of type String'],
    [{ Name: '' }, 'Api: Name is ""; it must have at least 1 character'],
    [{ IpAddressType: 'ipv6' }, 'Api: IpAddressType is "ipv6"; it must be ipv4 or dualstack']
  ]
  for (const [properties, message] of cases) {
    t.same(refusals(withApi(resource('Api', 'Api', { ...API.properties, ...properties } as never))), [message])
  }
  t.same(refusals(withApi(resource('Auth', 'Authorizer', { ApiId: ref('Api'), Name: 'x', AuthorizerType: 'REQUEST', AuthorizerUri: ref('Fn', 'Arn'), IdentitySource: 'x' }))), [
    'Auth: Value of property IdentitySource must be of type List of String'
  ])
  t.same(refusals(withApi(resource('Mock', 'Integration', { ...MOCK.properties, TimeoutInMillis: 3000.5 }))), ['Mock: Value of property TimeoutInMillis must be of type Integer'])
  t.same(refusals(withApi(resource('Route', 'Route', { ApiId: ref('Api') }))), ['Route: Property RouteKey cannot be empty.'])
})

t.test('an unknown property is an error with the name that was meant', async (t) => {
  const { report } = convert(withApi(
    resource('Route', 'Route', { ...ROUTE.properties, OperationNam: 'x', target: 'integrations/x', Zebra: 1 }),
    resource('Stage', 'Stage', { ...STAGE.properties, DefaultRouteSettings: { throttlingBurstLimit: 1 }, RouteSettings: { order: { throttlingBurstLimit: 1 } } })
  ))
  t.same(report.filter(({ code }) => code === 'property-unknown').map(({ level, message }) => `${level}: ${message}`), [
    'error: Encountered unsupported property OperationNam; did you mean OperationName?',
    'error: Encountered unsupported property target; did you mean Target?',
    'error: Encountered unsupported property Zebra',
    'error: Encountered unsupported property DefaultRouteSettings.throttlingBurstLimit; did you mean ThrottlingBurstLimit?',
    'warning: Encountered unsupported property RouteSettings.order.throttlingBurstLimit; did you mean ThrottlingBurstLimit?'
  ])
})

t.test('what only HTTP APIs have is reported and dropped', async (t) => {
  const { options, report } = convert(withApi(
    resource('Api', 'Api', { ...API.properties, CorsConfiguration: { AllowOrigins: ['*'] } }),
    resource('Mock', 'Integration', { ...MOCK.properties, TlsConfig: {}, PayloadFormatVersion: '2.0' })
  ))
  t.same(told(report), ['warning property-http-only CorsConfiguration', 'warning property-http-only TlsConfig', 'warning payload-format PayloadFormatVersion'])
  t.notMatch(JSON.stringify(options), /cors|tlsConfig/i)
})

t.test('what AWS refuses is refused, all of it at once', async (t) => {
  const auth = resource('Auth', 'Authorizer', { ApiId: ref('Api'), Name: 'x', AuthorizerType: 'REQUEST', AuthorizerUri: ref('Fn', 'Arn') })
  const route = (properties: object) => resource('R', 'Route', { ApiId: ref('Api'), RouteKey: 'r', ...properties } as never)
  const integration = (properties: object) => resource('I', 'Integration', { ApiId: ref('Api'), IntegrationType: 'AWS_PROXY', IntegrationUri: ref('Fn', 'Arn'), ...properties } as never)
  const cases: Array<[Parameters<typeof withApi>, string[]]> = [
    [[route({ AuthorizationType: 'AWS_IAM' })], ['R: Currently, authorization is restricted to the $connect route only']],
    [[route({ AuthorizationType: 'CUSTOM' })], ['R: Currently, authorization is restricted to the $connect route only', 'R: AuthorizationType is CUSTOM, and AuthorizerId is missing']],
    [[route({ RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId: ref('Mock') })], ['R: AuthorizerId names "Mock", which is no authorizer of the API']],
    [[route({ RouteKey: '$connect', AuthorizationType: 'JWT' })], ['R: AuthorizationType is "JWT"; WebSocket APIs have NONE, AWS_IAM and CUSTOM']],
    [[route({ RouteKey: '$nonsense' })], ['R: The provided route key is not formatted properly: "$nonsense"']],
    [[route({ RouteKey: 'order' })], ['R: Route with key order already exists for this API']],
    [[route({ Target: 'integrations/none' })], ['R: Target names "integrations/none", which is no integration of the API']],
    [[route({ Target: `integrations/${ref('Stage')}` })], ['R: Target names "integrations/prod", which is no integration of the API']],
    [[route({ RequestParameters: { 'route.request.header.x': { Required: true } } })], ['R: Request parameters are only supported for the $connect route in WEBSOCKET APIs']],
    [[route({ RouteKey: '$connect', RequestParameters: { x: { Required: true } } })], ['R: RequestParameters.x is no request parameter; it must be route.request.header.NAME or route.request.querystring.NAME']],
    [[integration({ TimeoutInMillis: 49 })], ['I: TimeoutInMillis is 49; Timeout should be between 50 ms and 29000 ms']],
    [[integration({ TimeoutInMillis: 29_001 })], ['I: TimeoutInMillis is 29001; Timeout should be between 50 ms and 29000 ms']],
    [[integration({ IntegrationType: 'LAMBDA' })], ['I: IntegrationType is "LAMBDA"; it must be AWS, AWS_PROXY, HTTP, HTTP_PROXY or MOCK']],
    [[integration({ IntegrationType: 'HTTP', IntegrationUri: 'http://x' })], ['I: Enumeration value for HttpMethod must be non-empty']],
    [[integration({ IntegrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage' })], ['I: IntegrationUri is "arn:aws:apigateway:us-east-1:sqs:action/SendMessage"; AWS_PROXY calls Lambda functions only']],
    [[integration({ IntegrationType: 'AWS', IntegrationUri: 'arn:aws:sqs:us-east-1:1:x' })], ['I: IntegrationUri is "arn:aws:sqs:us-east-1:1:x"; AWS ARN for integration must contain path or action']],
    [[resource('I', 'Integration', { ApiId: ref('Api'), IntegrationType: 'AWS' })], ['I: IntegrationUri is missing; type AWS needs it']],
    [[resource('S', 'Stage', { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true })], ['S: Stages cannot be named $default for WebSocket APIs.']],
    [[resource('S', 'Stage', { ApiId: ref('Api'), StageName: 'a b', AutoDeploy: true })], ['S: StageName is "a b"; it must be letters, digits, - and _, at most 128']],
    [[resource('S', 'Stage', { ApiId: ref('Api'), StageName: 'prod', AutoDeploy: true })], ['S: Stage prod already exists']],
    [[resource('S', 'Stage', { ApiId: ref('Api'), StageName: 's', AutoDeploy: true, StageVariables: { 'a-b': 'x' } })], ['S: StageVariables has the name "a-b"; it must be letters, digits and _, at most 64']],
    [[resource('S', 'Stage', { ApiId: ref('Api'), StageName: 's', AutoDeploy: true, AccessLogSettings: { Format: '$context.requestIdentity' } })], ['S: AccessLogSettings.Format must be one line that holds $context.requestId or $context.extendedRequestId']],
    [[auth, { ...auth, id: 'Auth2' }], ['Auth2: Authorizer with name x already exists for this API: Auth']],
    [[resource('M', 'Model', { ApiId: ref('Api'), Name: 'M', Schema: '{"type":' })], ['M: Schema is neither an object nor the JSON of one']],
    [[resource('RR', 'RouteResponse', { ApiId: ref('Api'), RouteId: ref('Route'), RouteResponseKey: 'x' })], ['RR: RouteResponseKey is "x"; it must be $default']],
    [[resource('RR', 'RouteResponse', { ApiId: ref('Api'), RouteId: ref('Mock'), RouteResponseKey: '$default' })], ['RR: RouteId names "Mock", which is no route of the API']],
    [[resource('IR', 'IntegrationResponse', { ApiId: ref('Api'), IntegrationId: ref('Mock'), IntegrationResponseKey: '200' })], ['IR: IntegrationResponseKey is "200"; it must be $default or a pattern between slashes']],
    [[resource('Map', 'ApiMapping', { ApiId: ref('Api'), DomainName: 'x.example.com', Stage: 'nowhere' })], ['Map: Stage names "nowhere", which is no stage of the API']]
  ]
  for (const [more, expected] of cases) t.same(refusals(withApi(fn, ...more)), expected, String(expected))
  t.same(refusals(withApi(fn, ...cases.slice(0, 2).flatMap(([more], i) => more.map((one) => ({ ...one, id: `R${i}`, properties: { ...one.properties, RouteKey: `k${i}` } }))))).length, 3)
})

t.test('a refusal holds the whole report', async (t) => {
  const error = t.throws(() => convert(withApi(resource('S', 'Stage', { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true }))), {
    code: 'AGW_ERR_MIGRATE_REFUSED', message: 'Definition would be refused by API Gateway: S: Stages cannot be named $default for WebSocket APIs.'
  }) as { report?: unknown }
  t.match(error.report, [{ resource: 'Stage', code: 'property-carried' }, { resource: 'S', code: 'property-carried' }, { level: 'error', code: 'stage-name', resource: 'S', property: 'StageName' }])
})

t.test('which API is imported', async (t) => {
  const second = resource('Second', 'Api', { Name: 'other', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.t' })
  const http = resource('Http', 'Api', { Name: 'http', ProtocolType: 'HTTP' })
  const route = resource('R2', 'Route', { ApiId: ref('Second'), RouteKey: 'x' })
  t.throws(() => convert(withApi(second)), { code: 'AGW_ERR_MIGRATE_AMBIGUOUS', message: 'Definition has the WebSocket APIs Api (chat), Second (other); name one in option api' })
  t.throws(() => convert(withApi(second), { api: 'third' }), { message: 'Definition has no WebSocket API "third"; it has the WebSocket APIs Api (chat), Second (other)' })
  t.throws(() => convert(withApi({ ...second, properties: { ...second.properties, Name: 'chat' } }), { api: 'chat' }), { message: /several WebSocket APIs by the name "chat"/ })
  t.throws(() => convert([http]), { code: 'AGW_ERR_MIGRATE_AMBIGUOUS', message: 'Definition has no WebSocket API; it has Http (HTTP API)' })
  t.throws(() => convert([route]), { message: /routes, such as R2, of an API that it does not define/ })
  for (const api of ['Second', 'other']) {
    const { options, report } = convert(withApi(second, http, route), { api })
    t.same([options.name, Object.keys(options.routes ?? {})], ['other', ['x']])
    t.same(told(report), [
      'info api-not-chosen', 'info resource-of-other-api ApiId', 'info resource-of-other-api ApiId', 'info resource-of-other-api ApiId', 'warning stage-missing', 'info api-not-websocket', 'info route-without-target'
    ])
  }
})

t.test('which stage is imported', async (t) => {
  const more = [
    resource('Test', 'Stage', { ApiId: ref('Api'), StageName: 'test', AutoDeploy: true }),
    resource('Map', 'ApiMapping', { ApiId: ref('Api'), DomainName: 'x.example.com', Stage: ref('Stage') }),
    resource('Plan', 'ApiGateway::UsagePlan', { ApiStages: [{ ApiId: ref('Api'), Stage: ref('Stage') }, { ApiId: ref('Api'), Stage: ref('Test') }] })
  ]
  const { options, report } = convert(withApi(...more), { stage: 'test' })
  t.same(options.stages, [{ stageName: 'test', autoDeploy: true }])
  t.notOk(options.domainNames)
  t.same(options.usagePlans?.Plan?.apiStages, [{ apiId: options.apiId, stage: 'test' }])
  t.same(told(report), ['info stage-not-chosen', 'info stage-not-chosen Stage', 'info stage-not-chosen ApiStages[0]'])
  t.throws(() => convert(withApi(...more), { stage: 'none' }), { code: 'AGW_ERR_MIGRATE_AMBIGUOUS', message: 'Definition has no stage "none" of the API Api; it has prod, test' })
})

t.test('what else a definition holds is told, one entry each', async (t) => {
  const { report } = convert(withApi(
    resource('Table', 'DynamoDB::Table', {}), resource('Rest', 'ApiGateway::RestApi', {}), resource('Link', 'VpcLink', { Name: 'x' }),
    resource('Typo', 'Rute', {}), resource('Foreign', 'Route', { ApiId: 'zzzzzzzzzz', RouteKey: 'x' })
  ))
  t.same(report.filter(({ resource }) => !['Stage'].includes(resource ?? '')).map(({ level, message }) => `${level}: ${message}`), [
    'info: Table is an AWS::DynamoDB::Table and was not imported',
    'info: Rest is no WebSocket API and was not imported',
    'info: Link is an AWS::ApiGatewayV2::VpcLink and was not imported',
    'error: Typo is of the unknown type AWS::ApiGatewayV2::Rute; did you mean AWS::ApiGatewayV2::Route?',
    'error: Foreign belongs to the API "zzzzzzzzzz", which the definition does not have, and was left out'
  ])
})

t.test('a deployment that does not wait for every route is told', async (t) => {
  const stage = resource('Stage', 'Stage', { ApiId: ref('Api'), StageName: 'prod', DeploymentId: ref('Deployment') })
  const deployment = (dependsOn: string[]) => resource('Deployment', 'Deployment', { ApiId: ref('Api') }, dependsOn)
  const response = resource('RR', 'RouteResponse', { ApiId: ref('Api'), RouteId: ref('Route'), RouteResponseKey: '$default' })
  const of = (...more: Parameters<typeof withApi>): string[] => told(convert(withApi(stage, ...more)).report, 'Deployment')
  t.same(of(deployment([])), ['info deployment-not-imported', 'warning deployment-order'])
  t.same(of(deployment(['Route'])), ['info deployment-not-imported'])
  t.same(of(deployment(['RR']), response), ['info deployment-not-imported'], 'by way of what depends on the route')
  t.same(told(convert(withApi(resource('Stage', 'Stage', { ApiId: ref('Api'), StageName: 'prod' }))).report, 'Stage'), ['warning stage-not-deployed'])
  t.same(told(convert(withApi(resource('Stage', 'Stage', { ApiId: ref('Api'), StageName: 'prod' }), resource('Deployment', 'Deployment', { ApiId: ref('Api'), StageName: 'prod' }, ['Route']))).report, 'Stage'), [])
})

t.test('names that JavaScript keeps for itself are names like any other', async (t) => {
  const own = (json: string) => JSON.parse(json)
  const { options } = convert([
    { ...API, properties: { ...API.properties, Tags: own('{"__proto__":"x","constructor":"y"}') } },
    { ...STAGE, properties: { ...STAGE.properties, StageVariables: own('{"__proto__":"x"}') } },
    resource('__proto__', 'Integration', { ApiId: ref('Api'), IntegrationType: 'MOCK' }),
    resource('constructor', 'Route', { ApiId: ref('Api'), RouteKey: '__proto__', Target: `integrations/${ref('__proto__')}` })
  ])
  t.same(Object.entries(options.tags ?? {}), [['__proto__', 'x'], ['constructor', 'y']])
  t.same(Object.entries(options.routes ?? {}), [['__proto__', { target: 'integrations/__proto__', routeResponses: {} }]])
  t.same(Object.keys(options.integrations ?? {}), ['__proto__'])
  const { report } = convert(withApi(resource('Api', 'Api', own('{"Name":"x","ProtocolType":"WEBSOCKET","RouteSelectionExpression":"$request.body.a","__proto__":1}'))))
  t.match(report.at(-1), { level: 'error', code: 'property-unknown', property: '__proto__' })
})

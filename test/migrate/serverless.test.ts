// serverless.yml as resources: real definitions and one of each feature, against reviewed goldens.
// The generated part of each is what the compiler of the framework itself (3.38) makes, ids and the deployment's hash included.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { importDefinition } from '../../lib/migrate/index.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { Json, JsonObject } from '../../lib/migrate/resource.ts'
import { replaceReferences } from '../../lib/migrate/references.ts'
import { readServerless } from '../../lib/migrate/serverless/index.ts'
import { readSource } from '../../lib/migrate/source.ts'
import { parseYaml } from '../../lib/migrate/yaml.ts'
import type { ImportOptions } from '../../types/migrate.js'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const NAMES = ['own-sls-full', 'own-sls-service', 'sls-example-authorizers', 'sls-offline-example', 'sls-offline-main', 'sls-offline-oneway',
  'sls-offline-route-selection', 'sls-offline-twoway']

async function read (source: unknown, options: ImportOptions = {}) {
  const report = new Report()
  const definition = readServerless(await readSource(source, options), options, report)
  const print = (_: string, value: unknown) =>
    typeof value === 'string' ? replaceReferences(value, ({ id, attribute }) => `<${id}${attribute === undefined ? '' : `.${attribute}`}>`) : value
  return {
    ...definition,
    resources: JSON.parse(JSON.stringify(Object.fromEntries(definition.resources.map(({ id, type, properties, dependsOn }) =>
      [id, { type, properties, ...(dependsOn.length > 0 && { dependsOn }) }])), print)) as Record<string, JsonObject>,
    places: definition.resources,
    report: report.entries.map(({ level, code, resource, property, line, column }) =>
      `${line}:${column} ${level} ${code} ${resource}${property === undefined ? '' : ` ${property}`}`),
    refusals: report.refusals
  }
}

for (const name of NAMES) {
  t.test(`migration 3 serverless.yml [src] ${name} is read into what the framework would deploy`, async (t) => {
    const { resources, report, refusals } = await read(join(FIXTURES, name))
    const expected = JSON.parse(readFileSync(join(FIXTURES, name, 'expected.json'), 'utf8'))
    t.same(resources, expected.resources)
    t.same(Object.keys(resources), Object.keys(expected.resources), 'in the order of the framework')
    t.same(report, expected.report)
    t.same(refusals, [])
  })
}

t.test('migration 8 nothing disappears: without any one of its values, own-sls-full is other resources or another report', async (t) => {
  const text = readFileSync(join(FIXTURES, 'own-sls-full', 'serverless.yml'), 'utf8')
  const whole = JSON.parse(JSON.stringify(parseYaml(text, 'serverless.yml').value)) as JsonObject
  const resultOf = async (value: JsonObject) => {
    try {
      const { resources, report } = await read(value)
      return JSON.stringify([resources, report])
    } catch (error) {
      return String(error)
    }
  }
  const pathsOf = (value: Json): string[][] => typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((path) => [key, ...path])])
  const without = (path: string[]): JsonObject => {
    const copy = structuredClone(whole)
    const parent = path.slice(0, -1).reduce<JsonObject>((value, key) => value[key] as JsonObject, copy)
    if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
    else delete parent[path.at(-1) as string]
    return copy
  }
  const result = await resultOf(whole)
  const silent: string[] = []
  for (const path of pathsOf(whole)) if (await resultOf(without(path)) === result) silent.push(path.join('.'))
  t.same(silent, ['frameworkVersion', 'provider.stage', 'provider.logs.websocket.accessLogging', 'provider.logs.websocket.executionLogging'],
    'the version says nothing of the API; the others are what they would be without')
})

t.test('options choose stage, region, account and the values of variables', async (t) => {
  const options = { stage: 'prod', region: 'cn-north-1', accountId: '012345678901', parameters: { table: 'given' }, variables: { 'opt:selector': 'kind', 'ssm:/orders/prod/secret': 'x' } }
  const { resources, partition, region, accountId, report } = await read(join(FIXTURES, 'own-sls-service'), options)
  t.same({ partition, region, accountId }, { partition: 'aws-cn', region: 'cn-north-1', accountId: '012345678901' })
  t.match(resources, {
    WebsocketsApi: { properties: { Name: 'prod-orders-websockets', RouteSelectionExpression: '$request.body.kind' } },
    WebsocketsDeploymentStage: {
      properties: {
        StageName: 'prod',
        DefaultRouteSettings: { ThrottlingBurstLimit: 500 },
        AccessLogSettings: { DestinationArn: 'arn:aws-cn:logs:cn-north-1:012345678901:log-group:<WebsocketsLogGroup>' }
      }
    },
    OrderLambdaFunction: { properties: { Environment: { Variables: { SECRET: 'x', ENDPOINT: 'https://<WebsocketsApi>.execute-api.cn-north-1.amazonaws.com.cn/prod' } } } },
    ConnectionsTable: { properties: { TableName: 'given' } },
    StatusIntegration: { properties: { TemplateSelectionExpression: '${request.body.kind}' } }
  })
  t.same(report.filter((entry) => entry.includes(' error ')), [])
})

t.test('region is asked of the provider, then of the environment', async (t) => {
  const before = process.env.AWS_REGION
  process.env.AWS_REGION = 'ap-south-1'
  t.teardown(() => {
    if (before === undefined) delete process.env.AWS_REGION
    else process.env.AWS_REGION = before
  })
  t.equal((await read('service: a\nprovider: { name: aws, region: eu-west-3 }')).region, 'eu-west-3')
  t.equal((await read('service: a\nprovider: aws\nfunctions: {}')).region, 'ap-south-1')
})

t.test('functions whose names have no value here stay apart', async (t) => {
  const fn = (key: string, name: string) => `  ${key}: { handler: ${key}.handler, name: "${name}", events: [{ websocket: ${key} }] }\n`
  const { functions, report } = await importDefinition(`service: a\nprovider: { name: aws, websocketsApiRouteSelectionExpression: $request.body.do }\nfunctions:\n${fn('one', '${ssm:/name}')}${fn('two', '${ssm:/name}')}${fn('three', '${self:custom.three}')}custom: { three: third }\n`)
  t.same(Object.values(functions).map(({ name, handler }) => [name, handler]), [['a-dev-one', 'one.handler'], ['a-dev-two', 'two.handler'], ['third', 'three.handler']])
  t.match(report.filter(({ level }) => level === 'error'), [
    { code: 'variable-unresolved', resource: 'functions.one', property: 'name', message: /"ssm:\/name" has no value here/ },
    { code: 'variable-unresolved', resource: 'functions.two', property: 'name' }
  ])
  t.equal(report.filter(({ level }) => level === 'error').length, 2, 'no function is there twice, and none is missing')
})

t.test('a region that is none is an error where the definition says it', async (t) => {
  const text = 'service: a\nprovider:\n  name: aws\n  region: $\nfunctions: { f: { handler: a.b, events: [{ websocket: $default }] } }\n'
  const { options, report } = await importDefinition(text)
  t.same(report.filter(({ code }) => code === 'region-invalid'), [{
    level: 'error',
    code: 'region-invalid',
    message: 'provider.region is "$"; it must be a region such as us-east-1',
    hint: 'give it in option region',
    resource: 'provider',
    property: 'region',
    line: 4,
    column: 3
  }])
  t.equal(options.region, '$')
  const given = await importDefinition(text, { region: 'here' })
  t.match(given.report.filter(({ code }) => code === 'region-invalid'), [{ message: 'Region is "here"; it must be a region such as us-east-1', resource: undefined }])
  t.same((await importDefinition(text, { region: 'eu-west-3' })).report.filter(({ level }) => level === 'error').map(({ code }) => code), [])
})

t.test('resources name their properties as the definition does', async (t) => {
  const { places } = await read(join(FIXTURES, 'own-sls-full'))
  const nameOf = (id: string, ...path: string[]) => places.find((resource) => resource.id === id)?.nameOf?.(path)
  t.equal(nameOf('WebsocketsApi', 'RouteSelectionExpression'), 'provider.websocketsApiRouteSelectionExpression')
  t.equal(nameOf('ConnectLambdaFunction', 'Environment', 'Variables', 'ONLY'), 'functions.connect.environment.ONLY')
  t.equal(nameOf('ConnectLambdaFunction', 'Environment', 'Variables', 'TABLE'), 'provider.environment.TABLE')
  t.equal(nameOf('ConnectWebsocketsIntegration', 'IntegrationUri'), 'IntegrationUri')
})

t.test('parameters of the stack are those of the provider, then the given ones that it declares', async (t) => {
  const text = `
service: a
provider:
  name: aws
  stackName: mine
  stackParameters: [{ ParameterKey: One, ParameterValue: 1 }, { ParameterKey: Two, ParameterValue: two }]
functions:
  f: { handler: a.b, environment: { ONE: !Ref One, TWO: !Ref Two, STACK: !Ref AWS::StackName } }
resources:
  Parameters: { One: { Type: Number }, Two: { Type: String } }`
  const { resources, refusals } = await read(text, { parameters: { Two: 'given', forTheFramework: 'alone' } })
  t.same(refusals, [])
  t.match(resources.FLambdaFunction, { properties: { Environment: { Variables: { ONE: 1, TWO: 'given', STACK: 'mine' } } } })
})

t.test('what the framework makes for other purposes, or a plugin might, can be referred to', async (t) => {
  const { resources, report, refusals } = await read(`
service: a
provider: { name: aws, environment: { ROLE: !GetAtt IamRoleLambdaExecution.Arn, REST: !Ref ApiGatewayRestApi, OTHER: !Sub "\${PluginTable.Arn}-\${Own}-\${AWS::Region}" } }
layers: { shared: { path: layer } }
functions:
  f: { handler: a.b, layers: [!Ref SharedLambdaLayer], dependsOn: [FLogGroup] }
resources:
  Resources: { Own: { Type: AWS::SQS::Queue } }`)
  t.same(refusals, [])
  t.same(Object.fromEntries(Object.entries(resources).map(([id, { type }]) => [id, type])), {
    FLambdaFunction: 'AWS::Lambda::Function',
    Own: 'AWS::SQS::Queue',
    FLogGroup: 'AWS::Logs::LogGroup',
    IamRoleLambdaExecution: 'AWS::IAM::Role',
    ApiGatewayRestApi: 'AWS::ApiGateway::RestApi',
    PluginTable: 'AWS::CloudFormation::CustomResource',
    SharedLambdaLayer: 'AWS::Lambda::LayerVersion'
  })
  t.same(report, ['4:11 info layer-unused layers.shared', '7:1 warning reference-outside resources'])
})

t.test('what CloudFormation would refuse of the merged template is refused', async (t) => {
  const { refusals } = await read(`
service: a
provider: aws
functions: { f: { handler: a.b, events: [{ websocket: 'room one' }] } }
resources: { Resources: { WebsocketsTypo: { Properties: {} } } }`)
  t.match(refusals, [{ message: /room oneWebsocketsRoute is non alphanumeric/ }, { message: /WebsocketsTypo\] Every Resources object must contain a Type member/ }])
})

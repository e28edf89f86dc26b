// AWS::Serverless::WebSocketApi against SAM's own goldens: 23 templates and what SAM makes of them, 20 with what it says
// against them, and the 14 of its integration tests. The fixtures' SOURCE.txt tells where they come from.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ImportOptions } from '../../types/migrate.js'
import { readCloudFormation } from '../../lib/migrate/cloudformation/index.ts'
import { Parameters } from '../../lib/migrate/cloudformation/parameters.ts'
import { transformServerless } from '../../lib/migrate/cloudformation/sam/index.ts'
import { Template } from '../../lib/migrate/cloudformation/template.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { JsonObject, Resource } from '../../lib/migrate/resource.ts'
import { readSource } from '../../lib/migrate/source.ts'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const TRANSLATOR = join(FIXTURES, 'sam-websocketapi-translator')
const INTEGRATION = join(FIXTURES, 'sam-websocketapi-integration')

type Golden = { Resources: Record<string, { Type: string, Properties: JsonObject, DependsOn?: string[] }>, errorMessage: string }

const goldenOf = (name: string) => JSON.parse(readFileSync(join(TRANSLATOR, 'output', `${name}.json`), 'utf8')) as Golden
/** What a WebSocketApi becomes. Roles of functions and records of Route 53 are made by others, or lead to AWS. */
const isExpanded = (type: string) => type.startsWith('AWS::ApiGatewayV2::') || type === 'AWS::Lambda::Permission'
const names = readdirSync(join(TRANSLATOR, 'input')).map((file) => file.replace(/\.yaml$/, ''))

/** The resources of a template as SAM leaves them, intrinsics as they are. */
async function transform (path: string): Promise<{ resources: object, report: Report }> {
  const report = new Report()
  const template = new Template(await readSource(path, {}), report)
  const raw = template.resources(template.section('Resources'), new Map())
  const { resources } = transformServerless(template, raw, template.section('Globals'), new Parameters(template.section('Parameters'), {}), report)
  const entries = resources.filter(({ type }) => isExpanded(type)).map(({ id, type, properties, dependsOn }) =>
    [id, { Type: type, Properties: properties, ...(dependsOn.length === 0 ? undefined : { DependsOn: dependsOn }) }])
  return { resources: Object.fromEntries(entries), report }
}

async function readFrom (source: unknown, options: ImportOptions = {}): Promise<{ resources: readonly Resource[], report: Report }> {
  const report = new Report()
  return { resources: readCloudFormation(await readSource(source, options), options, report).resources, report }
}

t.test('migration 3 [src] a WebSocketApi becomes the resources SAM makes of it, by the same logical ids', async (t) => {
  const good = names.filter((name) => !name.startsWith('error_'))
  t.equal(good.length, 23)
  for (const name of good) {
    const { resources, report } = await transform(join(TRANSLATOR, 'input', `${name}.yaml`))
    const golden = Object.entries(goldenOf(name).Resources).filter(([, { Type }]) => isExpanded(Type))
    t.strictSame(JSON.parse(JSON.stringify(resources)), Object.fromEntries(golden), name)
    t.same(report.refusals, [], name)
  }
})

t.test('migration 3 [src] what SAM refuses is refused in its words', async (t) => {
  const broken = names.filter((name) => name.startsWith('error_'))
  t.equal(broken.length, 20)
  for (const name of broken) {
    const { report, resources } = await readFrom(join(TRANSLATOR, 'input', `${name}.yaml`))
    const said = `Invalid Serverless Application Specification document. Number of errors found: ${report.refusals.length}. ${report.refusals.map(({ message }) => message).join(' ')}`
    t.equal(said, goldenOf(name).errorMessage, name)
    t.match(report.refusals, [{ level: 'error', code: 'sam-invalid', resource: 'WSApi', line: Number, column: 3 }], name)
    t.notOk(resources.some(({ type }) => type.startsWith('AWS::ApiGatewayV2')), name)
  }
})

t.test('every template of SAM\'s integration tests expands to what it says', async (t) => {
  const createdBy = { 'websocketapi:createdBy': 'SAM' }
  const api = (properties: object = {}) => ({ Name: 'MyApi', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action', Tags: createdBy, ...properties })
  const stage = (properties: object = {}) => ({ AutoDeploy: true, StageName: 'default', Tags: createdBy, ...properties })
  const route = (key: string, properties: object = {}) => ({ RouteKey: key, ...properties })
  /** Properties that are not references to other resources of the API. */
  const expected: Record<string, { given?: Record<string, string>, resources: Record<string, object> }> = {
    basic: { resources: { MyApi: api(), MyApiDefaultRoute: route('$default'), MyApiDefaultStage: stage() } },
    basic_config: {
      resources: {
        MyApi: api({
          ApiKeySelectionExpression: '$request.header.x-api-key',
          Description: 'Toy API',
          DisableExecuteApiEndpoint: false,
          DisableSchemaValidation: false,
          Name: 'MyApiName',
          Tags: { t1: 'v1', t2: 'v2', ...createdBy }
        }),
        MyApiDefaultRoute: route('$default'),
        MyApiDefaultStage: stage()
      }
    },
    custom_domains_regional: {
      given: { MyDomainName: 'ws.example.com', MyDomainCert: 'arn:aws:acm:us-east-1:123456789012:certificate/abc', HostedZoneId: 'Z1' },
      resources: {
        MyApi: api(),
        MyApiDefaultRoute: route('$default'),
        MyApiProdStage: stage({ StageName: 'Prod' }),
        // SHA-1 of ws.example.com: SAM knows values of parameters before it makes ids.
        ApiGatewayDomainNameV2453c43f60a: {
          DomainName: 'ws.example.com',
          DomainNameConfigurations: [
            { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/abc', EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }
          ],
          Tags: createdBy
        },
        MyApigetApiMapping: { ApiMappingKey: 'get' },
        MyApipostApiMapping: { ApiMappingKey: 'post' }
      }
    },
    multiple_api: {
      resources: {
        Api1: api({ Name: 'Api1' }),
        Api1DefaultRoute: route('$default'),
        Api1DefaultStage: stage(),
        Api2: api({ Name: 'Api2' }),
        Api2DefaultRoute: route('$default'),
        Api2DefaultStage: stage()
      }
    },
    multiple_routes: {
      resources: {
        MyApi: api(),
        MyApiConnectRoute: route('$connect'),
        MyApiDisconnectRoute: route('$disconnect'),
        MyApiDefaultRoute: route('$default'),
        MyApiSendRoute: route('send'),
        MyApiNonsenseRoute: route('nonsense'),
        MyApiDefaultStage: stage()
      }
    },
    route_config: {
      resources: {
        MyApi: api(),
        MyApiConnectRoute: route('$connect', {
          ApiKeyRequired: false,
          ModelSelectionExpression: '$request.body.modelType',
          OperationName: 'connect',
          RequestParameters: { 'route.request.querystring.p1': { Required: true } },
          RouteResponseSelectionExpression: '$default'
        }),
        MyApiDefaultStage: stage()
      }
    },
    route_settings: {
      resources: {
        MyApi: api(),
        MyApiDefaultRoute: route('$default'),
        MyApiSendmessageRoute: route('sendMessage'),
        MyApiDefaultStage: stage({ RouteSettings: { sendMessage: { ThrottlingBurstLimit: 200 } } })
      }
    },
    stage_config: {
      resources: {
        MyApi: api({ Tags: { t1: 'val1', t2: 'val2', ...createdBy } }),
        MyApiDefaultRoute: route('$default'),
        MyApiProdStage: stage({ StageName: 'Prod', StageVariables: { var1: 'val1', var2: 'val2' }, Tags: { t1: 'val1', t2: 'val2', ...createdBy } })
      }
    },
    with_disable_execute_api_endpoint: {
      given: { DisableExecuteApiEndpointValue: 'true' },
      resources: { MyApi: api({ DisableExecuteApiEndpoint: 'true' }), MyApiConnectRoute: route('$connect'), MyApiDefaultStage: stage() }
    },
    with_disable_schema_validation: {
      resources: { MyApi: api({ DisableSchemaValidation: true }), MyApiConnectRoute: route('$connect'), MyApiDefaultStage: stage() }
    },
    with_iam_auth: {
      resources: { MyApi: api(), MyApiConnectRoute: route('$connect', { AuthorizationType: 'AWS_IAM' }), MyApiDefaultStage: stage() }
    },
    with_ip_address_type: {
      given: { IpAddressType: 'dualstack' },
      resources: { MyApi: api({ IpAddressType: 'dualstack' }), MyApiConnectRoute: route('$connect'), MyApiDefaultStage: stage() }
    },
    with_lambda_auth: {
      resources: {
        MyApi: api(),
        MyApiConnectRoute: route('$connect', { AuthorizationType: 'CUSTOM' }),
        MyApiConnectAuthorizer: { AuthorizerType: 'REQUEST', Name: 'MyApiConnectAuthorizer' },
        MyApiDefaultStage: stage()
      }
    },
    with_none_auth: {
      resources: { MyApi: api(), MyApiConnectRoute: route('$connect', { AuthorizationType: 'NONE' }), MyApiDefaultStage: stage() }
    }
  }
  const files = readdirSync(INTEGRATION).filter((file) => file.endsWith('.yaml'))
  t.same(files.map((file) => file.slice('websocket_api_'.length, -'.yaml'.length)).sort(), Object.keys(expected).sort())
  const references = ['ApiId', 'Target', 'AuthorizerId', 'AuthorizerUri', 'Stage']
  for (const [name, { given, resources: wanted }] of Object.entries(expected)) {
    const { resources, report } = await readFrom(join(INTEGRATION, `websocket_api_${name}.yaml`), given === undefined ? {} : { parameters: given })
    const shown = resources
      .filter(({ type }) => type.startsWith('AWS::ApiGatewayV2::') && type !== 'AWS::ApiGatewayV2::Integration')
      .map(({ id, type, properties }) => [id, Object.fromEntries(Object.entries(properties).filter(([key, value]) =>
        !references.includes(key) && !(type === 'AWS::ApiGatewayV2::ApiMapping' && key === 'DomainName' && typeof value === 'string')))])
    t.strictSame(JSON.parse(JSON.stringify(Object.fromEntries(shown))), wanted, name)
    const keys = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Route').length
    t.equal(resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration').length, keys, `${name}: an integration for each route`)
    t.same(report.entries.filter(({ level }) => level === 'error'), [], name)
  }
})

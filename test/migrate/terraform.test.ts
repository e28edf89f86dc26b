// What `terraform show -json` prints, of plans and of states, as resources of CloudFormation.
import t from 'tap'
import { Report } from '../../lib/migrate/report.ts'
import { readTerraform } from '../../lib/migrate/terraform/index.ts'
import { readFixture, readPrinted, sourceOf } from './read.ts'

const read = async (value: unknown, options = {}): Promise<any> => await readPrinted(readTerraform, value, options)

for (const name of ['own-tf-plan-json', 'terraform-plan-modules']) {
  t.test(`${name}: a plan is joined through what its configuration refers to`, async (t) => {
    t.same(await read(readFixture(name, 'plan.json')), readFixture(`${name}.expected.json`))
  })
}

t.test('terraform-state: a state is joined through the ids that AWS gave', async (t) => {
  t.same(await read(readFixture('terraform-state', 'state.json')), readFixture('terraform-state.expected.json'))
})

/** A plan of a WebSocket API, and what else is given. */
function plan (resources: any[], configuration: any[] = [], more = {}): any {
  const api = { address: 'aws_apigatewayv2_api.ws', mode: 'managed', type: 'aws_apigatewayv2_api', name: 'ws', values: { name: 'ws', protocol_type: 'WEBSOCKET', route_selection_expression: '$request.body.action' } }
  return {
    planned_values: { root_module: { resources: [api, ...resources] } },
    configuration: { root_module: { resources: configuration } },
    ...more
  }
}

function resource (type: string, name: string, values: any, index?: string | number): any {
  const key = index === undefined ? '' : `[${JSON.stringify(index)}]`
  return { address: `${type}.${name}${key}`, mode: 'managed', type, name, ...(index === undefined ? {} : { index }), values }
}

const configured = (type: string, name: string, expressions: any, more = {}): any => ({ address: `${type}.${name}`, mode: 'managed', type, name, expressions, ...more })

t.test('count: an index that is an expression means the instance of the same index', async (t) => {
  const { resources } = await read(plan(
    [0, 1].flatMap((i) => [
      resource('aws_apigatewayv2_integration', 'i', { integration_type: 'MOCK' }, i),
      resource('aws_apigatewayv2_route', 'r', { route_key: `key${i}` }, i)
    ]),
    [configured('aws_apigatewayv2_route', 'r', { target: { references: ['aws_apigatewayv2_integration.i', 'count.index'] } })]
  ))
  t.same(resources.filter(({ type }: any) => type.endsWith('::Route')).map(({ properties }: any) => properties.Target),
    ['integrations/<aws_apigatewayv2_integration.i[0]>', 'integrations/<aws_apigatewayv2_integration.i[1]>'])
})

t.test('a reference to one of several instances that nothing chooses is an error that names them', async (t) => {
  const { report } = await read(plan(
    [
      resource('aws_apigatewayv2_integration', 'i', { integration_type: 'MOCK' }, 'a'),
      resource('aws_apigatewayv2_integration', 'i', { integration_type: 'MOCK' }, 'b'),
      resource('aws_apigatewayv2_route', 'r', { route_key: 'order' })
    ],
    [configured('aws_apigatewayv2_route', 'r', { target: { references: ['aws_apigatewayv2_integration.i', 'local.which'] } })]
  ))
  t.match(report.find(({ code }: any) => code === 'value-unknown'), {
    level: 'error',
    resource: 'aws_apigatewayv2_route.r',
    property: 'target',
    message: 'target is known after apply only; it refers to aws_apigatewayv2_integration.i["a"], aws_apigatewayv2_integration.i["b"]'
  })
})

t.test('variables and outputs that refer to each other in a circle end', async (t) => {
  const value = plan([resource('aws_apigatewayv2_route', 'r', { route_key: 'order' })], [
    configured('aws_apigatewayv2_route', 'r', { target: { references: ['module.a.x', 'module.a'] } })
  ])
  value.planned_values.root_module.child_modules = [{ address: 'module.a', resources: [resource('aws_sqs_queue', 'q', {})] }]
  value.configuration.root_module.module_calls = {
    a: { expressions: { x: { references: ['module.a.x', 'module.a'] } }, module: { outputs: { x: { expression: { references: ['var.x'] } } } } }
  }
  const { report } = await read(value)
  t.match(report.find(({ property }: any) => property === 'target'), { code: 'value-unknown' })
})

t.test('what triggers of a deployment refer to is there before it', async (t) => {
  const { resources } = await read(readFixture('terraform-plan-modules', 'plan.json'))
  t.same(resources.find(({ type }: any) => type.endsWith('::Deployment')).dependsOn, [
    'aws_apigatewayv2_api.ws', 'module.routes.aws_apigatewayv2_route.r["$connect"]', 'module.routes.aws_apigatewayv2_route.r["order"]'
  ])
})

t.test('a net of variables and outputs is walked once, and a document of thousands of resources in time', async (t) => {
  const net = plan([resource('aws_apigatewayv2_route', 'r', { route_key: 'order' })], [
    configured('aws_apigatewayv2_route', 'r', { target: { references: ['module.a.x0', 'module.a'] } })
  ])
  net.planned_values.root_module.child_modules = [{ address: 'module.a', resources: [resource('aws_sqs_queue', 'q', {})] }]
  const outputs = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x${i}`, { expression: { references: [`var.p${i}`, `var.q${i}`] } }]))
  const expressions = Object.fromEntries(Array.from({ length: 40 }, (_, i) => ['p', 'q'].map((name) => [`${name}${i}`, { references: [`module.a.x${i + 1}`, 'module.a'] }])).flat())
  net.configuration.root_module.module_calls = { a: { expressions, module: { outputs } } }
  const started = performance.now()
  t.match((await read(net)).report.find(({ property }: any) => property === 'target'), { code: 'value-unknown' })
  const many = plan(Array.from({ length: 5000 }, (_, i) => ({ ...resource('aws_apigatewayv2_route', 'r', { route_key: `k${i}`, api_id: 'x' }, i), depends_on: ['aws_apigatewayv2_api.ws'] })))
  t.equal((await read(many)).resources.length, 5001)
  t.ok(performance.now() - started < 20_000, 'neither doubles at each step nor squares')
})

t.test('messages speak Terraform\'s words, and know the place in the document', async (t) => {
  const report = new Report()
  const { resources } = readTerraform(sourceOf(readFixture('terraform-state', 'state.json')), {}, report)
  const find = (type: string): any => resources.find((resource) => resource.type === type)
  const names: Array<[type: string, path: Array<string | number>, name: string]> = [
    ['AWS::ApiGatewayV2::Stage', ['RouteSettings', 'send', 'ThrottlingBurstLimit'], 'route_settings[0].throttling_burst_limit'],
    ['AWS::ApiGatewayV2::Stage', ['StageName'], 'name'],
    ['AWS::ApiGatewayV2::Stage', ['StageVariables', 'fn'], 'stage_variables.fn'],
    ['AWS::ApiGatewayV2::Integration', ['TimeoutInMillis'], 'timeout_milliseconds'],
    ['AWS::ApiGatewayV2::DomainName', ['DomainNameConfigurations', 0, 'CertificateArn'], 'domain_name_configuration[0].certificate_arn'],
    ['AWS::ApiGateway::UsagePlan', ['ApiStages', 0, 'Throttle', 'send', 'RateLimit'], 'api_stages[0].throttle[0].rate_limit'],
    ['AWS::Lambda::Function', ['Environment', 'Variables', 'TABLE'], 'environment[0].variables.TABLE']
  ]
  for (const [type, path, name] of names) t.equal(find(type).nameOf(path), name)
  // values, root_module, child_modules, 0, resources, i, values, route_settings, 0, throttling_burst_limit
  t.equal(find('AWS::ApiGatewayV2::Stage').positionOf(['RouteSettings', 'send', 'ThrottlingBurstLimit']).line, 10)
})

t.test('an argument that no table knows is reported', async (t) => {
  const { report } = await read(plan([resource('aws_apigatewayv2_route', 'r', { route_key: 'x', brand_new: 'yes', later: null })]))
  t.same(report.filter(({ code }: any) => code === 'argument-unknown'), [{
    level: 'warning', code: 'argument-unknown', message: 'brand_new is no argument that is known; it is dropped', resource: 'aws_apigatewayv2_route.r', property: 'brand_new'
  }])
})

t.test('every argument is in a property or in the report: taking one away changes something', async (t) => {
  const whole = JSON.stringify(await read(readFixture('terraform-state', 'state.json')))
  const isSet = (value: unknown): boolean => !(value === null || value === '' || JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}')
  const { root_module: root } = readFixture('terraform-state', 'state.json').values
  for (const [m, module] of [root, ...root.child_modules].entries()) {
    for (const [i, { address, type, values }] of module.resources.entries()) {
      if (!/^aws_(apigatewayv2|api_gateway)_/.test(type)) continue
      for (const name of Object.keys(values).filter((name) => isSet(values[name]))) {
        // All tags are in tags_all.
        if (name === 'tags') continue
        const less = readFixture('terraform-state', 'state.json')
        delete (m === 0 ? less.values.root_module : less.values.root_module.child_modules[0]).resources[i].values[name]
        t.not(JSON.stringify(await read(less)), whole, `${address} without ${name}`)
      }
    }
  }
})

t.test('a route selection expression of HTTP APIs, the provider\'s default, is refused', async (t) => {
  const value = plan([])
  value.planned_values.root_module.resources[0].values.route_selection_expression = '$request.method $request.path'
  const report = new Report()
  readTerraform(sourceOf(value), {}, report)
  t.match(report.refusals, [{ code: 'route-selection-of-http-apis', resource: 'aws_apigatewayv2_api.ws', property: 'route_selection_expression' }])
})

t.test('region and account: the user\'s word first, then the API, known ARNs, the provider', async (t) => {
  const account = async (value: unknown, options = {}): Promise<unknown> => {
    const { partition, region, accountId } = await read(value, options)
    return [partition, region, accountId]
  }
  const state = readFixture('terraform-state', 'state.json')
  t.same(await account(state), ['aws', 'eu-west-1', '210987654321'])
  t.same(await account(state, { region: 'us-west-2', accountId: '999999999999' }), ['aws', 'us-west-2', '999999999999'])
  t.same(await account(readFixture('own-tf-plan-json', 'plan.json')), ['aws', 'eu-west-1', '123456789012'])
  t.same(await account(plan([]), { region: 'cn-north-1' }), ['aws-cn', 'cn-north-1', '123456789012'])
})

t.test('what is neither a plan nor a state is refused', async (t) => {
  const refused: Array<[value: unknown, message: RegExp]> = [
    [{ version: 4, lineage: 'x', resources: [] }, /Definition source cannot be read: It is the file in which Terraform keeps its state; give what "terraform show -json" prints/],
    [{}, /It is neither a plan nor a state of Terraform/],
    [[1], /neither/],
    [null, /neither/],
    ['text', /neither/],
    [{ values: { root_module: { child_modules: [{ address: 'somewhere' }] } } }, /at module "somewhere" cannot be read: Its address is none/],
    [{ values: { root_module: nested(60) } }, /nested more than 50 deep/]
  ]
  for (const [value, message] of refused) {
    await t.rejects(read(value), { code: 'AGW_ERR_MIGRATE_SOURCE', message })
  }
})

function nested (depth: number): any {
  let module: any = {}
  for (let i = depth; i > 0; i--) module = { child_modules: [{ address: 'module.m'.padEnd(i * 9 - 1, '.module.m'), ...module }] }
  return module
}

t.test('wrong types and names of JavaScript are plain data', async (t) => {
  const { resources } = await read(JSON.parse(`{"values": {"root_module": {"resources": [
    {"address": "a", "type": "constructor", "name": "a", "values": {"x": 1}},
    {"address": "aws_apigatewayv2_stage.s", "type": "aws_apigatewayv2_stage", "name": "s",
     "values": {"name": "prod", "stage_variables": {"__proto__": "a", "constructor": "b"}, "route_settings": "no", "tags": 5}},
    {"address": "aws_apigatewayv2_route.r", "type": "aws_apigatewayv2_route", "name": "r",
     "values": {"route_key": {"a": 1}, "request_parameter": [5, {"request_parameter_key": "__proto__", "required": true}]}}
  ]}}}`))
  t.equal(JSON.stringify(resources[1].properties), '{"StageName":"prod","StageVariables":{"__proto__":"a","constructor":"b"},"RouteSettings":{},"Tags":5}')
  t.equal(JSON.stringify(resources[2].properties), '{"RouteKey":{"a":1},"RequestParameters":{"null":{},"__proto__":{"Required":true}}}')
  t.equal(({} as any).Required, undefined)
  for (const [entry, member, given] of [['7', 'address', 'null'], ['{"address": 5}', 'address', '5'], ['{"address": "a", "type": {}}', 'type', '{}'], ['{"address": "a", "type": "b"}', 'name', 'null']]) {
    await t.rejects(read(JSON.parse(`{"values": {"root_module": {"resources": [${entry}]}}}`)), {
      code: 'AGW_ERR_MIGRATE_SOURCE', message: `Definition at values.root_module.resources[0] cannot be read: Its ${member} is ${given}; it must be a text`
    })
  }
})

// Values of 100,000 characters in every place that a message might quote: messages stay as long as people read.
import t from 'tap'
import type { Test } from 'tap'
import type { ReportEntry } from '../../types/migrate.js'
import { importDefinition } from '../../lib/migrate/index.ts'
import { quote, sayName, sayNames } from '../../lib/migrate/quote.ts'
import { shortenMessage } from '../../lib/shorten.ts'

const LENGTH = 100_000
const LONGEST_MESSAGE = 1001
const LONGS: Record<string, string> = {
  'one word': 'q'.repeat(LENGTH),
  'many words': 'qqqq '.repeat(LENGTH / 5),
  lines: 'qq\n'.repeat(LENGTH / 3)
}

interface Told {
  readonly error: (Error & { code?: string, report?: readonly ReportEntry[] }) | undefined
  readonly report: readonly ReportEntry[]
}

async function importHostile (definition: object | string): Promise<Told> {
  try {
    return { error: undefined, report: (await importDefinition(definition)).report }
  } catch (error) {
    return { error: error as Error, report: (error as Told).report ?? [] }
  }
}

function checkLengths (t: Test, { error, report }: Told): void {
  const texts = report.flatMap(({ message, hint = '' }) => [message, hint])
  if (error !== undefined) {
    t.match(error.code, /^AGW_ERR_MIGRATE_/)
    // One line tells one refusal, and begins with the name of its resource.
    texts.push(...error.code === 'AGW_ERR_MIGRATE_REFUSED' ? [] : [error.message])
    const refusals = report.filter(({ level }) => level === 'error').length
    t.ok(error.message.length < 200 + (refusals + 1) * 1200, `${error.message.length} characters for ${refusals} refusals`)
  }
  t.ok(texts.some((text) => text !== ''))
  t.same(texts.filter((text) => text.length > LONGEST_MESSAGE).map((text) => [text.slice(0, 80), text.length]), [])
}

type Resources = Record<string, { Type: unknown, Properties: Record<string, unknown> }>

const createResources = (): Resources => ({
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'Api' }, StageName: 'test', AutoDeploy: true } },
  Route: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: '$connect', AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' }, Target: { 'Fn::Sub': 'integrations/${Integration}' } } },
  Integration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
  Authorizer: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { ApiId: { Ref: 'Api' }, Name: 'who', AuthorizerType: 'REQUEST', AuthorizerUri: { 'Fn::GetAtt': ['Function', 'Arn'] }, IdentitySource: ['route.request.header.who'] } },
  Model: { Type: 'AWS::ApiGatewayV2::Model', Properties: { ApiId: { Ref: 'Api' }, Name: 'order', Schema: {}, ContentType: 'application/json' } },
  Domain: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { DomainName: 'ws.example.com' } },
  Mapping: { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId: { Ref: 'Api' }, DomainName: { Ref: 'Domain' }, Stage: { Ref: 'Stage' } } },
  Function: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'chat', Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: 'exports.handler = async () => {}' }, Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:a:1'] } }
})

for (const [title, long] of Object.entries(LONGS)) {
  t.test(`${title} in the place of each property, each type and each id of a template`, async (t) => {
    for (const [id, { Properties }] of Object.entries(createResources())) {
      for (const property of Object.keys(Properties)) {
        for (const value of [long, { Ref: long }, { 'Fn::GetAtt': [long, long] }, { 'Fn::ImportValue': long }, { [long]: long }, [long], { 'Fn::Sub': `\${${long}}` }]) {
          const resources = createResources();
          (resources[id] as Resources[string]).Properties[property] = value
          const told = await importHostile({ Resources: resources })
          if (told.error !== undefined || told.report.length > 0) checkLengths(t, told)
        }
      }
      const unknown = createResources();
      (unknown[id] as Resources[string]).Properties[long] = 'x'
      checkLengths(t, await importHostile({ Resources: unknown }))
      const typed = createResources();
      (typed[id] as Resources[string]).Type = long
      checkLengths(t, await importHostile({ Resources: typed }))
      const { [id]: moved, ...others } = createResources()
      checkLengths(t, await importHostile({ Resources: { ...others, [long]: moved } }))
    }
  })

  t.test(`${title} in a serverless.yml, in answers of the AWS CLI, and in a state of Terraform`, async (t) => {
    const text = JSON.stringify(long)
    for (const yaml of [
      `service: ${text}\nprovider: { name: ${text} }`,
      `service: a\nprovider: { name: aws, ${text}: x }\nfunctions: { f: { handler: a.b, events: [{ websocket: { route: ${text} } }] } }`,
      `service: a\nprovider: { name: aws }\nfunctions: { ${text}: { handler: a.b, name: ${text}, ${text}: x, events: [{ websocket: { route: a, ${text}: b, authorizer: ${text} } }] } }`,
      `service: a\nprovider: { name: aws }\nplugins: [${text}]\nresources: { extensions: { ${text}: { Properties: {} } } }\nfunctions: { f: { handler: a.b, runtime: ${text}, events: [{ websocket: a }] } }`,
      `service: a\nprovider: { name: aws }\ncustom: { x: 1 }\nfunctions: { f: { handler: a.b, description: "\${ssm:${'q'.repeat(LENGTH)}}", events: [{ websocket: a }] } }`,
      `service: a\nprovider: { name: aws, stage: "\${${'q'.repeat(LENGTH)}" }`
    ]) checkLengths(t, await importHostile(`${yaml}\n`))
    const api = { ApiId: 'abcdefghij', Name: 'a', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' }
    checkLengths(t, await importHostile({ 'get-api': api, 'get-routes': { Items: [{ RouteId: long, RouteKey: long, [long]: long, Target: long }] } }))
    checkLengths(t, await importHostile({ 'get-api': { ...api, [long]: 1 }, 'get-routes': { Items: [long] }, [long]: {} }))
    const resource = (type: string, name: string, values: object): object =>
      ({ address: `${type}.${name}`, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/aws', values })
    checkLengths(t, await importHostile({
      format_version: '1.0',
      terraform_version: '1.9.0',
      values: {
        root_module: {
          resources: [
            resource('aws_apigatewayv2_api', 'a', { id: 'abcdefghij', name: 'a', protocol_type: 'WEBSOCKET', route_selection_expression: '$request.body.action' }),
            resource('aws_apigatewayv2_route', 'r', { id: 'r', api_id: long, route_key: long }),
            resource('aws_apigatewayv2_route', long, { id: 's', api_id: 'abcdefghij', route_key: long, target: long, [long]: long })
          ]
        }
      }
    }))
  })

  t.test(`${title} in a text that cannot be read`, async (t) => {
    const text = JSON.stringify(long)
    for (const source of [
      `{ ${text}: 1, ${text}: 2 }`, `${text}: 1\n${text}: 2\n`, `a: !!bool ${text}\n`, `a: [${text}\n`, `a: !${'q'.repeat(LENGTH)} b\n`, `a: *${'q'.repeat(LENGTH)}\n`,
      `a: ${text} b\n`, `${text}: 1\n`, `{ "Resources": ${text} }`
    ]) {
      const told = await importHostile(source)
      t.equal(told.error?.code, 'AGW_ERR_MIGRATE_SOURCE')
      checkLengths(t, told)
    }
  })
}

t.test('what is wrong, and what is allowed, stands around the value', async (t) => {
  const long = LONGS['many words'] as string
  const { Function, ...resources } = createResources()
  const { Route } = resources
  Object.assign((Function as Resources[string]).Properties, { Runtime: long });
  (Route as Resources[string]).Properties.ApiId = long
  const { report } = await importDefinition({ Resources: { ...resources, Function, Other: { Type: long } } })
  const messageOf = (code: string): string => report.find((entry) => entry.code === code)?.message ?? ''
  t.equal(messageOf('api-unknown'), `Route belongs to the API "${'qqqq '.repeat(15)}qqqq…, which the definition does not have, and was left out`)
  t.equal(messageOf('function-runtime'), `Function chat cannot run here: its Runtime is ${'qqqq '.repeat(30)}…, not Node.js`)
  t.equal(messageOf('resource-not-imported'), `Other is a ${'qqqq '.repeat(30)}… and was not imported`)
})

t.test('what is short is told whole', async (t) => {
  t.equal(quote('a'.repeat(78)), `"${'a'.repeat(78)}"`)
  t.equal(quote('a'.repeat(79)), `"${'a'.repeat(79)}…`)
  t.equal(quote(undefined), 'null')
  t.equal(sayName('a'.repeat(150)), 'a'.repeat(150))
  t.equal(sayName('a'.repeat(151)), `${'a'.repeat(150)}…`)
  t.equal(sayNames([]), 'none')
  t.equal(sayNames(['a', 'b']), 'a, b')
  t.equal(sayNames(Array.from({ length: 22 }, (_, i) => `f${i}`)), `${Array.from({ length: 20 }, (_, i) => `f${i}`).join(', ')} and 2 more`)
  const whole = `${'a'.repeat(199)} `.repeat(5)
  t.equal(shortenMessage(whole), whole)
  t.equal(shortenMessage(`${whole}b`), `${whole.slice(0, 700)}…${whole.slice(701)}b`)
  t.equal(shortenMessage(`x ${'a'.repeat(201)} y`), `x ${'a'.repeat(200)}… y`)
})

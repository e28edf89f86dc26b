// What `aws apigatewayv2 get-*` answers, as resources of CloudFormation.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAwsCli } from '../../lib/migrate/aws-cli/index.ts'
import { importDefinition } from '../../lib/migrate/index.ts'
import { FIXTURES, readFixture, readPrinted } from './read.ts'

const read = async (value: unknown, options = {}): Promise<any> => await readPrinted(readAwsCli, value, options)

/** All answers of a folder, each by the name of its file. */
function answersOf (name: string): any {
  return Object.fromEntries(readdirSync(join(FIXTURES, name)).filter((file) => file.endsWith('.json')).sort()
    .map((file) => [file.replace(/\.json$/, ''), readFixture(name, file)]))
}

for (const name of ['own-cli-proxy-chat', 'aws-cli-all']) {
  t.test(`${name}: each item is a resource, what AWS adds is reported`, async (t) => {
    t.same(await read(answersOf(name)), readFixture(`${name}.expected.json`))
  })
}

t.test('own-cli-proxy-chat: a folder of answers becomes options', async (t) => {
  const { options, functions } = await importDefinition(join(FIXTURES, 'own-cli-proxy-chat'))
  t.match(options, {
    apiId: 'a1b2c3d4e5',
    region: 'eu-west-1',
    routes: {
      $connect: { authorizationType: 'CUSTOM', authorizerId: 'token', target: 'integrations/i000001', routeResponses: {} },
      sendmessage: { routeResponseSelectionExpression: '$default', routeResponses: { $default: {} } }
    },
    stages: [{ stageName: 'prod', stageVariables: { fn: 'blue' } }]
  })
  t.same(Object.keys(functions), ['auth', 'connections', 'send'])
})

t.test('every member of an answer is in a property or in the report: taking one away changes something', async (t) => {
  const whole = JSON.stringify(await read(answersOf('aws-cli-all')))
  for (const [name, answer] of Object.entries<any>(answersOf('aws-cli-all'))) {
    const key = answer.Items !== undefined ? 'Items' : answer.items !== undefined ? 'items' : undefined
    const items = key === undefined ? [answer] : answer[key]
    for (const [i, item] of items.entries()) {
      for (const member of Object.keys(item)) {
        const less = answersOf('aws-cli-all')
        delete (key === undefined ? less[name] : less[name][key][i])[member]
        const outcome = await read(less).then(JSON.stringify, String) as string
        // The mapping of another API is told by its key and API alone.
        if (item.ApiId === 'other12345' && ['ApiMappingId', 'Stage'].includes(member)) continue
        t.not(outcome, whole, `${name} without ${member} of item ${i}`)
      }
    }
  }
})

t.test('missing answers are asked for, by the command that gives them', async (t) => {
  const answers = answersOf('aws-cli-all')
  for (const name of ['get-stages', 'get-models', 'get-route-responses.rou002', 'get-integration-responses.int0002']) delete answers[name]
  const { report } = await read(answers)
  t.same(report.filter(({ code }: any) => code === 'answer-missing'), [
    { level: 'error', code: 'answer-missing', message: 'The answer of get-stages is missing', hint: 'aws apigatewayv2 get-stages --api-id z9y8x7w6v5 > get-stages.json' },
    { level: 'warning', code: 'answer-missing', message: 'The answer of get-models is missing', hint: 'aws apigatewayv2 get-models --api-id z9y8x7w6v5 > get-models.json' },
    { level: 'warning', code: 'answer-missing', resource: 'int0002', message: 'The answer of get-integration-responses for the integration int0002 is missing: whether it has responses is not known', hint: 'aws apigatewayv2 get-integration-responses --api-id z9y8x7w6v5 --integration-id int0002 > get-integration-responses.int0002.json' },
    { level: 'warning', code: 'answer-missing', resource: 'rou002', message: 'The answer of get-route-responses for the route rou002 is missing: whether it has responses is not known', hint: 'aws apigatewayv2 get-route-responses --api-id z9y8x7w6v5 --route-id rou002 > get-route-responses.rou002.json' }
  ])
})

t.test('the answer of get-api alone is a definition without routes', async (t) => {
  const { resources, report } = await read(readFixture('aws-cli-all', 'get-api.json'))
  t.equal(resources.length, 1)
  t.equal(report.filter(({ code, level }: any) => code === 'answer-missing' && level === 'error').length, 3)
})

t.test('answers that are cut off, unknown or malformed are told', async (t) => {
  const answers = answersOf('own-cli-proxy-chat')
  answers['get-routes'].NextToken = 'more'
  answers['get-vpc-links'] = { Items: [] }
  const { report } = await read(answers)
  t.match(report.find(({ code }: any) => code === 'answer-incomplete'), { level: 'error', message: /get-routes is the first part/ })
  t.match(report.find(({ code }: any) => code === 'answer-unknown'), { level: 'info', message: /get-vpc-links/ })
  const refused: Array<[more: any, message: RegExp]> = [
    [{ 'get-api': undefined }, /The answer of aws apigatewayv2 get-api is missing/],
    [{ 'get-api': 5 }, /get-api is missing/],
    [{ 'get-routes': { Routes: [] } }, /Definition get-routes cannot be read: It has no list of Items/],
    [{ 'get-routes': { Items: [5] } }, /Definition get-routes cannot be read: Item 0 is 5; it must be an object/],
    [{ 'get-route-responses': { Items: [{ RouteResponseKey: '$default' }] } }, /name it get-route-responses.\{RouteId\}/],
    [{ 'get-usage-plan-keys': { items: [{ id: 'k' }] } }, /name it get-usage-plan-keys.\{usagePlanId\}/]
  ]
  for (const [more, message] of refused) {
    await t.rejects(read({ ...answersOf('own-cli-proxy-chat'), ...more }), { code: 'AGW_ERR_MIGRATE_SOURCE', message })
  }
})

t.test('a single domain name need not be named by its mappings', async (t) => {
  const answers = answersOf('aws-cli-all')
  answers['get-api-mappings'] = answers['get-api-mappings.ws.example.com']
  delete answers['get-api-mappings.ws.example.com']
  const { resources } = await read(answers)
  t.equal(resources.find(({ type }: any) => type.endsWith('ApiMapping')).properties.DomainName, '<ws.example.com>')
})

// What real templates get wrong or use in surprising ways: each line of the fixture's expected.json, and each trap that only
// other fixtures have.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { importDefinition } from '../../lib/migrate/index.ts'
import type { ReportEntry } from '../../types/migrate.js'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const TRAPS = join(FIXTURES, 'own-cfn-traps/template.yaml')
const text = readFileSync(TRAPS, 'utf8')
const expected = JSON.parse(readFileSync(join(FIXTURES, 'own-cfn-traps/expected.json'), 'utf8'))['with --api Api']
/** The template without the route that AWS refuses. */
const accepted = text.replace(', AuthorizationType: CUSTOM', '')

const { options, functions, report } = await importDefinition(accepted, { api: 'Api' })
/** Codes told of a resource, of a level. */
const told = (resource: string, level: ReportEntry['level'], entries: readonly ReportEntry[] = report): string[] =>
  entries.filter((entry) => entry.resource === resource && entry.level === level).map(({ code }) => code)

t.test('two WebSocket APIs: import fails and lists both unless one is named', async (t) => {
  await t.rejects(importDefinition(TRAPS), { code: 'AGW_ERR_MIGRATE_AMBIGUOUS', message: 'Definition has the WebSocket APIs Second (second), Api (traps); name one in option api' })
})

t.test('refused as AWS refuses', async (t) => {
  t.not(accepted, text)
  await t.rejects(importDefinition(TRAPS, { api: 'Api' }), {
    code: 'AGW_ERR_MIGRATE_REFUSED',
    message: /R4: Currently, authorization is restricted to the \$connect route only\n +R4: AuthorizationType is CUSTOM, and AuthorizerId is missing$/
  })
})

t.test('routes and stages', async (t) => {
  t.same(Object.keys(options.routes ?? {}).sort(), expected.routes)
  t.same(options.stages?.map(({ stageName }) => stageName), expected.stages)
})

t.test('ignored, reported, no errors', async (t) => {
  t.same(told('Rest', 'info'), ['api-not-websocket'])
  t.same(told('Second', 'info'), ['api-not-chosen'])
  t.same(told('R8', 'info'), ['resource-of-other-api'])
})

t.test('coerced, reported', async (t) => {
  t.equal(options.disableSchemaValidation, true)
  t.equal(options.integrations?.Proxy?.timeoutInMillis, 3000)
  t.same([told('Api', 'info'), told('Proxy', 'info')], [['property-coerced'], ['property-coerced']])
})

t.test('accepted', async (t) => {
  t.equal(options.integrations?.Proxy?.integrationUri, 'arn:aws:lambda:us-east-1:123456789012:function:Fn')
  t.match(options.integrations?.StageVar?.integrationUri, /:function:\$\{stageVariables\.fn\}\/invocations$/)
  t.match(options.integrations?.Literal, { templateSelectionExpression: '200', requestTemplates: { 200: '{"statusCode":200}' } })
  t.match(options.integrations?.NoDollar, { templateSelectionExpression: 'request.body.action' })
  t.same(options.routes?.['no target'], { routeResponses: {} })
  t.same(options.routes?.['a/b'], { target: 'integrations/Proxy', routeResponses: { $default: {} } })
  for (const id of ['Proxy', 'StageVar', 'Literal', 'NoDollar', 'R1', 'R2', 'RR']) t.same(told(id, 'error'), [], id)
})

t.test('warned', async (t) => {
  t.same(told('R3', 'warning'), ['route-response-missing'])
  t.same(told('IR', 'warning'), ['template-never-selected'])
  t.same(told('Orphan', 'warning'), ['identity-source-http', 'authorizer-unused'])
  t.same(told('Deployment', 'warning'), ['deployment-order'])
  t.same(told('Stage', 'warning'), ['property-unknown', 'route-settings-unknown-route'])
  t.match(report.find(({ code }) => code === 'property-unknown')?.message, /did you mean ThrottlingBurstLimit\?$/)
})

t.test('errors unless a substitute is bound', async (t) => {
  t.same(told('Fn', 'error'), ['function-runtime'])
  t.same(told('ByName', 'error'), ['function-outside'])
  t.same(told('Vpc', 'error'), ['vpc-link'])
  t.same(report.filter(({ level }) => level === 'error').length, 3, 'and no others')
  t.same(Object.values(functions).map(({ name, problem }) => [name, problem]), [
    ['Fn', 'its Runtime is python3.13, not Node.js'], ['elsewhere', 'it is not in the definition']
  ])
})

t.test('a response template that is no JSON comes through byte for byte', async (t) => {
  const sns = await importDefinition(join(FIXTURES, 'sam-api-sns/template.yaml'))
  t.match(sns.options.integrations?.ConnectRouteIntegration, {
    integrationResponses: { '/200/': { responseTemplates: { 200: '{"statusCode":, "message":"order initiated"}' } } }
  })
})

t.test('deployments that do not wait for every route are told, and only those', async (t) => {
  for (const [folder, isTold] of [['sam-api-sns', true], ['sam-api-connection-dynamodb', true], ['sam-chat-app', false]] as const) {
    const imported = await importDefinition(join(FIXTURES, folder, 'template.yaml'))
    t.equal(told('Deployment', 'warning', imported.report).includes('deployment-order'), isTold, folder)
  }
})

t.test('a route response without the expression makes a route two-way, as in the Step Functions sample', async (t) => {
  const { options, report } = await importDefinition(join(FIXTURES, 'sam-api-sfn-async/template.yaml'))
  t.same(options.routes?.$default?.routeResponses, { $default: {} })
  t.same(told('DefaultRoute', 'info', report), ['property-carried', 'route-response-without-expression'])
})

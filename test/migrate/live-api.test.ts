// A live API through the AWS SDK, against an endpoint on this machine that answers as API Gateway's REST API does.
// It has not been run against AWS.
import { createServer } from 'node:http'
import { register } from 'node:module'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { importDefinition } from '../../lib/migrate/index.ts'
import { answerOf, API, LIVE_API_ID, startEndpoint } from './live-endpoint.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

t.test('a live API becomes what its answers in files become, page by page', async (t) => {
  const { url, requests } = await startEndpoint(t)
  const live = await importDefinition({ apiId: LIVE_API_ID, region: 'eu-west-1', endpoint: url, credentials })
  t.match(live.options, {
    apiId: LIVE_API_ID,
    name: 'orders',
    region: 'eu-west-1',
    routeSelectionExpression: '${request.body.service}/${request.body.action}',
    disableSchemaValidation: true,
    routes: {
      $connect: { authorizationType: 'CUSTOM', apiKeyRequired: true, requestParameters: { 'route.request.querystring.room': { required: true } } },
      'shop/buy': { requestModels: { buy: 'Order', $default: 'Order' }, routeResponses: { $default: {} } }
    },
    integrations: { int0002: { requestTemplates: { $default: '{"id": $input.json(\'$.id\')}' }, integrationResponses: { $default: {} } } },
    models: [{ name: 'Order', schema: { type: 'object' } }],
    stages: [{ stageName: 'prod', routeSettings: { 'shop/buy': { throttlingBurstLimit: 5 } } }],
    domainNames: [{ domainName: 'ws.example.com', apiMappings: [{ apiMappingKey: 'orders', stage: 'prod' }] }]
  })
  t.ok(requests.includes(`GET ${API}/routes?nextToken=1`), 'the second page is asked for')
  t.same(requests.filter((request) => request.startsWith(`GET ${API}/routes?`) || request === `GET ${API}/routes`), [`GET ${API}/routes`, `GET ${API}/routes?nextToken=1`], 'and no third')
  t.notOk(requests.some((request) => !request.startsWith('GET ')), 'nothing is written')
})

t.test('the region of the options goes into the signature', async (t) => {
  let scope: string | undefined
  const server = createServer((request, response) => {
    scope = /Credential=[^,]*/.exec(request.headers.authorization ?? '')?.[0]
    response.writeHead(404).end('{}')
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await t.rejects(importDefinition({ apiId: LIVE_API_ID, endpoint, credentials }, { region: 'ap-south-1' }))
  t.match(scope, /^Credential=test\/\d{8}\/ap-south-1\/apigateway\/aws4_request$/)
})

t.test('what AWS refuses is told with its words', async (t) => {
  const { url } = await startEndpoint(t)
  await t.rejects(importDefinition({ apiId: 'gone123456', region: 'eu-west-1', endpoint: url, credentials }), {
    code: 'AGW_ERR_MIGRATE_LIVE_API', message: 'API gone123456 cannot be read from AWS: NotFoundException: Invalid API identifier specified'
  })
})

t.test('pages without an end are given up', async (t) => {
  const { url } = await startEndpoint(t, (path) => path.endsWith('/stages') ? { items: undefined, nextToken: 'again' } : answerOf(path))
  await t.rejects(importDefinition({ apiId: LIVE_API_ID, region: 'eu-west-1', endpoint: url, credentials }), {
    code: 'AGW_ERR_MIGRATE_LIVE_API', message: /GetStagesCommand never comes to the last page/
  })
})

t.test('without the SDK the error names the package', async (t) => {
  // As where the package is not installed, for whoever imports the file by this name.
  const hook = `export async function resolve (name, context, next) {
    if (name === '@aws-sdk/client-apigatewayv2' && context.parentURL?.endsWith('?without')) throw new Error('Cannot find package ' + name)
    return await next(name, context)
  }`
  register(`data:text/javascript,${encodeURIComponent(hook)}`)
  const { fetchLiveApi } = await import(`${import.meta.resolve('../../lib/migrate/aws-cli/live-api.ts')}?without`)
  await t.rejects(fetchLiveApi({ apiId: LIVE_API_ID }, undefined), {
    code: 'AGW_ERR_MIGRATE_CLIENT',
    message: 'Package @aws-sdk/client-apigatewayv2, which reads a live API, cannot be loaded: Cannot find package @aws-sdk/client-apigatewayv2'
  })
})

t.test('options of the plugin are no live API', async (t) => {
  await t.rejects(importDefinition({ apiId: LIVE_API_ID, routes: {}, stages: [] }), { code: 'AGW_ERR_MIGRATE_SOURCE' })
})

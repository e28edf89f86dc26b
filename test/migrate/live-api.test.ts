// A live API through the AWS SDK, against an endpoint on this machine that answers as API Gateway's REST API does.
// It has not been run against AWS.
import { createServer } from 'node:http'
import { register } from 'node:module'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import { importDefinition } from '../../lib/migrate/index.ts'
import { readFixture } from './read.ts'

const API = '/v2/apis/z9y8x7w6v5'
/** The REST paths behind the commands. */
const PATHS: Record<string, string> = {
  [API]: 'get-api',
  [`${API}/routes`]: 'get-routes',
  [`${API}/integrations`]: 'get-integrations',
  [`${API}/integrations/int0002/integrationresponses`]: 'get-integration-responses.int0002',
  [`${API}/routes/rou002/routeresponses`]: 'get-route-responses.rou002',
  [`${API}/models`]: 'get-models',
  [`${API}/authorizers`]: 'get-authorizers',
  [`${API}/deployments`]: 'get-deployments',
  [`${API}/stages`]: 'get-stages',
  '/v2/domainnames': 'get-domain-names',
  '/v2/domainnames/ws.example.com/apimappings': 'get-api-mappings.ws.example.com'
}

/** On the wire names are in camelCase; what is not named by AWS stays. */
function toWire (value: any, isNamed = true): any {
  if (Array.isArray(value)) return value.map((item) => toWire(item))
  if (typeof value !== 'object' || value === null) return value
  const free = ['Tags', 'StageVariables', 'RequestTemplates', 'ResponseTemplates', 'RequestModels', 'ResponseModels', 'RequestParameters', 'ResponseParameters', 'RouteSettings']
  return Object.fromEntries(Object.entries<any>(value).map(([name, member]) => [
    isNamed ? name[0]?.toLowerCase() + name.slice(1) : name,
    toWire(member, !free.includes(name))
  ]))
}

interface Endpoint {
  readonly url: string
  readonly requests: string[]
}

/** One item a page. */
async function startEndpoint (t: Test, answer: (path: string) => object | undefined = answerOf): Promise<Endpoint> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url as string, 'http://localhost')
    requests.push(`${request.method} ${request.url}`)
    const answered: any = answer(url.pathname)
    if (answered === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'NotFoundException' }).end(JSON.stringify({ message: 'Invalid API identifier specified' }))
      return
    }
    response.setHeader('content-type', 'application/json')
    if (!Array.isArray(answered.items)) {
      response.end(JSON.stringify(answered))
      return
    }
    const at = Number(url.searchParams.get('nextToken') ?? 0)
    const isLast = at + 1 >= answered.items.length
    response.end(JSON.stringify({ items: answered.items.slice(at, at + 1), ...(isLast ? {} : { nextToken: String(at + 1) }) }))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

function answerOf (path: string): object | undefined {
  const name = PATHS[path]
  if (name !== undefined) return toWire(readFixture('aws-cli-all', `${name}.json`))
  return path.endsWith('responses') ? { items: [] } : undefined
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

t.test('a live API becomes what its answers in files become, page by page', async (t) => {
  const { url, requests } = await startEndpoint(t)
  const live = await importDefinition({ apiId: 'z9y8x7w6v5', region: 'eu-west-1', endpoint: url, credentials })
  t.match(live.options, {
    apiId: 'z9y8x7w6v5',
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
  await t.rejects(importDefinition({ apiId: 'z9y8x7w6v5', endpoint, credentials }, { region: 'ap-south-1' }))
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
  await t.rejects(importDefinition({ apiId: 'z9y8x7w6v5', region: 'eu-west-1', endpoint: url, credentials }), {
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
  await t.rejects(fetchLiveApi({ apiId: 'z9y8x7w6v5' }, undefined), {
    code: 'AGW_ERR_MIGRATE_CLIENT',
    message: 'Package @aws-sdk/client-apigatewayv2, which reads a live API, cannot be loaded: Cannot find package @aws-sdk/client-apigatewayv2'
  })
})

t.test('options of the plugin are no live API', async (t) => {
  await t.rejects(importDefinition({ apiId: 'z9y8x7w6v5', routes: {}, stages: [] }), { code: 'AGW_ERR_MIGRATE_SOURCE' })
})

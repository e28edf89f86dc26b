// The cases of evaluation 11.2, 11.3 and 11.6 and of runtime 10 that concern the pipeline, each by its number and tag.
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Test } from 'tap'
import type { IntegrationDefinition, MockIntegration } from '../../lib/index.ts'
import { createGateway, oneWay, twoWay } from '../integration/gateway.ts'
import type { GatewayOptions } from '../integration/gateway.ts'

const CASE = (id: string, tag: string, what: string, tell: (t: Test) => Promise<void>): void => {
  void t.test(`${id} [${tag}] ${what}`, tell)
}

const ORDER = { type: 'object', required: ['a', 'b'], properties: { a: { type: 'number' }, b: { type: 'number' } } }
const BAD_BODY = ['Bad request body']
const INTERNAL = ['Internal server error']

/** A mock whose answer is its template; the status is 200 unless the request template says otherwise. */
const mock = (more: Omit<MockIntegration, 'integrationType'> = {}): MockIntegration => ({
  integrationType: 'MOCK',
  requestTemplates: { $default: '{"statusCode":200}' },
  integrationResponses: { $default: {} },
  ...more
})
const render = (template: string): MockIntegration => mock({ integrationResponses: { $default: { responseTemplates: { $default: template } } } })

/** A proxy with models in front: gives what reached the handler. */
async function validating (t: Test, requestModels: Record<string, any>, models: Record<string, object> = { Order: ORDER }, expression: string | null = '$request.body.kind') {
  const seen: string[] = []
  const gateway = await createGateway(t, {
    models,
    ...twoWay({ handler: (event: any) => { seen.push(event.body); return { body: 'fine' } } }, {
      requestModels, ...(expression === null ? {} : { modelSelectionExpression: expression })
    })
  })
  return { ...gateway, seen }
}

CASE('E25', 'observed', 'a message that fits its model passes', async (t) => {
  const { ask } = await validating(t, { $default: 'Order' })
  t.same((await ask({ a: 1, b: 2 })).frames, ['fine'])
})

for (const [id, tag, what] of [
  ['E26', 'documented', 'a message that does not fit its model gets Bad request body, and the back end is not called'],
  ['E34', 'documented', 'a model in front of a proxy integration rejects too'],
  ['M13', 'documented', 'a model violation gets a Bad request body frame, and the integration is not called']
] as const) {
  CASE(id, tag, what, async (t) => {
    const { ask, seen } = await validating(t, { $default: 'Order' })
    const { refusals, frames, connectionId } = await ask({ test: 'test' })
    t.same(refusals, BAD_BODY)
    t.match(frames[0], new RegExp(`^{"message": "Bad request body", "connectionId":"${connectionId}", "requestId":"[^"]{16}", "messageId":"[^"]{16}"}$`))
    t.same(seen, [])
  })
}

for (const id of ['E27', 'M14']) {
  CASE(id, 'documented', 'a selection that yields no model, without a $default model, fails', async (t) => {
    const { ask, seen } = await validating(t, { buy: 'Order' })
    t.same((await ask({ kind: 'sell', a: 1, b: 2 })).refusals, BAD_BODY)
    t.same(seen, [])
  })
}

CASE('E28', 'documented', 'a selection that yields no model falls back to the $default model', async (t) => {
  const { ask } = await validating(t, { buy: { type: 'object' }, $default: 'Order' })
  t.same((await ask({ kind: 'sell' }, { kind: 'sell', a: 1, b: 2 }, { kind: 'buy' })).frames.slice(1), ['fine', 'fine'])
})

CASE('E29', 'documented', 'models without a modelSelectionExpression are not applied', async (t) => {
  const { ask } = await validating(t, { $default: 'Order' }, { Order: ORDER }, null)
  t.same((await ask({ nothing: 1 })).frames, ['fine'])
})

CASE('E30', 'observed', 'a list model refers to another by its URL', async (t) => {
  const List = { type: 'array', items: { $ref: 'https://apigateway.amazonaws.com/restapis/abcdef1234/models/Order' } }
  const { ask } = await validating(t, { $default: 'List' }, { Order: ORDER, List }, '\\$default')
  const { frames, refusals } = await ask([{ a: 1, b: 2 }], [{ a: 1 }])
  t.equal(frames[0], 'fine')
  t.same(refusals, BAD_BODY)
})

const STATUS = {
  Status: { type: 'object', properties: { Status: { type: 'string' } }, required: ['Status'] },
  Item: { type: 'object', required: ['status'], properties: { status: { oneOf: [{ type: 'null' }, { $ref: 'https://apigateway.amazonaws.com/restapis/abcdef1234/models/Status' }] } } }
}
CASE('E31', 'observed', 'oneOf of null and a reference accepts null', async (t) => {
  const { ask } = await validating(t, { $default: 'Item' }, STATUS)
  t.same((await ask({ status: null }, { status: { Status: 'ok' } })).frames, ['fine', 'fine'])
})
CASE('E32', 'observed', 'oneOf of null and a reference refuses what is neither', async (t) => {
  const { ask } = await validating(t, { $default: 'Item' }, STATUS)
  t.same((await ask({}, { status: { Status: 1 } })).refusals, [...BAD_BODY, ...BAD_BODY])
})

CASE('E33', 'observed', 'validationErrorString names the missing property in the words of AWS', async (t) => {
  const { ask } = await validating(t, { $default: 'User' }, { User: { required: ['email'] } })
  t.match((await ask({})).causes, [/\[object has missing required properties \(\["email"\]\)\]$/])
})

/** A mocked status by its request template: what comes back through patterns that tell their key. */
const mocked = (template: string) => mock({
  requestTemplates: { $default: template },
  integrationResponses: { '/2\\d{2}/': { responseTemplates: { $default: 'two hundred' } }, $default: { responseTemplates: { $default: 'default' } } }
})
for (const [id, tag, template, frames, refusals] of [
  ['E35', 'documented', '{"statusCode":200}', ['two hundred'], []],
  ['E36', 'observed', '{statusCode: 200}', ['two hundred'], []],
  ['E37', 'observed', '{"statusCode": 200,}', ['two hundred'], []],
  ['E38', 'observed', '{"statusCode":"200"}', undefined, INTERNAL],
  ['E39', 'observed', 'statusCode: 200', undefined, INTERNAL],
  ['E40', 'observed', '{"statusCode": 200', undefined, INTERNAL]
] as const) {
  CASE(id, tag, `MOCK with ${template} ${frames === undefined ? 'is an Internal server error' : 'selects by the status'}`, async (t) => {
    const { ask } = await createGateway(t, twoWay(mocked(template)))
    const answer = await ask('{}')
    t.same(answer.refusals, refusals)
    if (frames !== undefined) t.same(answer.frames, frames)
  })
}

CASE('E41', 'observed', 'MOCK without a response template answers with an empty body', async (t) => {
  const { ask } = await createGateway(t, twoWay(mock()))
  t.same((await ask('{}')).frames, [''])
})

interface Backend { url: string, requests: Array<{ request: IncomingMessage, body: Buffer }> }
/** An HTTP back end that keeps what it gets and answers with a status. */
async function createBackend (t: Test, answer: (request: IncomingMessage) => { status?: number, body?: string }): Promise<Backend> {
  const requests: Backend['requests'] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      requests.push({ request, body: Buffer.concat(chunks) })
      const { status = 200, body = '' } = answer(request)
      response.writeHead(status).end(body)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}
const http = (integrationUri: string, more: object = {}): IntegrationDefinition =>
  ({ integrationType: 'HTTP', integrationMethod: 'POST', integrationUri, integrationResponses: { $default: {} }, ...more })

const BY_STATUS = { '/4\\d{2}/': { responseTemplates: { $default: 'four hundred' } }, $default: { responseTemplates: { $default: 'default' } } }
for (const [id, status, frame] of [['E42', 404, 'four hundred'], ['E43', 201, 'default']] as const) {
  CASE(id, 'observed', `an HTTP back end that answers ${status} selects ${frame}`, async (t) => {
    const { url } = await createBackend(t, () => ({ status }))
    const { ask } = await createGateway(t, twoWay(http(url, { integrationResponses: BY_STATUS })))
    t.same((await ask('{}')).frames, [frame])
  })
}

const DYNAMODB = (answer: object): GatewayOptions => ({
  services: { 'dynamodb:PutItem': () => answer },
  ...twoWay({
    integrationType: 'AWS',
    integrationUri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
    credentialsArn: 'arn:aws:iam::123456789012:role/put',
    requestTemplates: { $default: '{"TableName":"t"}' },
    integrationResponses: {
      $default: { responseTemplates: { 'application/json': '{"success":true}' } },
      '/4\\d{2}/': { responseTemplates: { 'application/json': '{"error":"Bad request","message": $input.json(\'$.Message\')}' } }
    }
  })
})
CASE('E44', 'observed', 'DynamoDB answering 400 takes the pattern before $default', async (t) => {
  const { ask } = await createGateway(t, DYNAMODB({ statusCode: 400, body: { __type: 'SerializationException', Message: 'NUMBER_VALUE cannot be converted to String' } }))
  t.same((await ask('{}')).frames, ['{"error":"Bad request","message": "NUMBER_VALUE cannot be converted to String"}'])
})
for (const [id, what] of [
  ['E45', 'DynamoDB answering 200 takes $default'],
  ['E46', 'without an expression the template application/json is used']
] as const) {
  CASE(id, 'observed', what, async (t) => {
    const { ask } = await createGateway(t, DYNAMODB({ statusCode: 200, body: {} }))
    t.same((await ask('{}')).frames, ['{"success":true}'])
  })
}

const LAMBDA: IntegrationDefinition = {
  integrationType: 'AWS',
  handler: (input: any) => {
    if (input.fail !== undefined) throw new Error(`Error: Raising ${input.fail} from within the Lambda function`)
    return 'Pass'
  },
  integrationResponses: {
    '/.*four hundred.*/': { responseTemplates: { $default: '405 $input.path(\'$.errorType\')' } },
    '/.+/': { responseTemplates: { $default: '502' } },
    '/200/': { responseTemplates: { $default: '200' } },
    $default: {}
  }
}
for (const [id, message, frame, what] of [
  ['E47', { fail: 'four hundred' }, '405 Error', 'an error message takes the first pattern it matches'],
  ['E48', { fail: 'five hundred' }, '502', 'an error message that only .+ matches takes that'],
  ['E49', {}, '"Pass"', 'a success takes $default, whatever its status, and its JSON is the body']
] as const) {
  CASE(id, 'observed', what, async (t) => {
    const { ask } = await createGateway(t, twoWay(LAMBDA))
    t.same((await ask(message)).frames, [frame])
  })
}

for (const [id, tag, result, frames, refusals] of [
  ['E50', 'observed', { statusCode: 200, wrongValue: 1 }, undefined, INTERNAL],
  ['E51', 'observed', {}, [''], []],
  ['E52', 'observed', { statusCode: '201', body: 'x' }, ['x'], []],
  ['E53', 'observed', { statusCode: 'test' }, undefined, INTERNAL],
  ['E53', 'observed', 'justAString', undefined, INTERNAL],
  ['E55', 'observed', { statusCode: 500, body: 'x' }, ['x'], []],
  ['E57', 'observed', { statusCode: 200, body: undefined }, [''], []]
] as const) {
  CASE(id, tag, `AWS_PROXY returning ${JSON.stringify(result)} ${frames === undefined ? 'is malformed' : `sends ${JSON.stringify(frames[0])}`}`, async (t) => {
    const { ask } = await createGateway(t, twoWay({ handler: () => result }))
    const answer = await ask('{}')
    t.same(answer.refusals, refusals)
    if (frames !== undefined) t.same(answer.frames, frames)
  })
}

CASE('E54', 'observed', 'AWS_PROXY that throws sends the error frame on a one-way route', async (t) => {
  const { ask } = await createGateway(t, oneWay({ handler: () => { throw new Error('no') } }))
  const { frames, connectionId } = await ask('{}')
  t.match(frames, [new RegExp(`^{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"[^"]{16}"}$`)])
})

CASE('E56', 'documented', 'AWS_PROXY on a route without a route response sends nothing', async (t) => {
  const { ask } = await createGateway(t, oneWay({ handler: () => ({ statusCode: 200, body: 'x' }) }))
  t.same((await ask('{}')).frames, [])
})

/** Echoes what the back end gets. */
const echo = (more: object): IntegrationDefinition =>
  ({ integrationType: 'AWS', handler: (input: unknown) => input, integrationResponses: { $default: {} }, ...more })
const T = '{"templated":true}'
for (const [id, tag, what, integration, frames, refusals] of [
  ['E58', 'documented', 'NEVER refuses what no template matches', { passthroughBehavior: 'NEVER', requestTemplates: { a: T }, templateSelectionExpression: '$request.body.k' }, undefined, ['Unsupported media type']],
  ['E59', 'documented', 'WHEN_NO_TEMPLATES without templates sends the message as it is', { passthroughBehavior: 'WHEN_NO_TEMPLATES' }, ['{"k":"x"}'], []],
  ['E60', 'documented', 'WHEN_NO_TEMPLATES with templates refuses what none matches', { passthroughBehavior: 'WHEN_NO_TEMPLATES', requestTemplates: { a: T }, templateSelectionExpression: '$request.body.k' }, undefined, ['Unsupported media type']],
  ['E61', 'documented', 'a key that no template has falls back to $default', { requestTemplates: { $default: T }, templateSelectionExpression: '$request.body.k' }, [T], []]
] as const) {
  CASE(id, tag, what, async (t) => {
    const { ask } = await createGateway(t, twoWay(echo(integration)))
    const answer = await ask({ k: 'x' })
    t.same(answer.refusals, refusals)
    if (frames !== undefined) t.same(answer.frames, frames)
  })
}

for (const [id, tag, source, message, expected] of [
  ['E62', 'documented', 'context.connectionId', {}, (connectionId: string) => connectionId],
  ['E63', 'observed', 'route.request.body.token', { token: 't' }, () => 't'],
  ['E64', 'observed', 'route.request.body.token', { other: 't' }, () => undefined],
  ['E65', 'documented', "'static'", {}, () => 'static']
] as const) {
  CASE(id, tag, `the mapping ${source} with ${JSON.stringify(message)} reaches the back end`, async (t) => {
    const { url, requests } = await createBackend(t, () => ({}))
    const { ask } = await createGateway(t, oneWay(http(url, { requestParameters: { 'integration.request.header.mapped': source } })))
    const { connectionId, frames } = await ask(message)
    t.same(frames, [])
    t.equal(requests[0]?.request.headers.mapped, expected(connectionId))
  })
}

for (const [id, tag, path, expected] of [
  ['E66', 'documented', 'http://${stageVariables.url}/x', '/x'],
  ['E67', 'observed', 'http://${stageVariables.url}/${stageVariables.unknown}y', '/y']
] as const) {
  CASE(id, tag, `the URI ${path} has the stage's variables put in`, async (t) => {
    const { url, requests } = await createBackend(t, () => ({}))
    const { ask } = await createGateway(t, {
      stages: [{ stageName: 'prod', stageVariables: { url: url.slice('http://'.length) } }], ...oneWay(http(path))
    })
    await ask('{}')
    t.same(requests.map(({ request }) => [request.url, request.headers.host]), [[expected, url.slice('http://'.length)]])
  })
}

CASE('E68', 'documented', 'CONVERT_TO_BINARY with what is not Base64 is an Internal server error', async (t) => {
  const { url, requests } = await createBackend(t, () => ({}))
  const { ask } = await createGateway(t, oneWay(http(url, { contentHandlingStrategy: 'CONVERT_TO_BINARY' })))
  t.same((await ask('not-base64!')).refusals, INTERNAL)
  t.same(requests, [])
})

CASE('E69', 'documented', 'CONVERT_TO_BINARY sends the bytes', async (t) => {
  const { url, requests } = await createBackend(t, () => ({}))
  const { ask } = await createGateway(t, oneWay(http(url, { contentHandlingStrategy: 'CONVERT_TO_BINARY' })))
  t.same((await ask('aGk=')).frames, [])
  t.same(requests[0]?.body, Buffer.from('hi'))
})

CASE('E70', 'documented', 'a stage variable with a blank in its value is refused', async (t) => {
  await t.rejects(createGateway(t, { stages: [{ stageName: 'prod', stageVariables: { a: 'a b' } }] }), { code: 'AGW_ERR_OPTIONS_INVALID', message: /stageVariables\.a/ })
})

/** What a template renders on $connect: given to a back end, because a handshake has no frame. */
async function renderOnConnect (t: Test, template: string): Promise<string> {
  const bodies: string[] = []
  const { connect } = await createGateway(t, {
    services: { 'sqs:SendMessage': ({ body }) => { bodies.push(body) } },
    routes: {
      $connect: { integration: { integrationType: 'AWS', integrationUri: 'arn:aws:apigateway:us-east-1:sqs:action/SendMessage', requestTemplates: { $default: template } } }
    }
  })
  t.equal((await connect({ headers: { 'User-Agent': 'wscat' } })).statusCode, 101)
  return bodies[0] as string
}

CASE('E131', 'documented', '$context.messageId is empty on CONNECT', async (t) => {
  t.equal(await renderOnConnect(t, '[$context.messageId]'), '[]')
})

CASE('E132', 'observed', '$context prints as a map with its empty members on CONNECT', async (t) => {
  const text = await renderOnConnect(t, '$context')
  for (const part of ['{routeKey=$connect', 'eventType=CONNECT', 'messageId=null', 'messageDirection=IN', 'disconnectStatusCode=null', 'userAgent=wscat', 'identity={']) t.ok(text.includes(part), part)
})

CASE('E153', 'documented', '$context.domainPrefix is the first label of the domain, and not printed with the whole', async (t) => {
  const text = await renderOnConnect(t, '$context.domainPrefix|$context.domainName|#if($context.toString().contains("domainPrefix"))printed#end')
  const [prefix, domainName, printed] = text.split('|') as [string, string, string]
  t.same([prefix, printed], [domainName.split('.')[0], ''])
})

CASE('E133', 'documented', 'values of the authorizer are text', async (t) => {
  const { connect } = await createGateway(t, twoWay(render('$context.authorizer.numKey|$context.authorizer.boolKey|#if($context.authorizer.numKey == "1")text#end|$context.authorizer.numKey.length()')))
  t.same((await connect({ authorizer: { numKey: 1, boolKey: true }, body: '{}' })).frames, ['1|true|text|1'])
})

CASE('E134', 'documented', 'requestId and extendedRequestId are one', async (t) => {
  const { ask } = await createGateway(t, twoWay(render('#if($context.requestId == $context.extendedRequestId)equal#end')))
  t.same((await ask('{}')).frames, ['equal'])
})

t.test('E135 [unknown] an override of the request is of no effect', async (t) => {
  const { url, requests } = await createBackend(t, () => ({}))
  const { ask } = await createGateway(t, oneWay(http(url, { requestTemplates: { $default: '#set($context.requestOverride.header.x = "y")#set($context.requestOverride.path.p = "z")sent' } })))
  t.same((await ask('{}')).frames, [])
  t.equal(requests[0]?.request.headers.x, undefined)
  t.equal(requests[0]?.body.toString(), 'sent')
})

CASE('E136', 'measured', 'an unknown stage variable is empty', async (t) => {
  const { ask } = await createGateway(t, { stages: [{ stageName: 'prod', stageVariables: { y: 'yes' } }], ...twoWay(render("[$stageVariables['x']][$stageVariables.y][${stageVariables['y']}]")) })
  t.same((await ask('{}')).frames, ['[][yes][yes]'])
})

for (const [status, expected] of [[400, 400], [503, 503], [302, 302], [204, 101]] as const) {
  CASE('H14', 'observed', `an HTTP integration of $connect that answers ${status} makes the handshake ${expected}`, async (t) => {
    const { url } = await createBackend(t, () => ({ status, body: 'secret of the back end' }))
    for (const integrationType of ['HTTP', 'HTTP_PROXY'] as const) {
      const integration = integrationType === 'HTTP' ? http(url, { integrationResponses: { $default: { responseTemplates: { $default: '' } } } }) : { integrationType, integrationMethod: 'POST', integrationUri: url }
      const { connect } = await createGateway(t, { routes: { $connect: { integration: integration as IntegrationDefinition } } })
      t.equal((await connect()).statusCode, expected, integrationType)
    }
  })
}

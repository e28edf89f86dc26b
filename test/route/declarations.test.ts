// Both styles of declaration, integrations shared through `target`, what registration refuses by place, and the choices
// where nobody could tell what AWS does.
import t from 'tap'
import type { IntegrationDefinition, RouteDefinition } from '../../lib/index.ts'
import { createGateway, oneWay, twoWay } from '../integration/gateway.ts'
import type { GatewayOptions } from '../integration/gateway.ts'

const INTERNAL = ['Internal server error']
const TWO_WAY = { routeResponses: { $default: {} } }
const mock = (more: object = {}): IntegrationDefinition =>
  ({ integrationType: 'MOCK', requestTemplates: { $default: '{"statusCode":200}' }, integrationResponses: { $default: {} }, ...more })
const render = (template: string): IntegrationDefinition => mock({ integrationResponses: { $default: { responseTemplates: { $default: template } } } })

t.test('app.routeKey and options.routes reach the same pipeline', async (t) => {
  const models = { Order: { type: 'object', required: ['id'] } }
  const checks = { modelSelectionExpression: '$request.body.action', requestModels: { $default: 'Order' } }
  const pipeline: RouteDefinition & { integration: any } = {
    ...TWO_WAY,
    ...checks,
    integration: {
      integrationType: 'AWS',
      handler: (input: any) => ({ got: input }),
      requestTemplates: { $default: '{"id":$input.json(\'$.id\')}' },
      integrationResponses: { $default: { responseTemplates: { $default: "$input.json('$.got')" } } }
    }
  }
  const { handler, ...integration } = pipeline.integration
  const { ask } = await createGateway(t, { models, routes: { data: pipeline, mockData: { ...TWO_WAY, integration: render('mock') } } }, (app) => {
    app.routeKey('method', { ...TWO_WAY, ...checks, integration }, handler)
    app.routeKey('mockMethod', { ...TWO_WAY, integration: render('mock') as never })
  })
  const { frames, refusals } = await ask({ action: 'data', id: 1 }, { action: 'method', id: 1 }, { action: 'data' }, { action: 'method' }, { action: 'mockData' }, { action: 'mockMethod' })
  t.same(frames.filter((frame) => !frame.startsWith('{"message"')), ['{"id":1}', '{"id":1}', 'mock', 'mock'])
  t.same(refusals, ['Bad request body', 'Bad request body'])
})

t.test('one integration serves several routes, each with its own direction, with or without AWS\'s prefix', async (t) => {
  const { ask } = await createGateway(t, {
    routes: { a: { ...TWO_WAY, target: 'shared' }, b: { ...TWO_WAY, target: 'integrations/shared' }, silent: { target: 'shared' } },
    integrations: { shared: render('$context.routeKey') }
  }, (app) => { app.routeKey('c', { ...TWO_WAY, target: 'shared' }) })
  t.same((await ask({ action: 'a' }, { action: 'b' }, { action: 'silent' }, { action: 'c' })).frames, ['a', 'b', 'c'])
})

t.test('a shared integration may map from the handshake where only $connect uses it', async (t) => {
  const integrations: any = { shared: { ...mock(), requestParameters: { 'integration.request.header.x': 'route.request.header.Origin' } } }
  t.equal((await (await createGateway(t, { integrations, routes: { $connect: { target: 'shared' } } })).connect()).statusCode, 101)
  await t.rejects(createGateway(t, { integrations, routes: { a: { target: 'shared' } } }), { code: 'AGW_ERR_MAPPING_PARAMETER', message: /integrations\.shared\.requestParameters/ })
})

/** Options, the code they are refused with, and the place or reason told. */
const REFUSED: ReadonlyArray<readonly [string, GatewayOptions, string, RegExp]> = [
  ['request templates on AWS_PROXY', oneWay({ handler: () => {}, requestTemplates: { $default: '{}' } } as any), 'AGW_ERR_INTEGRATION_INVALID', /routes\.\$default\.integration\.requestTemplates is not valid: it has no place in an integration of type AWS_PROXY/],
  ['a selection expression of templates on HTTP_PROXY', oneWay({ integrationType: 'HTTP_PROXY', integrationMethod: 'POST', integrationUri: '/x', templateSelectionExpression: 'a' } as any), 'AGW_ERR_INTEGRATION_INVALID', /templateSelectionExpression/],
  ['a handler with HTTP', oneWay({ integrationType: 'HTTP', integrationMethod: 'POST', integrationUri: '/x', handler: () => {} } as any), 'AGW_ERR_INTEGRATION_INVALID', /integration\.handler/],
  ['a URI with MOCK', oneWay({ integrationType: 'MOCK', integrationUri: '/x' } as any), 'AGW_ERR_INTEGRATION_INVALID', /integration\.integrationUri/],
  ['HTTP without a method', oneWay({ integrationType: 'HTTP', integrationUri: '/x' } as any), 'AGW_ERR_INTEGRATION_INVALID', /integrationMethod is not valid: it is missing/],
  ['AWS with nothing to call', oneWay({ integrationType: 'AWS' } as any), 'AGW_ERR_INTEGRATION_INVALID', /must have handler or integrationUri/],
  ['AWS with both', oneWay({ integrationType: 'AWS', handler: () => {}, integrationUri: 'x' } as any), 'AGW_ERR_INTEGRATION_INVALID', /must have one of them/],
  ['an unknown type', oneWay({ integrationType: 'GRPC' } as any), 'AGW_ERR_OPTIONS_INVALID', /integrationType is "GRPC"; it must be AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK/],
  ['an unknown property', oneWay(mock({ template: 'x' })), 'AGW_ERR_OPTIONS_INVALID', /routes\.\$default\.integration\.template is unknown/],
  ['a target that is missing', { routes: { a: { target: 'nowhere' } }, integrations: { here: mock() } }, 'AGW_ERR_INTEGRATION_UNKNOWN', /routes\.a\.target names the integration "nowhere".*it has here/],
  ['a target beside an integration', { routes: { a: { target: 'here', integration: mock() } }, integrations: { here: mock() } }, 'AGW_ERR_INTEGRATION_INVALID', /routes\.a\.target/],
  ['an integration that no route uses, too', { routes: { a: { integration: mock() } }, integrations: { here: mock({ requestTemplates: { $default: '#if(' } }) } }, 'AGW_ERR_MAPPING_TEMPLATE_INVALID', /integrations\.here\.requestTemplates\.\$default:1:/],
  ['a template that does not parse', oneWay(mock({ integrationResponses: { '/2../': { responseTemplates: { json: 'ok\n  #if($a) no end' } } } })), 'AGW_ERR_MAPPING_TEMPLATE_INVALID', /routes\.\$default\.integration\.integrationResponses\.\/2\.\.\/\.responseTemplates\.json:2:/],
  ['a key without slashes', oneWay(mock({ integrationResponses: { 200: {} } })), 'AGW_ERR_INTEGRATION_RESPONSE_KEY', /integrationResponses\.200 is not valid: .* such as \/200\//],
  ['a pattern that Java refuses', oneWay(mock({ integrationResponses: { '/(/': {} } })), 'AGW_ERR_INTEGRATION_RESPONSE_KEY', /Unclosed group/],
  ['a selection expression that is fixed', oneWay(mock({ integrationResponseSelectionExpression: '$request.body.x' })), 'AGW_ERR_INTEGRATION_INVALID', /fixes it to \$\{integration\.response\.statuscode\}/],
  ['a response parameter that goes nowhere', oneWay(mock({ integrationResponses: { $default: { responseParameters: { 'method.response.body': "'x'" } } } })), 'AGW_ERR_MAPPING_PARAMETER', /responseParameters\.method\.response\.body/],
  ['a model that does not exist', oneWay({ handler: () => {} }, { modelSelectionExpression: 'a', requestModels: { a: 'Missing' } }), 'AGW_ERR_MODEL_UNKNOWN', /routes\.\$default\.requestModels\.a/],
  ['a model expression of another kind', oneWay({ handler: () => {} }, { modelSelectionExpression: '$context.routeKey', requestModels: {} }), 'AGW_ERR_EXPRESSION_INVALID', /modelSelectionExpression/],
  ['a timeout below AWS\'s', oneWay(mock({ timeoutInMillis: 49 })), 'AGW_ERR_OPTIONS_INVALID', /routes\.\$default\.integration\.timeoutInMillis is 49/],
  ['E19: request parameters elsewhere than on $connect', oneWay(mock(), { requestParameters: { 'route.request.header.a': { required: true } } }), 'AGW_ERR_ROUTE_REQUEST_PARAMETERS_ELSEWHERE', /only supported for the \$connect route/],
  ['a request parameter that is none', { routes: { $connect: { requestParameters: { 'route.request.path.a': { required: true } } } } }, 'AGW_ERR_ROUTE_REQUEST_PARAMETER', /path\.a/],
  ['a model\'s name with a dash', { models: { 'a-b': {} } }, 'AGW_ERR_OPTIONS_INVALID', /models/]
]
for (const [what, options, code, message] of REFUSED) {
  t.test(`registration refuses ${what}`, async (t) => {
    await t.rejects(createGateway(t, options), { code, message })
  })
}

t.test('what is fixed by the type is accepted in either spelling', async (t) => {
  for (const integrationResponseSelectionExpression of ['${integration.response.statuscode}', '$integration.response.statuscode', '${response.statuscode}']) {
    await createGateway(t, oneWay(mock({ integrationResponseSelectionExpression })))
  }
  await createGateway(t, oneWay({ integrationType: 'AWS', handler: () => {}, integrationResponseSelectionExpression: '${integration.response.body.errorMessage}' }))
})

t.test('request templates are selected by $default, by media type or by the expression; nothing else matches', async (t) => {
  const echo = (more: object) => twoWay({ integrationType: 'AWS', handler: (input: unknown) => input, integrationResponses: { $default: {} }, ...more } as IntegrationDefinition)
  for (const [requestTemplates, templateSelectionExpression, expected] of [
    [{ 'application/json': '"json"' }, undefined, '"json"'],
    [{ 'application/json': '"json"', $default: '"default"' }, undefined, '"default"'],
    [{ other: '"other"' }, undefined, '{"k":"a"}'],
    [{ a: '"a"', $default: '"default"' }, '$request.body.k', '"a"'],
    [{ 'application/json': '"json"' }, '$request.body.k', '{"k":"a"}'],
    [{ a: '', $default: '"default"' }, '$request.body.k', '{"k":"a"}'],
    [{ __proto__: null, toString: '"x"' }, '$request.body.missing', '{"k":"a"}']
  ] as const) {
    const { ask } = await createGateway(t, echo({ requestTemplates, ...(templateSelectionExpression && { templateSelectionExpression }) }))
    t.same((await ask({ k: 'a' })).frames, [expected], JSON.stringify(requestTemplates))
  }
})

t.test('a template that fails at run time is an Internal server error, and the log says where', async (t) => {
  const { ask } = await createGateway(t, {
    routes: {
      request: { integration: mock({ requestTemplates: { $default: '{\n  "a": #set($x = [1])$x[5]\n}' } }) },
      response: { integration: render('one\ntwo\n  $input.path("$.x").y #set($l = [1])$l[9]') }
    }
  })
  const { refusals, causes } = await ask({ action: 'request' }, { action: 'response' })
  t.same(refusals, [...INTERNAL, ...INTERNAL])
  t.match(causes, [/^Template routes\.request\.integration\.requestTemplates\.\$default:2:\d+ failed/, /^Template routes\.response\.integration\.integrationResponses\.\$default\.responseTemplates\.\$default:3:\d+ failed/])
})

t.test('$context.error says what the client was told, AWS\'s type, and what a model found', async (t) => {
  const { createErrorContext } = await import('../../lib/api/template-context.ts')
  const { Refusal } = await import('../../lib/refusal.ts')
  const { ModelValidationError } = await import('../../lib/errors.ts')
  const refusal = new Refusal('BAD_REQUEST_BODY', new ModelValidationError('Order', '[object has missing required properties (["id"])]'))
  t.same(createErrorContext({ refusal } as never), { message: 'Bad request body', messageString: '"Bad request body"', responseType: 'BAD_REQUEST_BODY', validationErrorString: '[object has missing required properties (["id"])]' })
})

t.test('a handshake that lacks required parameters is refused with 400, headers told first', async (t) => {
  const { connect } = await createGateway(t, { routes: { $connect: { requestParameters: { 'route.request.querystring.q': { required: true }, 'route.request.header.X-Key': true, 'route.request.header.Maybe': { required: false } } } } })
  const refused = await connect()
  t.same([refused.statusCode, JSON.parse(refused.body)], [400, { message: 'Missing required request parameters: [X-Key, q]' }])
  t.equal((await connect({ headers: { 'x-key': '1' }, query: 'q=' })).statusCode, 101)
})

t.test('a MOCK $connect may choose the subprotocol by a response parameter', async (t) => {
  const { connect } = await createGateway(t, { routes: { $connect: { integration: mock({ integrationResponses: { $default: { responseParameters: { 'method.response.header.Sec-WebSocket-Protocol': "'chat'", 'method.response.header.other': 'context.stage' } } } }) } } })
  t.same((await connect()).headers, { 'sec-websocket-protocol': 'chat' })
})

t.test('E140 [unknown] an empty message is validated as {}', async (t) => {
  const { ask } = await createGateway(t, twoWay({ handler: () => ({ body: 'fine' }) }, { modelSelectionExpression: 'all', requestModels: { all: { type: 'object' } } }))
  t.same((await ask('')).frames, ['fine'])
})
t.test('E141 [unknown] a message that is not JSON fails its model', async (t) => {
  const { ask } = await createGateway(t, oneWay({ handler: () => {} }, { modelSelectionExpression: 'all', requestModels: { all: {} } }))
  t.same((await ask('hello')).refusals, ['Bad request body'], 'on a one-way route too')
})
t.test('E142 [unknown] models are for messages: $connect is not validated', async (t) => {
  const { connect } = await createGateway(t, { routes: { $connect: { modelSelectionExpression: 'all', requestModels: { all: { required: ['a'] } }, integration: { handler: () => ({ statusCode: 200 }) } } } })
  t.equal((await connect()).statusCode, 101)
})
t.test('E143 [unknown] a refused passthrough is Unsupported media type, and 415 on $connect', async (t) => {
  const never: any = { ...mock(), requestTemplates: {}, passthroughBehavior: 'NEVER' }
  const { ask } = await createGateway(t, oneWay(never))
  t.same((await ask('{}')).refusals, ['Unsupported media type'])
  t.equal((await (await createGateway(t, { routes: { $connect: { integration: never } } })).connect()).statusCode, 415)
})
t.test('E144 [unknown] a template that renders nothing sends an empty frame on a two-way route', async (t) => {
  const { ask } = await createGateway(t, twoWay(render('#set($x = 1)')))
  t.same((await ask('{}')).frames, [''])
})
t.test('E145 [unknown] without any integration response a one-way route is content, a two-way route is an Internal server error', async (t) => {
  const integration = mock({ integrationResponses: {} })
  t.same((await (await createGateway(t, oneWay(integration))).ask('{}')).frames, [])
  t.same((await (await createGateway(t, twoWay(integration))).ask('{}')).refusals, INTERNAL)
})
t.test('E146 [unknown] patterns match the whole text, and the first in order of declaration wins', async (t) => {
  const response = (text: string) => ({ responseTemplates: { $default: text } })
  const { ask } = await createGateway(t, twoWay(mock({ integrationResponses: { $default: response('default'), '/0/': response('part'), '/2.*/': response('first'), '/200/': response('second') } })))
  t.same((await ask('{}')).frames, ['first'])
})
t.test('E147 [unknown] broken JSON in a body that a template reads is a Bad Request', async (t) => {
  const { ask } = await createGateway(t, oneWay(mock({ requestTemplates: { $default: '{"statusCode":$input.json(\'$.s\')}' } })))
  t.same((await ask('{"s": 2')).refusals, ['Bad Request'])
})
t.test('E148 [unknown] a template of a body that CONVERT_TO_BINARY makes bytes is an Internal server error', async (t) => {
  const { ask } = await createGateway(t, oneWay(mock({ contentHandlingStrategy: 'CONVERT_TO_BINARY' })))
  t.same((await ask('aGk=')).refusals, INTERNAL)
})
t.test('E149 [unknown] MOCK without a template takes the client\'s own statusCode, and fails without one', async (t) => {
  const { ask } = await createGateway(t, twoWay(mock({ requestTemplates: {}, integrationResponses: { '/404/': { responseTemplates: { $default: 'not found' } }, $default: {} } })))
  const { frames, refusals } = await ask('{"statusCode":404}', '{}')
  t.equal(frames[0], 'not found')
  t.same(refusals, INTERNAL)
})
t.test('E150 [unknown] a missing path parameter stays as it is written', async (t) => {
  const { ask } = await createGateway(t, twoWay({ integrationType: 'HTTP_PROXY', integrationMethod: 'GET', integrationUri: '/x/{id}' }), (app) => { app.get<{ Params: { id: string } }>('/x/:id', async ({ params }) => params.id) })
  t.same((await ask('{}')).frames, ['{id}'])
})
t.test('E151 [unknown] the method ANY is POST', async (t) => {
  const { ask } = await createGateway(t, twoWay({ integrationType: 'HTTP_PROXY', integrationMethod: 'ANY', integrationUri: '/x' }), (app) => { app.all('/x', async ({ method }) => method) })
  t.same((await ask('{}')).frames, ['POST'])
})
t.test('E152 [unknown] a result that a $connect behind MOCK makes is its status', async (t) => {
  for (const [status, expected] of [[200, 101], [403, 403], [0, 502]] as const) {
    const { connect } = await createGateway(t, { routes: { $connect: { integration: mock({ requestTemplates: { $default: `{"statusCode":${status}}` } }) } } })
    t.equal((await connect()).statusCode, expected)
  }
})

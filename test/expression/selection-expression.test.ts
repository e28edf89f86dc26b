// Selection expressions: the grammar, what each place accepts, how a value becomes text, and what no message can do.

import t from 'tap'
import type { SelectionExpressionKind, SelectionScope } from '../../lib/expression/index.ts'
import { compileSelectionExpression, createSelectionScope } from '../../lib/expression/index.ts'

const select = (expression: string, body: string, more?: Omit<SelectionScope, 'text' | 'json'>) =>
  compileSelectionExpression(expression)(createSelectionScope(body, more))

const CHAT = '{"service":"chat","action":"join","data":{"room":"room1234"}}'

/** Evaluation 11.1, the cases an expression alone decides: id, tag, expression, body, text. */
const CASES: ReadonlyArray<readonly [string, string, string, string, string | undefined]> = [
  ['1', 'documented: ROUTES', '$request.body.action', CHAT, 'join'],
  ['2', 'documented: ROUTES', '${request.body.action}', CHAT, 'join'],
  ['3', 'documented: ROUTES', '${request.body.service}/${request.body.action}', CHAT, 'chat/join'],
  ['4', 'documented: ROUTES', '${request.body.action}-${request.body.invalidPath}', CHAT, 'join-'],
  ['5', 'documented: ROUTES', 'action', CHAT, 'action'],
  ['6', 'documented: ROUTES', '\\$default', CHAT, '$default'],
  ['7', 'documented: ROUTES', '${request.body.data.room}', CHAT, 'room1234'],
  ['8', 'documented: ROUTES', '$request.body.list', '{"list":["item1","item2"]}', '[item1, item2]'],
  ['9', 'documented: SEL', '$request.body.action', '{"action":"${request.body.service}","service":"x"}', '${request.body.service}'],
  ['10', 'observed: LS-7153', '$request.body.detail-type', '{"detail-type":"A"}', 'A'],
  ['11', 'observed: SLSO', '$request.body.service.do', '{"service":{"do":"echo"}}', 'echo'],
  ['12', 'observed: SLSO', '$request.body.action', '{"hello":"world"}', ''],
  ['14', 'documented: INVOKE', '$request.body.action', 'not json', undefined],
  ['16', 'documented: ROUTES', '$request.body.action', '{"action":"Join"}', 'Join'],
  ['21', 'documented: ROUTES', '$request.body.action', '{"action":1}', '1'],
  ['22', 'unknown', '$request.body.action', '{"action":null}', ''],
  ['23', 'unknown', '$request.body.action', '{"action":"$disconnect"}', '$disconnect']
]

for (const [id, tag, expression, body, expected] of CASES) {
  t.test(`E11.1 #${id} (${tag}) ${expression} reads ${expected === undefined ? 'nothing' : JSON.stringify(expected)} from ${body}`, async (t) => {
    t.equal(select(expression, body), expected)
  })
}

t.test('E11.1 #24 [documented] an API key expression other than the two is refused', async (t) => {
  t.throws(() => compileSelectionExpression('$request.query.k', { kind: 'apiKey' }), { code: 'AGW_ERR_EXPRESSION_INVALID' })
})

/** Evaluation 2.2 with the rulings: what each place accepts and refuses. */
const KINDS: Record<SelectionExpressionKind, { accepts: string[], refuses: string[] }> = {
  route: {
    accepts: [
      '$request.body.action', '$request.body', 'join', '\\$default', '$default', '$request.header.x-tenant', '$request.querystring.v',
      '${context.authorizer.tenant}-${stageVariables.color}', '${request.body.a}${request.body.b}'
    ],
    refuses: ['$request.path.x', '$integration.response.statuscode', '$request.basepath', '$response.statuscode', '$input.body', '$route.request.body.a', '$requestbody']
  },
  model: {
    accepts: ['$request.body.kind', 'order', '${request.body.a}.${request.body.b}'],
    refuses: ['$request.header.kind', '$context.routeKey', '$integration.response.statuscode']
  },
  requestTemplate: {
    accepts: ['$request.body.kind', '\\$default', '$default', 'custom-action', '200'],
    refuses: ['$integration.response.statuscode', '$stageVariables.a']
  },
  integrationResponse: {
    accepts: [
      '$integration.response.statuscode', '${integration.response.statuscode}', '${response.statuscode}', '$response.statuscode',
      '${integration.response.body.errorMessage}'
    ],
    refuses: ['200', '$request.body.a', '${integration.response.statuscode}0', '$integration.response.body.other', 'response.statuscode', '$default']
  },
  responseTemplate: {
    accepts: [
      '$request.body.kind', '$integration.response.statuscode', '$integration.response.header.content-type',
      '${integration.response.multivalueheader.x-a}', '200', '${integration.response.statuscode}-${request.body.a}'
    ],
    refuses: ['$integration.response.body.errorMessage', '$request.header.a', '$response.statuscode', '$integration.response.header']
  },
  routeResponse: { accepts: ['$default', '\\$default'], refuses: ['foo2', '$request.body.a', '${default}', '$default ', 'default'] },
  apiKey: {
    accepts: ['$request.header.x-api-key', '${request.header.x-api-key}', '$context.authorizer.usageIdentifierKey'],
    refuses: ['$request.header.authorization', '$context.authorizer.principalId', 'secret', 'request.header.x-api-key', '$default']
  },
  apiMapping: { accepts: ['$request.basepath', '${request.basepath}'], refuses: ['$request.path', 'v1', '/$request.basepath', '$default'] }
}

for (const [kind, { accepts, refuses }] of Object.entries(KINDS) as Array<[SelectionExpressionKind, typeof KINDS.route]>) {
  t.test(`an expression of kind ${kind} accepts what its row of the table names, and refuses the rest`, async (t) => {
    for (const source of accepts) t.equal(compileSelectionExpression(source, { kind }).source, source, source)
    for (const source of refuses) {
      t.throws(() => compileSelectionExpression(source, { kind }), { code: 'AGW_ERR_EXPRESSION_INVALID' }, source)
    }
  })
}

t.test('a refusal quotes the expression, marks the place and says what is allowed', async (t) => {
  t.throws(() => compileSelectionExpression('chat-$request.path.x', { kind: 'model' }), {
    message: 'Selection expression "chat-$request.path.x" is not valid: modelSelectionExpression accepts static text and ' +
      '$request.body[.path], not $request.path.x (at character 6: chat->>>$request.path.x)'
  })
  t.throws(() => compileSelectionExpression('v1', { kind: 'apiMapping' }), { message: /apiMappingSelectionExpression must be \$request\.basepath/ })
})

t.test('broken grammar is refused at its place', async (t) => {
  const broken: Array<[string, RegExp]> = [
    ['', /it is empty/],
    ['a-$', /a variable must follow .* \(at character 3: a->>>\$\)/],
    ['$ {request.body.a}', /a variable must follow/],
    ['${}', /a variable must follow/],
    ['${request.body.a', /the brace is not closed/],
    ['$request.body[0', /the bracket is not closed/],
    ["${request.body['a}", /the bracket is not closed/],
    ['$request.body.', /must follow a dot/],
    ['${request.body.a b}', /a space is only allowed in brackets/],
    ['$request.body.a..', /deep scan/],
    ['$request.header.', /not \$request\.header\./],
    ['${request.header.a b}', /not \$request\.header\.a b/],
    ['x'.repeat(2000), /longer than 1024/]
  ]
  for (const [source, message] of broken) t.throws(() => compileSelectionExpression(source), { message }, source.slice(0, 40))
})

t.test('a variable without braces ends where its characters end', async (t) => {
  const body = '{"a":"A","b":["B0",{"c":"C"}],"a b":"AB","x}y":"XY","1":"one"}'
  const cases: Array<[string, string]> = [
    ['$request.body.a/$request.body.a', 'A/A'],
    ['$request.body.a:x', 'A:x'],
    ['$request.body.a x', 'A x'],
    ['$request.body.a$request.body.a', 'AA'],
    ['$request.body.b[0]', 'B0'],
    ['$request.body.b[1].c', 'C'],
    ["$request.body['a b']!", 'AB!'],
    ['$request.body["a b"]', 'AB'],
    ["${request.body['x}y']}", 'XY'],
    ['$request.body.1', 'one'],
    ['\\$request.body.a', '$request.body.a'],
    ['a\\b', 'a\\b'],
    ['\\\\$request.body.a', '\\$request.body.a'],
    ['{$request.body.a}', '{A}'],
    ['${request.body.b[?(@.c)].c}', '[C]']
  ]
  for (const [expression, expected] of cases) t.equal(select(expression, body), expected, expression)
})

t.test('a value becomes text as Java writes it', async (t) => {
  const cases: Array<[string, string]> = [
    ['" a B "', ' a B '],
    ['""', ''],
    ['null', ''],
    ['true', 'true'],
    ['false', 'false'],
    ['1', '1'],
    ['-0', '0'],
    ['1.0', '1.0'],
    ['1.50', '1.5'],
    ['1e3', '1000.0'],
    ['10000000.0', '1.0E7'],
    ['-0.0', '-0.0'],
    ['9007199254740993', '9007199254740993'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['{}', '{}'],
    ['[]', '[]'],
    ['{"k":"v","2":[1.0,null,{"a":true}],"1":"x"}', '{k=v, 2=[1.0, null, {a=true}], 1=x}'],
    ['[["a"],"b"]', '[[a], b]']
  ]
  for (const [json, expected] of cases) t.equal(select('$request.body.v', `{"v":${json}}`), expected, json)
  t.equal(select('$request.body.v', '{"x":1.5,"v":7}'), '7', 'a whole number beside a fraction')
  t.equal(select('$request.body', '[1,"a"]'), '[1, a]', 'the whole body')
  t.equal(select('$request.body[1]', '[1,"a"]'), 'a', 'an array as body')
  t.equal(select('$request.body.v[*]', '{"v":["only"]}'), '[only]', 'an indefinite path is a list even of one')
  t.equal(compileSelectionExpression('$request.body.v')({ json: { v: 1.5 } }), '1.5', 'a scope without text')
})

t.test('a path that does not fit the message reads as missing, and a message that is no JSON as nothing', async (t) => {
  t.equal(select('$request.body.a[0]', '{"a":{}}'), '')
  t.equal(select('$request.body.a.b', '{"a":"text"}'), '')
  t.equal(select('$request.body.a', 'null'), '')
  t.equal(select('$request.body.a', '"text"'), '')
  t.equal(select('x-${request.body.a}', 'x'), undefined)
  t.equal(select('static', 'x'), undefined, 'a route expression without variables falls back, too')
  t.equal(compileSelectionExpression('static', { kind: 'model' })(createSelectionScope('x')), 'static')
  t.equal(select('$request.header.a', 'x', { header: (name) => name.toUpperCase() }), 'A', 'the handshake needs no JSON')
})

t.test('every variable beside the body reads from its own part of the scope', async (t) => {
  const scope: SelectionScope = {
    header: (name) => name === 'x-tenant' ? 'acme' : undefined,
    querystring: (name) => name === 'v' ? '2' : undefined,
    context: Object.assign(Object.create(null), { connectedAt: 1642404541417, authorizer: { tenant: 'T', n: '1' }, messageId: null }),
    stageVariables: { color: 'blue' },
    response: {
      statuscode: 200,
      errorMessage: 'oops',
      header: (name) => name === 'content-type' ? 'text/plain' : undefined,
      multivalueheader: (name) => name === 'x-a' ? ['1', '2'] : undefined
    },
    basepath: 'v1'
  }
  const cases: Array<[SelectionExpressionKind, string, string]> = [
    ['route', '$request.header.x-tenant', 'acme'],
    ['route', '$request.header.other', ''],
    ['route', '$request.querystring.v', '2'],
    ['route', '$request.querystring.w', ''],
    ['route', '$context.authorizer.tenant/$context.authorizer.n', 'T/1'],
    ['route', '$context.connectedAt', '1642404541417'],
    ['route', '$context.messageId', ''],
    ['route', '$context.a[0]', ''],
    ['route', '$context.authorizer[0]', ''],
    ['route', '$stageVariables.color', 'blue'],
    ['route', '$stageVariables.toString', ''],
    ['responseTemplate', '$integration.response.statuscode', '200'],
    ['responseTemplate', '$integration.response.header.content-type', 'text/plain'],
    ['responseTemplate', '$integration.response.header.x', ''],
    ['responseTemplate', '$integration.response.multivalueheader.x-a', '[1, 2]'],
    ['responseTemplate', '$integration.response.multivalueheader.x', ''],
    ['integrationResponse', '${response.statuscode}', '200'],
    ['integrationResponse', '${integration.response.body.errorMessage}', 'oops'],
    ['apiMapping', '$request.basepath', 'v1'],
    ['apiKey', '$context.authorizer.usageIdentifierKey', ''],
    ['routeResponse', '$default', '$default']
  ]
  for (const [kind, expression, expected] of cases) t.equal(compileSelectionExpression(expression, { kind })(scope), expected, expression)
  for (const [kind, expression] of cases) {
    if (!expression.startsWith('$default')) t.equal(compileSelectionExpression(expression, { kind })({}), expression.includes('/') ? '/' : '', `${expression} of nothing`)
  }
})

t.test('a compiled expression tells what it reads', async (t) => {
  const compiled = compileSelectionExpression('${request.header.x-tenant}/${request.body.a}/${request.header.x-tenant}/${context.authorizer.t}')
  t.same(compiled.variables, [
    { family: 'request.header', name: 'x-tenant' },
    { family: 'request.body', name: '.a' },
    { family: 'context', name: '.authorizer.t' }
  ])
  t.equal(compiled.readsBody, true)
  t.equal(compiled.constant, undefined)
  t.equal(compileSelectionExpression('$request.header.a').readsBody, false)
  t.same({ ...compileSelectionExpression('\\$default', { kind: 'requestTemplate' }) },
    { source: '\\$default', kind: 'requestTemplate', variables: [], readsBody: false, constant: '$default' })
  t.equal(compileSelectionExpression('static').readsBody, true, 'whether a route expression without variables applies is up to the message')
})

t.test('an expression that asks for nothing does not parse the message, and two ask once', async (t) => {
  let parsed = 0
  const scope = { text: '{"a":1}', get json () { return ++parsed } }
  compileSelectionExpression('x', { kind: 'model' })(scope)
  compileSelectionExpression('$request.header.a')(scope)
  t.equal(parsed, 0)
  const lazy = createSelectionScope('{"a":"b"}')
  t.equal(lazy.json, lazy.json)
})

t.test('names of Object.prototype are plain data (js-proto-keys, js-route-proto)', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    t.equal(select(`$request.body.${name}`, '{}'), '', `${name} is missing`)
    t.equal(select(`$request.body.${name}`, `{"${name}":"own"}`), 'own', `${name} is a member`)
    t.equal(select(`$request.body.${name}.x`, '{"a":1}'), '', `nothing is below ${name}`)
    t.equal(select('$request.body.action', `{"action":"${name}"}`), name, `${name} is a value`)
  }
  select('$request.body..x', '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}')
  t.equal(({} as Record<string, unknown>)['x'], undefined)
  t.equal(({} as Record<string, unknown>)['y'], undefined)
})

t.test('a hostile message costs no more than its size', async (t) => {
  const deep = '['.repeat(60_000) + ']'.repeat(60_000)
  const started = process.cpuUsage()
  t.equal(select('$request.body..a', deep), '')
  t.equal(select('$request.body', deep), '')
  t.equal(select('$request.body..a..b..c..d', JSON.stringify(Array.from({ length: 300 }, () => [[[[{ a: { a: { a: 1 } } }]]]]))), '[]')
  t.equal(select('$request.body..[*]..[*]..[*]..[*]', '['.repeat(300) + ']'.repeat(300)), '')
  t.ok(process.cpuUsage(started).user < 5_000_000)
})

// Variables of the Serverless Framework: how they are written, where their values come from, what ends them.
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { Report } from '../../lib/migrate/report.ts'
import type { Json } from '../../lib/migrate/resource.ts'
import { readService } from '../../lib/migrate/serverless/service.ts'
import { parseTemplate } from '../../lib/migrate/serverless/variable-syntax.ts'
import { parseYaml } from '../../lib/migrate/yaml.ts'
import type { ImportOptions, ReportEntry } from '../../types/migrate.js'

interface Given {
  options?: ImportOptions
  files?: Record<string, string>
}

/** `custom` of a service with every variable resolved, and the report. */
function resolveCustom (t: Test, custom: string, { options = {}, files = {} }: Given = {}): { value: Json, entries: ReportEntry[] } {
  const text = `service: chat\nprovider: { name: aws, region: eu-west-1 }\n${custom}`
  const directory = t.testdir({ 'serverless.yml': text, ...files })
  const report = new Report()
  const document = { name: 'serverless.yml', ...parseYaml(text, 'serverless.yml') }
  const value = readService(document, directory, options, report).root.get('custom').resolve() as Json
  return { value: JSON.parse(JSON.stringify(value)), entries: report.entries }
}

/** A single variable's value. */
const valueOf = (t: Test, variable: string, given?: Given): Json =>
  (resolveCustom(t, `custom:\n  it: ${JSON.stringify(variable)}\n  map: { key: { deep: [one, two] } }\n  none: null\n`, given).value as { it: Json }).it

t.test('a text is text and variables in order', async (t) => {
  const sources = (text: string) => JSON.parse(JSON.stringify(parseTemplate(text)))
  t.same(sources('plain'), ['plain'])
  t.same(sources('a${self:b}c'), ['a', { text: 'self:b', sources: [{ type: 'self', address: ['b'] }] }, 'c'])
  t.same(sources('${file(./x.yml):a.b, opt:c, "d,}"}'), [{
    text: 'file(./x.yml):a.b, opt:c, "d,}"',
    sources: [
      { type: 'file', params: [['./x.yml']], address: ['a.b'] },
      { type: 'opt', address: ['c'] },
      { literal: 'd,}' }
    ]
  }])
  t.same(sources('${ssm(eu-west-1, raw):/a}')[0].sources, [{ type: 'ssm', params: [['eu-west-1'], ['raw']], address: ['/a'] }])
  t.same(sources('${self:a.${opt:b}.c}')[0].sources[0].address, ['a.', { text: 'opt:b', sources: [{ type: 'opt', address: ['b'] }] }, '.c'])
})

t.test('what only looks like a variable stays as it is written', async (t) => {
  for (const text of [
    '${Table}', '${AWS::Region}', '${Table.Arn}', '${!Literal}', '${}', '$', '${', '}', '$self:a', '{self:a}',
    "$input.json('$')", '${util.escapeJavaScript($input.body)}', '${iot:ClientId}', 'a\\b', '\\$', '\\\\'
  ]) t.same(parseTemplate(text), [text], text)
  t.same(JSON.parse(JSON.stringify(parseTemplate('${AWS::${self:a}}'))), ['${AWS::', { text: 'self:a', sources: [{ type: 'self', address: ['a'] }] }, '}'])
})

t.test('a backslash before a variable makes text of it, two make one', async (t) => {
  t.same(parseTemplate('\\${self:a}'), ['${self:a}'])
  t.match(parseTemplate('\\\\${self:a}'), ['\\', { text: 'self:a' }])
  t.same(parseTemplate('\\\\\\${self:a}'), ['\\${self:a}'])
  t.equal(valueOf(t, '\\${self:service}'), '${self:service}')
})

t.test('a variable that is written wrongly is refused at its place', async (t) => {
  for (const [text, reason] of [
    ['${self:a', 'a variable lacks its closing brace'],
    ['${self:a, b}', '"b" is no value; text stands in quotes'],
    ['${file(a.yml}', 'lack their closing parenthesis'],
    ['${self:${Foo}}', 'must begin with its type'],
    ['${opt:a, "\\u"}', 'is no text in quotes'],
    ['${self:'.repeat(21), 'nested in more than 20 others']
  ] as const) {
    t.throws(() => valueOf(t, text), { code: 'AGW_ERR_MIGRATE_SOURCE', message: new RegExp(`^Definition serverless\\.yml:4:3 cannot be read: .*${reason}`) }, text)
  }
})

t.test('self: reads what stands elsewhere, text, list and map', async (t) => {
  t.equal(valueOf(t, '${self:service}'), 'chat')
  t.equal(valueOf(t, '${self:service}-${self:provider.region}!'), 'chat-eu-west-1!')
  t.same(valueOf(t, '${self:custom.map.key}'), { deep: ['one', 'two'] })
  t.equal(valueOf(t, '${self:custom.map.key.deep.1}'), 'two')
  t.equal(valueOf(t, '${self:custom.map.${self:custom.none, "key"}.deep.0}'), 'one')
})

t.test('before version 3 a service may be an object, and self:service is its name', async (t) => {
  const read = (text: string) => readService({ name: 'serverless.yml', ...parseYaml(text, 'serverless.yml') }, '.', {}, new Report()).root.get('custom').resolve()
  t.equal(read('service: { name: old }\nprovider: aws\ncustom: "${self:service}-dev"'), 'old-dev')
  t.equal(read('service: { name: old }\nprovider: aws\ncustom: "${self:service.name}"'), 'old')
  t.throws(() => read('service: { name: "${self:service}" }\nprovider: aws\ncustom: x'), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /circle/ })
})

t.test('the first source with a value wins, a null is none', async (t) => {
  t.equal(valueOf(t, "${opt:other, self:custom.none, self:custom.no.such, 'last'}"), 'last')
  t.equal(valueOf(t, '${opt:other, 12}'), 12)
  t.equal(valueOf(t, '${opt:other, true}'), true)
  t.equal(valueOf(t, '${opt:other, null}'), null)
  t.same(valueOf(t, '${opt:other, []}'), [])
  t.equal(valueOf(t, "${opt:other, ''}"), '')
  t.equal(valueOf(t, "${opt:other, '${self:service}'}"), 'chat', 'a variable in quotes is one all the same')
})

t.test('sls:stage and opt:stage', async (t) => {
  t.equal(valueOf(t, '${sls:stage}'), 'dev', 'the default of the framework')
  t.equal(valueOf(t, '${sls:stage}', { options: { stage: 'prod' } }), 'prod')
  t.equal(valueOf(t, "${opt:stage, 'local'}"), 'local', 'no stage was asked for')
  t.equal(valueOf(t, "${opt:stage, 'local'}", { options: { stage: 'prod' } }), 'prod')
  t.equal(valueOf(t, '${opt:stage}'), 'dev', 'a deployment is always given one')
  t.equal(valueOf(t, '${opt:region}'), 'eu-west-1')
  t.equal(valueOf(t, '${sls:instanceId}'), '0')
})

t.test('aws: account, region and partition are those of the import', async (t) => {
  t.equal(valueOf(t, '${aws:accountId}'), '123456789012')
  t.equal(valueOf(t, '${aws:accountId}', { options: { accountId: '012345678901' } }), '012345678901')
  t.equal(valueOf(t, '${aws:region}'), 'eu-west-1')
  t.equal(valueOf(t, '${aws:region}', { options: { region: 'cn-north-1' } }), 'cn-north-1')
  t.equal(valueOf(t, '${aws:partition}', { options: { region: 'cn-north-1' } }), 'aws-cn')
})

t.test('env: reads the environment, and own names of it only', async (t) => {
  process.env.AGW_TEST_VARIABLE = 'from ${self:service}'
  t.teardown(() => delete process.env.AGW_TEST_VARIABLE)
  t.equal(valueOf(t, '${env:AGW_TEST_VARIABLE}'), 'from ${self:service}', 'as it is')
  t.equal(valueOf(t, "${env:AGW_TEST_NO_SUCH, 'none'}"), 'none')
  t.equal(valueOf(t, "${env:constructor, 'none'}"), 'none')
})

t.test('param: --param before the stage, the stage before all stages, versions 3 and 4', async (t) => {
  const custom = `
params: { default: { three: all 3, both: all 3, table: "\${sls:stage}-table" }, prod: { both: prod 3 } }
stages: { default: { params: { four: all 4 } }, prod: { params: { both: prod 4 } } }
custom: { three: "\${param:three}", four: "\${param:four}", both: "\${param:both}", table: "\${param:table}", none: "\${param:no, 'none'}" }`
  t.same(resolveCustom(t, custom).value, { three: 'all 3', four: 'all 4', both: 'all 3', table: 'dev-table', none: 'none' })
  t.same(resolveCustom(t, custom, { options: { stage: 'prod', parameters: { four: 'given' } } }).value,
    { three: 'all 3', four: 'given', both: 'prod 4', table: 'prod-table', none: 'none' })
})

t.test('strToBool()', async (t) => {
  for (const [text, value] of [['true', true], ['FALSE', false], ['1', true], ['0', false]] as const) t.equal(valueOf(t, `\${strToBool(${text})}`), value)
  t.equal(valueOf(t, '${strToBool(${opt:debug, "True"})}'), true)
  t.equal(valueOf(t, "${strToBool(2), 'neither'}"), 'neither')
})

t.test('file() reads YAML and JSON of the folder, with their own variables', async (t) => {
  const files = {
    'a.dev.yml': 'table: { name: "${self:service}-${sls:stage}" }\nref: !Ref Table\n',
    'b.json': '{"list": [{"x": "${file(./a.dev.yml):table.name}"}]}'
  }
  t.equal(valueOf(t, '${file(./a.${sls:stage}.yml):table.name}', { files }), 'chat-dev')
  t.same(valueOf(t, '${file(a.dev.yml)}', { files }), { table: { name: 'chat-dev' }, ref: { Ref: 'Table' } })
  t.equal(valueOf(t, '${file(./b.json):list.0.x}', { files }), 'chat-dev')
  t.equal(valueOf(t, "${file(./no.yml):a, file(./b.json):no, 'none'}", { files }), 'none')
})

t.test('a file that stands for a part of the definition may refer to what stands beside it', async (t) => {
  const files = { 'custom.yml': 'name: "${self:custom.base}-x"\nbase: "${self:service}"\n' }
  t.same(resolveCustom(t, 'custom: ${file(custom.yml)}', { files }).value, { name: 'chat-x', base: 'chat' })
})

t.test('what only AWS, a service, a plugin or code could tell comes of the option variables, else is reported', async (t) => {
  const variables = {
    'ssm:/chat/dev/table': 'orders',
    'cf(eu-west-1):other.Url': 'wss://x',
    'file(./config.js):name': 'from code',
    'file(../shared.yml):name': 'from outside',
    'tableOf:chat': 'of a plugin'
  }
  t.equal(valueOf(t, '${ssm:/chat/${sls:stage}/table}', { options: { variables } }), 'orders')
  t.equal(valueOf(t, '${cf(eu-west-1):other.Url}', { options: { variables } }), 'wss://x')
  t.equal(valueOf(t, '${file(./config.js):name}', { options: { variables } }), 'from code')
  t.equal(valueOf(t, '${file(../shared.yml):name}', { options: { variables } }), 'from outside')
  t.equal(valueOf(t, '${tableOf:chat}', { options: { variables } }), 'of a plugin')

  const { value, entries } = resolveCustom(t, 'custom:\n  a: ${ssm:/a}\n  b: x-${self:custom.a}-${self:custom.a.deeper}\n  c: "${s3:b/k, \'c\'}"\n')
  t.same(value, { a: 'ssm:/a', b: 'x-ssm:/a-ssm:/a', c: 'c' }, 'its text stands in, wherever it is used')
  t.same(entries, [
    {
      level: 'error',
      code: 'variable-unresolved',
      message: 'Variable "ssm:/a" has no value here: AWS, a service or a plugin would tell it; its text is taken instead',
      hint: "--var 'ssm:/a=…' (option variables) gives it",
      resource: 'custom',
      property: 'a',
      line: 4,
      column: 3
    },
    {
      level: 'warning',
      code: 'variable-fallback',
      message: 'Variable "s3:b/k" is known to AWS or a service alone; the value behind it is taken',
      hint: "--var 's3:b/k=…' (option variables) gives it",
      resource: 'custom',
      property: 'c',
      line: 6,
      column: 3
    }
  ])
})

t.test('code is never run, whatever its name ends in', async (t) => {
  const files = { 'config.js': 'throw new Error("ran")', 'config.cjs': 'throw new Error("ran")', 'config.ts': 'throw new Error("ran")', 'note.txt': 'text' }
  for (const name of Object.keys(files)) {
    const { value, entries } = resolveCustom(t, `custom: { it: "\${file(./${name}):a}" }`, { files })
    t.same(value, { it: `file(./${name}):a` })
    t.match(entries, [{ level: 'error', code: 'variable-unresolved', hint: `--var 'file(./${name}):a=…' (option variables) gives it` }])
  }
})

t.test('what has no value in the environment says how to give it one', async (t) => {
  const { entries } = resolveCustom(t, 'custom: { it: "${env:AGW_TEST_NO_SUCH}", other: "${self:custom.no}" }')
  t.match(entries, [
    { code: 'variable-unresolved', hint: "set AGW_TEST_NO_SUCH in the environment; or --var 'env:AGW_TEST_NO_SUCH=…' (option variables) gives it" },
    { code: 'variable-unresolved', message: 'Variable "self:custom.no" has no value here; its text is taken instead' }
  ])
})

t.test('names of Object are names like others', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'length']) {
    t.equal(valueOf(t, `\${self:${name}, self:custom.${name}, self:custom.map.${name}, param:${name}, opt:${name}, 'none'}`), 'none', name)
  }
  t.same(Object.keys(resolveCustom(t, 'custom: { __proto__: { polluted: "${self:service}" } }').value as object), ['__proto__'])
  t.notOk('polluted' in {})
})

t.test('a hostile definition ends in a coded error', async (t) => {
  const refuses = (t: Test, custom: string, reason: RegExp, given?: Given): void => {
    t.throws(() => resolveCustom(t, custom, given), { code: 'AGW_ERR_MIGRATE_SOURCE', message: reason })
  }
  t.test('circles', async (t) => {
    refuses(t, 'custom: { a: "${self:custom.a}" }', /serverless\.yml:3:11 cannot be read: variables refer to each other in a circle: custom\.a → custom\.a/)
    refuses(t, 'custom: { a: "${self:custom.b}", b: "x${self:custom.a}" }', /circle: custom\.a → custom\.b → custom\.a/)
    refuses(t, 'custom: { a: { b: "${self:custom.a}" } }', /circle/)
    refuses(t, 'custom: "${self:}"', /circle/)
    refuses(t, 'custom: "${file(a.yml)}"', /a\.yml:1:1 cannot be read: .*circle/, { files: { 'a.yml': 'x: "${file(b.yml):x}"', 'b.yml': 'x: "${file(a.yml):x}"' } })
  })
  t.test('values without bound', async (t) => {
    const chain = Array.from({ length: 1000 }, (_, i) => `  a${i}: "\${self:custom.a${i + 1}}"`).join('\n')
    refuses(t, `custom:\n${chain}\n  a1000: end`, /nested in more than 200 others/)
    const doubling = Array.from({ length: 60 }, (_, i) => `  a${i}: "\${self:custom.a${i + 1}}\${self:custom.a${i + 1}}"`).join('\n')
    refuses(t, `custom:\n${doubling}\n  a60: end`, /more than 5000000 characters and values/)
    const long = 'x'.repeat(1_000_000)
    refuses(t, `custom: { a: "${'${self:custom.b}'.repeat(10_000)}", b: ${long} }`, /more than 5000000 characters and values/)
    const lists = Array.from({ length: 60 }, (_, i) => `  a${i}: ["\${self:custom.a${i + 1}}", "\${self:custom.a${i + 1}}"]`).join('\n')
    refuses(t, `custom:\n${lists}\n  a60: end`, /more than 5000000 characters and values/)
  })
  t.test('paths outside of the folder', async (t) => {
    for (const path of ['../secret.yml', '/etc/passwd.yml', '~/secret.yml', 'a/../../secret.yml']) {
      refuses(t, `custom: { a: "\${file(${path})}" }`, /lies outside of the definition's folder/)
    }
    const directory = join(t.testdir({ 'secret.yml': 'a: 1', inside: {} }), 'inside')
    symlinkSync(join('..', 'secret.yml'), join(directory, 'link.yml'))
    const document = { name: 'serverless.yml', ...parseYaml('service: a\nprovider: { name: aws }\ncustom: { a: "${file(link.yml)}" }', 'serverless.yml') }
    t.throws(() => readService(document, directory, {}, new Report()).root.get('custom').resolve(),
      { code: 'AGW_ERR_MIGRATE_SOURCE', message: /serverless\.yml:3:11 cannot be read: file "link\.yml" is a link that leads outside/ })
  })
  t.test('files that cannot be read', async (t) => {
    refuses(t, 'custom: { a: "${file(a.yml)}" }', /a\.yml:1:\d+ cannot be read/, { files: { 'a.yml': '[' } })
    refuses(t, 'custom: { a: "${file(a.yml)}" }', /a\.yml cannot be read: It is not a regular file/, { files: { 'a.yml': {} } as never })
  })
  t.test('a map or nothing where a text is needed', async (t) => {
    refuses(t, 'custom: { a: "x${self:custom.b}", b: { c: 1 } }', /must be text, a number or a boolean/)
    refuses(t, 'custom: { a: "x${opt:b, null}" }', /must be text, a number or a boolean/)
  })
})

t.test('what is no service on AWS is refused by name', async (t) => {
  const read = (text: string) => readService({ name: 'serverless.yml', ...parseYaml(text, 'serverless.yml') }, '.', {}, new Report())
  for (const [text, reason] of [
    ['service: a\nprovider: { name: google }', 'serverless.yml:2:1 cannot be read: provider "google" is not valid; WebSocket APIs are of the provider aws'],
    ['service: [a]\nprovider: aws', 'serverless.yml:1:1 cannot be read: service ["a"] is not valid; it must be the name of the service'],
    ['service: a\nprovider: aws\nfunctions: text', 'serverless.yml:3:1 cannot be read: functions must be an object, or a list of objects'],
    ['service: a\nprovider: aws\nfunctions: { f: text }', 'serverless.yml:3:14 cannot be read: function f must be an object']
  ] as const) t.throws(() => read(text), { code: 'AGW_ERR_MIGRATE_SOURCE', message: `Definition ${reason}` })
  t.equal(read('service: { name: old }\nprovider: aws').name, 'old')
})

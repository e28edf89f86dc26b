// Where definitions come from, how their format is told, and what no definition is.
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ImportOptions } from '../../types/migrate.js'
import { readSource } from '../../lib/migrate/source.ts'

const TEMPLATE = 'Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n'
const format = async (source: unknown, options: ImportOptions = {}) => (await readSource(source, options)).format

t.test('the format is told from the shape', async (t) => {
  t.equal(await format(TEMPLATE), 'cloudformation')
  t.equal(await format('{"Resources": {}}'), 'cloudformation')
  t.equal(await format('service: chat\nprovider: { name: aws }\nresources: { Resources: {} }'), 'serverless')
  t.equal(await format({ format_version: '1.2', planned_values: {} }), 'terraform-json')
  t.equal(await format({ format_version: '1.0', values: {} }), 'terraform-json')
  t.equal(await format({ format_version: '1.0', terraform_version: '1.9.8' }), 'terraform-json', 'an empty state')
  t.equal(await format({ 'get-api': {}, 'get-routes': { Items: [] } }), 'aws-cli')
  t.equal(await format({ ApiId: 'a1b2c3d4e5', ProtocolType: 'WEBSOCKET' }), 'aws-cli')
  t.equal(await format({ 'get-api': {} }, { format: 'auto' }), 'aws-cli')
  t.equal(await format(TEMPLATE, { format: 'sam' }), 'sam', 'as asked')
  await t.rejects(format('a:\n  b: c'), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /^Definition text cannot be read: It has neither Resources/ })
  await t.rejects(format({ Resources: 'x' }), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /has neither Resources/ })
  await t.rejects(format(TEMPLATE, { format: 'hcl' as 'sam' }), { message: /Format "hcl" is not one of auto, cloudformation, sam, serverless/ })
})

t.test('a path, a folder, a text and an object give the same value', async (t) => {
  const directory = t.testdir({
    one: { 'template.yaml': TEMPLATE, 'package.json': '{}', 'samconfig.toml': '' },
    cdk: { 'Chat.template.json': '{"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api"}}}', 'manifest.json': '{}' },
    several: { 'template.yaml': TEMPLATE, 'serverless.yml': 'service: x' },
    none: { 'README.md': '' }
  })
  const expected = { Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api' } } }
  const file = await readSource('one/template.yaml', { directory })
  t.strictSame(JSON.parse(JSON.stringify(file.value)), expected)
  t.strictSame([file.path, file.directory, file.text], [join(directory, 'one/template.yaml'), join(directory, 'one'), TEMPLATE])
  t.same(file.positionOf(['Resources', 'Api', 'Type']), { line: 3, column: 5 })
  for (const source of ['one', 'cdk', join(directory, 'one'), TEMPLATE, TEMPLATE.replaceAll('\n', '\r\n'), expected]) {
    t.strictSame(JSON.parse(JSON.stringify((await readSource(source, { directory })).value)), expected)
  }
  t.equal((await readSource(TEMPLATE, { directory })).directory, directory)
  await t.rejects(readSource('several', { directory }), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /Folder has several definitions, serverless\.yml, template\.yaml; name one/ })
  await t.rejects(readSource('none', { directory }), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /Folder has no template\.yaml/ })
  await t.rejects(readSource('absent.yaml', { directory }), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /ENOENT/ })
})

t.test('a folder of answers of aws apigatewayv2 is one value, each answer by the name of its file', async (t) => {
  const directory = t.testdir({
    'get-api.json': '{"ApiId": "a",\n "Name": "chat"}',
    'get-route-responses.aaaaaa3.json': '{"Items": []}',
    'package.json': '{}',
    'get-routes.txt': 'x'
  })
  const source = await readSource(directory, {})
  t.strictSame(JSON.parse(JSON.stringify(source.value)), { 'get-api': { ApiId: 'a', Name: 'chat' }, 'get-route-responses.aaaaaa3': { Items: [] } })
  t.same([source.format, source.directory], ['aws-cli', directory])
  t.same(source.positionOf(['get-api', 'Name']), { line: 2, column: 2 })
})

t.test('an answer that is a link does not lead out of its folder', async (t) => {
  const folder = t.testdir({ 'other.json': '{"Items": []}', answers: { 'get-api.json': '{"ApiId": "a"}', 'here.json': '{"Items": []}' } })
  const answers = join(folder, 'answers')
  symlinkSync('here.json', join(answers, 'get-models.json'))
  t.ok(Object.hasOwn((await readSource(answers, {})).value, 'get-models'))
  symlinkSync(join('..', 'other.json'), join(answers, 'get-routes.json'))
  await t.rejects(readSource(answers, {}), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /get-routes\.json cannot be read: It is a link that leads outside of the folder/ })
  symlinkSync('nowhere.json', join(answers, 'get-authorizers.json'))
  await t.rejects(readSource(answers, {}), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /get-authorizers\.json cannot be read: ENOENT/ })
})

t.test('what is no definition ends in a coded error', async (t) => {
  const rejects = (source: unknown, message: RegExp, options: ImportOptions = {}) =>
    t.rejects(readSource(source, options), { code: 'AGW_ERR_MIGRATE_SOURCE', message }, message.source)
  await rejects('[1, 2]', /Its outermost value is a list; it must be a map/)
  await rejects([], /Its outermost value is a list/)
  await rejects('a\nb', /Its outermost value is a string/)
  await rejects('# nothing\n', /Its outermost value is null/)
  await rejects(7, /A number is neither path nor text nor object/)
  await rejects(undefined, /A undefined is neither/)
  const directory = t.testdir({ 'latin.yaml': Buffer.from('a: \xE9', 'latin1'), folder: { 'template.yaml': {} } })
  await rejects('latin.yaml', /latin\.yaml cannot be read: The encoded data was not valid/, { directory })
  await rejects('folder', /template\.yaml cannot be read: It is not a regular file/, { directory })
  await rejects('/dev/zero', /It is not a regular file/)
  await rejects('a\0b', /cannot be read: .*null bytes/)
})

t.test('an object that JSON has no words for is refused by place', async (t) => {
  const rejects = (value: unknown, message: RegExp) =>
    t.rejects(readSource({ Resources: { a: [value] } }, {}), { code: 'AGW_ERR_MIGRATE_SOURCE', message }, message.source)
  await rejects(NaN, /^Definition object at Resources\.a\[0\] cannot be read: Number NaN has no place in JSON/)
  await rejects(Infinity, /Number Infinity has no place/)
  await rejects(() => 1, /Value of type function/)
  await rejects(undefined, /Value of type undefined/)
  await rejects(1n, /Value of type bigint/)
  await rejects(new Date(0), /Object of class Date is not plain/)
  await rejects(new Map(), /Object of class Map is not plain/)
  await rejects('\uE0F0Api\uE0F1', /U\+E0F0 to U\+E0F2 are kept/)
  await rejects('\uE0F2', /U\+E0F0 to U\+E0F2 are kept/)
  await rejects({ '\uE0F1': 1 }, /U\+E0F0 to U\+E0F2 are kept/)
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  await rejects(cycle, /at Resources\.a\[0\]\.self cannot be read: Object holds itself/)
  let deep: unknown = 'x'
  for (let i = 0; i < 100_000; i++) deep = [deep]
  await rejects(deep, /Values are nested more than 200 deep/)
  const shared = { b: 1 }
  const source = await readSource({ Resources: { one: shared, two: shared, gone: undefined, ['__proto__']: { polluted: true } } }, {})
  t.strictSame(JSON.stringify(source.value), '{"Resources":{"one":{"b":1},"two":{"b":1},"__proto__":{"polluted":true}}}')
  t.notOk('polluted' in {})
})

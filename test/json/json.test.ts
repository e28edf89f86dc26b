// Lenient JSON, its printing and JSON paths beside the recorded answers: what errors say, and what hostile input costs.
import t from 'tap'
import { JavaBigDecimal, JavaBigInteger, JavaDouble } from '../../lib/java/index.ts'
import { compileJsonPath, parseLenientJson, valueText, writeJson } from '../../lib/json/index.ts'

t.test('lenient JSON yields Maps in the order of the text, arrays, and exact numbers', async (t) => {
  const value = parseLenientJson('{"b":[1,2.5,3000000000,12345678901234567890,1.2345678901234567890],"1":{"x":null},"b2":true,"1":"last"}')
  t.ok(value instanceof Map)
  const map = value as Map<string, unknown>
  t.same([...map.keys()], ['b', '1', 'b2'])
  t.equal(map.get('1'), 'last')
  const [int, double, long, big, decimal] = map.get('b') as unknown[]
  t.equal(int, 1)
  t.ok(double instanceof JavaDouble)
  t.equal(long, 3000000000n)
  t.ok(big instanceof JavaBigInteger)
  t.ok(decimal instanceof JavaBigDecimal)
})

t.test('lenient JSON fails with the words of json-smart (observed: TQ)', async (t) => {
  const cases: Array<[string, RegExp]> = [
    ['{a', /Unexpected End Of File position 1: null$/],
    ['[a', /Unexpected End Of File position 1: EOF$/],
    ['}', /Unexpected character \(\}\) at position 0\.$/],
    ['["\\u12x4"]', /Unexpected unicode escape sequence x at position/],
    ['["\\u12', /Unexpected End Of File/],
    ['{"a":"b\\', /Unexpected End Of File/],
    ['["a', /Unexpected End Of File position 3: null$/],
    ['{"a":{} x}', /Unexpected token x at position/],
    ['{"a":', /Unexpected End Of File/],
    ['[1E+]', /1E\+ is no number$/],
    [`[${'1'.repeat(10_001)}]`, /a number has more than 10000 characters$/],
    ['x'.repeat(10 * 1024 * 1024 + 1), /more than 10485760 characters$/],
    ['['.repeat(100_000), /nested more than 400 deep$/],
    ['{"a":'.repeat(100_000), /nested more than 400 deep$/]
  ]
  for (const [text, message] of cases) t.throws(() => parseLenientJson(text), { code: 'AGW_ERR_JSON_INVALID', message }, text.slice(0, 20))
})

t.test('names of Object.prototype are plain data (js-proto-keys)', async (t) => {
  const text = '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}'
  for (const document of [parseLenientJson(text), JSON.parse(text) as unknown]) {
    t.equal(compileJsonPath('$.__proto__.x')(document), 1)
    t.equal(compileJsonPath('$.constructor.prototype.y')(document), 1)
    t.equal(compileJsonPath('$.toString')(document), undefined)
    t.equal(compileJsonPath('$.constructor.name')(document), undefined)
    t.same(compileJsonPath('$..x')(document), [1])
    t.equal(compileJsonPath('$.hasOwnProperty')(document), undefined)
    t.equal(writeJson(document), text)
    t.equal(valueText(document), '{__proto__={x=1}, constructor={prototype={y=1}}}')
  }
  t.equal(({} as Record<string, unknown>)['x'], undefined)
  t.equal(({} as Record<string, unknown>)['y'], undefined)
  t.equal(compileJsonPath('$.length')([1, 2]), undefined)
  t.equal(compileJsonPath('$.value')(new JavaDouble(1)), undefined, 'a number has no members')
  t.equal(compileJsonPath('$.size')(new Map()), undefined)
})

t.test('JSON is written compactly, with or without the slash escaped', async (t) => {
  const value = parseLenientJson('{"a":["x/y",1.50,null,true,12345678901234567890],"q\\"\\\\":"\\u0001\\n\\u007f\\u2028é世"}')
  t.equal(writeJson(value), '{"a":["x/y",1.5,null,true,12345678901234567890],"q\\"\\\\":"\\u0001\\n\\u007F\\u2028é世"}')
  t.equal(writeJson(value, { escapeSlash: true }), '{"a":["x\\/y",1.5,null,true,12345678901234567890],"q\\"\\\\":"\\u0001\\n\\u007F\\u2028é世"}')
  t.equal(writeJson(new JavaDouble(Infinity)), 'null')
  t.equal(writeJson(undefined), 'null')
  t.equal(writeJson('\b\f\r\t"'), '"\\b\\f\\r\\t\\""')
  const loop: unknown[] = []
  loop.push(loop)
  t.throws(() => writeJson(loop), { message: /nested more than 1000 deep/ })
})

t.test('a path is compiled once and tells whether it is definite', async (t) => {
  for (const [path, definite] of [['$', true], ['a.b', true], ['$[0]', true], ["$['a','b']", true], ['$[(@.length-1)]', true], ['$.*', false],
    ['$..a', false], ['$[0,1]', false], ['$[0:1]', false], ['$[?(@.a)]', false]] as const) {
    const read = compileJsonPath(path)
    t.equal(read.definite, definite, path)
    t.equal(read.source, path)
  }
})

t.test('what is missing, null and empty are three things', async (t) => {
  const document = { a: null, l: [] }
  t.equal(compileJsonPath('$.b')(document), undefined)
  t.equal(compileJsonPath('$.a')(document), null)
  t.same(compileJsonPath('$.l[*]')(document), [])
  t.equal(compileJsonPath('$')(null), null)
  t.equal(compileJsonPath('$.a')(null), undefined)
})

t.test('a path that is none is refused when it is compiled, with its place', async (t) => {
  const cases: Array<[string, RegExp]> = [
    ['', /"" is not valid: it is empty \(character 1\)/],
    ['$a', /"\." or "\[" must follow the "\$" or "@" it starts with \(character 2\)/],
    ['$.a b', /a space is only allowed in brackets \(character 4\)/],
    ['$.a..', /it cannot end with a deep scan/],
    ['$.', /a name, "\*", "\[" or "\." must follow a dot \(character 3\)/],
    ['$.a[', /\[ is no name, index, slice, wildcard or filter/],
    ['$.a[x]', /\[x\] is no name/],
    ['$.a[1', /"\]" is missing/],
    ["$.a['b'", /"\]" is missing/],
    ['$.a["b', /double quote/],
    ['$.a[1:x:]', /is no name|is missing|no index|reads|/],
    ['$.a[-]', /- is no index/],
    ['$.a[(@.count-1)]', /@\.count is no function/],
    ['$.a[@]', /only \(@\.length-n\)/],
    ['$.a[?(@.b', /not balanced/],
    ['$.a[?(@.b])]', /not balanced|form/],
    ['$.a[?@.b]', /must have the form \[\?\(…\)\]/],
    ['$.a[?()]', /empty condition/],
    ['$.a[?(b)]', /has none of the operators == >= <= != < > =~/],
    ['$.a[?(@.b &&)]', /lacks a condition|empty condition/],
    ['$.a[?(@.b && && @.c)]', /empty condition|no condition/],
    ['$.a[?(@..b)]', /can lead to more than one value/],
    ['$.a[?(@.b == !@.c)]', /only negates existence/],
    ["$.a[?(@.b == ')]", /not balanced|not closed/],
    ['$.a[?(@.b =~ /)]', /not closed/],
    ["$.a[?(@.b =~ 'x')]", /compares with no pattern/],
    ['$.a[?(@.b =~ /[/)]', /not balanced/],
    ['$.a[?(@.b =~ /(/)]', /not balanced|Unclosed group/],
    ['x'.repeat(5000), /longer than 4096/]
  ]
  for (const [path, message] of cases) {
    t.throws(() => compileJsonPath(path), { message }, path.slice(0, 30))
    t.throws(() => compileJsonPath(path), { code: /AGW_ERR_(JSON_PATH|JAVA_PATTERN)_INVALID/ }, path.slice(0, 30))
  }
})

t.test('where the engine fails on a document the reader throws a coded error that names the path', async (t) => {
  const cases: Array<[string, unknown, RegExp]> = [
    ['$.a[0]', { a: {} }, /"\$\.a\[0\]" cannot be applied: an index applies to an array only/],
    ['$.a[0:1]', { a: 'x' }, /a slice applies to an array only/],
    ['$.a[?(@.b)]', { a: 1 }, /a filter applies to an array or an object, not to 1/],
    ["$.a['b','c'].d", { a: {} }, /several names in one bracket can only end a path/],
    ["$[?(@.a == 'x')]", [{ a: 1 }], /x is no number/],
    ['$..a', JSON.parse('['.repeat(500) + ']'.repeat(500)), /nested more than 400 deep/],
    ['$..[*]..[*]..[*]..[*]', JSON.parse('['.repeat(200) + ']'.repeat(200)), /too many values/]
  ]
  for (const [path, document, message] of cases) t.throws(() => compileJsonPath(path)(document), { code: 'AGW_ERR_JSON_PATH_FAILED', message }, path)
})

t.test('a pattern in a filter has one budget for all items', async (t) => {
  const items = Array.from({ length: 2000 }, () => ({ name: 'a'.repeat(17) }))
  const started = process.cpuUsage()
  t.throws(() => compileJsonPath('$[?(@.name =~ /(a+)+\\1b/)]')(items), { code: 'AGW_ERR_JAVA_PATTERN_FAILED' })
  t.ok(process.cpuUsage(started).user < 1_500_000)
  t.equal((compileJsonPath('$[?(@.name =~ /a+/)]')(items) as unknown[]).length, 2000)
})

t.test('numbers in filters compare exactly', async (t) => {
  const document = parseLenientJson('[{"n":9007199254740993},{"n":9007199254740992},{"n":1e400},{"n":0.1},{"n":0.10},{"n":-0.0},{"n":1.00000000000000000001}]')
  const texts = (path: string) => writeJson(compileJsonPath(path)(document))
  t.equal(texts('$[0:2][?(@.n == 9007199254740993)].n'), '[9007199254740993]')
  t.equal(texts('$[3:5][?(@.n == 0.1000)].n'), '[0.1,0.1]')
  t.equal(texts('$[5:6][?(@.n == 0)].n'), '[-0.0]')
  t.equal(texts('$[6:7][?(@.n > 1)].n'), '[1.00000000000000000001]')
  t.equal(texts('$[6:7][?(@.n > 1e-2147483000)].n'), '[1.00000000000000000001]')
  t.throws(() => texts('$[2:3][?(@.n > 1)].n'), { code: 'AGW_ERR_JSON_PATH_FAILED' }, 'infinity is no decimal')
  t.throws(() => texts('$[3:4][?(@.n > 1e99999999999)].n'), { code: 'AGW_ERR_JSON_PATH_FAILED' })
})

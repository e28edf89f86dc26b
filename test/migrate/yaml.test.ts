// Texts of definitions as JSON: what YAML 1.1 means to CloudFormation, and what a hostile text ends in.
import t from 'tap'
import type { Test } from 'tap'
import { parseYaml } from '../../lib/migrate/yaml.ts'

const read = (text: string) => JSON.parse(JSON.stringify(parseYaml(text, 'x.yaml').value))

/** Asserts that a text is refused at a place, for a reason. */
function refuses (t: Test, text: string, place: string, reason: RegExp): void {
  t.throws(() => parseYaml(text, 'x.yaml'), {
    code: 'AGW_ERR_MIGRATE_SOURCE',
    message: new RegExp(`^Definition x\\.yaml${place.replaceAll('.', '\\.')} cannot be read: ${reason.source}`)
  }, reason.source)
}

t.test('migration 3 surprise 5 [ran] account ids keep their zero, versions their point, dates stay text', async (t) => {
  t.same(read(`
    account: 012345678901
    version: 1.0
    date: 2010-09-09
    moment: 2001-12-14t21:59:43.10-05:00
    clock: 10:30
    hex: 0x1F
    grouped: 1_000
    positive: +1
    minus: -0
    exponent: 1e3
    long: 12345678901234567890
    ten: 10
    half: 0.5
    below: -3`), {
    account: '012345678901',
    version: '1.0',
    date: '2010-09-09',
    moment: '2001-12-14t21:59:43.10-05:00',
    clock: '10:30',
    hex: '0x1F',
    grouped: '1_000',
    positive: '+1',
    minus: '-0',
    exponent: '1e3',
    long: '12345678901234567890',
    ten: 10,
    half: 0.5,
    below: -3
  })
})

t.test('migration 3 surprise 5 [ran] the words of YAML 1.1 are booleans as values, and text as keys', async (t) => {
  t.same(read('[yes, No, ON, off, True, FALSE, "yes", \'no\', y, N, oN, null, ~, Null, ]'),
    [true, false, true, false, true, false, 'yes', 'no', 'y', 'N', 'oN', null, null, null])
  t.same(read('Y: 1\nN: 2\nn: 3\nyes: 4\n200: 5\n1.0: 6\n012: 7\nnull: 8'), { Y: 1, N: 2, n: 3, yes: 4, 200: 5, '1.0': 6, '012': 7, null: 8 })
})

t.test('short tags are the long form of their intrinsic', async (t) => {
  t.same(read(`
    ref: !Ref Api
    condition: !Condition IsProd
    number: !Ref 123
    yes: !Sub yes
    dotted: !GetAtt Fn.Arn
    deep: !GetAtt Stack.Outputs.Url
    list: !GetAtt [Fn, Arn]
    nested: !Join ['/', [integrations, !Ref Chat]]
    tree: !If [!Equals [!Ref Stage, prod], !Not [!Condition A], !Ref AWS::NoValue]
    text: !Sub
      - |
        a \${b}
      - { b: !Select [0, !Split [',', 'x,y']] }
    base: !Base64
      Fn::Sub: x
    rest: [!FindInMap [A, b, c], !ImportValue x, !GetAZs '', !Or [true], !And [true], !Cidr [a, 1, 2], !Length [a], !ToJsonString {a: 1}, !Transform {Name: x}]`), {
    ref: { Ref: 'Api' },
    condition: { Condition: 'IsProd' },
    number: { Ref: '123' },
    yes: { 'Fn::Sub': 'yes' },
    dotted: { 'Fn::GetAtt': ['Fn', 'Arn'] },
    deep: { 'Fn::GetAtt': ['Stack', 'Outputs.Url'] },
    list: { 'Fn::GetAtt': ['Fn', 'Arn'] },
    nested: { 'Fn::Join': ['/', ['integrations', { Ref: 'Chat' }]] },
    tree: { 'Fn::If': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, { 'Fn::Not': [{ Condition: 'A' }] }, { Ref: 'AWS::NoValue' }] },
    text: { 'Fn::Sub': ['a ${b}\n', { b: { 'Fn::Select': [0, { 'Fn::Split': [',', 'x,y'] }] } }] },
    base: { 'Fn::Base64': { 'Fn::Sub': 'x' } },
    rest: [
      { 'Fn::FindInMap': ['A', 'b', 'c'] }, { 'Fn::ImportValue': 'x' }, { 'Fn::GetAZs': '' }, { 'Fn::Or': [true] }, { 'Fn::And': [true] },
      { 'Fn::Cidr': ['a', 1, 2] }, { 'Fn::Length': ['a'] }, { 'Fn::ToJsonString': { a: 1 } }, { 'Fn::Transform': { Name: 'x' } }
    ]
  })
})

t.test('tags of YAML itself say what a scalar is; the ones CloudFormation leaves out are refused', async (t) => {
  t.same(read('[!!str 1, !!str true, !!int "5", !!float "0.5", !!bool "yes", !!null "", ! 12, !!seq [1], !!map {a: 1}]'),
    ['1', 'true', 5, 0.5, true, null, '12', [1], { a: 1 }])
  for (const tag of ['!!binary aGk=', '!!timestamp 2010-09-09', '!!omap [a: 1]', '!!pairs [a: 1]', '!!set {a}']) {
    refuses(t, `a:\n  - ${tag}`, ':2:\\d+', /Tag tag:yaml.org,2002:\w+ is one that CloudFormation does not read/)
  }
  refuses(t, 'a: !!bool maybe', ':1:11', /Text "maybe" is not a boolean/)
  refuses(t, 'a: !Reff Api', ':1:10', /Tag !Reff is not known; the tags of CloudFormation's intrinsic functions are Ref, Condition and And, Base64,/)
  refuses(t, 'a: !js/function x', ':1:17', /Tag !js\/function is not known/)
  refuses(t, 'a: !<tag:x> x', ':1:13', /Tag tag:x is not known/)
})

t.test('anchors and merge keys are followed, explicit keys win, then the first map of a list', async (t) => {
  t.same(read(`
    base: &base { a: 1, b: 2 }
    other: &other { b: 3, c: &c [x] }
    one: { <<: *base, b: 9 }
    both: { b: 9, <<: [*other, *base] }
    again: *c
    quoted: { '<<': 1 }`), {
    base: { a: 1, b: 2 },
    other: { b: 3, c: ['x'] },
    one: { a: 1, b: 9 },
    both: { a: 1, b: 9, c: ['x'] },
    again: ['x'],
    quoted: { '<<': 1 }
  })
  refuses(t, 'a: &a [1]\nb: { <<: *a }', ':2:6', /Merge key << takes a map or a list of maps/)
  refuses(t, 'a:\n  <<:', ':2:3', /Merge key << takes a map or a list of maps/)
  refuses(t, 'b: *a', ':1:4', /Alias \*a has no anchor before it/)
})

t.test('names of JavaScript objects are plain keys', async (t) => {
  const { value } = parseYaml('__proto__: { polluted: yes }\nconstructor: 1\ntoString: 2', 'x.yaml')
  t.same(Object.keys(value as object), ['__proto__', 'constructor', 'toString'])
  t.notOk('polluted' in {})
  const json = parseYaml('{"__proto__": {"polluted": true}, "constructor": 1}', 'x.json').value
  t.same(Object.keys(json as object), ['__proto__', 'constructor'])
  t.notOk('hasOwnProperty' in (json as object))
})

t.test('JSON is read with its positions, numbers as they were written', async (t) => {
  const text = '{\n\t"a": [\n\t\t1, 1.0, -2.5e3\n\t]\n}'
  t.same(read(text), { a: [1, '1.0', '-2.5e3'] })
  t.same(read('{"quote \\" \\\\": "\\\\", "\\u0061": "\\ud83d\\ude00\\/", "e": {}, "l": [[], ""], "t": true, "f": false, "n": null}'),
    { 'quote " \\': '\\', a: '\u{1F600}/', e: {}, l: [[], ''], t: true, f: false, n: null })
  t.same(read(' 12 '), 12)
  t.same(read('\uFEFF{"a": 1}'), { a: 1 })
  const { positionOf } = parseYaml(text, 'x.json')
  t.same(positionOf(['a', 1]), { line: 3, column: 6 })
})

t.test('positions are those of keys and of entries, through tags, aliases and merge keys', async (t) => {
  const { positionOf } = parseYaml(`Resources:
  Api: &api
    Type: x
    List:
      - a
      - !Sub b
  Two:
    <<: *api
  Three: *api
`, 'x.yaml')
  t.same(positionOf(['Resources', 'Api', 'Type']), { line: 3, column: 5 })
  t.same(positionOf(['Resources', 'Api', 'List', 1]), { line: 6, column: 14 }, 'behind its tag')
  t.same(positionOf(['Resources', 'Api', 'List', 1, 'Fn::Sub']), { line: 6, column: 14 })
  t.same(positionOf(['Resources', 'Api', 'List', 7, 'x']), { line: 4, column: 5 }, 'the nearest above')
  t.same(positionOf(['Resources', 'Two', 'Type']), { line: 3, column: 5 })
  t.same(positionOf(['Resources', 'Three']), { line: 9, column: 3 })
  t.same(positionOf(['Resources', 'Three', 'Type']), { line: 3, column: 5 })
  t.equal(positionOf([]), undefined)
  t.equal(positionOf(['Outputs']), undefined)
})

t.test('malformed text is refused where it goes wrong', async (t) => {
  refuses(t, 'a: [1', ':1:6', /Flow sequence/)
  refuses(t, 'a: 1\nb: 2\na: 3', ':3:1', /Key "a" is written twice/)
  refuses(t, '{"a": 1,\n "a": 2}', ':2:2', /Key "a" is written twice/)
  refuses(t, '{"a": 1,\n "b" 2}', ':2:6', /Missing , or : between flow map items/)
  refuses(t, 'a: 1\n---\nb: 2', ':2:1', /Text holds more than one document/)
  refuses(t, '? [a]\n: b', ':1:3', /Key of a map is not a plain text/)
  refuses(t, 'a: &x b\n*x : c', ':2:1', /Key of a map is not a plain text/)
  refuses(t, '!Ref a: b', ':1:6', /Key of a map is not a plain text/)
  refuses(t, 'a: .nan', ':1:4', /Number .nan has no place in JSON/)
  refuses(t, 'a: -.Inf', ':1:4', /Number -.Inf has no place in JSON/)
  refuses(t, 'a:\n\tb: 1', ':2:1', /Tabs/)
  refuses(t, 'a: !Base64 !Sub b', ':1:12', /A node can have at most one tag/)
})

t.test('characters that no definition holds are refused: control characters, and what references are made of', async (t) => {
  refuses(t, 'a: b\nc: d\0e', ':2:5', /Character U\+0000 is a control character/)
  refuses(t, 'a: "\x1B[31m"', ':1:5', /Character U\+001B/)
  refuses(t, 'a: \x85b\x9Bc', ':1:6', /Character U\+009B/)
  refuses(t, '{"a": "\x7F"}', ':1:8', /Character U\+007F/)
  refuses(t, 'a:\n  b: \uE0F0Api\uE0F1', ':2:3', /Characters U\+E0F0 to U\+E0F2 are kept/)
  refuses(t, 'a:\n  - "\\uE0F0Api\\U0000e0f1"', ':2:5', /Characters U\+E0F0 to U\+E0F2 are kept/)
  refuses(t, '{"a": {"\\ue0f1": 1}}', ':1:8', /Characters U\+E0F0 to U\+E0F2 are kept/)
  refuses(t, 'a: \uE0F2', ':1:1', /Characters U\+E0F0 to U\+E0F2 are kept/)
  refuses(t, 'a: "\\ue0f2"', ':1:1', /Characters U\+E0F0 to U\+E0F2 are kept/)
  refuses(t, '"\uE0F0"', ':1:1', /Characters U\+E0F0 to U\+E0F2 are kept/)
})

t.test('text that nests without end is refused before a parser calls itself to death', async (t) => {
  for (const open of ['[', '{a: ', '- ', '? ', '{"a":', '[[{a: [']) refuses(t, open.repeat(50_000), ':1:\\d+', /Values are nested more than 100 deep/)
  refuses(t, '['.repeat(50_000) + ']'.repeat(50_000), ':1:101', /Values are nested more than 100 deep/)
  refuses(t, Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), ':\\d+:\\d+', /Values are nested more than 100 deep/)
  refuses(t, Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}-`).join('\n'), ':\\d+:\\d+', /Values are nested more than 100 deep/)
  t.same(read(`${'['.repeat(90)}${']'.repeat(90)}`).flat(90), [])
  t.same(read(`a:\n${Array.from({ length: 90 }, (_, i) => `${' '.repeat(i)}- `).join('\n')} 1`).a.flat(90), [1])
})

t.test('aliases neither multiply without end, nor hold themselves, nor nest without end', async (t) => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 12; i++) bomb.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`)
  refuses(t, bomb.join('\n'), ':1:\\d+', /Aliases stand for more than 50000 values/)
  refuses(t, 'a: &a\n  b: *a', ':2:6', /Alias \*a stands inside of what it names/)
  refuses(t, 'a: &a\n  <<: *a', ':2:7', /Alias \*a stands inside of what it names/)
  const chain = ['a0: &a0 x', ...Array.from({ length: 5000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`)]
  refuses(t, chain.join('\n'), ':\\d+:\\d+', /Aliases (?:are nested more than 200 deep|stand for)/)
})

t.test('huge texts end at a limit, and below it in little time', async (t) => {
  t.throws(() => parseYaml('a: b\n'.repeat(400_001), 'x.yaml'), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /Text of 2000005 characters is longer than 2000000/ })
  refuses(t, Array.from({ length: 50_000 }, () => 'a: b').join('\n'), ':2:1', /Key "a" is written twice/)
  const json = `{"a": [${'"\\\\",'.repeat(300_000)} 1]}`
  t.equal((parseYaml(json, 'x.json').value as { a: unknown[] }).a.length, 300_001)
  const long = JSON.stringify({ a: '"\\'.repeat(2_000_000) })
  t.equal((parseYaml(long, 'x.json').value as { a: string }).a.length, 4_000_000)
})

// Definitions with something wrong anywhere: each value of real ones in turn replaced by another, each text cut or broken. What
// comes of it is a definition, or a coded error that names the place; soon.
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { DefinitionRefusedError } from '../../lib/errors.ts'
import { importDefinition } from '../../lib/migrate/index.ts'
import type { Json } from '../../lib/migrate/resource.ts'
import { readSource } from '../../lib/migrate/source.ts'
import { checkOptions } from '../../lib/options.ts'
import { Generator } from './generate-options.ts'
import { FIXTURES, GOLDENS } from './goldens.ts'

/** How many of each; `COUNT=200000` for all that the fixtures have places for. */
const COUNT = Number(process.env.COUNT ?? 2000)
/** Above any machine's hiccup, below what a person would call a hang. */
const LONGEST_IN_MILLIS = 3000

type Container = Record<string | number, Json>
const nest = (depth: number): Json => depth === 0 ? 'x' : [nest(depth - 1)]
/** As JSON.parse makes it: `__proto__` is a member. */
const OBJECT_NAMES = JSON.parse('{ "__proto__": { "x": 1 }, "constructor": "y", "toString": null }') as Json

const VALUES: readonly Json[] = [
  null, true, false, 0, -1, 1.5, 1e21, 1e-7, '', 'x', ' ', 'true', '$', '${', '${a.b}', '${self:}', '${self:service}', '${file(../../../etc/passwd)}', '/(/', '\u2028', '\ud800',
  '__proto__', 'constructor', 'toString', '{{resolve:ssm:x}}', 'y'.repeat(50_000),
  [], {}, [null], [[]], [{}], ['a', 'a'], { a: { a: {} } }, nest(80), OBJECT_NAMES,
  { Ref: 'Nobody' }, { Ref: 'AWS::NoValue' }, { Ref: null }, { Ref: [] }, { Condition: 'x' },
  { 'Fn::Sub': [] }, { 'Fn::Sub': '${Api}${' }, { 'Fn::Sub': ['${a}', { a: null }] }, { 'Fn::GetAtt': 'x' }, { 'Fn::GetAtt': ['x', { Ref: 'y' }] },
  { 'Fn::Join': ['', null] }, { 'Fn::Join': [{}, ['a']] }, { 'Fn::If': ['x'] }, { 'Fn::Select': ['__proto__', []] }, { 'Fn::Select': [1e9, ['a']] },
  { 'Fn::Split': ['', 'abc'] }, { 'Fn::FindInMap': ['__proto__', 'constructor', 'x'] }, { 'Fn::Transform': { Name: 'AWS::Include' } },
  { 'Fn::ForEach::X': ['a', ['b'], {}] }, { 'Fn::Base64': {} }, { 'Fn::Length': 3 }, { 'Fn::ToJsonString': { a: { Ref: 'AWS::Region' } } },
  { 'Fn::GetAZs': '' }, { 'Fn::Cidr': 1 }, { 'Fn::ImportValue': {} }
]

const PIECES = ['', '\n', '\t', '  ', ': ', '- ', '? ', '*a', '&a ', '<<: *a', '!Ref ', '!Sub [', '!!binary ', '%', '@', '`', '{', '}', '[', ']', '"', "'", '|', '>', '#', '---\n', '...\n', '\0', '\r', '\r\n', '\uFEFF', '${', '}']

interface Fixture {
  readonly name: string
  readonly directory: string
  readonly format: string
  readonly value: Json
  readonly paths: ReadonlyArray<ReadonlyArray<string | number>>
}

function pathsOf (value: Json, path: ReadonlyArray<string | number> = []): Array<ReadonlyArray<string | number>> {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    return [here, ...pathsOf(inner, here)]
  })
}

const fixtures: Fixture[] = []
for (const { name, path } of GOLDENS) {
  const { value, directory, format } = await readSource(join(FIXTURES, path), {})
  fixtures.push({ name, directory, format, value, paths: pathsOf(value) })
}

/** Why what came of it is wrong; undefined where nothing is. */
async function faultOf (source: string | object, options: object): Promise<string | undefined> {
  const start = performance.now()
  let fault: string | undefined
  try {
    const { options: imported, report } = await importDefinition(source, options)
    fault = faultOfMessages(report.map(({ message }) => message))
    checkOptions(imported)
  } catch (error) {
    const { code, message, report, stack } = error as { code?: unknown, message: string, report?: ReadonlyArray<{ message: string }>, stack: string }
    fault = /^AGW_ERR_/.test(String(code)) ? faultOfMessages(error instanceof DefinitionRefusedError ? report?.map((one) => one.message) ?? [] : [message]) : stack
  }
  const taken = performance.now() - start
  return fault ?? (taken > LONGEST_IN_MILLIS ? `${taken} ms` : undefined)
}

/** What JavaScript prints of what nobody meant to print. CloudFormation's own word is "undefined resource". */
function faultOfMessages (messages: readonly string[]): string | undefined {
  return messages.find((message) => /\bundefined\b(?! resource)|\[object Object\]|\bNaN\b/.test(message.replace(/"[^"]*"/g, '')))
}

function mutate (fixture: Fixture, path: ReadonlyArray<string | number>, way: number): Json {
  const copy = structuredClone(fixture.value)
  const owner = path.slice(0, -1).reduce<Json>((value, key) => (value as Container)[key] as Json, copy) as Container
  const key = path.at(-1) as string | number
  if (way < VALUES.length) owner[key] = structuredClone(VALUES[way]) as Json
  else if (Array.isArray(owner)) owner.splice(key as number, 1)
  else {
    // Gone, or under the name that JavaScript gives a meaning.
    const value = owner[key] as Json
    delete owner[key]
    if (way > VALUES.length) Object.defineProperty(owner, '__proto__', { value, enumerable: true, writable: true, configurable: true })
  }
  return copy
}

t.test('any value replaced by any other', async (t) => {
  const random = new Generator(6)
  for (let i = 0; i < COUNT; i++) {
    const fixture = random.pick(fixtures)
    const path = random.pick(fixture.paths)
    const way = random.below(VALUES.length + 2)
    const fault = await faultOf(mutate(fixture, path, way) as object, {
      directory: fixture.directory, ...(fixture.format === 'cloudformation' ? undefined : { format: fixture.format })
    })
    if (fault !== undefined) t.fail(`${fixture.name}: ${path.join('.')} ← ${JSON.stringify(VALUES[way] ?? way).slice(0, 80)}`, { fault })
  }
  t.pass(`${COUNT} definitions`)
})

t.test('any text cut, doubled or broken', async (t) => {
  const random = new Generator(7)
  const texts = GOLDENS.filter(({ path }) => /\.\w+$/.test(basename(path)))
    .map(({ name, path }) => ({ name, directory: dirname(join(FIXTURES, path)), text: readFileSync(join(FIXTURES, path), 'utf8') }))
  for (let i = 0; i < COUNT / 3; i++) {
    const { name, directory, text } = random.pick(texts)
    const at = random.below(text.length)
    const end = random.chance(50) ? at : Math.min(text.length, at + random.below(40))
    const piece = random.chance(20) ? text.slice(at, at + random.below(2000)) : random.pick(PIECES)
    const broken = `${text.slice(0, at)}${piece}${random.chance(5) ? '' : text.slice(end)}\n`
    const fault = await faultOf(broken, { directory })
    if (fault !== undefined) t.fail(`${name}: at ${at} to ${end} ${JSON.stringify(piece.slice(0, 80))}`, { fault })
  }
  t.pass(`${Math.ceil(COUNT / 3)} texts`)
})

// Holds pages of docs/reference/ to what they describe, in both directions: errors.md to lib/errors.ts, and
// dependencies.md to package.json. One file for all of them, because each test file costs its start-up.
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import t from 'tap'
import * as errors from '../../lib/errors.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The cells of the tables of a page, without their heads, under the heading each table stands below. */
function tablesOf (page: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>()
  let rows: string[][] = []
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) tables.set(line.slice(3), rows = [])
    if (line.startsWith('|')) rows.push(line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim().replaceAll('\\|', '|')))
  }
  for (const [heading, [head, rule, ...body]] of tables) {
    if (head !== undefined && rule !== undefined) tables.set(heading, body)
  }
  return tables
}

const unquote = (cell: string | undefined): string => (cell ?? '').replace(/^`(.*)`$/, '$1')

t.test('the page of errors says of each class what its instances say, and lists no other', async (t) => {
  const found = Object.entries(errors).filter(([, value]) => value.prototype instanceof Error).map(([name, Class]) => {
    // Without arguments the placeholders of the message stay as they are.
    const { code, statusCode, message } = new (Class as unknown as new () => typeof Class.prototype)()
    return [code, name, Object.getPrototypeOf(Class.prototype).name, String(statusCode), message]
  })
  const listed = [...tablesOf(read('docs/reference/errors.md')).values()].flat().map((row) => row.slice(0, 5).map(unquote))
  const byCode = (rows: string[][]) => rows.map((row) => row.join(' | ')).sort()
  t.same(byCode(listed), byCode(found))
})

t.test('error codes are of one form, and each belongs to one class', async (t) => {
  const codes = [...read('lib/errors.ts').matchAll(/'(AGW_[^']*)'/g)].map((match) => match[1] as string)
  t.ok(codes.length > 0)
  for (const code of codes) t.match(code, /^AGW_ERR_[A-Z0-9]+(_[A-Z0-9]+)+$/)
  t.equal(new Set(codes).size, codes.length)
  for (const name of Object.keys(errors)) t.match(name, /^[A-Z]\w+(Error|Exception)$/)
})

const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>
const KINDS = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']

t.test('the page of dependencies gives a reason for each package, and lists no other', async (t) => {
  const tables = tablesOf(read('docs/reference/dependencies.md'))
  for (const kind of KINDS) {
    const rows = tables.get(kind) ?? []
    t.same(rows.map(([name]) => unquote(name)), Object.keys(manifest[kind] ?? {}), `${kind}, in the same order`)
    for (const [name, reason] of rows) t.ok(reason, `${name} has a reason`)
  }
  t.same([...tables.keys()].filter((heading) => !KINDS.includes(heading)), [])
})

t.test('lib/ imports no package that its users do not get', async (t) => {
  const installed = { ...manifest['dependencies'], ...manifest['peerDependencies'], ...manifest['optionalDependencies'] }
  const imports = /(?:^(?:import|export) (type )?[^']*?from |^import |\bimport\()'((?:@[^/']+\/)?[^./'][^/']*)/gm
  for (const file of readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    for (const [, types, name] of read(join('lib', file)).matchAll(imports)) {
      if (isBuiltin(name as string)) continue
      const known = name as string in installed || (types !== undefined && `@types/${name}` in installed)
      t.ok(known, `${file} imports ${name}`)
    }
  }
})

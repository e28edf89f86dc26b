// Holds docs/differences.md and the tests tagged `unknown` together: what we chose is told, and what is told is tested.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'

const ROOT = resolve(import.meta.dirname, '../..')

/** `id [unknown] what`, as CONTRIBUTING has titles of cases. */
const TITLE = /['"`]([A-Z]+-?\d[\w.-]*) \[unknown\] /g

interface Case { readonly id: string, readonly tag: string }

/** Ids of tests and cases that are tagged `unknown`. */
function testedIds (): string[] {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  const read = (file: string): string => readFileSync(join(ROOT, 'test', file), 'utf8')
  const titles = files.filter((file) => file.endsWith('.ts')).flatMap((file) => [...read(file).matchAll(TITLE)].map((match) => match[1] as string))
  const cases = files.filter((file) => /^conformance[\\/].*\.json$/.test(file)).flatMap((file) => {
    const content = JSON.parse(read(file)) as unknown
    return Array.isArray(content) ? content as Case[] : []
  }).filter((one) => one?.tag === 'unknown').map(({ id }) => id)
  return [...new Set([...titles, ...cases])]
}

interface Row { readonly ids: readonly string[], readonly choice: string, readonly option: string }

const ROWS: readonly Row[] = readFileSync(join(ROOT, 'docs/differences.md'), 'utf8').split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
  .map(([ids = '', , choice = '', option = '']) => ({ ids: [...ids.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string), choice, option }))

/** A row's id may stand for several: `RFC-3.*`. */
const matches = (row: string, id: string): boolean => row.endsWith('*') ? id.startsWith(row.slice(0, -1)) : row === id

const listed = ROWS.flatMap(({ ids }) => ids)
const tested = testedIds()

t.test('every test tagged unknown is on the page of differences', async (t) => {
  for (const id of tested) t.ok(listed.some((row) => matches(row, id)), `${id} is listed`)
})

t.test('every id on the page of differences has a test tagged unknown', async (t) => {
  for (const row of listed) t.ok(tested.some((id) => matches(row, id)), `${row} is tested`)
})

t.test('the page of differences gives each id once, and each row a choice', async (t) => {
  t.equal(new Set(listed).size, listed.length)
  for (const { ids, choice } of ROWS) t.ok(choice, `${ids.join(', ')} has a choice`)
})

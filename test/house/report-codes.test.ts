// Holds the guide's table of report codes to lib/migrate/, in both directions.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'

const ROOT = resolve(import.meta.dirname, '../..')
const MIGRATE = join(ROOT, 'lib/migrate')

/** What a report does not read: entries of readers and converters alone are written in this way. */
const NO_READERS: readonly string[] = ['export', 'async-api']
/** Texts of lib/migrate/ that look like codes. */
const NO_CODES: ReadonlySet<string> = new Set(['terraform-json', 'aws-cli', 'aws-cn', 'aws-us-gov'])

const files = readdirSync(MIGRATE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !NO_READERS.includes(file.split(/[\\/]/)[0] as string))
const source = files.map((file) => readFileSync(join(MIGRATE, file), 'utf8')).join('\n')
const used = new Set([...source.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map((match) => match[1] as string).filter((code) => !NO_CODES.has(code)))
const rows = readFileSync(join(ROOT, 'docs/guides/move-from-api-gateway.md'), 'utf8').split('\n')
  .map((line) => /^\| `([a-z-]+)` \| (\w+) \| (.+) \|$/.exec(line)).filter((row) => row !== null).map(([, ...cells]) => cells as [string, string, string])

t.test('the guide lists every code of a report, and no other', async (t) => {
  t.same(rows.map(([code]) => code), [...used].sort())
})

t.test('each code is of a level', async (t) => {
  for (const [code, level] of rows) t.ok(['refused', 'error', 'warning', 'info'].includes(level), `${code} is ${level}`)
})

// Holds the guide's table of report codes to lib/migrate/, in both directions.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'

const ROOT = resolve(import.meta.dirname, '../..')
const MIGRATE = join(ROOT, 'lib/migrate')

/** Rooms and files that do not write into the report of an import. */
const NO_READERS = /^(?:export|async-api|yaml)\b/
/** Texts of lib/migrate/ that look like codes: formats, partitions, plugins, commands of the AWS CLI. */
const NO_CODES = /^(?:terraform-json|serverless-offline|aws-.*|get-(?!att$).*)$/

const files = readdirSync(MIGRATE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !NO_READERS.test(file))
const source = files.map((file) => readFileSync(join(MIGRATE, file), 'utf8')).join('\n')
/** A code has a hyphen, or stands where codes stand. */
const CODE = /'([a-z]+(?:-[a-z]+)+)'|(?:refused?|unresolved)\('([a-z]+)'/g
const used = new Set([...source.matchAll(CODE)].map((match) => (match[1] ?? match[2]) as string).filter((code) => !NO_CODES.test(code)))
const rows = readFileSync(join(ROOT, 'docs/guides/move-from-api-gateway.md'), 'utf8').split('\n')
  .map((line) => /^\| `([a-z-]+)` \| (\w+) \| (.+) \|$/.exec(line)).filter((row) => row !== null).map(([, ...cells]) => cells as [string, string, string])

t.test('the guide lists every code of a report, and no other', async (t) => {
  t.same(rows.map(([code]) => code), [...used].sort())
})

t.test('each code is of a level', async (t) => {
  for (const [code, level] of rows) t.ok(['refused', 'error', 'warning', 'info'].includes(level), `${code} is ${level}`)
})

// Holds the plan of the house: an import only goes down, rooms on one floor do not meet, doors are the only way in.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import t from 'tap'

const LIB = resolve(import.meta.dirname, '../../lib')

/** Which floor a room (a folder of lib/) or a file beside the rooms stands on. */
const FLOORS: Record<string, number> = {
  'errors.ts': 0,
  'symbols.ts': 0,
  'error-serializer.ts': 0,
  'guarded-log.ts': 0,
  'quotas.ts': 0,
  'definition.ts': 0,
  'refusal.ts': 0,
  'timing-wheel.ts': 0,
  'partitions.ts': 0,
  'shorten.ts': 0,
  'paths.ts': 0,
  java: 1,
  json: 2,
  expression: 3,
  vtl: 3,
  mapping: 4,
  model: 4,
  migrate: 4,
  integration: 5,
  route: 6,
  access: 6,
  api: 7,
  transport: 8,
  management: 8,
  backplane: 8,
  'options.ts': 9,
  'declarations.ts': 9,
  'access-control.ts': 9,
  'integration-environment.ts': 9,
  'scope-apis.ts': 9,
  'web-socket-api.ts': 9,
  'plugin.ts': 9,
  'index.ts': 9,
  cli: 10
}
/** The file of a room that other rooms may import. */
const DOOR = 'index.ts'

function filesBelow (folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : []
  })
}

/** The relative imports of a source text, type imports included. */
function relativeImports (source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => match[1] as string)
}

function roomOf (file: string): string {
  return relative(LIB, file).split(/[\\/]/)[0] as string
}

/** What is wrong with one import, or undefined. */
export function judgeImport (fromFile: string, toFile: string): string | undefined {
  if (relative(LIB, toFile).startsWith('..')) {
    return relative(resolve(LIB, '../types'), toFile).startsWith('..') ? 'leaves lib/ for something other than types/' : undefined
  }
  const from = roomOf(fromFile)
  const to = roomOf(toFile)
  if (from === to) return undefined
  const fromFloor = FLOORS[from] as number
  const toFloor = FLOORS[to]
  if (toFloor === undefined) return `enters ${to}, which has no floor`
  if (toFloor > fromFloor) return `climbs from ${from} to ${to}`
  if (toFloor === fromFloor && fromFloor !== 0 && fromFloor !== 9) return `steps from ${from} into its neighbour ${to}`
  if (!to.endsWith('.ts') && relative(LIB, toFile) !== join(to, DOOR)) return `enters ${to} by another way than its door`
  return undefined
}

t.test('every file of lib/ has a floor', async (t) => {
  for (const file of filesBelow(LIB)) {
    t.ok(roomOf(file) in FLOORS, `${relative(LIB, file)} has a floor`)
  }
})

t.test('every relative import names an existing file and goes down, through a door', async (t) => {
  for (const file of filesBelow(LIB)) {
    for (const specifier of relativeImports(readFileSync(file, 'utf8'))) {
      const target = resolve(dirname(file), specifier)
      t.equal(judgeImport(file, target), undefined, `${relative(LIB, file)} imports ${specifier}`)
    }
  }
})

t.test('the judge refuses what the plan refuses', async (t) => {
  const at = (path: string) => join(LIB, path)
  t.match(judgeImport(at('json/path.ts'), at('api/index.ts')), /climbs/)
  t.match(judgeImport(at('vtl/lexer.ts'), at('expression/index.ts')), /neighbour/)
  t.match(judgeImport(at('vtl/lexer.ts'), at('java/number.ts')), /another way/)
  t.match(judgeImport(at('vtl/lexer.ts'), at('attic/index.ts')), /no floor/)
  t.match(judgeImport(at('vtl/lexer.ts'), resolve(LIB, '../test/x.ts')), /leaves lib/)
  t.equal(judgeImport(at('vtl/lexer.ts'), at('java/index.ts')), undefined)
  t.equal(judgeImport(at('plugin.ts'), resolve(LIB, '../types/index.js')), undefined)
})

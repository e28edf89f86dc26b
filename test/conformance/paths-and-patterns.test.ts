// Holds JSON paths, lenient JSON and patterns to the recorded answers of the real engines; record-paths-and-patterns.mjs records them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compilePattern } from '../../lib/java/index.ts'
import { compileJsonPath, parseLenientJson, valueText, writeJson } from '../../lib/json/index.ts'

interface PathCase {
  id: string
  category: string
  differs?: string
  path: string
  document: string
  /** The answer as JSON, and as text where that is not the same. */
  json?: string
  text?: string
  missing?: true
  error?: string
}

interface PatternCase {
  id: string
  category: string
  differs?: string
  pattern: string
  inputs: string[]
  also?: Operation[]
  replacement?: string
  error?: string
  results?: Array<{ matches: boolean, found?: string, at?: number } & { [operation in Operation]?: string | null }>
}

const read = <T extends { category: string }>(file: string): Map<string, T[]> => {
  const cases = readFileSync(join(import.meta.dirname, file), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as T)
  return groupBy(cases)
}
const groupBy = <T extends { category: string }>(cases: T[]): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of cases) groups.set(item.category, [...groups.get(item.category) ?? [], item])
  return groups
}

/** A title that TAP can carry. */
const title = (text: string): string => text.slice(0, 120).replace(/[^ -~]|[{\\#]/g, '?')

/** What the project answers, in the words of a recording; an error that is not coded is a bug and shows as itself. */
function attempt (run: () => object): object {
  try {
    return run()
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error
    return { error: true }
  }
}

const readPath = ({ path, document }: PathCase) => attempt(() => {
  const value = compileJsonPath(path)(parseLenientJson(document))
  return value === undefined ? { missing: true } : { json: writeJson(value), text: valueText(value) }
})

for (const [category, cases] of read<PathCase>('paths.jsonl')) {
  t.test(`JSON paths answer as the real engine does: ${category}, ${cases.length} cases`, async (t) => {
    for (const item of cases) {
      if (item.differs !== undefined) continue
      const expected = item.error !== undefined
        ? { error: true }
        : item.missing ? { missing: true } : { json: item.json, text: item.text ?? item.json }
      t.same(readPath(item), expected, title(`${item.id} ${item.path} of ${item.document}`))
    }
  })
}

type Operation = 'replaceAll' | 'replaceFirst' | 'split' | 'splitInTwo'
const OPERATIONS: Record<Operation, (pattern: ReturnType<typeof compilePattern>, text: string, replacement: string) => string> = {
  replaceAll: (pattern, text, replacement) => pattern.replaceAll(text, replacement),
  replaceFirst: (pattern, text, replacement) => pattern.replaceFirst(text, replacement),
  split: (pattern, text) => pattern.split(text).map((part) => `<${part}>`).join(''),
  splitInTwo: (pattern, text) => pattern.split(text, 2).map((part) => `<${part}>`).join('')
}

for (const [category, cases] of read<PatternCase>('patterns.jsonl')) {
  t.test(`patterns answer as Java does: ${category}, ${cases.length} cases`, async (t) => {
    for (const { id, pattern: source, differs, error, inputs, also = [], replacement = '[$0]', results } of cases) {
      if (differs !== undefined) continue
      if (error !== undefined) {
        t.throws(() => compilePattern(source), { code: 'AGW_ERR_JAVA_PATTERN_INVALID' }, title(`${id} ${source} is refused: ${error}`))
        continue
      }
      const pattern = compilePattern(source)
      const answers = inputs.map((text) => {
        const match = pattern.find(text)
        const answer: Record<string, unknown> = { matches: pattern.matches(text), ...match && { found: match.groups[0], at: match.start } }
        for (const operation of also) {
          try {
            answer[operation] = OPERATIONS[operation](pattern, text, replacement)
          } catch (error) {
            if ((error as { code?: string }).code !== 'AGW_ERR_JAVA_PATTERN_FAILED') throw error
            answer[operation] = null
          }
        }
        return answer
      })
      t.same(answers, results, title(`${id} ${source}`))
    }
  })
}

t.test('what is answered otherwise on purpose says why', async (t) => {
  const differing = [...read<PathCase>('paths.jsonl').values(), ...read<PatternCase>('patterns.jsonl').values()].flat()
    .filter(({ differs }) => differs !== undefined)
  t.ok(differing.length < 15, `${differing.length} cases`)
  t.equal(compileJsonPath('$["a b"]')({ 'a b': 1 }), 1)
  for (const path of ['$[?]', "$[?(@.a =~ 'x')]", '$[?(@.a =~ /x)]']) t.throws(() => compileJsonPath(path), { code: 'AGW_ERR_JSON_PATH_INVALID' }, path)
  for (const pattern of ['\\N{DOLLAR SIGN}', '\\X', '\\b{g}', '(?c)a', '(?<=a*)b']) {
    t.throws(() => compilePattern(pattern), { code: 'AGW_ERR_JAVA_PATTERN_INVALID' }, pattern)
  }
})

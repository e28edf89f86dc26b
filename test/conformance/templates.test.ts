// Every recorded answer of the real engine, beside ours. How they were recorded: docs/guides/fuzz-and-conformance.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compileMappingTemplate } from '../../lib/mapping/index.ts'

interface Case {
  readonly id: string
  readonly category: string
  readonly template: string
  readonly body?: string
  /** What the engine rendered; absent where it failed. */
  readonly output?: string
  /** The class of what it threw. */
  readonly error?: string
}

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')
const scope = JSON.parse(read('scope.json')) as { body: string }
const cases = read('templates.jsonl').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Case)

function render ({ template, body }: Case): { output?: string, error?: unknown } {
  try {
    return { output: compileMappingTemplate(template)({ ...scope, body: body ?? scope.body }) }
  } catch (error) {
    return { error }
  }
}

t.test('the corpus has at least two thousand cases, each with the answer of the real engine', async (t) => {
  t.ok(cases.length >= 2000, `${cases.length} cases`)
  t.ok(cases.every(({ output, error }) => (output === undefined) !== (error === undefined)))
})

for (const category of new Set(cases.map((one) => one.category))) {
  t.test(`templates answer as the real engine does: ${category}`, async (t) => {
    const wrong: unknown[] = []
    const own = cases.filter((one) => one.category === category)
    for (const one of own) {
      const { output, error } = render(one)
      const isCoded = /^AGW_ERR_MAPPING_TEMPLATE_(?:INVALID|FAILED)$/.test(String((error as { code?: string } | undefined)?.code))
      if (one.output === undefined ? !isCoded : output !== one.output) wrong.push({ ...one, ours: output ?? String(error) })
    }
    t.same(wrong, [], `${own.length} cases`)
  })
}

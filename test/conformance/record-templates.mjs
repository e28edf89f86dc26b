// Records the answers of the real engine to every case: node test/conformance/record-templates.mjs. See docs/guides/fuzz-and-conformance.md.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toLine } from './engine/line.mjs'
import { Generator } from './fuzz/generate.mjs'
import { BODIES, BODY_CASES, CASES } from './template-cases.mjs'

const GENERATED = 600
const here = import.meta.dirname
const scope = JSON.parse(readFileSync(join(here, 'scope.json'), 'utf8'))

const cases = []
const add = (category, template, own = {}) => cases.push({ id: `${category}-${cases.length}`, category, template, ...own })
for (const [category, templates] of Object.entries(CASES)) for (const template of new Set(templates)) add(category, template)
for (const body of BODIES) for (const template of BODY_CASES) add('body', template, { body })
for (let seed = 1; seed <= GENERATED; seed++) {
  const { template, body } = new Generator(seed).record()
  add('generated', template, { body })
}
/** What the fuzzer found, one {template, body} a line: each stays a case for good. */
const found = join(here, 'found.jsonl')
if (existsSync(found)) {
  for (const line of readFileSync(found, 'utf8').split('\n').filter(Boolean)) {
    const { template, body } = JSON.parse(line)
    add('found', template, { body })
  }
}

const engine = spawnSync('sh', [join(here, 'engine/run.sh')], {
  input: cases.map((one) => toLine({ ...scope, ...one })).join(''), maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'inherit']
})
const answers = engine.stdout.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line))
if (answers.length !== cases.length) throw new Error(`${answers.length} answers to ${cases.length} cases`)

/**
 * Not recorded: addresses in Java's heap, classes of Java (no reflection here), the text of $context's sub-maps (nothing,
 * as recorded on AWS), and double quotes in a path (which the gateway's pages show, and this Jayway refuses).
 */
const isOurs = ({ template }, { output = '', error = '' }) =>
  !template.includes('$["') &&
  !/@[0-9a-f]{5,}|class java|java\.(?:lang|util)\./.test(output) && !/IllegalAccessError|OutOfMemory|Timeout/.test(error) && !/\$context\.(?:identity|authorizer)(?!\.)/.test(template)
const kept = cases.map((one, index) => [one, answers[index]]).filter(([one, answer]) => isOurs(one, answer))
writeFileSync(join(here, 'templates.jsonl'), kept.map(([one, answer]) =>
  JSON.stringify({ ...one, ...(answer.output === undefined ? { error: answer.error.split(':')[0] } : { output: answer.output }) }) + '\n').join(''))
console.log(`${kept.length} cases recorded, ${cases.length - kept.length} left out`)

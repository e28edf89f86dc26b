// Microseconds a rendering, the real engine beside ours: node benchmark/templates.mjs [templates.jsonl] [--module dist/mapping/index.js] [--rounds 3]
// One template a line: {id, template, body, context, stageVariables, params}. Method: benchmark/templates.md.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options, positionals: [file = join(import.meta.dirname, 'templates.jsonl')] } = parseArgs({
  allowPositionals: true,
  options: { module: { type: 'string', default: 'dist/mapping/index.js' }, rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' } }
})
const { compileMappingTemplate } = await import(pathToFileURL(resolve(options.module)).href)
const seconds = Number(options.seconds)
const BATCH = 20

/** The best batch: what is least disturbed by whatever else runs. */
function measure (render) {
  let best = Infinity
  let length = 0
  for (const end = performance.now() + seconds * 1000; performance.now() < end;) {
    const begin = performance.now()
    for (let i = 0; i < BATCH; i++) length += render().length
    best = Math.min(best, (performance.now() - begin) * 1000 / BATCH)
  }
  return length > 0 ? best : NaN
}

const records = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const rows = new Map(records.map(({ id }) => [id, { real: Infinity, ours: Infinity }]))
for (let round = 0; round < Number(options.rounds); round++) {
  const real = spawnSync('sh', [join(import.meta.dirname, '../test/conformance/engine/run.sh'), 'bench', resolve(file), String(seconds)])
  for (const line of real.stdout.toString().split('\n').filter(Boolean)) {
    const { id, micros } = JSON.parse(line)
    const row = rows.get(id)
    row.real = Math.min(row.real, micros)
  }
  for (const { id, template, ...scope } of records) {
    const render = compileMappingTemplate(template)
    const row = rows.get(id)
    row.ours = Math.min(row.ours, measure(() => render(scope)))
  }
}
console.log('| template | Velocity 1.7 | ours | ratio |\n|---|---|---|---|')
for (const [id, { real, ours }] of rows) console.log(`| ${id} | ${real.toFixed(2)} | ${ours.toFixed(2)} | ${(ours / real).toFixed(2)} |`)
const text = 'static text '.repeat(100)
const fixed = compileMappingTemplate(text)
console.log(`a static template of ${text.length} characters: ${(measure(() => fixed({})) * 1000).toFixed(0)} ns`)

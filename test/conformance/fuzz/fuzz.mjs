// Differential fuzzer: the real engine beside ours. node test/conformance/fuzz/fuzz.mjs [--count n] [--seed n] [--module dist/mapping/index.js]
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { toLine } from '../engine/line.mjs'
import { Generator } from './generate.mjs'
import { METHODS } from './methods.mjs'

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    module: { type: 'string', default: 'dist/mapping/index.js' },
    out: { type: 'string' },
    show: { type: 'string', default: '20' }
  }
})
const { compileMappingTemplate } = await import(pathToFileURL(resolve(options.module)).href)
const BATCH = 500
const DIRECTIVES = ['#set', '#if', '#elseif', '#else', '#foreach', '#break', '#stop', '#define', '#literal', '#macro', '#evaluate', '#include', '#parse', '#[[', '##', '#*', '#**', '#unknown', 'escape']

const engine = spawn('nice', ['-n', '15', 'sh', join(import.meta.dirname, '../engine/run.sh')], { stdio: ['pipe', 'pipe', 'inherit'] })
const lines = createInterface({ input: engine.stdout })[Symbol.asyncIterator]()

/** An address in Java's heap differs each time, and is no part of ours. */
const settled = (text) => text.replace(/(\[[LB][\w.]*;?|java\.[\w.$]+)@[0-9a-f]+/g, '$1')

function ours (record) {
  try {
    return { output: settled(compileMappingTemplate(record.template)(record)) }
  } catch (error) {
    return { error: String(error.message), isBug: error.code === undefined }
  }
}

const isSame = (a, b) => 'error' in a ? 'error' in b && !a.isBug : a.output === b.output

function hasBrokenPath ({ template }) {
  return Array.from(template.matchAll(/input\.(?:path|json)\(["']([^"']*)["']\)/g), ([, path]) => path)
    .some((path) => !path.startsWith('$') || path.split('[').length !== path.split(']').length)
}

/** Where ours answers otherwise on purpose. */
const EXPLAINED = [
  ['a sub-map of $context prints nothing (recorded on AWS, not in this engine)', ({ template }) => /identity|authorizer/.test(template)],
  ['a limit of ours: loops and collections end earlier', (_, __, mine) => /more than|longer than|too long|too many/.test(mine.error ?? '')],
  ['Java 17 refuses json-smart the fields of the object', (_, real) => /IllegalAccessError/.test(real.error ?? '')],
  ['a path through a map whose keys are no texts', (_, real) => /method '(?:path|json)'.*cannot be cast to class java.lang.String/.test(real.error ?? '')],
  ["a value that holds itself: Java's stack overflows where ours answers", (_, real) => /StackOverflowError/.test(real.error ?? '')],
  ['a path that is none: no $ at its head, or brackets that do not match', hasBrokenPath],
  ["the engine's heap is full", (_, real) => /OutOfMemoryError/.test(real.error ?? '')],
  ['the text of an iterator or array is an address', (_, real) => /java\.util\.|\[Ljava/.test(real.output ?? '')]
]
const explained = new Map(EXPLAINED.map(([reason]) => [reason, 0]))
const explanation = (record, real, mine) => EXPLAINED.find(([, holds]) => holds(record, real, mine))?.[0]

const counts = new Map()
const totals = { templates: 0, rendered: 0, constructs: 0, fewest: Infinity }
const failures = []
/** Asked again at the end: on a busy machine the engine's thread can be held up for its whole twenty seconds. */
const timedOut = []

async function judge (record) {
  const { value: line } = await lines.next()
  const real = JSON.parse(line)
  if (real.error === 'Timeout' && !timedOut.includes(record)) {
    timedOut.push(record)
    return
  }
  if (real.output !== undefined) {
    real.output = settled(real.output)
    totals.rendered++
  }
  const mine = ours(record)
  if (isSame(mine, real)) return
  const reason = explanation(record, real, mine)
  if (reason !== undefined) explained.set(reason, explained.get(reason) + 1)
  else failures.push({ template: record.template, body: record.body, real, mine })
}

const started = Date.now()
for (let made = 0, seed = Number(options.seed) * 1e7; made < Number(options.count) && failures.length < 2000; made += BATCH) {
  const records = Array.from({ length: BATCH }, () => new Generator(seed++).record())
  engine.stdin.write(records.map(toLine).join(''))
  for (const record of records) {
    totals.templates++
    totals.constructs += record.constructs
    totals.fewest = Math.min(totals.fewest, record.constructs)
    for (const name of record.used) counts.set(name, (counts.get(name) ?? 0) + 1)
    await judge(record)
  }
}
for (const record of timedOut) {
  engine.stdin.write(toLine(record))
  await judge(record)
}
engine.stdin.end()

const share = (part) => `${part} (${(100 * part / totals.templates).toFixed(1)} %)`
console.log(`templates ${totals.templates}, rendered without error ${share(totals.rendered)}, constructs ${totals.constructs} (at least ${totals.fewest} each), ${((Date.now() - started) / 1000).toFixed(0)} s`)
for (const [reason, count] of explained) console.log(`explained ${count}: ${reason}`)
console.log(`disagreements left ${failures.length}`)
const wanted = [...DIRECTIVES, ...METHODS.map(({ kind, name }) => `${kind}.${name}`)]
const rows = [...new Set([...wanted, ...counts.keys()])].map((name) => [name, counts.get(name) ?? 0])
const width = Math.max(...rows.map(([name]) => name.length)) + 8
for (let i = 0; i < rows.length; i += 4) console.log(rows.slice(i, i + 4).map(([name, count]) => `${name} ${count}`.padEnd(width)).join(''))
console.log(`least used: ${wanted.map((name) => [counts.get(name) ?? 0, name]).sort((a, b) => a[0] - b[0]).slice(0, 5).map(([count, name]) => `${name} ${count}`).join(', ')}`)
failures.sort((a, b) => a.template.length - b.template.length)
for (const { template, body, real, mine } of failures.slice(0, Number(options.show))) {
  console.log(`\ntemplate ${JSON.stringify(template)}\n  body ${body.slice(0, 60)}\n  real ${JSON.stringify(real).slice(0, 400)}\n  ours ${JSON.stringify(mine).slice(0, 400)}`)
}
if (options.out !== undefined) writeFileSync(options.out, failures.map((failure) => JSON.stringify(failure) + '\n').join(''))
process.exitCode = failures.length > 0 ? 1 : 0

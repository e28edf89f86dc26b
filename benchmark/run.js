// Compares the candidate with the rig's baselines, each beside an A/A pair, and writes the table into README.md.
//
//   node benchmark/run.js [--rig FOLDER] [--rounds N] [--dry] [NAME...]
//
// FOLDER is the rig's (or the variable RIG; ../shared/rig); it is copied, so it may be read-only. A NAME picks
// comparisons; without one all are run. --dry prints the rows and leaves README.md alone.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { COMPARISONS } from './comparisons.js'

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    rig: { type: 'string', default: process.env.RIG ?? '../shared/rig' },
    rounds: { type: 'string', default: '8' },
    dry: { type: 'boolean', default: false }
  }
})
const SERVER = fileURLToPath(new URL('server.js', import.meta.url))
const README = new URL('README.md', import.meta.url)

/** More load than this, and figures say more of the neighbours than of the server. */
const BUSY = 3
const LONGEST_WAIT_IN_MILLIS = 600_000
/** An A/A pair that is further apart than this tells nothing; the comparison is taken again. */
const TOLERANCE = 0.10
const ATTEMPTS = 3

const rig = prepareRig(resolve(options.rig))
const chosen = COMPARISONS.filter(({ name }) => names.length === 0 || names.includes(name))
for (const comparison of chosen) {
  const row = await measure(comparison)
  console.log(row)
  if (!options.dry) writeRow(comparison.name, row)
}

/** A copy of the rig, built once. */
function prepareRig (source) {
  if (existsSync(join(source, 'build/wsload')) && existsSync(join(source, 'node_modules'))) return source
  const copy = join(mkdtempSync(join(tmpdir(), 'rig-')), 'rig')
  cpSync(source, copy, { recursive: true })
  for (const [command, ...args] of [['chmod', '-R', 'u+w', '.'], ['npm', 'ci'], ['make'], ['node', 'gen-payloads.mjs']]) {
    execFileSync(command, args, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return copy
}

async function measure (comparison) {
  let closest
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await quietMinute()
    const taken = compare(comparison)
    if (closest === undefined || taken.distance < closest.distance) closest = taken
    if (closest.distance <= TOLERANCE) break
  }
  return closest.row
}

async function quietMinute () {
  const giveUpAt = Date.now() + LONGEST_WAIT_IN_MILLIS
  while (loadavg()[0] > BUSY && Date.now() < giveUpAt) await delay(5000)
}

function compare ({
  name, title, mode, args = [], load = [], env = {}, seconds = '0.25', baseline, own, figure, must, goal, isAbsolute = false
}) {
  const load1 = loadavg()[0]
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'samples.json')
  const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`)
  const samples = mode === 'idle' ? ['--procs', '2'] : ['--procs', '4', '--rounds', options.rounds, '--time', seconds]
  const { status } = spawnSync('node', [
    'compare.mjs', mode, ...samples, '--json', file, ...args,
    `base=node ${resolve(rig, 'servers', baseline)}`,
    `again=node ${resolve(rig, 'servers', baseline)}`,
    `ours=env ${[...variables, 'node', SERVER].join(' ')}`,
    '--opt', `ours:${own}`,
    '--', ...load
  ], { cwd: rig, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${name} ended with ${status}`)
  const { summary, data } = JSON.parse(readFileSync(file, 'utf8'))
  const { again: { [figure]: again }, ours: { [figure]: ours } } = summary
  const distance = isAbsolute ? 0 : Math.max(Math.abs(again.ratio - 1), Math.abs(again.quartileRatio - 1))
  const cells = isAbsolute
    ? [`${ours.median.toFixed(2)} KiB`, `${ours.min.toFixed(2)}..${ours.max.toFixed(2)}`, `${again.median.toFixed(2)} KiB`, '']
    : [`**${ours.ratio.toFixed(2)}**`, ours.quartileRatio.toFixed(2), again.ratio.toFixed(2), again.quartileRatio.toFixed(2)]
  const row = [title, ...cells, must, goal, data.ours.length, load1.toFixed(1), new Date().toISOString().slice(0, 10)]
  return { row: `| ${row.join(' | ')} | <!-- ${name} -->`, distance }
}

/** Replaces the row of that name, which ends in it. */
function writeRow (name, row) {
  const text = readFileSync(README, 'utf8')
    .replace(new RegExp(`^\\|.*<!-- ${name} -->$`, 'm'), () => row)
    .replace(/^Machine: .*$/m, `Machine: ${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}, shared with other work.`)
  writeFileSync(README, text)
}

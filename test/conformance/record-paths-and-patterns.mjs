// Records the answers of the real engines into paths.jsonl and patterns.jsonl:
//
//   node test/conformance/record-paths-and-patterns.mjs ORACLE
//
// ORACLE is a folder with run.sh, which runs Jayway JsonPath 2.0 on json-smart (`run.sh jsonpath in out`), java.util.regex
// (`run.sh regex in out`) and Velocity (`run.sh render in out`, for String.replaceAll and String.split). It needs Java and
// the Debian packages velocity, libjsonpath-java and libjson-smart-java. To add a case, write a line with its question
// (id, category, path, document; or id, category, pattern, inputs, and with `also` any of replaceAll, replaceFirst, split,
// splitInTwo, and a replacement) and record: the answers are filled in.
// A case that has `differs` says why the project answers otherwise; its answer is recorded, and compared by nobody.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const here = import.meta.dirname
const [oracle] = process.argv.slice(2)
if (oracle === undefined) {
  console.error('usage: node record-paths-and-patterns.mjs ORACLE')
  process.exit(2)
}
const work = mkdtempSync(join(tmpdir(), 'conformance-'))

const read = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
// U+007F is legal JSON, but not to the oracle.
const lines = (records) => records.map((record) => JSON.stringify(record).replaceAll('\u007f', '\\u007f') + '\n').join('')

/** Asks the oracle; gives its answers by id. */
function ask (mode, records) {
  const [input, output] = [join(work, 'in.jsonl'), join(work, 'out.jsonl')]
  writeFileSync(input, lines(records))
  execFileSync(join(resolve(oracle), 'run.sh'), [mode, input, output], { stdio: ['ignore', 'ignore', 'inherit'] })
  return new Map(read(output).map((answer) => [answer.id, answer]))
}

function recordPaths (file) {
  const cases = read(file)
  const answers = ask('jsonpath', cases.map(({ id, path, document }) => ({ id, path, document })))
  writeFileSync(file, lines(cases.map(({ id, category, differs, path, document }) => {
    const { json, toString: text, missing, error } = answers.get(id)
    return { id, category, differs, path, document, json, text: text === json ? undefined : text, missing, error }
  })))
}

const TEXT = "$input.path('$.text')"
/** What else is asked of a pattern, as templates ask it; the result escaped, as it may hold half a surrogate pair. */
const TEMPLATES = {
  replaceAll: `$util.escapeJavaScript(${TEXT}.replaceAll($input.path('$.pattern'), $input.path('$.replacement')))`,
  replaceFirst: `$util.escapeJavaScript(${TEXT}.replaceFirst($input.path('$.pattern'), $input.path('$.replacement')))`,
  split: `#foreach($part in ${TEXT}.split($input.path('$.pattern')))$util.escapeJavaScript("<$part>")#end`,
  splitInTwo: `#foreach($part in ${TEXT}.split($input.path('$.pattern'), 2))$util.escapeJavaScript("<$part>")#end`
}
const unescape = (text) => JSON.parse(`"${text.replaceAll("\\'", "'")}"`)

function recordPatterns (file) {
  const cases = read(file)
  const answers = ask('regex', cases.map(({ id, pattern, inputs }) => ({ id, pattern, inputs })))
  const questions = []
  for (const { id, pattern, inputs, also = [], replacement = '[$0]' } of cases) {
    if (answers.get(id).error !== undefined) continue
    for (const [i, input] of inputs.entries()) {
      const body = JSON.stringify({ text: input, pattern, replacement })
      for (const name of also) questions.push({ id: `${id} ${i} ${name}`, template: TEMPLATES[name], body })
    }
  }
  const rendered = ask('render', questions)
  writeFileSync(file, lines(cases.map(({ id, category, differs, pattern, inputs, also, replacement }) => {
    const { error, results } = answers.get(id)
    return {
      id,
      category,
      differs,
      pattern,
      inputs,
      also,
      replacement,
      error,
      results: results?.map(({ matches, found, at }, i) => {
        const answer = { matches, found, at }
        for (const name of also ?? []) {
          const { output } = rendered.get(`${id} ${i} ${name}`)
          // Where Java throws, the template has no output.
          answer[name] = output === undefined ? null : unescape(output)
        }
        return answer
      })
    }
  })))
}

recordPaths(join(here, 'paths.jsonl'))
recordPatterns(join(here, 'patterns.jsonl'))
rmSync(work, { recursive: true })

// The AsyncAPI documents of all examples, each run as it is.
import { Parser } from '@asyncapi/parser'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, ROOT, runProgram } from '../examples/run.ts'

const parser = new Parser()
const PRELOAD = join(import.meta.dirname, 'describe-examples.mjs')

t.setTimeout(300_000)
t.before(build)

const examples = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js') && readFileSync(join(ROOT, 'examples', file), 'utf8').includes("from 'fastify-apigateway-websocket'"))

t.test('there are examples', async (t) => {
  t.ok(examples.length >= 11, examples.join(', '))
})

for (const file of examples) {
  t.test(`${file}: its documents are valid`, async (t) => {
    const program = runProgram(['--import', PRELOAD, join(ROOT, 'examples', file)], { PORT: '0' })
    await program.printed(/^documented$/m)
    await program.interrupt()
    const documents = [...program.output.matchAll(/^document (.*)$/gm)].map(([, text]) => text as string)
    t.ok(documents.length > 0)
    for (const text of documents) {
      const { diagnostics } = await parser.parse(text)
      t.same(diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join('.')}: ${message}`), [])
    }
  })
}

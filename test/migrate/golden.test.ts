// Definitions of real projects, and what each imports as: options, functions and report, to the letter.
import fastify from 'fastify'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import webSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions } from '../../types/index.js'
import type { ImportedDefinition } from '../../types/migrate.js'
import { FIXTURES, GOLDENS, importGolden } from './goldens.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

t.test('every definition has a golden file, and every golden file a definition', async (t) => {
  t.same(readdirSync(GOLDEN).map((file) => file.replace(/\.json$/, '')).sort(), GOLDENS.map(({ name }) => name).sort())
})

t.test('every folder of definitions says where they are from', async (t) => {
  for (const folder of new Set(GOLDENS.map(({ path }) => path.split('/')[0] as string))) {
    t.ok(existsSync(join(FIXTURES, folder, 'SOURCE.txt')), folder)
  }
})

/** Errors that are gone once something is bound; with any other the options are not whole. */
const BINDABLE = /^(?:credentials-required|function-(?!uri$).*|service-required|vpc-link|variable-unresolved|no-routes)$/
const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 })

/** What is left to bind, bound. */
function bind ({ options, functions, report }: ImportedDefinition): ApiGatewayWebSocketOptions {
  const actions = report.filter(({ code }) => code === 'service-required').flatMap(({ hint = '' }) =>
    [...hint.matchAll(/services\['([^']+)'\]/g)].map((match) => match[1] as string))
  return {
    ...options,
    functions: Object.fromEntries(Object.keys(functions).map((name) => [name, handler])),
    services: Object.fromEntries(actions.map((action) => [action, async () => ({})])),
    credentials: () => null
  }
}

for (const golden of GOLDENS) {
  t.test(`${golden.name} imports as its golden file says`, async (t) => {
    const found = await importGolden(golden) as unknown as ImportedDefinition
    t.same(found, JSON.parse(readFileSync(join(GOLDEN, `${golden.name}.json`), 'utf8')))
    if (found.options === undefined || found.report.some(({ level, code }) => level === 'error' && !BINDABLE.test(code))) return
    const app = fastify()
    await app.register(webSocket, bind(found))
    if (found.report.some(({ code }) => code === 'no-routes')) await t.rejects(async () => { await app.ready() }, { code: 'AGW_ERR_API_WITHOUT_ROUTES' })
    else await t.resolves(async () => { await app.ready() }, 'the plugin accepts what is bound')
    await app.close().catch(() => {})
  })
}

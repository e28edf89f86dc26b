// Out and in again: options come back as they went, through templates that pass every check.
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { checkOptions } from '../../lib/options.ts'
import { canonicalOptions } from './canonical-options.ts'
import { checkTemplate } from './check-template.ts'
import type { Template } from './check-template.ts'
import { EVERY_OPTION, ITS_FUNCTIONS } from './every-option.ts'
import { complete, exportApi } from './export-api.ts'
import { generateOptions } from './generate-options.ts'
import { isNews } from './judge-template.ts'
import { lintTemplate } from './lint-template.ts'
import { importTemplate } from './read-back.ts'

t.setTimeout(600_000)

/** Fewer for a quick look. */
const COUNT = Number(process.env.COUNT ?? 2000)
/** Servers take their time to close; many close at once. */
const SIDE_BY_SIDE = 50
/** The linter is slow; it sees one in so many. */
const LINTED = 50

t.test(`${COUNT} APIs by chance come back as they went, through templates that pass every check`, async (t) => {
  let functions = 0
  async function goAndCome (seed: number): Promise<void> {
    const { options, exportOptions, names } = generateOptions(seed)
    const { template } = await exportApi(options, exportOptions)
    const text = JSON.stringify(template)
    const findings = checkTemplate(JSON.parse(text) as Template)
    if (findings.length > 0) t.fail(`seed ${seed}: ${findings.join(' | ')}`)
    if (seed % LINTED === 0) {
      const told = lintTemplate(template).filter(isNews)
      if (told.length > 0) t.fail(`seed ${seed}: ${told.join(' | ')}`)
    }
    const { options: back } = await importTemplate(text)
    checkOptions(back)
    const [gone, come] = [canonicalOptions(options, (handler) => names.get(handler) as string), canonicalOptions(back)]
    if (!isDeepStrictEqual(come, gone)) t.same(come, gone, `seed ${seed}`)
    functions += names.size
  }
  for (let seed = 0; seed < COUNT; seed += SIDE_BY_SIDE) {
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async (_, i) => { await goAndCome(seed + i) }))
  }
  t.ok(functions > COUNT / 2, `${functions} handlers among them`)
})

t.test('an API of every option comes back as it went, functions included', async (t) => {
  const { template } = await exportApi(EVERY_OPTION, { functions: ITS_FUNCTIONS, directory: '/project' })
  const { options, functions } = await importTemplate(JSON.stringify(template))
  t.strictSame(canonicalOptions(options), canonicalOptions(complete(EVERY_OPTION)))
  t.match(functions.Connect, { runtime: 'nodejs22.x', handler: 'src/connect.handler', timeoutInMillis: 8000, memoryInMegabytes: 256, layers: ITS_FUNCTIONS.Connect.layers })
  t.same(functions.Connect?.environment.TABLE, '${t}')
  t.match(functions.Aliased, { runtime: 'python3.13', alias: 'live' })
  t.equal(functions.Guard?.inlineCode, ITS_FUNCTIONS.Guard.inlineCode)
})

t.test('leaving out any option of it changes the template', async (t) => {
  const whole = JSON.stringify((await exportApi(EVERY_OPTION, { functions: ITS_FUNCTIONS })).template)
  // What tells of this server's place changes what is a reference, or nothing.
  const ofThisServer = new Set(['region', 'accountId'])
  const paths = pathsOf(EVERY_OPTION).filter(([first]) => !ofThisServer.has(first as string))
  let left = 0
  await Promise.all(paths.map(async (path) => {
    const copy = structuredClone(EVERY_OPTION) as any
    remove(copy, path)
    let text: string
    try {
      text = JSON.stringify((await exportApi(copy, { functions: ITS_FUNCTIONS })).template)
    } catch {
      // It cannot be left out.
      return
    }
    left++
    if (text === whole && !IMPLIED.has(path.join('.')) && path.at(-1) !== 'integrationType') t.fail(`without ${path.join('.')} the template is the same`)
  }))
  t.ok(left > 150, `${left} of ${paths.length} were left out`)
})

/** What means the same when it is left out, as the type AWS_PROXY does. */
const IMPLIED = new Set([
  'authorizers.by token.authorizerType', 'routes.$connect.routeResponses', 'routes.$connect.requestParameters.route.request.header.X-Tenant.required',
  'integrations.shared.integrationMethod'
])

type Path = Array<string | number>

function pathsOf (value: unknown, before: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const path = [...before, Array.isArray(value) ? Number(name) : name]
    return [path, ...pathsOf(member, path)]
  })
}

function remove (root: any, path: Path): void {
  const parent = path.slice(0, -1).reduce((value, name) => value[name], root)
  const last = path.at(-1) as string | number
  if (Array.isArray(parent)) parent.splice(last as number, 1)
  else delete parent[last]
}

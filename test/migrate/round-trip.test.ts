// Out and in again, in and out again: nothing is lost on the way, whichever end one begins at.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { checkOptions } from '../../lib/options.ts'
import type { ApiGatewayWebSocketOptions } from '../../lib/index.ts'
import { canonicalOptions } from './canonical-options.ts'
import { CanonicalTemplate } from './canonical-template.ts'
import { checkTemplate } from './check-template.ts'
import type { Template } from './check-template.ts'
import { EVERY_OPTION, ITS_FUNCTIONS } from './every-option.ts'
import { complete, exportApi } from './export-api.ts'
import type { GivenOptions } from './export-api.ts'
import { generateOptions } from './generate-options.ts'
import { lintTemplate } from './lint-template.ts'
import { importTemplate, readTemplate } from './read-back.ts'

t.setTimeout(600_000)

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
    if (findings.length > 0) return t.fail(`seed ${seed}: ${findings.join(' | ')}`)
    if (seed % LINTED === 0) {
      const told = lintTemplate(template).filter((finding) => !finding.includes('Properties.AccessPolicyId'))
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

/* From a definition */

const FIXTURES = join(import.meta.dirname, 'fixtures')
const DEFINITIONS = (readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }))
  .filter((file) => /(?:template|input\/.*|websocket_api_[a-z_]*|all-properties)\.(?:json|ya?ml)$/.test(file) && !/error_/.test(file)).sort()
/** Not for a round trip, each for a reason. */
const ASIDE: Record<string, string> = {}

/** The WebSocket APIs of a definition. */
async function apisOf (path: string): Promise<string[]> {
  const { resources } = await readTemplate(path)
  return resources.filter(({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && properties.ProtocolType === 'WEBSOCKET').map(({ id }) => id)
}

for (const file of DEFINITIONS) {
  t.test(`${file} comes out as it came in`, { skip: ASIDE[file] ?? false }, async (t) => {
    const path = join(FIXTURES, file)
    for (const api of await apisOf(path)) {
      const importOptions = { api, region: 'us-east-1', accountId: '123456789012' }
      const { options, functions } = await importTemplate(path, importOptions)
      const { template } = await exportApi(withoutHttp(options), { functions })
      t.same(checkTemplate(template as unknown as Template), [], 'it passes the checks')
      const before = new CanonicalTemplate(await readTemplate(path, importOptions), api).print()
      const after = new CanonicalTemplate(await readTemplate(JSON.stringify(template)), 'WebSocketApi').print()
      t.same(after, before)
    }
  })
}

/** A VPC link has no equivalent among WebSocket APIs: the fixture of every property has one all the same. */
function withoutHttp (options: ApiGatewayWebSocketOptions): GivenOptions {
  return options
}

// Out and in again, in and out again: nothing is lost on the way, whichever end one begins at.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { checkOptions } from '../../lib/options.ts'
import { canonicalOptions } from './canonical-options.ts'
import { CanonicalTemplate } from './canonical-template.ts'
import { checkTemplate } from './check-template.ts'
import type { Template } from './check-template.ts'
import { EVERY_OPTION, ITS_FUNCTIONS } from './every-option.ts'
import { complete, exportApi } from './export-api.ts'
import { generateOptions } from './generate-options.ts'
import { lintTemplate } from './lint-template.ts'
import { importTemplate, readTemplate } from './read-back.ts'

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

/* From a definition */

const FIXTURES = join(import.meta.dirname, 'fixtures')
const DEFINITIONS = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?:template|(?:input|output|integration)\/websocket_api_[a-z0-9_]*)\.(?:json|ya?ml)$/.test(file)).sort()
/** Definitions that AWS refuses, and what is said of them here. */
const REFUSED: Record<string, RegExp> = {
  websocket_api_api_config: /apiKeySelectionExpression must be \$request\.header\.x-api-key or/,
  websocket_api_api_globals: /apiKeySelectionExpression must be \$request\.header\.x-api-key or/,
  websocket_api_route_config: /RequestParameters\.param1 must be an object/,
  websocket_api_with_auth_config: /identitySource\[0\] is "idsource1"; it must be route\.request\.header\.NAME/,
  websocket_api_test_non_ref: /Integration URI .*functions\/autharn\/invocations cannot be used/,
  'own-cfn-traps/template': /R4: Currently, authorization is restricted to the \$connect route only/,
  'sam-connectors/template': /At least one route is required before deploying the Api/
}
/** Definitions of which the import leaves something out that AWS refuses, and the code of its entry. */
const LEFT_OUT: Record<string, string> = {
  websocket_api_explicit_stage: 'route-settings-unknown-route'
}
const PARAMETERS = {
  MyDomainName: 'ws.example.com', MyDomainCert: 'arn:aws:acm:us-east-1:123456789012:certificate/c', MyRestRegionalDomainName: 'ws.example.com', MyRestRegionalDomainCert: 'arn:aws:acm:eu-west-1:999999999999:certificate/c'
}
/**
 * AWS reserves AccessPolicyId: the service spec has it, the linter's schema has not. And the runtimes of functions that came
 * with a definition are as old as it is.
 */
const isNews = (finding: string): boolean => !finding.includes('Properties.AccessPolicyId') && !finding.startsWith('E2533 ')
const isStage = (printed: string): boolean => printed.startsWith('["Stage"')

/** The WebSocket APIs of a definition. */
async function apisOf (source: string): Promise<string[]> {
  const { resources } = await readTemplate(source)
  return resources.filter(({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && properties.ProtocolType === 'WEBSOCKET').map(({ id }) => id)
}

async function comeAndGo (t: Test, source: string, leftOut?: string): Promise<void> {
  const text = existsSync(source) ? readFileSync(source, 'utf8') : source
  const parameters = Object.fromEntries(Object.entries(PARAMETERS).filter(([name]) => text.includes(name)))
  for (const api of await apisOf(source)) {
    const importOptions = { api, region: 'us-east-1', accountId: '123456789012', parameters }
    const { options, functions, report } = await importTemplate(source, importOptions)
    const { template } = await exportApi(options, { functions })
    t.same(checkTemplate(template as unknown as Template), [], 'it passes the checks')
    t.same(lintTemplate(template).filter(isNews), [], 'it passes AWS\'s linter')
    if (leftOut !== undefined) {
      t.ok(report.some(({ code }) => code === leftOut), leftOut)
      continue
    }
    const before = new CanonicalTemplate(await readTemplate(source, importOptions), api).print()
    const after = new CanonicalTemplate(await readTemplate(JSON.stringify(template)), 'WebSocketApi').print()
    // An API that nobody could connect to is given a stage.
    t.same(before.some(isStage) ? after : after.filter((printed) => !isStage(printed)), before)
  }
}

t.test('every definition comes out as it came in, or is one that AWS refuses', async (t) => {
  t.ok(DEFINITIONS.length >= 70, `${DEFINITIONS.length} definitions`)
  for (const file of DEFINITIONS.filter((file) => !/error_/.test(file))) {
    await t.test(file, async (t) => {
      const name = Object.keys({ ...REFUSED, ...LEFT_OUT }).find((name) => file.replace(/\.\w+$/, '').endsWith(`/${name}`) || file.replace(/\.\w+$/, '') === name) ?? ''
      const path = join(FIXTURES, file)
      const refusal = file.includes('sam-websocketapi-integration') ? undefined : REFUSED[name]
      if (refusal === undefined) await comeAndGo(t, path, file.includes('translator') ? LEFT_OUT[name] : undefined)
      else await t.rejects(comeAndGo(t, path), refusal)
    })
  }
})

t.test('a template of every property comes out as it came in, but for what only HTTP APIs have', async (t) => {
  const text = readFileSync(join(FIXTURES, 'all-properties.yaml'), 'utf8')
  await t.rejects(comeAndGo(t, text), /connectionType is VPC_LINK, which WebSocket APIs do not have/)
  const changed = text.replace('ConnectionType: VPC_LINK', 'ConnectionType: INTERNET').replace(/ +ConnectionId: .*\n/, '')
  t.not(changed, text)
  await comeAndGo(t, changed)
})

// Every definition of every format, in and out again: the plugin takes its options, their template passes every check and
// imports as what went out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { CloudFormationTemplate } from '../../lib/index.ts'
import { importDefinition } from '../../lib/migrate/index.ts'
import { readSource } from '../../lib/migrate/source.ts'
import { checkOptions } from '../../lib/options.ts'
import type { ImportedDefinition, ImportedFunction, ImportOptions } from '../../types/migrate.js'
import { canonicalOptions, STACK_NAME } from './canonical-options.ts'
import { CanonicalTemplate } from './canonical-template.ts'
import { exportApi } from './export-api.ts'
import { FIXTURES, GOLDENS } from './goldens.ts'
import { judgeTemplate } from './judge-template.ts'
import { LIVE_API_ID, startEndpoint } from './live-endpoint.ts'
import { readTemplate } from './read-back.ts'

t.setTimeout(600_000)

interface Imported {
  readonly path: string
  readonly options: ImportOptions
  /** What the import is refused with, as its golden file has it. */
  readonly error?: { readonly code: string, readonly message: string }
}

const GIVEN: readonly Imported[] = GOLDENS.map(({ name, path, options }) => {
  const { error } = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', `${name}.json`), 'utf8')) as Partial<Imported>
  return { path, options, ...(error === undefined ? undefined : { error }) }
})
/** What SAM expands the templates of its tests to. */
const EXPANDED: readonly Imported[] = GIVEN.filter(({ path }) => /\/input\/(?!error_)/.test(path)).map(({ path, options, error }) => ({
  path: path.replace('/input/', '/output/').replace('.yaml', '.json'),
  options,
  ...(error === undefined ? undefined : { error: { ...error, message: error.message.replaceAll('Routes.$connect.', '') } })
}))
const DEFINITIONS = [...GIVEN, ...EXPANDED]

interface Refusal {
  /** The code of the error in the report of the import. */
  readonly told: string
  readonly code: string
  readonly message: RegExp
}

const API_KEY_SELECTION: Refusal = {
  told: 'expression-invalid', code: 'AGW_ERR_EXPRESSION_INVALID', message: /"Api\.RouteSelectionExpression" is not valid: apiKeySelectionExpression must be \$request\.header\.x-api-key or/
}
/** Definitions that import, and whose options the plugin refuses. */
const REFUSED: Record<string, Refusal> = {
  // Snapshots of SAM's tests, which AWS would not deploy.
  'sam-websocketapi-translator/websocket_api_api_config': API_KEY_SELECTION,
  'sam-websocketapi-translator/websocket_api_api_globals': API_KEY_SELECTION,
  'sam-websocketapi-translator/websocket_api_with_auth_config': {
    told: 'identity-source-invalid', code: 'AGW_ERR_OPTIONS_INVALID', message: /identitySource\[0\] is "idsource1"; it must be route\.request\.header\.NAME/
  },
  'sam-websocketapi-translator/websocket_api_test_non_ref': {
    told: 'function-uri', code: 'AGW_ERR_INTEGRATION_URI', message: /functions\/autharn\/invocations cannot be used: it must be the ARN of a Lambda function/
  },
  // An API alone, for a connector.
  'sam-connectors/template': { told: 'no-routes', code: 'AGW_ERR_API_WITHOUT_ROUTES', message: /At least one route is required before deploying the Api/ },
  // The URI of an integration is known after apply.
  'terraform-plan-modules/plan': {
    told: 'value-unknown', code: 'AGW_ERR_INTEGRATION_INVALID', message: /it is AWS and has nothing to call; it must have handler or integrationUri/
  }
}
/** Definitions that AWS refuses and the importer leaves something out of, which it tells under that code. */
const LEFT_OUT: Record<string, string> = { 'sam-websocketapi-translator/websocket_api_explicit_stage': 'route-settings-unknown-route' }
const PARAMETERS = {
  MyDomainName: 'ws.example.com', MyDomainCert: 'arn:aws:acm:us-east-1:123456789012:certificate/c', MyRestRegionalDomainName: 'ws.example.com', MyRestRegionalDomainCert: 'arn:aws:acm:eu-west-1:999999999999:certificate/c'
}

const isStage = (printed: string): boolean => printed.startsWith('["Stage"')
/** Of a template and of its expansion the same. */
const nameOf = (path: string): string => path.replace(/\/(?:input|output)\//, '/').replace(/\.\w+$/, '')
/** Nothing of a folder: answers take no parameters. */
const textOf = (path: string): string => path.includes('.') ? readFileSync(join(FIXTURES, path), 'utf8') : ''

/** Those that the definition has, of what it takes. */
function parametersOf (text: string): Record<string, string> {
  return Object.fromEntries(Object.entries(PARAMETERS).filter(([name]) => text.includes(name)))
}

/** Out by the plugin's own door, judged, and in again. */
async function goAndCome (t: Test, { options, functions }: ImportedDefinition): Promise<CloudFormationTemplate> {
  const { template } = await exportApi(options, { functions, directory: FIXTURES })
  t.same(judgeTemplate(template), [], 'it passes the checks and AWS\'s linter')
  const { region = '', accountId = '' } = options
  const back = await importDefinition(JSON.stringify(template), { region, accountId, directory: FIXTURES, parameters: { 'AWS::StackName': STACK_NAME } })
  checkOptions(back.options)
  t.strictSame(canonicalOptions(back.options), canonicalOptions(options), 'its options come back')
  t.strictSame(canonicalFunctions(back, functions), canonicalFunctions({ options, functions }, functions), 'and its functions')
  return template
}

/** Without what depends on whether their code is here, and with one id of the API. */
function canonicalFunctions ({ options, functions }: Pick<ImportedDefinition, 'options' | 'functions'>, first: Record<string, ImportedFunction>): unknown {
  const printed = JSON.stringify(Object.fromEntries(Object.entries(functions).map(([name, { codeDirectory, problem, ...one }]) =>
    [name, first[name]?.codeDirectory === undefined ? one : { ...one, codeDirectory, problem }])))
  return JSON.parse(printed.replaceAll(options.apiId as string, '(API)'))
}

/** All of a template is compared with all of ours, as well: nothing of it hides behind what was imported. */
async function compareTemplates (t: Test, source: string, options: ImportOptions, api: string, template: CloudFormationTemplate): Promise<void> {
  const before = new CanonicalTemplate(await readTemplate(source, options), api).print()
  const after = new CanonicalTemplate(await readTemplate(JSON.stringify(template)), 'WebSocketApi').print()
  // An API that nobody could connect to is given a stage.
  t.same(before.some(isStage) ? after : after.filter((printed) => !isStage(printed)), before)
}

/** Each WebSocket API of a definition; only templates have several. */
async function apisOf (source: string): Promise<ReadonlyArray<string | undefined>> {
  if ((await readSource(source, {})).format !== 'cloudformation') return [undefined]
  const { resources } = await readTemplate(source)
  return resources.filter(({ type, properties }) => type === 'AWS::ApiGatewayV2::Api' && properties.ProtocolType === 'WEBSOCKET').map(({ id }) => id)
}

/** A definition by its path or its text. */
async function comeAndGo (t: Test, source: string, text: string, leftOut?: string): Promise<void> {
  for (const api of await apisOf(source)) {
    const options: ImportOptions = api === undefined ? {} : { api, region: 'us-east-1', accountId: '123456789012', parameters: parametersOf(text) }
    const imported = await importDefinition(source, options)
    const template = await goAndCome(t, imported)
    if (leftOut !== undefined) t.ok(imported.report.some(({ code }) => code === leftOut), leftOut)
    else if (api !== undefined) await compareTemplates(t, source, options, api, template)
  }
}

t.test('definitions of every format are among them', async (t) => {
  const formats = await Promise.all(DEFINITIONS.map(async ({ path }) => (await readSource(join(FIXTURES, path), {})).format))
  t.same([...new Set(formats)].sort(), ['aws-cli', 'cloudformation', 'serverless', 'terraform-json'])
  const frameworks = DEFINITIONS.flatMap(({ path }) => /frameworkVersion: ['"]?(\d)/.exec(path.endsWith('serverless.yml') ? textOf(path) : '')?.[1] ?? [])
  t.same([...new Set(frameworks)].sort(), ['3', '4'], 'of both versions of the Serverless Framework')
  const known = new Set(DEFINITIONS.map(({ path }) => nameOf(path)))
  t.same(Object.keys({ ...REFUSED, ...LEFT_OUT }).filter((name) => !known.has(name)), [])
})

t.test('every definition comes out as it came in, or is refused for what its report says is wrong', async (t) => {
  for (const { path, options, error } of DEFINITIONS) {
    await t.test(path, async (t) => {
      const source = join(FIXTURES, path)
      const refused = REFUSED[nameOf(path)]
      if (error !== undefined) {
        await t.rejects(importDefinition(source, options), error)
      } else if (refused === undefined) {
        await comeAndGo(t, source, textOf(path), LEFT_OUT[nameOf(path)])
      } else {
        const { told, ...refusal } = refused
        const imported = await importDefinition(source, options)
        t.ok(imported.report.some(({ level, code }) => level === 'error' && code === told), told)
        await t.rejects(exportApi(imported.options), refusal)
      }
    })
  }
})

t.test('definitions that name no partition come out as they came in, whatever partition they are for', async (t) => {
  const anywhere = DEFINITIONS.filter(({ path, error }) => error === undefined && REFUSED[nameOf(path)] === undefined && /^(?!.*arn:aws:)./s.test(textOf(path)))
  t.ok(anywhere.some(({ path }) => path.includes('own-sls-service')), 'one whose functions find the API by its address is among them')
  for (const region of ['cn-north-1', 'us-gov-west-1', 'eusc-de-east-1']) {
    for (const { path, options } of anywhere) {
      const imported = await importDefinition(join(FIXTURES, path), { ...options, region })
      t.equal(imported.options.region, region, path)
      await goAndCome(t, imported)
    }
  }
})

t.test('a live API comes out as it came in', async (t) => {
  const { url } = await startEndpoint(t)
  await goAndCome(t, await importDefinition({ apiId: LIVE_API_ID, region: 'eu-west-1', endpoint: url, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }))
})

t.test('a plan comes out as it came in once what is known after apply is written into its options', async (t) => {
  const imported = await importDefinition(join(FIXTURES, 'terraform-plan-modules/plan.json'))
  const unknown = imported.report.filter(({ code }) => code === 'value-unknown')
  t.same(unknown.map(({ property }) => property), ['request_templates.application/json', 'integration_uri', 'credentials_arn'])
  Object.assign(imported.options.integrations?.[unknown[0]?.resource as string] as object, {
    integrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders',
    credentialsArn: 'arn:aws:iam::123456789012:role/queue',
    requestTemplates: { 'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' }
  })
  await goAndCome(t, imported)
})

/** What AWS refuses, is told of, and is written here as AWS takes it. */
const MENDED: Array<[path: string, refusal: RegExp, mends: ReadonlyArray<[wrong: string | RegExp, right: string]>]> = [
  ['all-properties.yaml', /connectionType is VPC_LINK, which WebSocket APIs do not have/, [
    ['ConnectionType: VPC_LINK', 'ConnectionType: INTERNET'], [/ +ConnectionId: .*\n/, '']
  ]],
  ['own-cfn-traps/template.yaml', /R4: Currently, authorization is restricted to the \$connect route only/, [
    [', AuthorizationType: CUSTOM', ''], ['ConnectionType: VPC_LINK, ConnectionId: abc, ', ''],
    ['$request.header.Auth', 'route.request.header.Auth'], ['missing-route: { throttlingBurstLimit', 'a/b: { ThrottlingBurstLimit']
  ]]
]
for (const [path, refusal, mends] of MENDED) {
  t.test(`${path} comes out as it came in once it is what AWS takes`, async (t) => {
    const text = textOf(path)
    await t.rejects(comeAndGo(t, text, text), refusal)
    let mended = text
    for (const [wrong, right] of mends) {
      const before = mended
      mended = before.replace(wrong, right)
      t.not(mended, before, String(wrong))
    }
    await comeAndGo(t, mended, text)
  })
}

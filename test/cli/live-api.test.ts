// --api-id: the program reads an API that runs on AWS, here from an endpoint on this machine. It has not been run against AWS.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { build } from '../examples/run.ts'
import { API, LIVE_API_ID, startEndpoint } from '../migrate/live-endpoint.ts'
import { createFolder, run } from './run-cli.ts'
import type { Outcome } from './run-cli.ts'

t.setTimeout(120_000)
t.before(build)

const GOLDEN = JSON.parse(readFileSync(join(import.meta.dirname, '../migrate/golden/aws-cli-all.json'), 'utf8'))

/** With what the SDK finds in the environment, as on the machine of whoever has an account. */
async function runLive (t: Test, args: readonly string[], cwd = createFolder(t)): Promise<Outcome & { requests: string[] }> {
  const { url, requests } = await startEndpoint(t)
  const env = { AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', NODE_NO_WARNINGS: '1' }
  return { ...await run(t, args, { cwd, env }), requests }
}

t.test('import --api-id prints what the answers of the AWS CLI become, without the keys that another service has', async (t) => {
  const { code, stdout, stderr, requests } = await runLive(t, ['import', '--api-id', LIVE_API_ID, '--region', 'eu-west-1'])
  const { options, functions } = JSON.parse(stdout)
  const { apiKeys, usagePlans, ...expected } = GOLDEN.options
  t.ok(apiKeys !== undefined && usagePlans !== undefined, 'the answers have both')
  t.same(options, expected)
  t.same(functions, GOLDEN.functions)
  t.match(stderr, /^warning: API keys and usage plans are of another service of AWS, which was not asked \[api-keys-not-read\]/m)
  t.match(stderr, /^error: aut001\.AuthorizerUri: .* \[function-outside\]/m)
  t.equal(code, 1, 'functions are to be bound')
  t.ok(requests.includes(`GET ${API}`))
  t.notOk(requests.some((request) => !request.startsWith('GET ')), 'nothing is written')
})

t.test('import --api-id --out writes a file that check reads without AWS', async (t) => {
  const cwd = createFolder(t)
  const written = await runLive(t, ['import', '--api-id', LIVE_API_ID, '--region', 'eu-west-1', '--out', 'config.json'], cwd)
  t.match(written, { code: 1, stdout: '' })
  t.match(JSON.parse(readFileSync(join(cwd, 'config.json'), 'utf8')), { options: { apiId: LIVE_API_ID, region: 'eu-west-1', name: 'orders' } })
  t.match(await run(t, ['check', 'config.json'], { cwd }), { code: 0, stderr: '' })
})

t.test('check --api-id reports by the id of the API', async (t) => {
  const { code, stdout } = await runLive(t, ['check', '--api-id', LIVE_API_ID, '--region', 'eu-west-1'])
  t.match(stdout, /^error: aut001\.AuthorizerUri: /)
  t.match(stdout, new RegExp(`\\n${LIVE_API_ID}: \\d+ errors, \\d+ warnings?, \\d+ notes\\n$`))
  t.equal(code, 1)
})

t.test('an API that AWS does not have, a file beside --api-id: 2, and nothing on stdout', async (t) => {
  const gone = await runLive(t, ['import', '--api-id', 'gone123456', '--region', 'eu-west-1'])
  t.match(gone, { code: 2, stdout: '' })
  t.match(gone.stderr, /error: API gone123456 cannot be read from AWS: NotFoundException: Invalid API identifier specified/)
  const both = await runLive(t, ['check', 'template.yaml', '--api-id', LIVE_API_ID])
  t.match(both, { code: 2, stdout: '' })
  t.same(both.requests, [])
  t.match(both.stderr, /error: .*a file and --api-id are given; name one of them/)
})

// Every example, exported as it runs: a template that passes every check, or the reason why there is none.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkTemplate } from '../migrate/check-template.ts'
import type { Template } from '../migrate/check-template.ts'
import { lintTemplate } from '../migrate/lint-template.ts'
import { importTemplate } from '../migrate/read-back.ts'
import { build, ROOT, runProgram } from './run.ts'

t.setTimeout(300_000)
t.before(build)

/** Route keys of each API, or why it cannot be expressed. */
const EXPORTED: Record<string, Array<string[] | RegExp>> = {
  'chat/server.js': [['$connect', '$default', '$disconnect', 'nick', 'say', 'who']],
  'describe-with-asyncapi.js': [['$connect', 'order']],
  'guarded.js': [['$connect', '$default']],
  'lambda-handlers.js': [['$connect', '$default', '$disconnect', 'sendmessage']],
  'mock-keep-alive.js': [['ping']],
  'order-validation.js': [['order']],
  'push-from-anywhere.js': [['$default']],
  'queue-ingestion.js': [['$default']],
  'rest-beside-websocket.js': [['$disconnect', 'watch']],
  'rest-bridge.js': [/^API cannot be exported as it is: upgrade\.onRequest guards handshakes/],
  'several-apis.js': [['roll'], ['players'], ['$default']],
  'unit-test.js': [['$connect', 'fail', 'greet']]
}
/** Not a server, and tested below. */
const ITSELF = 'export-to-cloudformation.js'

t.test('every example is here', async (t) => {
  const files = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.js') && file !== ITSELF)
  t.same(Object.keys(EXPORTED).filter((file) => !file.includes('/')).sort(), files.sort())
})

const preload = join(import.meta.dirname, 'export-preload.mjs')
for (const [file, expected] of Object.entries(EXPORTED)) {
  t.test(`${file} is exported`, async (t) => {
    const program = runProgram(['--import', preload, join(ROOT, 'examples', file)], { PORT: '0' })
    await program.ended
    const exported = [...program.output.matchAll(/^EXPORT (.*)$/gm)].map(([, line]) => JSON.parse(line as string)).slice(0, expected.length)
    t.equal(exported.length, expected.length, program.output.slice(0, 2000))
    for (const [i, { template, message }] of exported.entries()) {
      const wanted = expected[i]
      if (wanted instanceof RegExp) {
        t.match(message, wanted)
        continue
      }
      t.same([checkTemplate(template as Template), lintTemplate(template)], [[], []], message)
      const parameters = Object.fromEntries(Object.keys(template.Parameters ?? {}).map((name) => [name, `arn:aws:lambda:us-east-1:123456789012:function:${name}`]))
      const { options } = await importTemplate(template, { parameters: { ...parameters, 'AWS::StackName': 'stack' } })
      t.same(Object.keys(options.routes ?? {}).sort(), wanted)
    }
  })
}

t.test(`${ITSELF} prints its template, and what to know of it`, async (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'examples', ITSELF)], { cwd: ROOT, encoding: 'utf8' })
  t.equal(status, 0)
  const template = JSON.parse(stdout) as Template
  t.same([checkTemplate(template), lintTemplate(template)], [[], []])
  t.match(template.Resources.SendMessage, {
    Type: 'AWS::Serverless::Function',
    Properties: {
      Handler: 'sendmessage.handler',
      CodeUri: 'examples/lambda-functions',
      Environment: { Variables: { WEBSOCKET_ENDPOINT: { 'Fn::Sub': 'https://${WebSocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/prod' } } }
    }
  })
  t.same(stderr.trim().split('\n'), [
    'info: apiId: API Gateway draws the id of an API',
    'info: everybody may connect on API Gateway; hooks of this server that guard handshakes do not go with the template'
  ])
})

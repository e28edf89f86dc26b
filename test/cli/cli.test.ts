// The program in a process of its own: help, exit codes, what goes to stdout and what does not, import and export.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import t from 'tap'
import { COMMANDS } from '../../lib/cli/run.ts'
import { suggest } from '../../lib/cli/suggest.ts'
import { Terminal } from '../../lib/cli/terminal.ts'
import { build, connect, ROOT, runProgram } from '../examples/run.ts'
import { createFolder, FIXTURES, run } from './run-cli.ts'

t.setTimeout(300_000)
t.before(build)

const TEMPLATE = `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: chat
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: prod, AutoDeploy: true }
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Chat
      RouteKey: say
      RouteResponseSelectionExpression: $default
      Target: !Join ['/', [integrations, !Ref SayIntegration]]
  SayRouteResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref SayRoute, RouteResponseKey: $default }
  SayIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Say.Arn}/invocations
  Say:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: say/
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: { Variables: { WORD: heard } }
`
const HANDLER = 'exports.handler = async (event) => ({ statusCode: 200, body: `${process.env.WORD} ${JSON.parse(event.body).text}` })'
const files = { 'template.yaml': TEMPLATE, 'say/app.js': HANDLER, 'say/package.json': '{ "type": "commonjs" }' }

t.test('help goes to stdout and teaches: every command, every option, examples, exit codes', async (t) => {
  const program = await run(t, ['--help'])
  t.match(program, { code: 0, stderr: '' })
  for (const { name, summary } of COMMANDS) t.match(program.stdout, `${name.padEnd(6)}  ${summary}`)
  for (const command of COMMANDS) {
    const help = await run(t, [command.name, '--help'])
    t.match(help, { code: 0, stderr: '' })
    t.same((await run(t, ['help', command.name])).stdout, help.stdout)
    for (const { options } of command.options) {
      for (const { name, value = '', help: text } of options) {
        t.match(help.stdout, new RegExp(`--${name}\\b[^\\n]*`), name)
        t.match(help.stdout.replace(/\s+/g, ' '), `${value} ${text}`.trim().replace(/\s+/g, ' '), `${name} is explained`)
      }
    }
    for (const [call] of command.examples) t.match(help.stdout, `npx fastify-apigateway-websocket ${call}`)
    for (const code of [0, 1, 2] as const) t.match(help.stdout, `\n  ${code}  ${command.exitCodes[code]}`)
    t.notOk(help.stdout.split('\n').some((line) => line.length > 100 && !line.includes('npx ') && !/^ {2}\d {2}/.test(line)), 'lines fit a terminal')
  }
})

t.test('the page of the command line has every command and every option, and no other', async (t) => {
  const page = readFileSync(join(ROOT, 'docs/reference/cli.md'), 'utf8')
  const sections = page.split(/^## /m).slice(1).map((text) => [text.slice(0, text.indexOf('\n')), text] as const)
  t.same(sections.map(([heading]) => heading).filter((heading) => COMMANDS.some(({ name }) => name === heading)), COMMANDS.map(({ name }) => name))
  for (const command of COMMANDS) {
    const [, text = ''] = sections.find(([heading]) => heading === command.name) ?? []
    const rows = [...text.matchAll(/^\| `--([a-z-]+)(?:`, `-(\w))?(?: (<[^`]*>))?` \|/gm)].map(([, name, short, value]) => ({ name, short, value: value?.replaceAll('\\|', '|') }))
    t.same(rows, command.options.flatMap(({ options }) => options.map(({ name, short, value }) => ({ name, short, value }))), command.name)
  }
})

t.test('what is misspelt or missing is refused with 2, on stderr, with what was probably meant', async (t) => {
  const cases: Array<[args: string[], says: RegExp]> = [
    [['srve'], /there is no command srve; did you mean serve\?/],
    [['--versoin'], /there is no option --versoin/],
    [['serve', 'x.yaml', '--prot', '1'], /serve has no option --prot; did you mean --port\?/],
    [['serve', 'x.yaml', '--port'], /--port needs a value: --port <number>/],
    [['serve', 'x.yaml', '--port', '--watch'], /--port needs a value: --port <number> \(write --port=--watch where --watch is meant\)/],
    [['serve', 'x.yaml', '--port', '70000'], /--port is "70000"; it must be a number from 0 to 65535/],
    [['serve', 'x.yaml', '--watch=yes'], /--watch is a switch and takes no value, but got "yes"/],
    [['serve', 'x.yaml', '--port', '1', '--port', '2'], /--port is given twice/],
    [['serve', 'x.yaml', 'y.yaml'], /serve takes one argument, and "y\.yaml" is one too many/],
    [['serve', 'x.yaml', '--log-level', 'loud'], /--log-level is "loud"; it must be one of fatal, error/],
    [['check'], /no definition is given; name a file, a folder, - for stdin, or --api-id/],
    [['check', 'nowhere.yaml'], /nowhere\.yaml does not exist/],
    [['check', 'template.yaml', '--format', 'cloudfromation'], /did you mean cloudformation\?/],
    [['check', 'template.yaml', '--param', 'Name'], /--param is "Name"; it must be of the form name=value/],
    [['check', 'template.yaml', '--params', 'say/app.js'], /--params say\/app\.js cannot be read/],
    [['serve', 'template.yaml', '--map', 'Sya=say/app.js'], /--map names the function "Sya", which the definition does not have; it has Say; did you mean Say\?/],
    [['serve', 'template.yaml', '--map', 'Say=nowhere.js'], /--map Say=nowhere\.js: there is no file/],
    [['serve', 'template.yaml', '--services', 'nowhere.js'], /--services nowhere\.js cannot be loaded/],
    [['serve', 'template.yaml', '--env', 'Sya:A=1', '--port', '0'], /--env names the function "Sya", which does not run here; there are Say/],
    [['import', 'template.yaml', '--out', 'app.txt'], /--out is "app\.txt"; it must end with \.json, \.mjs or \.js/],
    [['export', 'say/app.js', '--format', 'openapi'], /--format is "openapi"; it must be one of cloudformation, asyncapi/],
    [['export', 'say/app.js'], /has no default export that is a plugin/],
    [['check', 'template.yaml', '--account', '12'], /--account is "12"; it must be 12 digits/],
    [['check', 'template.yaml', '--region', 'Ireland'], /--region is "Ireland"; it must be a region such as us-east-1/],
    [['serve', 'template.yaml', '--lambda-endpoint', 'localhost:3001'], /--lambda-endpoint is "localhost:3001"; it must be a URL/],
    [['check', 'template.yaml', '--report', 'nowhere/report.json'], /--report nowhere\/report\.json cannot be written: ENOENT/],
    [['import', 'template.yaml', '--out', 'nowhere/config.json'], /--out nowhere\/config\.json cannot be written: ENOENT/],
    [[], /Usage:/]
  ]
  const cwd = createFolder(t, files)
  for (const [args, says] of cases) {
    const { code, stdout, stderr } = await run(t, args, { cwd })
    t.equal(code, 2, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, says)
  }
})

t.test('check prints its report, and exits by what is in it', async (t) => {
  const cwd = createFolder(t, { ...files, 'warned.yaml': TEMPLATE.replace('StageName: prod, AutoDeploy: true', 'StageName: prod'), 'wrong.yaml': TEMPLATE.replace('CodeUri: say/', 'CodeUri: s3://bucket/key') })
  const clean = await run(t, ['check', 'template.yaml', '--report', 'report.json'], { cwd })
  t.match(clean, { code: 0, stderr: '' })
  t.match(clean.stdout, /template\.yaml: 0 errors, 0 warnings, \d+ notes?\n$/)
  const report = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))
  t.ok(report.length > 0)
  t.same(JSON.parse((await run(t, ['check', 'template.yaml', '--json'], { cwd })).stdout), report)
  const warned = await run(t, ['check', 'warned.yaml'], { cwd })
  t.equal(warned.code, 0)
  t.match(warned.stdout, /^warning: warned\.yaml:\d+:\d+ Stage: .* \[stage-not-deployed\]/)
  t.equal((await run(t, ['check', 'warned.yaml', '--strict'], { cwd })).code, 1)
  const wrong = await run(t, ['check', 'wrong.yaml'], { cwd })
  t.equal(wrong.code, 1)
  t.match(wrong.stdout, /^error: wrong\.yaml:\d+:\d+ Say\.CodeUri: .* \[function-code-remote\]\n {2}\S/)
  const refused = await run(t, ['check', '-'], { cwd, input: TEMPLATE.replace('StageName: prod', 'StageName: $default') })
  t.equal(refused.code, 1, 'what AWS refuses is an error of the definition')
  t.match(refused.stderr, /error: stdin:\d+:\d+ Stage\.StageName: .* \[stage-name\][\s\S]*error: Definition would be refused by API Gateway/)
  const broken = await run(t, ['check', '-'], { cwd, input: 'Resources: [' })
  t.equal(broken.code, 2)
  t.equal(broken.stdout, '')
  for (const input of ['', 'template.yaml']) {
    const other = await run(t, ['check', '-'], { cwd, input })
    t.match(other, { code: 2, stdout: '' }, `"${input}" from stdin names no file`)
    t.match(other.stderr, /Its outermost value is .*; it must be a map/)
  }
})

t.test('whoever reads the result may stop before its end', async (t) => {
  const cwd = createFolder(t, files)
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'import', 'template.yaml'], { cwd, env: { PATH: process.env.PATH } })
  t.teardown(() => { child.kill('SIGKILL') })
  child.stdout.destroy()
  const stderr = readText(child.stderr)
  const code = await new Promise((resolve) => { child.on('close', resolve) })
  t.equal(code, 0)
  t.notMatch(await stderr, /EPIPE/)
  t.match(await stderr, /template\.yaml: 0 errors/)
})

t.test('import writes JSON that serve runs, too', async (t) => {
  const cwd = createFolder(t, files)
  const printed = await run(t, ['import', 'template.yaml'], { cwd })
  t.equal(printed.code, 0)
  const config = JSON.parse(printed.stdout)
  t.match(config, { options: { routeSelectionExpression: '$request.body.action' }, functions: { Say: { codeDirectory: './say' } } })
  mkdirSync(join(cwd, 'elsewhere'))
  t.equal((await run(t, ['import', 'template.yaml', '--out', 'elsewhere/config.json'], { cwd })).stdout, '')
  t.match(JSON.parse(readFileSync(join(cwd, 'elsewhere/config.json'), 'utf8')), { functions: { Say: { codeDirectory: './../say' } } })
})

t.test('import writes an application that runs as it is', async (t) => {
  const cwd = createFolder(t, files)
  const { code, stdout } = await run(t, ['import', 'template.yaml', '--out', 'app.mjs'], { cwd })
  t.same({ code, stdout }, { code: 0, stdout: '' })
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(ROOT, join(cwd, 'node_modules/fastify-apigateway-websocket'))
  symlinkSync(join(ROOT, 'node_modules/fastify'), join(cwd, 'node_modules/fastify'))
  const app = runProgram([join(cwd, 'app.mjs')], { PORT: '0' })
  const at = (await app.printed(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/)).replace('http', 'ws')
  const client = await connect(t, `${at}/prod`)
  client.socket.send('{"action":"say","text":"you"}')
  t.equal(await client.next(), 'heard you')
  await app.interrupt()

  const before = readFileSync(join(cwd, 'app.mjs'), 'utf8')
  writeFileSync(join(cwd, 'app.mjs'), `${before}// mine\n`)
  const again = await run(t, ['import', 'template.yaml', '--out', 'app.mjs'], { cwd })
  t.equal(again.code, 2)
  t.match(again.stderr, /app\.mjs is there already, and may hold your own work; --force writes over it/)
  t.equal((await run(t, ['import', 'template.yaml', '--out', 'app.mjs', '--force'], { cwd })).code, 0)
  t.equal(readFileSync(join(cwd, 'app.mjs'), 'utf8'), before)
})

t.test('import says which handlers Node takes for ES modules, and how it loads them', async (t) => {
  const cwd = createFolder(t, {
    'template.yaml': TEMPLATE,
    'package.json': '{ "type": "module" }',
    'say/app.js': `${HANDLER}\nexports.kind = 'CommonJS'`,
    'esm/app.js': 'export const handler = async () => ({ body: "a module" })'
  })
  const { code, stderr } = await run(t, ['import', 'template.yaml', '--out', 'app.mjs'], { cwd })
  const note = 'say/app.js is CommonJS, and a package.json above its folder says "type": "module"; Node.js loads it with a package.json { "type": "commonjs" } in say'
  t.equal(code, 0)
  t.ok(stderr.includes(`warning: function Say: ${note}\n`), stderr)
  t.ok(readFileSync(join(cwd, 'app.mjs'), 'utf8').includes(`// ${note}.\n`))
  mkdirSync(join(cwd, 'node_modules'))
  symlinkSync(ROOT, join(cwd, 'node_modules/fastify-apigateway-websocket'))
  symlinkSync(join(ROOT, 'node_modules/fastify'), join(cwd, 'node_modules/fastify'))
  const before = runProgram([join(cwd, 'app.mjs')], { PORT: '0' })
  t.not(await before.ended, 0, 'without it Node does not')
  writeFileSync(join(cwd, 'say/package.json'), '{ "type": "commonjs" }')
  const app = runProgram([join(cwd, 'app.mjs')], { PORT: '0' })
  await app.printed(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/)
  await app.interrupt()
  t.notMatch((await run(t, ['import', 'template.yaml', '--out', 'app.mjs', '--force'], { cwd })).stderr, /CommonJS/)
  writeFileSync(join(cwd, 'template.yaml'), TEMPLATE.replace('CodeUri: say/', 'CodeUri: esm/'))
  t.notMatch((await run(t, ['import', 'template.yaml', '--out', 'app.mjs', '--force'], { cwd })).stderr, /CommonJS/, 'an ES module is one')
})

t.test('code that is written into the definition is put beside the application, wherever its handler points', async (t) => {
  const cwd = createFolder(t, { 'app/template.yaml': TEMPLATE.replace('CodeUri: say/', 'InlineCode: "exports.handler = async () => ({ body: \'inline\' })"').replace('app.handler', '../../outside.handler') })
  const { code } = await run(t, ['import', 'template.yaml', '--out', 'app.mjs'], { cwd: join(cwd, 'app') })
  t.ok(existsSync(join(cwd, 'app/functions/Say/index.js')))
  t.notOk(existsSync(join(cwd, 'outside.js')))
  t.notMatch(readFileSync(join(cwd, 'app/app.mjs'), 'utf8'), /await load\('/, 'and nothing outside is loaded')
  t.equal(code, 0)
})

t.test('what a definition says is text in the application, whatever it says', async (t) => {
  const hostile = "'\\n`${process.exit(9)}`//\u2028"
  const cwd = createFolder(t, { ...files, 'template.yaml': TEMPLATE.replace('Name: chat', `Name: ${JSON.stringify(hostile)}`).replace('WORD: heard', `WORD: ${JSON.stringify(hostile)}`) })
  const { code } = await run(t, ['import', 'template.yaml', '--out', 'app.mjs'], { cwd })
  t.equal(code, 0)
  const check = runProgram(['--check', join(cwd, 'app.mjs')])
  t.equal(await check.ended, 0, 'it is a module')
  t.equal(check.output, '')
})

t.test('export loads an application by the conventions of fastify-cli and prints its template alone', async (t) => {
  const app = join(FIXTURES, 'export/app.js')
  const json = await run(t, ['export', app, '--', '--stage-name', 'live'])
  t.equal(json.code, 0, json.stderr)
  const { Resources } = JSON.parse(json.stdout)
  t.same(Object.values(Resources as Record<string, { Type: string, Properties: { StageName?: string } }>)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage').map(({ Properties }) => Properties.StageName), ['live'])
  const yaml = await run(t, ['export', app, '--yaml'])
  t.match(yaml.stdout, /^AWSTemplateFormatVersion: ['"]?2010-09-09/)
  const cwd = createFolder(t)
  t.equal((await run(t, ['export', app, '--out', 'template.json'], { cwd })).stdout, '')
  t.ok(existsSync(join(cwd, 'template.json')))
  const asyncApi = await run(t, ['export', app, '--format', 'asyncapi', '--asyncapi-version', '3.1.0'])
  t.equal(asyncApi.code, 0, asyncApi.stderr)
  t.match(JSON.parse(asyncApi.stdout), { asyncapi: '3.1.0', info: { title: 'exported' } })
  const stray = await run(t, ['export', app, '--format', 'asyncapi', '--code-uri', 'dist'])
  t.equal(stray.code, 2)
  t.match(stray.stderr, /--code-uri has no meaning for --format asyncapi/)
  const impossible = await run(t, ['export', join(FIXTURES, 'export/closure.js')])
  t.equal(impossible.code, 1)
  t.equal(impossible.stdout, '')
  t.match(impossible.stderr, /error: .*say[\s\S]*error: API cannot be exported as it is/)
  const without = await run(t, ['export', join(FIXTURES, 'export/without.js')])
  t.equal(without.code, 2)
  t.match(without.stderr, /registers no fastify-apigateway-websocket in its own scope/)
})

t.test('colours and progress are for terminals that want them', async (t) => {
  const written: string[] = []
  const stream = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) })
  const show = (isTTY: boolean, env: Record<string, string>): string => {
    written.length = 0
    const terminal = new Terminal({ stdout: stream(isTTY), stderr: stream(isTTY), env })
    terminal.progress('Reading')
    terminal.tell('error', 'wrong')
    terminal.print('result')
    return written.join('')
  }
  t.equal(show(true, {}), '\x1b[2mReading…\x1b[22m\r\x1b[2K\x1b[31merror\x1b[39m: wrong\nresult\n')
  t.equal(show(true, { NO_COLOR: '1' }), 'Reading…\r\x1b[2Kerror: wrong\nresult\n')
  t.equal(show(true, { TERM: 'dumb', NO_COLOR: '' }), 'Reading…\r\x1b[2Kerror: wrong\nresult\n')
  t.equal(show(false, {}), 'error: wrong\nresult\n')
})

t.test('a suggestion is made where one is near, and none where none is', async (t) => {
  const names = ['serve', 'import', 'check', 'export']
  t.equal(suggest('sevre', names), 'serve')
  t.equal(suggest('imp', names), 'import')
  t.equal(suggest('EXPORT', names), 'export')
  t.equal(suggest('deploy', names), undefined)
  t.equal(suggest('', names), undefined)
})

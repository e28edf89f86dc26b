// serve, in processes of its own: handlers unmodified, each with its own environment, and the five ways in which handlers
// find @connections.
import { cpSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import WebSocket from 'ws'
import { build, connect, ROOT } from '../examples/run.ts'
import type { Talker } from '../examples/run.ts'
import { arnOf, createFolder, DOMAIN_NAME, FIXTURES, optionsFor, run, start, writeDefinition } from './run-cli.ts'
import type { CliOptions, FunctionFixture, RunningCli } from './run-cli.ts'

// Processes take their time on a busy machine.
t.setTimeout(300_000)
t.before(build)

const IDIOMS = join(FIXTURES, 'idioms')
const BEHAVIOUR = join(FIXTURES, 'behaviour')

interface Served {
  readonly program: RunningCli
  readonly url: string
}

async function serve (t: Test, path: string, args: readonly string[] = [], options?: CliOptions): Promise<Served> {
  const program = start(t, ['serve', path, '--port', '0', ...args], options)
  const [, url = ''] = await program.printed('stdout', /(ws:\/\/localhost:\d+\/\w+)\n/)
  await program.printed('stderr', /Ctrl-C ends it/)
  return { program, url }
}

async function ask (client: Talker, action: string, more: object = {}): Promise<string> {
  client.socket.send(JSON.stringify({ action, ...more }))
  return await client.next()
}

t.test('all idioms by which handlers find @connections reach this server, once --intercept says so', async (t) => {
  const options = {
    ...optionsFor(['api-id', 'domain-name', 'without-scheme', 'variable', 'custom-domain', 'fetch']),
    domainNames: [{ domainName: 'chat.example.com', apiMappings: [{ stage: 'prod' }] }, { domainName: '*.example.org', apiMappings: [{ apiMappingKey: 'talk', stage: 'prod' }] }]
  }
  const fixture = (handler: string, environment = {}): FunctionFixture => ({ codeDirectory: IDIOMS, handler, environment })
  const path = writeDefinition(createFolder(t), {
    'api-id': fixture('api-id.handler'),
    'domain-name': fixture('domain-name.handler'),
    'without-scheme': fixture('without-scheme.handler'),
    variable: fixture('variable.handler', { CALLBACK_URL: `https://${DOMAIN_NAME}/prod` }),
    'custom-domain': fixture('custom-domain.handler'),
    fetch: fixture('fetch.handler')
  }, options)
  const { program, url } = await serve(t, path, ['--intercept'])
  t.match(program.stderr, `Intercepted: https connections of handlers to ${DOMAIN_NAME}, chat.example.com, *.example.org come to this server`, 'the output names what is intercepted')
  const client = await connect(t, url)
  t.equal(await ask(client, 'api-id'), 'by apiId')
  t.equal(await client.next(), '', "and then the route's own answer")
  t.equal(await ask(client, 'domain-name'), 'by domainName')
  t.equal(await client.next(), '127.0.0.1')
  t.equal(await client.next(), '')
  t.equal(await ask(client, 'without-scheme'), 'by the SDK v2')
  t.equal(await client.next(), '')
  t.equal(await ask(client, 'variable'), 'by variable')
  t.equal(await ask(client, 'custom-domain'), 'by /prod')
  t.equal(await ask(client, 'fetch'), 'by fetch')
  t.equal(await client.next(), 'by https')
  t.equal(await client.next(), '200 200')

  const custom = new WebSocket(url.replace(/\/prod$/, '/'), { headers: { host: 'chat.example.com' } })
  t.teardown(() => { custom.terminate() })
  const message = new Promise((resolve) => { custom.on('message', (data) => { resolve(String(data)) }) })
  custom.on('open', () => { custom.send('{"action":"custom-domain"}') })
  t.equal(await message, 'by /', 'a client of the custom domain is posted to without a stage')
  t.equal(await program.interrupt(), 0)
})

t.test('without --intercept no connection of a handler is led elsewhere, and the output says so', async (t) => {
  const path = writeDefinition(createFolder(t), { fetch: { codeDirectory: IDIOMS, handler: 'fetch.handler', timeoutInMillis: 2000 } })
  // A name that leads nowhere, whatever network there is.
  const { program, url } = await serve(t, path, ['--domain-name', 'api.invalid'])
  t.match(program.stderr, 'Handlers that call https://api.invalid/… reach AWS, not this server; --intercept leads them here.')
  const client = await connect(t, url)
  t.match(await ask(client, 'fetch'), /"message": ?"Internal server error"/)
})

t.test('--intercept touches no other name and no other port', async (t) => {
  const accepted: string[] = []
  const stranger = createServer((socket) => {
    accepted.push('a connection')
    socket.destroy()
  })
  await new Promise<void>((resolve) => { stranger.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { stranger.close() })
  const directory = createFolder(t, {
    'stranger.mjs': `export const handler = async () => {
      const tell = (error) => error.cause?.code ?? error.message
      const elsewhere = await fetch('https://localhost:${(stranger.address() as AddressInfo).port}/').then(() => 'answered', tell)
      const otherPort = await fetch('https://${DOMAIN_NAME}.invalid/').then(() => 'answered', tell)
      return { body: [elsewhere, otherPort].join(' ') }
    }`
  })
  const path = writeDefinition(directory, { stranger: { codeDirectory: directory, handler: 'stranger.handler' } })
  const { url } = await serve(t, path, ['--intercept'])
  const answer = await ask(await connect(t, url), 'stranger')
  t.match(answer, /^(?!answered)\S+ (?!answered)\S+/)
  t.same(accepted, ['a connection'], 'it went where it was meant to go')
})

t.test('each function has its own environment, as Lambda sets it, and its own working folder', async (t) => {
  const path = writeDefinition(createFolder(t), {
    first: { codeDirectory: BEHAVIOUR, handler: 'environment.handler', environment: { TABLE_NAME: 'one' } },
    second: { codeDirectory: BEHAVIOUR, handler: 'environment.handler', environment: { TABLE_NAME: 'two' } },
    third: { codeDirectory: FIXTURES, handler: 'behaviour/environment.handler', environment: { TABLE_NAME: 'three' } }
  })
  const { program, url } = await serve(t, path, ['--env', 'third:TABLE_NAME=ours'], { env: { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' } })
  t.match(program.stderr, 'This machine has no credentials of AWS: handlers get ones that AWS refuses.')
  const client = await connect(t, url)
  t.same(JSON.parse(await ask(client, 'first')), {
    TABLE_NAME: 'one',
    AWS_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_NAME: 'first',
    _HANDLER: 'environment.handler',
    isTaskRoot: true,
    AWS_EXECUTION_ENV: null,
    AWS_ACCESS_KEY_ID: 'LOCALACCESSKEYID',
    TZ: 'UTC',
    context: { functionName: 'first', invokedFunctionArn: arnOf('first'), memoryLimitInMB: '128', awsRequestId: true, remaining: true }
  })
  t.match(JSON.parse(await ask(client, 'second')), { TABLE_NAME: 'two', AWS_LAMBDA_FUNCTION_NAME: 'second' })
  t.match(JSON.parse(await ask(client, 'third')), { TABLE_NAME: 'ours', _HANDLER: 'behaviour/environment.handler', isTaskRoot: true })
})

t.test('credentials that the machine has are left as they are', async (t) => {
  const path = writeDefinition(createFolder(t), { first: { codeDirectory: BEHAVIOUR, handler: 'environment.handler' } })
  const { program, url } = await serve(t, path, [], { env: { AWS_ACCESS_KEY_ID: 'THEIRS', AWS_SECRET_ACCESS_KEY: 'secret' } })
  t.match(program.stderr, 'Handlers have the credentials of AWS that this machine has.')
  t.match(JSON.parse(await ask(await connect(t, url), 'first')), { AWS_ACCESS_KEY_ID: 'THEIRS' })
})

t.test('handlers answer by callback, by context, by a nested export; one that never will answers null', async (t) => {
  const fixture = (handler: string): FunctionFixture => ({ codeDirectory: BEHAVIOUR, handler })
  const path = writeDefinition(createFolder(t), {
    callback: fixture('callbacks.callback'),
    failing: fixture('callbacks.failing'),
    succeed: fixture('callbacks.succeed'),
    nothing: fixture('callbacks.nothing'),
    nested: fixture('callbacks.handlers.say.it')
  })
  const { program, url } = await serve(t, path)
  const client = await connect(t, url)
  t.equal(await ask(client, 'callback'), 'callback')
  t.match(await ask(client, 'failing'), /Internal server error/)
  await program.printed('stderr', /failed by text/)
  t.equal(await ask(client, 'succeed'), 'succeed')
  client.socket.send('{"action":"nothing"}')
  t.equal(await ask(client, 'nested'), 'nested', 'null has no frame')
})

t.test('what a handler does to its process is not done to the server', async (t) => {
  const path = writeDefinition(createFolder(t), { failing: { codeDirectory: BEHAVIOUR, handler: 'failing.handler', timeoutInMillis: 2000 } })
  const { program, url } = await serve(t, path)
  const client = await connect(t, url)
  const internal = /^{"message": ?"Internal server error"/
  const deed = async (name: string): Promise<string> => await ask(client, 'failing', { deed: name })
  t.equal(await deed('count'), '1')
  t.match(await deed('throw'), internal)
  await program.printed('stderr', /TeapotError: short and stout\n\s+at .*failing\.mjs/)
  t.equal(await deed('count'), '2', 'an error is no crash')
  t.match(await deed('circular'), internal)
  await program.printed('stderr', /Runtime\.MarshalError/)
  t.match(await deed('exit'), internal)
  await program.printed('stderr', /Runtime exited with error: exit status 3/)
  t.equal(await deed('count'), '1', 'a new process answers')
  t.match(await deed('reject'), internal)
  await program.printed('stderr', /Runtime\.UnhandledPromiseRejection: TeapotError: nobody caught it/)
  t.match(await deed('uncaught'), internal)
  await program.printed('stderr', /TeapotError: from a timer/)
  t.equal(await deed('count'), '1')
  t.match(await deed('slow'), internal)
  await program.printed('stderr', /Task timed out after 2\.00 seconds/)
  t.equal(await deed('count'), '2', 'one that waits for something is left alone')
  t.match(await deed('loop'), internal)
  await program.printed('stderr', /Task timed out after 2\.00 seconds[\s\S]*Task timed out after 2\.00 seconds/)
  t.equal(await deed('log'), 'logged', 'one that loops is replaced')
  await program.printed('stderr', /failing: a line for stdout/)
  await program.printed('stderr', /failing: a line for stderr/)
  t.equal(program.stdout, `${url}\n`, 'stdout has the URLs of stages and nothing else')
})

t.test('an authorizer decides with AWS\'s words, and its context reaches handlers as text', async (t) => {
  const options = {
    ...optionsFor(['who']),
    authorizers: { token: { authorizerUri: arnOf('authorizer'), identitySource: ['route.request.querystring.token'] } }
  }
  Object.assign(options['routes' as never], { $connect: { authorizationType: 'CUSTOM', authorizerId: 'token' } })
  const path = writeDefinition(createFolder(t), {
    who: { codeDirectory: BEHAVIOUR, handler: 'who.handler' },
    authorizer: { codeDirectory: BEHAVIOUR, handler: 'authorizer.handler' }
  }, options)
  const { url } = await serve(t, path)
  const client = await connect(t, `${url}?token=ada`)
  t.match(JSON.parse(await ask(client, 'who')), { principalId: 'ada', tenant: '7' })
  await t.rejects(connect(t, url), /401/)
  await t.rejects(connect(t, `${url}?token=none`), /401/)
  await t.rejects(connect(t, `${url}?token=deny`), /403/)
  await t.rejects(connect(t, `${url}?token=broken`), /500/)
})

t.test('@connections answers this machine, and a page of another site has no name to call it by', async (t) => {
  const path = writeDefinition(createFolder(t), { first: { codeDirectory: BEHAVIOUR, handler: 'environment.handler' } })
  const { url } = await serve(t, path)
  const at = url.replace('ws:', 'http:')
  t.equal((await fetch(`${at}/@connections/AAAAAAAAAAAAAAA%3D`)).status, 410)
  await t.rejects(async () => {
    const socket = new WebSocket(url, { headers: { host: 'evil.example' } })
    await new Promise((resolve, reject) => { socket.on('open', resolve).on('error', reject) })
  }, /403/)
})

t.test('what is missing is listed with what to bind, and nothing listens', async (t) => {
  const options = {
    ...optionsFor(['lost', 'python', 'first']),
    integrations: {
      lost: { integrationType: 'AWS_PROXY', integrationUri: arnOf('lost') },
      python: { integrationType: 'AWS_PROXY', integrationUri: arnOf('python') },
      first: { integrationType: 'AWS_PROXY', integrationUri: arnOf('first') },
      queue: {
        integrationType: 'AWS',
        integrationUri: 'arn:aws:apigateway:eu-west-1:sqs:action/SendMessage',
        integrationResponses: { $default: {} }
      }
    }
  }
  Object.assign(options['routes' as never], { queue: { target: 'integrations/queue', routeResponses: { $default: {} } } })
  const directory = createFolder(t, {
    'services.js': "export const services = { 'sqs:SendMessage': async ({ body }) => ({ body: { sent: body } }) }",
    'python.mjs': "export const handler = async () => ({ body: 'in its place' })"
  })
  const path = writeDefinition(directory, {
    lost: { handler: 'index.handler' },
    python: { handler: 'app.handler', problem: 'its runtime is python3.12' },
    first: { codeDirectory: BEHAVIOUR, handler: 'nowhere.handler' }
  }, options)
  const refused = await run(t, ['serve', path, '--port', '0'])
  t.equal(refused.code, 1)
  t.equal(refused.stdout, '')
  t.match(refused.stderr, /error: function lost: its code is not here \(called by integrations\.lost\)\n {2}bind it: --map lost=<module>#<export>, or --functions <dir>/)
  t.match(refused.stderr, /error: function python: its runtime is python3\.12 \(called by integrations\.python\)\n {2}bind it: --map python=/)
  t.match(refused.stderr, /error: function first: its handler is "nowhere\.handler", and there is no nowhere with one of \.js, \.mjs, \.cjs/)
  t.match(refused.stderr, /error: service sqs:SendMessage: nothing stands for it \(called by integrations\.queue\)\n {2}bind it: --services <module>/)
  t.match(refused.stderr, 'Nothing was started. --allow-missing starts what there is.')

  await t.test('unless --allow-missing: who calls one gets Internal server error', async (t) => {
    const { program, url } = await serve(t, path, ['--allow-missing'])
    const client = await connect(t, url)
    t.match(await ask(client, 'lost'), /Internal server error/)
    await program.printed('stderr', /AGW_ERR_INTEGRATION_FUNCTION_UNBOUND|calls the Lambda function lost, and nothing is bound to it/)
    t.match(await ask(client, 'queue'), /Internal server error/)
    await program.printed('stderr', /Service action is not bound in services: sqs:SendMessage/)
  })

  await t.test('--map and --services bind them', async (t) => {
    const { url } = await serve(t, path, [
      '--map', 'lost=python.mjs', '--map', 'python=python.mjs#handler', '--map', `first=${join(BEHAVIOUR, 'callbacks.cjs')}#handlers.say.it`, '--services', 'services.js'
    ], { cwd: directory })
    const client = await connect(t, url)
    t.equal(await ask(client, 'lost'), 'in its place')
    t.equal(await ask(client, 'python'), 'in its place')
    t.equal(await ask(client, 'first'), 'nested')
    t.equal(await ask(client, 'queue', { n: 1 }), '{"sent":"{\\"action\\":\\"queue\\",\\"n\\":1}"}')
  })

  await t.test('--functions is where code is that the definition has no folder for', async (t) => {
    mkdirSync(join(directory, 'code/lost'), { recursive: true })
    writeFileSync(join(directory, 'code/lost/index.mjs'), "export const handler = async () => ({ body: 'found' })")
    const { url } = await serve(t, path, ['--functions', 'code', '--allow-missing'], { cwd: directory })
    t.equal(await ask(await connect(t, url), 'lost'), 'found')
  })
})

t.test('a handler that cannot be loaded is told with its place, and nothing listens', async (t) => {
  const path = writeDefinition(createFolder(t), { broken: { codeDirectory: BEHAVIOUR, handler: 'broken.handler' } })
  const { code, stderr, stdout } = await run(t, ['serve', path, '--port', '0'])
  t.equal(code, 1)
  t.equal(stdout, '')
  t.match(stderr, /error: Function broken cannot be loaded: .*Cannot find package '@aws-sdk\/client-that-is-not-there'/)
  t.match(stderr, 'Lambda supplies it; here: npm install @aws-sdk/client-that-is-not-there')
  t.notMatch(stderr, 'module-fallback', 'no place of our own is told as theirs')
})

t.test('packages that Lambda supplies are found in the folder in which serve runs, by import and by require', async (t) => {
  const folder = createFolder(t, {
    'code/esm.mjs': "import { name } from 'the-sdk'\nexport const handler = async () => ({ body: `import ${name}` })",
    'code/cjs.cjs': "const { name } = require('the-sdk')\nexports.handler = async () => ({ body: `require ${name}` })",
    'project/node_modules/the-sdk/package.json': '{ "name": "the-sdk", "exports": "./index.js" }',
    'project/node_modules/the-sdk/index.js': "exports.name = 'the SDK'"
  })
  const path = writeDefinition(join(folder, 'project'), {
    esm: { codeDirectory: join(folder, 'code'), handler: 'esm.handler' },
    cjs: { codeDirectory: join(folder, 'code'), handler: 'cjs.handler' }
  })
  const { url } = await serve(t, path, [], { cwd: join(folder, 'project') })
  const client = await connect(t, url)
  t.equal(await ask(client, 'esm'), 'import the SDK')
  t.equal(await ask(client, 'cjs'), 'require the SDK')
})

t.test('CommonJS that was built into a project of ES modules runs, as on Lambda, which has the folder of the code alone', async (t) => {
  const answer = (body: string): string => `async () => ({ body: ${body} })`
  const folder = createFolder(t, {
    'package.json': '{ "type": "module" }',
    'cdk.out/asset.1/index.js': `const { name } = require('./lib/name')\nexports.handler = ${answer('name')}`,
    'cdk.out/asset.1/lib/name.js': "exports.name = 'bundled'",
    'cdk.out/asset.2/package.json': '{ "type": "module" }',
    'cdk.out/asset.2/index.js': `const at = import.meta.url\nexport const handler = ${answer('at.slice(-8)')}`,
    'src/index.js': `import { basename } from 'node:path'\nexport const handler = ${answer("basename('a/source')")}`
  })
  const path = writeDefinition(folder, {
    bundled: { codeDirectory: join(folder, 'cdk.out/asset.1'), handler: 'index.handler' },
    itsOwn: { codeDirectory: join(folder, 'cdk.out/asset.2'), handler: 'index.handler' },
    source: { codeDirectory: join(folder, 'src'), handler: 'index.handler' }
  })
  const { url } = await serve(t, path, [], { cwd: folder })
  const client = await connect(t, url)
  t.equal(await ask(client, 'bundled'), 'bundled')
  t.equal(await ask(client, 'itsOwn'), 'index.js')
  t.equal(await ask(client, 'source'), 'source', 'of the project, whose package.json says how it is written')
})

t.test('a handler in TypeScript is run by the loader that is there, which the output names', async (t) => {
  const directory = createFolder(t)
  cpSync(join(BEHAVIOUR, 'typed.ts'), join(directory, 'typed.mts'))
  const path = writeDefinition(directory, { typed: { codeDirectory: directory, handler: 'typed.handler' } })
  if ((process.features as { typescript?: unknown }).typescript === undefined && !process.allowedNodeEnvironmentFlags.has('--experimental-strip-types')) {
    const { code, stderr } = await run(t, ['serve', path, '--port', '0'], { cwd: directory })
    t.equal(code, 1)
    t.match(stderr, /function typed: its handler is .*typed\.mts, and nothing here runs TypeScript: npm install --save-dev tsx/)
  }
  mkdirSync(join(directory, 'node_modules'))
  symlinkSync(join(ROOT, 'node_modules/@isaacs/ts-node-temp-fork-for-pr-2009'), join(directory, 'node_modules/ts-node'))
  const { program, url } = await serve(t, path, [], { cwd: directory })
  t.match(program.stderr, /typed {2}\S*typed\.mts#handler by ts-node/)
  t.equal(await ask(await connect(t, url), 'typed'), 'typed typed')
})

t.test('--watch takes up new code without dropping connections; running calls end on the old one', async (t) => {
  const directory = createFolder(t, {
    'code/app.mjs': `export const handler = async (event) => {
      if (event.body.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 2000))
      return { body: 'before' }
    }`
  })
  const path = writeDefinition(directory, { app: { codeDirectory: join(directory, 'code'), handler: 'app.handler' } })
  const write = (text: string): void => { writeFileSync(join(directory, 'code/app.mjs'), text) }
  const { program, url } = await serve(t, path, ['--watch'])
  const client = await connect(t, url)
  const other = await connect(t, url)
  t.equal(await ask(client, 'app'), 'before')
  other.socket.send('{"action":"app","speed":"slow"}')
  write("export const handler = async () => ({ body: 'after' })")
  await program.printed('stderr', /app: loaded anew/)
  t.equal(await ask(client, 'app'), 'after')
  t.equal(await other.next(), 'before', 'the call that ran ends')
  write('export const handler = async (')
  await program.printed('stderr', /error: Function app cannot be loaded: SyntaxError[\s\S]*app: the code from before goes on/)
  t.equal(await ask(client, 'app'), 'after')
  t.equal(await program.interrupt(), 0)
})

t.test('--watch ends code that is still loading when it changes again: never does older code take over', async (t) => {
  const directory = createFolder(t, { 'code/app.mjs': "export const handler = async () => ({ body: 'first' })" })
  const path = writeDefinition(directory, { app: { codeDirectory: join(directory, 'code'), handler: 'app.handler' } })
  const write = (text: string): void => { writeFileSync(join(directory, 'code/app.mjs'), text) }
  const { program, url } = await serve(t, path, ['--watch'])
  const client = await connect(t, url)
  write("console.log('loading second')\nawait new Promise((resolve) => setTimeout(resolve, 1500))\nexport const handler = async () => ({ body: 'second' })")
  await program.printed('stderr', /loading second/)
  write("export const handler = async () => ({ body: 'third' })")
  await program.printed('stderr', /app: loaded anew/)
  t.equal(await ask(client, 'app'), 'third')
  await setTimeout(2000)
  t.equal(await ask(client, 'app'), 'third')
  t.equal(program.stderr.match(/loaded anew/g)?.length, 1)
  t.notMatch(program.stderr, /cannot be loaded/)
  t.equal(await program.interrupt(), 0)
})

t.test('Ctrl-C runs every $disconnect before the functions end', async (t) => {
  const directory = createFolder(t, {
    'app.mjs': 'export const handler = async ({ requestContext: { eventType } }) => {\n  await new Promise((resolve) => setTimeout(resolve, 100))\n  console.log(`saw ${eventType}`)\n}'
  })
  const options = optionsFor([])
  Object.assign(options, {
    integrations: { app: { integrationType: 'AWS_PROXY', integrationUri: arnOf('app') } },
    routes: { $disconnect: { target: 'app', routeResponses: {} } }
  })
  const path = writeDefinition(directory, { app: { codeDirectory: directory, handler: 'app.handler' } }, options)
  const { program, url } = await serve(t, path)
  await connect(t, url)
  await connect(t, url)
  t.equal(await program.interrupt(), 0)
  t.equal(program.stderr.match(/app: saw DISCONNECT/g)?.length, 2)
})

t.test('a handler may print without end and without a line break, and the server holds none of it', async (t) => {
  const path = writeDefinition(createFolder(t), { endless: { codeDirectory: BEHAVIOUR, handler: 'endless.handler', timeoutInMillis: 60_000 } })
  // The server's heap is smaller than what is printed.
  const { program, url } = await serve(t, path, [], { env: { NODE_OPTIONS: '--max-old-space-size=60' } })
  const client = await connect(t, url)
  t.equal(await ask(client, 'endless', { megabytes: 60 }), 'printed 60', 'the answer comes')
  t.equal(await ask(client, 'endless', { megabytes: 0 }), 'printed 0')
  t.equal(await program.interrupt(), 0)
  t.match(program.stderr.slice(0, 200_000), /endless: x{65536}\n/)
})

t.test('what handlers start ends with the server, and with a process of the function that crashed', { skip: process.platform === 'win32' }, async (t) => {
  const folder = createFolder(t)
  const path = writeDefinition(createFolder(t), { parent: { codeDirectory: BEHAVIOUR, handler: 'parent.handler' } })
  const { program, url } = await serve(t, path)
  const client = await connect(t, url)
  const beats = async (name: string): Promise<boolean> => {
    const before = statSync(join(folder, name)).size
    await setTimeout(500)
    return statSync(join(folder, name)).size > before
  }
  t.equal(await ask(client, 'parent', { file: join(folder, 'first') }), 'started')
  t.ok(await beats('first'))
  t.match(await ask(client, 'parent', { exit: true }), /Internal server error/)
  t.notOk(await beats('first'), 'gone with the crash')
  t.equal(await ask(client, 'parent', { file: join(folder, 'second') }), 'started')
  t.ok(await beats('second'))
  t.equal(await program.interrupt(), 0)
  t.notOk(await beats('second'), 'gone with the server')
})

/** A handler's process and one that it started, both of which end only when they are ended. */
const STUBBORN = `import { spawn } from 'node:child_process'
const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
console.log('processes ' + process.pid + ' ' + pid)
const loop = () => { for (;;); }
if (process.env.LOOPS === 'while it loads') loop()
export const handler = loop
`

interface Ending { readonly signal: NodeJS.Signals, readonly loops: string, readonly code: number | null }

const ENDINGS: readonly Ending[] = [
  { signal: 'SIGINT', loops: 'while it loads', code: 130 },
  { signal: 'SIGTERM', loops: 'while it loads', code: 143 },
  { signal: 'SIGHUP', loops: 'while it loads', code: 129 },
  { signal: 'SIGKILL', loops: 'while it loads', code: null },
  { signal: 'SIGHUP', loops: 'never', code: 0 },
  { signal: 'SIGKILL', loops: 'never', code: null },
  { signal: 'SIGKILL', loops: 'in a call', code: null }
]

function isRunning (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

for (const { signal, loops, code } of ENDINGS) {
  t.test(`${signal} leaves no process behind of a function that loops ${loops}`, { skip: process.platform === 'win32' }, async (t) => {
    const directory = createFolder(t, { 'app.mjs': STUBBORN })
    const path = writeDefinition(directory, { app: { codeDirectory: directory, handler: 'app.handler', environment: { LOOPS: loops } } })
    const program = start(t, ['serve', path, '--port', '0'])
    const [, ...pids] = (await program.printed('stderr', /processes (\d+) (\d+)/)).map(Number)
    t.teardown(() => { for (const pid of pids.filter(isRunning)) process.kill(pid, 'SIGKILL') })
    if (loops !== 'while it loads') {
      const [, url = ''] = await program.printed('stdout', /(ws:\/\/localhost:\d+\/\w+)\n/)
      await program.printed('stderr', /Ctrl-C ends it/)
      if (loops === 'in a call') {
        (await connect(t, url)).socket.send('{"action":"app"}')
        await setTimeout(200)
      }
    }
    t.same(pids.map(isRunning), [true, true])
    // Its output is closed when the last process that could write to it has ended.
    t.equal(await program.kill(signal), code)
    for (let i = 0; i < 100 && pids.some(isRunning); i++) await setTimeout(50)
    t.same(pids.map(isRunning), [false, false])
  })
}

t.test('what a function is run with is run in no thread but its own', async (t) => {
  const directory = createFolder(t, { 'app.mjs': 'export const handler = async () => ({ body: \'here\' })', 'preload.mjs': 'console.log(\'preloaded\')' })
  const environment = { NODE_OPTIONS: `--import ${join(directory, 'preload.mjs')}` }
  const { program, url } = await serve(t, writeDefinition(directory, { app: { codeDirectory: directory, handler: 'app.handler', environment } }))
  t.equal(await ask(await connect(t, url), 'app'), 'here')
  t.equal(await program.interrupt(), 0)
  t.equal(program.stderr.match(/preloaded/g)?.length, 1)
})

t.test('layers are reported, code in the definition runs, a handler does not leave its folder', async (t) => {
  const path = writeDefinition(createFolder(t), {
    inline: { handler: 'index.handler', inlineCode: "exports.handler = async () => ({ body: 'inline' })", layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] }
  })
  const { program, url } = await serve(t, path)
  t.match(program.stderr, 'inline has layers, which are not here: arn:aws:lambda:eu-west-1:1:layer:x:1')
  t.match(program.stderr, /inline {2}code in the definition, #handler/)
  t.equal(await ask(await connect(t, url), 'inline'), 'inline')
  const outside = writeDefinition(createFolder(t), { outside: { codeDirectory: join(BEHAVIOUR, 'sub'), handler: '../who.handler' } })
  const { code, stderr } = await run(t, ['serve', outside, '--port', '0'])
  t.equal(code, 1)
  t.match(stderr, /function outside: its handler "\.\.\/who\.handler" is outside of its folder/)
})

t.test('--lambda-endpoint calls functions there that cannot run here', async (t) => {
  const called: string[] = []
  const lambda = createHttpServer((request, response) => {
    called.push(decodeURIComponent(request.url ?? ''))
    request.resume().on('end', () => { response.end('{"body":"from Python"}') })
  })
  await new Promise<void>((resolve) => { lambda.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => {
    lambda.close()
    lambda.closeAllConnections()
  })
  const path = writeDefinition(createFolder(t), { python: { handler: 'app.handler', problem: 'its runtime is python3.12' } })
  const { url } = await serve(t, path, ['--lambda-endpoint', `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`], {
    env: { AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' }
  })
  t.equal(await ask(await connect(t, url), 'python'), 'from Python')
  t.same(called, [`/2015-03-31/functions/${arnOf('python')}/invocations`])
})

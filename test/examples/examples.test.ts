// Runs each file of examples/ as a user would, in a process of its own, against the built package; and the chat's page
// in a browser.
import { Parser } from '@asyncapi/parser'
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { Ajv } from 'ajv'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import t from 'tap'
import type { Test } from 'tap'
import { build, connect, ROOT, runProgram } from './run.ts'
import type { Program } from './run.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/local/bin/chromium'].find((path) => existsSync(path))

// Processes and browsers take their time on a busy machine.
t.setTimeout(300_000)
t.before(build)

/** An example in a process of its own, on a free port; ended by Ctrl-C, to which it must answer with a clean exit. */
function example (title: string, file: string, options: { skip?: string | false }, tell: (t: Test, at: string, program: Program) => Promise<void>): void {
  void t.test(`${file}: ${title}`, options, async (t) => {
    const program = runProgram([resolve(ROOT, 'examples', file)], { PORT: '0' })
    try {
      await tell(t, await program.printed(/localhost:\d+/), program)
    } finally {
      t.equal(await program.interrupt(), 0, 'Ctrl-C ends it')
    }
  })
}

async function postJson (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

example('what one terminal types, the other reads', 'chat/server.js', {}, async (t, at, program) => {
  t.match(program.output, `npx wscat -c 'ws://${at}/chat?name=Ada'`, 'prints the command for a terminal')
  const ada = await connect(t, `ws://${at}/chat?name=Ada`)
  const bob = await connect(t, `ws://${at}/chat?name=Bob`)
  t.same(JSON.parse(await ada.next()), { event: 'joined', name: 'Bob', here: ['Ada', 'Bob'] })
  ada.socket.send('hello, Bob')
  for (const person of [ada, bob]) t.same(JSON.parse(await person.next()), { event: 'said', name: 'Ada', text: 'hello, Bob' })
  bob.socket.send('{"action":"say","text":"hello, Ada"}')
  for (const person of [ada, bob]) t.same(JSON.parse(await person.next()), { event: 'said', name: 'Bob', text: 'hello, Ada' })
  bob.socket.send('{"action":"nick","name":"Ada"}')
  t.same(JSON.parse(await ada.next()), { event: 'renamed', before: 'Bob', name: 'Ada 2', here: ['Ada', 'Ada 2'] })
  await bob.next()
  t.same(JSON.parse(await bob.next()), { event: 'here', you: 'Ada 2', here: ['Ada', 'Ada 2'] }, 'a taken name gets a number')
  bob.socket.send('{"action":"nick"}')
  t.equal(JSON.parse(await bob.next()).event, 'refused')
  ada.socket.send('{"action":"who"}')
  t.same(JSON.parse(await ada.next()), { event: 'here', you: 'Ada', here: ['Ada', 'Ada 2'] })
  bob.socket.close()
  t.same(JSON.parse(await ada.next()), { event: 'left', name: 'Ada 2', here: ['Ada'] })
  await t.rejects(connect(t, `ws://${at}/chat?name=${'x'.repeat(25)}`), /400/, 'a name that is too long is refused')
})

example('a taken port is said in a sentence', 'chat/server.js', {}, async (t, at) => {
  const port = Number(at.split(':')[1])
  const second = runProgram([resolve(ROOT, 'examples/chat/server.js')], { PORT: String(port) })
  t.equal(await second.ended, 1)
  t.match(second.output, `Port ${port} is taken. Choose another one: PORT=${port + 1} npm start`)
})

example('wscat, as printed, talks to it', 'chat/server.js', {}, async (_t, at) => {
  const wscat = runProgram([resolve(ROOT, 'node_modules/wscat/bin/wscat'), '-c', `ws://${at}/chat?name=Ada`, '-x', 'hello'])
  await wscat.printed(/"text":"hello"/)
  await wscat.ended
})

example('clients are checked by the document that the server makes', 'describe-with-asyncapi.js', {}, async (t, at) => {
  const document = await (await fetch(`http://${at}/asyncapi.json`)).json() as Record<string, any>
  const { diagnostics } = await new Parser().parse(JSON.stringify(document))
  t.same(diagnostics.filter(({ severity }) => severity === 0), [])
  t.same(document['servers'].prod, { host: at, protocol: 'ws', pathname: '/prod' })
  t.same(document['channels'].webSocket.bindings.ws.query.required, ['shop'])
  await t.rejects(connect(t, `ws://${at}/prod`), /400/, 'as the document says')
  const ajv = new Ajv({ strict: false }).addSchema({ $id: 'https://example.com/', ...document })
  const fits = (message: string, value: unknown): unknown => ajv.getSchema(`https://example.com/#/channels/webSocket/messages/${message}/payload`)?.(value)
  const talker = await connect(t, `ws://${at}/prod?shop=1`)
  for (const [order, isOrder] of [[{ action: 'order', tea: 'Assam', grams: 50 }, true], [{ action: 'order', tea: 'Assam', grams: 0 }, false]] as const) {
    t.equal(fits('order', order), isOrder)
    talker.socket.send(JSON.stringify(order))
    const answer = JSON.parse(await talker.next())
    t.equal(fits('order-reply', answer), isOrder)
    t.equal(ajv.getSchema('https://example.com/#/components/messages/gatewayError/payload')?.(answer), !isOrder)
  }
  t.equal(fits('order', { action: 'oder', tea: 'Assam' }), false, 'a misspelt action')
})

const noBrowser = CHROMIUM === undefined && 'there is no Chromium on this machine: apt-get install chromium'

example('two people talk in a browser', 'chat/server.js', { skip: noBrowser }, async (t, at) => {
  const browser = await launch(t)
  const ada = await join(browser, `http://${at}`, 'Ada')
  const bob = await join(browser, `http://${at}`, 'Bob')
  await ada.getByText('Bob joined').waitFor()
  await ada.getByLabel('Message').fill('Hello, Bob <b>!</b>')
  await ada.getByRole('button', { name: 'Send' }).click()
  await bob.getByText('Hello, Bob <b>!</b>', { exact: true }).waitFor()
  await bob.getByLabel('Message').fill('Hello, Ada')
  await bob.keyboard.press('Enter')
  await ada.getByText('Hello, Ada', { exact: true }).waitFor()
  bob.on('dialog', (dialog) => { void dialog.accept('Robert') })
  await bob.getByRole('button', { name: 'Change name' }).click()
  await ada.getByText('Bob is now Robert').waitFor()
  t.same(await ada.getByLabel('Here now').getByRole('listitem').allTextContents(), ['Ada', 'Robert'])
  await bob.close()
  await ada.getByText('Robert left').waitFor()
  // A terminal and the page share the room.
  const cleo = await connect(t, `ws://${at}/chat?name=Cleo`)
  cleo.socket.send('typed in a terminal')
  await ada.getByText('typed in a terminal').waitFor()
})

t.test('chat: a page that lost its server connects again by itself', { skip: noBrowser }, async (t) => {
  const first = runProgram([resolve(ROOT, 'examples/chat/server.js')], { PORT: '0' })
  const at = await first.printed(/localhost:\d+/)
  const browser = await launch(t)
  const ada = await join(browser, `http://${at}`, 'Ada')
  t.equal(await first.interrupt(), 0, 'ends on Ctrl-C although a browser is connected')
  await ada.getByText('connecting again').waitFor()
  const second = runProgram([resolve(ROOT, 'examples/chat/server.js')], { PORT: at.split(':')[1] as string })
  t.teardown(async () => { await second.interrupt() })
  await ada.getByText('connected', { exact: true }).waitFor()
})

async function launch (t: Test): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({
    executablePath: CHROMIUM as string,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'
    ]
  })
  t.teardown(async () => { await browser.close() })
  return browser
}

async function join (browser: Browser, url: string, name: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(10_000)
  await page.goto(url)
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByText('connected', { exact: true }).waitFor()
  return page
}

example('the service\'s token opens a connection, and a request pushes to it', 'rest-beside-websocket.js', {}, async (t, at) => {
  const { token } = await (await postJson(`http://${at}/login`, { user: 'ada', tenant: 'acme' })).json() as { token: string }
  const bearer = { authorization: `Bearer ${token}` }
  t.equal((await fetch(`http://${at}/orders`)).status, 401, 'the REST routes are guarded as before')
  await t.rejects(connect(t, `ws://${at}/live`), /401/, 'a handshake without a token is refused')

  const watcher = await connect(t, `ws://${at}/live?token=${token}`)
  watcher.socket.send('{"action":"watch"}')
  t.equal(await watcher.next(), 'ada watches the orders of acme')
  const created = await postJson(`http://${at}/orders`, { item: 'tea' }, bearer)
  t.equal(created.status, 201)
  const order = { number: 1, tenant: 'acme', item: 'tea' }
  t.same(JSON.parse(await watcher.next()), order)
  t.same(await (await fetch(`http://${at}/orders`, { headers: bearer })).json(), [order])
})

example('unmodified functions run, the AWS SDK in them included', 'lambda-handlers.js', {}, async (t, at, program) => {
  const ada = await connect(t, `ws://${at}/prod`)
  const bob = await connect(t, `ws://${at}/prod`)
  ada.socket.send('who am I')
  bob.socket.send('who am I')
  const [adasId, bobsId] = [await ada.next(), await bob.next()]
  const send = (to: string, text: string) => { ada.socket.send(JSON.stringify({ action: 'sendmessage', to, text })) }
  send(bobsId, 'hello')
  t.same(JSON.parse(await bob.next()), { from: adasId, text: 'hello' })
  t.equal(await ada.next(), 'sent')
  send('nobody', 'hello')
  t.equal(await ada.next(), 'nobody of that name is here')
  send(bobsId, 'goodbye')
  t.equal(await bob.closed, 1000)
  t.equal(await ada.next(), 'sent')
  t.ok(await program.printed(new RegExp(`disconnect ${bobsId} with 1000`)), 'functions in the style of callbacks ran too')
})

example('a route, an HTTP client and the AWS SDK push to a connection', 'push-from-anywhere.js', {}, async (t, at) => {
  const client = await connect(t, `ws://${at}/prod`)
  client.socket.send('hello')
  const connectionId = await client.next()

  t.equal((await postJson(`http://${at}/notify/${encodeURIComponent(connectionId)}`, { text: 'one' })).status, 204)
  t.equal(await client.next(), 'in process: one')
  const url = `http://${at}/prod/@connections/${connectionId}`
  t.equal((await fetch(url, { method: 'POST', body: 'two' })).status, 403, 'who is not authorized is refused')
  t.equal((await fetch(url, { method: 'POST', body: 'two', headers: { 'x-push-secret': 'only for this example' } })).status, 200)
  t.equal(await client.next(), 'two')
  const another = (id: string) => runProgram([resolve(ROOT, 'examples/push-from-anywhere.js'), `http://${at}/prod`, id, 'three'])
  t.equal(await another(connectionId).ended, 0)
  t.equal(await client.next(), 'AWS SDK: three')
  client.socket.close()
  await client.closed
  const late = another(connectionId)
  t.equal(await late.ended, 1)
  t.match(late.output, 'GoneException')
  t.equal((await postJson(`http://${at}/notify/${encodeURIComponent(connectionId)}`, { text: 'four' })).status, 404)
})

example('an authorizer, API keys and signatures guard it', 'guarded.js', {}, async (t, at) => {
  await t.rejects(connect(t, `ws://${at}/prod`), /401/, 'no token')
  await t.rejects(connect(t, `ws://${at}/prod?token=stolen`), /401/, 'an unknown token')
  await t.rejects(connect(t, `ws://${at}/prod?token=token-of-eve`), /403/, 'a policy that denies')
  const ada = await connect(t, `ws://${at}/prod?token=token-of-ada`)
  ada.socket.send('hello')
  const [name, ConnectionId] = (await ada.next()).split(' ')
  t.equal(name, 'ada')
  const push = async (secretAccessKey: string): Promise<unknown> => {
    const client = new ApiGatewayManagementApiClient({ endpoint: `http://${at}/prod`, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey } })
    return await client.send(new PostToConnectionCommand({ ConnectionId, Data: 'signed' }))
  }
  await push('only for this example')
  t.equal(await ada.next(), 'signed')
  await t.rejects(push('a guess'), { name: 'InvalidSignatureException' })
  for (const text of ['2', '3']) {
    ada.socket.send(text)
    t.match(await ada.next(), /^ada /)
  }
  ada.socket.send('4')
  t.match(await ada.next(), /"message": "Limit Exceeded"/, 'the quota is used up')
})

example('each API has its routes, stages and hooks', 'several-apis.js', {}, async (t, at) => {
  const ask = async (path: string, message: string): Promise<string> => {
    const client = await connect(t, `ws://${at}${path}`)
    client.socket.send(message)
    return await client.next()
  }
  t.match(await ask('/game', '{"move":"roll"}'), /^[1-6] of 6$/)
  t.match(await ask('/game-beta', '{"move":"roll"}'), / of 20$/)
  t.equal(await ask('/lobby', '{"action":"players"}'), '2 playing, 1 in the lobby')
  t.match(await ask('/operations/status?key=operator', 'well?'), /^up \d+ s$/)
  await t.rejects(connect(t, `ws://${at}/operations/status`), /401/)
})

/** One connection that says something and gives the next message. */
async function conversation (t: Test, url: string): Promise<(message: unknown) => Promise<any>> {
  const client = await connect(t, url)
  return async (message) => {
    client.socket.send(JSON.stringify(message))
    return JSON.parse(await client.next())
  }
}

example('a model, a template, a function and its errors make the answer', 'order-validation.js', {}, async (t, at) => {
  const ask = await conversation(t, `ws://${at}/prod`)
  const order = (...items: object[]) => ({ action: 'order', items })
  t.match(await ask(order()), { message: 'Bad request body' })
  t.match(await ask(order({ name: 'tea', count: 0 })), { message: 'Bad request body' })
  t.same(await ask(order({ name: 'tea', count: 1 })), { ordered: ['tea'], status: 200 })
  t.same(await ask(order({ name: 'tea', count: 2 })), { refused: 'Out of stock: tea' })
})

example('ping is answered without a handler', 'mock-keep-alive.js', {}, async (t, at) => {
  const { pong, connectedAt } = await (await conversation(t, `ws://${at}/prod`))({ action: 'ping' })
  t.ok(pong >= connectedAt && pong - connectedAt < 10_000)
})

example('messages are queued as the template says', 'queue-ingestion.js', {}, async (t, at) => {
  const ask = await conversation(t, `ws://${at}/prod`)
  const { queued } = await ask({ group: 'a', text: '100% & more' })
  t.same(await ask({ text: 'no group' }), { refused: 'MessageGroupId is missing' })
  t.same(await (await fetch(`http://${at}/queue`)).json(), [{ MessageId: queued, group: 'a', body: { group: 'a', text: '100% & more' } }])
})

example('REST routes serve messages, and know who sent them', 'rest-bridge.js', {}, async (t, at) => {
  await t.rejects(connect(t, `ws://${at}/prod`), /401/)
  const ask = await conversation(t, `ws://${at}/prod?user=bob`)
  t.same(await ask({ action: 'order', item: 'cake' }), { id: 2, item: 'cake', by: 'bob' })
  t.match(await ask({ action: 'order' }), { statusCode: 400, message: /item/ })
  t.same(await ask({ action: 'read', id: 2 }), { id: 2, item: 'cake', by: 'bob' })
  t.same(await ask({ action: 'read', id: 9 }), { message: 'No such order' })
  t.equal((await fetch(`http://${at}/orders/1`)).status, 401)
})

t.test('unit-test: its tests pass', async (t) => {
  const program = spawn(process.execPath, ['--test', 'examples/unit-test.js'], { cwd: ROOT, stdio: 'ignore', env: { PATH: process.env.PATH } })
  t.equal(await new Promise((resolve) => program.on('exit', resolve)), 0)
})

// Clients of other people: wscat, and a page in Chromium.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import t from 'tap'
import { eventually, story } from './harness.ts'
import type { Story } from './harness.ts'

const TWO_WAY = { routeResponseSelectionExpression: '$default' } as const
const WSCAT = join(dirname(createRequire(import.meta.url).resolve('wscat/package.json')), 'bin', 'wscat')
const CHROMIUM = '/usr/bin/chromium'
const CHROMIUM_ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'
]
const withoutChromium = existsSync(CHROMIUM) ? {} : { skip: `there is no ${CHROMIUM}` }

/*
 * wscat
 */

interface Wscat {
  readonly output: () => string
  type (line: string): void
  readonly ended: Promise<number | null>
}

function wscat (...args: string[]): Wscat {
  const child = spawn(process.execPath, [WSCAT, '--no-color', ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: process.env.PATH } })
  let output = ''
  child.stdout.on('data', (chunk) => { output += String(chunk) })
  child.stderr.on('data', (chunk) => { output += String(chunk) })
  return {
    output: () => output,
    type (line) { child.stdin.write(`${line}\n`) },
    ended: new Promise((resolve) => { child.on('close', resolve) })
  }
}

/** As `eventually`, with the patience another process needs. */
async function soon (condition: () => boolean, what: () => string): Promise<void> {
  for (let i = 0; i < 7 && !condition(); i++) await eventually(condition, '').catch(() => {})
  if (!condition()) throw new Error(`never happened: ${what()}`)
}

function declareEcho (app: Parameters<NonNullable<Parameters<typeof story>[2]['declare']>>[0]): void {
  app.routeKey('echo', TWO_WAY, (event) => ({ body: JSON.parse(event.body).text }))
  app.routeKey('$default', TWO_WAY, (event) => ({ body: `default: ${event.body}` }))
}

story(t, 'wscat says one thing and hears the answer', { declare: declareEcho }, async (t, story) => {
  const { output, ended } = wscat('-c', `${story.wsUrl}/prod/`, '-x', '{"action":"echo","text":"hello from wscat"}', '-w', '1')
  await ended
  t.match(output(), /hello from wscat/)
  await eventually(() => story.disconnects.length === 1, '$disconnect')
})

story(t, 'wscat talks, is pushed to, and is closed', { declare: declareEcho }, async (t, story) => {
  const session = wscat('-c', `${story.wsUrl}/prod`)
  await soon(() => story.connects.length === 1 && story.app.webSocketApi.connectionCount === 1, session.output)
  session.type('{"action":"echo","text":"typed"}')
  session.type('not JSON')
  // An empty line is an empty message: the tutorial's "press enter".
  session.type('')
  await soon(() => /typed[^]*default: not JSON[^]*default: *\n/.test(session.output()), session.output)
  const { connections } = story.app.webSocketApi
  const { connectionId } = story.connects[0].requestContext
  await connections.postToConnection(connectionId, 'pushed')
  await soon(() => session.output().includes('pushed'), session.output)
  await connections.deleteConnection(connectionId)
  // It says no more about a close where it has no terminal.
  t.equal(await session.ended, 0)
})

story(t, 'wscat pings and closes with a code and a reason', {}, async (t, story) => {
  const session = wscat('-c', `${story.wsUrl}/prod`, '--slash')
  await soon(() => story.app.webSocketApi.connectionCount === 1, session.output)
  session.type('/ping')
  session.type('/close 4001, bye')
  t.equal(await session.ended, 0)
  await eventually(() => story.disconnects.length === 1, '$disconnect')
  t.match(story.disconnects[0].requestContext, { disconnectStatusCode: 4001, disconnectReason: 'bye' })
})

story(t, 'wscat sends headers and a subprotocol, and shows a refusal', {
  onConnect: ({ headers }) => headers.Ticket === 'valid'
    ? { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': headers['Sec-WebSocket-Protocol'] } }
    : { statusCode: 401 },
  declare: declareEcho
}, async (t, story) => {
  const refused = wscat('-c', `${story.wsUrl}/prod`)
  await refused.ended
  t.match(refused.output(), /Unexpected server response: 401/)
  const accepted = wscat('-c', `${story.wsUrl}/prod`, '-H', 'Ticket: valid', '-s', 'chat', '-x', '{"action":"echo","text":"in"}', '-w', '1')
  await accepted.ended
  t.match(accepted.output(), /in/)
})

/*
 * Chromium
 */

/** What the page keeps of each of its sockets. */
interface PageSocket { readonly protocol: string, readonly messages: string[], readonly closed?: { code: number, reason: string, wasClean: boolean }, readonly failed: boolean }

const PAGE = `<!doctype html><title>page</title><script>
  const sockets = []
  function dial (url, protocols) {
    const socket = new WebSocket(url, protocols)
    const entry = { socket, messages: [], closed: undefined, failed: false }
    socket.onmessage = ({ data }) => { entry.messages.push(typeof data === 'string' ? data : 'binary') }
    socket.onclose = ({ code, reason, wasClean }) => { entry.closed = { code, reason, wasClean } }
    socket.onerror = () => { entry.failed = true }
    return sockets.push(entry) - 1
  }
  const look = (i) => { const { socket, ...rest } = sockets[i]; return { ...rest, protocol: socket.protocol, readyState: socket.readyState } }
</script>`

async function withPage (story: Story, tell: (page: Page, look: (i: number) => Promise<PageSocket & { readyState: number }>) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
  try {
    const page = await browser.newPage()
    await page.goto(`${story.httpUrl}/page`)
    await tell(page, async (i) => await page.evaluate(`look(${i})`))
  } finally {
    await browser.close()
  }
}

function servePage (app: Parameters<NonNullable<Parameters<typeof story>[2]['before']>>[0]): void {
  app.get('/page', (_request, reply) => reply.type('text/html').send(PAGE))
}

const BROWSER_PATIENCE = { timeout: 10_000 }

story(t, 'a page in Chromium talks to the gateway', {
  ...withoutChromium,
  before: servePage,
  declare: declareEcho,
  onConnect: ({ headers }) => headers['Sec-WebSocket-Protocol'] === undefined
    ? { statusCode: 200 }
    : { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'myprotocol' } }
}, async (t, story) => {
  await withPage(story, async (page, look) => {
    const dial = async (path: string, protocols?: string[]): Promise<number> =>
      await page.evaluate(`dial(${JSON.stringify(story.wsUrl + path)}, ${JSON.stringify(protocols ?? [])})`)
    const until = async (expression: string): Promise<void> => { await page.waitForFunction(expression, undefined, BROWSER_PATIENCE) }

    await t.test('it asks and is answered, also in other scripts', async (t) => {
      await dial('/prod')
      await until('sockets[0].socket.readyState === 1')
      await page.evaluate('sockets[0].socket.send(JSON.stringify({ action: "echo", text: "grüße 👋" }))')
      await page.evaluate('sockets[0].socket.send("")')
      await until('sockets[0].messages.length === 2')
      t.strictSame((await look(0)).messages, ['grüße 👋', 'default: '])
      const { headers, requestContext } = story.connects[0]
      t.match(headers, { Origin: story.httpUrl, 'Sec-WebSocket-Extensions': /permessage-deflate/ })
      t.match(requestContext.identity.userAgent, /Chrome/)
    })

    await t.test('it is pushed a message of 100000 bytes, cut inside characters', async (t) => {
      await story.app.webSocketApi.connections.postToConnection(story.connects[0].requestContext.connectionId, '€'.repeat(33_333))
      await until('sockets[0].messages.length === 3')
      t.equal((await look(0)).messages[2], '€'.repeat(33_333))
    })

    await t.test('DELETE closes it with 1000 Connection Closed Normally', async (t) => {
      await story.app.webSocketApi.connections.deleteConnection(story.connects[0].requestContext.connectionId)
      await until('sockets[0].closed !== undefined')
      t.match(await look(0), { closed: { code: 1000, reason: 'Connection Closed Normally', wasClean: true }, failed: false })
    })

    await t.test('the subprotocol it offered and $connect chose is the socket\'s', async (t) => {
      await dial('/prod', ['other', 'myprotocol'])
      await until('sockets[1].socket.readyState === 1')
      t.equal((await look(1)).protocol, 'myprotocol')
    })

    await t.test('L10 [documented] it sends a blob and is closed with 1003', async (t) => {
      await page.evaluate('sockets[1].socket.send(new Blob(["x"]))')
      await until('sockets[1].closed !== undefined')
      t.match(await look(1), { closed: { code: 1003, reason: '' } })
    })

    await t.test('L11 [observed] it sends more than 32 KiB, which it does not fragment, and is closed with 1009', async (t) => {
      await dial('/prod')
      await until('sockets[2].socket.readyState === 1')
      await page.evaluate('sockets[2].socket.send("a".repeat(32769))')
      await until('sockets[2].closed !== undefined')
      t.match(await look(2), { closed: { code: 1009, reason: '' } })
    })

    await t.test('it closes with a code of its own, and the code and reason are reported', async (t) => {
      await dial('/prod')
      await until('sockets[3].socket.readyState === 1')
      await page.evaluate('sockets[3].socket.close(4001, "bye")')
      await until('sockets[3].closed !== undefined')
      t.match(await look(3), { closed: { code: 4001, reason: 'bye', wasClean: true } })
      await eventually(() => story.disconnects.length === 4, '$disconnect')
      t.match(story.disconnects[3].requestContext, { disconnectStatusCode: 4001, disconnectReason: 'bye' })
    })

    await t.test('L6 [observed] it closes without a code, which is reported as 1005', async (t) => {
      await dial('/prod')
      await until('sockets[4].socket.readyState === 1')
      await page.evaluate('sockets[4].socket.close()')
      await eventually(() => story.disconnects.length === 5, '$disconnect')
      t.match(story.disconnects[4].requestContext, { disconnectStatusCode: 1005, disconnectReason: 'Client-side close frame status not set' })
    })

    await t.test('an unknown stage fails its socket with 1006', async (t) => {
      await dial('/nope')
      await until('sockets[5].closed !== undefined')
      t.match(await look(5), { failed: true, closed: { code: 1006 } })
    })

    await t.test('L7 [observed] it is left, which is reported as 1001 with an empty reason', async (t) => {
      await dial('/prod')
      await until('sockets[6].socket.readyState === 1')
      await page.goto('about:blank')
      await soon(() => story.disconnects.length === 6, () => '$disconnect')
      t.match(story.disconnects[5].requestContext, { disconnectStatusCode: 1001, disconnectReason: '' })
    })
  })
})

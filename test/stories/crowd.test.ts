// Ten thousand at once, from another process: all come in, all are heard, and however they go, each has its $disconnect.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { delay, story } from './harness.ts'
import type { Story } from './harness.ts'

const CROWD = 10_000
const TWO_WAY = { routeResponseSelectionExpression: '$default' } as const
const openFiles = (process.report.getReport() as any).userLimits?.open_files.soft
const skip = openFiles !== 'unlimited' && Number(openFiles) < CROWD + 1000 ? { skip: `a process may open no more than ${openFiles} files` } : {}
const PATIENCE = 60_000

interface Counts { readonly opened: number, readonly refused: number, readonly answered: number, readonly closed: number, readonly failed: number }

class Crowd {
  counts: Counts = { opened: 0, refused: 0, answered: 0, closed: 0, failed: 0 }
  readonly #process: ChildProcess
  readonly #port: number

  constructor (story: Story) {
    this.#port = Number(new URL(story.httpUrl).port)
    this.#process = fork(fileURLToPath(new URL('./crowd-client.js', import.meta.url)), { execArgv: [], env: {} })
    this.#process.on('message', (counts: Counts) => { this.counts = counts })
  }

  tell (order: { count?: number, say?: string, die?: true }): void {
    this.#process.send({ port: this.#port, ...order })
  }

  end (): void {
    this.#process.kill('SIGKILL')
  }
}

async function within (condition: () => boolean, what: () => string): Promise<void> {
  const until = performance.now() + PATIENCE
  while (!condition()) {
    if (performance.now() > until) throw new Error(`never happened: ${what()}`)
    await delay(20)
  }
}

const options = {
  quotas: { newConnectionsPerSecond: 0, pendingConnections: 0 },
  drain: { deadlineInMillis: PATIENCE }
}

t.setTimeout(4 * PATIENCE)

story(t, `${CROWD} connect at once, ask, and are lost at once`, {
  ...skip,
  options,
  listen: { backlog: 4096 },
  onConnect: async () => {
    await delay(10)
    return { statusCode: 200 }
  },
  declare (app) { app.routeKey('$default', TWO_WAY, async (event) => ({ body: event.body })) }
}, async (t, story) => {
  const crowd = new Crowd(story)
  const lag = monitorEventLoopDelay({ resolution: 10 })
  try {
    crowd.tell({ count: CROWD })
    await within(() => crowd.counts.opened === CROWD, () => `all open: ${JSON.stringify(crowd.counts)}`)
    t.equal(story.app.webSocketApi.connectionCount, CROWD)
    t.equal(new Set(story.connects.map(({ requestContext }) => requestContext.connectionId)).size, CROWD, 'each with an id of its own')

    crowd.tell({ say: 'hello' })
    await within(() => crowd.counts.answered === CROWD, () => `all answered: ${JSON.stringify(crowd.counts)}`)

    const { connections } = story.app.webSocketApi
    await Promise.all(story.connects.map(async ({ requestContext }) => { await connections.postToConnection(requestContext.connectionId, 'to all') }))
    await within(() => crowd.counts.answered === 2 * CROWD, () => `all posted to: ${JSON.stringify(crowd.counts)}`)

    lag.enable()
    crowd.tell({ die: true })
    await within(() => story.disconnects.length === CROWD, () => `all have left: ${story.disconnects.length}`)
    lag.disable()
    t.ok(story.disconnects.every(({ requestContext }) => requestContext.disconnectStatusCode === 1006))
    t.equal(story.app.webSocketApi.connectionCount, 0)
    t.comment(`the event loop stood still for ${Math.round(lag.max / 1e6)} ms at most`)
  } finally {
    crowd.end()
  }
})

story(t, `a server closes with ${CROWD} connections`, {
  ...skip,
  options: { ...options, drain: { ...options.drain, spreadInMillis: 1000 } },
  listen: { backlog: 4096 }
}, async (t, story) => {
  const crowd = new Crowd(story)
  try {
    crowd.tell({ count: CROWD })
    await within(() => crowd.counts.opened === CROWD, () => `all open: ${JSON.stringify(crowd.counts)}`)
    await story.app.close()
    t.equal(story.disconnects.length, CROWD)
    t.ok(story.disconnects.every(({ requestContext }) => requestContext.disconnectStatusCode === 1001))
    await within(() => crowd.counts.closed === CROWD, () => `all were told: ${JSON.stringify(crowd.counts)}`)
  } finally {
    crowd.end()
  }
})

story(t, 'more than may come in a second are answered 429, and those who came are not harmed', {
  listen: { backlog: 4096 },
  declare (app) { app.routeKey('$default', TWO_WAY, async (event) => ({ body: event.body })) }
}, async (t, story) => {
  const crowd = new Crowd(story)
  try {
    crowd.tell({ count: 2000 })
    await within(() => crowd.counts.opened + crowd.counts.refused === 2000, () => `all answered: ${JSON.stringify(crowd.counts)}`)
    const { opened, refused } = crowd.counts
    t.ok(opened >= 500, `${opened} came in`)
    t.ok(refused > 0, `${refused} were refused`)
    t.equal(story.app.webSocketApi.connectionCount, opened)
    t.equal(story.connects.length, opened, 'no $connect ran for the others')
    crowd.tell({ say: 'hello' })
    await within(() => crowd.counts.answered === opened, () => `all answered: ${JSON.stringify(crowd.counts)}`)
  } finally {
    crowd.end()
  }
})

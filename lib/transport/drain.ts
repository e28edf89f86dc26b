// How an API closes: no handshakes any more, running handlers get their time, sockets are told to go away, every
// $disconnect is awaited.
import type { DrainOptions } from '../../types/index.js'
import { GOING_AWAY } from '../api/index.ts'
import type { Api, ConnectionSocket } from '../api/index.ts'
import { kDrains } from '../symbols.ts'
import { SocketConnection } from './socket-connection.ts'
import type { Transport } from './transport.ts'

const DEFAULT_DRAIN: Readonly<Required<DrainOptions>> = { deadlineInMillis: 10_000, spreadInMillis: 0 }

/** Close frames of a spread shutdown go out in slices this far apart. */
const SLICE_IN_MILLIS = 50
/** A destroyed socket says so at once; whatever has not by then is none. */
const TERMINATED_WITHIN_MILLIS = 1000
/** How often a closing API looks whether all is over. */
const LOOK_IN_MILLIS = 10

interface WithDrains { [kDrains]?: Array<() => Promise<void>> }

/**
 * Fastify asks one hook after the other. Whichever is asked first starts them all: a server's APIs refuse and close side by
 * side, and their deadlines do not add up.
 */
export function joinDrains (server: object, drainOne: () => Promise<void>): () => Promise<void> {
  const drains = ((server as WithDrains)[kDrains] ??= [])
  let running: Promise<void> | undefined
  drains.push(() => (running ??= drainOne()))
  return async () => { await Promise.all(drains.map((start) => start())) }
}

/**
 * Closes all connections of an API. Resolves when they are gone and their $disconnect executions have ended; neither a
 * client nor a handler can hold it up for ever, whichever quotas are switched off.
 */
export async function drain (
  transport: Transport,
  {
    deadlineInMillis = DEFAULT_DRAIN.deadlineInMillis, spreadInMillis = DEFAULT_DRAIN.spreadInMillis
  }: Readonly<DrainOptions> = {}
): Promise<void> {
  const { api } = transport
  const { closeTimeoutInMillis, integrationTimeoutInMillis } = api.settings.quotas
  const startedAt = performance.now()
  api.isClosing = true
  await closeInSlices(api, spreadInMillis)
  if (!await holds(() => transport.isIdle, startedAt + deadlineInMillis - performance.now())) {
    api.abandonHandlers()
    for (const handshake of transport.handshakes) handshake.abandon()
    const areGone = (): boolean => api.openConnections.size === 0
    for (const socket of sockets(api)) socket.close(GOING_AWAY.statusCode, GOING_AWAY.reason)
    if (!await holds(areGone, finite(closeTimeoutInMillis, deadlineInMillis))) {
      for (const socket of sockets(api)) if (socket instanceof SocketConnection) socket.terminate()
      await holds(areGone, TERMINATED_WITHIN_MILLIS)
    }
  }
  await holds(() => api.pendingDisconnects.size === 0, finite(integrationTimeoutInMillis, deadlineInMillis))
  api.pendingDisconnects.clear()
  api.abandonHandlers()
}

function sockets (api: Api): ConnectionSocket[] {
  return [...api.openConnections.values()].map(({ socket }) => socket as ConnectionSocket)
}

async function closeInSlices (api: Api, spreadInMillis: number): Promise<void> {
  const waiting = sockets(api)
  const slices = Math.max(1, Math.ceil(spreadInMillis / SLICE_IN_MILLIS))
  const sliceSize = Math.ceil(waiting.length / slices)
  while (waiting.length > 0) {
    for (const socket of waiting.splice(0, sliceSize)) socket.drain()
    if (waiting.length > 0) await sleep(SLICE_IN_MILLIS)
  }
}

/** Waits until something holds, but not longer than that. True when it holds. */
async function holds (condition: () => boolean, withinMillis: number): Promise<boolean> {
  const until = performance.now() + withinMillis
  while (!condition()) {
    if (performance.now() >= until) return false
    await sleep(LOOK_IN_MILLIS)
  }
  return true
}

async function sleep (millis: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, millis))
}

function finite (millis: number, otherwise: number): number {
  return millis === Infinity ? otherwise : millis
}

// How an API closes: no handshakes any more, running handlers get their time, sockets are told to go away, every
// $disconnect is awaited.
import type { DrainOptions } from '../../types/index.js'
import type { Api } from '../api/index.ts'
import type { SocketConnection } from './socket-connection.ts'
import type { Transport } from './transport.ts'

export const DEFAULT_DRAIN: Readonly<Required<DrainOptions>> = { deadlineInMillis: 10_000, spreadInMillis: 0 }

/** Close frames of a spread shutdown go out in slices this far apart. */
const SLICE_IN_MILLIS = 50

/** Closes all connections of an API. Resolves when they are gone and their $disconnect executions have ended. */
export async function drain (transport: Transport, options: Readonly<Required<DrainOptions>>): Promise<void> {
  const { api } = transport
  const startedAt = performance.now()
  api.isClosing = true
  await closeInSlices(api, options.spreadInMillis)
  if (!await transport.allClosed(options.deadlineInMillis - (performance.now() - startedAt))) {
    api.abandonHandlers()
    for (const socket of sockets(api)) socket.closesWhenIdle = false
    for (const socket of sockets(api)) socket.closeFor({ statusCode: 1001, reason: 'Going away' })
    await transport.allClosed(Infinity)
  }
  await Promise.all(api.pendingDisconnects)
  api.abandonHandlers()
}

function sockets (api: Api): SocketConnection[] {
  return [...api.openConnections.values()].map((connection) => connection.socket as SocketConnection)
}

async function closeInSlices (api: Api, spreadInMillis: number): Promise<void> {
  const waiting = sockets(api)
  const slices = Math.max(1, Math.ceil(spreadInMillis / SLICE_IN_MILLIS))
  const sliceSize = Math.ceil(waiting.length / slices)
  while (waiting.length > 0) {
    for (const socket of waiting.splice(0, sliceSize)) socket.drain()
    if (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, SLICE_IN_MILLIS))
  }
}

// Sockets of upgrades that were answered instead of granted.
//
// Node gives the socket of an upgrade away, so that no answer ends it any more. @fastify/websocket lets go of it in a
// hook, but there are answers that run past its hooks: to a target that cannot be decoded, of a server that closes, of a
// hook declared before it, of a route in a scope that does not know it.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** `response.assignSocket()` notes the response here. */
interface WithResponse { _httpMessage?: ServerResponse | null }

/** Lets go of the socket of every upgrade that is answered. To be called after @fastify/websocket is registered. */
export function watchAnsweredUpgrades (server: Server): void {
  if (!server.listeners('upgrade').includes(awaitAnswer)) server.on('upgrade', awaitAnswer)
}

export function unwatchAnsweredUpgrades (server: Server): void {
  server.removeListener('upgrade', awaitAnswer)
}

/** As the gateway answers while it closes. */
const UNAVAILABLE = 'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n'

function awaitAnswer (this: Server, _request: IncomingMessage, socket: Duplex & WithResponse): void {
  // A closing @fastify/websocket has taken its listener away, and Node takes this one for somebody who will answer: the
  // socket would wait, and the server for the socket.
  if (this.listenerCount('upgrade') === 1) {
    socket.end(UNAVAILABLE, () => { socket.destroy() })
    return
  }
  // A response that is hijacked for a WebSocket never finishes.
  socket._httpMessage?.once('finish', () => { socket.destroy() })
}

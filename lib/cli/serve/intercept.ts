// Leads connections to the API's own names to the local server: handlers build https://{apiId}.execute-api.… themselves.
//
// https.Agent, undici and fetch, and http2 all call tls.connect, as a property of the module: one place serves them.
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { syncBuiltinESMExports } from 'node:module'
import tls from 'node:tls'
import type { InterceptTarget } from './host-messages.ts'

const HTTPS_PORT = 443

interface ConnectOptions {
  readonly host?: string
  readonly servername?: string
  readonly port?: number | string
  /** A socket to speak TLS on, of a proxy perhaps: that is somebody else's connection. */
  readonly socket?: unknown
}

/** Answers whether a host name is one of the names. */
export function compileNames (names: readonly string[]): (host: string) => boolean {
  const exact = new Set(names)
  return (host) => {
    const name = host.toLowerCase()
    const dotAt = name.indexOf('.')
    return exact.has(name) || (dotAt > 0 && exact.has(`*${name.slice(dotAt)}`))
  }
}

/** Takes over `tls.connect` for these names, port 443; every other connection is untouched. */
export function interceptConnections (targetOf: () => InterceptTarget): void {
  const original = tls.connect
  function connectOrIntercept (this: unknown, ...args: unknown[]): Socket {
    const target = targetOf()
    const options = readOptions(args)
    const { host = 'localhost', port = HTTPS_PORT, socket } = options
    if (socket !== undefined && socket !== null) return Reflect.apply(original, this, args)
    if (Number(port) !== HTTPS_PORT || !compileNames(target.names)(host)) return Reflect.apply(original, this, args)
    return openPlain(target, args.find((arg) => typeof arg === 'function') as (() => void) | undefined)
  }
  tls.connect = connectOrIntercept as unknown as typeof tls.connect
  syncBuiltinESMExports()
}

/** `(options)`, `(port, host, options)` and what lies between. */
function readOptions (args: readonly unknown[]): ConnectOptions {
  const given = args.find((arg): arg is ConnectOptions => typeof arg === 'object' && arg !== null) ?? {}
  const [port, host] = args
  return {
    ...(typeof port === 'number' || typeof port === 'string' ? { port } : undefined),
    ...(typeof host === 'string' ? { host } : undefined),
    ...given
  }
}

/** A socket that looks like one that has just spoken TLS. */
function openPlain ({ host, port }: InterceptTarget, listener: (() => void) | undefined): Socket {
  const socket = Object.assign(connect({ host, port }), {
    encrypted: true,
    authorized: true,
    alpnProtocol: false,
    getSession: () => undefined,
    isSessionReused: () => false,
    getPeerCertificate: () => ({}),
    getProtocol: () => 'TLSv1.3'
  })
  socket.once('connect', () => { socket.emit('secureConnect') })
  if (listener !== undefined) socket.once('secureConnect', listener)
  return socket
}

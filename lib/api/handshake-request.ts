// The upgrade request as the gateway reads it: headers and query in the forms of the proxy event.
import { setMember } from '../json/index.ts'

/** Header names an integration event does not carry; an authorizer event does. */
const UPGRADE_HEADERS: ReadonlySet<string> = new Set(['connection', 'upgrade', 'content-length'])

export interface MultiValues {
  readonly single: Record<string, string>
  readonly multiple: Record<string, string[]>
}

/** A handshake, told without any socket or framework. */
export interface HandshakeRequest {
  readonly method: string
  /** The raw target: path and query, undecoded. */
  readonly target: string
  /** Whether the client came by TLS, as far as Fastify's `trustProxy` can tell. */
  readonly isSecure: boolean
  /** Alternating names and values, as they came. */
  readonly rawHeaders: readonly string[]
  /** What follows the `?` of the target, undecoded; empty when there is none. */
  readonly rawQuery: string
  /** The address the request was sent from: the connection's own peer. */
  readonly peerAddress: string
  /** Whether nobody waits for the answer any more. */
  readonly isGone?: () => boolean
}

/** What an authorizer's event carries of the upgrade, as the front of API Gateway writes it. */
const AUTHORIZER_HEADERS: ReadonlyArray<readonly [name: string, value: string]> = [
  ['Connection', 'upgrade'], ['content-length', '0'], ['Upgrade', 'websocket']
]

/**
 * Headers of the handshake with those the gateway adds, sorted by name without regard to case.
 * The last value of a repeated header wins in `single`.
 */
export function readHeaders (
  request: HandshakeRequest, traceId: string, forAuthorizer = false
): MultiValues {
  const values = new Map<string, { name: string, values: string[] }>()
  const { rawHeaders } = request
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    const key = name.toLowerCase()
    if (UPGRADE_HEADERS.has(key)) continue
    const entry = values.get(key)
    if (entry === undefined) values.set(key, { name, values: [rawHeaders[i + 1] as string] })
    else entry.values.push(rawHeaders[i + 1] as string)
  }
  const forwardedFor = values.get('x-forwarded-for')?.values.at(-1)
  setHeader(values, 'X-Forwarded-For', forwardedFor === undefined ? request.peerAddress : `${forwardedFor}, ${request.peerAddress}`)
  // The front of API Gateway is TLS on port 443; what handlers read there must not change with the move.
  setHeader(values, 'X-Forwarded-Port', '443')
  setHeader(values, 'X-Forwarded-Proto', 'https')
  if (!values.has('x-amzn-trace-id')) setHeader(values, 'X-Amzn-Trace-Id', traceId)
  if (forAuthorizer) for (const [name, value] of AUTHORIZER_HEADERS) setHeader(values, name, value)
  const keys = [...values.keys()].sort()
  return toMultiValues(keys.map((key) => values.get(key) as { name: string, values: string[] }))
}

function setHeader (values: Map<string, { name: string, values: string[] }>, name: string, value: string): void {
  values.set(name.toLowerCase(), { name, values: [value] })
}

/** Query parameters of the handshake, decoded (`+` is a space, no value is ""), or undefined when the URL had none. */
export function readQuery (rawQuery: string): MultiValues | undefined {
  if (rawQuery === '') return undefined
  const values = new Map<string, { name: string, values: string[] }>()
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const entry = values.get(name)
    if (entry === undefined) values.set(name, { name, values: [value] })
    else entry.values.push(value)
  }
  return values.size === 0 ? undefined : toMultiValues(values.values())
}

function toMultiValues (entries: Iterable<{ name: string, values: string[] }>): MultiValues {
  const single: Record<string, string> = {}
  const multiple: Record<string, string[]> = {}
  for (const { name, values } of entries) {
    setMember(single, name, values.at(-1) as string)
    setMember(multiple, name, values)
  }
  return { single, multiple }
}

/** The last value of a handshake header, without regard to case. */
export function findHeader (request: Pick<HandshakeRequest, 'rawHeaders'>, name: string): string | undefined {
  const key = name.toLowerCase()
  for (let i = request.rawHeaders.length - 2; i >= 0; i -= 2) {
    if ((request.rawHeaders[i] as string).toLowerCase() === key) return request.rawHeaders[i + 1]
  }
  return undefined
}

/** All values of a handshake header, in order. */
export function findHeaderValues ({ rawHeaders }: Pick<HandshakeRequest, 'rawHeaders'>, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && (rawHeaders[i - 1] as string).toLowerCase() === name)
}

/** The last value of a query parameter of the handshake. */
export function findQueryParameter (request: Pick<HandshakeRequest, 'rawQuery'>, name: string): string | undefined {
  return findQueryValues(request, name).at(-1)
}

/** All values of a query parameter of the handshake, in order. */
export function findQueryValues (request: Pick<HandshakeRequest, 'rawQuery'>, name: string): string[] {
  return request.rawQuery === '' ? [] : new URLSearchParams(request.rawQuery).getAll(name)
}

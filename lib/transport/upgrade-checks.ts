// What a request must be before anything of the user's runs for it: a handshake that ws could not complete, or that is
// over a limit, must not reach $connect.
import type { FastifyRequest } from 'fastify'
import { CONNECT_ROUTE_KEY } from '../definition.ts'
import { findHeaderValues, ROOT_KEY } from '../api/index.ts'
import type { Endpoint } from '../api/index.ts'
import type { OriginCheck } from '../access/index.ts'
import type { RefusalType } from '../refusal.ts'
import type { Transport } from './transport.ts'

/** What an upgrade route stands for; kept in the route's config. */
export interface UpgradeTarget {
  readonly transport: Transport
  /** The stage's name or the API mapping key in the path; undefined where the path has none. */
  readonly segment: string | undefined
  /** Plain GET requests of the stage's path are the user's to answer. */
  readonly servesPlainRequests: boolean
  /** Takes one of the new connections allowed per second. */
  readonly takeConnection: () => boolean
  /** Undefined where pages of any site may connect. */
  readonly isOriginAllowed: OriginCheck | undefined
}

/** RFC 6455, section 4.2.1: the base64 of 16 bytes. */
const WEBSOCKET_KEY = /^[+/0-9A-Za-z]{22}==$/
const WEBSOCKET_VERSION = '13'

/** Why a request cannot open a connection; undefined where it can. The order is AWS's as far as it is known. */
export function checkUpgrade (
  request: FastifyRequest, target: UpgradeTarget, endpoint: Endpoint | undefined
): RefusalType | undefined {
  const { transport } = target
  const { api } = transport
  const { quotas } = api.settings
  const { headers, httpVersion, url } = request.raw
  if (api.isClosing || transport.pendingHandshakes >= quotas.pendingConnections) return 'SERVICE_UNAVAILABLE'
  if ((url as string).length > quotas.urlLength) return 'URI_TOO_LONG'
  if (countHeaderBytes(request) > quotas.headerBytes) return 'REQUEST_HEADERS_TOO_LARGE'
  // RFC 9112, section 3.2: whoever stands in front may have gone by the other one.
  if (findHeaderValues({ rawHeaders: request.raw.rawHeaders ?? [] }, 'host').length > 1) return 'BAD_REQUEST'
  if (endpoint === undefined) return 'FORBIDDEN'
  if (!request.ws) return 'UPGRADE_REQUIRED'
  if (!isEndpointPath(request, target)) return 'FORBIDDEN'
  if (request.raw.method !== 'GET') return 'BAD_REQUEST'
  // In HTTP/1.0 Upgrade means nothing (RFC 9110, section 7.8).
  if (headers.upgrade?.toLowerCase() !== 'websocket' || httpVersion === '1.0') return 'UPGRADE_REQUIRED'
  if (String(headers['sec-websocket-version']) !== WEBSOCKET_VERSION) return 'WEBSOCKET_VERSION'
  if (!WEBSOCKET_KEY.test(headers['sec-websocket-key'] ?? '')) return 'BAD_REQUEST'
  if (target.isOriginAllowed?.(headers.origin) === false) return 'FORBIDDEN'
  return target.takeConnection() && takeRequest(target, endpoint) ? undefined : 'THROTTLED'
}

/** A handshake is a request of its account, and of its route. */
function takeRequest ({ transport: { api } }: UpgradeTarget, { stage }: Endpoint): boolean {
  return api.throttle.take() && stage.throttles?.take(CONNECT_ROUTE_KEY) !== false
}

/** Host is compared, never used: a handler sends signed calls to the domain name it is told. */
export function selectEndpoint (
  request: FastifyRequest, { transport: { api }, segment }: UpgradeTarget
): Endpoint | undefined {
  return segment === undefined ? undefined : api.endpoints.select(request, segment)
}

/**
 * The raw target must be the endpoint's path, with or without a slash at its end. The router is more lenient than a gateway
 * may be: it takes absolute forms, fragments, escapes and other letter cases for the same path.
 */
export function isEndpointPath (request: FastifyRequest, { segment }: UpgradeTarget): boolean {
  const target = request.raw.url as string
  if (!target.startsWith('/') || target.startsWith('//') || target.includes('#')) return false
  if (((request.params as Record<string, string>)['*'] ?? '') !== '') return false
  const queryAt = target.indexOf('?')
  const path = queryAt === -1 ? target : target.slice(0, queryAt)
  if (segment === ROOT_KEY) return path.endsWith('/') || !path.includes('%')
  return path.endsWith(`/${segment}`) || path.endsWith(`/${segment}/`)
}

function countHeaderBytes ({ raw: { rawHeaders } }: FastifyRequest): number {
  let bytes = 0
  for (const text of rawHeaders ?? []) bytes += text.length
  return bytes
}

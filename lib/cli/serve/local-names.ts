// Clients of this machine say localhost; the API answers to the names of its definition. Requests to a local name are
// taken as requests to the API's own.
import { isIP } from 'node:net'
import type { IncomingMessage, Server } from 'node:http'
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'

export type NamedOptions = Pick<ApiGatewayWebSocketOptions, 'domainName' | 'domainNames' | 'disableExecuteApiEndpoint' | 'stage' | 'stages'>

const HOST_HEADER = 'host'
const WILDCARD = '*.'

/** The stages and mapped paths as clients of this machine reach them: first part of the path, and under which name. */
export function listLocalPaths (options: NamedOptions): Array<{ path: string, domainName: string, stage: string }> {
  const { domainName = '', domainNames = [], disableExecuteApiEndpoint } = options
  const own = disableExecuteApiEndpoint === true
    ? []
    : stageNamesOf(options).map((stage) => ({ path: `/${stage}`, domainName, stage }))
  const mapped = domainNames.flatMap((custom) => custom.apiMappings.map(({ apiMappingKey = '', stage }) => ({
    path: apiMappingKey === '' ? '/' : `/${apiMappingKey}`, domainName: nameOf(custom.domainName), stage
  })))
  const seen = new Set<string>()
  return [...own, ...mapped].filter(({ path }) => !seen.has(path) && seen.add(path))
}

function stageNamesOf ({ stage, stages }: NamedOptions): string[] {
  return stages?.map(({ stageName }) => stageName) ?? [stage as string]
}

/** A name that a wildcard stands for. */
function nameOf (domainName: string): string {
  return domainName.startsWith(WILDCARD) ? `local.${domainName.slice(WILDCARD.length)}` : domainName
}

/** Renames what comes in before Fastify, and with it the gateway, reads it. */
export function answerToLocalNames (server: Server, options: NamedOptions): void {
  const paths = listLocalPaths(options).sort((a, b) => b.path.length - a.path.length)
  function rename (request: IncomingMessage): void {
    const { headers, rawHeaders, url = '/' } = request
    if (headers.host === undefined || !isLocalName(headers.host)) return
    const domainName = paths.find(({ path }) => path === '/' || isBelow(url, path))?.domainName ?? options.domainName
    if (domainName === undefined) return
    headers.host = domainName
    const at = rawHeaders.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === HOST_HEADER)
    if (at !== -1) rawHeaders[at + 1] = domainName
  }
  server.prependListener('request', rename)
  server.prependListener('upgrade', rename)
}

function isBelow (url: string, path: string): boolean {
  return url.startsWith(path) && (url.length === path.length || url[path.length] === '/' || url[path.length] === '?')
}

/** Names that no page of another site can point here. */
function isLocalName (host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0
}

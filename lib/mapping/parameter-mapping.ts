// requestParameters of an integration and responseParameters of an integration response: destination ← source.
import { ParameterMappingInvalidError } from '../errors.ts'
import { compileParameterSource, describeSources } from './parameter-sources.ts'
import type { ParameterReader, ParameterScope, ParameterSide, ParameterValue } from './parameter-sources.ts'

/** Where a mapped value goes. */
export type ParameterTarget = 'header' | 'querystring' | 'path'

export interface MappedParameter {
  readonly target: ParameterTarget
  readonly name: string
  readonly read: ParameterReader
}

const DESTINATIONS: Readonly<Record<ParameterSide, RegExp>> = {
  request: /^integration\.request\.(header|querystring|path)\.([a-zA-Z0-9._$-]+)$/,
  response: /^method\.response\.(header)\.([a-zA-Z0-9._$-]+)$/
}
const DESTINATION_FORMS: Readonly<Record<ParameterSide, string>> = {
  request: 'integration.request.header.{name}, integration.request.querystring.{name}, integration.request.path.{name}',
  response: 'method.response.header.{name}'
}

/**
 * Headers that belong to the connection to the back end, to its framing, or to the gateway. API Gateway fails at run
 * time where one is mapped (Host apart); here it is refused when it is declared.
 */
const UNMAPPABLE_HEADERS: ReadonlySet<string> = new Set([
  'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer',
  'transfer-encoding', 'upgrade', 'x-amzn-apigateway-api-id', 'x-amzn-trace-id'
])

export interface ParameterMappingDefinition {
  /** Where the mapping stands in the options. */
  readonly place: string
  readonly parameters: Readonly<Record<string, string>>
  readonly side: ParameterSide
  /** Sources that only a handshake has are refused elsewhere. */
  readonly allowsHandshake: boolean
  /** Further headers the integration's type keeps for itself, in lower case. */
  readonly unmappableHeaders?: ReadonlySet<string>
}

/** Compiles a mapping. Throws AGW_ERR_MAPPING_PARAMETER with the place. */
export function compileParameterMapping (definition: ParameterMappingDefinition): readonly MappedParameter[] {
  const { place, side } = definition
  return Object.entries(definition.parameters).map(([destination, source]) => {
    const here = `${place}.${destination}`
    const [, target, name] = DESTINATIONS[side].exec(destination) as [string, ParameterTarget, string] | null ?? []
    if (target === undefined || name === undefined) {
      throw new ParameterMappingInvalidError(here, `the destination must be one of ${DESTINATION_FORMS[side]}`)
    }
    const key = name.toLowerCase()
    if (target === 'header' && side === 'request' && (UNMAPPABLE_HEADERS.has(key) || definition.unmappableHeaders?.has(key) === true)) {
      throw new ParameterMappingInvalidError(here, `the header ${name} is the gateway's own and cannot be mapped`)
    }
    return { target, name, read: compileSource(here, source, definition) }
  })
}

function compileSource (
  place: string, source: string, { side, allowsHandshake }: ParameterMappingDefinition
): ParameterReader {
  let verdict
  try {
    verdict = compileParameterSource(source, side)
  } catch (error) {
    throw new ParameterMappingInvalidError(place, (error as Error).message)
  }
  if (verdict?.read === undefined) {
    throw new ParameterMappingInvalidError(place, `the source ${JSON.stringify(source)} is none of ${describeSources(side)}`)
  }
  if (verdict.isConnectOnly && !allowsHandshake) {
    throw new ParameterMappingInvalidError(place, `the source ${JSON.stringify(source)} is only known to the $connect route`)
  }
  return verdict.read
}

/** What a mapping came to: one list for each target; what is missing or empty is left out. */
export interface MappedValues {
  readonly header: Array<[name: string, value: string]>
  readonly querystring: Array<[name: string, value: string]>
  readonly path: Map<string, string>
}

/** Evaluates a mapping. Throws AGW_ERR_JSON_INVALID where a body source meets broken JSON. */
export function mapParameters (mapping: readonly MappedParameter[], scope: ParameterScope): MappedValues {
  const mapped: MappedValues = { header: [], querystring: [], path: new Map() }
  for (const { target, name, read } of mapping) {
    const value = read(scope)
    if (value === undefined || value.length === 0) continue
    if (target === 'querystring') {
      for (const one of listOf(value)) mapped.querystring.push([name, one])
    } else {
      const joined = listOf(value).join(',')
      if (target === 'header') mapped.header.push([name, joined])
      else mapped.path.set(name, joined)
    }
  }
  return mapped
}

function listOf (value: NonNullable<ParameterValue>): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

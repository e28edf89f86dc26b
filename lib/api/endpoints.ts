// Which stage a request is for, and under which name: the default endpoint names it in the path, a custom domain by its
// API mappings. The names are the configuration's; a client's Host is only compared with them.
import type { DomainNameOptions } from '../../types/index.js'
import { OptionsInvalidError } from '../errors.ts'
import type { Stage } from './stage.ts'

export interface EndpointsOptions {
  readonly stages: ReadonlyMap<string, Stage>
  /** The only name of the default endpoint; undefined where any will do. */
  readonly domainName: string | undefined
  /** What the default endpoint is called in events. */
  readonly defaultDomainName: () => string
  readonly domainNames: readonly DomainNameOptions[]
  readonly disableExecuteApiEndpoint: boolean
}

/** Where a request arrived. */
export interface Endpoint {
  readonly stage: Stage
  readonly domainName: string
}

/** What a Fastify request tells of its host; made when asked for, and mostly nobody asks. */
interface NamedHost {
  readonly host: string
  readonly hostname: string
}

interface CustomDomain {
  readonly domainName: string
  /** By API mapping key; the root's is empty. */
  readonly stages: ReadonlyMap<string, Stage>
}

/** The API mapping key of a domain's root. */
export const ROOT_KEY = ''
const HOST_LABEL = /^[a-z0-9-]+$/

export class Endpoints {
  readonly #options: EndpointsOptions
  readonly #customDomains: ReadonlyMap<string, CustomDomain>

  /** Throws AGW_ERR_OPTIONS_INVALID. */
  constructor (options: EndpointsOptions) {
    this.#options = options
    this.#customDomains = compileDomains(options)
  }

  /** Every first part of a path that means something: stage names and API mapping keys. */
  get segments (): ReadonlySet<string> {
    const keys = [...this.#customDomains.values()].flatMap(({ stages }) => [...stages.keys()])
    return new Set([...this.#options.stages.keys(), ...keys])
  }

  /** The endpoint of a request's host, with or without its port, and the part of the path that names the stage. */
  select (request: NamedHost, segment: string): Endpoint | undefined {
    const custom = this.#customDomains.size === 0
      ? undefined
      : this.#findDomain(request.host.toLowerCase()) ?? this.#findDomain(request.hostname.toLowerCase())
    if (custom !== undefined) return endpointOf(custom.stages.get(segment), custom.domainName)
    const { stages, domainName, defaultDomainName, disableExecuteApiEndpoint } = this.#options
    if (disableExecuteApiEndpoint || !isName(domainName, request)) return undefined
    return endpointOf(stages.get(segment), defaultDomainName())
  }

  #findDomain (name: string): CustomDomain | undefined {
    const exact = this.#customDomains.get(name)
    if (exact !== undefined) return exact
    const dotAt = name.indexOf('.')
    const wildcard = dotAt === -1 || !HOST_LABEL.test(name.slice(0, dotAt))
      ? undefined
      : this.#customDomains.get(`*${name.slice(dotAt)}`)
    return wildcard && { domainName: name, stages: wildcard.stages }
  }
}

/** `$context.domainPrefix`: the first label of a domain name. */
export function prefixOf (domainName: string): string {
  const dotAt = domainName.indexOf('.')
  return dotAt === -1 ? domainName : domainName.slice(0, dotAt)
}

function endpointOf (stage: Stage | undefined, domainName: string): Endpoint | undefined {
  return stage && { stage, domainName }
}

function isName (domainName: string | undefined, request: NamedHost): boolean {
  if (domainName === undefined) return true
  const name = domainName.toLowerCase()
  return request.host.toLowerCase() === name || request.hostname.toLowerCase() === name
}

function compileDomains (
  { domainNames, domainName: defaultName, stages }: EndpointsOptions
): ReadonlyMap<string, CustomDomain> {
  const domains = new Map<string, CustomDomain>()
  for (const [i, given] of domainNames.entries()) {
    const place = `options.domainNames[${i}]`
    const domainName = given.domainName.toLowerCase()
    if (domains.has(domainName) || domainName === defaultName?.toLowerCase()) throw new OptionsInvalidError(`${place}.domainName is "${domainName}" for a second time; domain names are unique`)
    const mapped = new Map<string, Stage>()
    for (const [j, { apiMappingKey = ROOT_KEY, stage: stageName }] of given.apiMappings.entries()) {
      const stage = stages.get(stageName)
      if (stage === undefined) throw new OptionsInvalidError(`${place}.apiMappings[${j}].stage is "${stageName}", which the API does not have`)
      if (mapped.has(apiMappingKey)) throw new OptionsInvalidError(`${place}.apiMappings[${j}].apiMappingKey is "${apiMappingKey}" for a second time; keys are unique in a domain`)
      mapped.set(apiMappingKey, stage)
    }
    domains.set(domainName, { domainName, stages: mapped })
  }
  return domains
}

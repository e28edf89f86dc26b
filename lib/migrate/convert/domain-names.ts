// Custom domain names with the mappings that lead to the chosen API.
import { DOMAIN_NAME_ALLOWED, DOMAIN_NAME_PATTERN } from '../../definition.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'

export function convertDomainNames (conversion: Conversion, byType: ResourcesByType, stageNames: readonly string[]): JsonObject {
  const { report, reader } = conversion
  const mappings = readMappings(conversion, byType, stageNames)
  const domains: JsonObject[] = []
  for (const resource of byType('AWS::ApiGatewayV2::DomainName')) {
    const { options } = reader.read(resource)
    const apiMappings = mappings.get(options.domainName as string)
    if (options.domainName === undefined) {
      report.add('warning', { code: 'domain-name-unknown', message: `${resource.id} has no name here and was left out, with its API mappings` }, resource)
      continue
    }
    if (apiMappings === undefined) {
      report.add('info', { code: 'domain-name-without-mapping', message: `${resource.id} has no API mapping to a stage of ${conversion.api.id} and was left out` }, resource)
      continue
    }
    mappings.delete(options.domainName as string)
    checkName(report, options.domainName as string, resource)
    domains.push({ ...options, apiMappings: apiMappings.options })
  }
  for (const [domainName, { options: apiMappings, resource }] of mappings) {
    checkName(report, domainName, resource)
    domains.push({ domainName, apiMappings })
  }
  return domains.length === 0 ? {} : { domainNames: domains }
}

/** Options with another are refused. */
function checkName (report: Report, domainName: string, resource: Resource): void {
  if (new RegExp(DOMAIN_NAME_PATTERN).test(domainName)) return
  report.add('error', {
    code: 'domain-name-invalid', message: `${nameOfProperty(resource, ['DomainName'])} is ${quote(domainName)}; it must be ${DOMAIN_NAME_ALLOWED}`
  }, resource, ['DomainName'])
}

interface Mappings {
  readonly options: JsonObject[]
  /** The first of them. */
  readonly resource: Resource
}

/** By the domain's name. */
function readMappings (conversion: Conversion, byType: ResourcesByType, stageNames: readonly string[]): Map<string, Mappings> {
  const mappings = new Map<string, Mappings>()
  for (const resource of byType('AWS::ApiGatewayV2::ApiMapping')) {
    const { options: { domainName, ...options } } = conversion.reader.read(resource)
    const { stage } = options
    if (hasNoName(conversion, resource) || typeof domainName !== 'string' || typeof stage !== 'string' || !isKnownStage(conversion, resource, stage, stageNames)) continue
    const others = mappings.get(domainName)
    if (others === undefined) mappings.set(domainName, { options: [options], resource })
    else others.options.push(options)
  }
  return mappings
}

/** A domain name whose name has no value: that is told already, and its id is no name. */
function hasNoName ({ names }: Conversion, { properties: { DomainName } }: Resource): boolean {
  const domain = typeof DomainName === 'string' ? names.find(DomainName) : undefined
  return domain?.type === 'AWS::ApiGatewayV2::DomainName' && domain.properties.DomainName === undefined
}

function isKnownStage ({ report, importOptions }: Conversion, resource: Resource, stage: string, stageNames: readonly string[]): boolean {
  if (stageNames.includes(stage)) return true
  if (importOptions.stage === undefined) {
    report.refuse({ code: 'stage-unknown', message: `${nameOfProperty(resource, ['Stage'])} names ${quote(stage)}, which is no stage of the API` }, resource, ['Stage'])
  } else {
    report.add('info', { code: 'stage-not-chosen', message: `${resource.id} leads to the stage ${quote(stage)} and was not imported` }, resource, ['Stage'])
  }
  return false
}

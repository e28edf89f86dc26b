// Custom domain names with the mappings that lead to the chosen API.
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'

export function convertDomainNames (conversion: Conversion, byType: ResourcesByType, stageNames: readonly string[]): JsonObject {
  const { report, reader } = conversion
  const mappings = readMappings(conversion, byType, stageNames)
  const domains: JsonObject[] = []
  for (const resource of byType('AWS::ApiGatewayV2::DomainName')) {
    const { options } = reader.read(resource)
    const apiMappings = mappings.get(options.domainName as string)
    if (apiMappings === undefined) {
      report.add('info', { code: 'domain-name-without-mapping', message: `${resource.id} has no API mapping to a stage of ${conversion.api.id} and was left out` }, resource)
      continue
    }
    mappings.delete(options.domainName as string)
    domains.push({ ...options, apiMappings })
  }
  domains.push(...[...mappings].map(([domainName, apiMappings]) => ({ domainName, apiMappings })))
  return domains.length === 0 ? {} : { domainNames: domains }
}

/** By the domain's name. */
function readMappings (conversion: Conversion, byType: ResourcesByType, stageNames: readonly string[]): Map<string, JsonObject[]> {
  const mappings = new Map<string, JsonObject[]>()
  for (const resource of byType('AWS::ApiGatewayV2::ApiMapping')) {
    const { options: { domainName, ...options } } = conversion.reader.read(resource)
    const { stage } = options
    if (typeof domainName !== 'string' || typeof stage !== 'string' || !isKnownStage(conversion, resource, stage, stageNames)) continue
    mappings.set(domainName, [...mappings.get(domainName) ?? [], options])
  }
  return mappings
}

function isKnownStage ({ report, importOptions }: Conversion, resource: Resource, stage: string, stageNames: readonly string[]): boolean {
  if (stageNames.includes(stage)) return true
  if (importOptions.stage === undefined) {
    report.refuse({ code: 'stage-unknown', message: `Stage names "${stage}", which is no stage of the API` }, resource, ['Stage'])
  } else {
    report.add('info', { code: 'stage-not-chosen', message: `${resource.id} leads to the stage "${stage}" and was not imported` }, resource, ['Stage'])
  }
  return false
}

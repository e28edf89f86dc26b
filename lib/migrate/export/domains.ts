// Custom domain names with their API mappings as resources.
import type { DomainNameOptions } from '../../../types/index.js'
import { PROPERTIES } from '../properties/index.ts'
import type { JsonObject } from '../resource.ts'
import { at, below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import type { TemplateReference } from './value.ts'
import { writeReference } from './value.ts'
import { writeProperties } from './write-properties.ts'

const HAS_PORT = /:\d+$/

export function addDomains (
  draft: TemplateDraft, domains: readonly DomainNameOptions[], stages: ReadonlyMap<string, TemplateReference>
): void {
  for (const [i, domain] of domains.entries()) addDomain(draft, domain, at(`domainNames[${i}]`), stages)
}

function addDomain (
  draft: TemplateDraft, domain: DomainNameOptions, place: Place, stages: ReadonlyMap<string, TemplateReference>
): void {
  const { domainName, domainNameConfigurations } = domain
  const mappings = [...domain.apiMappings.entries()].filter(([i, { stage }]) => {
    if (stages.has(stage)) return true
    draft.tell('info', below(place, 'apiMappings', i), 'stage-not-exported', `${printPlace(place)}.apiMappings[${i}] is of stage ${stage}, which is not exported, and was left out`)
    return false
  })
  if (mappings.length === 0) {
    draft.tell('info', place, 'domain-not-exported', `${domainName} maps to none of the exported stages and was left out`)
    return
  }
  if (HAS_PORT.test(domainName)) {
    draft.tell('error', below(place, 'domainName'), 'domain-port', `${printPlace(place)}.domainName is ${domainName}; API Gateway serves its own port alone`, 'write the domain without a port')
  }
  const reference = draft.add(draft.ids.create(domainName, 'DomainName'), 'AWS::ApiGatewayV2::DomainName', {
    ...writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::DomainName'], domain, place),
    ...(domainNameConfigurations === undefined || domainNameConfigurations.length === 0
      ? { DomainNameConfigurations: [createConfiguration(draft, domainName, place)] }
      : undefined)
  })
  for (const [i, mapping] of mappings) {
    const { stage, apiMappingKey = '' } = mapping
    const named = { ...mapping, apiMappingKey: apiMappingKey === '' ? undefined : apiMappingKey }
    draft.add(draft.ids.create(`${domainName} ${apiMappingKey}`, 'Mapping'), 'AWS::ApiGatewayV2::ApiMapping', {
      ApiId: { Ref: draft.api.id },
      ...writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::ApiMapping'], named, below(place, 'apiMappings', i)),
      DomainName: { Ref: reference.id },
      Stage: { Ref: (stages.get(stage) as TemplateReference).id }
    })
  }
  draft.outputs.set(`${reference.id}Target`, {
    Description: `What the DNS record of ${domainName} points to`, Value: writeReference({ ...reference, attribute: 'RegionalDomainName' })
  })
}

/** A domain has a certificate: whoever deploys says which. */
function createConfiguration (draft: TemplateDraft, domainName: string, place: Place): JsonObject {
  const certificate = draft.addParameter(domainName, 'CertificateArn', {
    Description: `ARN of the certificate of ${domainName}`, AllowedPattern: '^arn:aws[a-z-]*:acm:.+$'
  })
  draft.tell('warning', below(place, 'domainNameConfigurations'), 'certificate-parameter', `${domainName} has no certificate here; the template asks for one in its parameter ${certificate.id}`, 'give domainNameConfigurations')
  return { CertificateArn: { Ref: certificate.id }, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }
}

// Domain of a WebSocketApi: the domain name and its mappings. Records of Route 53 lead to AWS and are left out.
import type { Json, JsonObject } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { isObject } from '../../json.ts'
import { createGeneratedResource } from './generated-resource.ts'
import { InvalidResource } from './invalid-resource.ts'
import { hashOf } from './logical-id.ts'
import { propagatedTags } from './tags.ts'

interface ExpandedDomain {
  readonly resources: readonly RawResource[]
  readonly names: ReadonlyMap<string, string>
}

/** Throws InvalidResource. */
export function expandDomain (api: RawResource, stageId: string): ExpandedDomain {
  const domain = api.properties['Domain']
  if (!isObject(domain)) return { resources: [], names: new Map() }
  if (domain['MutualTlsAuthentication'] !== undefined) {
    throw new InvalidResource('Mutual TLS domain name association is not supported for Websocket APIs.')
  }
  const { DomainName: domainName, CertificateArn: certificateArn } = domain
  if (domainName === undefined || certificateArn === undefined) {
    throw new InvalidResource('Custom Domains only works if both DomainName and CertificateArn are provided.')
  }
  const id = `ApiGatewayDomainNameV2${hashOf(domainName)}`
  return {
    resources: [createDomainName(api, id, domain), ...createMappings(api, id, domain['BasePath'], stageId)],
    names: new Map([[`${api.id}.DomainName`, id]])
  }
}

function createDomainName (api: RawResource, id: string, domain: JsonObject): RawResource {
  const { CertificateArn: certificateArn, SecurityPolicy: policy, OwnershipVerificationCertificateArn: ownership } = domain
  const endpointType = domain['EndpointConfiguration'] ?? 'REGIONAL'
  if (endpointType !== 'REGIONAL') throw new InvalidResource("EndpointConfiguration for Custom Domains must be one of ['REGIONAL'].")
  return createGeneratedResource(api, id, 'AWS::ApiGatewayV2::DomainName', {
    DomainName: domain['DomainName'],
    DomainNameConfigurations: [{
      CertificateArn: certificateArn as Json,
      EndpointType: endpointType,
      ...(ownership === undefined ? undefined : { OwnershipVerificationCertificateArn: ownership }),
      ...(policy === undefined ? undefined : { SecurityPolicy: policy })
    }],
    Tags: propagatedTags(api.properties)
  }, ['Domain'], {
    DomainName: ['Domain', 'DomainName'],
    DomainNameConfigurations: ([, name, ...below]) => name === undefined ? ['Domain'] : ['Domain', name === 'EndpointType' ? 'EndpointConfiguration' : name, ...below]
  })
}

/** One for each base path, or a single one without. */
function createMappings (api: RawResource, domainNameId: string, basePath: Json | undefined, stageId: string): RawResource[] {
  const properties = { ApiId: { Ref: api.id }, DomainName: { Ref: domainNameId }, Stage: { Ref: stageId } }
  const paths = basePath === undefined || basePath === '' ? [] : [basePath].flat()
  if (paths.length === 0) return [createGeneratedResource(api, `${api.id}ApiMapping`, 'AWS::ApiGatewayV2::ApiMapping', properties, ['Domain'])]
  return paths.map((path, i) => {
    if (typeof path !== 'string') throw new InvalidResource('Basepath must be a string.')
    if (/[^0-9a-zA-Z/_-]/.test(path)) throw new InvalidResource('Invalid Basepath name provided.')
    const origin = Array.isArray(basePath) ? ['Domain', 'BasePath', i] : ['Domain', 'BasePath']
    return createGeneratedResource(api, `${api.id}${path.replace(/[-_/]+/g, '')}ApiMapping`, 'AWS::ApiGatewayV2::ApiMapping', {
      ...properties, ApiMappingKey: path.replace(/^\/+|\/+$/g, '')
    }, origin, { ApiMappingKey: origin })
  })
}

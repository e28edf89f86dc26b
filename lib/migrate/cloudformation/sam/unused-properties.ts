// Parts of a WebSocketApi that SAM makes nothing of, so that none disappears in silence.
import type { PropertyPath } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { isObject } from '../../json.ts'

const AUTH: ReadonlySet<string> = new Set(['AuthArn', 'AuthType', 'IdentitySource', 'InvokeRole', 'Name'])
const DOMAIN: ReadonlySet<string> = new Set(['BasePath', 'CertificateArn', 'DomainName', 'EndpointConfiguration', 'OwnershipVerificationCertificateArn', 'SecurityPolicy'])
const ROUTE: ReadonlySet<string> = new Set(['ApiKeyRequired', 'FunctionArn', 'IntegrationTimeout', 'ModelSelectionExpression', 'OperationName',
  'RequestModels', 'RequestParameters', 'RouteResponseSelectionExpression'])

export function findUnused ({ properties }: RawResource): PropertyPath[] {
  const { Routes: routes } = properties
  const parts: Array<[PropertyPath, ReadonlySet<string>, unknown]> = [
    [['Auth'], AUTH, properties['Auth']],
    [['Domain'], DOMAIN, properties['Domain']],
    ...(isObject(routes) ? Object.entries(routes) : []).map(([key, route]): [PropertyPath, ReadonlySet<string>, unknown] => [['Routes', key], ROUTE, route])
  ]
  return parts.flatMap(([path, known, part]) =>
    Object.keys(typeof part === 'object' ? part ?? {} : {}).filter((name) => !known.has(name)).map((name) => [...path, name]))
}

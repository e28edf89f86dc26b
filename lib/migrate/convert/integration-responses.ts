// Integration responses, by the integration they belong to.
import { DEFAULT_KEY } from '../../definition.ts'
import { quote, sayName } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { readExpression } from './conversion.ts'
import { checkTemplates } from './templates.ts'

/** By the id of the integration, then by key. */
export function convertIntegrationResponses (
  conversion: Conversion, byType: ResourcesByType, integrations: ReadonlySet<Resource>
): Map<string, JsonObject> {
  const { report, reader, names } = conversion
  const entries = new Map<string, Array<[string, JsonObject]>>()
  for (const resource of byType('AWS::ApiGatewayV2::IntegrationResponse')) {
    const { options: { integrationResponseKey: key, ...options }, joins: { IntegrationId } } = reader.read(resource)
    if (typeof key !== 'string' || IntegrationId === undefined) continue
    const integration = names.find(IntegrationId)
    if (integration === undefined || !integrations.has(integration)) {
      report.refuse({
        code: 'integration-unknown', message: `${nameOfProperty(resource, ['IntegrationId'])} names ${quote(names.textOf(IntegrationId))}, which is no integration of the API`
      }, resource, ['IntegrationId'])
      continue
    }
    const others = entries.get(integration.id) ?? []
    checkKey(conversion, resource, key, others)
    entries.set(integration.id, [...others, [key, options]])
    const expression = readExpression(conversion, 'responseTemplate', options.templateSelectionExpression, resource, ['TemplateSelectionExpression'])
    checkTemplates(report, resource, 'ResponseTemplates', options.responseTemplates, expression)
  }
  return new Map([...entries].map(([id, responses]) => [id, Object.fromEntries(responses)]))
}

function checkKey ({ report }: Conversion, resource: Resource, key: string, others: ReadonlyArray<readonly [string, JsonObject]>): void {
  if (key !== DEFAULT_KEY && !/^\/.+\/$/s.test(key)) {
    report.refuse({
      code: 'integration-response-key', message: `${nameOfProperty(resource, ['IntegrationResponseKey'])} is ${quote(key)}; it must be $default or a pattern between slashes`
    }, resource, ['IntegrationResponseKey'])
  }
  if (others.some(([other]) => other === key)) {
    report.refuse({
      code: 'integration-response-duplicate', message: `IntegrationResponse with key ${sayName(key)} already exists for this integration`
    }, resource, ['IntegrationResponseKey'])
  }
}

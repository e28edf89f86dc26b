// Integrations with their responses.
import { DEFAULT_QUOTAS, MINIMUM_INTEGRATION_TIMEOUT } from '../../quotas.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { readExpression } from './conversion.ts'
import { isFunctionUri } from './function-uses.ts'
import { convertIntegrationResponses } from './integration-responses.ts'
import { checkServiceUri } from './service-uses.ts'
import { checkTemplates } from './templates.ts'

/** Properties that the types are refused with here, since they would be without effect. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly string[]>> = {
  AWS_PROXY: ['RequestTemplates', 'TemplateSelectionExpression'],
  HTTP_PROXY: ['RequestTemplates', 'TemplateSelectionExpression'],
  MOCK: ['IntegrationUri']
}

/** By the id of the resource. */
export function convertIntegrations (conversion: Conversion, byType: ResourcesByType): Map<string, JsonObject> {
  const resources = byType('AWS::ApiGatewayV2::Integration')
  const responses = convertIntegrationResponses(conversion, byType, new Set(resources))
  return new Map(resources.map((resource) => {
    const { options } = conversion.reader.read(resource)
    const kept = leaveOutWithoutEffect(conversion, resource, options)
    const integrationResponses = responses.get(resource.id)
    checkTarget(conversion, resource, kept)
    checkRest(conversion, resource, kept, integrationResponses)
    return [resource.id, { ...kept, ...(integrationResponses === undefined ? undefined : { integrationResponses }) }]
  }))
}

function leaveOutWithoutEffect ({ report }: Conversion, resource: Resource, options: JsonObject): JsonObject {
  const type = options.integrationType as string
  const names = Object.hasOwn(WITHOUT_EFFECT, type) ? WITHOUT_EFFECT[type] as readonly string[] : []
  const entries = Object.entries(options).filter(([name, value]) => {
    const property = names.find((property) => property.toLowerCase() === name.toLowerCase())
    if (property === undefined) return true
    report.add(value === '' ? 'info' : 'warning', {
      code: 'property-without-effect', message: `${nameOfProperty(resource, [property])} has no effect on an integration of type ${type} and was left out`
    }, resource, [property])
    return false
  })
  return Object.fromEntries(entries)
}

/** What is called, and how. */
function checkTarget ({ report, functionUses }: Conversion, resource: Resource, options: JsonObject): void {
  const { integrationType: type, integrationUri: uri, integrationMethod, connectionType } = options
  if (type === undefined || type === 'MOCK') return
  const isHttp = type === 'HTTP' || type === 'HTTP_PROXY'
  if (typeof uri !== 'string' || uri === '') {
    if (!report.hasError(resource, ['IntegrationUri'])) {
      report.refuse({ code: 'integration-uri', message: `${nameOfProperty(resource, ['IntegrationUri'])} is missing; type ${type as string} needs it` }, resource, ['IntegrationUri'])
    }
  } else if (!isHttp && isFunctionUri(uri)) {
    functionUses.addUri(uri, resource, ['IntegrationUri'])
  } else if (type === 'AWS_PROXY') {
    report.refuse({
      code: 'integration-uri', message: `${nameOfProperty(resource, ['IntegrationUri'])} is ${quote(uri)}; AWS_PROXY calls Lambda functions only`
    }, resource, ['IntegrationUri'])
  } else if (type === 'AWS') {
    checkServiceUri(report, resource, uri, options)
  }
  if (isHttp && integrationMethod === undefined && !report.hasError(resource, ['IntegrationMethod'])) {
    report.refuse({ code: 'integration-method', message: 'Enumeration value for HttpMethod must be non-empty' }, resource, ['IntegrationMethod'])
  }
  if (connectionType === 'VPC_LINK') {
    report.add('error', {
      code: 'vpc-link',
      message: `${resource.id} reaches ${quote(uri ?? '')} through a VPC link, which there is none of here`,
      hint: 'give the integration an integrationUri that this server can reach, and take connectionType and connectionId out'
    }, resource, ['ConnectionType'])
  }
}

function checkRest (conversion: Conversion, resource: Resource, options: JsonObject, integrationResponses: JsonObject | undefined): void {
  const { report } = conversion
  const { integrationType, timeoutInMillis, payloadFormatVersion } = options
  const longest = DEFAULT_QUOTAS.integrationTimeoutInMillis
  if (typeof timeoutInMillis === 'number' && (timeoutInMillis < MINIMUM_INTEGRATION_TIMEOUT || timeoutInMillis > longest)) {
    report.refuse({
      code: 'integration-timeout',
      message: `${nameOfProperty(resource, ['TimeoutInMillis'])} is ${timeoutInMillis}; Timeout should be between ${MINIMUM_INTEGRATION_TIMEOUT} ms and ${longest} ms`
    }, resource, ['TimeoutInMillis'])
  }
  if (payloadFormatVersion !== undefined && payloadFormatVersion !== '1.0') {
    report.add('warning', {
      code: 'payload-format', message: `${nameOfProperty(resource, ['PayloadFormatVersion'])} is ${quote(payloadFormatVersion)}, which is for HTTP APIs; events are those of WebSocket APIs`
    }, resource, ['PayloadFormatVersion'])
  }
  if (integrationResponses !== undefined && (integrationType === 'AWS_PROXY' || integrationType === 'HTTP_PROXY')) {
    report.add('warning', {
      code: 'integration-responses-without-effect', message: `${resource.id} is ${integrationType}: its integration responses have no effect`
    }, resource)
  }
  const expression = readExpression(conversion, 'requestTemplate', options.templateSelectionExpression, resource, ['TemplateSelectionExpression'])
  checkTemplates(report, resource, 'RequestTemplates', options.requestTemplates, expression)
}

// Resources by hand, as readers of definitions make them.
import { convertDefinition } from '../../lib/migrate/convert/convert.ts'
import type { Definition } from '../../lib/migrate/convert/conversion.ts'
import { createReference } from '../../lib/migrate/references.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { JsonObject, Resource } from '../../lib/migrate/resource.ts'
import type { ImportedDefinition, ImportOptions, ReportEntry } from '../../types/migrate.js'

export const ref = createReference

/** `Route` is AWS::ApiGatewayV2::Route, `Lambda::Function` AWS::Lambda::Function. */
export function resource (id: string, type: string, properties: JsonObject, dependsOn: string[] = []): Resource {
  return { id, type: `AWS::${type.includes('::') ? '' : 'ApiGatewayV2::'}${type}`, properties, dependsOn }
}

export const invocation = (arn: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`

/** An API with one stage, a MOCK integration and a route to it. */
export const API = resource('Api', 'Api', { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' })
export const STAGE = resource('Stage', 'Stage', { ApiId: ref('Api'), StageName: 'prod', AutoDeploy: true })
export const MOCK = resource('Mock', 'Integration', { ApiId: ref('Api'), IntegrationType: 'MOCK' })
export const ROUTE = resource('Route', 'Route', { ApiId: ref('Api'), RouteKey: 'order', Target: `integrations/${ref('Mock')}` })

export function convert (
  resources: readonly Resource[], importOptions: ImportOptions = {}, more: Partial<Definition> = {}
): ImportedDefinition {
  const definition: Definition = {
    resources, partition: 'aws', region: 'us-east-1', accountId: '123456789012', format: 'cloudformation', directory: import.meta.dirname, ...more
  }
  return convertDefinition(definition, importOptions, new Report())
}

/** The small API with `more`, without those it replaces. */
export function withApi (...more: Resource[]): Resource[] {
  const ids = new Set(more.map(({ id }) => id))
  return [...[API, STAGE, MOCK, ROUTE].filter(({ id }) => !ids.has(id)), ...more]
}

/** What is reported of a resource, `level code property`; carried properties left out. */
export function told (report: readonly ReportEntry[], resourceId?: string): string[] {
  return report.filter(({ resource, code }) => (resourceId === undefined || resource === resourceId) && code !== 'property-carried')
    .map(({ level, code, property }) => `${level} ${code}${property === undefined ? '' : ` ${property}`}`)
}

/** What a definition is refused for. */
export function refusals (resources: readonly Resource[], importOptions: ImportOptions = {}): string[] {
  try {
    convert(resources, importOptions)
    return []
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'AGW_ERR_MIGRATE_REFUSED') throw error
    return (error as { message: string }).message.replace('Definition would be refused by API Gateway: ', '').split('\n').map((line) => line.trim()).filter((line) => line !== '')
  }
}

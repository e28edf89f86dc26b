// An API by its options, and what its export gives.
import Fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import apiGatewayWebSocket from '../../lib/index.ts'
import type { ApiGatewayWebSocketOptions, CloudFormationOptions, ExportedTemplate, ReportEntry } from '../../lib/index.ts'

export type GivenOptions = Partial<ApiGatewayWebSocketOptions> & object

/** Stands for each function that the options name by its ARN. */
const stub = (): void => {}

export async function exportApi (
  given: GivenOptions, exportOptions: CloudFormationOptions = {}, declare?: (app: FastifyInstance) => unknown
): Promise<ExportedTemplate> {
  const app = Fastify()
  try {
    await app.register(apiGatewayWebSocket, complete(given))
    declare?.(app)
    return await app.webSocketApi.toCloudFormation(exportOptions)
  } finally {
    await app.close()
  }
}

/** The entries of a report that are errors of an export that is refused. */
export async function refusalsOf (...given: Parameters<typeof exportApi>): Promise<ReportEntry[]> {
  try {
    await exportApi(...given)
  } catch (error) {
    const { code, report } = error as { code: string, report: ReportEntry[] }
    if (code === 'AGW_ERR_EXPORT_IMPOSSIBLE') return report.filter(({ level }) => level === 'error')
    throw error
  }
  return []
}

/** What makes options run without AWS: whatever ARNs and service URIs name is bound. */
export function complete (given: GivenOptions): ApiGatewayWebSocketOptions {
  const text = JSON.stringify(given)
  const names = [...text.matchAll(/:function:([A-Za-z0-9_-]+)/g)].map(([, name]) => name as string)
  const variables = [...text.matchAll(/"stageVariables":\{([^}]*)\}/g)].flatMap(([, body]) => [...(body as string).matchAll(/:"([A-Za-z0-9_-]+)/g)].map(([, name]) => name as string))
  const services = [...text.matchAll(/arn:aws[a-z-]*:apigateway:[^:]*:([a-z0-9-]+):(?:path|action)/g)].map(([, name]) => name as string)
  return {
    ...(given.stages === undefined ? { stage: 'prod' } : undefined),
    routeSelectionExpression: '$request.body.action',
    credentials: () => null,
    ...given,
    functions: { ...Object.fromEntries([...names, ...variables].map((name) => [name, stub])), ...given.functions },
    ...(services.length === 0 ? undefined : { services: Object.fromEntries(services.map((name) => [`${name}:*`, stub])) })
  } as ApiGatewayWebSocketOptions
}

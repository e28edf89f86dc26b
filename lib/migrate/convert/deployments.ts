// Deployments: what a stage of API Gateway serves, which here is what is registered.
import { replaceReferences } from '../references.ts'
import { nameOfProperty } from '../report.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'

/** Exporters make deployments of their own. */
export function readDeployment ({ report, reader }: Conversion, resource: Resource): void {
  reader.read(resource)
  report.add('info', { code: 'deployment-not-imported', message: `${resource.id} is a deployment: what is registered is what runs here` }, resource)
}

/** A stage serves its deployment, which holds those routes that were there before it. */
export function checkDeployment (
  conversion: Conversion, resource: Resource, { autoDeploy, stageName }: JsonObject, byType: ResourcesByType
): void {
  const { report, names, definition: { format } } = conversion
  if (autoDeploy === true) return
  const { DeploymentId } = resource.properties
  const named = typeof DeploymentId === 'string' ? names.find(DeploymentId) : undefined
  const deployment = named ?? byType('AWS::ApiGatewayV2::Deployment').find(({ properties: { StageName } }) =>
    typeof StageName === 'string' && names.textOf(StageName) === stageName)
  if (deployment === undefined) {
    if (DeploymentId !== undefined) return
    report.add('warning', {
      code: 'stage-not-deployed', message: `Stage ${stageName as string} has neither a deployment nor AutoDeploy: API Gateway would not serve it`
    }, resource)
    return
  }
  // Answers of a live API tell what is deployed, not in which order.
  if (format === 'aws-cli') return
  const earlier = collectEarlier(conversion, deployment)
  const late = byType('AWS::ApiGatewayV2::Route').filter(({ id }) => !earlier.has(id))
  if (late.length === 0) return
  report.add('warning', {
    code: 'deployment-order',
    message: `${deployment.id} does not wait for ${late.map(({ id }) => id).join(', ')}: API Gateway may deploy without`,
    hint: `name every route in what ${deployment.id} depends on, or let stages deploy by themselves (${nameOfProperty(resource, ['AutoDeploy'])})`
  }, deployment)
}

/** Ids of all that must be there before a resource, by its dependencies and its references. */
function collectEarlier ({ definition: { resources } }: Conversion, last: Resource): ReadonlySet<string> {
  const byId = new Map(resources.map((resource) => [resource.id, resource]))
  const earlier = new Set<string>()
  const queue = [last]
  for (const resource of queue) {
    for (const id of [...resource.dependsOn, ...referencesIn(resource.properties)]) {
      const next = byId.get(id)
      if (next === undefined || earlier.has(id)) continue
      earlier.add(id)
      queue.push(next)
    }
  }
  return earlier
}

function referencesIn (value: Json): string[] {
  if (typeof value === 'string') {
    const ids: string[] = []
    replaceReferences(value, ({ id }) => {
      ids.push(id)
      return ''
    })
    return ids
  }
  if (typeof value !== 'object' || value === null) return []
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(referencesIn)
}

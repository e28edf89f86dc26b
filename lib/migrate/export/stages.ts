// Stages, and the deployment that those serve which do not deploy by themselves.
import type { StageOptions } from '../../../types/index.js'
import { PROPERTIES } from '../properties/index.ts'
import { hashOf } from './logical-ids.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import type { TemplateReference } from './value.ts'
import { writeText } from './value.ts'
import { writeProperties } from './write-properties.ts'

const HASH_LENGTH = 12
/** What a deployment takes a copy of. */
const DEPLOYED = /^AWS::ApiGatewayV2::(?:Api|Route|RouteResponse|Integration|IntegrationResponse|Model|Authorizer)$/

/** Adds stages by name; `routeIds` are all routes and responses, which a stage is to serve. */
export function addStages (
  draft: TemplateDraft, stages: ReadonlyArray<readonly [StageOptions, Place]>, routeIds: readonly string[]
): Map<string, TemplateReference> {
  let deployment: TemplateReference | undefined
  return new Map(stages.map(([stage, place]) => {
    const { stageName, autoDeploy } = stage
    const id = draft.ids.create(stageName, 'Stage')
    const properties = writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::Stage'], stage, place)
    if (autoDeploy === true) {
      // Settings of a route ask for the route.
      return [stageName, draft.add(id, 'AWS::ApiGatewayV2::Stage', { ApiId: { Ref: draft.api.id }, ...properties }, routeIds)]
    }
    deployment ??= addDeployment(draft, routeIds)
    return [stageName, draft.add(id, 'AWS::ApiGatewayV2::Stage', {
      ApiId: { Ref: draft.api.id }, DeploymentId: { Ref: deployment.id }, ...properties
    })]
  }))
}

/**
 * A deployment is a copy of what was there when it was made, and is made once: its id is a digest of what it copies, so
 * that a change makes another one.
 */
function addDeployment (draft: TemplateDraft, routeIds: readonly string[]): TemplateReference {
  const copied = [...draft.resources].filter(([, { Type }]) => DEPLOYED.test(Type))
  const id = draft.ids.create('Deployment', hashOf(JSON.stringify(copied), HASH_LENGTH))
  return draft.add(id, 'AWS::ApiGatewayV2::Deployment', { ApiId: { Ref: draft.api.id } }, routeIds)
}

/** Where clients connect, and where `@connections` is called. */
export function addStageOutputs (draft: TemplateDraft, stages: ReadonlyMap<string, TemplateReference>): void {
  for (const [stageName, stage] of stages) {
    const path = [...draft.names.host, '/', stage]
    draft.outputs.set(`${stage.id}Url`, { Description: `Where clients of stage ${stageName} connect`, Value: writeText(['wss://', ...path]) })
    draft.outputs.set(`${stage.id}CallbackUrl`, { Description: `Where @connections of stage ${stageName} is called`, Value: writeText(['https://', ...path]) })
  }
}

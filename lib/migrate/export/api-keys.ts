// API keys and usage plans as resources.
import type { ApiGatewayWebSocketOptions, ApiKeyOptions, UsagePlanOptions } from '../../../types/index.js'
import type { DeclaredApi } from '../declared-api.ts'
import { PROPERTIES } from '../properties/index.ts'
import type { JsonObject } from '../resource.ts'
import { at, below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import type { TemplateReference } from './value.ts'
import { writeProperties } from './write-properties.ts'

type ApiStages = NonNullable<UsagePlanOptions['apiStages']>
type Stages = ReadonlyMap<string, TemplateReference>
const SHORTEST_VALUE = 20
const LONGEST_VALUE = 128

export function addApiKeys (draft: TemplateDraft, api: DeclaredApi, stages: Stages): void {
  const { apiKeys = {}, usagePlans = {} }: ApiGatewayWebSocketOptions = api.options
  const ids = new Map(Object.entries(apiKeys).map(([key, options]) =>
    [key, addApiKey(draft, api, key, options, stages)]))
  for (const [plan, options] of Object.entries(usagePlans)) addUsagePlan(draft, api, plan, options, ids, stages)
}

function addApiKey (draft: TemplateDraft, api: DeclaredApi, key: string, options: ApiKeyOptions, stages: Stages): string {
  const place = at(`apiKeys.${key}`)
  const { valueSha256, value, stageKeys } = options
  const properties = writeProperties(draft, PROPERTIES['AWS::ApiGateway::ApiKey'], { enabled: true, ...options, stageKeys: undefined }, place)
  if (value !== undefined) {
    draft.tell('warning', below(place, 'value'), 'key-in-template', `${printPlace(place)}.value is in the template as it is; keep the template as you keep the key`, 'give valueSha256, and the value is a parameter of the template')
  }
  if (valueSha256 !== undefined) {
    const parameter = draft.addParameter(key, 'ApiKeyValue', {
      Description: `Value of the API key ${key}`, NoEcho: true, MinLength: SHORTEST_VALUE, MaxLength: LONGEST_VALUE
    })
    draft.tell('warning', below(place, 'valueSha256'), 'key-parameter', `${printPlace(place)} is known by its digest alone; the template asks for its value in its parameter ${parameter.id}`)
    properties.Value = { Ref: parameter.id }
  }
  const id = draft.ids.create(key, 'ApiKey')
  draft.add(id, 'AWS::ApiGateway::ApiKey', {
    ...properties,
    ...(stageKeys === undefined ? undefined : { StageKeys: stageKeys.map((stageKey) => writeStageKey(draft, api, stageKey, stages)) })
  })
  return id
}

function writeStageKey (
  draft: TemplateDraft, { apiId }: DeclaredApi, { restApiId, stageName }: NonNullable<ApiKeyOptions['stageKeys']>[number], stages: Stages
): JsonObject {
  const isOwn = restApiId === apiId
  const stage = isOwn && stageName !== undefined ? stages.get(stageName) : undefined
  return {
    ...(restApiId === undefined ? undefined : { RestApiId: isOwn ? { Ref: draft.api.id } : restApiId }),
    ...(stageName === undefined ? undefined : { StageName: stage === undefined ? stageName : { Ref: stage.id } })
  }
}

function addUsagePlan (
  draft: TemplateDraft, api: DeclaredApi, plan: string, options: UsagePlanOptions, keyIds: ReadonlyMap<string, string>, stages: Stages
): void {
  const place = at(`usagePlans.${plan}`)
  const id = draft.ids.create(plan, 'UsagePlan')
  const { apiStages, apiKeys = [] } = options
  const { ApiStages = [], ...properties } = writeProperties(draft, PROPERTIES['AWS::ApiGateway::UsagePlan'], options, place)
  const written = (ApiStages as JsonObject[]).flatMap((properties, i) =>
    joinStage(draft, api, (apiStages as ApiStages)[i] as ApiStages[number], properties, stages, below(place, 'apiStages', i)))
  draft.add(id, 'AWS::ApiGateway::UsagePlan', {
    ...properties, ...(apiStages === undefined ? undefined : { ApiStages: written })
  })
  for (const [i, key] of apiKeys.entries()) {
    draft.add(draft.ids.create(`${id} ${key}`, 'Key'), 'AWS::ApiGateway::UsagePlanKey', {
      KeyId: { Ref: keyIds.get(key) ?? draft.literal(key, below(place, 'apiKeys', i)) },
      KeyType: 'API_KEY',
      UsagePlanId: { Ref: id }
    })
  }
}

/** Another API's stage stays as it is; this one's becomes a reference. */
function joinStage (
  draft: TemplateDraft, { apiId: ownId }: DeclaredApi, { apiId = ownId, stage }: ApiStages[number], properties: JsonObject,
  stages: Stages, place: Place
): JsonObject[] {
  if (apiId !== ownId) return [properties]
  const own = stages.get(stage)
  if (own !== undefined) return [{ ...properties, ApiId: { Ref: draft.api.id }, Stage: { Ref: own.id } }]
  draft.tell('info', place, 'stage-not-exported', `${printPlace(place)} is of stage ${stage}, which is not exported, and was left out`)
  return []
}

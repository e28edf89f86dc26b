// API keys and usage plans. They belong to no API by themselves: a plan names stages of any, a key names plans.
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'

export function convertApiKeys (conversion: Conversion, byType: ResourcesByType, stageNames: readonly string[]): JsonObject {
  const keysOfPlans = readPlanKeys(conversion, byType)
  const plans: Array<[string, JsonObject]> = byType('AWS::ApiGateway::UsagePlan').flatMap((resource) => {
    const plan = convertPlan(conversion, resource, stageNames)
    const apiKeys = keysOfPlans.get(resource.id)
    return plan === undefined ? [] : [[resource.id, { ...plan, ...(apiKeys === undefined ? undefined : { apiKeys }) }]]
  })
  const imported = new Set(plans.map(([id]) => id))
  const planIds = [...keysOfPlans.keys()]
  const keys: Array<[string, JsonObject]> = byType('AWS::ApiGateway::ApiKey').flatMap((resource) => {
    const ofKey = planIds.filter((id) => keysOfPlans.get(id)?.includes(resource.id))
    if (ofKey.length === 0 || ofKey.some((id) => imported.has(id))) return [[resource.id, convertKey(conversion, resource)]]
    conversion.report.add('info', { code: 'api-key-of-other-api', message: `${resource.id} is a key for other APIs and was not imported` }, resource)
    return []
  })
  return {
    ...(keys.length === 0 ? undefined : { apiKeys: Object.fromEntries(keys) }),
    ...(plans.length === 0 ? undefined : { usagePlans: Object.fromEntries(plans) })
  }
}

function convertKey ({ report, reader }: Conversion, resource: Resource): JsonObject {
  const { options } = reader.read(resource)
  if (options.value === undefined) {
    report.add('warning', {
      code: 'api-key-without-value', message: `${resource.id} has no Value, which AWS would draw: it opens nothing here`, hint: 'give it a value of 20 to 128 characters'
    }, resource)
  }
  if (options.enabled !== undefined) return options
  report.add('warning', { code: 'api-key-disabled', message: `${resource.id} does not say Enabled: true, and so is disabled` }, resource)
  return { ...options, enabled: false }
}

/** Ids of keys by the id of their plan. */
function readPlanKeys ({ report, reader, names }: Conversion, byType: ResourcesByType): Map<string, string[]> {
  const keys = new Map<string, string[]>()
  for (const resource of byType('AWS::ApiGateway::UsagePlanKey')) {
    const { joins: { KeyId, UsagePlanId } } = reader.read(resource)
    if (KeyId === undefined || UsagePlanId === undefined) continue
    const key = names.find(KeyId)
    const plan = names.find(UsagePlanId)
    if (key === undefined || plan === undefined) {
      const [property, text] = key === undefined ? ['KeyId', KeyId] : ['UsagePlanId', UsagePlanId]
      report.add('warning', {
        code: 'usage-plan-key-unknown', message: `${property} names ${quote(names.textOf(text))}, which the definition does not have; the key was not bound`
      }, resource, [property])
      continue
    }
    keys.set(plan.id, [...keys.get(plan.id) ?? [], key.id])
  }
  return keys
}

/** Undefined where it is for stages of other APIs alone. */
function convertPlan (conversion: Conversion, resource: Resource, stageNames: readonly string[]): JsonObject | undefined {
  const { report, reader, names, api, importOptions } = conversion
  const { options } = reader.read(resource)
  if (!Array.isArray(options.apiStages)) return options
  const apiId = names.apiIdOf(api)
  const isOwn = (apiStage: Json): boolean => ((apiStage as JsonObject).apiId ?? apiId) === apiId
  if (options.apiStages.length > 0 && !options.apiStages.some(isOwn)) {
    report.add('info', { code: 'usage-plan-of-other-api', message: `${resource.id} is for stages of other APIs and was not imported` }, resource)
    return undefined
  }
  const apiStages = options.apiStages.filter((apiStage, i) => {
    const { stage } = apiStage as JsonObject
    // What is missing is told where the properties are read.
    if (stage === undefined) return false
    if (!isOwn(apiStage) || stageNames.includes(stage as string)) return true
    if (importOptions.stage !== undefined) {
      report.add('info', { code: 'stage-not-chosen', message: `${resource.id} is for the stage ${quote(stage)} as well, which was not imported` }, resource, ['ApiStages', i])
    } else {
      report.refuse({ code: 'stage-unknown', message: `${nameOfProperty(resource, ['Stage'])} names ${quote(stage)}, which is no stage of the API` }, resource, ['ApiStages', i, 'Stage'])
    }
    return false
  })
  return { ...options, apiStages }
}

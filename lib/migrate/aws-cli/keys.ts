// API keys and usage plans, which `aws apigateway` answers with in camelCase: they belong to no API.
import { asObject, isObject } from '../json.ts'
import { createReference } from '../references.ts'
import { readItemId } from './item-id.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'

interface KeyTable {
  readonly type: string
  readonly computed: readonly string[]
  /** Names that are not those of the property in camelCase. */
  readonly renamed?: Readonly<Record<string, string>>
  readonly dropped?: Readonly<Record<string, string>>
}

/** By command. */
export const KEY_ANSWERS: Readonly<Record<string, KeyTable>> = {
  'get-api-keys': {
    type: 'AWS::ApiGateway::ApiKey',
    computed: ['id', 'createdDate', 'lastUpdatedDate'],
    dropped: { stageKeys: 'stages of REST APIs' }
  },
  'get-usage-plans': {
    type: 'AWS::ApiGateway::UsagePlan',
    computed: ['id'],
    renamed: { name: 'UsagePlanName' },
    dropped: { productCode: 'the product of AWS Marketplace; neither CloudFormation nor this gateway knows it' }
  },
  'get-usage-plan-keys': {
    type: 'AWS::ApiGateway::UsagePlanKey',
    computed: ['name', 'value'],
    renamed: { id: 'KeyId', type: 'KeyType' }
  }
}

export interface KeyItem {
  readonly type: string
  readonly id: string
  readonly properties: JsonObject
  readonly computed: readonly string[]
  readonly dropped: ReadonlyArray<{ readonly name: string, readonly why: string }>
}

export function readKeyItem (command: string, item: JsonObject, planId: string | undefined, path: PropertyPath): KeyItem {
  const { type, computed, renamed = {}, dropped = {} } = KEY_ANSWERS[command] as KeyTable
  const properties = Object.create(null) as JsonObject
  const droppedMembers: Array<{ name: string, why: string }> = []
  const computedMembers: string[] = []
  for (const [name, value] of Object.entries(item)) {
    if (computed.includes(name)) {
      if (name !== 'id') computedMembers.push(name)
    } else if (Object.hasOwn(dropped, name)) {
      if (!Array.isArray(value) || value.length > 0) droppedMembers.push({ name, why: dropped[name] as string })
    } else {
      properties[Object.hasOwn(renamed, name) ? renamed[name] as string : pascal(name)] = name === 'tags' ? toTagList(value) : toProperties(value)
    }
  }
  const id = readItemId(item, 'id', path)
  const isOfPlan = command === 'get-usage-plan-keys'
  if (isOfPlan) Object.assign(properties, { KeyId: createReference(id), UsagePlanId: createReference(String(planId)) })
  return {
    type, id: isOfPlan ? `${String(planId)}/${id}` : id, properties, computed: computedMembers, dropped: droppedMembers
  }
}

/** Names of members in Pascal case. */
function toProperties (value: Json): Json {
  if (Array.isArray(value)) return value.map(toProperties)
  return isObject(value) ? mapMembers(value, pascal, (member, name) => name === 'throttle' ? readThrottle(member) : toProperties(member)) : value
}

/** Of a stage limits by route key, of a plan limits. */
function readThrottle (throttle: Json): Json {
  const isByRouteKey = isObject(throttle) && Object.values(throttle).every(isObject)
  return isByRouteKey ? mapMembers(asObject(throttle), (routeKey) => routeKey, toProperties) : toProperties(throttle)
}

function mapMembers (object: JsonObject, rename: (name: string) => string, read: (member: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [rename(name), read(member, name)]))
}

function toTagList (tags: Json): Json[] {
  return Object.entries(asObject(tags)).map(([Key, Value]) => ({ Key, Value }))
}

function pascal (name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

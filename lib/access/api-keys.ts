// API keys and usage plans, compiled: which key is good at which stage, and what its use counts against. Keys are kept
// and looked up by their digest only.
import { createHash } from 'node:crypto'
import type { ApiKeyOptions, UsagePlanOptions } from '../../types/index.js'
import { OptionsInvalidError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { QuotaLimit, ThrottleLimit, UsageCounters, UsageOutcome } from './counters.ts'
import { LARGEST_OFFSET } from './quota-period.ts'

/** A key that is good at a stage. */
export interface BoundApiKey {
  readonly apiKeyId: string
  /** Counts one request on a route; a refusal where its plan is used up. */
  take (routeKey: string): Refusal | undefined | Promise<Refusal | undefined>
}

export interface ApiKeysOptions {
  readonly apiId: string
  readonly apiKeys: Readonly<Record<string, ApiKeyOptions>>
  readonly usagePlans: Readonly<Record<string, UsagePlanOptions>>
  readonly counters: UsageCounters
}

const REFUSALS: Readonly<Record<UsageOutcome, Refusal | undefined>> = {
  ADMITTED: undefined,
  THROTTLED: new Refusal('THROTTLED'),
  QUOTA_EXCEEDED: new Refusal('QUOTA_EXCEEDED')
}

export class ApiKeys {
  /** By digest and stage: only keys that are enabled and in a plan of that stage. */
  readonly #keys = new Map<string, ReadonlyMap<string, BoundApiKey>>()

  /** Throws AGW_ERR_OPTIONS_INVALID. */
  constructor (options: ApiKeysOptions) {
    const { apiKeys, usagePlans } = options
    checkPlans(apiKeys, usagePlans)
    const digests = new Map<string, string>()
    for (const [apiKeyId, key] of Object.entries(apiKeys)) {
      const digest = digestOf(apiKeyId, key)
      if (digest === undefined) continue
      const twin = digests.get(digest)
      if (twin !== undefined) throw new OptionsInvalidError(`options.apiKeys.${apiKeyId} has the value of options.apiKeys.${twin}; values are unique`)
      digests.set(digest, apiKeyId)
      if (key.enabled !== false) this.#keys.set(digest, bindKey(apiKeyId, options))
    }
  }

  /** The key of that value where it is good at the stage. */
  find (value: string | undefined, stageName: string): BoundApiKey | undefined {
    if (value === undefined || value === '') return undefined
    return this.#keys.get(digest(value))?.get(stageName)
  }
}

function digest (value: string): string {
  return createHash('sha256').update(value).digest('hex')
}

/** Undefined of a key whose value API Gateway would draw: nobody has it. */
function digestOf (apiKeyId: string, { value, valueSha256 }: ApiKeyOptions): string | undefined {
  if (value !== undefined && valueSha256 !== undefined) throw new OptionsInvalidError(`options.apiKeys.${apiKeyId} has both value and valueSha256; it must have one of them`)
  return valueSha256?.toLowerCase() ?? (value === undefined ? undefined : digest(value))
}

/** One key at each stage that a plan of it is attached to. */
function bindKey (apiKeyId: string, { apiId, usagePlans, counters }: ApiKeysOptions): ReadonlyMap<string, BoundApiKey> {
  const stages = new Map<string, BoundApiKey>()
  for (const [planId, plan] of Object.entries(usagePlans)) {
    if (plan.apiKeys?.includes(apiKeyId) !== true) continue
    for (const apiStage of plan.apiStages ?? []) {
      if (apiStage.apiId !== undefined && apiStage.apiId !== apiId) continue
      if (stages.has(apiStage.stage)) throw new OptionsInvalidError(`options.usagePlans.${planId} is a second plan of the API key ${apiKeyId} for the stage ${apiStage.stage}; one key has one plan for a stage`)
      stages.set(apiStage.stage, new MeteredKey(apiKeyId, planId, plan, apiStage, counters))
    }
  }
  return stages
}

type ApiStage = NonNullable<UsagePlanOptions['apiStages']>[number]

class MeteredKey implements BoundApiKey {
  readonly apiKeyId: string
  readonly #counters: UsageCounters
  readonly #quota: QuotaLimit | undefined
  readonly #usageKey: string
  /** Periods of another length are other numbers: a plan that goes from months to days begins anew. */
  readonly #quotaKey: string
  readonly #throttle: ThrottleLimit | undefined
  /** Routes with a throttle of their own, which replaces the plan's. */
  readonly #routes: ReadonlyMap<string, { readonly throttle: ThrottleLimit, readonly bucketKey: string }>

  constructor (
    apiKeyId: string, planId: string, { quota, throttle }: UsagePlanOptions, apiStage: ApiStage, counters: UsageCounters
  ) {
    const usageKey = [planId, apiKeyId].map(encodeURIComponent).join('/')
    this.apiKeyId = apiKeyId
    this.#counters = counters
    this.#usageKey = usageKey
    this.#quotaKey = quota === undefined ? usageKey : `${usageKey}/${quota.period}`
    this.#quota = quota && { limit: quota.limit, offset: quota.offset ?? 0, period: quota.period }
    this.#throttle = compileThrottle(throttle)
    this.#routes = new Map(Object.entries(apiStage.throttle ?? {}).map(([routeKey, limit]) => [routeKey, {
      throttle: compileThrottle(limit) as ThrottleLimit,
      bucketKey: [usageKey, ...[apiStage.stage, routeKey].map(encodeURIComponent)].join('/')
    }]))
  }

  take (routeKey: string): Refusal | undefined | Promise<Refusal | undefined> {
    const route = this.#routes.get(routeKey)
    const outcome = this.#counters.take({
      bucketKey: route?.bucketKey ?? this.#usageKey,
      throttle: route?.throttle ?? this.#throttle,
      quotaKey: this.#quotaKey,
      quota: this.#quota
    })
    if (typeof outcome === 'string') return REFUSALS[outcome]
    return outcome.then((settled) => REFUSALS[settled], (error) => new Refusal('AUTHORIZER_FAILURE', error as Error))
  }
}

function compileThrottle (given: UsagePlanOptions['throttle']): ThrottleLimit | undefined {
  if (given === undefined) return undefined
  const { rateLimit = Infinity, burstLimit = Math.max(1, rateLimit) } = given
  return { rateLimit, burstLimit }
}

function checkPlans (apiKeys: ApiKeysOptions['apiKeys'], usagePlans: ApiKeysOptions['usagePlans']): void {
  for (const [planId, { apiKeys: members = [], quota }] of Object.entries(usagePlans)) {
    for (const [i, apiKeyId] of members.entries()) {
      if (!Object.hasOwn(apiKeys, apiKeyId)) throw new OptionsInvalidError(`options.usagePlans.${planId}.apiKeys[${i}] is "${apiKeyId}", which options.apiKeys does not have`)
    }
    const largest = quota === undefined ? 0 : LARGEST_OFFSET[quota.period]
    if ((quota?.offset ?? 0) > largest) throw new OptionsInvalidError(`options.usagePlans.${planId}.quota.offset is ${quota?.offset}; it must be from 0 to ${largest} in the ${quota?.period} period`)
  }
}

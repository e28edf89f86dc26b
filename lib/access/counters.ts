// The counters behind usage plans, as the rooms above see them: one node's memory serves them here, and a store that
// nodes share can serve them as well.
import type { QuotaPeriod } from './quota-period.ts'

export interface ThrottleLimit {
  /** Requests a second. */
  readonly rateLimit: number
  readonly burstLimit: number
}

export interface QuotaLimit {
  readonly limit: number
  readonly offset: number
  readonly period: QuotaPeriod
}

/** One request to count: against a bucket, and once that admits it against a quota. */
export interface UsageRequest {
  readonly bucketKey: string
  readonly throttle: ThrottleLimit | undefined
  readonly quotaKey: string
  readonly quota: QuotaLimit | undefined
}

export type UsageOutcome = 'ADMITTED' | 'THROTTLED' | 'QUOTA_EXCEEDED'

export interface UsageCounters {
  /** Rejects where it cannot tell; such a request is not admitted. */
  take (request: UsageRequest): UsageOutcome | Promise<UsageOutcome>
  /** Resolves when everything counted is stored. */
  close (): Promise<void>
}

// Usage counters in this process's memory. Where the user gives a store, quotas are read from it once and written
// behind, so that they survive a restart.
import type { UsageRecord, UsageStore } from '../../types/index.js'
import { UsageRecordInvalidError } from '../errors.ts'
import type { QuotaLimit, UsageCounters, UsageOutcome, UsageRequest } from './counters.ts'
import { awaitLookup } from './deadline.ts'
import { numberPeriod } from './quota-period.ts'
import { TokenBucket } from './token-bucket.ts'

/** A store that hangs must not keep a server from closing. */
const CLOSES_WITHIN_MILLIS = 5000

export interface MemoryCountersOptions {
  readonly store?: UsageStore | undefined
  /** How long the store may take to load. */
  readonly timeoutInMillis?: number
  /** Told of what the store could not save. */
  readonly onError: (error: unknown) => void
  /** A monotonic clock in milliseconds, for buckets. */
  readonly clock?: () => number
  /** Epoch milliseconds, for quotas. */
  readonly now?: () => number
}

export class MemoryCounters implements UsageCounters {
  readonly #options: MemoryCountersOptions
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #quotas = new Map<string, QuotaCounter>()
  readonly #loading = new Map<string, Promise<QuotaCounter>>()

  constructor (options: MemoryCountersOptions) {
    this.#options = options
  }

  take (request: UsageRequest): UsageOutcome | Promise<UsageOutcome> {
    const { throttle, quota, quotaKey } = request
    if (throttle !== undefined && !this.#bucket(request.bucketKey, throttle.rateLimit, throttle.burstLimit).take()) return 'THROTTLED'
    if (quota === undefined) return 'ADMITTED'
    const counter = this.#quotas.get(quotaKey)
    if (counter !== undefined) return this.#count(counter, quota)
    return this.#options.store === undefined
      ? this.#count(this.#addQuota(quotaKey, { period: 0, used: 0 }), quota)
      : this.#load(quotaKey, this.#options.store).then((loaded) => this.#count(loaded, quota))
  }

  async close (): Promise<void> {
    const { onError, timeoutInMillis = Infinity } = this.#options
    await Promise.all([...this.#quotas.values()].map(async (counter) => {
      try {
        await awaitLookup(counter.saved(), 'usageStore.save', Math.min(timeoutInMillis, CLOSES_WITHIN_MILLIS))
      } catch (error) {
        onError(error)
      }
    }))
  }

  #bucket (key: string, rate: number, burst: number): TokenBucket {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) this.#buckets.set(key, bucket = new TokenBucket(rate, burst, this.#options.clock))
    return bucket
  }

  #count (counter: QuotaCounter, { limit, offset, period }: QuotaLimit): UsageOutcome {
    const { now = Date.now } = this.#options
    return counter.take(numberPeriod(period, offset, now()), limit) ? 'ADMITTED' : 'QUOTA_EXCEEDED'
  }

  #addQuota (key: string, record: UsageRecord): QuotaCounter {
    const counter = new QuotaCounter(key, record, this.#options)
    this.#quotas.set(key, counter)
    return counter
  }

  /** Loads once, however many ask; what failed is asked for anew by the next. */
  #load (key: string, store: UsageStore): Promise<QuotaCounter> {
    let loading = this.#loading.get(key)
    if (loading === undefined) {
      const { timeoutInMillis = Infinity } = this.#options
      loading = (async () => {
        const record = await awaitLookup(store.load(key), 'usageStore.load', timeoutInMillis)
        return this.#addQuota(key, readRecord(key, record))
      })()
        .finally(() => { this.#loading.delete(key) })
      this.#loading.set(key, loading)
    }
    return loading
  }
}

/** One quota: how much of its latest period is used. */
class QuotaCounter {
  readonly #key: string
  readonly #options: MemoryCountersOptions
  #period: number
  #used: number
  #isDirty = false
  #saving: Promise<void> | undefined

  constructor (key: string, { period, used }: UsageRecord, options: MemoryCountersOptions) {
    this.#key = key
    this.#options = options
    this.#period = period
    this.#used = used
  }

  take (period: number, limit: number): boolean {
    // Only forwards: a clock that is set back does not fill a quota up again.
    if (period > this.#period) {
      this.#period = period
      this.#used = 0
    }
    if (this.#used >= limit) return false
    this.#used++
    this.#save()
    return true
  }

  async saved (): Promise<void> {
    await this.#saving
    if (this.#isDirty) {
      this.#save()
      await this.#saving
    }
  }

  /** One write at a time; what is counted meanwhile goes with the next. */
  #save (): void {
    const { store } = this.#options
    if (store === undefined) return
    this.#isDirty = true
    this.#saving ??= this.#write(store).finally(() => { this.#saving = undefined })
  }

  async #write (store: UsageStore): Promise<void> {
    // Not in the tick of the request: everything counted in one tick is one write.
    await undefined
    while (this.#isDirty) {
      this.#isDirty = false
      try {
        await store.save(this.#key, { period: this.#period, used: this.#used })
      } catch (error) {
        this.#isDirty = true
        this.#options.onError(error)
        return
      }
    }
  }
}

function readRecord (key: string, record: UsageRecord | null | undefined): UsageRecord {
  if (record === undefined || record === null) return { period: 0, used: 0 }
  const { period, used } = record
  if (!Number.isInteger(period) || !Number.isInteger(used) || used < 0) {
    throw new UsageRecordInvalidError(key, JSON.stringify(record))
  }
  return { period, used }
}

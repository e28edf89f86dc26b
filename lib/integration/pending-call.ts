// A call whose answer may take time: whichever comes first of answer, failure and timeout completes it, once.
import { IntegrationTimeoutError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import type { TimingWheel, WheelEntry } from '../timing-wheel.ts'
import type { HandlerRequest } from './integration.ts'

export type Complete<Request, Outcome> = (request: Request, outcome: Outcome | Refusal) => void

/** How long a call may take, and where it waits. */
export interface CallTimeout {
  readonly timeoutInMillis: number
  /** Where calls that are not over at once wait for their timeout. */
  readonly timeouts: TimingWheel
}

export abstract class PendingCall<Request extends HandlerRequest, Outcome> implements WheelEntry {
  readonly timeout: CallTimeout
  readonly request: Request
  readonly complete: Complete<Request, Outcome>
  /** On the wheel's clock. */
  deadline: number
  wheelNext: WheelEntry | null = null
  wheelPrev: WheelEntry | null = null
  isWaiting = false
  isCompleted = false
  /** Set once the time is over. */
  timeoutError: Error | undefined = undefined

  constructor (timeout: CallTimeout, request: Request, complete: Complete<Request, Outcome>) {
    this.timeout = timeout
    this.request = request
    this.complete = complete
    // A handshake may have waited for an authorizer before its integration is called; a message waits for nobody.
    const startedAt = request.eventType === 'CONNECT' ? performance.now() : request.startedAt
    this.deadline = startedAt + timeout.timeoutInMillis
  }

  /** Tells the other side that nobody waits any more. */
  abstract abort (cause: Error): void

  wait (): void {
    if (this.deadline === Infinity || this.isCompleted) return
    this.isWaiting = true
    this.timeout.timeouts.add(this)
  }

  onDeadline (): void {
    this.isWaiting = false
    this.timeoutError = new IntegrationTimeoutError(this.timeout.timeoutInMillis)
    this.end(new Refusal('INTEGRATION_TIMEOUT', this.timeoutError))
    this.abort(this.timeoutError)
  }

  end (outcome: Outcome | Refusal): void {
    if (this.isCompleted) return
    this.isCompleted = true
    if (this.isWaiting) this.timeout.timeouts.remove(this)
    this.complete(this.request, outcome)
  }
}

// What the sockets of one API share: frame limits, the wheel of their deadlines, and whether anything goes on.
import type { Api } from '../api/index.ts'
import { guardLog } from '../guarded-log.ts'
import { TimingWheel } from '../timing-wheel.ts'
import type { FrameLimits } from './frame-policy.ts'

/** The wheel looks twenty times within the shortest limit, but not more often than every 5 ms. */
const LOOKS_PER_LIMIT = 20
const SHORTEST_TICK = 5
const LONGEST_TICK = 1000
const WHEEL_SLOTS = 1024

/** A handshake that has passed the gateway's checks and is not answered yet. */
export interface Handshake {
  /** Answers it 503: the closing server waits no longer for its hooks or for $connect. */
  abandon (): void
}

export class Transport {
  readonly api: Api
  readonly frameLimits: FrameLimits
  readonly deadlines: TimingWheel
  readonly handshakes = new Set<Handshake>()

  constructor (api: Api) {
    const { quotas } = api.settings
    const { frameBytes, messageBytes } = quotas
    const shortest = Math.min(
      quotas.idleTimeoutInMillis, quotas.connectionDurationInMillis, quotas.closeTimeoutInMillis
    )
    this.api = api
    this.frameLimits = { frameBytes, messageBytes, binary: false, compression: false }
    this.deadlines = new TimingWheel({
      tickInMillis: Math.min(LONGEST_TICK, Math.max(SHORTEST_TICK, Math.floor(shortest / LOOKS_PER_LIMIT))),
      slots: WHEEL_SLOTS,
      onError: (err) => { guardLog(() => { api.log.error({ err }, 'closing a connection failed') }) }
    })
  }

  get pendingHandshakes (): number {
    return this.handshakes.size
  }

  /** Nothing is open, nothing is about to open, no message is in progress. */
  get isIdle (): boolean {
    const { messagesInFlight, openConnections } = this.api
    return openConnections.size + messagesInFlight + this.pendingHandshakes === 0
  }
}

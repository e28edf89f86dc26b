// What the sockets of one API share: frame limits, the wheel of their deadlines, and who waits for them to close.
import type { Api } from '../api/index.ts'
import { TimingWheel } from '../timing-wheel.ts'
import type { FrameLimits } from './frame-policy.ts'

/** The wheel looks twenty times within the shortest limit, but not more often than every 5 ms. */
const LOOKS_PER_LIMIT = 20
const SHORTEST_TICK = 5
const LONGEST_TICK = 1000
const WHEEL_SLOTS = 1024

export class Transport {
  readonly api: Api
  readonly frameLimits: FrameLimits
  readonly deadlines: TimingWheel
  /** Handshakes that have passed the gateway's checks and are not answered yet. */
  pendingHandshakes = 0
  #onAllClosed: (() => void) | undefined

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
      onError: (err) => { api.log.error({ err }, 'closing a connection failed') }
    })
  }

  /** One connection is gone. */
  onConnectionClosed (): void {
    if (this.api.openConnections.size === 0) this.#onAllClosed?.()
  }

  /** Resolves when no connection is open, or after so many milliseconds. True in the first case. */
  async allClosed (withinMillis: number): Promise<boolean> {
    if (this.api.openConnections.size === 0) return true
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => { resolve(false) }, Math.min(withinMillis, 0x7fffffff))
      this.#onAllClosed = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}

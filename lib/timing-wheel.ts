// One timer for a hundred thousand deadlines: a hashed timing wheel (Varghese and Lauck, 1987) over its owners' records.
//
// A setTimeout for each connection costs memory, and moving it costs time on every message. Here an owner that lives on
// writes a later number into `deadline` and is done; the wheel notices when the old slot comes up and files the entry
// anew. Adding and removing are O(1), and nothing is allocated for an entry.
import { AsyncResource } from 'node:async_hooks'

interface WheelLink {
  wheelNext: WheelLink | null
  wheelPrev: WheelLink | null
}

/** What a record needs to be in a wheel; in one wheel at a time. Both links begin as null and belong to the wheel. */
export interface WheelEntry extends WheelLink {
  /**
   * Milliseconds on the clock of `performance.now()`; `Infinity` never comes. It may be moved later at any time by
   * writing it; to move it earlier, write it and add the entry again.
   */
  deadline: number
  /** Called once the deadline has passed. The entry is out of the wheel then and may add itself again. */
  onDeadline (now: number): void
}

export interface TimingWheelOptions {
  /** How late a deadline may be noticed, and how often the wheel looks. */
  tickInMillis: number
  /** Ticks in one turn. Deadlines further away are looked at once a turn. */
  slots: number
  /** Told what an `onDeadline` threw; the other entries are served all the same. */
  onError: (error: unknown, entry: WheelEntry) => void
  /** A monotonic clock in milliseconds, for tests. */
  clock?: () => number
}

export class TimingWheel {
  /** How many entries are in the wheel. */
  size = 0

  private readonly tickInMillis: number
  private readonly onError: TimingWheelOptions['onError']
  private readonly clock: () => number
  private readonly slots: WheelLink[]
  /** The entries of the slot that is being served, so that serving one may add or remove any other. */
  private readonly due = createList()
  /** The last tick served. Ticks are whole multiples of `tickInMillis` on the clock, so lateness never adds up. */
  private tick = 0
  private timer: NodeJS.Timeout | undefined
  // Bound, or every deadline would run in the async context of the request that once woke the wheel, and keep it.
  private readonly onTimer = AsyncResource.bind((): void => this.advance())

  constructor (options: TimingWheelOptions) {
    this.tickInMillis = options.tickInMillis
    this.onError = options.onError
    this.clock = options.clock ?? (() => performance.now())
    this.slots = Array.from({ length: options.slots }, createList)
  }

  /** Files an entry under its deadline; one that is filed already is filed anew. */
  add (entry: WheelEntry): void {
    this.remove(entry)
    const asleep = this.timer === undefined
    if (asleep) this.tick = Math.floor(this.clock() / this.tickInMillis)
    this.file(entry)
    this.size++
    if (asleep) this.arm()
  }

  /** Takes an entry out, if it is in. */
  remove (entry: WheelEntry): void {
    if (entry.wheelNext === null) return
    unlink(entry)
    // The timer runs on to its next tick and stops there: a wheel that is empty between two messages starts no timer.
    this.size--
  }

  /** Serves every deadline up to now, however long ago the last call was. The wheel's own timer calls it. */
  advance (): void {
    const now = this.clock()
    const current = Math.floor(now / this.tickInMillis)
    // After a stall of more than a turn each slot is visited once.
    this.tick = Math.max(this.tick, current - this.slots.length)
    try {
      this.serve(now)
      while (this.tick < current) {
        this.tick++
        splice(this.slots[this.tick % this.slots.length] as WheelLink, this.due)
        this.serve(now)
      }
    } finally {
      this.arm()
    }
  }

  private serve (now: number): void {
    while (this.due.wheelNext !== this.due) {
      const entry = this.due.wheelNext as WheelEntry
      unlink(entry)
      if (entry.deadline <= now) {
        this.size--
        this.fire(entry, now)
      } else {
        this.file(entry)
      }
    }
  }

  private fire (entry: WheelEntry, now: number): void {
    try {
      entry.onDeadline(now)
    } catch (error) {
      this.onError(error, entry)
    }
  }

  private file (entry: WheelEntry): void {
    // Rounded up, so that a slot never comes before its deadlines. What is overdue comes with the next tick, not with
    // this one: an entry that adds itself again and again cannot hold the wheel.
    const soonest = this.tick + 1
    const furthest = this.tick + this.slots.length
    const wanted = Math.ceil(entry.deadline / this.tickInMillis)
    const tick = wanted < soonest ? soonest : wanted < furthest ? wanted : furthest
    link(entry, this.slots[tick % this.slots.length] as WheelLink)
  }

  /** Sets the timer to the next tick by the clock, or stops it where nothing is left to wait for. */
  private arm (): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.size === 0) return
    const delay = (this.tick + 1) * this.tickInMillis - this.clock()
    this.timer = setTimeout(this.onTimer, Math.ceil(delay)).unref()
  }
}

/** A list is a circle that its own head is part of; an empty one is the head alone. */
function createList (): WheelLink {
  const head: WheelLink = { wheelNext: null, wheelPrev: null }
  head.wheelNext = head
  head.wheelPrev = head
  return head
}

function link (entry: WheelLink, head: WheelLink): void {
  const last = head.wheelPrev as WheelLink
  entry.wheelNext = head
  entry.wheelPrev = last
  last.wheelNext = entry
  head.wheelPrev = entry
}

function unlink (entry: WheelLink): void {
  const next = entry.wheelNext as WheelLink
  const previous = entry.wheelPrev as WheelLink
  previous.wheelNext = next
  next.wheelPrev = previous
  entry.wheelNext = null
  entry.wheelPrev = null
}

/** Moves all entries of one list to the end of another. */
function splice (from: WheelLink, to: WheelLink): void {
  if (from.wheelNext === from) return
  const first = from.wheelNext as WheelLink
  const last = from.wheelPrev as WheelLink
  const end = to.wheelPrev as WheelLink
  end.wheelNext = first
  first.wheelPrev = end
  last.wheelNext = to
  to.wheelPrev = last
  from.wheelNext = from
  from.wheelPrev = from
}

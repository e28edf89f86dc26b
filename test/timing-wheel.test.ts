// The wheel on a clock turned by hand, against a plain list of deadlines, and on the real clock.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { TimingWheel, type WheelEntry } from '../lib/timing-wheel.ts'

/** A record as an owner keeps one, noting when its deadline was served. */
class Connection implements WheelEntry {
  deadline: number
  wheelNext: WheelEntry | null = null
  wheelPrev: WheelEntry | null = null
  served: number[] = []
  then: ((now: number) => void) | undefined

  constructor (deadline: number, then?: (now: number) => void) {
    this.deadline = deadline
    this.then = then
  }

  onDeadline (now: number): void {
    this.served.push(now)
    this.then?.(now)
  }
}

/** A wheel whose clock a test moves; its own timer finds the same clock and so does nothing. */
function createHandWheel (options: { slots?: number, now?: number } = {}) {
  const clock = (): number => hand.now
  const onError = (error: unknown): void => { throw error }
  const hand = {
    now: options.now ?? 1000.5,
    wheel: new TimingWheel({ tickInMillis: 10, slots: options.slots ?? 8, onError, clock }),
    turnTo (now: number) {
      hand.now = now
      hand.wheel.advance()
    },
    /** As the timer does it: tick by tick. */
    walkTo (now: number) {
      while (hand.now + 10 < now) hand.turnTo(hand.now + 10)
      hand.turnTo(now)
    }
  }
  return hand
}

t.test('a deadline is served once, never early and within a tick', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(1025)
  hand.wheel.add(connection)
  t.equal(hand.wheel.size, 1)
  hand.turnTo(1024.9)
  t.same(connection.served, [])
  hand.turnTo(1030)
  t.same(connection.served, [1030])
  t.equal(hand.wheel.size, 0)
  hand.walkTo(2000)
  t.same(connection.served, [1030])
})

t.test('a deadline on the edge of a tick is served at that tick', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(1030)
  hand.wheel.add(connection)
  hand.turnTo(1029.999)
  t.same(connection.served, [])
  hand.turnTo(1030)
  t.same(connection.served, [1030])
})

t.test('a deadline that has passed already is served at the next tick', async (t) => {
  const hand = createHandWheel()
  for (const deadline of [-Infinity, 0, 1000, 1000.5]) {
    const connection = new Connection(deadline)
    hand.wheel.add(connection)
    t.same(connection.served, [], 'not while it is added')
    hand.turnTo(hand.now + 10)
    t.same(connection.served, [hand.now])
  }
})

t.test('deadlines beyond the horizon wait for their turn', async (t) => {
  const hand = createHandWheel()
  const connections = [1079, 1080, 1081, 1085, 1090, 1159, 1165, 5003].map((deadline) => new Connection(deadline))
  for (const connection of connections) hand.wheel.add(connection)
  hand.walkTo(6000)
  for (const { deadline, served } of connections) {
    t.equal(served.length, 1)
    t.ok(served[0]! >= deadline && served[0]! <= deadline + 10.5, `${deadline} came at ${served}`)
  }
})

t.test('a deadline of Infinity never comes and can be taken out', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(Infinity)
  hand.wheel.add(connection)
  hand.walkTo(3000)
  hand.turnTo(1e15)
  t.same(connection.served, [])
  hand.wheel.remove(connection)
  t.equal(hand.wheel.size, 0)
})

t.test('a deadline that its owner moved later is served at the later time', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(1030)
  hand.wheel.add(connection)
  for (let message = 0; message < 50; message++) {
    connection.deadline = hand.now + 30
    hand.turnTo(hand.now + 20)
  }
  t.same(connection.served, [])
  const last = connection.deadline
  hand.walkTo(last + 10)
  t.equal(connection.served.length, 1)
  t.ok(connection.served[0]! >= last)
})

t.test('a deadline that moves earlier is served in time when the entry is added again', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(1070)
  hand.wheel.add(connection)
  connection.deadline = 1020
  hand.wheel.add(connection)
  t.equal(hand.wheel.size, 1, 'and the entry is in the wheel once')
  hand.turnTo(1020)
  t.same(connection.served, [1020])
})

t.test('removing an entry that is not in the wheel changes nothing', async (t) => {
  const hand = createHandWheel()
  const connection = new Connection(1020)
  hand.wheel.remove(connection)
  hand.wheel.add(connection)
  hand.wheel.remove(connection)
  hand.wheel.remove(connection)
  t.equal(hand.wheel.size, 0)
  hand.walkTo(1100)
  t.same(connection.served, [])
})

t.test('a stall of any length is caught up in one go, each deadline once and none early', async (t) => {
  for (const stall of [9, 25, 79, 80, 81, 160, 999, 1e9]) {
    const hand = createHandWheel()
    const connections = Array.from({ length: 300 }, (_, i) => new Connection(1001 + i * 4.7))
    for (const connection of connections) hand.wheel.add(connection)
    const then = 1000.5 + stall
    hand.turnTo(then)
    // What fell due within the tick that has just begun may wait for the next one.
    const edge = Math.floor(then / 10) * 10
    t.ok(connections.every(({ deadline, served }) =>
      deadline <= edge ? served.length === 1 : deadline > then ? served.length === 0 : served.length < 2), `${stall} ms`)
    hand.walkTo(then + 1500)
    t.ok(connections.every(({ deadline, served }) => served.length === 1 && served[0]! >= deadline), 'and the rest later')
    t.equal(hand.wheel.size, 0)
  }
})

t.test('an owner that throws does not keep the others from their deadline', async (t) => {
  const hand = createHandWheel()
  const told: WheelEntry[] = []
  const wheel = new TimingWheel({ tickInMillis: 10, slots: 4, clock: () => hand.now, onError: (_, entry) => told.push(entry) })
  const broken = new Connection(1020, () => { throw new Error('broken') })
  const others = [new Connection(1020), broken, new Connection(1020), new Connection(1030)]
  for (const connection of others) wheel.add(connection)
  hand.now = 1030
  wheel.advance()
  t.ok(others.every(({ served }) => served.length === 1))
  t.equal(told.length, 1)
  t.equal(told[0], broken)
  t.equal(wheel.size, 0)
})

t.test('an error handler that throws loses no deadline either', async (t) => {
  let now = 1000
  const wheel = new TimingWheel({ tickInMillis: 10, slots: 4, clock: () => now, onError: (error) => { throw error } })
  const connections = [new Connection(1020, () => { throw new Error('broken') }), new Connection(1020), new Connection(1025)]
  for (const connection of connections) wheel.add(connection)
  now = 1040
  t.throws(() => wheel.advance(), /broken/)
  wheel.advance()
  t.same(connections.map(({ served }) => served.length), [1, 1, 1])
})

t.test('an owner may take out its neighbours and itself while it is served', async (t) => {
  const hand = createHandWheel()
  const before = new Connection(1020)
  const after = new Connection(1020)
  const later = new Connection(1050)
  const actor = new Connection(1020, () => {
    for (const connection of [before, actor, after, later]) hand.wheel.remove(connection)
  })
  for (const connection of [before, actor, after, later]) hand.wheel.add(connection)
  hand.walkTo(1100)
  t.same([before, actor, after, later].map(({ served }) => served.length), [1, 1, 0, 0])
  t.equal(hand.wheel.size, 0)
})

t.test('an owner may add itself and others while it is served', async (t) => {
  const hand = createHandWheel()
  const other = new Connection(1015)
  const beat: Connection = new Connection(1020, (now) => {
    beat.deadline = now + 20
    hand.wheel.add(beat)
    if (beat.served.length === 1) hand.wheel.add(other)
  })
  hand.wheel.add(beat)
  hand.turnTo(1020)
  t.same(other.served, [], 'an overdue newcomer waits for the next tick')
  for (const now of [1030, 1040, 1050, 1060]) hand.turnTo(now)
  t.same(other.served, [1030])
  t.same(beat.served, [1020, 1040, 1060])
  t.equal(hand.wheel.size, 1)
  hand.wheel.remove(beat)
})

t.test('an owner that always adds itself overdue cannot hold the wheel', async (t) => {
  const hand = createHandWheel()
  const eager: Connection = new Connection(0, () => hand.wheel.add(eager))
  hand.wheel.add(eager)
  hand.turnTo(1020)
  t.equal(eager.served.length, 2, 'once a tick')
  hand.wheel.remove(eager)
})

t.test('an owner may move its neighbour later while both are due', async (t) => {
  const hand = createHandWheel()
  const neighbour = new Connection(1020)
  hand.wheel.add(new Connection(1020, () => { neighbour.deadline = 1055 }))
  hand.wheel.add(neighbour)
  hand.turnTo(1020)
  t.same(neighbour.served, [])
  hand.walkTo(1070)
  t.equal(neighbour.served.length, 1)
  t.ok(neighbour.served[0]! >= 1055)
})

t.test('a wheel that slept starts at the time it wakes', async (t) => {
  const hand = createHandWheel()
  hand.wheel.add(new Connection(1010))
  hand.turnTo(1020)
  hand.now = 987_654_321
  const connection = new Connection(hand.now + 25)
  hand.wheel.add(connection)
  hand.walkTo(hand.now + 24)
  t.same(connection.served, [])
  hand.walkTo(hand.now + 11)
  t.equal(connection.served.length, 1)
})

t.test('after any history the wheel has served what a plain list would have served', async (t) => {
  let seed = 7
  const dice = (sides: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return Math.floor(seed / 2 ** 32 * sides)
  }
  for (let round = 0; round < 40; round++) {
    const hand = createHandWheel({ slots: 1 + dice(12), now: dice(1000) })
    /** Each entry with the first tick that may serve it. */
    const waiting = new Map<Connection, number>()
    const wrong: string[] = []
    for (let step = 0; step < 400; step++) {
      const connection: Connection = new Connection(hand.now - 20 + dice(400), (now) => {
        if (!waiting.delete(connection)) wrong.push('served though not waiting')
        if (now < connection.deadline) wrong.push('served early')
      })
      const any = [...waiting.keys()][dice(waiting.size)]
      const what = dice(5)
      if (what < 2) {
        waiting.set(connection, Math.floor(hand.now / 10) + 1)
        hand.wheel.add(connection)
      } else if (what === 2 && any !== undefined) {
        any.deadline += dice(300)
      } else if (what === 3 && any !== undefined) {
        waiting.delete(any)
        hand.wheel.remove(any)
      } else {
        hand.turnTo(hand.now + dice(dice(20) === 0 ? 500 : 12))
        for (const [{ deadline }, soonest] of waiting) {
          if (Math.max(soonest, Math.ceil(deadline / 10)) * 10 <= hand.now) wrong.push(`late: ${deadline} at ${hand.now}`)
        }
      }
      if (hand.wheel.size !== waiting.size) wrong.push('size')
    }
    hand.turnTo(hand.now + 1e6)
    t.same(wrong, [])
    t.same([hand.wheel.size, waiting.size], [0, 0])
  }
})

t.test('on the real clock no deadline is early and all come', async (t) => {
  const wheel = new TimingWheel({ tickInMillis: 10, slots: 16, onError: (error) => { throw error } })
  const started = performance.now()
  const connections = Array.from({ length: 60 }, (_, i) => new Connection(started + 5 + i * 5))
  for (const connection of connections) wheel.add(connection)
  await sleep(60)
  const stalled = performance.now()
  while (performance.now() < stalled + 80);
  while (wheel.size > 0) await sleep(10)
  t.ok(connections.every(({ deadline, served }) => served.length === 1 && served[0]! >= deadline))
  t.ok(performance.now() - started >= 300)
})

t.test('the timer holds no process, and stops and starts with the entries', async (t) => {
  let looks = 0
  const wheel = new TimingWheel({ tickInMillis: 20, slots: 16, onError: () => {}, clock: () => { looks++; return performance.now() } })
  await sleep(20)
  t.equal(looks, 0, 'a wheel that was never used does nothing')
  const connection = new Connection(Infinity)
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  wheel.add(connection)
  const started = performance.now()
  t.equal(timers(), before, 'its timer is not one that holds the process')
  await sleep(100)
  t.equal(timers(), before, 'nor are the later ones')
  t.ok(looks > 2, 'it turns')
  t.ok(looks <= 4 * (2 + (performance.now() - started) / 20), 'and looks at the clock a few times a tick')
  wheel.remove(connection)
  await sleep(100)
  const asleep = looks
  await sleep(50)
  t.equal(looks, asleep, 'it sleeps')
  const again = new Connection(performance.now() + 10)
  wheel.add(again)
  while (wheel.size > 0) await sleep(5)
  t.equal(again.served.length, 1, 'it wakes')
})

t.test('a deadline does not run in the async context of whoever woke the wheel', async (t) => {
  const wheel = new TimingWheel({ tickInMillis: 5, slots: 16, onError: (error) => { throw error } })
  const requests = new AsyncLocalStorage<string>()
  const stores: unknown[] = []
  for (const after of [1, 15]) {
    const connection = new Connection(performance.now() + after, () => stores.push(requests.getStore()))
    requests.run('a request', () => wheel.add(connection))
  }
  while (wheel.size > 0) await sleep(5)
  t.same(stores, [undefined, undefined])
})

// Runs the program of a pattern over a text: backtracking as Java does it, on a stack of its own, with a limit on its steps.
import type { CodeSet } from './code-set.ts'
import { holds } from './code-set.ts'
import type { Instruction, PatternProgram } from './pattern-program.ts'
import { OP } from './pattern-program.ts'

/** A run took more steps than its text is worth. */
export class PatternOverrun extends Error {}

/** How many steps patterns may still take, for several operations that answer one message. */
export interface PatternBudget {
  steps: number
}

/** What one operation may take, however long its text: some tens of milliseconds. */
const MAX_STEPS = 2_000_000
/** Nor does it keep more choices open than take these numbers. */
const MAX_STACK = 4_000_000
/** From so many steps on a search remembers where it failed, which makes its work grow with the text alone. */
const STEPS_BEFORE_MEMO = 2_000
/** Setting up a memory of so many bits costs as much as a step. */
const MEMO_BITS_PER_STEP = 256
/** No more places are remembered than these bits can tell: 8 MB. */
const MAX_MEMO_BITS = 64 * 1024 * 1024

/* What lies on the stack, four numbers each: go on at an instruction; put a slot back; give back one character of a run; take one more. */
const GO_ON = 0
const PUT_BACK = 1
const GIVE_BACK = 2
const TAKE_MORE = 3

/** How far back a character reaches that ends at `at`, not beyond `lowest`. */
function widthBefore (text: string, at: number, lowest: number): number {
  if (at - 2 < lowest) return 1
  const low = text.charCodeAt(at - 1)
  if (low < 0xdc00 || low > 0xdfff) return 1
  const high = text.charCodeAt(at - 2)
  return high >= 0xd800 && high <= 0xdbff ? 2 : 1
}

/** How wide the character at `at` is if it is in a set, else 0. */
function widthIn (set: CodeSet, text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit < 256) return set.low[unit] as number
  if (unit < 0xd800 || unit > 0xdfff) return set.test(unit) ? 1 : 0
  if (at >= text.length) return 0
  const code = text.codePointAt(at) as number
  return holds(set, code) ? code > 0xffff ? 2 : 1 : 0
}

/** A budget of as many steps as one operation may take. */
export const createPatternBudget = (): PatternBudget => ({ steps: MAX_STEPS })

/** One operation on one text; its step limit is for all searches it makes. */
export class PatternMachine {
  readonly #program: PatternProgram
  readonly #text: string
  /** Where each group starts and ends, -1 where it has not matched; notes and counters behind. */
  readonly slots: number[]
  /** Where the last match ended: what \G asks for. */
  lastEnd: number
  readonly #stack: number[] = []
  #steps = 0
  readonly #maxSteps: number
  #memo: Uint32Array | undefined
  #memoFrom: number
  readonly #memoBits: number

  constructor (program: PatternProgram, text: string, budget: PatternBudget | undefined, lastEnd = 0) {
    this.#program = program
    this.#text = text
    this.#maxSteps = budget === undefined ? MAX_STEPS : Math.min(budget.steps, MAX_STEPS)
    this.lastEnd = lastEnd
    this.slots = new Array<number>(program.slotCount).fill(-1)
    this.#memoBits = program.memoCount * (text.length + 1)
    this.#memoFrom = this.#nextMemo()
  }

  /** Forgets the groups, and what failed: another search may pass where the last one succeeded. */
  reset (lastEnd: number): void {
    this.lastEnd = lastEnd
    this.slots.fill(-1)
    this.#memo = undefined
    this.#memoFrom = this.#nextMemo()
  }

  #nextMemo (): number {
    if (this.#memoBits === 0 || this.#memoBits > MAX_MEMO_BITS) return Infinity
    return this.#steps + Math.max(STEPS_BEFORE_MEMO, this.#memoBits / MEMO_BITS_PER_STEP)
  }

  /** Matches at a place; `end` is where the match must end, or -1. Gives where it ends, or -1. */
  match (at: number, end: number): number {
    return this.#run(0, at, end, true)
  }

  /** How many steps were taken. */
  get steps (): number {
    return this.#steps
  }

  #count (steps: number): void {
    this.#steps += steps
    if (this.#steps > this.#maxSteps || this.#stack.length > MAX_STACK) {
      throw new PatternOverrun(`it takes too many steps on a text of ${this.#text.length} characters`)
    }
  }

  #push (kind: number, a: number, b: number, c: number): void {
    this.#stack.push(kind, a, b, c)
  }

  #set (slot: number, value: number): void {
    this.#push(PUT_BACK, slot, this.slots[slot] as number, 0)
    this.slots[slot] = value
  }

  /** Whether an instruction was tried here before, in the same state; the next time it will have been. */
  #wasTried ({ memo, notes }: Instruction, at: number): boolean {
    const bits = this.#memo
    if (bits === undefined || memo < 0) return false
    let state = memo
    for (let i = 0; i < notes.length; i++) if (this.slots[notes[i] as number] === at) state += 1 << i
    const bit = state * (this.#text.length + 1) + at
    const word = bits[bit >>> 5] as number
    const mask = 1 << (bit & 31)
    bits[bit >>> 5] = word | mask
    return (word & mask) !== 0
  }

  #startMemo (): void {
    this.#memoFrom = Infinity
    this.#memo = new Uint32Array((this.#memoBits >>> 5) + 1)
  }

  /** Runs from an instruction to a `match`; what it leaves on the stack is dropped where it succeeds. */
  #run (start: number, from: number, end: number, whole: boolean): number {
    const { instructions } = this.#program
    const text = this.#text
    const stack = this.#stack
    const floor = stack.length
    let pc = start
    let at = from
    for (;;) {
      if (++this.#steps > this.#memoFrom && whole) this.#startMemo()
      if ((this.#steps & 0xff) === 0) this.#count(0)
      const instruction = instructions[pc] as Instruction
      let ok = true
      switch (instruction.op) {
        case OP.literal: {
          const { literal } = instruction
          if (literal.length === 1 ? text[at] === literal : text.startsWith(literal, at)) at += literal.length
          else ok = false
          pc++
          break
        }
        case OP.set: {
          const width = widthIn(instruction.set as CodeSet, text, at)
          if (width > 0 && at < text.length) at += width
          else ok = false
          pc++
          break
        }
        case OP.run: {
          at = this.#startRun(instruction, pc, at, whole)
          ok = at >= 0
          pc++
          break
        }
        case OP.split:
          if (whole && this.#wasTried(instruction, at)) ok = false
          else {
            this.#push(GO_ON, instruction.other, at, 0)
            pc = instruction.to
          }
          break
        case OP.jump:
          pc = instruction.to
          break
        case OP.note:
          this.#set(instruction.slot, at)
          pc++
          break
        case OP.progress:
          pc = this.slots[instruction.slot] === at ? instruction.to : pc + 1
          break
        case OP.capture: {
          const group = instruction.group * 2
          this.#set(group, this.slots[instruction.slot] as number)
          this.#set(group + 1, at)
          pc++
          break
        }
        case OP.captureLast:
          if (at > (this.slots[instruction.slot] as number)) {
            const group = instruction.group * 2
            this.#set(group, at - widthBefore(text, at, this.slots[instruction.slot] as number))
            this.#set(group + 1, at)
          }
          pc++
          break
        case OP.assert:
          ok = (instruction.test as NonNullable<Instruction['test']>)(text, at)
          pc++
          break
        case OP.lastMatch:
          ok = at === this.lastEnd
          pc++
          break
        case OP.reference:
          at = this.#matchReference(instruction, at)
          ok = at >= 0
          pc++
          break
        case OP.lookahead:
          ok = (this.#run(pc + 1, at, -1, false) >= 0) !== instruction.negative
          pc = instruction.to
          break
        case OP.lookbehind:
          ok = this.#looksBehind(instruction, pc + 1, at) !== instruction.negative
          pc = instruction.to
          break
        case OP.possessive:
          at = this.#runPossessive(instruction, pc + 1, at)
          ok = at >= 0
          pc = instruction.to
          break
        case OP.countStart:
          this.#set(instruction.slot, 0)
          pc++
          break
        case OP.countNext: {
          const { slot, min, max, mode, to } = instruction
          const rounds = this.slots[slot] as number
          if (rounds >= max) pc = to
          else if (rounds < min || mode === 'greedy') {
            if (rounds >= min) this.#push(GO_ON, to, at, 0)
            this.#set(slot, rounds + 1)
            pc++
          } else {
            this.#push(TAKE_MORE, pc, at, 0)
            pc = to
          }
          break
        }
        default:
          if (end < 0 || at === end) {
            stack.length = floor
            return at
          }
          ok = false
      }
      if (ok) continue
      // Back to the latest choice.
      for (;;) {
        if (stack.length === floor) return -1
        const c = stack.pop() as number
        const b = stack.pop() as number
        const a = stack.pop() as number
        const kind = stack.pop() as number
        if (kind === PUT_BACK) {
          this.slots[a] = b
          continue
        }
        if (kind === GO_ON) {
          pc = a
          at = b
        } else if (kind === GIVE_BACK) {
          at = this.#giveBack(a, b, c)
          if (at < 0) continue
          pc = a + 1
        } else {
          const instruction = instructions[a] as Instruction
          if (instruction.op === OP.countNext) {
            at = b
            this.#set(instruction.slot, this.slots[instruction.slot] as number + 1)
          } else {
            at = this.#takeMore(instruction, a, b, c, whole)
            if (at < 0) continue
          }
          pc = a + 1
        }
        break
      }
    }
  }

  /** Starts a run of characters; gives where it goes on, or -1. */
  #startRun (instruction: Instruction, pc: number, from: number, whole: boolean): number {
    const { min, max, mode } = instruction
    const set = instruction.set as CodeSet
    const text = this.#text
    const open = whole && this.#memo !== undefined && min === 0 && max === Infinity
    if (whole && !open && this.#wasTried(instruction, from)) return -1
    let at = from
    let count = 0
    const most = mode === 'lazy' ? min : max
    let lowest = min === 0 ? from : -1
    let reached = -1
    for (;;) {
      // An unbounded run meets the places where it was before; from there on everything was tried.
      if (open) {
        if (this.#wasTried(instruction, at)) break
        reached = at
      }
      if (count === most || at >= text.length) break
      const width = widthIn(set, text, at)
      if (width === 0) break
      at += width
      if (++count === min) lowest = at
    }
    this.#count(count)
    if (count < min) return -1
    if (open) {
      if (reached < 0) return -1
      at = reached
    }
    if (mode === 'lazy') this.#push(TAKE_MORE, pc, at, count)
    else if (mode === 'greedy' && at > lowest) this.#push(GIVE_BACK, pc, at, lowest)
    return at
  }

  /** A greedy run that ended at `at` ends one character earlier, or where what follows it can start. */
  #giveBack (pc: number, at: number, lowest: number): number {
    const text = this.#text
    const next = this.#program.instructions[pc + 1] as Instruction
    let earlier = at - widthBefore(text, at, lowest)
    if (next.op === OP.literal) {
      const first = next.literal.charCodeAt(0)
      const begin = earlier
      while (earlier >= lowest && text.charCodeAt(earlier) !== first) earlier--
      this.#count(begin - earlier)
      if (earlier < lowest) return -1
    }
    if (earlier > lowest) this.#push(GIVE_BACK, pc, earlier, lowest)
    return earlier
  }

  /** A lazy run that ended at `at` after `count` characters takes one more; -1 where it cannot. */
  #takeMore (instruction: Instruction, pc: number, at: number, count: number, whole: boolean): number {
    if (count >= instruction.max || at >= this.#text.length) return -1
    const width = widthIn(instruction.set as CodeSet, this.#text, at)
    if (width === 0) return -1
    const open = whole && instruction.min === 0 && instruction.max === Infinity
    if (open && this.#wasTried(instruction, at + width)) return -1
    this.#push(TAKE_MORE, pc, at + width, count + 1)
    return at + width
  }

  #matchReference ({ group, fold }: Instruction, from: number): number {
    const text = this.#text
    const start = this.slots[group * 2]
    if (group > this.#program.groupCount || start === undefined || start < 0) return -1
    const end = this.slots[group * 2 + 1] as number
    this.#count(end - start)
    if (fold === undefined) return text.startsWith(text.slice(start, end), from) ? from + end - start : -1
    if (from + end - start > text.length) return -1
    for (let i = 0; i < end - start;) {
      const [one, two] = [text.codePointAt(start + i) as number, text.codePointAt(from + i) as number]
      if (one !== two && fold(one) !== fold(two)) return -1
      i += one > 0xffff ? 2 : 1
    }
    return from + end - start
  }

  #looksBehind ({ min, max }: Instruction, start: number, at: number): boolean {
    for (let from = at - min; from >= Math.max(0, at - max); from--) {
      if (this.#run(start, from, at, false) >= 0) return true
    }
    return false
  }

  /** Matches a part again and again, each time for good. */
  #runPossessive ({ min, max }: Instruction, start: number, from: number): number {
    let at = from
    for (let count = 0; count < max; count++) {
      const end = this.#run(start, at, -1, false)
      if (end < 0) return count < min ? -1 : at
      if (end === at && count >= min) return at
      at = end
    }
    return at
  }
}

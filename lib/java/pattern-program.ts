// Programs of patterns: the tree flattened into instructions for `pattern-machine.ts`.
import type { CodeSet } from './code-set.ts'
import type { Assertion, PatternNode, PatternTree, RepeatMode } from './pattern-tree.ts'
import { lengthOf } from './pattern-tree.ts'

/** What an instruction does. Most go on with the next one where they succeed. */
export const OP = {
  /** The end of the pattern, or of a part that is run by itself. */
  match: 0,
  /** The text `literal` stands here. */
  literal: 1,
  /** A character of `set` stands here. */
  set: 2,
  /** `min` to `max` characters of `set`, as `mode` says. */
  run: 3,
  /** Goes on at `to`, and at `other` should that fail. */
  split: 4,
  jump: 5,
  /** Notes the place in `slot`. */
  note: 6,
  /** Goes to `to` where nothing was matched since the note in `slot`. */
  progress: 7,
  /** The group `group` ends that began at the note in `slot`. */
  capture: 8,
  assert: 9,
  lastMatch: 10,
  reference: 11,
  /** The part behind this instruction matches by itself (or does not, where `negative`); goes on at `to`, at the same place. */
  lookahead: 12,
  /** The same, ending here and starting `min` to `max` before. */
  lookbehind: 13,
  /** The part behind this instruction, at most `max` and at least `min` times, each matched once and for all; goes on at `to`. */
  possessive: 14,
  /** Sets the counter in `slot` to zero. */
  countStart: 15,
  /** Goes into another round (at the next instruction) or to `to`, by the counter in `slot`. */
  countNext: 16,
  /** The group `group` is the last character of the run that began at the note in `slot`. */
  captureLast: 17
} as const

/** One instruction. Every one has the same shape, so that the machine's loop stays fast. */
export interface Instruction {
  op: number
  to: number
  other: number
  slot: number
  group: number
  min: number
  max: number
  mode: RepeatMode
  negative: boolean
  literal: string
  set: CodeSet | undefined
  test: Assertion | undefined
  fold: ((code: number) => number) | undefined
  /** The first of the numbers under which the machine remembers places where this instruction failed; -1 where it does not. */
  memo: number
  /** The notes whose being here or not tells apart the states of this instruction. */
  notes: readonly number[]
}

/** A compiled pattern. */
export interface PatternProgram {
  readonly instructions: readonly Instruction[]
  readonly groupCount: number
  readonly groupNames: ReadonlyMap<string, number>
  /** How many numbers a run keeps: twice the groups with the whole match, then notes and counters. */
  readonly slotCount: number
  /** How many numbers of places are needed; 0 where what was remembered of a place could be wrong another time. */
  readonly memoCount: number
}

/** Repetitions of groups are written out up to so many instructions, else counted. */
const MAX_WRITTEN_OUT = 1000
/** What a round of a repetition takes beside its body. */
const ROUND_OVERHEAD = 4
/** Larger programs are refused. */
const MAX_INSTRUCTIONS = 20_000
/** More notes than these in force at once are not told apart. */
const MAX_NOTES = 4

/** Compiles a tree; undefined where the program would be too large. */
export function compileProgram ({ root, groupCount, groupNames }: PatternTree): PatternProgram | undefined {
  const compiler = new ProgramCompiler(groupCount)
  try {
    compiler.emit(root)
    compiler.add(OP.match)
  } catch (error) {
    if (error instanceof ProgramTooLarge) return undefined
    throw error
  }
  return {
    instructions: compiler.instructions,
    groupCount,
    groupNames,
    slotCount: compiler.slotCount,
    memoCount: compiler.memoizable ? compiler.memoCount : 0
  }
}

/** An instruction that leaves a repetition, and by which of its targets. */
type Exit = [instruction: Instruction, property: 'to' | 'other']

/** How often the body of a repetition is written where it is not counted. */
const roundsOf = ({ min, max }: PatternNode & { kind: 'repeat' }): number => max === Infinity ? Math.max(min, 1) : max

/** A round of a repetition: whether it may be left out, and whether it is the one to come back to. */
interface Round {
  readonly optional: boolean
  readonly again: boolean
}

const isUnit = (node: PatternNode): node is PatternNode & { unit: number } => node.kind === 'set' && node.unit !== undefined

class ProgramTooLarge extends Error {}

class ProgramCompiler {
  readonly instructions: Instruction[] = []
  slotCount: number
  memoCount = 0
  memoizable = true
  readonly #notes: number[] = []
  readonly #sizes = new Map<PatternNode, number>()

  constructor (groupCount: number) {
    this.slotCount = 2 * (groupCount + 1)
  }

  add (op: number, more: Partial<Instruction> = {}): Instruction {
    const instruction: Instruction = {
      op,
      to: -1,
      other: -1,
      slot: -1,
      group: -1,
      min: 0,
      max: 0,
      mode: 'greedy',
      negative: false,
      literal: '',
      set: undefined,
      test: undefined,
      fold: undefined,
      memo: -1,
      notes: [],
      ...more
    }
    if (this.instructions.push(instruction) > MAX_INSTRUCTIONS) throw new ProgramTooLarge()
    return instruction
  }

  get #here (): number {
    return this.instructions.length
  }

  /** An instruction that the machine comes back to, and need not try twice in the same state. */
  #addChoice (op: number, more: Partial<Instruction> = {}): Instruction {
    if (this.#notes.length > MAX_NOTES) this.memoizable = false
    const instruction = this.add(op, { ...more, memo: this.memoCount, notes: [...this.#notes] })
    this.memoCount += 2 ** Math.min(this.#notes.length, MAX_NOTES)
    return instruction
  }

  emit (node: PatternNode): void {
    switch (node.kind) {
      case 'set':
        if (isUnit(node)) this.add(OP.literal, { literal: String.fromCharCode(node.unit) })
        else this.add(OP.set, { set: node.set })
        return
      case 'sequence': return this.#emitSequence(node.items)
      case 'choice': return this.#emitChoice(node.items)
      case 'capture': {
        const slot = this.slotCount++
        this.add(OP.note, { slot })
        this.emit(node.body)
        this.add(OP.capture, { slot, group: node.group })
        return
      }
      case 'assertion': this.add(OP.assert, { test: node.test }); return
      case 'lastMatch': this.add(OP.lastMatch); return
      case 'reference':
        this.memoizable = false
        this.add(OP.reference, { group: node.group, fold: node.fold })
        return
      case 'atomic': return this.#emitPart(this.add(OP.possessive, { min: 1, max: 1 }), node.body)
      case 'lookahead': return this.#emitPart(this.add(OP.lookahead, { negative: node.negative }), node.body)
      case 'lookbehind': return this.#emitPart(this.add(OP.lookbehind, { negative: node.negative, ...node.length }), node.body)
      case 'repeat': return this.#emitRepeat(node)
    }
  }

  #emitSequence (items: readonly PatternNode[]): void {
    let literal = ''
    const end = () => {
      if (literal !== '') this.add(OP.literal, { literal })
      literal = ''
    }
    for (const item of items) {
      if (isUnit(item)) literal += String.fromCharCode(item.unit)
      else {
        end()
        this.emit(item)
      }
    }
    end()
  }

  #emitChoice (items: readonly PatternNode[]): void {
    const jumps: Instruction[] = []
    for (const [i, item] of items.entries()) {
      if (i === items.length - 1) {
        this.emit(item)
        break
      }
      const split = this.#addChoice(OP.split)
      split.to = this.#here
      this.emit(item)
      jumps.push(this.add(OP.jump))
      split.other = this.#here
    }
    for (const jump of jumps) jump.to = this.#here
  }

  /** A part that is run by itself, behind the instruction that runs it. */
  #emitPart (owner: Instruction, body: PatternNode): void {
    this.emit(body)
    this.add(OP.match)
    owner.to = this.#here
  }

  #emitRepeat (node: PatternNode & { kind: 'repeat' }): void {
    const { body, min, max, mode } = node
    if (max === 0) return
    if (body.kind === 'set') return this.#emitRun(body, min, max, mode)
    if (body.kind === 'capture' && body.body.kind === 'set' && mode !== 'possessive') {
      const slot = this.slotCount++
      this.add(OP.note, { slot })
      this.#emitRun(body.body, min, max, mode)
      this.add(OP.captureLast, { slot, group: body.group })
      return
    }
    if (mode === 'possessive') return this.#emitPart(this.add(OP.possessive, { min, max }), body)
    if (!this.#isWrittenOut(node)) return this.#emitCounted(node)
    const rounds = roundsOf(node)
    const exits: Exit[] = []
    for (let i = 0; i < rounds; i++) {
      this.#emitRound(body, mode, { optional: i >= min, again: max === Infinity && i === rounds - 1 }, exits)
    }
    for (const [instruction, property] of exits) instruction[property] = this.#here
  }

  #isWrittenOut (node: PatternNode & { kind: 'repeat' }): boolean {
    const rounds = roundsOf(node)
    return rounds === 1 || rounds * (this.#sizeOf(node.body) + ROUND_OVERHEAD) <= MAX_WRITTEN_OUT
  }

  /** How many instructions a node becomes at most. */
  #sizeOf (node: PatternNode): number {
    const known = this.#sizes.get(node)
    if (known !== undefined) return known
    let size = 3
    if (node.kind === 'sequence' || node.kind === 'choice') for (const item of node.items) size += this.#sizeOf(item) + 2
    else if (node.kind === 'repeat') {
      const round = this.#sizeOf(node.body) + ROUND_OVERHEAD
      size += this.#isWrittenOut(node) ? round * roundsOf(node) : round
    } else if ('body' in node) size += this.#sizeOf(node.body)
    this.#sizes.set(node, size)
    return size
  }

  /** Writes one round of a repetition; a round that matches nothing is the last. `exits` are set to where the repetition ends. */
  #emitRound (body: PatternNode, mode: RepeatMode, { optional, again }: Round, exits: Exit[]): void {
    const [into, out] = mode === 'lazy' ? ['other', 'to'] as const : ['to', 'other'] as const
    const choose = (round: number) => {
      const split = this.#addChoice(OP.split)
      split[into] = round < 0 ? this.#here : round
      exits.push([split, out])
    }
    if (optional) choose(-1)
    const start = this.#here
    const slot = lengthOf(body).min === 0 ? this.slotCount++ : -1
    if (slot >= 0) {
      this.add(OP.note, { slot })
      this.#notes.push(slot)
    }
    this.emit(body)
    if (slot >= 0) {
      this.#notes.pop()
      exits.push([this.add(OP.progress, { slot }), 'to'])
    }
    if (again) choose(start)
  }

  #emitCounted ({ body, min, max, mode }: PatternNode & { kind: 'repeat' }): void {
    this.memoizable = false
    const slot = this.slotCount++
    const noted = this.slotCount++
    this.add(OP.countStart, { slot })
    const start = this.#here
    const next = this.add(OP.countNext, { slot, min, max, mode })
    this.add(OP.note, { slot: noted })
    this.emit(body)
    const progress = this.add(OP.progress, { slot: noted })
    this.add(OP.jump, { to: start })
    next.to = progress.to = this.#here
  }

  #emitRun (node: PatternNode & { kind: 'set' }, min: number, max: number, mode: RepeatMode): void {
    const { set } = node
    if (mode === 'possessive') this.add(OP.run, { set, min, max, mode })
    else if (min === 1 && max === Infinity) {
      this.emit(node)
      this.#addChoice(OP.run, { set, min: 0, max, mode })
    } else this.#addChoice(OP.run, { set, min, max, mode })
  }
}

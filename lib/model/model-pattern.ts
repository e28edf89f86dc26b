// The patterns of models: ECMA 262 as JavaScript reads it, on an engine that no text can make run away where
// JavaScript's own could be made to.
import { compilePattern } from '../java/index.ts'
import type { PatternBudget } from '../java/index.ts'

/** What ajv and the explaining walk use of a pattern. */
export interface ModelPattern {
  /** Throws where it takes too many steps: what cannot be judged is neither a match nor none. */
  test (text: string): boolean
  /** ajv tells patterns apart by their text. */
  toString (): string
}

/** On shorter texts a pattern with few open repetitions takes no time worth speaking of. */
const SHORT_TEXT = 64
/** With more of them side by side the time grows with a power of the length that is no longer small. */
const FEW_REPETITIONS = 2
/** What only looks like a repetition: escaped, in a class, or the head of a group. */
const NO_REPETITION = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?/gs
/** Repetitions that may go on for shorter or longer. */
const OPEN_REPETITION = /[*+?]|\{\d+,\d*\}/g
/** A group that is repeated, whatever is in it. */
const REPEATED_GROUP = /\)[*+{]/
/** `$` outside a class and not escaped: in ECMA 262 it is the very end, which Java writes `\z`. */
const DOLLAR = /\\.|\[(?:\\.|[^\]\\])*\]|\$/gs

/** The steps of all patterns that one message meets. */
const STEPS_OF_A_MESSAGE = 10_000_000
let current: PatternBudget | undefined

/** Runs the validation of one message: many small matches are a large one. It is synchronous, so the budget can be the module's. */
export function onPatternBudget<T> (validate: () => T): T {
  current = { steps: STEPS_OF_A_MESSAGE }
  try {
    return validate()
  } finally {
    current = undefined
  }
}

/**
 * Compiles a pattern: with the flag `u` where it allows it, so that a character is a code point and `\p{Letter}` is
 * known; patterns such as `\-`, which were written without it in mind, do without.
 */
function createPattern (source: string): ModelPattern {
  const fast = createRegExp(source)
  const bare = source.replace(NO_REPETITION, (part) => part === '(?' ? '(' : '_')
  const repetitions = bare.match(OPEN_REPETITION)?.length ?? 0
  const hasRepeatedGroup = REPEATED_GROUP.test(bare)
  if (repetitions === 0 && !hasRepeatedGroup) return fast
  const safe = createSafePattern(source)
  if (safe === undefined) return fast
  if (hasRepeatedGroup || repetitions > FEW_REPETITIONS) return safe
  return {
    test: (text) => text.length <= SHORT_TEXT ? fast.test(text) : safe.test(text),
    toString: () => source
  }
}

function createRegExp (source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}

/** The same pattern on the engine of Java's patterns; undefined where it has no such meaning. */
function createSafePattern (source: string): ModelPattern | undefined {
  try {
    const pattern = compilePattern(source.replace(DOLLAR, (part) => part === '$' ? '\\z' : part))
    return {
      test: (text) => pattern.find(text, 0, current) !== undefined,
      toString: () => source
    }
  } catch {
    return undefined
  }
}

/** By source: the explaining walk asks for the same few again and again. They come from models, never from messages. */
const patterns = new Map<string, ModelPattern>()

function patternOf (source: string): ModelPattern {
  let pattern = patterns.get(source)
  if (pattern === undefined) patterns.set(source, pattern = createPattern(source))
  return pattern
}

/** As ajv wants it; `code` is only asked for by its standalone code, which is not made here. */
export const createModelPattern = Object.assign(patternOf, { code: 'new RegExp' })

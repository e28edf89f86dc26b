// The patterns of models: ECMA 262 as JavaScript reads it, on an engine that no text can make run away where
// JavaScript's own could be made to.
import { compilePattern } from '../java/index.ts'

/** What ajv and the explaining walk use of a pattern. */
export interface ModelPattern {
  test (text: string): boolean
  /** ajv tells patterns apart by their text. */
  toString (): string
}

/** On shorter texts a pattern without repeated repetition takes no time worth speaking of. */
const SHORT_TEXT = 256
const UNBOUNDED = /[*+]|\{\d+,\d*\}/
/** A group that is repeated without bound. */
const REPEATED_GROUP = /\)(?:[*+]|\{\d+,\d*\})/
/** `$` outside a class and not escaped: in ECMA 262 it is the very end, which Java writes `\z`. */
const DOLLAR = /\\.|\[(?:\\.|[^\]\\])*\]|\$/gs

/**
 * Compiles a pattern: with the flag `u` where it allows it, so that a character is a code point and `\p{Letter}` is
 * known; patterns such as `\-`, which were written without it in mind, do without.
 */
function createPattern (source: string): ModelPattern {
  const fast = createRegExp(source)
  if (!UNBOUNDED.test(source)) return fast
  const safe = createSafePattern(source)
  if (safe === undefined) return fast
  if (REPEATED_GROUP.test(source)) return safe
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
      test (text) {
        try {
          return pattern.find(text) !== undefined
        } catch {
          // Too many steps even so, which takes a back reference: what cannot be judged is not let through.
          return false
        }
      },
      toString: () => source
    }
  } catch {
    return undefined
  }
}

/** As ajv wants it; `code` is only asked for by its standalone code, which is not made here. */
export const createModelPattern = Object.assign(createPattern, { code: 'new RegExp' })

// The tree of a pattern: what the parser makes of the text and the compiler makes into a program.
import type { CodeSet } from './code-set.ts'

/** A condition on a place between two characters. */
export type Assertion = (text: string, at: number) => boolean

export type RepeatMode = 'greedy' | 'lazy' | 'possessive'

export type PatternNode =
  | { readonly kind: 'set', readonly set: CodeSet, /** The one UTF-16 unit it holds. */ readonly unit?: number }
  | { readonly kind: 'sequence', readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice', readonly items: readonly PatternNode[] }
  | { readonly kind: 'capture', readonly group: number, readonly body: PatternNode }
  | { readonly kind: 'repeat', readonly body: PatternNode, readonly min: number, readonly max: number, readonly mode: RepeatMode }
  | { readonly kind: 'atomic', readonly body: PatternNode }
  | { readonly kind: 'lookahead', readonly negative: boolean, readonly body: PatternNode }
  | { readonly kind: 'lookbehind', readonly negative: boolean, readonly body: PatternNode, readonly length: PatternLength }
  | { readonly kind: 'assertion', readonly test: Assertion }
  | { readonly kind: 'lastMatch' }
  | { readonly kind: 'reference', readonly group: number, readonly fold: ((code: number) => number) | undefined }

/** How many characters a node takes; `max` is Infinity where that is not bounded, or not known. */
export interface PatternLength {
  readonly min: number
  readonly max: number
}

const EMPTY: PatternLength = { min: 0, max: 0 }
/** Java's counts are ints; beyond them a length is not known. */
const MAX_LENGTH = 2147483647
const bounded = (length: number): number => length > MAX_LENGTH ? Infinity : length

/** How many UTF-16 units a node takes, supplementary characters counted as one as Java does. */
export function lengthOf (node: PatternNode): PatternLength {
  switch (node.kind) {
    case 'set': return { min: 1, max: 1 }
    case 'sequence': return node.items.map(lengthOf).reduce((sum, { min, max }) => ({ min: Math.min(sum.min + min, MAX_LENGTH), max: bounded(sum.max + max) }), EMPTY)
    case 'choice': {
      const lengths = node.items.map(lengthOf)
      return { min: Math.min(...lengths.map(({ min }) => min)), max: Math.max(...lengths.map(({ max }) => max)) }
    }
    case 'repeat': {
      const { min, max } = lengthOf(node.body)
      return { min: Math.min(min * node.min, MAX_LENGTH), max: max === 0 ? 0 : bounded(max * Math.max(node.max, 1)) }
    }
    case 'capture': case 'atomic': return lengthOf(node.body)
    case 'reference': return { min: 0, max: Infinity }
    default: return EMPTY
  }
}

/** A pattern that was parsed. */
export interface PatternTree {
  readonly root: PatternNode
  /** How many groups capture. */
  readonly groupCount: number
  readonly groupNames: ReadonlyMap<string, number>
}

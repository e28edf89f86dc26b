// With which characters a match can start: a search skips the places where none can.
import type { CodeTest } from './code-set.ts'
import { holds, unionOf } from './code-set.ts'
import type { PatternNode } from './pattern-tree.ts'
import { lengthOf } from './pattern-tree.ts'

/** The text every match starts with; empty where there is none. */
export function literalPrefix (node: PatternNode): string {
  if (node.kind === 'set') return node.unit === undefined ? '' : String.fromCharCode(node.unit)
  if (node.kind === 'capture' || node.kind === 'atomic') return literalPrefix(node.body)
  if (node.kind !== 'sequence') return ''
  let prefix = ''
  for (const item of node.items) {
    if (item.kind !== 'set' || item.unit === undefined) return prefix === '' ? literalPrefix(item) : prefix
    prefix += String.fromCharCode(item.unit)
  }
  return prefix
}

/** Which characters a match can start with; undefined where it can start with any, or be empty. */
export function firstCharacters (node: PatternNode): CodeTest | undefined {
  return lengthOf(node).min === 0 ? undefined : firstOf(node)
}

const NONE: CodeTest = () => false

function firstOf (node: PatternNode): CodeTest | undefined {
  switch (node.kind) {
    case 'set': return (code) => holds(node.set, code)
    case 'capture': case 'atomic': case 'repeat': return firstOf(node.body)
    case 'choice': return node.items.reduce<CodeTest | undefined>((all, item) => join(all, firstOf(item)), NONE)
    case 'sequence': {
      let all: CodeTest | undefined = NONE
      for (const item of node.items) {
        all = join(all, firstOf(item))
        if (lengthOf(item).min > 0) break
      }
      return all
    }
    case 'reference': return undefined
    default: return NONE
  }
}

function join (left: CodeTest | undefined, right: CodeTest | undefined): CodeTest | undefined {
  if (left === undefined || right === undefined) return undefined
  return left === NONE ? right : right === NONE ? left : unionOf(left, right)
}

/* Of surrogates and of each plane beyond the first: letters, digits, marks, symbols, unassigned. */
const WIDE_SAMPLES = [0xd83c, 0x10000, 0x10400, 0x10428, 0x1d7ce, 0x1f389, 0x20000, 0xe0100, 0x10ffff]

/** Whether a pattern can ask for characters beyond U+FFFF. Java then searches from character to character, else from unit to unit. */
export function isWide (node: PatternNode): boolean {
  switch (node.kind) {
    case 'set': return node.unit === undefined && WIDE_SAMPLES.some((code) => holds(node.set, code))
    case 'sequence': case 'choice': return node.items.some(isWide)
    case 'capture': case 'repeat': case 'atomic': case 'lookahead': case 'lookbehind': return isWide(node.body)
    default: return false
  }
}

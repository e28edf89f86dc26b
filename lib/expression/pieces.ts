// The grammar of selection expressions: a text cut once into literals and variables.
import { refuseExpression } from './refuse.ts'

/** A part of a selection expression, and where it starts. */
export interface ExpressionPiece {
  readonly kind: 'literal' | 'variable'
  /** The literal text, or the variable without `$` and braces. */
  readonly text: string
  readonly at: number
}

/* What a variable without braces is made of, bracket groups apart; any other character ends it. */
const BARE = /[A-Za-z0-9_.-]/
/** Expressions are short; nothing good is longer. */
const MAX_EXPRESSION_LENGTH = 1024

/** Where a bracket group that opens at `at` ends, the closing bracket included; undefined where it does not. */
function bracketEnd (source: string, at: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let i = at; i < source.length; i++) {
    const char = source[i] as string
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '"') quote = char
    else if (char === '[') depth++
    else if (char === ']' && --depth === 0) return i + 1
  }
  return undefined
}

/** Where the variable that starts at `from` ends: at the brace that closes it, or at the first character that is not its own. */
function variableEnd (source: string, from: number, braced: boolean): number | undefined {
  for (let i = from; i < source.length;) {
    const char = source[i] as string
    if (char === '[') {
      const end = bracketEnd(source, i)
      if (end === undefined) return refuseExpression(source, i, 'the bracket is not closed')
      i = end
    } else if (braced ? char !== '}' : BARE.test(char)) i++
    else return i
  }
  return braced ? undefined : source.length
}

/** Cuts an expression into its pieces; neighbouring literals are one. */
export function readPieces (source: string): readonly ExpressionPiece[] {
  if (source === '') return refuseExpression(source, 0, 'it is empty')
  if (source.length > MAX_EXPRESSION_LENGTH) {
    return refuseExpression(source.slice(0, 60) + '…', 0, `it is longer than ${MAX_EXPRESSION_LENGTH} characters`)
  }
  const pieces: ExpressionPiece[] = []
  let literal = ''
  let literalAt = 0
  const endLiteral = () => {
    if (literal !== '') pieces.push({ kind: 'literal', text: literal, at: literalAt })
    literal = ''
  }
  for (let i = 0; i < source.length;) {
    const char = source[i] as string
    if (char === '$') {
      endLiteral()
      const braced = source[i + 1] === '{'
      const from = i + (braced ? 2 : 1)
      const end = variableEnd(source, from, braced)
      if (end === undefined) return refuseExpression(source, i, 'the brace is not closed')
      if (end === from) return refuseExpression(source, i, 'a variable must follow "$"; a dollar that starts none is written "\\$"')
      pieces.push({ kind: 'variable', text: source.slice(from, end), at: i })
      i = braced ? end + 1 : end
    } else {
      if (literal === '') literalAt = i
      const escape = char === '\\' && source[i + 1] === '$'
      literal += escape ? '$' : char
      i += escape ? 2 : 1
    }
  }
  endLiteral()
  return pieces
}

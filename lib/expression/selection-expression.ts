// Selection expressions compiled to readers: `${request.body.service}/${request.body.action}` becomes `(scope) => text`.
import type { KindRow, SelectionExpressionKind } from './kinds.ts'
import { SELECTION_EXPRESSION_KINDS } from './kinds.ts'
import type { ExpressionPiece } from './pieces.ts'
import { readPieces } from './pieces.ts'
import { refuseExpression } from './refuse.ts'
import type { SelectionScope } from './scope.ts'
import type { VariableFamily, VariableReader } from './variables.ts'
import { VARIABLE_FAMILIES, recognizeVariable } from './variables.ts'

/** How an expression is compiled. */
export interface SelectionExpressionOptions {
  /** The place it is written in, which decides about the variables it may hold. Default: `route`. */
  readonly kind?: SelectionExpressionKind
  /** Where it stands in somebody's options, for error messages: `routes.order.modelSelectionExpression`. */
  readonly place?: string
}

/** A variable of an expression: `{ family: 'request.header', name: 'x-tenant' }`. */
export interface SelectionVariable {
  readonly family: VariableFamily
  /** What follows the family's name: a header's or parameter's name, a path such as `.authorizer.tenant`, or nothing. */
  readonly name: string
}

/** A compiled selection expression. */
export interface SelectionExpression {
  /** Evaluates it: the text to select by, or undefined where it cannot be evaluated because the message is not JSON. */
  (scope: SelectionScope): string | undefined
  readonly source: string
  readonly kind: SelectionExpressionKind
  /** The variables it reads, each once. Of the handshake nothing else need be kept. */
  readonly variables: readonly SelectionVariable[]
  /** Whether it asks for the message's JSON. */
  readonly readsBody: boolean
  /** Its text where it holds no variable. */
  readonly constant: string | undefined
}

/** The key that is accepted without the backslash that a literal dollar otherwise needs. */
const DEFAULT_KEY = '$default'

/**
 * Compiles a selection expression.
 *
 * ```js
 * const selectRoute = compileSelectionExpression('$request.body.action')
 * selectRoute(createSelectionScope('{"action":"join"}')) // 'join'
 * selectRoute(createSelectionScope('not JSON')) // undefined: the $default route
 * ```
 *
 * Throws `SelectionExpressionInvalidError` where it is not one, or holds what its kind does not accept.
 */
export function compileSelectionExpression (
  source: string,
  options: SelectionExpressionOptions = {}
): SelectionExpression {
  const { kind = 'route', place } = options
  try {
    return compile(source, kind)
  } catch (error) {
    if (place !== undefined) (error as Error).message = `${place}: ${(error as Error).message}`
    throw error
  }
}

function compile (source: string, kind: SelectionExpressionKind): SelectionExpression {
  const row: KindRow = SELECTION_EXPRESSION_KINDS[kind]
  const pieces: readonly ExpressionPiece[] = source === DEFAULT_KEY
    ? [{ kind: 'literal', text: source, at: 0 }]
    : readPieces(source)
  if (!isShapeAllowed(pieces, row)) return refuseExpression(source, 0, `${row.property} must be ${allowed(row)}`)
  const variables: SelectionVariable[] = []
  const readers = pieces.map((piece) =>
    piece.kind === 'literal' ? piece.text : compileVariable(source, piece, row, variables))
  const constant = variables.length === 0 ? pieces[0]?.text : undefined
  // A message that is not JSON takes the $default route even past an expression without variables.
  const asksForJson = kind === 'route' && constant !== undefined
  const readsBody = asksForJson || variables.some(({ family }) => family === 'request.body')
  const evaluate: VariableReader = asksForJson ? ({ json }) => json === undefined ? undefined : constant : join(readers)
  return Object.assign(evaluate, { source, kind, variables, readsBody, constant })
}

/** Whether a fixed expression is one of those it is fixed to; the others are judged variable by variable. */
function isShapeAllowed (pieces: readonly ExpressionPiece[], { alone, key }: KindRow): boolean {
  if (alone === undefined && key === undefined) return true
  const [piece] = pieces
  if (pieces.length !== 1 || piece === undefined) return false
  return piece.kind === 'literal' ? piece.text === key : alone !== undefined && alone.includes(piece.text)
}

const TAILS = { none: '', name: '.{name}', path: '[.path]' } as const

/** What a row accepts, in words. */
function allowed ({ families, alone, key }: KindRow): string {
  const names = key !== undefined
    ? [key]
    : alone?.map((name) => `$${name}`) ?? families.map((family) => `$${family}${TAILS[VARIABLE_FAMILIES[family].tail]}`)
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join('')
}

/** Compiles one variable and notes it among those the expression reads. */
function compileVariable (
  source: string,
  piece: ExpressionPiece,
  row: KindRow,
  variables: SelectionVariable[]
): VariableReader {
  const found = recognizeVariable(piece.text)
  if (found === undefined || (row.alone === undefined && !row.families.includes(found.family))) {
    return refuseExpression(source, piece.at, `${row.property} accepts static text and ${allowed(row)}, not $${piece.text}`)
  }
  const { family, tail } = found
  if (!variables.some((known) => known.family === family && known.name === tail)) variables.push({ family, name: tail })
  try {
    return VARIABLE_FAMILIES[family].compile(tail)
  } catch (error) {
    return refuseExpression(source, piece.at, (error as Error).message)
  }
}

/** One reader for all pieces; the expression of a single variable is that variable's reader. */
function join (pieces: ReadonlyArray<string | VariableReader>): VariableReader {
  const [first] = pieces
  if (pieces.length === 1) return typeof first === 'string' ? () => first : first as VariableReader
  return (scope) => {
    let text = ''
    for (const piece of pieces) {
      const part = typeof piece === 'string' ? piece : piece(scope)
      if (part === undefined) return undefined
      text += part
    }
    return text
  }
}

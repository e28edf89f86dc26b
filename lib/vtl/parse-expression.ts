// The grammar inside parentheses: references, literals, operators.
import type { Cursor } from './cursor.ts'
import type { Node, NodeType } from './node.ts'
import { KIND } from './token.ts'
import { VtlSyntaxError } from './vtl-error.ts'

type Parse = (cursor: Cursor) => Node

/** What begins a value: by the kind of its first token. A `[` is looked at apart. */
const VALUES: Readonly<Record<number, Parse>> = {
  [KIND.STRING_LITERAL]: (cursor) => cursor.leaf('string', KIND.STRING_LITERAL),
  [KIND.INTEGER_LITERAL]: (cursor) => cursor.leaf('integer', KIND.INTEGER_LITERAL),
  [KIND.FLOATING_POINT_LITERAL]: (cursor) => cursor.leaf('float', KIND.FLOATING_POINT_LITERAL),
  [KIND.TRUE]: (cursor) => cursor.leaf('true', KIND.TRUE),
  [KIND.FALSE]: (cursor) => cursor.leaf('false', KIND.FALSE),
  [KIND.IDENTIFIER]: parseReference,
  [KIND.LCURLY]: parseReference,
  [KIND.LEFT_CURLEY]: parseMap,
  [KIND.LBRACKET]: (cursor) => opensRange(cursor) ? parseRange(cursor) : parseArray(cursor)
}

export const startsValue = (kind: number): boolean => kind in VALUES

/** One value: the argument of a directive, an operand. */
export function parseValue (cursor: Cursor): Node {
  const parse = VALUES[cursor.kind()]
  if (parse === undefined) throw cursor.unexpected()
  return parse(cursor)
}

const startsParameter = (kind: number): boolean => kind === KIND.WHITESPACE || startsValue(kind)

function parseParameter (cursor: Cursor): Node {
  cursor.skip(KIND.WHITESPACE)
  const value = parseValue(cursor)
  cursor.skip(KIND.WHITESPACE)
  return value
}

/** `a, b, c` up to where no comma follows. */
function parseParameters (cursor: Cursor, into: Node[]): void {
  into.push(parseParameter(cursor))
  while (cursor.kind() === KIND.COMMA) {
    cursor.consume(KIND.COMMA)
    into.push(parseParameter(cursor))
  }
}

function parseArray (cursor: Cursor): Node {
  return cursor.node('array', (node) => {
    cursor.consume(KIND.LBRACKET)
    if (startsParameter(cursor.kind())) parseParameters(cursor, node.children)
    cursor.consume(KIND.RBRACKET)
  })
}

function parseMap (cursor: Cursor): Node {
  return cursor.node('map', (node) => {
    cursor.consume(KIND.LEFT_CURLEY)
    if (startsValue(cursor.kind(cursor.kind() === KIND.WHITESPACE ? 2 : 1))) {
      for (;;) {
        node.children.push(parseParameter(cursor))
        cursor.consume(KIND.COLON)
        node.children.push(parseParameter(cursor))
        if (cursor.kind() !== KIND.COMMA) break
        cursor.consume(KIND.COMMA)
      }
    } else {
      cursor.skip(KIND.WHITESPACE)
    }
    cursor.consume(KIND.RIGHT_CURLEY, KIND.RCURLY)
  })
}

/** Whether the `[` ahead opens `[from..to]`: reads on until it is known, then goes back. */
function opensRange (cursor: Cursor): boolean {
  const bracket = cursor.peek()
  if (bracket.opensRange !== undefined) return bracket.opensRange
  const { token } = cursor
  const { nesting } = cursor.scope
  try {
    cursor.consume(KIND.LBRACKET)
    parseBound(cursor)
    bracket.opensRange = cursor.kind() === KIND.DOUBLEDOT
  } catch (error) {
    if (!(error instanceof VtlSyntaxError)) throw error
    bracket.opensRange = false
  }
  cursor.token = token
  cursor.scope.nesting = nesting
  return bracket.opensRange
}

function parseBound (cursor: Cursor): Node {
  cursor.skip(KIND.WHITESPACE)
  const bound = cursor.kind() === KIND.INTEGER_LITERAL ? parseValue(cursor) : parseReference(cursor)
  cursor.skip(KIND.WHITESPACE)
  return bound
}

function parseRange (cursor: Cursor): Node {
  return cursor.node('range', (node) => {
    cursor.consume(KIND.LBRACKET)
    node.children.push(parseBound(cursor))
    cursor.consume(KIND.DOUBLEDOT)
    node.children.push(parseBound(cursor))
    cursor.consume(KIND.RBRACKET)
  })
}

/** What may stand between the brackets of `$x[…]`. */
const INDEXES = new Set<number>([
  KIND.STRING_LITERAL, KIND.INTEGER_LITERAL, KIND.TRUE, KIND.FALSE, KIND.IDENTIFIER, KIND.LCURLY
])

function parseIndexes (cursor: Cursor, into: Node[]): void {
  while (cursor.kind() === KIND.INDEX_LBRACKET) {
    into.push(cursor.node('index', (node) => {
      cursor.consume(KIND.INDEX_LBRACKET)
      cursor.skip(KIND.WHITESPACE)
      if (!INDEXES.has(cursor.kind())) throw cursor.unexpected()
      node.children.push(parseValue(cursor))
      cursor.skip(KIND.WHITESPACE)
      cursor.consume(KIND.INDEX_RBRACKET)
    }))
  }
}

const parseIdentifier: Parse = (cursor) => cursor.leaf('identifier', KIND.IDENTIFIER)

function parseMethod (cursor: Cursor): Node {
  return cursor.node('method', (node) => {
    node.children.push(parseIdentifier(cursor))
    cursor.consume(KIND.LPAREN)
    if (startsParameter(cursor.kind())) parseParameters(cursor, node.children)
    cursor.consume(KIND.REFMOD2_RPAREN)
  })
}

/** `name(` counts as a call only when an argument or the end of the call follows. */
function startsMethod (cursor: Cursor): boolean {
  if (cursor.kind() !== KIND.IDENTIFIER || cursor.kind(2) !== KIND.LPAREN) return false
  const third = cursor.kind(3)
  return startsParameter(third) || third === KIND.REFMOD2_RPAREN
}

/** `name[…].property.method(…)`, in braces or not. The `$` is part of the first token. */
export function parseReference (cursor: Cursor): Node {
  return cursor.node('reference', (node) => {
    const isFormal = cursor.kind() === KIND.LCURLY
    if (isFormal) cursor.consume(KIND.LCURLY)
    cursor.consume(KIND.IDENTIFIER)
    parseIndexes(cursor, node.children)
    while (cursor.kind() === KIND.DOT && cursor.kind(2) === KIND.IDENTIFIER) {
      cursor.consume(KIND.DOT)
      node.children.push(startsMethod(cursor) ? parseMethod(cursor) : parseIdentifier(cursor))
      parseIndexes(cursor, node.children)
    }
    if (isFormal) cursor.consume(KIND.RCURLY)
  })
}

/** Operators from the loosest to the tightest. */
const LEVELS: ReadonlyArray<Readonly<Record<number, NodeType>>> = [
  { [KIND.LOGICAL_OR]: 'or' },
  { [KIND.LOGICAL_AND]: 'and' },
  { [KIND.LOGICAL_EQUALS]: 'eq', [KIND.LOGICAL_NOT_EQUALS]: 'ne' },
  { [KIND.LOGICAL_LT]: 'lt', [KIND.LOGICAL_GT]: 'gt', [KIND.LOGICAL_LE]: 'le', [KIND.LOGICAL_GE]: 'ge' },
  { [KIND.PLUS]: 'add', [KIND.MINUS]: 'subtract' },
  { [KIND.MULTIPLY]: 'multiply', [KIND.DIVIDE]: 'divide', [KIND.MODULUS]: 'modulo' }
]

/** More operators of one level in a row are refused: each is a level of the tree. */
const MAX_OPERATORS = 500

function parseLevel (cursor: Cursor, level: number): Node {
  const operators = LEVELS[level]
  if (operators === undefined) return parseUnary(cursor)
  let left = parseLevel(cursor, level + 1)
  let count = 0
  for (let type = operators[cursor.kind()]; type !== undefined; type = operators[cursor.kind()]) {
    cursor.token = cursor.peek()
    if (++count > MAX_OPERATORS) throw cursor.failure('it has too many operators in a row', cursor.token.offset)
    const operand = left
    // Velocity opens the node behind the operator: its source is the right side alone.
    left = cursor.node(type, (node) => { node.children.push(operand, parseLevel(cursor, level + 1)) })
  }
  return left
}

function parseUnary (cursor: Cursor): Node {
  const isNot = cursor.kind() === KIND.LOGICAL_NOT ||
    (cursor.kind() === KIND.WHITESPACE && cursor.kind(2) === KIND.LOGICAL_NOT)
  if (!isNot) return parsePrimary(cursor)
  cursor.skip(KIND.WHITESPACE)
  cursor.consume(KIND.LOGICAL_NOT)
  return cursor.node('not', (node) => { node.children.push(parseUnary(cursor)) })
}

function parsePrimary (cursor: Cursor): Node {
  cursor.skip(KIND.WHITESPACE)
  let value
  if (cursor.kind() === KIND.LPAREN) {
    cursor.consume(KIND.LPAREN)
    value = parseExpression(cursor)
    cursor.consume(KIND.RPAREN)
  } else {
    value = parseValue(cursor)
  }
  cursor.skip(KIND.WHITESPACE)
  return value
}

export function parseExpression (cursor: Cursor): Node {
  return cursor.node('expression', (node) => { node.children.push(parseLevel(cursor, 0)) })
}

// The grammar of a template: text, references and directives.
import type { ParseScope } from './cursor.ts'
import { Cursor } from './cursor.ts'
import type { Node } from './node.ts'
import { parseExpression, parseReference, parseValue, startsValue } from './parse-expression.ts'
import { KIND, STATE } from './token.ts'

/** Directives the engine knows by class; `block` ones have a body and `#end`. API Gateway has no `#evaluate`. */
const DIRECTIVES: ReadonlyMap<string, { readonly block: boolean }> = new Map([
  ['foreach', { block: true }], ['include', { block: false }], ['parse', { block: false }], ['macro', { block: true }],
  ['literal', { block: true }], ['break', { block: false }], ['define', { block: true }], ['stop', { block: false }]
])
/** Directives the grammar knows by word. */
const GRAMMAR_WORDS = new Set(['if', 'end', 'set', 'else', 'elseif'])
/** What follows `\\` for the pair to print as one backslash. */
const CONTROL_KINDS = new Set<number>([KIND.IF_DIRECTIVE, KIND.ELSE_DIRECTIVE, KIND.ELSEIF_DIRECTIVE, KIND.END])

type ParseStatement = (cursor: Cursor) => Node

const parseText: ParseStatement = (cursor) => cursor.node('text', () => { cursor.token = cursor.peek() })

const parseComment: ParseStatement = (cursor) => cursor.node('comment', () => {
  const { kind } = cursor.token = cursor.peek()
  if (kind === KIND.SINGLE_LINE_COMMENT_START) cursor.skip(KIND.SINGLE_LINE_COMMENT)
})

const STATEMENTS: Readonly<Record<number, ParseStatement>> = {
  [KIND.IF_DIRECTIVE]: parseIf,
  [KIND.SINGLE_LINE_COMMENT_START]: parseComment,
  [KIND.FORMAL_COMMENT]: parseComment,
  [KIND.MULTI_LINE_COMMENT]: parseComment,
  [KIND.TEXTBLOCK]: (cursor) => cursor.leaf('textblock', KIND.TEXTBLOCK),
  [KIND.SET_DIRECTIVE]: parseSet,
  [KIND.ESCAPE_DIRECTIVE]: parseEscapedDirective,
  [KIND.DOUBLE_ESCAPE]: parseEscape,
  [KIND.WORD]: parseDirective,
  [KIND.BRACKETED_WORD]: parseDirective,
  [KIND.IDENTIFIER]: parseReference,
  [KIND.LCURLY]: (cursor) => cursor.kind(2) === KIND.IDENTIFIER ? parseReference(cursor) : parseText(cursor),
  [KIND.LPAREN]: parseText,
  [KIND.RPAREN]: parseText,
  [KIND.ESCAPE]: parseText,
  [KIND.TEXT]: parseText,
  [KIND.STRING_LITERAL]: parseText,
  [KIND.INTEGER_LITERAL]: parseText,
  [KIND.FLOATING_POINT_LITERAL]: parseText,
  [KIND.DOT]: parseText,
  [KIND.RCURLY]: parseText,
  [KIND.EMPTY_INDEX]: parseText
}

function parseBlock (cursor: Cursor): Node {
  return cursor.node('block', (node) => { parseStatements(cursor, node.children) })
}

function parseStatements (cursor: Cursor, into: Node[]): void {
  for (let parse = STATEMENTS[cursor.kind()]; parse !== undefined; parse = STATEMENTS[cursor.kind()]) {
    into.push(parse(cursor))
  }
}

function parseCondition (cursor: Cursor): Node {
  cursor.skip(KIND.WHITESPACE)
  cursor.consume(KIND.LPAREN)
  const condition = parseExpression(cursor)
  cursor.consume(KIND.RPAREN)
  return condition
}

function parseIf (cursor: Cursor): Node {
  return cursor.node('if', (node) => {
    cursor.consume(KIND.IF_DIRECTIVE)
    node.children.push(parseCondition(cursor), parseBlock(cursor))
    while (cursor.kind() === KIND.ELSEIF_DIRECTIVE) {
      node.children.push(cursor.node('elseif', (branch) => {
        cursor.consume(KIND.ELSEIF_DIRECTIVE)
        branch.children.push(parseCondition(cursor), parseBlock(cursor))
      }))
    }
    if (cursor.kind() === KIND.ELSE_DIRECTIVE) {
      node.children.push(cursor.node('else', (branch) => {
        cursor.consume(KIND.ELSE_DIRECTIVE)
        branch.children.push(parseBlock(cursor))
      }))
    }
    cursor.consume(KIND.END)
  })
}

function parseSet (cursor: Cursor): Node {
  return cursor.node('set', (node) => {
    cursor.consume(KIND.SET_DIRECTIVE)
    cursor.skip(KIND.WHITESPACE)
    node.children.push(parseReference(cursor))
    cursor.skip(KIND.WHITESPACE)
    cursor.consume(KIND.EQUALS)
    node.children.push(parseExpression(cursor))
    cursor.consume(KIND.RPAREN)
    cursor.lexer.inSet = false
  })
}

const isDirective = (cursor: Cursor, name: string): boolean => DIRECTIVES.has(name) || cursor.scope.macros.has(name)

/** `\#word`: the backslashes are halved where the word is a directive, else they all stay. */
function parseEscapedDirective (cursor: Cursor): Node {
  return cursor.node('escapedDirective', () => {
    const token = cursor.consume(KIND.ESCAPE_DIRECTIVE)
    const slashes = token.image.lastIndexOf('\\')
    const directive = token.image.slice(slashes + 1)
    const name = directive[1] === '{' ? directive.slice(2, -1) : directive.slice(1)
    if (isDirective(cursor, name) || GRAMMAR_WORDS.has(name)) {
      token.image = token.image.slice(0, Math.trunc(slashes / 2)) + directive
    }
  })
}

/** A run of `\\`, halved before a directive. */
function parseEscape (cursor: Cursor): Node {
  return cursor.node('escape', (node) => {
    let count = 0
    do {
      cursor.consume(KIND.DOUBLE_ESCAPE)
      count++
    } while (cursor.kind() === KIND.DOUBLE_ESCAPE)
    const { kind, image } = cursor.peek()
    const isControl = CONTROL_KINDS.has(kind) || isDirective(cursor, image.slice(1))
    node.value = (isControl ? '\\' : '\\\\').repeat(count)
  })
}

const isMacroArgument = (kind: number): boolean => kind === KIND.WORD || startsValue(kind)

/** Whether an argument follows, white space and one comma skipped. */
function startsArgument (cursor: Cursor): boolean {
  let ahead = 1
  if (cursor.kind() === KIND.WHITESPACE) ahead++
  if (cursor.kind(ahead) === KIND.COMMA) return true
  return isMacroArgument(cursor.kind(ahead))
}

function parseArguments (cursor: Cursor, directive: Node): void {
  const name = directive.value
  const { offset } = directive.first
  cursor.skip(KIND.WHITESPACE)
  cursor.consume(KIND.LPAREN)
  for (let position = 0; startsArgument(cursor); position++) {
    cursor.skip(KIND.WHITESPACE)
    if (cursor.kind() === KIND.COMMA) {
      cursor.consume(KIND.COMMA)
      cursor.skip(KIND.WHITESPACE)
    }
    const isWord = cursor.kind() === KIND.WORD
    const isMacroName = name === 'macro' && position === 0
    if (isMacroName && !isWord && isMacroArgument(cursor.kind())) {
      throw cursor.failure('#macro needs a name as its first argument', offset)
    }
    if (isWord && !isMacroName && DIRECTIVES.has(name) && (name !== 'foreach' || position !== 1)) {
      throw cursor.failure(`#${name} does not take the word '${cursor.peek().image}'`, offset)
    }
    directive.children.push(isWord ? cursor.leaf('word', KIND.WORD) : parseValue(cursor))
  }
  cursor.skip(KIND.WHITESPACE)
  cursor.consume(KIND.RPAREN)
}

function parseDirective (cursor: Cursor): Node {
  return cursor.node('directive', (node) => {
    const { kind, image, offset } = cursor.consume(KIND.WORD, KIND.BRACKETED_WORD)
    const name = node.value = kind === KIND.BRACKETED_WORD ? image.slice(2, -1) : image.slice(1)
    cursor.lexer.state = STATE.DIRECTIVE
    const hasBlock = DIRECTIVES.get(name)?.block ?? name.startsWith('@')
    if (cursor.lexer.isParenthesisNext()) {
      parseArguments(cursor, node)
      if (!hasBlock) return
    } else {
      if (name === 'macro') throw cursor.failure('#macro needs a name', offset)
      cursor.lexer.pop()
      return
    }
    node.children.push(parseBlock(cursor))
    cursor.consume(KIND.END)
    if (name !== 'macro') return
    if (node.children.length < 2) throw cursor.failure('#macro needs a name', offset)
    cursor.scope.macros.add((node.children[0] as Node).first.image)
  })
}

/** Parses a template, or a string inside one, that shares `scope` with it. */
export function parseTemplate (text: string, scope: ParseScope): Node {
  const cursor = new Cursor(text, scope)
  return cursor.node('process', (node) => {
    parseStatements(cursor, node.children)
    cursor.consume(KIND.EOF)
  })
}

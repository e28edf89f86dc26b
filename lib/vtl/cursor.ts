// Walks the tokens of one template: looks ahead, consumes, opens and closes nodes.
import { Lexer } from './lexer.ts'
import type { Node, NodeType } from './node.ts'
import { locate } from './position.ts'
import { KIND, KIND_NAMES, Token } from './token.ts'
import { VtlSyntaxError } from './vtl-error.ts'

/** Directives, strings and brackets nested deeper than this are refused. */
export const MAX_NESTING = 250

/** What the parse of a template shares with the parses of the strings inside it. */
export interface ParseScope {
  /** Names given to `#macro`: an escaped call of one loses its backslash. */
  readonly macros: Set<string>
  nesting: number
}

export class Cursor {
  readonly lexer: Lexer
  readonly scope: ParseScope
  /** The last token consumed. */
  token: Token = new Token(KIND.EOF, '', 0, undefined)

  constructor (text: string, scope: ParseScope) {
    this.lexer = new Lexer(text)
    this.scope = scope
  }

  /** The token `ahead` places further, 1 for the next. */
  peek (ahead = 1): Token {
    let token = this.token
    for (let i = 0; i < ahead; i++) token = token.next ??= this.lexer.next()
    return token
  }

  kind (ahead = 1): number {
    return this.peek(ahead).kind
  }

  consume (...kinds: number[]): Token {
    const token = this.peek()
    if (!kinds.includes(token.kind)) throw this.unexpected(kinds)
    this.token = token
    return token
  }

  skip (kind: number): void {
    if (this.kind() === kind) this.token = this.peek()
  }

  unexpected (expected: readonly number[] = []): VtlSyntaxError {
    const { kind, image, offset } = this.peek()
    const found = kind === KIND.EOF ? 'the end of the template' : `'${image}'`
    const names = expected.map((one) => KIND_NAMES[one]).join(' or ')
    return this.failure(`${found} is unexpected${names === '' ? '' : `, expected is ${names}`}`, offset)
  }

  failure (message: string, offset: number): VtlSyntaxError {
    return new VtlSyntaxError(message, locate(this.lexer.text, offset))
  }

  /** Builds a node over what `fill` consumes. */
  node (type: NodeType, fill: (node: Node) => void): Node {
    const first = this.peek()
    if (++this.scope.nesting > MAX_NESTING) throw this.failure('it is nested too deeply', first.offset)
    const node: Node = { type, first, last: first, children: [], value: '' }
    fill(node)
    node.last = this.token
    this.scope.nesting--
    return node
  }

  leaf (type: NodeType, ...kinds: number[]): Node {
    return this.node(type, () => this.consume(...kinds))
  }
}

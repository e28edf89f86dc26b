// Cuts a template into tokens, on demand: what a character means depends on the state the parser and earlier tokens left.
import { locate } from './position.ts'
import { KIND, STATE, Token } from './token.ts'
import type { Source } from './token-table.ts'
import { RULES } from './token-table.ts'
import { VtlSyntaxError } from './vtl-error.ts'

/** How many parentheses were open, and in which state, when something nested began. */
interface SavedState { readonly lparen: number, readonly rparen: number, readonly state: number }

type Action = (lexer: Lexer, token: Token) => void

/** Kinds that only begin or continue a token. */
const MORE_KINDS = new Set<number>([
  KIND.DOLLAR, KIND.DOLLARBANG, KIND.TEXTBLOCK_START, KIND.FORMAL_COMMENT_START, KIND.MULTI_LINE_COMMENT_START,
  KIND.HASH, KIND.TEXTBLOCK_CHAR
])

export class Lexer implements Source {
  readonly text: string
  state: number = STATE.DEFAULT
  inSet = false
  #at = 0
  #lparen = 0
  #rparen = 0
  #inComment = false
  readonly #stack: SavedState[] = []
  #slashesFrom = 0
  #slashesTo = 0

  constructor (text: string) {
    this.text = text
  }

  /** Remembered, so that a long run of backslashes is walked once. */
  slashesEnd (at: number): number {
    if (at >= this.#slashesFrom && at <= this.#slashesTo && this.#slashesTo > this.#slashesFrom) return this.#slashesTo
    let end = at
    while (this.text.charCodeAt(end) === 0x5c) end++
    this.#slashesFrom = at
    this.#slashesTo = end
    return end
  }

  push (): void {
    this.#stack.push({ lparen: this.#lparen, rparen: this.#rparen, state: this.state })
    this.#lparen = 0
  }

  pop (): boolean {
    const saved = this.#stack.pop()
    if (saved === undefined) {
      this.#lparen = 0
      this.state = STATE.DEFAULT
      return false
    }
    this.#lparen = saved.lparen
    this.#rparen = saved.rparen
    this.state = saved.state
    return true
  }

  /** Whether an opening parenthesis follows, white space skipped. */
  isParenthesisNext (): boolean {
    let at = this.#at
    while (' \t\n\r'.includes(this.text[at] ?? '-')) at++
    return this.text[at] === '('
  }

  next (): Token {
    let begin = this.#at
    let special: string[] | undefined
    for (;;) {
      if (this.#at >= this.text.length) {
        if (this.#at === begin) return new Token(KIND.EOF, this.text.slice(-1), begin, special)
        throw this.#failure()
      }
      const { kind, length } = this.#match()
      if (kind === KIND.EOF) throw this.#failure()
      this.#at += length
      if (MORE_KINDS.has(kind)) {
        MORE_ACTIONS[kind]?.(this)
      } else if (kind === KIND.COMMENT_CHAR) {
        begin = this.#at
      } else if (kind === KIND.REFERENCE_TERMINATOR || kind === KIND.DIRECTIVE_TERMINATOR) {
        special ??= []
        special.push(this.text.slice(begin, this.#at))
        this.#at--
        begin = this.#at
        this.pop()
      } else {
        const token = new Token(kind, this.text.slice(begin, this.#at), begin, special)
        ACTIONS[kind]?.(this, token)
        return token
      }
    }
  }

  #match (): { kind: number, length: number } {
    let kind: number = KIND.EOF
    let length = 0
    for (const rule of RULES[this.state] as NonNullable<(typeof RULES)[number]>) {
      const matched = rule.match(this, this.#at)
      if (matched > length) {
        length = matched
        kind = rule.kind
      }
    }
    return { kind, length }
  }

  #failure (): VtlSyntaxError {
    const found = this.#at < this.text.length ? `'${this.text[this.#at]}' does not belong here` : 'the template ends too early'
    return new VtlSyntaxError(found, locate(this.text, Math.min(this.#at, Math.max(this.text.length - 1, 0))))
  }

  endReference (): void {
    if (this.state === STATE.REFERENCE) this.pop()
  }

  enter (state: number): void {
    this.push()
    this.state = state
  }

  enterComment (state: number): boolean {
    if (this.#inComment) return false
    this.#inComment = true
    this.enter(state)
    return true
  }

  leaveComment (): void {
    this.#inComment = false
    this.pop()
  }

  /** Begins a reference or a directive, which a comment hides. */
  begin (state: number): void {
    if (this.#inComment) return
    if (state === STATE.PRE_DIRECTIVE && this.state === STATE.REFMODIFIER) this.pop()
    else this.endReference()
    this.enter(state)
  }

  open (): void {
    this.#lparen++
  }

  /** A closing parenthesis drops down to the state below the one that holds its partner. */
  close (): void {
    for (;;) {
      if (this.#lparen > 0) {
        if (this.#lparen === this.#rparen + 1) this.pop()
        else this.#rparen++
        return
      }
      if (!this.pop()) return
    }
  }

  /** A value outside parentheses ends the directive it stands in. */
  endBareValue (...states: number[]): void {
    if (this.#lparen === 0 && !this.inSet && !states.includes(this.state)) this.pop()
  }

  /** Gives back what a token looked at beyond its end. */
  giveBack (count: number): void {
    this.#at -= count
  }
}

const MORE_ACTIONS: Readonly<Record<number, (lexer: Lexer) => void>> = {
  [KIND.DOLLAR]: (lexer) => lexer.begin(STATE.REFERENCE),
  [KIND.DOLLARBANG]: (lexer) => lexer.begin(STATE.REFERENCE),
  [KIND.TEXTBLOCK_START]: (lexer) => { lexer.enterComment(STATE.IN_TEXTBLOCK) },
  [KIND.FORMAL_COMMENT_START]: (lexer) => {
    if (lexer.enterComment(STATE.IN_FORMAL_COMMENT)) lexer.giveBack(1)
  },
  [KIND.MULTI_LINE_COMMENT_START]: (lexer) => { lexer.enterComment(STATE.IN_MULTI_LINE_COMMENT) },
  [KIND.HASH]: (lexer) => lexer.begin(STATE.PRE_DIRECTIVE)
}

const leaveComment: Action = (lexer) => lexer.leaveComment()
const toDirective: Action = (lexer) => { lexer.state = STATE.DIRECTIVE }
const leave: Action = (lexer) => { lexer.pop() }

const ACTIONS: Readonly<Record<number, Action>> = {
  [KIND.INDEX_LBRACKET]: (lexer) => lexer.enter(STATE.REFINDEX),
  [KIND.INDEX_RBRACKET]: leave,
  [KIND.LPAREN]: (lexer) => {
    lexer.open()
    if (lexer.state === STATE.REFMODIFIER) lexer.state = STATE.REFMOD2
  },
  [KIND.RPAREN]: (lexer) => lexer.close(),
  [KIND.REFMOD2_RPAREN]: (lexer) => { lexer.state = STATE.REFERENCE },
  [KIND.SET_DIRECTIVE]: (lexer) => {
    lexer.enter(STATE.DIRECTIVE)
    lexer.inSet = true
    lexer.open()
  },
  [KIND.SINGLE_LINE_COMMENT_START]: (lexer) => {
    lexer.endReference()
    lexer.enterComment(STATE.IN_SINGLE_LINE_COMMENT)
  },
  [KIND.SINGLE_LINE_COMMENT]: leaveComment,
  [KIND.FORMAL_COMMENT]: leaveComment,
  [KIND.MULTI_LINE_COMMENT]: leaveComment,
  [KIND.TEXTBLOCK]: leaveComment,
  [KIND.STRING_LITERAL]: (lexer) => { if (lexer.state === STATE.DIRECTIVE) lexer.endBareValue() },
  [KIND.END]: leave,
  [KIND.IF_DIRECTIVE]: toDirective,
  [KIND.ELSEIF_DIRECTIVE]: toDirective,
  [KIND.ELSE_DIRECTIVE]: leave,
  [KIND.INTEGER_LITERAL]: (lexer, token) => {
    if (token.image.endsWith('..')) {
      lexer.giveBack(2)
      token.image = token.image.slice(0, -2)
    }
    lexer.endBareValue(STATE.REFMOD2, STATE.REFINDEX)
  },
  [KIND.FLOATING_POINT_LITERAL]: (lexer) => lexer.endBareValue(STATE.REFMOD2),
  [KIND.DOT]: (lexer, token) => {
    lexer.giveBack(1)
    lexer.state = STATE.REFMODIFIER
    token.image = '.'
  },
  [KIND.RCURLY]: leave
}

// The kinds of token and the lexical states of Velocity 1.7, and the token itself.

/** Lower numbers win where two kinds match the same length, so the order is part of the language. */
export const KIND = {
  EOF: 0,
  INDEX_LBRACKET: 1,
  INDEX_RBRACKET: 2,
  LBRACKET: 3,
  RBRACKET: 4,
  COMMA: 5,
  DOUBLEDOT: 6,
  COLON: 7,
  LEFT_CURLEY: 8,
  RIGHT_CURLEY: 9,
  LPAREN: 10,
  RPAREN: 11,
  REFMOD2_RPAREN: 12,
  ESCAPE_DIRECTIVE: 13,
  SET_DIRECTIVE: 14,
  DOLLAR: 15,
  DOLLARBANG: 16,
  TEXTBLOCK_START: 17,
  FORMAL_COMMENT_START: 18,
  MULTI_LINE_COMMENT_START: 19,
  HASH: 20,
  SINGLE_LINE_COMMENT_START: 21,
  DOUBLE_ESCAPE: 22,
  ESCAPE: 23,
  TEXT: 24,
  SINGLE_LINE_COMMENT: 25,
  FORMAL_COMMENT: 26,
  MULTI_LINE_COMMENT: 27,
  TEXTBLOCK: 28,
  COMMENT_CHAR: 29,
  TEXTBLOCK_CHAR: 30,
  WHITESPACE: 31,
  STRING_LITERAL: 32,
  TRUE: 33,
  FALSE: 34,
  MINUS: 36,
  PLUS: 37,
  MULTIPLY: 38,
  DIVIDE: 39,
  MODULUS: 40,
  LOGICAL_AND: 41,
  LOGICAL_OR: 42,
  LOGICAL_LT: 43,
  LOGICAL_LE: 44,
  LOGICAL_GT: 45,
  LOGICAL_GE: 46,
  LOGICAL_EQUALS: 47,
  LOGICAL_NOT_EQUALS: 48,
  LOGICAL_NOT: 49,
  EQUALS: 50,
  END: 51,
  IF_DIRECTIVE: 52,
  ELSEIF_DIRECTIVE: 53,
  ELSE_DIRECTIVE: 54,
  INTEGER_LITERAL: 56,
  FLOATING_POINT_LITERAL: 57,
  WORD: 61,
  BRACKETED_WORD: 62,
  IDENTIFIER: 66,
  DOT: 67,
  LCURLY: 68,
  RCURLY: 69,
  REFERENCE_TERMINATOR: 70,
  DIRECTIVE_TERMINATOR: 71,
  EMPTY_INDEX: 72
} as const

const SIGNS: Readonly<Record<string, string>> = {
  INDEX_LBRACKET: "'['",
  INDEX_RBRACKET: "']'",
  LBRACKET: "'['",
  RBRACKET: "']'",
  COMMA: "','",
  DOUBLEDOT: "'..'",
  COLON: "':'",
  LEFT_CURLEY: "'{'",
  RIGHT_CURLEY: "'}'",
  LCURLY: "'{'",
  RCURLY: "'}'",
  LPAREN: "'('",
  RPAREN: "')'",
  REFMOD2_RPAREN: "')'",
  EQUALS: "'='",
  END: '#end',
  EOF: 'the end of the template',
  IDENTIFIER: 'a name'
}

/** What a `kind` of a token is called in an error message. */
export const KIND_NAMES: readonly string[] = Object.entries(KIND).reduce<string[]>((names, [name, kind]) => {
  names[kind] = SIGNS[name] ?? name.toLowerCase().replaceAll('_', ' ')
  return names
}, [])

/** The lexical states: which kinds can match next. */
export const STATE = {
  REFERENCE: 0,
  REFMODIFIER: 1,
  REFINDEX: 2,
  DIRECTIVE: 3,
  REFMOD2: 4,
  DEFAULT: 5,
  IN_TEXTBLOCK: 7,
  IN_MULTI_LINE_COMMENT: 8,
  IN_FORMAL_COMMENT: 9,
  IN_SINGLE_LINE_COMMENT: 10,
  PRE_DIRECTIVE: 11
} as const

/** One token of a template. `image` is changed by parsing where an escape is resolved, as Velocity does. */
export class Token {
  readonly kind: number
  image: string
  /** Where the token begins in its source. */
  readonly offset: number
  /** The text of terminators before the token: the `$` and `#` that turned out to be plain text. */
  readonly special: readonly string[] | undefined
  next: Token | undefined
  /** Whether the `[` opens a range, once somebody has looked ahead. */
  opensRange: boolean | undefined

  constructor (kind: number, image: string, offset: number, special: readonly string[] | undefined) {
    this.kind = kind
    this.image = image
    this.offset = offset
    this.special = special
    this.next = undefined
    this.opensRange = undefined
  }
}

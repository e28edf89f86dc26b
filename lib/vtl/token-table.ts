// Which kinds of token each lexical state knows, and how long a match of each is.
import { KIND, STATE } from './token.ts'

/** The source a matcher looks at; `slashesEnd` tells where a run of backslashes ends. */
export interface Source {
  readonly text: string
  slashesEnd (at: number): number
}

/** How many characters match at a place; 0 for none. */
type Matcher = (source: Source, at: number) => number
export interface TokenRule { readonly kind: number, readonly match: Matcher }

const literal = (kind: number, ...texts: string[]): TokenRule => {
  const longestFirst = texts.toSorted((a, b) => b.length - a.length)
  return { kind, match: ({ text }, at) => longestFirst.find((one) => text.startsWith(one, at))?.length ?? 0 }
}

const pattern = (kind: number, expression: RegExp): TokenRule => {
  const sticky = new RegExp(expression, 'y')
  return {
    kind,
    match: ({ text }, at) => {
      sticky.lastIndex = at
      return sticky.test(text) ? sticky.lastIndex - at : 0
    }
  }
}

const WORD_AFTER_SLASHES = /\\#(?:[A-Za-z_@][A-Za-z0-9_@]*|\{[A-Za-z_][A-Za-z0-9_@]*\})/y

/** `\\…\#word`: an odd number of backslashes before a `#word`. */
const escapedDirective: Matcher = (source, at) => {
  const slashes = source.slashesEnd(at) - at
  if (slashes % 2 === 0) return 0
  WORD_AFTER_SLASHES.lastIndex = at + slashes - 1
  return WORD_AFTER_SLASHES.test(source.text) ? WORD_AFTER_SLASHES.lastIndex - at : 0
}

const dollar: Matcher = (source, at) => {
  const end = source.slashesEnd(at)
  return source.text[end] === '$' ? end + 1 - at : 0
}

const dollarBang: Matcher = (source, at) => {
  const length = dollar(source, at)
  if (length === 0) return 0
  const end = source.slashesEnd(at + length)
  return source.text[end] === '!' ? end + 1 - at : 0
}

/** The longest text in quotes; a doubled quote does not end it, unless no other quote follows. */
const quoted: Matcher = ({ text }, at) => {
  const quote = text[at]
  if (quote !== '"' && quote !== "'") return 0
  let length = 0
  let end = text.indexOf(quote, at + 1)
  while (end !== -1) {
    length = end + 1 - at
    if (text[end + 1] !== quote) break
    end = text.indexOf(quote, end + 2)
  }
  return length
}

const anyCharacter: Matcher = () => 1

const rule = (kind: number, match: Matcher): TokenRule => ({ kind, match })

const MORE = [
  rule(KIND.DOLLAR, dollar),
  rule(KIND.DOLLARBANG, dollarBang),
  literal(KIND.TEXTBLOCK_START, '#[['),
  pattern(KIND.FORMAL_COMMENT_START, /#\*\*[^#]/),
  literal(KIND.MULTI_LINE_COMMENT_START, '#*'),
  literal(KIND.HASH, '#')
]
const INDEX_OPENS = literal(KIND.INDEX_LBRACKET, '[')
const LPAREN = literal(KIND.LPAREN, '(')
const SET = pattern(KIND.SET_DIRECTIVE, /[ \t]*(?:#set|#\{set\}) *\(/)
const LINE_COMMENT = literal(KIND.SINGLE_LINE_COMMENT_START, '##')
const EMPTY_INDEX = literal(KIND.EMPTY_INDEX, '$[', '$![', '$\\![', '$.')
const BRACKETS = [
  literal(KIND.LBRACKET, '['), literal(KIND.RBRACKET, ']'), literal(KIND.COMMA, ','), literal(KIND.DOUBLEDOT, '..'),
  literal(KIND.COLON, ':'), literal(KIND.LEFT_CURLEY, '{'), literal(KIND.RIGHT_CURLEY, '}')
]
const SPACE = pattern(KIND.WHITESPACE, /[ \t\n\r]+/)
const STRING = rule(KIND.STRING_LITERAL, quoted)
const BOOLEANS = [literal(KIND.TRUE, 'true'), literal(KIND.FALSE, 'false')]
const NUMERALS = [
  pattern(KIND.INTEGER_LITERAL, /-?[0-9]+(?:\.\.)?/),
  pattern(KIND.FLOATING_POINT_LITERAL,
    /-?(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)/)
]
const WORDS = [
  pattern(KIND.WORD, /[A-Za-z_@][A-Za-z0-9_@]*/), pattern(KIND.BRACKETED_WORD, /\{[A-Za-z_][A-Za-z0-9_@]*\}/)
]
const IDENTIFIERS = [pattern(KIND.IDENTIFIER, /[A-Za-z_][A-Za-z0-9_-]*/), pattern(KIND.DOT, /\.[A-Za-z]/)]
const CURLIES = [literal(KIND.LCURLY, '{'), literal(KIND.RCURLY, '}')]
const REFERENCE_ENDS = rule(KIND.REFERENCE_TERMINATOR, anyCharacter)
const OPERATORS = [
  literal(KIND.MINUS, '-'), literal(KIND.PLUS, '+'), literal(KIND.MULTIPLY, '*'), literal(KIND.DIVIDE, '/'),
  literal(KIND.MODULUS, '%'), literal(KIND.LOGICAL_AND, '&&', 'and'), literal(KIND.LOGICAL_OR, '||', 'or'),
  literal(KIND.LOGICAL_LT, '<', 'lt'), literal(KIND.LOGICAL_LE, '<=', 'le'), literal(KIND.LOGICAL_GT, '>', 'gt'),
  literal(KIND.LOGICAL_GE, '>=', 'ge'), literal(KIND.LOGICAL_EQUALS, '==', 'eq'),
  literal(KIND.LOGICAL_NOT_EQUALS, '!=', 'ne'), literal(KIND.LOGICAL_NOT, '!', 'not'), literal(KIND.EQUALS, '=')
]
const DIRECTIVES = [
  pattern(KIND.END, /(?:end|\{end\})(?:[ \t]*(?:\r\n|\n|\r))?/), literal(KIND.IF_DIRECTIVE, 'if', '{if}'),
  literal(KIND.ELSEIF_DIRECTIVE, 'elseif', '{elseif}'),
  pattern(KIND.ELSE_DIRECTIVE, /(?:else|\{else\})(?:[ \t]*(?:\r\n|\n|\r))?/)
]

/** The rules of each state, in the order of their kinds. */
export const RULES: ReadonlyArray<readonly TokenRule[]> = Object.entries({
  [STATE.REFERENCE]: [
    INDEX_OPENS, SET, ...MORE, LINE_COMMENT, ...BOOLEANS, ...IDENTIFIERS, ...CURLIES, REFERENCE_ENDS, EMPTY_INDEX
  ],
  [STATE.REFMODIFIER]: [INDEX_OPENS, LPAREN, SET, ...MORE, ...BOOLEANS, ...IDENTIFIERS, ...CURLIES, REFERENCE_ENDS],
  [STATE.REFINDEX]: [literal(KIND.INDEX_RBRACKET, ']'), ...MORE, SPACE, STRING, ...BOOLEANS, ...NUMERALS],
  [STATE.DIRECTIVE]: [
    ...BRACKETS, LPAREN, pattern(KIND.RPAREN, /\)(?:[ \t]*(?:\r\n|\n|\r))?/), ...MORE, LINE_COMMENT, SPACE, STRING,
    ...BOOLEANS, ...OPERATORS, ...NUMERALS, ...WORDS
  ],
  [STATE.REFMOD2]: [
    ...BRACKETS, literal(KIND.REFMOD2_RPAREN, ')'), SET, ...MORE, SPACE, STRING, ...BOOLEANS, ...NUMERALS, ...IDENTIFIERS
  ],
  [STATE.DEFAULT]: [
    rule(KIND.ESCAPE_DIRECTIVE, escapedDirective), SET, ...MORE, LINE_COMMENT, literal(KIND.DOUBLE_ESCAPE, '\\\\'),
    literal(KIND.ESCAPE, '\\'), pattern(KIND.TEXT, /[^$#\\]+/), EMPTY_INDEX
  ],
  [STATE.IN_TEXTBLOCK]: [...MORE, literal(KIND.TEXTBLOCK, ']]#'), rule(KIND.TEXTBLOCK_CHAR, anyCharacter)],
  [STATE.IN_MULTI_LINE_COMMENT]: [
    ...MORE, literal(KIND.MULTI_LINE_COMMENT, '*#'), rule(KIND.COMMENT_CHAR, anyCharacter)
  ],
  [STATE.IN_FORMAL_COMMENT]: [...MORE, literal(KIND.FORMAL_COMMENT, '*#'), rule(KIND.COMMENT_CHAR, anyCharacter)],
  [STATE.IN_SINGLE_LINE_COMMENT]: [
    ...MORE, literal(KIND.SINGLE_LINE_COMMENT, '\r\n', '\n', '\r'), rule(KIND.COMMENT_CHAR, anyCharacter)
  ],
  [STATE.PRE_DIRECTIVE]: [
    ...MORE, LINE_COMMENT, ...DIRECTIVES, ...NUMERALS, ...WORDS, rule(KIND.DIRECTIVE_TERMINATOR, anyCharacter)
  ]
}).reduce<TokenRule[][]>((rules, [state, known]) => {
  rules[Number(state)] = known
  return rules
}, [])

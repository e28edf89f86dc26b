// The named sets of patterns: \d and its kin, POSIX classes, Unicode categories, scripts, blocks and java* methods.
import type { CodeTest } from './code-set.ts'
import { complementOf, intersectionOf, oneOf, rangeOf, unicodeProperty, unionOf } from './code-set.ts'
import { blockRange } from './unicode-blocks.ts'

const any = (...tests: CodeTest[]): CodeTest => tests.reduce(unionOf)
const ascii = rangeOf(0, 0x7f)

const DIGIT = rangeOf(0x30, 0x39)
const LOWER = rangeOf(0x61, 0x7a)
const UPPER = rangeOf(0x41, 0x5a)
const ALPHA = unionOf(LOWER, UPPER)
const ALNUM = unionOf(ALPHA, DIGIT)
const SPACE = unionOf(rangeOf(0x09, 0x0d), oneOf(0x20))
const GRAPH = rangeOf(0x21, 0x7e)
const WORD = unionOf(ALNUM, oneOf(0x5f))

/** `\h`. */
export const HORIZONTAL_SPACE = unionOf(
  oneOf(0x20, 0x09, 0xa0, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000), rangeOf(0x2000, 0x200a)
)
/** `\v`. */
export const VERTICAL_SPACE = unionOf(rangeOf(0x0a, 0x0d), oneOf(0x85, 0x2028, 0x2029))

const property = (name: string): CodeTest => unicodeProperty(`\\p{${name}}`)
const LETTER = property('L')
const ALPHABETIC = property('Alphabetic')
const CONTROL = property('Cc')
const NUMBER = property('Nd')
const LOWERCASE = property('Lowercase')
const UPPERCASE = property('Uppercase')
const TITLECASE = property('Lt')
const ANY_CASE = any(LOWERCASE, UPPERCASE, TITLECASE)
const CASED = any(property('Lu'), property('Ll'), TITLECASE)
const ASSIGNED = complementOf(property('Cn'))
const UNICODE_SPACE = any(property('Z'), rangeOf(0x09, 0x0d), oneOf(0x85))
const UNICODE_GRAPH = complementOf(any(property('Z'), CONTROL, property('Cs'), property('Cn')))
const UNICODE_BLANK = unionOf(property('Zs'), oneOf(0x09))
const UNICODE_WORD = any(ALPHABETIC, property('M'), NUMBER, property('Pc'), oneOf(0x200c, 0x200d))
const NO_BREAK_SPACE = oneOf(0xa0, 0x2007, 0x202f)
const JAVA_WHITESPACE = any(
  intersectionOf(property('Z'), complementOf(NO_BREAK_SPACE)), rangeOf(0x09, 0x0d), rangeOf(0x1c, 0x1f)
)
const IDENTIFIER_IGNORABLE = any(rangeOf(0x00, 0x08), rangeOf(0x0e, 0x1b), rangeOf(0x7f, 0x9f), property('Cf'))
const IDENTIFIER_START = any(LETTER, property('Nl'), property('Sc'), property('Pc'))

/** `\d`, `\s` and `\w`: of ASCII, and of Unicode under the flag U. */
export const SHORTHANDS = {
  d: [DIGIT, NUMBER],
  s: [SPACE, UNICODE_SPACE],
  w: [WORD, UNICODE_WORD]
} as const satisfies Record<string, readonly [CodeTest, CodeTest]>

/** What a name means, and what it means under the flag i if that is more: letters that differ in case only are one. */
type NamedTest = readonly [test: CodeTest, ignoringCase?: CodeTest]
type NamedTests = ReadonlyMap<string, NamedTest>

/** `\p{Name}` outside Unicode's own names. */
const NAMED: NamedTests = new Map<string, NamedTest>([
  ['Lower', [LOWER, ALPHA]],
  ['Upper', [UPPER, ALPHA]],
  ['ASCII', [ascii]],
  ['Alpha', [ALPHA]],
  ['Digit', [DIGIT]],
  ['Alnum', [ALNUM]],
  ['Punct', [intersectionOf(GRAPH, complementOf(ALNUM))]],
  ['Graph', [GRAPH]],
  ['Print', [rangeOf(0x20, 0x7e)]],
  ['Blank', [oneOf(0x20, 0x09)]],
  ['Cntrl', [unionOf(rangeOf(0, 0x1f), oneOf(0x7f))]],
  ['XDigit', [any(DIGIT, rangeOf(0x41, 0x46), rangeOf(0x61, 0x66))]],
  ['Space', [SPACE]],
  ['L1', [rangeOf(0, 0xff)]],
  ['all', [() => true]],
  ['LD', [unionOf(LETTER, NUMBER)]],
  ['LC', [CASED]],
  ['javaLowerCase', [LOWERCASE, ANY_CASE]],
  ['javaUpperCase', [UPPERCASE, ANY_CASE]],
  ['javaTitleCase', [TITLECASE, ANY_CASE]],
  ['javaAlphabetic', [ALPHABETIC]],
  ['javaIdeographic', [property('Ideographic')]],
  ['javaDigit', [NUMBER]],
  ['javaDefined', [ASSIGNED]],
  ['javaLetter', [LETTER]],
  ['javaLetterOrDigit', [unionOf(LETTER, NUMBER)]],
  ['javaSpaceChar', [property('Z')]],
  ['javaWhitespace', [JAVA_WHITESPACE]],
  ['javaISOControl', [unionOf(rangeOf(0, 0x1f), rangeOf(0x7f, 0x9f))]],
  ['javaMirrored', [property('Bidi_Mirrored')]],
  ['javaIdentifierIgnorable', [IDENTIFIER_IGNORABLE]],
  ['javaJavaIdentifierStart', [IDENTIFIER_START]],
  ['javaJavaIdentifierPart', [any(IDENTIFIER_START, NUMBER, property('Mn'), property('Mc'), IDENTIFIER_IGNORABLE)]],
  ['javaUnicodeIdentifierStart', [property('ID_Start')]],
  ['javaUnicodeIdentifierPart', [unionOf(property('ID_Continue'), IDENTIFIER_IGNORABLE)]]
])

/* General categories; those that differ in case only are one under the flag i. */
const CATEGORY = /^(?:Cn|L[ultmo]?|M[nec]?|N[dlo]?|Z[slp]?|C[cfos]?|P[dsecoif]?|S[mcko]?)$/
const CASED_CATEGORY = /^L[ult]$/

/** POSIX names, as Unicode's properties mean them: `\p{IsAlpha}`, and `\p{Alpha}` under the flag U. */
const UNICODE_POSIX: NamedTests = new Map<string, NamedTest>([
  ['ALPHA', [ALPHABETIC]],
  ['LOWER', [LOWERCASE, ANY_CASE]],
  ['UPPER', [UPPERCASE, ANY_CASE]],
  ['SPACE', [UNICODE_SPACE]],
  ['PUNCT', [property('P')]],
  ['XDIGIT', [any(NUMBER, property('Hex_Digit'))]],
  ['ALNUM', [unionOf(ALPHABETIC, NUMBER)]],
  ['CNTRL', [CONTROL]],
  ['DIGIT', [NUMBER]],
  ['BLANK', [UNICODE_BLANK]],
  ['GRAPH', [UNICODE_GRAPH]],
  ['PRINT', [intersectionOf(unionOf(UNICODE_GRAPH, UNICODE_BLANK), complementOf(CONTROL))]]
])

/** Binary properties, `\p{Is…}`. */
const UNICODE_BINARY: NamedTests = new Map<string, NamedTest>([
  ['ALPHABETIC', [ALPHABETIC]],
  ['ASSIGNED', [ASSIGNED]],
  ['CONTROL', [CONTROL]],
  ['HEXDIGIT', [any(NUMBER, property('Hex_Digit'))]],
  ['IDEOGRAPHIC', [property('Ideographic')]],
  ['JOINCONTROL', [oneOf(0x200c, 0x200d)]],
  ['LETTER', [LETTER]],
  ['LOWERCASE', [LOWERCASE, ANY_CASE]],
  ['UPPERCASE', [UPPERCASE, ANY_CASE]],
  ['TITLECASE', [TITLECASE, ANY_CASE]],
  ['NONCHARACTERCODEPOINT', [property('Noncharacter_Code_Point')]],
  ['PUNCTUATION', [property('P')]],
  ['WHITESPACE', [UNICODE_SPACE]],
  ['WORD', [UNICODE_WORD]]
])

/** Names that may also be written so. */
const WRITTEN_APART = ['HEX_DIGIT', 'JOIN_CONTROL', 'NONCHARACTER_CODE_POINT', 'WHITE_SPACE']

/** The flags that change what a name means. */
export interface PropertyFlags {
  readonly ignoreCase: boolean
  readonly unicodeClasses: boolean
}

const pick = (found: NamedTest | undefined, ignoreCase: boolean): CodeTest | undefined =>
  found === undefined ? undefined : ignoreCase ? found[1] ?? found[0] : found[0]

function category (name: string, ignoreCase: boolean): CodeTest | undefined {
  if (CATEGORY.test(name)) return ignoreCase && CASED_CATEGORY.test(name) ? CASED : property(name)
  return pick(NAMED.get(name), ignoreCase)
}

function script (name: string): CodeTest | undefined {
  const spelling = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase())
  if (!/^\w+$/.test(spelling)) return undefined
  try {
    return property(`Script=${spelling}`)
  } catch {
    return undefined
  }
}

function block (name: string): CodeTest | undefined {
  const range = blockRange(name)
  return range === undefined ? undefined : rangeOf(...range)
}

function unicodeNamed (name: string, ignoreCase: boolean): CodeTest | undefined {
  const upper = name.toUpperCase()
  const key = WRITTEN_APART.includes(upper) ? upper.replaceAll('_', '') : upper
  return pick(UNICODE_BINARY.get(key) ?? UNICODE_POSIX.get(key), ignoreCase)
}

/** What may stand before `=`. */
const KEYED: ReadonlyMap<string, (value: string, ignoreCase: boolean) => CodeTest | undefined> = new Map([
  ['sc', script], ['script', script], ['blk', block], ['block', block], ['gc', category], ['general_category', category]
])

/** The set that `\p{name}` names; undefined where there is none of that name. */
export function namedSet (name: string, flags: PropertyFlags): CodeTest | undefined {
  const { ignoreCase, unicodeClasses } = flags
  const equals = name.indexOf('=')
  if (equals >= 0) return KEYED.get(name.slice(0, equals).toLowerCase())?.(name.slice(equals + 1), ignoreCase)
  if (name.startsWith('In')) return block(name.slice(2))
  if (name.startsWith('Is')) {
    const rest = name.slice(2)
    return unicodeNamed(rest, ignoreCase) ?? category(rest, ignoreCase) ?? script(rest)
  }
  const ofUnicode = unicodeClasses ? pick(UNICODE_POSIX.get(name.toUpperCase()), ignoreCase) : undefined
  return ofUnicode ?? category(name, ignoreCase)
}

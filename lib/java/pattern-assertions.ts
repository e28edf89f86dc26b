// The places in a text that patterns can ask for: line ends, word boundaries, the beginning and the end.
import type { CodeTest } from './code-set.ts'
import { unicodeProperty } from './code-set.ts'
import { SHORTHANDS } from './pattern-properties.ts'
import type { PatternFlags } from './pattern-scanner.ts'
import type { Assertion } from './pattern-tree.ts'

const LINE_ENDS = '\n\r\u0085\u2028\u2029'
const isLineEnd = (char: string | undefined): boolean => char !== undefined && char !== '' && LINE_ENDS.includes(char)

export const atBeginning: Assertion = (_, at) => at === 0
export const atEnd: Assertion = (text, at) => at === text.length

/** `^` under the flag m: behind a line end, but not at the very end, nor between CR and LF. */
const atLineStart: Assertion = (text, at) =>
  at < text.length && (at === 0 || (isLineEnd(text[at - 1]) && !(text[at - 1] === '\r' && text[at] === '\n')))
const atUnixLineStart: Assertion = (text, at) => at < text.length && (at === 0 || text[at - 1] === '\n')

/** `$` under the flag m: before a line end, but not between CR and LF. */
const atLineEnd: Assertion = (text, at) =>
  at === text.length || (isLineEnd(text[at]) && !(text[at] === '\n' && text[at - 1] === '\r'))
const atUnixLineEnd: Assertion = (text, at) => at === text.length || text[at] === '\n'

/** `$` and `\Z`: at the end, or before the line end that ends the text. */
const atLastLineEnd: Assertion = (text, at) =>
  atLineEnd(text, at) && (at >= text.length - 1 || (at === text.length - 2 && text[at] === '\r' && text[at + 1] === '\n'))
const atUnixLastLineEnd: Assertion = (text, at) => at === text.length || (at === text.length - 1 && text[at] === '\n')

/** The assertion of `^`. */
export const caret = ({ m, d }: PatternFlags): Assertion => !m ? atBeginning : d ? atUnixLineStart : atLineStart
/** The assertion of `$`. */
export const dollar = ({ m, d }: PatternFlags): Assertion => m ? (d ? atUnixLineEnd : atLineEnd) : endOfInput(d)
/** The assertion of `\Z`. */
export const endOfInput = (unixLines: boolean): Assertion => unixLines ? atUnixLastLineEnd : atLastLineEnd

const isLetterOrDigit = unicodeProperty('[\\p{L}\\p{Nd}]')
const isNonSpacingMark = unicodeProperty('\\p{Mn}')
const isWordCharacter: CodeTest = (code) => code === 0x5f || isLetterOrDigit(code)

function codeBefore (text: string, at: number): number {
  const code = text.codePointAt(at - 2)
  return at >= 2 && code !== undefined && code > 0xffff ? code : text.charCodeAt(at - 1)
}

/** Whether a mark stands on a letter or digit. */
function hasBase (text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const code = text.codePointAt(i) as number
    if (isLetterOrDigit(code)) return true
    if (!isNonSpacingMark(code)) return false
  }
  return false
}

/** `\b`, of Unicode's letters and digits whatever the flags; U adds the other word characters. */
export function wordBoundary (unicode: boolean): Assertion {
  const isWord = unicode ? SHORTHANDS.w[1] : isWordCharacter
  const wordAt = (text: string, code: number, at: number) =>
    isWord(code) || (isNonSpacingMark(code) && hasBase(text, at))
  return (text, at) => {
    const left = at > 0 && wordAt(text, codeBefore(text, at), at - 1)
    const right = at < text.length && wordAt(text, text.codePointAt(at) as number, at)
    return left !== right
  }
}

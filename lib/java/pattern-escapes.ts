// The escapes of patterns that stand for one character or for a set of them; the parser knows those of places and groups.
import type { CodeTest } from './code-set.ts'
import { complementOf } from './code-set.ts'
import { HORIZONTAL_SPACE, SHORTHANDS, VERTICAL_SPACE, namedSet } from './pattern-properties.ts'
import type { PatternScanner } from './pattern-scanner.ts'
import { END } from './pattern-scanner.ts'

const CONTROLS: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 }
const HEX = /^[\da-fA-F]$/
const OCTAL = /^[0-7]$/
const MAX_CODE = 0x10ffff

/**
 * Reads the escape behind a backslash: a code point, or the test of a set. Undefined, with nothing read, where it is neither.
 * In a range of a class `\v` is the one character it was before Java 8.
 */
export function readEscape (scanner: PatternScanner, inRange: boolean): number | CodeTest | undefined {
  const letter = scanner.raw()
  const start = scanner.position
  const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined
  if (control !== undefined) {
    scanner.skip()
    return control
  }
  const set = letter === 'p' || letter === 'P' ? undefined : shorthand(letter, scanner.flags.U)
  if (set !== undefined) {
    scanner.skip()
    return letter === 'v' && inRange ? 0x0b : set
  }
  switch (letter) {
    case 'p': case 'P': return readProperty(scanner)
    case '0': return readOctal(scanner)
    case 'x': return readHex(scanner)
    case 'u': return readUnicode(scanner)
    case 'c':
      scanner.skip()
      if (scanner.isAtEnd) return scanner.refuse('Illegal control escape sequence', start)
      return scanner.take() ^ 64
    case 'N': return scanner.refuse('\\N{…} is not supported: write the character, or \\x{…}', start - 1)
    case END: return scanner.isAtEnd ? scanner.refuse('a backslash ends it', start - 1) : scanner.take()
  }
  return /^[a-zA-Z\d]$/.test(letter) ? undefined : scanner.take()
}

/** `\d`, `\D`, `\h`, … */
function shorthand (letter: string, unicode: boolean): CodeTest | undefined {
  const lower = letter.toLowerCase()
  const test = lower === 'h'
    ? HORIZONTAL_SPACE
    : lower === 'v'
      ? VERTICAL_SPACE
      : Object.hasOwn(SHORTHANDS, lower) ? SHORTHANDS[lower as keyof typeof SHORTHANDS][unicode ? 1 : 0] : undefined
  return test === undefined || letter === lower ? test : complementOf(test)
}

/** `\p{name}`, `\pL`, and `\P…` which is all but these. */
function readProperty (scanner: PatternScanner): CodeTest {
  const start = scanner.position
  const negated = scanner.take() === 0x50
  let name = ''
  if (scanner.accepts('{')) {
    while (scanner.raw() !== '}') {
      if (scanner.isAtEnd) return scanner.refuse('Unclosed character family', start)
      name += String.fromCodePoint(scanner.take())
    }
    scanner.skip()
    if (name === '') return scanner.refuse('Empty character family', start)
  } else name = String.fromCodePoint(scanner.take())
  const test = namedSet(name, { ignoreCase: scanner.flags.i, unicodeClasses: scanner.flags.U })
  if (test === undefined) return scanner.refuse(`Unknown character property {${name}}`, start)
  return negated ? complementOf(test) : test
}

/** `\0n`, `\0nn`, `\0mnn` with m up to 3. */
function readOctal (scanner: PatternScanner): number {
  scanner.skip()
  if (!OCTAL.test(scanner.raw())) return scanner.refuse('Illegal octal escape sequence')
  let value = scanner.take() - 0x30
  const most = value <= 3 ? 3 : 2
  for (let digits = 1; digits < most && OCTAL.test(scanner.raw()); digits++) value = value * 8 + scanner.take() - 0x30
  return value
}

function readDigits (scanner: PatternScanner, count: number, what: string): number {
  let digits = ''
  while (digits.length < count) {
    if (!HEX.test(scanner.raw())) return scanner.refuse(`Illegal ${what} escape sequence`)
    digits += String.fromCodePoint(scanner.take())
  }
  return parseInt(digits, 16)
}

/** `\xhh` and `\x{h…}`. */
function readHex (scanner: PatternScanner): number {
  scanner.skip()
  if (scanner.raw() !== '{') return readDigits(scanner, 2, 'hexadecimal')
  scanner.skip()
  let code = 0
  if (!HEX.test(scanner.raw())) return scanner.refuse('Illegal hexadecimal escape sequence')
  while (HEX.test(scanner.raw())) {
    code = code * 16 + parseInt(String.fromCodePoint(scanner.take()), 16)
    if (code > MAX_CODE) return scanner.refuse('Hexadecimal codepoint is too big')
  }
  if (scanner.raw() !== '}') return scanner.refuse('Unclosed hexadecimal escape sequence')
  scanner.skip()
  return code
}

/** `\uhhhh`; two that make a surrogate pair are one code point. */
function readUnicode (scanner: PatternScanner): number {
  scanner.skip()
  const high = readDigits(scanner, 4, 'Unicode')
  if (high < 0xd800 || high > 0xdbff || scanner.raw() !== '\\' || scanner.raw(1) !== 'u') return high
  const digits = [2, 3, 4, 5].map((ahead) => scanner.raw(ahead))
  const low = digits.every((digit) => HEX.test(digit)) ? parseInt(digits.join(''), 16) : 0
  if (low < 0xdc00 || low > 0xdfff) return high
  scanner.skip(6)
  return (high - 0xd800) * 0x400 + low - 0xdc00 + 0x10000
}

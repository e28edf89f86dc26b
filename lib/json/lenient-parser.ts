// The gateway's lenient JSON: json-smart in its permissive mode. Objects become Maps, numbers Java's numbers.
import { JsonInvalidError } from '../errors.ts'
import { JavaDouble, parseJavaNumber } from '../java/index.ts'
import { outlineJson } from './outline.ts'
import { trimJava } from './trim.ts'

/** Arrays and objects nested deeper than this are refused, as json-smart does since CVE-2023-1370. */
export const MAX_DEPTH = 400
/** Longer texts are refused; API Gateway's largest payload is 10 MB. */
const MAX_TEXT_LENGTH = 10 * 1024 * 1024
/** Longer numerals are refused: exact arithmetic on them is a way to keep a server busy. */
const MAX_NUMERAL_LENGTH = 10_000

/** What the end of the text reads as; json-smart takes the character U+001A for it too. */
const END = 0x1a
const QUOTE = 0x22
const APOSTROPHE = 0x27
const COMMA = 0x2c
const MINUS = 0x2d
const PERIOD = 0x2e
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
/** From here on no character ends a word. */
const BEYOND_STOPS = 126

/** Which characters end a word that stands without quotes. */
type Stops = (code: number) => boolean
const AT_TOP: Stops = (code) => code === END
const IN_ARRAY: Stops = (code) => code === COMMA || code === CLOSE_BRACKET || code === END
const IN_OBJECT: Stops = (code) => code === COMMA || code === CLOSE_BRACE || code === END
const IN_KEY: Stops = (code) => code === COLON || code === END

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null], ['true', true], ['false', false], ['NaN', new JavaDouble(NaN)]
])
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'], ['n', '\n'], ['r', '\r'], ['f', '\f'], ['b', '\b'], ['\\', '\\'], ['/', '/'], ["'", "'"], ['"', '"']
])
const UNICODE_ESCAPES: ReadonlyMap<string, number> = new Map([['u', 4], ['x', 2]])
// eslint-disable-next-line no-control-regex
const DROPPED = /[\u0000-\u0019\u001b-\u001f\u007f]/

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/**
 * Parses text as API Gateway's templates do. Text that starts with neither bracket nor quote is a word, a number or a
 * string; what stands behind the first value is ignored. Throws `JsonInvalidError`.
 */
export function parseLenientJson (text: string): unknown {
  if (text.length > MAX_TEXT_LENGTH) throw new JsonInvalidError(`it has more than ${MAX_TEXT_LENGTH} characters`)
  return outlineJson(text)?.build() ?? new LenientParser(text).readValue(AT_TOP)
}

class LenientParser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor (text: string) {
    this.#text = text
  }

  #code (): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : END
  }

  #fail (message: string): never {
    throw new JsonInvalidError(message)
  }

  #unexpected (at = this.#at): never {
    return this.#fail(`Unexpected character (${this.#text[this.#at] ?? ''}) at position ${at}.`)
  }

  #endOfFile (at: number, what = 'null'): never {
    return this.#fail(`Unexpected End Of File position ${at}: ${what}`)
  }

  #skipDigits (): void {
    while (isDigit(this.#code())) this.#at++
  }

  /** Behind a key or a value everything up to the space character is skipped. */
  #skipSpace (): void {
    for (let code = this.#code(); code <= 0x20 && code !== END; code = this.#code()) this.#at++
  }

  readValue (stops: Stops): unknown {
    while (isSpace(this.#code())) this.#at++
    const code = this.#code()
    switch (code) {
      case OPEN_BRACE: return this.#nested(() => this.#readObject())
      case OPEN_BRACKET: return this.#nested(() => this.#readArray())
      case QUOTE: case APOSTROPHE: return this.#readString(code)
      case COLON: case CLOSE_BRACE: case CLOSE_BRACKET: return this.#unexpected()
    }
    if (isDigit(code) || code === MINUS) return this.#readNumber(stops)
    const start = this.#at
    const word = this.#readWord(start, stops)
    // A control character before a word makes it a string, though it is cut off.
    return WORDS.has(word) && this.#text.startsWith(word, start) ? WORDS.get(word) : word
  }

  #nested<T> (read: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.#fail(`it is nested more than ${MAX_DEPTH} deep`)
    const value = read()
    this.#depth--
    return value
  }

  #readArray (): unknown[] {
    const array: unknown[] = []
    this.#at++
    for (;;) {
      const code = this.#code()
      if (isSpace(code) || code === COMMA) this.#at++
      else if (code === CLOSE_BRACKET) break
      else if (code === COLON || code === CLOSE_BRACE) this.#unexpected()
      else if (code === END) this.#endOfFile(this.#at - 1, 'EOF')
      else array.push(this.readValue(IN_ARRAY))
    }
    this.#at++
    return array
  }

  #readObject (): Map<string, unknown> {
    const object = new Map<string, unknown>()
    for (;;) {
      this.#at++
      const code = this.#code()
      if (isSpace(code) || code === COMMA) continue
      if (code === CLOSE_BRACE) break
      if (code === COLON || code === CLOSE_BRACKET || code === OPEN_BRACKET || code === OPEN_BRACE) this.#unexpected()
      const key = code === QUOTE || code === APOSTROPHE ? this.#readString(code) : this.#readWord(this.#at, IN_KEY)
      this.#skipSpace()
      if (this.#code() === END) this.#endOfFile(this.#at - 1)
      if (this.#code() !== COLON) this.#unexpected(this.#at - 1)
      if (++this.#at >= this.#text.length) this.#endOfFile(this.#at - 1, 'EOF')
      object.set(key, this.readValue(IN_OBJECT))
      this.#skipSpace()
      if (this.#code() === CLOSE_BRACE) break
      if (this.#code() === END) this.#endOfFile(this.#at - 1)
      if (this.#code() !== COMMA) this.#fail(`Unexpected token ${this.#text[this.#at]} at position ${this.#at - 1}.`)
    }
    this.#at++
    return object
  }

  /** A word without quotes, from `start` to the next character that ends it. */
  #readWord (start: number, stops: Stops): string {
    while (!stops(this.#code())) this.#at++
    return trimJava(this.#text.slice(start, this.#at))
  }

  /** A number, or the word that starts like one: `1x` and `2021-01-01` are strings. */
  #readNumber (stops: Stops): unknown {
    const start = this.#at++
    this.#skipDigits()
    if (this.#code() === PERIOD) {
      this.#at++
      this.#skipDigits()
    }
    if (this.#code() === 0x45 || this.#code() === 0x65) {
      const next = this.#text.charCodeAt(++this.#at)
      if (next !== 0x2b && next !== MINUS && !isDigit(next)) return this.#readWord(start, stops)
      this.#at++
      this.#skipDigits()
    }
    this.#skipSpace()
    if (this.#code() < BEYOND_STOPS && !stops(this.#code())) return this.#readWord(start, stops)
    return this.#numberOf(trimJava(this.#text.slice(start, this.#at)))
  }

  #numberOf (numeral: string): unknown {
    if (numeral === '-') return 0
    if (numeral.length > MAX_NUMERAL_LENGTH) this.#fail(`a number has more than ${MAX_NUMERAL_LENGTH} characters`)
    if (Number.isNaN(Number(numeral))) this.#fail(`${numeral} is no number`)
    return parseJavaNumber(numeral)
  }

  /** A string in either quotes; quotes of the other kind, raw line breaks and unknown escapes are no error. */
  #readString (quote: number): string {
    const text = this.#text
    const start = this.#at + 1
    const end = text.indexOf(text[this.#at] as string, start)
    if (end < 0) this.#endOfFile(text.length)
    const plain = text.slice(start, end)
    if (!plain.includes('\\')) {
      this.#at = end + 1
      return plain
    }
    let value = ''
    for (this.#at = start; this.#code() !== quote; this.#at++) {
      const code = this.#code()
      if (code === END) this.#endOfFile(this.#at - 1)
      if (code === BACKSLASH) value += this.#readEscape()
      else if (!DROPPED.test(text[this.#at] as string)) value += text[this.#at]
    }
    this.#at++
    return value
  }

  /** What an escape stands for; one that means nothing stands for nothing. Ends at the escape's last character. */
  #readEscape (): string {
    const letter = this.#text[++this.#at] ?? ''
    const digits = UNICODE_ESCAPES.get(letter)
    if (digits === undefined) return ESCAPES.get(letter) ?? ''
    const hex = /^[\da-f]*/i.exec(this.#text.slice(this.#at + 1, this.#at + 1 + digits))?.[0] as string
    this.#at += hex.length
    if (hex.length < digits) {
      this.#at++
      if (this.#code() === END) this.#endOfFile(this.#at, 'EOF')
      this.#fail(`Unexpected unicode escape sequence ${this.#text[this.#at]} at position ${this.#at}.`)
    }
    return String.fromCharCode(parseInt(hex, 16))
  }
}

// Reads the characters of a pattern one after another, with the flags that are in force at each.
import { PatternInvalidError } from '../errors.ts'
import type { PatternTokens } from './pattern-tokens.ts'
import { readTokens } from './pattern-tokens.ts'

/** The flags `(?idmsuxU)` of a pattern. */
export interface PatternFlags {
  readonly i: boolean
  readonly d: boolean
  readonly m: boolean
  readonly s: boolean
  readonly u: boolean
  readonly x: boolean
  readonly U: boolean
}

export const NO_FLAGS: PatternFlags = { i: false, d: false, m: false, s: false, u: false, x: false, U: false }

/** What stands for the end of the pattern. */
export const END = ''

const SPACES = ' \t\n\v\f\r'
const LINE_ENDS = '\n\r\u0085\u2028\u2029'

export class PatternScanner {
  flags: PatternFlags
  readonly #source: string
  readonly #tokens: PatternTokens
  #at = 0

  constructor (source: string, flags: PatternFlags) {
    this.#source = source
    this.#tokens = readTokens(source)
    this.flags = flags
  }

  /** How many characters were read. */
  get position (): number {
    return this.#at
  }

  refuse (why: string, position = this.#at): never {
    const offset = this.#tokens.offsets[Math.min(position, this.#tokens.codes.length)] as number
    throw new PatternInvalidError(JSON.stringify(this.#source), `${why} (at character ${offset + 1})`)
  }

  /** The character some places on, comments and space not skipped; `END` behind the last, and for a quoted one. */
  raw (ahead = 0): string {
    const index = this.#at + ahead
    const code = this.#tokens.codes[index]
    return code === undefined || this.#tokens.quoted[index] === true ? END : String.fromCodePoint(code)
  }

  /** The next character that counts; `END` at the end and for a quoted character, which `isLiteral` tells apart. */
  peek (): string {
    this.skipComments()
    return this.raw()
  }

  /** Whether the next character is quoted. */
  get isQuoted (): boolean {
    return this.#tokens.quoted[this.#at] === true
  }

  get isAtEnd (): boolean {
    return this.#at >= this.#tokens.codes.length
  }

  /** Takes the next character. */
  take (): number {
    const code = this.#tokens.codes[this.#at]
    if (code === undefined) return this.refuse('it ends too early')
    this.#at++
    return code
  }

  /** Goes on over some characters. */
  skip (count = 1): void {
    this.#at += count
  }

  /** Takes the next character if it is `char`. */
  accepts (char: string): boolean {
    if (this.peek() !== char) return false
    this.#at++
    return true
  }

  /** Under the flag x, white space and `# …` up to the end of the line mean nothing. */
  skipComments (): void {
    if (!this.flags.x) return
    for (let char = this.raw(); char !== END; char = this.raw()) {
      if (char === '#') {
        while (this.raw() !== END && !(this.flags.d ? '\n' : LINE_ENDS).includes(this.raw())) this.#at++
      } else if (!SPACES.includes(char)) return
      else this.#at++
    }
  }
}

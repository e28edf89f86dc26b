// The outline of a JSON text as most writers write it: where its values lie. One value can be read, or all of them built,
// from there. Whatever is unusual has no outline and is left to the lenient parser.
import { parseJavaNumber } from '../java/index.ts'

/*
 * Three numbers a value, in the order of the text; a key stands before its value:
 *   a container: kind | the outline's place behind it | -
 *   a text:      kind | from | to
 *   an integer:  kind | its value | -
 *   a word:      kind | - | -
 */
const OBJECT = 1
const ARRAY = 2
const STRING = 3
const ESCAPED_STRING = 4
const INTEGER = 5
const NUMERAL = 6
const TRUE = 7
const FALSE = 8
const NULL = 9
const FIELDS = 3

const MAX_DEPTH = 100
const MAX_LENGTH = 1 << 20
/** Longer numerals are for the lenient parser to judge. */
const MAX_NUMERAL_LENGTH = 1000
/** Whole numbers of so many digits are Integers for sure. */
const SURE_DIGITS = 9

/** The characters behind a backslash that mean something, `u` apart. */
const IS_ESCAPE = new Uint8Array(128)
for (const letter of '"\\/bfnrt') IS_ESCAPE[letter.charCodeAt(0)] = 1

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/*
 * Buffers of the module: a scan is never interrupted. Characters are read from an array, which is several times quicker
 * than asking a string for them.
 */
let buffer = Buffer.alloc(16_384)
let codes = new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1)
let fields = new Int32Array(4096)
const open = new Int32Array(MAX_DEPTH)

function load (source: string): void {
  if (source.length >= codes.length) {
    buffer = Buffer.alloc(source.length * 4)
    codes = new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1)
  }
  buffer.write(source, 0, 'utf16le')
  // What ends every loop.
  codes[source.length] = 0
}

function grow (): typeof fields {
  const grown = new Int32Array(fields.length * 2)
  grown.set(fields)
  return (fields = grown)
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const isHexadecimal = (code: number): boolean => isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66)

/** Where an escape ends that begins with the backslash at a place; 0 where it is none. */
function escapeEnd (text: Uint16Array, at: number): number {
  const code = text[at + 1] as number
  if (code !== 0x75) return code < 128 && IS_ESCAPE[code] === 1 ? at + 2 : 0
  for (let i = 2; i < 6; i++) if (!isHexadecimal(text[at + i] as number)) return 0
  return at + 6
}

/** Where the fraction and exponent end that may stand at a place; 0 where they are badly written. */
function fractionEnd (text: Uint16Array, from: number): number {
  let at = from
  if (text[at] === POINT) {
    if (!isDigit(text[++at] as number)) return 0
    while (isDigit(text[at] as number)) at++
  }
  if ((text[at] as number | 0x20) === 0x65) {
    at++
    if (text[at] === 0x2b || text[at] === MINUS) at++
    if (!isDigit(text[at] as number)) return 0
    while (isDigit(text[at] as number)) at++
  }
  return at
}

const WORDS: ReadonlyArray<{ readonly kind: number, readonly word: string }> = [
  { kind: TRUE, word: 'true' }, { kind: FALSE, word: 'false' }, { kind: NULL, word: 'null' }
]

/**
 * Fills the fields; the number of them, or 0 where the text is not plain JSON. One loop over values with an explicit
 * stack: what it reads and writes then stays in registers.
 */
function scan (source: string): number {
  const text = codes
  let outline = fields
  let used = 0
  let at = 0
  let depth = 0
  let isKey = false
  while (isSpace(text[at] as number)) at++
  if (text[at] !== OPEN_BRACE && text[at] !== OPEN_BRACKET) return 0
  for (;;) {
    if (used + FIELDS > outline.length) outline = grow()
    let code = text[at] as number
    if (code === QUOTE) {
      const from = ++at
      let kind = STRING
      for (code = text[at] as number; code !== QUOTE; code = text[at] as number) {
        if (code < 0x20 || code === 0x7f) return 0
        if (code === BACKSLASH) {
          kind = ESCAPED_STRING
          at = escapeEnd(text, at)
          if (at === 0) return 0
        } else {
          at++
        }
      }
      outline[used] = kind
      outline[used + 1] = from
      outline[used + 2] = at++
      used += FIELDS
      if (isKey) {
        while (isSpace(text[at] as number)) at++
        if (text[at++] !== COLON) return 0
        while (isSpace(text[at] as number)) at++
        isKey = false
        continue
      }
    } else if (isKey) {
      return 0
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return 0
      open[depth++] = used
      outline[used] = code === OPEN_BRACE ? OBJECT : ARRAY
      used += FIELDS
      at++
      while (isSpace(text[at] as number)) at++
      if (text[at] !== code + 2) {
        isKey = code === OPEN_BRACE
        continue
      }
    } else if (isDigit(code) || code === MINUS) {
      const from = at
      if (code === MINUS) at++
      const first = at
      let value = 0
      for (code = text[at] as number; isDigit(code); code = text[++at] as number) value = value * 10 + code - 0x30
      const digits = at - first
      if (digits === 0 || (digits > 1 && text[first] === 0x30)) return 0
      const end = fractionEnd(text, at)
      if (end === 0 || end - from > MAX_NUMERAL_LENGTH) return 0
      const isSure = end === at && digits <= SURE_DIGITS
      outline[used] = isSure ? INTEGER : NUMERAL
      outline[used + 1] = !isSure ? from : from === first ? value : -value
      outline[used + 2] = at = end
      used += FIELDS
    } else {
      const found = WORDS.find(({ word }) => source.startsWith(word, at))
      if (found === undefined) return 0
      outline[used] = found.kind
      used += FIELDS
      at += found.word.length
    }
    // A value has ended, and with it perhaps what it stands in.
    for (;;) {
      if (depth === 0) {
        while (isSpace(text[at] as number)) at++
        return at === source.length ? used : 0
      }
      while (isSpace(text[at] as number)) at++
      const container = open[depth - 1] as number
      const isObject = outline[container] === OBJECT
      const next = text[at++] as number
      if (next === COMMA) {
        while (isSpace(text[at] as number)) at++
        isKey = isObject
        break
      }
      if (next !== (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return 0
      outline[container + 1] = used
      depth--
    }
  }
}

/** Counts scans: an outline is in the buffers until the next one. */
let scans = 0

/** Outlines an object or array; undefined where the text is anything else, or not plain JSON. */
export function outlineJson (source: string): JsonOutline | undefined {
  if (source.length > MAX_LENGTH) return undefined
  load(source)
  scans++
  return scan(source) === 0 ? undefined : new JsonOutline(source)
}

/** One step of a plain path: a name or an index. */
export type PlainStep = string | number

/** Said where the outline does not tell: the whole document must be read. */
export const UNKNOWN = Symbol('unknown')

/** Of a text that was just scanned. Its fields stay in the module's buffer: most outlines are read before the next is made. */
export class JsonOutline {
  readonly #text: string
  #scan = scans
  #fields = fields

  constructor (source: string) {
    this.#text = source
  }

  /** Builds the whole document. */
  build (): unknown {
    this.#restore()
    return this.#fields[0] === OBJECT ? this.#object(0) : this.#array(0)
  }

  /** Scans once more where another text was scanned since. */
  #restore (): void {
    if (this.#scan === scans) return
    load(this.#text)
    this.#scan = ++scans
    scan(this.#text)
    this.#fields = fields
  }

  #value (place: number): unknown {
    const kind = this.#fields[place]
    return kind === OBJECT ? this.#object(place) : kind === ARRAY ? this.#array(place) : this.#scalar(place)
  }

  #object (from: number): Map<unknown, unknown> {
    const object = new Map<unknown, unknown>()
    const behind = this.#behind(from)
    for (let key = from + FIELDS; key < behind; key = this.#behind(key + FIELDS)) {
      object.set(this.#scalar(key), this.#value(key + FIELDS))
    }
    return object
  }

  #array (from: number): unknown[] {
    const array: unknown[] = []
    const behind = this.#behind(from)
    for (let place = from + FIELDS; place < behind; place = this.#behind(place)) array.push(this.#value(place))
    return array
  }

  #scalar (place: number): unknown {
    const first = this.#fields[place + 1] as number
    const second = this.#fields[place + 2] as number
    switch (this.#fields[place]) {
      case STRING: return this.#text.slice(first, second)
      // What was scanned is plain JSON, which the platform reads quicker than anything here.
      case ESCAPED_STRING: return JSON.parse(this.#text.slice(first - 1, second + 1)) as string
      case INTEGER: return first
      case NUMERAL: return parseJavaNumber(this.#text.slice(first, second))
      case TRUE: return true
      case FALSE: return false
      case NULL: return null
      default: return UNKNOWN
    }
  }

  /** Follows a path to a string, number, boolean or null; undefined where its last name is missing. */
  read (steps: readonly PlainStep[]): unknown {
    this.#restore()
    let place = 0
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as PlainStep
      const isName = typeof step === 'string'
      if (this.#fields[place] !== (isName ? OBJECT : ARRAY)) return UNKNOWN
      place = isName ? this.#member(place, step) : this.#item(place, step)
      if (place < 0) return isName && i === steps.length - 1 ? undefined : UNKNOWN
    }
    return this.#scalar(place)
  }

  /** The place behind a value. */
  #behind (place: number): number {
    const kind = this.#fields[place]
    return kind === OBJECT || kind === ARRAY ? this.#fields[place + 1] as number : place + FIELDS
  }

  /** Where the value of a name lies, the last one if there are several; -1 where there is none. */
  #member (object: number, name: string): number {
    const outlined = this.#fields
    const behind = this.#behind(object)
    let found = -1
    for (let key = object + FIELDS; key < behind; key = this.#behind(key + FIELDS)) {
      const from = outlined[key + 1] as number
      const isKey = outlined[key] === STRING
        ? (outlined[key + 2] as number) - from === name.length && this.#text.startsWith(name, from)
        : this.#scalar(key) === name
      if (isKey) found = key + FIELDS
    }
    return found
  }

  #item (array: number, index: number): number {
    const behind = this.#behind(array)
    let place = array + FIELDS
    for (let i = 0; i < index && place < behind; i++) place = this.#behind(place)
    return place < behind ? place : -1
  }
}

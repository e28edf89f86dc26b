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

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t']
])
const ESCAPE_ALL = /\\(?:u([\da-fA-F]{4})|(.))/g
/** The characters behind a backslash that mean something, `u` apart. */
const IS_ESCAPE = new Uint8Array(128)
for (const letter of ESCAPES.keys()) IS_ESCAPE[letter.charCodeAt(0)] = 1

/*
 * The state of a scan is the module's: a scan is never interrupted. Characters are read from an array, which is several
 * times quicker than asking a string for them.
 */
let buffer = Buffer.alloc(16_384)
let codes = new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1)
let fields = new Int32Array(4096)
let used = 0
let text = ''
let at = 0

function load (source: string): void {
  if (source.length >= codes.length) {
    buffer = Buffer.alloc(source.length * 4)
    codes = new Uint16Array(buffer.buffer, buffer.byteOffset, buffer.length >> 1)
  }
  buffer.write(source, 0, 'utf16le')
  // What ends every loop.
  codes[source.length] = 0
  text = source
  at = 0
  used = 0
}

function skipSpace (): number {
  for (;;) {
    const code = codes[at] as number
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code
    at++
  }
}

function add (kind: number, first: number, second: number): number {
  const place = used
  if (used + FIELDS > fields.length) {
    const grown = new Int32Array(fields.length * 2)
    grown.set(fields)
    fields = grown
  }
  fields[place] = kind
  fields[place + 1] = first
  fields[place + 2] = second
  used += FIELDS
  return place
}

function scanString (): boolean {
  const from = ++at
  let kind = STRING
  let code = codes[at] as number
  while (code !== 0x22) {
    if (code < 0x20 || code === 0x7f) return false
    if (code === 0x5c) {
      kind = ESCAPED_STRING
      code = codes[++at] as number
      if (code === 0x75 ? !skipHexadecimal() : code > 0x7f || IS_ESCAPE[code] !== 1) return false
    }
    code = codes[++at] as number
  }
  add(kind, from, at++)
  return true
}

/** Four hexadecimal digits; `at` ends on the last. */
function skipHexadecimal (): boolean {
  for (let i = 0; i < 4; i++) {
    const code = codes[++at] as number
    const small = code | 0x20
    if (!((code >= 0x30 && code <= 0x39) || (small >= 0x61 && small <= 0x66))) return false
  }
  return true
}

/** How many digits stand here; they are left behind. */
function skipDigits (): number {
  const from = at
  for (let code = codes[at] as number; code >= 0x30 && code <= 0x39;) code = codes[++at] as number
  return at - from
}

function scanNumber (): boolean {
  const from = at
  const isNegative = codes[at] === 0x2d
  if (isNegative) at++
  const first = at
  const digits = skipDigits()
  if (digits === 0 || (digits > 1 && codes[first] === 0x30)) return false
  const kind = codes[at] === 0x2e || (codes[at] as number | 0x20) === 0x65 || digits > SURE_DIGITS ? NUMERAL : INTEGER
  if (codes[at] === 0x2e) {
    at++
    if (skipDigits() === 0) return false
  }
  if ((codes[at] as number | 0x20) === 0x65) {
    at++
    if (codes[at] === 0x2b || codes[at] === 0x2d) at++
    if (skipDigits() === 0) return false
  }
  if (kind === NUMERAL) {
    if (at - from > MAX_NUMERAL_LENGTH) return false
    add(NUMERAL, from, at)
  } else {
    let value = 0
    for (let i = first; i < at; i++) value = value * 10 + (codes[i] as number) - 0x30
    add(INTEGER, isNegative ? -value : value, 0)
  }
  return true
}

function scanWord (kind: number, word: string): boolean {
  if (!text.startsWith(word, at)) return false
  at += word.length
  add(kind, 0, 0)
  return true
}

function scanContainer (isObject: boolean, depth: number): boolean {
  if (depth > MAX_DEPTH) return false
  const place = add(isObject ? OBJECT : ARRAY, 0, 0)
  const close = isObject ? 0x7d : 0x5d
  at++
  if (skipSpace() !== close) {
    for (;;) {
      if (isObject) {
        if (skipSpace() !== 0x22 || !scanString() || skipSpace() !== 0x3a) return false
        at++
      }
      if (!scanValue(depth + 1)) return false
      const code = skipSpace()
      if (code === close) break
      if (code !== 0x2c) return false
      at++
    }
  }
  at++
  fields[place + 1] = used
  return true
}

function scanValue (depth: number): boolean {
  switch (skipSpace()) {
    case 0x22: return scanString()
    case 0x7b: return scanContainer(true, depth)
    case 0x5b: return scanContainer(false, depth)
    case 0x74: return scanWord(TRUE, 'true')
    case 0x66: return scanWord(FALSE, 'false')
    case 0x6e: return scanWord(NULL, 'null')
    default: return scanNumber()
  }
}

/** Outlines an object or array; undefined where the text is anything else, or not plain JSON. */
export function outlineJson (source: string): JsonOutline | undefined {
  if (source.length > MAX_LENGTH) return undefined
  load(source)
  const code = skipSpace()
  const isPlain = (code === 0x7b || code === 0x5b) && scanContainer(code === 0x7b, 0)
  if (isPlain) skipSpace()
  text = ''
  return isPlain && at === source.length ? new JsonOutline(source, fields.slice(0, used)) : undefined
}

/** One step of a plain path: a name or an index. */
export type PlainStep = string | number

/** Said where the outline does not tell: the whole document must be read. */
export const UNKNOWN = Symbol('unknown')

export class JsonOutline {
  readonly #text: string
  readonly #fields: Int32Array

  constructor (source: string, outlined: Int32Array) {
    this.#text = source
    this.#fields = outlined
  }

  /** Builds the whole document. */
  build (): unknown {
    return this.#fields[0] === OBJECT ? this.#object(0) : this.#array(0)
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
      case ESCAPED_STRING: return unescape(this.#text.slice(first, second))
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

function unescape (source: string): string {
  return source.replace(ESCAPE_ALL, (_, digits: string | undefined, letter: string) =>
    digits === undefined ? ESCAPES.get(letter) as string : String.fromCharCode(parseInt(digits, 16)))
}

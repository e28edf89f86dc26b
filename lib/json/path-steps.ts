// The grammar of a JSON path: its text read once into steps, in the dialect of Jayway JsonPath 2.0 that API Gateway speaks.
import { JsonPathInvalidError } from '../errors.ts'
import { trimJava } from './trim.ts'

/** One step of a path. `filter` carries its source; `path-filter.ts` compiles it. */
export type PathStep =
  | { readonly kind: 'root' | 'scan' | 'wildcard' }
  | { readonly kind: 'properties', readonly names: readonly string[] }
  | { readonly kind: 'index', readonly index: number }
  | { readonly kind: 'indexes', readonly indexes: readonly number[] }
  | { readonly kind: 'fromEnd', readonly offset: number }
  | { readonly kind: 'slice', readonly from: number | undefined, readonly to: number | undefined }
  | { readonly kind: 'filter', readonly source: string }

/** A path read into steps; `@…` starts at the item a filter looks at, everything else at the document. */
export interface ParsedPath {
  readonly source: string
  readonly fromItem: boolean
  readonly steps: readonly PathStep[]
}

const ROOT: PathStep = { kind: 'root' }
const SCAN: PathStep = { kind: 'scan' }
const WILDCARD: PathStep = { kind: 'wildcard' }
const DIGITS = '0123456789'
const INT_TEXT = /^-?\d+$/
const SIZE_FUNCTION = /^@.([^-]*)-([^)]*)\)/
const DOUBLE_QUOTED = /^\[\s*"/
const DOUBLE_QUOTED_NAMES = /^\[\s*"[^"]*"(?:\s*,\s*"[^"]*")*\s*\]$/
/** A path longer than this is no path. */
const MAX_PATH_LENGTH = 4096

/** How many characters a dotted name starting at `at` has. */
function nameLength (text: string, at: number): number {
  let end = at
  while (end < text.length && text[end] !== '.' && text[end] !== '[' && text[end] !== ' ') end++
  return end - at
}

/** Where the bracket that opens at `at` is closed; brackets nest, quotes do not hide them. */
function bracketEnd (text: string, at: number): number {
  let depth = 0
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '[') depth++
    else if (text[i] === ']' && depth-- === 0) return i + 1
  }
  return text.length
}

/** Reads the text of a path. */
export function parsePath (source: string): ParsedPath {
  const refuse = (at: number, why: string): never => {
    throw new JsonPathInvalidError(JSON.stringify(source), `${why} (character ${at + 1})`)
  }
  const trimmed = trimJava(source)
  if (trimmed === '') return refuse(0, 'it is empty')
  if (trimmed.length > MAX_PATH_LENGTH) return refuse(MAX_PATH_LENGTH, `it is longer than ${MAX_PATH_LENGTH} characters`)
  if (trimmed.endsWith('..')) return refuse(source.length - 1, 'it cannot end with a deep scan')
  const fromItem = trimmed[0] === '@'
  const text = fromItem || trimmed[0] === '$' ? '$' + trimmed.slice(1) : '$.' + trimmed
  const shift = source.indexOf(trimmed) + trimmed.length - text.length
  if (text.length > 1 && text[1] !== '.' && text[1] !== '[') {
    return refuse(shift + 1, '"." or "[" must follow the "$" or "@" it starts with')
  }
  const steps: PathStep[] = []
  // A name without brackets reads as the same name in brackets and quotes, whatever quotes it has itself.
  const property = (at: number, length: number) => {
    steps.push(parseProperties(`['${text.slice(at, at + length)}']`, 1, (_, why) => refuse(shift + at, why)))
    return at + length
  }
  for (let i = 0; i < text.length;) {
    const char = text[i]
    if (char === ' ') return refuse(shift + i, 'a space is only allowed in brackets')
    if (char === '$') {
      steps.push(ROOT)
      i++
    } else if (char === '*') {
      steps.push(WILDCARD)
      i++
    } else if (char === '[') {
      const end = bracketEnd(text, i)
      steps.push(parseBracket(text.slice(i, end), (at, why) => refuse(shift + i + at, why)))
      i = end
    } else if (char !== '.') {
      i = property(i, nameLength(text, i))
    } else if (++i === text.length) {
      return refuse(shift + i, 'a name, "*", "[" or "." must follow a dot')
    } else if (text[i] === '.') {
      steps.push(SCAN)
      i++
    } else {
      const length = nameLength(text, i)
      if (length === 1 && text[i] === '*') {
        steps.push(WILDCARD)
        i++
      } else if (length > 0) i = property(i, length)
    }
  }
  return { source, fromItem, steps }
}

type Refuse = (at: number, why: string) => never

/** Reads `[…]`: what its first telling character says it is. */
function parseBracket (fragment: string, refuse: Refuse): PathStep {
  if (fragment === '[*]') return WILDCARD
  if (DOUBLE_QUOTED.test(fragment)) return parseDoubleQuoted(fragment, refuse)
  for (let i = 0; i < fragment.length; i++) {
    const char = fragment[i] as string
    if (char === '?') return { kind: 'filter', source: filterSource(fragment, refuse) }
    if (char === "'") return parseProperties(fragment, i, refuse)
    if (char === '@') return parseFromEnd(fragment, i, refuse)
    if (char === ':' || char === '-' || DIGITS.includes(char)) return parseIndexes(fragment, i, refuse)
  }
  return refuse(0, `${fragment} is no name, index, slice, wildcard or filter`)
}

/** `["a","b"]`: the one form Jayway 2.0 lacks and the gateway's pages show. */
function parseDoubleQuoted (fragment: string, refuse: Refuse): PathStep {
  if (!DOUBLE_QUOTED_NAMES.test(fragment)) return refuse(1, 'a double-quoted name must end with a double quote and have none inside')
  return { kind: 'properties', names: [...fragment.matchAll(/"([^"]*)"/g)].map((match) => match[1] as string) }
}

/** `['a','b']`: every quote opens or closes, nothing is escaped, what stands outside quotes is skipped. */
function parseProperties (fragment: string, start: number, refuse: Refuse): PathStep {
  const end = fragment.indexOf(']', start)
  if (end < 0) return refuse(fragment.length, '"]" is missing')
  const parts = fragment.slice(start, end).split("'")
  return { kind: 'properties', names: parts.filter((_, i) => i % 2 === 1 && i < parts.length - 1) }
}

/** `[(@.length-1)]` and `[(@.size()-1)]`. */
function parseFromEnd (fragment: string, start: number, refuse: Refuse): PathStep {
  const match = SIZE_FUNCTION.exec(fragment.slice(start))
  if (match === null) return refuse(start, 'only (@.length-n) and (@.size()-n) may start with @')
  const name = (match[1] as string).replace(/[ ()]/g, '')
  if (name !== 'size' && name !== 'length') return refuse(start, `@.${name} is no function; size and length are`)
  return { kind: 'fromEnd', offset: parseIndex('-' + (match[2] as string).replaceAll(' ', ''), start, refuse) }
}

function parseIndex (text: string, at: number, refuse: Refuse): number {
  const value = INT_TEXT.test(text) ? Number(text) : NaN
  return value === (value | 0) ? value : refuse(at, `${text === '' ? 'nothing' : text} is no index`)
}

/**
 * `[1]`, `[1,2]`, `[1:2]`, `[1:]`, `[:2]`. Reading stops at the first character that belongs to none of them, and a slice
 * leaves out the character behind it, as the engine does: `[1:2:3]` is `[1:2]`.
 */
function parseIndexes (fragment: string, start: number, refuse: Refuse): PathStep {
  const numbers: number[] = []
  let digits = ''
  const seen = new Set<'sequence' | 'from' | 'to' | 'between'>()
  let i = start
  const at = (position: number) => fragment[position] ?? refuse(position, '"]" is missing')
  const take = () => {
    numbers.push(parseIndex(digits, start, refuse))
    digits = ''
  }
  const readBound = () => {
    for (i++; at(i) === ' ' || at(i) === '-' || DIGITS.includes(at(i)); i++) if (at(i) !== ' ') digits += at(i)
  }
  for (let char = at(i); DIGITS.includes(char) || ', :-'.includes(char); char = at(++i)) {
    if (char === ',') {
      take()
      seen.add('sequence')
    } else if (char === ':') {
      const open = digits === ''
      if (!open) take()
      readBound()
      seen.add(open ? 'to' : digits === '' ? 'from' : 'between')
      if (open || digits !== '') take()
      if (at(i) === ']') break
    } else if (char !== ' ') digits += char
  }
  if (digits !== '') take()
  const [first, second] = numbers as [number, number]
  if (numbers.length === 1 && !seen.has('from') && !seen.has('to')) return { kind: 'index', index: first }
  if (seen.has('sequence')) return { kind: 'indexes', indexes: numbers }
  if (seen.has('from')) return { kind: 'slice', from: first, to: undefined }
  return seen.has('to') ? { kind: 'slice', from: undefined, to: first } : { kind: 'slice', from: first, to: second }
}

/** `[?(…)]` up to the bracket that closes it; here single quotes do hide brackets. */
function filterSource (fragment: string, refuse: Refuse): string {
  let parentheses = 0
  let brackets = 0
  let quoted = false
  for (let i = 0; i < fragment.length; i++) {
    const char = fragment[i]
    if (char === "'" && fragment[i - 1] !== '\\') quoted = !quoted
    else if (quoted) continue
    else if (char === '(') parentheses++
    else if (char === ')') parentheses--
    else if (char === '[') brackets++
    else if (char === ']' && --brackets >= 0 && parentheses === 0) {
      if (brackets !== 0) break
      return fragment.slice(0, i + 1)
    }
  }
  return refuse(0, 'the brackets, parentheses or quotes of the filter are not balanced')
}

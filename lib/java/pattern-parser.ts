// The grammar of java.util.regex (Java 17): the text of a pattern read into a tree.
import { foldAsciiCase, foldCase } from './case-mapping.ts'
import type { CodeTest } from './code-set.ts'
import { complementOf, createCodeSet, holds, oneOf } from './code-set.ts'
import { atBeginning, atEnd, caret, dollar, endOfInput, wordBoundary } from './pattern-assertions.ts'
import { readClass, singleTest } from './pattern-class.ts'
import { readEscape } from './pattern-escapes.ts'
import { VERTICAL_SPACE } from './pattern-properties.ts'
import type { PatternFlags } from './pattern-scanner.ts'
import { END, NO_FLAGS, PatternScanner } from './pattern-scanner.ts'
import type { Assertion, PatternNode, PatternTree, RepeatMode } from './pattern-tree.ts'
import { lengthOf } from './pattern-tree.ts'

/** Longer patterns are refused. */
const MAX_PATTERN_LENGTH = 4096
/** Groups nested deeper than this are refused. */
const MAX_DEPTH = 100
/** Java's largest count; it also stands for no bound. */
const MAX_COUNT = 2147483647

const GROUP_NAME = /^[a-zA-Z][a-zA-Z\d]*$/
const DIGIT = /^\d$/

const DOT = createCodeSet(complementOf(oneOf(0x0a, 0x0d, 0x85, 0x2028, 0x2029)))
const UNIX_DOT = createCodeSet(complementOf(oneOf(0x0a)))
const ALL = createCodeSet(() => true)

const assertion = (test: Assertion): PatternNode => ({ kind: 'assertion', test })
const setOf = (test: CodeTest): PatternNode => ({ kind: 'set', set: createCodeSet(test) })
const sequence = (items: readonly PatternNode[]): PatternNode => items.length === 1 ? items[0] as PatternNode : { kind: 'sequence', items }
/** One of several; of single characters it is a set, so that `(.|\n)*` costs no more than `.*`. */
const choice = (items: readonly PatternNode[]): PatternNode => {
  if (items.length === 1) return items[0] as PatternNode
  const sets = items.flatMap((item) => item.kind === 'set' ? [item.set] : [])
  return sets.length === items.length ? setOf((code) => sets.some((set) => holds(set, code))) : { kind: 'choice', items }
}
const single = (code: number, flags: PatternFlags): PatternNode => {
  if (flags.i || code > 0xffff || (code >= 0xd800 && code <= 0xdfff)) return setOf(singleTest(code, flags))
  return { kind: 'set', set: createCodeSet(singleTest(code, flags)), unit: code }
}

/** `\R`: a CR LF together, else any vertical space. */
const LINE_BREAK: PatternNode = {
  kind: 'choice',
  items: [sequence([single(0x0d, NO_FLAGS), single(0x0a, NO_FLAGS)]), setOf(VERTICAL_SPACE)]
}

/** Parses a pattern. Throws `PatternInvalidError` where Java refuses it, or where its meaning cannot be kept. */
export function parsePattern (source: string, flags: PatternFlags): PatternTree {
  const parser = new PatternParser(source, flags)
  return parser.parse()
}

class PatternParser {
  readonly #scanner: PatternScanner
  readonly #names = new Map<string, number>()
  #groups = 0
  #depth = 0

  constructor (source: string, flags: PatternFlags) {
    this.#scanner = new PatternScanner(source, flags)
    if (source.length > MAX_PATTERN_LENGTH) this.#scanner.refuse(`it is longer than ${MAX_PATTERN_LENGTH} characters`)
  }

  parse (): PatternTree {
    const root = this.#readChoice()
    if (!this.#scanner.isAtEnd) this.#scanner.refuse("Unmatched closing ')'")
    return { root, groupCount: this.#groups, groupNames: this.#names }
  }

  #readChoice (): PatternNode {
    const items = [this.#readSequence()]
    while (this.#scanner.accepts('|')) items.push(this.#readSequence())
    return choice(items)
  }

  #readSequence (): PatternNode {
    const items: PatternNode[] = []
    const scanner = this.#scanner
    for (let char = scanner.peek(); !scanner.isAtEnd && char !== '|' && char !== ')'; char = scanner.peek()) {
      const node = this.#readAtom(char)
      if (node !== undefined) items.push(this.#readQuantifier(node))
    }
    return sequence(items)
  }

  /** Reads what a quantifier may follow; undefined for `(?i)`, which it may not. */
  #readAtom (char: string): PatternNode | undefined {
    const scanner = this.#scanner
    const { flags } = scanner
    switch (char) {
      case '?': case '*': case '+': return scanner.refuse(`Dangling meta character '${char}'`)
      // A count with nothing before it repeats nothing.
      case '{': return sequence([])
      case END: return single(scanner.take(), flags)
    }
    scanner.skip()
    switch (char) {
      case '(': return this.#readGroup()
      case '[': return setOf(readClass(scanner))
      case '\\': return this.#readEscaped()
      case '^': return assertion(caret(flags))
      case '$': return assertion(dollar(flags))
      case '.': return { kind: 'set', set: flags.s ? ALL : flags.d ? UNIX_DOT : DOT }
      default: return single(char.codePointAt(0) as number, flags)
    }
  }

  #readEscaped (): PatternNode {
    const scanner = this.#scanner
    const { flags } = scanner
    const found = readEscape(scanner, false)
    if (typeof found === 'number') return single(found, flags)
    if (found !== undefined) return setOf(found)
    const letter = scanner.raw()
    scanner.skip()
    switch (letter) {
      case 'A': return assertion(atBeginning)
      case 'z': return assertion(atEnd)
      case 'Z': return assertion(endOfInput(flags.d))
      case 'G': return { kind: 'lastMatch' }
      case 'b': {
        if (scanner.raw() === '{' && scanner.raw(1) === 'g') return scanner.refuse('\\b{g} is not supported')
        return assertion(wordBoundary(flags.U))
      }
      case 'B': {
        const boundary = wordBoundary(flags.U)
        return assertion((text, at) => !boundary(text, at))
      }
      case 'R': return LINE_BREAK
      case 'X': return scanner.refuse('\\X is not supported')
      case 'k': return this.#readNamedReference()
    }
    return DIGIT.test(letter) ? this.#readReference(Number(letter)) : scanner.refuse('Illegal/unsupported escape sequence', scanner.position - 1)
  }

  /** `\11` is group 11 where there are as many by now, else group 1 and the digit 1. */
  #readReference (first: number): PatternNode {
    let group = first
    for (let char = this.#scanner.raw(); DIGIT.test(char); char = this.#scanner.raw()) {
      const longer = group * 10 + Number(char)
      if (longer > this.#groups) break
      group = longer
      this.#scanner.skip()
    }
    return this.#reference(group)
  }

  #readNamedReference (): PatternNode {
    if (!this.#scanner.accepts('<')) return this.#scanner.refuse("\\k is not followed by '<' for named capturing group")
    const name = this.#readName()
    const group = this.#names.get(name)
    return group === undefined ? this.#scanner.refuse(`named capturing group <${name}> does not exist`) : this.#reference(group)
  }

  #reference (group: number): PatternNode {
    const { i, u } = this.#scanner.flags
    return { kind: 'reference', group, fold: i ? u ? foldCase : foldAsciiCase : undefined }
  }

  /** Reads `name>`. */
  #readName (): string {
    let name = ''
    for (let char = this.#scanner.raw(); char !== '>'; char = this.#scanner.raw()) {
      if (char === END || !GROUP_NAME.test(name + char)) return this.#scanner.refuse('a group name is letters and digits, a letter first, and ends with ">"')
      name += char
      this.#scanner.skip()
    }
    this.#scanner.skip()
    return name === '' ? this.#scanner.refuse('a group name is empty') : name
  }

  /** Reads a group behind its parenthesis. */
  #readGroup (): PatternNode | undefined {
    const scanner = this.#scanner
    const start = scanner.position - 1
    const { flags } = scanner
    if (++this.#depth > MAX_DEPTH) return scanner.refuse(`groups are nested more than ${MAX_DEPTH} deep`, start)
    if (scanner.peek() !== '?') return this.#close(start, flags, this.#capture())
    scanner.skip()
    const char = scanner.raw()
    const next = scanner.raw(1)
    scanner.skip()
    switch (char) {
      case ':': return this.#close(start, flags, this.#readChoice())
      case '>': return this.#close(start, flags, { kind: 'atomic', body: this.#readChoice() })
      case '=': case '!': return this.#close(start, flags, { kind: 'lookahead', negative: char === '!', body: this.#readChoice() })
      case '<':
        if (next !== '=' && next !== '!') return this.#close(start, flags, this.#readNamedGroup())
        scanner.skip()
        return this.#close(start, flags, this.#readLookbehind(next === '!', start))
    }
    scanner.skip(-1)
    return this.#readFlags(start)
  }

  #close<T extends PatternNode> (start: number, flags: PatternFlags, node: T): T {
    if (!this.#scanner.accepts(')')) return this.#scanner.refuse('Unclosed group', start)
    this.#scanner.flags = flags
    this.#depth--
    return node
  }

  #capture (): PatternNode {
    const group = ++this.#groups
    return { kind: 'capture', group, body: this.#readChoice() }
  }

  #readNamedGroup (): PatternNode {
    const start = this.#scanner.position
    const name = this.#readName()
    if (this.#names.has(name)) return this.#scanner.refuse(`Named capturing group <${name}> is already defined`, start)
    this.#names.set(name, this.#groups + 1)
    return this.#capture()
  }

  #readLookbehind (negative: boolean, start: number): PatternNode {
    const body = this.#readChoice()
    const length = lengthOf(body)
    if (length.max === Infinity) return this.#scanner.refuse('Look-behind group does not have an obvious maximum length', start)
    return { kind: 'lookbehind', negative, body, length }
  }

  /** `(?i)` sets flags to the end of the group it stands in, `(?i:…)` within its own parentheses. */
  #readFlags (start: number): PatternNode | undefined {
    const scanner = this.#scanner
    const outer = scanner.flags
    const flags = { ...outer }
    let value = true
    for (;;) {
      const char = scanner.peek()
      if (char === '-' && value) value = false
      else if (char === 'c') return scanner.refuse('the flag c (canonical equivalence) is not supported')
      else if (Object.hasOwn(flags, char)) flags[char as keyof PatternFlags] = value
      else break
      if (char === 'U') flags.u = value
      scanner.skip()
      scanner.flags = { ...flags }
    }
    if (scanner.accepts(')')) {
      this.#depth--
      return undefined
    }
    if (!scanner.accepts(':')) return scanner.refuse('Unknown inline modifier')
    return this.#close(start, outer, this.#readChoice())
  }

  /** Reads `?`, `*`, `+` or `{n,m}` behind a node, and the `?` or `+` behind that. */
  #readQuantifier (body: PatternNode): PatternNode {
    const scanner = this.#scanner
    const bounds = this.#readBounds(scanner.peek())
    if (bounds === undefined) return body
    const mode: RepeatMode = scanner.accepts('?') ? 'lazy' : scanner.accepts('+') ? 'possessive' : 'greedy'
    // A repeated \R does not come back to the CR of a CR LF, a single one does.
    const repeated: PatternNode = body === LINE_BREAK ? { kind: 'atomic', body } : body
    return { kind: 'repeat', body: repeated, min: bounds[0], max: bounds[1], mode }
  }

  #readBounds (char: string): readonly [min: number, max: number] | undefined {
    const scanner = this.#scanner
    if (char !== '?' && char !== '*' && char !== '+' && char !== '{') return undefined
    const start = scanner.position
    scanner.skip()
    if (char === '?') return [0, 1]
    if (char !== '{') return [char === '+' ? 1 : 0, Infinity]
    if (!DIGIT.test(scanner.raw())) return scanner.refuse('Illegal repetition', start)
    const min = this.#readCount(start)
    let max = min
    if (scanner.raw() === ',') {
      scanner.skip()
      max = DIGIT.test(scanner.raw()) ? this.#readCount(start) : Infinity
    }
    if (scanner.raw() !== '}') return scanner.refuse('Unclosed counted closure', start)
    if (max < min) return scanner.refuse('Illegal repetition range', start)
    scanner.skip()
    return [min, max === MAX_COUNT ? Infinity : max]
  }

  #readCount (start: number): number {
    let digits = ''
    for (; DIGIT.test(this.#scanner.raw()); this.#scanner.skip()) digits += this.#scanner.raw()
    return Number(digits) > MAX_COUNT ? this.#scanner.refuse('Illegal repetition range', start) : Number(digits)
  }
}

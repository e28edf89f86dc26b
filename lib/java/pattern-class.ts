// Character classes: [a-z], [^a], unions [a[bc]] and intersections [a-z&&[^b]].
import { foldAsciiCase, foldCase, lowerCase, upperCase } from './case-mapping.ts'
import type { CodeTest } from './code-set.ts'
import { complementOf, intersectionOf, rangeOf, unionOf } from './code-set.ts'
import { readEscape } from './pattern-escapes.ts'
import type { PatternFlags, PatternScanner } from './pattern-scanner.ts'

/** The test of one character under the flags. */
export function singleTest (code: number, { i, u }: PatternFlags): CodeTest {
  // A letter without a capital, as ß, has no other case either, though a capital of its own folds to it.
  if (!i || (u && upperCase(code) === lowerCase(upperCase(code)))) return (other) => other === code
  const fold = u ? foldCase : foldAsciiCase
  const folded = fold(code)
  return (other) => other === code || fold(other) === folded
}

function rangeTest (first: number, last: number, { i, u }: PatternFlags): CodeTest {
  const inRange = rangeOf(first, last)
  if (!i) return inRange
  if (u) return (code) => inRange(code) || inRange(upperCase(code)) || inRange(lowerCase(upperCase(code)))
  return (code) => inRange(code) || (code < 0x80 && (inRange(upperCase(code)) || inRange(lowerCase(code))))
}

/** Classes nested deeper than this are refused. */
const MAX_DEPTH = 50

/** Reads a class behind its opening bracket, the closing one included. */
export function readClass (scanner: PatternScanner, depth = 0): CodeTest {
  if (depth > MAX_DEPTH) return scanner.refuse(`classes are nested more than ${MAX_DEPTH} deep`)
  const negated = scanner.accepts('^')
  const test = readMembers(scanner, depth)
  scanner.skip()
  return negated ? complementOf(test) : test
}

/** Reads what is in a class up to the closing bracket, which is left. */
function readMembers (scanner: PatternScanner, depth: number): CodeTest {
  let all: CodeTest | undefined
  // What && takes for its right side where nothing stands there: the member read last, single ones of Latin-1 apart.
  let latest: CodeTest | undefined
  const add = (test: CodeTest) => { all = all === undefined ? test : unionOf(all, test) }
  for (;;) {
    const char = scanner.peek()
    if (scanner.isAtEnd) return scanner.refuse('Unclosed character class')
    if (char === ']' && all !== undefined) return all
    if (char === '[') {
      scanner.skip()
      add(latest = readClass(scanner, depth + 1))
    } else if (char === '&' && isIntersection(scanner)) {
      const right = readRightSide(scanner, depth)
      latest = right ?? latest
      if (all === undefined) all = right ?? scanner.refuse('Bad class syntax')
      else if (latest !== undefined) all = intersectionOf(all, latest)
    } else {
      const [test, single] = readMember(scanner)
      if (!single) latest = test
      add(test)
    }
  }
}

function isIntersection (scanner: PatternScanner): boolean {
  const start = scanner.position
  scanner.skip()
  const found = scanner.peek() === '&'
  scanner.skip(found ? 1 : start - scanner.position)
  return found
}

/** What stands right of `&&`: classes in brackets, or plain members up to the end of the class. */
function readRightSide (scanner: PatternScanner, depth: number): CodeTest | undefined {
  let right: CodeTest | undefined
  for (let char = scanner.peek(); char !== ']' && char !== '&'; char = scanner.peek()) {
    if (scanner.isAtEnd) return scanner.refuse('Unclosed character class')
    let test: CodeTest
    if (char === '[') {
      scanner.skip()
      test = readClass(scanner, depth + 1)
    } else test = readMembers(scanner, depth + 1)
    right = right === undefined ? test : unionOf(right, test)
  }
  return right
}

/** Reads one character, set or range; says whether it is a single character of Latin-1. */
function readMember (scanner: PatternScanner): [test: CodeTest, single: boolean] {
  const start = scanner.position
  const first = readMemberCode(scanner, () => scanner.raw(1) === '-')
  if (typeof first !== 'number') return [first, false]
  if (scanner.peek() !== '-' || scanner.raw(1) === '[' || scanner.raw(1) === ']') return [singleTest(first, scanner.flags), first < 256]
  scanner.skip()
  scanner.skipComments()
  const last = readMemberCode(scanner, () => true)
  if (typeof last !== 'number' || last < first) return scanner.refuse('Illegal character range', start)
  return [rangeTest(first, last, scanner.flags), false]
}

function readMemberCode (scanner: PatternScanner, inRange: () => boolean): number | CodeTest {
  if (scanner.raw() !== '\\') return scanner.take()
  scanner.skip()
  return readEscape(scanner, inRange()) ?? scanner.refuse('Illegal/unsupported escape sequence')
}

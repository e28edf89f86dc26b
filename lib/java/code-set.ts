// Sets of code points: what a character class, a dot or an escape such as \d accepts.

/** Whether a code point is in a set. */
export type CodeTest = (code: number) => boolean

/** A set ready for matching: a table for Latin-1, a test for everything above. */
export interface CodeSet {
  readonly low: Uint8Array
  readonly test: CodeTest
}

const LOW = 256

/** Makes a set of a test. */
export function createCodeSet (test: CodeTest): CodeSet {
  const low = new Uint8Array(LOW)
  for (let code = 0; code < LOW; code++) if (test(code)) low[code] = 1
  return { low, test }
}

/** Whether a set holds a code point. */
export function holds ({ low, test }: CodeSet, code: number): boolean {
  return code < LOW ? low[code] === 1 : test(code)
}

export const unionOf = (left: CodeTest, right: CodeTest): CodeTest => (code) => left(code) || right(code)
export const intersectionOf = (left: CodeTest, right: CodeTest): CodeTest => (code) => left(code) && right(code)
export const complementOf = (test: CodeTest): CodeTest => (code) => !test(code)
export const rangeOf = (first: number, last: number): CodeTest => (code) => code >= first && code <= last
export const oneOf = (...codes: number[]): CodeTest => (code) => codes.includes(code)

/** The set of a Unicode property, by its name in JavaScript's regular expressions. */
export function unicodeProperty (expression: string): CodeTest {
  const regexp = new RegExp(`^${expression}$`, 'u')
  return (code) => regexp.test(String.fromCodePoint(code))
}

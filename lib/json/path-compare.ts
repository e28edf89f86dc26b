// How a filter compares two values: strings by UTF-16 unit, numbers as exact decimals, the rest hardly at all.
import { isJavaNumber, javaText } from '../java/index.ts'
import { PathFailure } from './path-failure.ts'

const NUMERAL = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/

/** A decimal as its sign, its digits without zeros at either end, and the power of ten before them: 0.digits × 10^magnitude. */
interface Decimal {
  readonly sign: -1 | 0 | 1
  readonly digits: string
  readonly magnitude: number
}

/** Reads a numeral as `new BigDecimal(text)` does; undefined where that throws. */
function readDecimal (text: string): Decimal | undefined {
  const match = NUMERAL.exec(text)
  if (match === null || !/\d/.test(text)) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (Math.abs(fraction.length - Number(exponent)) > 2147483647) return undefined
  const all = whole + fraction
  const first = all.search(/[1-9]/)
  if (first < 0) return { sign: 0, digits: '', magnitude: 0 }
  let last = all.length
  while (all[last - 1] === '0') last--
  const magnitude = whole.length + Number(exponent) - first
  return { sign: sign === '-' ? -1 : 1, digits: all.slice(first, last), magnitude }
}

function compareDecimals (left: Decimal, right: Decimal): number {
  if (left.sign !== right.sign || left.sign === 0) return left.sign - right.sign
  if (left.magnitude !== right.magnitude) return left.sign * (left.magnitude - right.magnitude)
  return left.sign * (left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0)
}

function compareNumbers (left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [a, b] = [readDecimal(javaText(left as string)), readDecimal(javaText(right as string))]
  if (a === undefined || b === undefined) throw new PathFailure(`${a === undefined ? left : right} is no number`)
  return compareDecimals(a, b)
}

const isNullish = (value: unknown): boolean => value === null || value === 'null'
const isTrue = (value: string | boolean): boolean => value === true || String(value).toLowerCase() === 'true'

/**
 * Compares what a filter expects with what the document holds: negative, zero or positive as in Java, undefined where the
 * two cannot be compared, and a PathFailure where the engine fails because a text is no number.
 */
export function compareValues (expected: unknown, actual: unknown): number | undefined {
  if (expected === actual) return 0
  if (isNullish(expected)) return isNullish(actual) ? 0 : -1
  if (isNullish(actual)) return 1
  if (typeof expected === 'string') {
    if (typeof actual === 'string') {
      const text = expected.replaceAll("\\'", "'")
      return text < actual ? -1 : text > actual ? 1 : 0
    }
    if (isJavaNumber(actual)) return compareNumbers(expected, actual)
    return typeof actual === 'boolean' ? Number(isTrue(expected)) - Number(actual) : undefined
  }
  if (isJavaNumber(expected) && isJavaNumber(actual)) return compareNumbers(expected, actual)
  return typeof expected === 'boolean' && typeof actual === 'boolean' ? Number(expected) - Number(actual) : undefined
}

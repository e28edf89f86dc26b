// Arithmetic as Velocity does it over Java's numbers: the wider type rules, and whole numbers widen where they overflow.
import { JavaBigDecimal, compareDecimals, decimalOfDouble, divideDecimals } from './big-decimal.ts'
import { JavaException } from './collections.ts'
import type { JavaNumber } from './number.ts'
import { INT_MAX, INT_MIN, JavaBigInteger, JavaDouble, LONG_MAX, LONG_MIN } from './number.ts'

/** Results of more bits are refused: squaring in a loop doubles them each round. */
const MAX_BITS = 65_536
const BIG_LIMIT = 2n ** BigInt(MAX_BITS)

type Base = 'long' | 'big' | 'double' | 'decimal'

const isWhole = (n: JavaNumber): n is number | bigint | JavaBigInteger =>
  !(n instanceof JavaDouble || n instanceof JavaBigDecimal)

function baseOf (a: JavaNumber, b: JavaNumber): Base {
  if (a instanceof JavaBigDecimal || b instanceof JavaBigDecimal) return 'decimal'
  const hasBig = a instanceof JavaBigInteger || b instanceof JavaBigInteger
  if (!isWhole(a) || !isWhole(b)) return hasBig ? 'decimal' : 'double'
  return hasBig ? 'big' : 'long'
}

const toBig = (n: JavaNumber): bigint => n instanceof JavaBigInteger ? n.value : BigInt(n as number | bigint)

/** `Number.doubleValue`. */
export function toDouble (n: JavaNumber): number {
  if (typeof n === 'number') return n
  if (typeof n === 'bigint') return Number(n)
  return n instanceof JavaBigDecimal ? Number(n.toString()) : Number(n.value)
}

const toDecimal = (n: JavaNumber): JavaBigDecimal => {
  if (n instanceof JavaBigDecimal) return n
  return n instanceof JavaBigInteger ? new JavaBigDecimal(n.value, 0) : decimalOfDouble(toDouble(n))
}

function checked (value: bigint): bigint {
  if (value >= BIG_LIMIT || value <= -BIG_LIMIT) throw new JavaException(`a number has more than ${MAX_BITS} bits`)
  return value
}

/** A whole result of Integers and Longs: Integer while both were and it fits, else Long, else BigInteger. */
function wrapLong (value: bigint, a: JavaNumber, b: JavaNumber): JavaNumber {
  if (value < LONG_MIN || value > LONG_MAX) return new JavaBigInteger(value)
  const isInt = typeof a === 'number' && typeof b === 'number' && value >= INT_MIN && value <= INT_MAX
  return isInt ? Number(value) : value
}

interface Operation {
  readonly whole: (a: bigint, b: bigint) => bigint
  readonly double: (a: number, b: number) => number
  readonly decimal: (a: JavaBigDecimal, b: JavaBigDecimal) => JavaBigDecimal
}

/** Brings two decimals to one scale; throws where that would take too many digits. */
function align (a: JavaBigDecimal, b: JavaBigDecimal): { a: bigint, b: bigint, scale: number } {
  const scale = Math.max(a.scale, b.scale)
  return { a: a.rescaled(scale), b: b.rescaled(scale), scale }
}

const ADD: Operation = {
  whole: (a, b) => a + b,
  double: (a, b) => a + b,
  decimal: (x, y) => {
    const { a, b, scale } = align(x, y)
    return new JavaBigDecimal(checked(a + b), scale)
  }
}
const SUBTRACT: Operation = {
  whole: (a, b) => a - b,
  double: (a, b) => a - b,
  decimal: (x, y) => {
    const { a, b, scale } = align(x, y)
    return new JavaBigDecimal(checked(a - b), scale)
  }
}
const MULTIPLY: Operation = {
  whole: (a, b) => a * b,
  double: (a, b) => a * b,
  decimal: (a, b) => JavaBigDecimal.checked(checked(a.unscaled * b.unscaled), a.scale + b.scale)
}
const DIVIDE: Operation = { whole: (a, b) => a / b, double: (a, b) => a / b, decimal: divideDecimals }
const MODULO: Operation = {
  whole: (a, b) => a % b,
  double: (a, b) => a % b,
  decimal: () => { throw new JavaException('Cannot calculate the modulo of BigDecimals.') }
}

function calculate (operation: Operation, a: JavaNumber, b: JavaNumber): JavaNumber {
  switch (baseOf(a, b)) {
    case 'long': return wrapLong(operation.whole(toBig(a), toBig(b)), a, b)
    case 'big': return new JavaBigInteger(checked(operation.whole(toBig(a), toBig(b))))
    case 'double': return new JavaDouble(operation.double(toDouble(a), toDouble(b)))
    case 'decimal': return operation.decimal(toDecimal(a), toDecimal(b))
  }
}

export function add (a: JavaNumber, b: JavaNumber): JavaNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    return (sum | 0) === sum ? sum : BigInt(sum)
  }
  return calculate(ADD, a, b)
}

export function subtract (a: JavaNumber, b: JavaNumber): JavaNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    return (difference | 0) === difference ? difference : BigInt(difference)
  }
  return calculate(SUBTRACT, a, b)
}

export function multiply (a: JavaNumber, b: JavaNumber): JavaNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if ((product | 0) === product) return product + 0
  }
  // Velocity checks by dividing again, which the smallest long defeats: it stays as it wraps.
  if (a === LONG_MIN && (b === -1 || b === -1n)) return LONG_MIN
  return calculate(MULTIPLY, a, b)
}

/** The divisor is not zero. */
export function divide (a: JavaNumber, b: JavaNumber): JavaNumber {
  if (typeof a === 'number' && typeof b === 'number') {
    const quotient = Math.trunc(a / b)
    return (quotient | 0) === quotient ? quotient + 0 : BigInt(quotient)
  }
  if (a === LONG_MIN && (b === -1 || b === -1n)) return LONG_MIN
  return calculate(DIVIDE, a, b)
}

/** The divisor is not zero. */
export function modulo (a: JavaNumber, b: JavaNumber): JavaNumber {
  if (typeof a === 'number' && typeof b === 'number') return a % b + 0
  if (baseOf(a, b) === 'big') {
    const divisor = toBig(b)
    if (divisor < 0n) throw new JavaException('BigInteger: modulus not positive')
    const rest = toBig(a) % divisor
    return new JavaBigInteger(rest < 0n ? rest + divisor : rest)
  }
  return calculate(MODULO, a, b)
}

export function isZero (n: JavaNumber): boolean {
  if (typeof n === 'number') return n === 0
  if (typeof n === 'bigint') return n === 0n
  if (n instanceof JavaBigDecimal) return n.unscaled === 0n
  return n instanceof JavaDouble ? n.value === 0 : n.value === 0n
}

/** -1, 0 or 1; 0 too where a double is not a number. */
export function compareNumbers (a: JavaNumber, b: JavaNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0
  switch (baseOf(a, b)) {
    case 'double': {
      const x = toDouble(a)
      const y = toDouble(b)
      return x < y ? -1 : x > y ? 1 : 0
    }
    case 'decimal': return compareDecimals(toDecimal(a), toDecimal(b))
    default: {
      const x = toBig(a)
      const y = toBig(b)
      return x < y ? -1 : x > y ? 1 : 0
    }
  }
}

/** A double or decimal cut to a whole number, saturating at the bounds of a double's range as Java does. */
function wholeOf (n: JavaNumber): bigint {
  if (n instanceof JavaBigDecimal) return n.whole()
  if (!(n instanceof JavaDouble)) return toBig(n)
  if (Number.isNaN(n.value)) return 0n
  if (n.value >= 2 ** 63) return LONG_MAX
  return n.value <= -(2 ** 63) ? LONG_MIN : BigInt(Math.trunc(n.value))
}

/** `Number.longValue`. */
export const toLong = (n: JavaNumber): bigint => BigInt.asIntN(64, wholeOf(n))

/** `Number.intValue`: doubles saturate, whole numbers wrap. */
export function toInt (n: JavaNumber): number {
  if (typeof n === 'number') return n
  if (n instanceof JavaDouble) {
    if (Number.isNaN(n.value)) return 0
    return Math.trunc(Math.min(Math.max(n.value, INT_MIN), INT_MAX)) + 0
  }
  return Number(BigInt.asIntN(32, wholeOf(n)))
}

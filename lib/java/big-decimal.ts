// java.math.BigDecimal as far as templates reach it: an unscaled whole number and a scale, and its text.

import { JavaException } from './collections.ts'

/** Operations that would need more digits are refused: an exponent of nine digits is quickly typed. */
const MAX_DIGITS = 20_000
const MAX_SCALE = 2147483647

const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** A `java.math.BigDecimal`: `unscaled` × 10^-`scale`. */
export class JavaBigDecimal {
  readonly unscaled: bigint
  readonly scale: number

  constructor (unscaled: bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }

  /** Reads a numeral exactly; throws where Java's constructor does. */
  static parse (text: string): JavaBigDecimal {
    const match = NUMERAL.exec(text)
    if (match === null || (!match[2] && !match[3])) throw new RangeError('Not a decimal')
    const [, sign, whole = '', fraction = '', exponent = '0'] = match
    const scale = fraction.length - Number(exponent)
    if (Math.abs(scale) > MAX_SCALE) throw new RangeError('Scale out of range')
    const digits = BigInt(whole + fraction)
    return new JavaBigDecimal(sign === '-' ? -digits : digits, scale)
  }

  static checked (unscaled: bigint, scale: number): JavaBigDecimal {
    if (Math.abs(scale) > MAX_SCALE) throw new JavaException('ArithmeticException: the scale is out of range')
    return new JavaBigDecimal(unscaled, scale)
  }

  /** The unscaled value at a scale not smaller. */
  rescaled (scale: number): bigint {
    return this.unscaled * powerOfTen(scale - this.scale)
  }

  /** The part before the decimal point. */
  whole (): bigint {
    if (this.scale <= 0) return this.unscaled * powerOfTen(-this.scale)
    return this.scale > MAX_DIGITS ? 0n : this.unscaled / powerOfTen(this.scale)
  }

  /** `BigDecimal.toString`: plain while the scale is not negative and the number not below 1E-6, else scientific. */
  toString (): string {
    const { unscaled, scale } = this
    const sign = unscaled < 0n ? '-' : ''
    const digits = String(unscaled < 0n ? -unscaled : unscaled)
    const adjusted = digits.length - 1 - scale
    if (scale >= 0 && adjusted >= -6) {
      if (scale === 0) return sign + digits
      const padded = digits.padStart(scale + 1, '0')
      return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
    }
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
    return `${sign}${mantissa}${adjusted === 0 ? '' : `E${adjusted > 0 ? '+' : ''}${adjusted}`}`
  }
}

function powerOfTen (exponent: number): bigint {
  if (exponent > MAX_DIGITS) throw new JavaException(`a number has more than ${MAX_DIGITS} digits`)
  return 10n ** BigInt(exponent)
}

/** `new BigDecimal(double)`: every binary digit. */
export function decimalOfDouble (value: number): JavaBigDecimal {
  if (!Number.isFinite(value)) throw new JavaException('NumberFormatException: Infinite or NaN')
  if (Number.isInteger(value)) return new JavaBigDecimal(BigInt(value), 0)
  let scale = 0
  let scaled = value
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    scale++
  }
  return new JavaBigDecimal(BigInt(scaled) * 5n ** BigInt(scale), scale)
}

/** `BigDecimal.compareTo`: by value, whatever the scales. */
export function compareDecimals (a: JavaBigDecimal, b: JavaBigDecimal): number {
  const signs = Number(a.unscaled > 0n) - Number(a.unscaled < 0n) - (Number(b.unscaled > 0n) - Number(b.unscaled < 0n))
  if (signs !== 0) return Math.sign(signs)
  if (a.unscaled === 0n) return 0
  const sizes = magnitude(a) - magnitude(b)
  if (sizes !== 0) return a.unscaled > 0n ? Math.sign(sizes) : -Math.sign(sizes)
  const scale = Math.max(a.scale, b.scale)
  const difference = a.rescaled(scale) - b.rescaled(scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** How many digits stand before the decimal point. */
const magnitude = ({ unscaled, scale }: JavaBigDecimal): number =>
  String(unscaled < 0n ? -unscaled : unscaled).length - scale

/** `a.divide(b, HALF_DOWN)`: at the scale of `a`. */
export function divideDecimals (a: JavaBigDecimal, b: JavaBigDecimal): JavaBigDecimal {
  // a.unscaled / b.unscaled × 10^b.scale
  const dividend = b.scale >= 0 ? a.unscaled * powerOfTen(b.scale) : a.unscaled
  const divisor = b.scale >= 0 ? b.unscaled : b.unscaled * powerOfTen(-b.scale)
  const quotient = dividend / divisor
  const rest = dividend % divisor
  const twice = (rest < 0n ? -rest : rest) * 2n
  if (twice <= (divisor < 0n ? -divisor : divisor)) return new JavaBigDecimal(quotient, a.scale)
  return new JavaBigDecimal(quotient + ((dividend < 0n) === (divisor < 0n) ? 1n : -1n), a.scale)
}

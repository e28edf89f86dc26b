// java.math.BigDecimal as far as templates reach it: an unscaled whole number and a scale, and its text.

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
    if (Math.abs(scale) > 2147483647) throw new RangeError('Scale out of range')
    const digits = BigInt(whole + fraction)
    return new JavaBigDecimal(sign === '-' ? -digits : digits, scale)
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

// Java's numbers as templates and lenient JSON know them, and how a numeral becomes one.
import { JavaBigDecimal } from './big-decimal.ts'

/*
 * Java type      here
 * Integer        number (an int32 integer, never -0)
 * Long           bigint (within 64 bits)
 * BigInteger     JavaBigInteger
 * Double         JavaDouble (Float's NaN, the only float JSON yields, is one too)
 * BigDecimal     JavaBigDecimal
 */
export type JavaNumber = number | bigint | JavaBigInteger | JavaDouble | JavaBigDecimal

/** A `java.lang.Double`. */
export class JavaDouble {
  readonly value: number

  constructor (value: number) {
    this.value = value
  }
}

/** A `java.math.BigInteger`. */
export class JavaBigInteger {
  readonly value: bigint

  constructor (value: bigint) {
    this.value = value
  }
}

export const INT_MIN = -2147483648
export const INT_MAX = 2147483647
export const LONG_MIN = -(2n ** 63n)
export const LONG_MAX = 2n ** 63n - 1n

/** Whether a value is one of the five representations of a Java number. */
export function isJavaNumber (value: unknown): value is JavaNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaDouble ||
    value instanceof JavaBigInteger || value instanceof JavaBigDecimal
}

/** The smallest of Integer, Long and BigInteger that holds `value`. */
export function javaInteger (value: bigint): number | bigint | JavaBigInteger {
  if (value >= -2147483648n && value <= 2147483647n) return Number(value)
  return value >= LONG_MIN && value <= LONG_MAX ? value : new JavaBigInteger(value)
}

/** The Java number a JavaScript number stands for: Integer, Long where it is a whole safe number, else Double. */
export function javaNumberOf (value: number): JavaNumber {
  if ((value | 0) === value && !Object.is(value, -0)) return value
  return Number.isSafeInteger(value) && value !== 0 ? BigInt(value) : new JavaDouble(value)
}

/** More characters than these keep a decimal exact: json-smart then reads a BigDecimal. */
const DOUBLE_NUMERAL_LENGTH = 18
/** Longer whole numerals (sign apart) are BigInteger to json-smart, whatever their value. */
const LONG_NUMERAL_LENGTH = 19

/** Reads a JSON numeral (`-?digits`, with `.digits` and exponent or without) as json-smart does. */
export function parseJavaNumber (text: string): JavaNumber {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2e || code === 0x65 || code === 0x45) {
      return text.length > DOUBLE_NUMERAL_LENGTH ? JavaBigDecimal.parse(text) : new JavaDouble(Number(text))
    }
  }
  if (text.length <= 9) return Number(text) + 0
  const digits = text.charCodeAt(0) === 0x2d ? text.length - 1 : text.length
  return digits > LONG_NUMERAL_LENGTH ? new JavaBigInteger(BigInt(text)) : javaInteger(BigInt(text))
}

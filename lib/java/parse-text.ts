// How Java reads numbers from texts: parseInt, parseLong, parseDouble.
import { JavaException } from './collections.ts'
import { JavaDouble } from './number.ts'

const notANumber = (text: unknown): never => { throw new JavaException(`NumberFormatException: For input string: "${text}"`) }

/** `Integer.parseInt` (32 bits) and `Long.parseLong` (64). */
export function parseWhole (text: string | null | undefined, bits: number, radix = 10): bigint {
  if (typeof text !== 'string' || radix < 2 || radix > 36 || !/^[+-]?[0-9a-zA-Z]+$/.test(text) || text.length > 70) return notANumber(text)
  let value = 0n
  for (const digit of text.replace(/^[+-]/, '')) {
    const worth = parseInt(digit, 36)
    if (worth >= radix) return notANumber(text)
    value = value * BigInt(radix) + BigInt(worth)
  }
  if (text.startsWith('-')) value = -value
  return BigInt.asIntN(bits, value) === value ? value : notANumber(text)
}

// eslint-disable-next-line no-control-regex
const DOUBLE = /^[\u0000- ]*([+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?))[\u0000- ]*$/

/** `Double.parseDouble`, hexadecimal floats apart. */
export function parseDoubleText (text: string | null | undefined): JavaDouble {
  const numeral = typeof text === 'string' ? DOUBLE.exec(text)?.[1] : undefined
  if (numeral === undefined) return notANumber(text)
  return new JavaDouble(Number(/^[+-]?(?:NaN|Infinity)$/.test(numeral) ? numeral.replace(/^[+-]NaN$/, 'NaN') : numeral.replace(/[fFdD]$/, '')))
}

// Double.toString as Java had it before release 19: not always the shortest text that reads back as the number.

const bits = new DataView(new ArrayBuffer(8))

/** How many decimal digits of a power of two are known to mean nothing. */
function insignificantDigits (power: number): number {
  return power > 1 && power < INSIGNIFICANT.length ? INSIGNIFICANT[power] as number : 0
}
const INSIGNIFICANT = Array.from({ length: 64 }, (_, power) => Math.floor(power * Math.log10(2)))

interface Digits {
  readonly digits: string
  /** Where the decimal point stands, counted from the first digit. */
  readonly exponent: number
}

/** A whole number below 2^63: its digits, the insignificant ones rounded off. */
function wholeDigits (value: bigint, insignificant: number): Digits {
  let rest = value
  if (insignificant > 0) {
    const power = 10n ** BigInt(insignificant)
    const residue = rest % power
    rest /= power
    if (residue >= power >> 1n) rest++
  }
  const text = String(rest)
  return { digits: text.replace(/0+$/, '') || '0', exponent: text.length + insignificant }
}

/** Adds one to the last digit. */
function roundUp ({ digits, exponent }: Digits): Digits {
  const text = String(BigInt(digits) + 1n).padStart(digits.length, '0')
  const isLonger = text.length > digits.length
  return { digits: text.slice(0, digits.length), exponent: isLonger ? exponent + 1 : exponent }
}

const log2 = (value: bigint): number => value.toString(2).length

/** The decimal exponent, perhaps one too large, from the first bits of the number. */
function estimateExponent (fraction: bigint, binary: number): number {
  const mantissa = Number(fraction) / 2 ** 52
  return Math.floor((mantissa - 1.5) * 0.289529654 + 0.176091259 + binary * 0.301029995663981)
}

/** The digits of a positive finite number, generated until they tell it from its neighbours. */
function digitsOf (value: number): Digits {
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  let fraction = raw & 0xfffffffffffffn
  let binary = Number(raw >> 52n & 0x7ffn)
  let significant = 53
  if (binary === 0) {
    const leading = 64 - log2(fraction)
    const shift = leading - 11
    fraction <<= BigInt(shift)
    binary = 1 - shift
    significant = 64 - leading
  } else {
    fraction |= 1n << 52n
  }
  binary -= 1023
  const tail = log2(fraction & -fraction) - 1
  const fractionBits = 53 - tail
  const tiny = Math.max(0, fractionBits - binary - 1)
  if (tiny === 0 && binary <= 62 && binary >= -21 && fractionBits < 64) {
    const insignificant = binary > significant ? insignificantDigits(binary - significant - 1) : 0
    return wholeDigits(binary >= 52 ? fraction << BigInt(binary - 52) : fraction >> BigInt(52 - binary), insignificant)
  }
  return generate(fraction >> BigInt(tail), fractionBits, binary, significant, tiny, estimateExponent(fraction, binary))
}

function generate (
  fraction: bigint, fractionBits: number, binary: number, significant: number, tiny: number, estimate: number
): Digits {
  let exponent = estimate
  const b5 = Math.max(0, -exponent)
  const s5 = Math.max(0, exponent)
  let b2 = b5 + tiny + binary
  let s2 = s5 + tiny
  let m2 = b2 - significant
  b2 -= fractionBits - 1
  const common = Math.min(b2, s2)
  b2 -= common
  s2 -= common
  m2 -= common
  if (fractionBits === 1) m2 -= 1
  if (m2 < 0) {
    b2 -= m2
    s2 -= m2
    m2 = 0
  }
  const width = wordWidth(fractionBits, b2, b5, s2, s5)
  const wrap = (value: bigint): bigint => width === 0 ? value : BigInt.asIntN(width, value)
  const isHigh = (): boolean => width === 0 ? b + m >= tens : wrap(b + m) > tens
  let b = fraction * 5n ** BigInt(b5) << BigInt(b2)
  const s = 5n ** BigInt(s5) << BigInt(s2)
  let m = wrap((5n ** BigInt(b5) << BigInt(m2)) * 10n)
  const tens = s * 10n
  let digit = b / s
  b = b % s * 10n
  let low = b < m
  let high = isHigh()
  let digits = ''
  if (digit === 0n && !high) exponent -= 1
  else digits += digit
  if (exponent < -3 || exponent >= 8) high = low = false
  while (!low && !high) {
    digit = b / s
    b = b % s * 10n
    m = wrap(m * 10n)
    low = m <= 0n || b < m
    high = m <= 0n || isHigh()
    digits += digit
  }
  const made = { digits, exponent: exponent + 1 }
  if (!high) return made
  if (!low) return roundUp(made)
  const difference = b * 2n - tens
  if (difference === 0n) return Number(digits[digits.length - 1]) % 2 === 1 ? roundUp(made) : made
  return difference > 0n ? roundUp(made) : made
}

/** How wide the words are in which Java calculates, 0 for any width: narrow ones overflow. */
function wordWidth (fractionBits: number, b2: number, b5: number, s2: number, s5: number): number {
  const bitsOf5 = (power: number): number => power < BITS_OF_5.length ? BITS_OF_5[power] as number : power * 3
  const most = Math.max(fractionBits + b2 + bitsOf5(b5), s2 + 1 + bitsOf5(s5 + 1))
  return most < 32 ? 32 : most < 64 ? 64 : 0
}
const BITS_OF_5 = Array.from({ length: 27 }, (_, power) => power === 0 ? 0 : log2(5n ** BigInt(power)))

/** The text `java.lang.Double.toString` gives a number. */
export function doubleText (value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const sign = value < 0 ? '-' : ''
  const magnitude = Math.abs(value)
  if (magnitude === Infinity) return sign + 'Infinity'
  if (magnitude < 1e7 && magnitude >= 1e-3) {
    if (Number.isInteger(magnitude)) return `${sign}${magnitude}.0`
    const shortest = String(magnitude)
    if (shortest.length <= SURE_LENGTH) return sign + shortest
  }
  const { digits, exponent } = digitsOf(magnitude)
  if (exponent > 0 && exponent < 8) {
    const whole = digits.slice(0, exponent).padEnd(exponent, '0')
    return `${sign}${whole}.${digits.slice(exponent) || '0'}`
  }
  if (exponent <= 0 && exponent > -3) return `${sign}0.${'0'.repeat(-exponent)}${digits}`
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent - 1}`
}

/** Texts this short are the same in both, as measured over millions of them. */
const SURE_LENGTH = 15

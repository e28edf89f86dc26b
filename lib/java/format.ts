// String.format of Java, for the conversions a template can use.
import { JavaBigDecimal } from './big-decimal.ts'
import { JavaChar, JavaException, MAX_ELEMENTS } from './collections.ts'
import { doubleText } from './double-text.ts'
import { javaHash } from './equality.ts'
import { JavaBigInteger, JavaDouble } from './number.ts'

/** One `%…` of a format. */
interface Spec {
  readonly flags: string
  readonly width: number | undefined
  readonly precision: number | undefined
  readonly upper: boolean
  readonly conversion: string
}

type TextOf = (value: unknown) => string | undefined
type Convert = (value: unknown, spec: Spec, textOf: TextOf) => string

const SPECIFIER = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/y

const fail = (message: string): never => { throw new JavaException(message) }
const mismatch = (spec: Spec): never => fail(`IllegalFormatConversionException: ${spec.conversion}`)

function onlyFlags (spec: Spec, allowed: string): void {
  for (const flag of spec.flags) if (!allowed.includes(flag)) fail(`FormatFlagsConversionMismatchException: Conversion = ${spec.conversion}, Flags = ${flag}`)
}

function pad (text: string, { flags, width }: Spec): string {
  if (width === undefined) return text
  if (width > MAX_ELEMENTS) fail(`a format is wider than ${MAX_ELEMENTS}`)
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width)
}

/** Sign, grouping and zeros of a number given by its digits. */
function decorate (isNegative: boolean, digits: string, spec: Spec): string {
  const { flags, width = 0 } = spec
  let [whole = '', fraction] = digits.split('.')
  if (flags.includes(',')) whole = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const body = fraction === undefined ? whole : `${whole}.${fraction}`
  const [before, after] = isNegative
    ? flags.includes('(') ? ['(', ')'] : ['-', '']
    : [flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', '']
  if (width > MAX_ELEMENTS) fail(`a format is wider than ${MAX_ELEMENTS}`)
  const zeros = flags.includes('0') ? '0'.repeat(Math.max(0, width - before.length - body.length - after.length)) : ''
  return before + zeros + body + after
}

function wholeOf (value: unknown, spec: Spec): bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return BigInt(value)
  return value instanceof JavaBigInteger ? value.value : mismatch(spec)
}

const decimal: Convert = (value, spec) => {
  onlyFlags(spec, '-+ 0,(')
  if (spec.precision !== undefined) fail(`IllegalFormatPrecisionException: ${spec.precision}`)
  const whole = wholeOf(value, spec)
  return decorate(whole < 0n, String(whole < 0n ? -whole : whole), spec)
}

const radix = (base: number, prefix: string): Convert => (value, spec) => {
  const isBig = value instanceof JavaBigInteger
  onlyFlags(spec, isBig ? '-#+ 0(' : '-#0')
  if (spec.precision !== undefined) fail(`IllegalFormatPrecisionException: ${spec.precision}`)
  const whole = wholeOf(value, spec)
  const bits = isBig ? (whole < 0n ? -whole : whole) : BigInt.asUintN(typeof value === 'number' ? 32 : 64, whole)
  const digits = bits.toString(base)
  const mark = spec.flags.includes('#') ? prefix : ''
  const sign = isBig && whole < 0n ? '-' : ''
  const missing = (spec.width ?? 0) - digits.length - mark.length - sign.length
  const zeros = spec.flags.includes('0') ? '0'.repeat(Math.max(0, missing)) : ''
  return sign + mark + zeros + digits
}

/** The decimal digits of a number and where their point is, rounded half up at `places` behind the point. */
function roundPlaces (text: string, places: number): string {
  const [mantissa = '', exponent = '0'] = text.split('E')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const value = new JavaBigDecimal(BigInt(whole + fraction), fraction.length - Number(exponent))
  if (places > 1000 || Math.abs(value.scale) > 20_000) return fail('a format is too precise')
  if (value.scale <= places) return plain(value.rescaled(places), places)
  const divisor = 10n ** BigInt(value.scale - places)
  return plain((value.unscaled * 2n + divisor) / (divisor * 2n), places)
}

function plain (unscaled: bigint, places: number): string {
  const digits = String(unscaled).padStart(places + 1, '0')
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** A double or decimal as sign and text of its magnitude; a text where it is no number. */
function magnitudeOf (value: unknown, spec: Spec): { isNegative: boolean, text: string } | string {
  if (value instanceof JavaBigDecimal) {
    const isNegative = value.unscaled < 0n
    const unscaled = isNegative ? -value.unscaled : value.unscaled
    return { isNegative, text: new JavaBigDecimal(unscaled, value.scale).toString() }
  }
  if (!(value instanceof JavaDouble)) return mismatch(spec)
  const isNegative = value.value < 0 || Object.is(value.value, -0)
  if (!Number.isFinite(value.value)) {
    const text = Number.isNaN(value.value) ? 'NaN' : 'Infinity'
    if (text === 'NaN') return text
    return decorate(isNegative, text, { ...spec, flags: spec.flags.replace(/[0,]/g, ''), width: undefined })
  }
  return { isNegative, text: doubleText(Math.abs(value.value)) }
}

const fixed: Convert = (value, spec) => {
  onlyFlags(spec, '-#+ 0,(')
  const magnitude = magnitudeOf(value, spec)
  if (typeof magnitude === 'string') return magnitude
  return decorate(magnitude.isNegative, roundPlaces(magnitude.text, spec.precision ?? 6), spec)
}

const scientific: Convert = (value, spec) => {
  onlyFlags(spec, '-#+ 0(')
  const magnitude = magnitudeOf(value, spec)
  if (typeof magnitude === 'string') return magnitude
  const places = spec.precision ?? 6
  const [mantissa = '', exponent = '0'] = magnitude.text.split('E')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const all = (whole + fraction).replace(/^0+/, '')
  let power = all === '' ? 0 : Number(exponent) + whole.length - 1 - ((whole + fraction).length - all.length)
  let digits = roundPlaces(all === '' ? '0.0' : `${all[0]}.${all.slice(1)}`, places)
  if (digits.startsWith('10')) {
    power++
    digits = roundPlaces(`${digits.replace('.', '').slice(0, 1)}.${digits.replace('.', '').slice(1)}`, places)
  }
  const suffix = `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  const width = spec.width === undefined ? undefined : spec.width - suffix.length
  return decorate(magnitude.isNegative, digits, { ...spec, width }) + suffix
}

const cut = (text: string, { precision }: Spec): string => precision === undefined ? text : text.slice(0, precision)

const character: Convert = (value, spec) => {
  onlyFlags(spec, '-')
  if (spec.precision !== undefined) fail(`IllegalFormatPrecisionException: ${spec.precision}`)
  if (value instanceof JavaChar) return value.value
  if (typeof value !== 'number') return mismatch(spec)
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : fail('IllegalFormatCodePointException')
}

const general: Convert = (value, spec, textOf) => {
  onlyFlags(spec, '-')
  return cut(value === null || value === undefined ? 'null' : textOf(value) ?? 'null', spec)
}

const CONVERSIONS: Readonly<Record<string, Convert>> = {
  s: general,
  d: decimal,
  x: radix(16, '0x'),
  o: radix(8, '0'),
  f: fixed,
  e: scientific,
  c: character,
  b: (value, spec) => {
    onlyFlags(spec, '-')
    return cut(typeof value === 'boolean' ? String(value) : String(value !== null && value !== undefined), spec)
  },
  h: (value, spec) => {
    onlyFlags(spec, '-')
    return cut(((javaHash(value) ?? 0) >>> 0).toString(16), spec)
  }
}
/** Conversions that also come in capitals. */
const UPPER = 'SXECBH'

function checkFlags ({ flags, width, conversion }: Spec): void {
  if (new Set(flags).size !== flags.length) fail('DuplicateFormatFlagsException')
  if (flags.includes('-') && flags.includes('0')) fail('IllegalFormatFlagsException')
  if (flags.includes('+') && flags.includes(' ')) fail('IllegalFormatFlagsException')
  if ((flags.includes('-') || flags.includes('0')) && width === undefined) fail(`MissingFormatWidthException: %${conversion}`)
}

/** `String.format`. `textOf` gives the text of any value. Throws where Java does. */
export function formatJava (format: string, values: readonly unknown[], textOf: TextOf): string {
  let text = ''
  let ordinary = 0
  let last = -1
  for (let at = 0; at < format.length;) {
    const percent = format.indexOf('%', at)
    if (percent === -1) return text + format.slice(at)
    text += format.slice(at, percent)
    SPECIFIER.lastIndex = percent
    const match = SPECIFIER.exec(format)
    if (match === null) return fail('UnknownFormatConversionException: Conversion = \'%\'')
    at = SPECIFIER.lastIndex
    const [, index, flags = '', width, precision, letter = ''] = match
    const upper = UPPER.includes(letter)
    const spec: Spec = {
      flags: flags.replaceAll('<', ''),
      width: width === undefined ? undefined : Number(width),
      precision: precision === undefined ? undefined : Number(precision),
      upper,
      conversion: letter
    }
    if (letter === 'n' || letter === '%') {
      if (letter === 'n' && (flags !== '' || width !== undefined)) fail('IllegalFormatFlagsException')
      if (letter === '%') {
        onlyFlags(spec, '-')
        checkFlags(spec)
      }
      text += letter === 'n' ? '\n' : pad('%', spec)
      continue
    }
    const convert = CONVERSIONS[upper ? letter.toLowerCase() : letter] ?? fail(`UnknownFormatConversionException: Conversion = '${letter}'`)
    checkFlags(spec)
    if (flags.includes('<')) {
      if (last < 0) fail(`MissingFormatArgumentException: Format specifier '${match[0]}'`)
    } else {
      last = index === undefined ? ordinary++ : Number(index) - 1
    }
    if (last >= values.length) fail(`MissingFormatArgumentException: Format specifier '${match[0]}'`)
    const value = values[last]
    const isNull = (value === null || value === undefined) && letter.toLowerCase() !== 'b'
    const converted = isNull ? cut('null', spec) : convert(value, spec, textOf)
    text += pad(upper ? converted.toUpperCase() : converted, spec)
    if (text.length > 2_000_000) fail('a formatted text is too long')
  }
  return text
}

// The methods of numbers, booleans and characters.
import type { JavaNumber } from '../../java/index.ts'
import {
  JavaChar, JavaDouble, JavaException, javaText, parseDoubleText, parseWhole, toDouble, toInt, toLong
} from '../../java/index.ts'
import type { Call } from '../java-class.ts'
import { javaClass } from '../java-class.ts'
import { ANY_METHODS, ANY_RUN_METHODS, wrongClass } from './any.ts'

const nullPointer = (): never => { throw new JavaException('NullPointerException') }
const order = (a: number | bigint, b: number | bigint): number => a < b ? -1 : a > b ? 1 : 0
const NUMBER: Readonly<Record<string, Call>> = {
  ...ANY_METHODS,
  'intValue()': (n: JavaNumber) => toInt(n),
  'longValue()': (n: JavaNumber) => toLong(n),
  'doubleValue()': (n: JavaNumber) => new JavaDouble(toDouble(n))
}
const parseInteger = (text: string | null, radix = 10): number => Number(parseWhole(text, 32, radix))
const parseLong = (text: string | null, radix = 10): bigint => parseWhole(text, 64, radix)
const longOf = (value: number | bigint): bigint => BigInt(value)

export const INTEGER = javaClass({
  ...NUMBER,
  'compareTo(Integer)': (a, b) => order(a, b ?? nullPointer()),
  'compareTo(Object)': wrongClass,
  'compare(int,int)': (_, a, b) => order(a, b),
  'parseInt(String)': (_, text) => parseInteger(text),
  'parseInt(String,int)': (_, text, radix) => parseInteger(text, radix),
  'valueOf(int)': (_, value) => value,
  'valueOf(String)': (_, text) => parseInteger(text),
  'valueOf(String,int)': (_, text, radix) => parseInteger(text, radix),
  'toString(int)': (_, value) => String(value),
  'toHexString(int)': (_, value) => (value >>> 0).toString(16),
  'toBinaryString(int)': (_, value) => (value >>> 0).toString(2),
  'toOctalString(int)': (_, value) => (value >>> 0).toString(8),
  'max(int,int)': (_, a, b) => Math.max(a, b),
  'min(int,int)': (_, a, b) => Math.min(a, b),
  'sum(int,int)': (_, a, b) => a + b | 0,
  'signum(int)': (_, value) => Math.sign(value)
}, ANY_RUN_METHODS)

export const LONG = javaClass({
  ...NUMBER,
  'compareTo(Long)': (a, b) => order(a, b ?? nullPointer()),
  'compareTo(Object)': wrongClass,
  'compare(long,long)': (_, a, b) => order(a, b),
  'parseLong(String)': (_, text) => parseLong(text),
  'parseLong(String,int)': (_, text, radix) => parseLong(text, radix),
  'valueOf(long)': (_, value) => longOf(value),
  'valueOf(String)': (_, text) => parseLong(text),
  'valueOf(String,int)': (_, text, radix) => parseLong(text, radix),
  'toString(long)': (_, value) => String(value),
  'toHexString(long)': (_, value) => BigInt.asUintN(64, longOf(value)).toString(16),
  'toBinaryString(long)': (_, value) => BigInt.asUintN(64, longOf(value)).toString(2),
  'max(long,long)': (_, a, b) => longOf(a > b ? a : b),
  'min(long,long)': (_, a, b) => longOf(a < b ? a : b),
  'sum(long,long)': (_, a, b) => BigInt.asIntN(64, longOf(a) + longOf(b))
}, ANY_RUN_METHODS)

/** Double.compare: NaN above all, -0.0 below 0.0. */
function compareDoubles (a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1
  return Number.isNaN(b) || Object.is(a, -0) ? -1 : 1
}

const isNaNProperty = { read: (n: JavaDouble) => Number.isNaN(n.value) }
const isInfinite = { read: (n: JavaDouble) => Math.abs(n.value) === Infinity }

export const DOUBLE = javaClass({
  ...NUMBER,
  'compareTo(Double)': (a, b) => compareDoubles(a.value, (b ?? nullPointer()).value),
  'compareTo(Object)': wrongClass,
  'compare(double,double)': (_, a, b) => compareDoubles(toDouble(a), toDouble(b)),
  'isNaN()': isNaNProperty.read,
  'isInfinite()': isInfinite.read,
  'isNaN(double)': (_, value) => Number.isNaN(toDouble(value)),
  'isInfinite(double)': (_, value) => Math.abs(toDouble(value)) === Infinity,
  'parseDouble(String)': (_, text) => parseDoubleText(text),
  'valueOf(double)': (_, value) => new JavaDouble(toDouble(value)),
  'valueOf(String)': (_, text) => parseDoubleText(text),
  'toString(double)': (_, value) => javaText(new JavaDouble(toDouble(value))),
  'max(double,double)': (_, a, b) => new JavaDouble(Math.max(toDouble(a), toDouble(b))),
  'min(double,double)': (_, a, b) => new JavaDouble(Math.min(toDouble(a), toDouble(b))),
  'sum(double,double)': (_, a, b) => new JavaDouble(toDouble(a) + toDouble(b))
}, ANY_RUN_METHODS, { naN: isNaNProperty, NaN: isNaNProperty, infinite: isInfinite, Infinite: isInfinite })

export const BIG_INTEGER = javaClass(NUMBER, ANY_RUN_METHODS)
export const BIG_DECIMAL = javaClass(NUMBER, ANY_RUN_METHODS)

const isTrue = (text: unknown): boolean => typeof text === 'string' && text.toLowerCase() === 'true'

export const BOOLEAN = javaClass({
  ...ANY_METHODS,
  'booleanValue()': (value) => value,
  'compareTo(Boolean)': (a, b) => Number(a) - Number(b ?? nullPointer()),
  'compareTo(Object)': wrongClass,
  'parseBoolean(String)': (_, text) => isTrue(text),
  'valueOf(boolean)': (_, value) => value,
  'valueOf(String)': (_, text) => isTrue(text)
}, ANY_RUN_METHODS)

export const CHARACTER = javaClass({
  ...ANY_METHODS,
  'charValue()': (char) => char,
  'compareTo(Character)': (a, b) => a.value.charCodeAt(0) - (b ?? nullPointer()).value.charCodeAt(0),
  'compareTo(Object)': wrongClass,
  'isDigit(char)': (_, char) => /\p{Nd}/u.test(char.value),
  'isLetter(char)': (_, char) => /\p{L}/u.test(char.value),
  'isLetterOrDigit(char)': (_, char) => /\p{L}|\p{Nd}/u.test(char.value),
  'toUpperCase(char)': (_, char) => new JavaChar(char.value.toUpperCase()[0] as string),
  'toLowerCase(char)': (_, char) => new JavaChar(char.value.toLowerCase()[0] as string)
}, ANY_RUN_METHODS)

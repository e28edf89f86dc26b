// Java's numbers, collections and formats: what their text, their order and their arithmetic are.
import t from 'tap'
import type { JavaNumber } from '../../lib/java/index.ts'
import {
  JavaBigDecimal, JavaBigInteger, JavaDouble, JavaIterator, JavaList, JavaMapView, JavaSubList, add, compareNumbers, divide, doubleText,
  formatJava, javaEquals, javaHash, javaNumberOf, javaText, modulo, multiply, noteChange, parseDoubleText, parseJavaNumber, parseWhole, subtract, toInt, toLong
} from '../../lib/java/index.ts'

const of = parseJavaNumber
const text = (n: JavaNumber) => javaText(n)

t.test('a numeral becomes the number json-smart reads', async (t) => {
  t.equal(of('007'), 7)
  t.equal(of('-0'), 0)
  t.equal(of('2147483648'), 2147483648n)
  t.ok(of('9223372036854775808') instanceof JavaBigInteger)
  t.ok(of('00000000000000000001') instanceof JavaBigInteger, 'twenty digits are a BigInteger, whatever they say')
  t.ok(of('1.50') instanceof JavaDouble)
  t.ok(of('1.00000000000000000') instanceof JavaBigDecimal, 'more than eighteen characters stay exact')
  t.equal(text(of('1.00000000000000000e30')), '1.00000000000000000E+30')
  t.equal(text(of('0.00000000123456789012345')), '1.23456789012345E-9')
})

t.test('a number of JavaScript is the smallest Java number that holds it', async (t) => {
  t.equal(javaNumberOf(5), 5)
  t.equal(javaNumberOf(1700000000999), 1700000000999n)
  for (const n of [1.5, -0, 1e21, NaN]) t.ok(javaNumberOf(n) instanceof JavaDouble, String(n))
})

t.test('doubles print digit for digit as before Java 19, where that is not the shortest text', async (t) => {
  // Recorded with Java 17.
  const recorded: Array<[number, string]> = [
    [2e-3, '0.002'], [1e7, '1.0E7'], [9999999, '9999999.0'], [1e-3, '0.001'], [9.99e-4, '9.99E-4'], [0.1 + 0.2, '0.30000000000000004'],
    [5e-324, '4.9E-324'], [2 ** -44, '5.6843418860808015E-14'], [2e23, '1.9999999999999998E23'], [8.41e21, '8.409999999999999E21'], [Infinity, 'Infinity'], [-0, '-0.0'],
    [123456789012345680, '1.2345678901234568E17'], [2305843009213694000, '2.305843009213694E18'], [-3.2581070164299717e+25, '-3.2581070164299716E25']
  ]
  for (const [n, expected] of recorded) t.equal(doubleText(n), expected)
})

t.test('whole numbers widen, doubles do not, decimals stay exact', async (t) => {
  t.equal(add(2147483647, 1), 2147483648n)
  t.equal(subtract(-2147483648, 1), -2147483649n)
  t.equal(text(multiply(9223372036854775807n, 2)), '18446744073709551614')
  t.equal(multiply(-(2n ** 63n), -1), -(2n ** 63n), 'the one product Velocity does not notice')
  t.equal(divide(-7, 2), -3)
  t.equal(modulo(-7, 3), -1)
  t.equal(divide(-2147483648, -1), 2147483648n)
  t.equal(text(add(of('1'), of('0.5'))), '1.5')
  t.equal(text(divide(of('1.000000000000000000000'), 3)), '0.333333333333333333333')
  t.equal(text(divide(of('0.000000000000000000005'), of('2.000000000000000000000'))), '2E-21', 'half goes down')
  t.equal(text(modulo(of('99999999999999999999'), 7)), '1')
  t.throws(() => modulo(of('1.000000000000000000000'), 3), /modulo of BigDecimals/)
  t.throws(() => modulo(of('99999999999999999999'), -7), /modulus not positive/)
  t.equal(compareNumbers(1, new JavaDouble(1)), 0)
  t.equal(compareNumbers(1, new JavaDouble(NaN)), 0)
  t.equal(compareNumbers(of('1.000000000000000000001'), 1), 1)
  t.equal(compareNumbers(of('1.00000000000000000e900000000'), of('1.00000000000000000e-900000000')), 1, 'without writing out the zeros')
  t.equal(toInt(new JavaDouble(1e300)), 2147483647)
  t.equal(toInt(4294967297n), 1)
  t.equal(toLong(new JavaDouble(NaN)), 0n)
  t.equal(toLong(of('1.999999999999999999999')), 1n)
})

t.test('equals and hashCode are those of Java', async (t) => {
  t.ok(javaEquals([1, ['a']], JavaList.holding([1, JavaList.holding(['a'])])))
  t.notOk(javaEquals(1, 1n))
  t.notOk(javaEquals(new JavaDouble(0), new JavaDouble(-0)))
  t.notOk(javaEquals(new JavaBigDecimal(10n, 1), new JavaBigDecimal(1n, 0)))
  t.ok(javaEquals(new Map<unknown, unknown>([[new JavaDouble(1), 'x']]), new Map<unknown, unknown>([[new JavaDouble(1), 'x']])))
  t.equal(javaHash('Hello, World'), -505841268)
  t.equal(javaHash([3, 1, 2]), 32707)
  t.equal(javaHash(12345678901n), -539222985)
  const loop: unknown[] = []
  loop.push(loop)
  t.throws(() => javaHash(loop), /StackOverflowError/)
})

t.test('an iterator notices what grew or shrank behind it', async (t) => {
  const items = ['a', 'b']
  const iterator = JavaIterator.ofList(items)
  t.equal(iterator.next(), 'a')
  iterator.remove()
  t.same(items, ['b'])
  items.push('c')
  noteChange(items)
  t.throws(() => iterator.next(), /ConcurrentModificationException/)
  const map = new Map([['k', 1]])
  const keys = JavaIterator.ofView(new JavaMapView(map, 'keySet'))
  t.equal(keys.next(), 'k')
  t.notOk(keys.hasNext)
  t.throws(() => keys.next(), /NoSuchElementException/)
})

t.test('a part of a list writes through to it', async (t) => {
  const items = ['a', 'b', 'c']
  const part = new JavaSubList(items, 1, 3)
  part.set(0, 'B')
  part.splice(1, 1)
  t.same(items, ['a', 'B'])
  t.same(part.part(0, 1).items, ['B'])
  items.push('d')
  noteChange(items)
  t.throws(() => part.items, /ConcurrentModificationException/)
})

t.test('formats are those of java.util.Formatter', async (t) => {
  const format = (pattern: string, ...values: unknown[]) => formatJava(pattern, values, String)
  t.equal(format('%5s|%-5s|%.2s|%S', 'ab', 'cd', 'efg', 'up'), '   ab|cd   |ef|UP')
  t.equal(format('%d %05d %-4d| %+d % d %(d %,d', 1, 42, 7, 5, 6, -7, 1234567), '1 00042 7   | +5  6 (7) 1,234,567')
  t.equal(format('%x %X %#x %o %x', 255, 255, 255, 8, -1), 'ff FF 0xff 10 ffffffff')
  t.equal(format('%.2f %8.3f %08.3f %.0f', new JavaDouble(1.005), new JavaDouble(3.14159), new JavaDouble(-3.14159), new JavaDouble(2.5)), '1.01    3.142 -003.142 3')
  t.equal(format('%e %.1e', new JavaDouble(12345.678), new JavaDouble(0.00099)), '1.234568e+04 9.9e-04')
  t.equal(format('%2$s %1$s %<s%n%%', 'a', 'b'), 'b a a\n%')
  for (const [pattern, value] of [['%d', 'x'], ['%q', 1], ['%', 1], ['%5', 1], ['%-d', 1], ['%s %s', 1], ['%.2d', 1], ['%--5d', 1], ['%200000d', 1]] as const) {
    t.throws(() => format(pattern, value), { message: /Exception|wider/ }, pattern)
  }
})

t.test('texts become numbers as Java reads them', async (t) => {
  t.equal(parseWhole('+12', 32), 12n)
  t.equal(parseWhole('-ff', 32, 16), -255n)
  for (const bad of ['', '-', ' 1', '1.5', '2147483648', 'x', undefined]) t.throws(() => parseWhole(bad, 32), /NumberFormatException/)
  t.equal(parseDoubleText(' 1.5e3d ').value, 1500)
  t.equal(parseDoubleText('-Infinity').value, -Infinity)
  for (const bad of ['', 'e5', '1,5', '0x1', undefined]) t.throws(() => parseDoubleText(bad), /NumberFormatException/)
})

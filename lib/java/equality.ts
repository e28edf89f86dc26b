// Java's equals and hashCode.
import { JavaBigDecimal } from './big-decimal.ts'
import { spend } from './budget.ts'
import { JavaChar, JavaEntry, JavaException, JavaMapView, listItems, mapOf } from './collections.ts'
import { JavaBigInteger, JavaDouble } from './number.ts'

/** Values nested deeper than this are taken to hold themselves, where Java's stack would overflow. */
const MAX_DEPTH = 500

const isSet = (value: unknown): value is JavaMapView => value instanceof JavaMapView && value.kind !== 'values'

/** `Objects.equals`. */
export function javaEquals (a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return (a ?? null) === (b ?? null)
  if (depth > MAX_DEPTH) throw new JavaException('StackOverflowError')
  const items = listItems(a)
  if (items !== undefined) {
    const others = listItems(b)
    spend(items.length)
    return others !== undefined && items.length === others.length &&
      items.every((item, index) => javaEquals(item, others[index], depth + 1))
  }
  const map = mapOf(a)
  if (map !== undefined) {
    const other = mapOf(b)
    spend(map.size)
    return other !== undefined && map.size === other.size &&
      [...map].every(([key, value]) => hasKey(other, key) && javaEquals(value, getKey(other, key), depth + 1))
  }
  if (isSet(a)) {
    if (!isSet(b)) return false
    const others = b.items
    spend(others.length * others.length)
    return a.map.size === others.length &&
      a.items.every((item) => others.some((other) => javaEquals(item, other, depth + 1)))
  }
  if (a instanceof JavaMapView) return b instanceof JavaMapView && b.kind === a.kind && b.map === a.map
  if (a instanceof JavaEntry) {
    return b instanceof JavaEntry && javaEquals(a.key, b.key, depth + 1) && javaEquals(a.value, b.value, depth + 1)
  }
  if (a instanceof JavaDouble) return b instanceof JavaDouble && Object.is(a.value, b.value)
  if (a instanceof JavaBigInteger) return b instanceof JavaBigInteger && a.value === b.value
  if (a instanceof JavaBigDecimal) {
    return b instanceof JavaBigDecimal && a.unscaled === b.unscaled && a.scale === b.scale
  }
  return a instanceof JavaChar && b instanceof JavaChar && a.value === b.value
}

/** The key of a map that equals `key`: itself, but for objects, which a JavaScript map tells apart. */
export function findKey (map: ReadonlyMap<unknown, unknown>, key: unknown): unknown {
  if (typeof key !== 'object' || key === null || map.has(key)) return key
  spend(map.size)
  for (const known of map.keys()) {
    if (typeof known === 'object' && known !== null && javaEquals(known, key)) return known
  }
  return key
}

export const hasKey = (map: ReadonlyMap<unknown, unknown>, key: unknown): boolean => map.has(findKey(map, key))
export const getKey = (map: ReadonlyMap<unknown, unknown>, key: unknown): unknown => map.get(findKey(map, key))

const words = new DataView(new ArrayBuffer(8))

function longHash (value: bigint): number {
  const bits = BigInt.asUintN(64, value)
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)))
}

function doubleHash (value: number): number {
  words.setFloat64(0, value)
  return words.getInt32(0) ^ words.getInt32(4)
}

function bigIntegerHash (value: bigint): number {
  const magnitude = value < 0n ? -value : value
  let hash = 0
  for (let shift = (magnitude.toString(16).length * 4 + 31) >> 5; shift > 0; shift--) {
    hash = Math.imul(31, hash) + Number(BigInt.asUintN(32, magnitude >> BigInt((shift - 1) * 32))) | 0
  }
  return value < 0n ? -hash | 0 : hash
}

export function stringHash (text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(31, hash) + text.charCodeAt(i) | 0
  return hash
}

/** `hashCode`; undefined where Java's depends on where the object lies. */
export function javaHash (value: unknown, depth = 0): number | undefined {
  if (depth > MAX_DEPTH) throw new JavaException('StackOverflowError')
  if (value === null || value === undefined) return 0
  if (typeof value === 'string') return stringHash(value)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1231 : 1237
  if (typeof value === 'bigint') return longHash(value)
  const hash = (one: unknown): number => javaHash(one, depth + 1) ?? 0
  const items = listItems(value)
  spend(items?.length ?? 0)
  if (items !== undefined) return items.reduce<number>((sum, item) => Math.imul(31, sum) + hash(item) | 0, 1)
  const map = mapOf(value)
  if (map !== undefined) return [...map].reduce<number>((sum, [key, one]) => sum + (hash(key) ^ hash(one)) | 0, 0)
  if (isSet(value)) return value.items.reduce<number>((sum, item) => sum + hash(item) | 0, 0)
  if (value instanceof JavaEntry) return hash(value.key) ^ hash(value.value)
  if (value instanceof JavaChar) return value.value.charCodeAt(0)
  if (value instanceof JavaDouble) return doubleHash(value.value)
  if (value instanceof JavaBigInteger) return bigIntegerHash(value.value)
  if (value instanceof JavaBigDecimal) return decimalHash(value)
  return undefined
}

const LONG_LIMIT = 2n ** 63n

function decimalHash ({ unscaled, scale }: JavaBigDecimal): number {
  const magnitude = unscaled < 0n ? -unscaled : unscaled
  if (magnitude >= LONG_LIMIT) return Math.imul(31, bigIntegerHash(unscaled)) + scale | 0
  const low = Number(BigInt.asUintN(32, magnitude))
  const mixed = Math.imul(31, Number(magnitude >> 32n)) + low | 0
  return Math.imul(31, unscaled < 0n ? -mixed | 0 : mixed) + scale | 0
}

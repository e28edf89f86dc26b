// The text of any value: a map as {k=v}, a list of the template as [a, b], a list of a document as JSON.
import type { JavaNumber } from '../java/index.ts'
import {
  JavaArray, JavaChar, JavaEntry, JavaException, JavaIterator, JavaList, JavaMapView, JavaSubList, collectionItems,
  isJavaNumber, javaHash, javaText, mapOf
} from '../java/index.ts'
import { writeJson } from '../json/index.ts'
import { BlockReference } from './block-reference.ts'
import { HostObject } from './host-object.ts'
import { PlainMap } from './plain-map.ts'
import type { Run } from './run.ts'
import { checkedText } from './run.ts'

/** Values nested deeper than this are taken to hold themselves, where Java's stack would overflow. */
const MAX_DEPTH = 500

/** `String.valueOf`: the text of a value, `null` for null; undefined where its `toString` answers null. */
export function textOf (run: Run, value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof PlainMap && value.silent) return ''
  if (value instanceof BlockReference) return value.text(run)
  return print(run, value, 0)
}

function print (run: Run, value: unknown, depth: number): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'object') return javaText(value as JavaNumber | boolean | string)
  if (depth > MAX_DEPTH) throw new JavaException('StackOverflowError')
  run.charge(1)
  if (Array.isArray(value) && !(value instanceof JavaList)) return printJson(run, value, true, depth)
  const map = mapOf(value)
  if (map !== undefined) return printMap(run, map, depth)
  if (value instanceof JavaList || value instanceof JavaSubList || value instanceof JavaMapView) {
    const items = collectionItems(value) as unknown[]
    run.charge(items.length >> 3)
    let text = '['
    for (let i = 0; i < items.length; i++) {
      text = checkedText(text + (i === 0 ? '' : ', ') + (items[i] === value ? '(this Collection)' : print(run, items[i], depth + 1)))
    }
    return text + ']'
  }
  if (value instanceof JavaEntry) return `${print(run, value.key, depth + 1)}=${print(run, value.value, depth + 1)}`
  if (value instanceof JavaChar) return value.value
  if (isJavaNumber(value)) return javaText(value)
  // Java adds an address, which is no text to rely on.
  if (value instanceof JavaArray) return '[Ljava.lang.String;'
  if (value instanceof JavaIterator) return 'java.util.Iterator'
  if (value instanceof BlockReference) return value.text(run) ?? 'null'
  return value instanceof HostObject ? value.text : ''
}

function printMap (run: Run, map: Map<unknown, unknown>, depth: number): string {
  run.charge(map.size >> 3)
  let text = '{'
  for (const [key, value] of map) {
    const item = mapOf(value) === map ? '(this Map)' : print(run, value, depth + 1)
    text = checkedText(`${text}${text === '{' ? '' : ', '}${print(run, key, depth + 1)}=${item}`)
  }
  return text + '}'
}

/** Most texts are short and need no escape: seen here, they spare the writer's patterns. */
const SHORT = 64

function quote (text: string, escapeSlash: boolean): string {
  if (text.length > SHORT) return writeJson(text, { escapeSlash })
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isPlain = code >= 0x20 && code <= 0x7e && code !== 0x22 && code !== 0x5c && code !== 0x2f
    if (!isPlain) return writeJson(text, { escapeSlash })
  }
  return `"${text}"`
}

/** Compact JSON of a value; `escapeSlash` as lists print themselves. */
export function printJson (run: Run, value: unknown, escapeSlash: boolean, depth = 0): string {
  if (typeof value === 'string') return quote(value, escapeSlash)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined || typeof value !== 'object') return writeJson(value)
  if (depth > MAX_DEPTH) throw new JavaException('StackOverflowError')
  run.charge(1)
  const map = mapOf(value)
  let text
  if (map !== undefined) {
    run.charge(map.size >> 3)
    text = '{'
    for (const [key, member] of map) {
      const name = typeof key === 'string' ? key : key === null ? 'null' : print(run, key, depth + 1)
      text = checkedText(`${text}${text === '{' ? '' : ','}${quote(name, escapeSlash)}:${printJson(run, member, escapeSlash, depth + 1)}`)
    }
    return text + '}'
  }
  const items = value instanceof JavaArray ? value.items : collectionItems(value)
  // Of any other object json-smart writes the public fields, and there are none.
  if (items === undefined) return isJavaNumber(value) ? writeJson(value) : '{}'
  run.charge(items.length >> 3)
  text = '['
  for (let i = 0; i < items.length; i++) {
    text = checkedText(text + (i === 0 ? '' : ',') + printJson(run, items[i], escapeSlash, depth + 1))
  }
  return text + ']'
}

/** `hashCode` where it follows from the value. */
export function hashOf (value: unknown): number {
  return javaHash(value) ?? 0
}

// The methods of java.lang.String.
import { JavaArray, JavaChar, JavaException, collectionItems, formatJava } from '../../java/index.ts'
import { javaClass } from '../java-class.ts'
import { textOf } from '../print.ts'
import type { Run } from '../run.ts'
import { MAX_OUTPUT, checkedText } from '../run.ts'
import { ANY_METHODS, ANY_RUN_METHODS, wrongClass } from './any.ts'
import { matches, replaceAll, replaceFirst, split } from './patterns.ts'

const outOfBounds = (what: unknown): never => { throw new JavaException(`StringIndexOutOfBoundsException: ${what}`) }
const nullPointer = (): never => { throw new JavaException('NullPointerException') }
const present = (text: string | null | undefined): string => text ?? nullPointer()

function compare (a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function substring (text: string, from: number, to: number): string {
  return from < 0 || to > text.length || from > to ? outOfBounds(`begin ${from}, end ${to}, length ${text.length}`) : text.slice(from, to)
}

/** Upper, then lower case, character by character, as `equalsIgnoreCase` compares. */
const folded = (text: string): string => Array.from({ length: text.length }, (_, i) => {
  const upper = (text[i] as string).toUpperCase()
  const lower = (upper.length === 1 ? upper : text[i] as string).toLowerCase()
  return lower.length === 1 ? lower : text[i]
}).join('')

/** Java's trim: everything up to the space. */
function trim (text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 0x20) from++
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--
  return text.slice(from, to)
}

function replace (text: string, target: string, replacement: string): string {
  const parts = text.split(target)
  if (text.length + (parts.length + 1) * replacement.length > 2 * MAX_OUTPUT) checkedText('x'.repeat(MAX_OUTPUT + 1))
  return target === '' ? replacement + [...Array(text.length).keys()].map((i) => text[i] + replacement).join('') : parts.join(replacement)
}

const codePointText = (code: number): string => code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''

function indexOf (text: string, part: string, from = 0): number {
  return part === '' ? Math.min(Math.max(from, 0), text.length) : text.indexOf(part, from)
}

function lastIndexOf (text: string, part: string, from = text.length): number {
  return from < 0 ? -1 : text.lastIndexOf(part, from)
}

const indexOfCode = (text: string, code: number, from = 0): number => {
  const part = codePointText(code)
  return part === '' ? -1 : text.indexOf(part, from)
}
const lastIndexOfCode = (text: string, code: number, from = text.length): number => {
  const part = codePointText(code)
  return part === '' ? -1 : lastIndexOf(text, part, from)
}

function join (run: Run, separator: string | null, parts: readonly unknown[]): string {
  const glue = present(separator)
  let joined = ''
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? 'null'
    if (typeof part !== 'string') throw new JavaException('ClassCastException: not a text')
    joined = checkedText(i === 0 ? part : joined + glue + part)
  }
  run.charge(parts.length >> 3)
  return joined
}

/** Patterns look at every character more than once. */
const chargePattern = (run: Run, text: string): void => run.charge(text.length >> 5)

function parts (run: Run, text: string, pattern: string | null, limit = 0): JavaArray {
  chargePattern(run, text)
  return new JavaArray(split(run, text, present(pattern), limit))
}

const bytes = (text: string): JavaArray => new JavaArray([...Buffer.from(text)].map((byte) => byte << 24 >> 24))

export const STRING = javaClass({
  ...ANY_METHODS,
  'length()': (text) => text.length,
  'isEmpty()': (text) => text.length === 0,
  'charAt(int)': (text, index) => new JavaChar(text[index] ?? outOfBounds(`index ${index}`)),
  'codePointAt(int)': (text, index) => text.codePointAt(index) ?? outOfBounds(`index ${index}`),
  'contains(CharSequence)': (text, part) => text.includes(present(part)),
  'startsWith(String)': (text, part) => text.startsWith(present(part)),
  'startsWith(String,int)': (text, part, from) => from >= 0 && from <= text.length && text.startsWith(present(part), from),
  'endsWith(String)': (text, part) => text.endsWith(present(part)),
  'indexOf(int)': indexOfCode,
  'indexOf(String)': (text, part) => text.indexOf(present(part)),
  'indexOf(int,int)': indexOfCode,
  'indexOf(String,int)': (text, part, from) => indexOf(text, present(part), from),
  'lastIndexOf(int)': lastIndexOfCode,
  'lastIndexOf(String)': (text, part) => text.lastIndexOf(present(part)),
  'lastIndexOf(int,int)': lastIndexOfCode,
  'lastIndexOf(String,int)': (text, part, from) => lastIndexOf(text, present(part), from),
  'substring(int)': (text, from) => substring(text, from, text.length),
  'substring(int,int)': substring,
  'subSequence(int,int)': substring,
  'replace(char,char)': (text, target, replacement) => text.replaceAll(target.value, () => replacement.value),
  'replace(CharSequence,CharSequence)': (text, target, replacement) => replace(text, present(target), present(replacement)),
  'toUpperCase()': (text) => text.toUpperCase(),
  'toLowerCase()': (text) => text.toLowerCase(),
  'trim()': trim,
  'concat(String)': (text, other) => checkedText(text + present(other)),
  'equalsIgnoreCase(String)': (text, other) => typeof other === 'string' && text.length === other.length && folded(text) === folded(other),
  'compareTo(String)': (text, other) => compare(text, present(other)),
  'compareTo(Object)': wrongClass,
  'compareToIgnoreCase(String)': (text, other) => compare(folded(text), folded(present(other))),
  'contentEquals(CharSequence)': (text, other) => text === present(other),
  'getBytes()': bytes,
  'intern()': (text) => text
}, {
  ...ANY_RUN_METHODS,
  'replaceAll(String,String)': (run, text, pattern, replacement) => {
    chargePattern(run, text)
    return replaceAll(run, text, present(pattern), present(replacement))
  },
  'replaceFirst(String,String)': (run, text, pattern, replacement) => {
    chargePattern(run, text)
    return replaceFirst(run, text, present(pattern), present(replacement))
  },
  'split(String)': parts,
  'split(String,int)': parts,
  'matches(String)': (run, text, pattern) => {
    chargePattern(run, text)
    return matches(run, text, present(pattern))
  },
  'valueOf(Object)': (run, _, value) => textOf(run, value),
  'format(String,...)': (run, _, format, values) => formatJava(present(format), values, (value) => textOf(run, value)),
  // Given null, Java cannot tell the two joins apart, and Velocity then calls neither.
  'join(CharSequence,Collection)': (run, _, separator, parts) => {
    const items = collectionItems(parts)
    return items === undefined ? undefined : join(run, separator, items)
  },
  'join(CharSequence,...)': (run, _, separator, parts) => join(run, separator, parts)
}, {
  bytes: { read: bytes },
  Bytes: { read: bytes },
  empty: { read: (text: string) => text.length === 0 },
  Empty: { read: (text: string) => text.length === 0 }
})

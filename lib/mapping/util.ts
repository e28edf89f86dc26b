// `$util`: escaping, encoding and parsing.
import { parseLenientJson } from '../json/index.ts'
import type { JavaClass } from '../vtl/index.ts'
import { HostObject, VtlRuntimeError, javaClass, textOf } from '../vtl/index.ts'

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'], ['\n', '\\n'], ['\t', '\\t'], ['\f', '\\f'], ['\r', '\\r'],
  ["'", "\\'"], ['"', '\\"'], ['\\', '\\\\'], ['/', '\\/']
])
const hex = (code: number, length: number): string => code.toString(16).toUpperCase().padStart(length, '0')

/** What each character of ASCII is escaped to, undefined for itself. */
const ESCAPED: ReadonlyArray<string | undefined> = Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code)
  return SHORT_ESCAPES.get(char) ?? (code < 0x20 ? `\\u${hex(code, 4)}` : undefined)
})

/** As commons-lang escapes: quotes, slashes, control characters, and whatever is not ASCII. */
function escapeJavaScript (text: string): string {
  let escaped = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const escape = code < 128 ? ESCAPED[code] : `\\u${hex(code, 4)}`
    if (escape === undefined) continue
    escaped += text.slice(from, i) + escape
    from = i + 1
  }
  return from === 0 ? text : escaped + text.slice(from)
}

/** What half a character becomes on its way to bytes. */
const wellFormed = (text: string): string => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?')

/** Form encoding in UTF-8: letters, digits and `.-*_` stay, a space becomes `+`. */
function urlEncode (text: string): string {
  return encodeURIComponent(wellFormed(text)).replaceAll('%20', '+').replace(/[!'()~]/g, (char) => `%${hex(char.charCodeAt(0), 2)}`)
}

/** Bytes as Java reads UTF-8: half a character in three bytes is one replacement, not three. */
function utf8Text (bytes: Buffer): string {
  if (!bytes.includes(0xed)) return bytes.toString()
  return Buffer.from(bytes.toString('latin1').replace(/\xed[\xa0-\xbf][\x80-\xbf]?/g, '\xef\xbf\xbd'), 'latin1').toString()
}

const SPACES_AND_ESCAPES = /\+|(?:%.{0,2})+/gs

/** The byte of `%xx`, read as Java reads a number: a sign is one of its two characters. */
function byteOf (escape: string): number {
  if (!/^%(?:[0-9a-f]{2}|\+[0-9a-f]|-0)$/i.test(escape)) throw new VtlRuntimeError(`urlDecode: '${escape}' is no escape`)
  return parseInt(escape.slice(1), 16)
}

function urlDecode (text: string): string {
  return text.replace(SPACES_AND_ESCAPES, (found) => found === '+'
    ? ' '
    : utf8Text(Buffer.from((found.match(/%.{0,2}/gs) as string[]).map(byteOf))))
}

/** As Java's MIME decoder: other characters are skipped, but what is left must come out even. */
function base64Decode (text: string): string {
  const [, digits = '', padding = '', rest = ''] = /^([^=]*)(=?)(.*)$/s.exec(text) ?? []
  const known = digits.replace(/[^A-Za-z0-9+/]/g, '')
  const over = known.length % 4
  const isEven = over !== 1 && (padding === '' || over === 3 || (over === 2 && rest.startsWith('='))) && !/[A-Za-z0-9+/]/.test(rest)
  if (!isEven) throw new VtlRuntimeError('base64Decode: the text ends within a unit')
  return utf8Text(Buffer.from(known, 'base64'))
}

function parseJson (text: string): unknown {
  try {
    return parseLenientJson(text)
  } catch (error) {
    throw new VtlRuntimeError((error as Error).message)
  }
}

/** Nothing comes of null. */
const ofText = (convert: (text: string) => unknown) => (_: Util, text: string | null | undefined): unknown =>
  text === null || text === undefined ? null : convert(text)

class Util extends HostObject {
  readonly javaClass: JavaClass = UTIL
  override readonly text = '{}'
}

const UTIL: JavaClass = javaClass({
  'parseJson(String)': ofText(parseJson),
  'urlEncode(String)': ofText(urlEncode),
  'urlDecode(String)': ofText(urlDecode),
  'base64Encode(String)': ofText((text) => Buffer.from(wellFormed(text)).toString('base64')),
  'base64Decode(String)': ofText(base64Decode),
  'toString()': (util: Util) => util.text
}, {
  'escapeJavaScript(Object)': (run, _, value) => value === null || value === undefined ? null : escapeJavaScript(textOf(run, value) ?? 'null')
})

/** The one `$util`: it keeps nothing. */
export const util = new Util()

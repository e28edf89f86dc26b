// `$util`: escaping, encoding and parsing.
import { parseLenientJson } from '../json/index.ts'
import type { JavaClass } from '../vtl/index.ts'
import { HostObject, VtlRuntimeError, javaClass, textOf } from '../vtl/index.ts'

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'], ['\n', '\\n'], ['\t', '\\t'], ['\f', '\\f'], ['\r', '\\r'],
  ["'", "\\'"], ['"', '\\"'], ['\\', '\\\\'], ['/', '\\/']
])
// eslint-disable-next-line no-control-regex
const UNSAFE = /[^ !#-&(-.0-[\]-\u007f]/
// eslint-disable-next-line no-control-regex
const UNSAFE_ALL = /[^ !#-&(-.0-[\]-\u007f]/g

const hex = (code: number, length: number): string => code.toString(16).toUpperCase().padStart(length, '0')

function escapeJavaScript (text: string): string {
  if (!UNSAFE.test(text)) return text
  return text.replace(UNSAFE_ALL, (char) => SHORT_ESCAPES.get(char) ?? `\\u${hex(char.charCodeAt(0), 4)}`)
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
  return Buffer.from(bytes.toString('latin1').replace(/\xed[\xa0-\xbf](?:[\x80-\xbf]|$)/g, '\xef\xbf\xbd'), 'latin1').toString()
}

const ESCAPES = /(?:%[0-9a-fA-F]{2})+/g

function urlDecode (text: string): string {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new VtlRuntimeError('URLDecoder: a % is not followed by two hexadecimal digits')
  return text.replaceAll('+', ' ').replace(ESCAPES, (escapes) => utf8Text(Buffer.from(escapes.replaceAll('%', ''), 'hex')))
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

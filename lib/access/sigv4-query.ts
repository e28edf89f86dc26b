// The query string of a signed request: its parameters, and their canonical form.

export interface QueryParameter {
  readonly name: string
  readonly value: string
}

const ESCAPE = /%(?![0-9A-Fa-f]{2})/

/**
 * The parameters, decoded as events decode them (`+` is a space), or undefined where an escape is none: a spelling that
 * signature and event would read differently must not verify.
 */
export function parseSignedQuery (rawQuery: string): QueryParameter[] | undefined {
  if (rawQuery === '') return []
  const parameters: QueryParameter[] = []
  for (const piece of rawQuery.split('&')) {
    const equalsAt = piece.indexOf('=')
    const name = decode(equalsAt === -1 ? piece : piece.slice(0, equalsAt))
    const value = decode(equalsAt === -1 ? '' : piece.slice(equalsAt + 1))
    // An empty piece vanishes from the canonical form, so anybody could add one.
    if (piece === '' || name === undefined || value === undefined) return undefined
    parameters.push({ name, value })
  }
  return parameters
}

/** Sorted by encoded name, then by encoded value. */
export function renderCanonicalQuery (parameters: readonly QueryParameter[]): string {
  return parameters.map(({ name, value }) => [encodeRfc3986(name), encodeRfc3986(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`).join('&')
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encodeRfc3986 (text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function decode (text: string): string | undefined {
  if (ESCAPE.test(text)) return undefined
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

function compare (a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

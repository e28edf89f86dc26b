// The headers of a signed request by lower-case name, and their canonical form.

/** A request as it came over the wire, which is what was signed. */
export interface SignedRequest {
  readonly method: string
  /** Path and query, undecoded. */
  readonly target: string
  /** Alternating names and values. */
  readonly rawHeaders: readonly string[]
}

export type HeaderValues = ReadonlyMap<string, readonly string[]>

export function groupHeaders (rawHeaders: readonly string[]): HeaderValues {
  const headers = new Map<string, string[]>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [rawHeaders[i + 1] as string])
    else values.push(rawHeaders[i + 1] as string)
  }
  return headers
}

/** `name:value` lines of the signed headers, each with its line feed. */
export function renderCanonicalHeaders (headers: HeaderValues, names: readonly string[]): string {
  return names.map((name) => {
    const values = (headers.get(name) ?? []).map((value) => value.trim().replace(/[ \t]+/g, ' '))
    return `${name}:${values.join(',')}\n`
  }).join('')
}

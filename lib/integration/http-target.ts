// integrationUri of HTTP integrations: the origin is fixed when the integration is declared, only `{name}` in path and
// query is filled in for each message, and never so that it leads elsewhere.
import { IntegrationUriError } from '../errors.ts'

/** A URI with the stage's variables put in. */
export interface HttpTarget {
  /** `https://example.com`, or undefined for this server. */
  readonly origin: string | undefined
  /** Path and query of a request. Throws AGW_ERR_INTEGRATION_URI. */
  renderPath (values: ReadonlyMap<string, string>, querystring: ReadonlyArray<readonly [string, string]>): string
}

const ABSOLUTE = /^(https?:\/\/[^/?#\\]*)([^?#]*)(\?[^#]*)?$/i
const RELATIVE = /^()(\/(?:[^/\\?#][^?#]*)?)(\?[^#]*)?$/
const PARAMETER = /\{([a-zA-Z0-9._$-]+)\+?\}/
/** All else in a literal path or query is percent-encoded. */
const UNSAFE = /[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+/g
/** As a whole segment these lead out of the path, encoded or not. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i
const NO_PARAMETERS: ReadonlyMap<string, string> = new Map()

/** Throws AGW_ERR_INTEGRATION_URI. */
export function compileHttpTarget (uri: string): HttpTarget {
  const isRelative = uri.startsWith('/')
  const [, base, path = '', query = ''] = (isRelative ? RELATIVE : ABSOLUTE).exec(uri) ?? []
  if (base === undefined) {
    throw new IntegrationUriError(uri, 'it must be http://… or https://… without a fragment, or a path of this server that begins with one /')
  }
  const origin = isRelative ? undefined : readOrigin(uri, base)
  const segments = (path === '' ? '/' : path).split('/').slice(1).map(compileText)
  const renderQuery = compileText(query)
  const render = (values: ReadonlyMap<string, string>): string => {
    let text = ''
    for (const segment of segments) {
      const rendered = segment.render(values)
      if (segment.hasParameters && DOT_SEGMENT.test(rendered)) throw new IntegrationUriError(uri, `a path parameter makes the segment ${JSON.stringify(rendered)}`)
      text += `/${rendered}`
    }
    // A first segment that is empty would read as an authority; one that is declared so cannot, behind its origin.
    if (segments[0]?.hasParameters === true && text.startsWith('//')) throw new IntegrationUriError(uri, 'a path parameter empties the first segment')
    return text + renderQuery.render(values)
  }
  const hasParameters = renderQuery.hasParameters || segments.some((segment) => segment.hasParameters)
  const fixed = hasParameters ? undefined : render(NO_PARAMETERS)
  return {
    origin,
    renderPath (values, querystring) {
      let text = fixed ?? render(values)
      for (const [name, value] of querystring) {
        text += `${text.includes('?') ? '&' : '?'}${encode(name)}=${encode(value)}`
      }
      return text
    }
  }
}

function readOrigin (uri: string, base: string): string {
  if (/[{}@]/.test(base)) throw new IntegrationUriError(uri, 'the host is fixed: it can hold neither parameters nor credentials')
  try {
    const { origin, host } = new URL(base)
    if (host !== '') return origin
  } catch {}
  throw new IntegrationUriError(uri, 'the host is missing or not valid')
}

interface CompiledText {
  readonly hasParameters: boolean
  render (values: ReadonlyMap<string, string>): string
}

/** Literal text with `{name}` in it. A parameter without a value stays as it is written. */
function compileText (text: string): CompiledText {
  const parts = text.split(new RegExp(PARAMETER, 'g'))
  const literals = parts.filter((_, i) => i % 2 === 0).map((literal) => literal.replace(UNSAFE, encodeURI))
  const names = parts.filter((_, i) => i % 2 === 1)
  if (names.length === 0) return { hasParameters: false, render: () => literals[0] as string }
  return {
    hasParameters: true,
    render (values) {
      let rendered = literals[0] as string
      names.forEach((name, i) => {
        rendered += encode(values.get(name) ?? `{${name}}`) + (literals[i + 1] as string)
      })
      return rendered
    }
  }
}

/** One value inside one segment: `/`, `?`, `#` and `%` are data. Half a surrogate pair becomes U+FFFD, as in UTF-8. */
function encode (value: string): string {
  return encodeURIComponent(Buffer.from(value).toString())
}

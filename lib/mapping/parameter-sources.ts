// Where a parameter mapping may read from: one row for each family of sources, in AWS's words.
import { compileJsonPath, parseLenientJson, writeJson } from '../json/index.ts'
import { isJavaNumber, javaText } from '../java/index.ts'

/** What a source reads: nothing, one value, or all values of what has several. */
export type ParameterValue = string | readonly string[] | undefined

/** What the sources of a request or a response are read from. */
export interface ParameterScope {
  /** The text that `body` sources read. */
  readonly body: string | undefined
  readonly context: Readonly<Record<string, unknown>>
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  /** All values of a header: of the handshake on a request, of the answer on a response. Case-sensitive, as on AWS. */
  headerValues (name: string): readonly string[]
  /** All values of a query parameter of the handshake. */
  querystringValues (name: string): readonly string[]
  /** The parsed body, kept between the sources of one message. */
  document?: unknown
}

export type ParameterReader = (scope: ParameterScope) => ParameterValue

/** Which mappings a source may stand in. */
export type ParameterSide = 'request' | 'response'

interface SourceFamily {
  readonly prefix: string
  readonly sides: readonly ParameterSide[]
  readonly tail: 'name' | 'path' | 'optionalPath'
  /** The handshake's own; elsewhere there is nothing to read. */
  readonly isConnectOnly?: true
  readonly compile: (tail: string) => ParameterReader
}

const REQUEST = ['request'] as const
const RESPONSE = ['response'] as const
const BOTH = ['request', 'response'] as const

const last = (values: readonly string[]): string | undefined => values.at(-1)

const FAMILIES: readonly SourceFamily[] = [
  { prefix: 'route.request.querystring', sides: REQUEST, tail: 'name', isConnectOnly: true, compile: (name) => (scope) => last(scope.querystringValues(name)) },
  { prefix: 'route.request.header', sides: REQUEST, tail: 'name', isConnectOnly: true, compile: (name) => (scope) => last(scope.headerValues(name)) },
  { prefix: 'route.request.multivaluequerystring', sides: REQUEST, tail: 'name', isConnectOnly: true, compile: (name) => (scope) => scope.querystringValues(name) },
  { prefix: 'route.request.multivalueheader', sides: REQUEST, tail: 'name', isConnectOnly: true, compile: (name) => (scope) => scope.headerValues(name) },
  { prefix: 'route.request.body', sides: REQUEST, tail: 'optionalPath', compile: compileBody },
  { prefix: 'integration.response.header', sides: RESPONSE, tail: 'name', compile: (name) => (scope) => last(scope.headerValues(name)) },
  { prefix: 'integration.response.multivalueheader', sides: RESPONSE, tail: 'name', compile: (name) => (scope) => scope.headerValues(name) },
  { prefix: 'integration.response.body', sides: RESPONSE, tail: 'optionalPath', compile: compileBody },
  {
    prefix: 'stageVariables',
    sides: BOTH,
    tail: 'name',
    compile: (name) => ({ stageVariables = {} }) => {
      return Object.hasOwn(stageVariables, name) ? stageVariables[name] : undefined
    }
  },
  { prefix: 'context', sides: BOTH, tail: 'path', compile: compileContext }
]

const LITERAL = /^'(.*)'$/s
/** Names in mapping expressions, by AWS's page on data mapping. */
const NAME = /^[a-zA-Z0-9._$-]+$/

/** What a mapping's source says, or why it is none. */
export interface SourceVerdict {
  readonly read: ParameterReader | undefined
  readonly isConnectOnly: boolean
}

/** Reads a source: `'literal'`, `context.connectionId`, `route.request.body.order.id`; undefined where it is none. */
export function compileParameterSource (source: string, side: ParameterSide): SourceVerdict | undefined {
  const literal = LITERAL.exec(source)
  if (literal !== null) return { read: constant(literal[1] as string), isConnectOnly: false }
  for (const family of FAMILIES) {
    if (!family.sides.includes(side) || !source.startsWith(family.prefix)) continue
    const tail = readTail(source.slice(family.prefix.length), family.tail)
    if (tail !== undefined) return { read: family.compile(tail), isConnectOnly: family.isConnectOnly === true }
  }
  return undefined
}

/** The sources of a side, for an error message. */
export function describeSources (side: ParameterSide): string {
  const forms = FAMILIES.filter(({ sides }) => sides.includes(side)).map(({ prefix, tail }) =>
    prefix + { name: '.{name}', path: '.{path}', optionalPath: '[.{JSONPath}]' }[tail])
  return [...forms, "'literal'"].join(', ')
}

function readTail (rest: string, form: SourceFamily['tail']): string | undefined {
  if (form === 'name') return rest[0] === '.' && NAME.test(rest.slice(1)) ? rest.slice(1) : undefined
  if (rest === '') return form === 'optionalPath' ? '' : undefined
  return rest[0] === '.' || rest[0] === '[' ? rest : undefined
}

function constant (value: string): ParameterReader {
  return () => value
}

/** A body is JSON only where it begins as API Gateway expects of JSON; any other text has no members. */
const JSON_START = /^\s*[{["']/

function compileBody (path: string): ParameterReader {
  if (path === '') return ({ body }) => body
  const read = compileJsonPath(`$${path}`)
  return (scope) => {
    const { body } = scope
    if (body === undefined || !JSON_START.test(body)) return undefined
    scope.document ??= parseLenientJson(body)
    try {
      return valueText(read(scope.document))
    } catch {
      // The path does not fit the body, as an index does not fit an object: nothing is there.
      return undefined
    }
  }
}

function compileContext (path: string): ParameterReader {
  const read = compileJsonPath(`$${path}`)
  return ({ context }) => {
    try {
      return valueText(read(context))
    } catch {
      return undefined
    }
  }
}

/** Strings as they are, numbers and booleans as Java writes them, objects and lists as compact JSON. */
function valueText (value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  return isJavaNumber(value) || typeof value === 'boolean' ? javaText(value) : writeJson(value)
}

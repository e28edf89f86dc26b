// Identity sources of an authorizer, compiled to readers: what a handshake must bring before anybody is asked about it.
import { OptionsInvalidError } from '../errors.ts'

/** The parts of a handshake that identity sources name. */
export interface IdentityScope {
  header (name: string): string | undefined
  querystring (name: string): string | undefined
  /** All values, in order. */
  headerValues (name: string): readonly string[]
  querystringValues (name: string): readonly string[]
  readonly stageVariables: Readonly<Record<string, string>> | undefined
  /** `$context`, as far as it is known before the authorizer. */
  readonly context: Readonly<Record<string, unknown>>
}

export interface IdentitySource {
  readonly source: string
  /** The kind and the name, for who must know what identifies. */
  readonly kind: 'header' | 'querystring' | 'stageVariables' | 'context'
  readonly name: string
  readonly read: (scope: IdentityScope) => string | undefined
  /** All that an authorizer can find there. */
  readonly readAll: (scope: IdentityScope) => readonly string[]
}

const KINDS: ReadonlyArray<{
  readonly prefix: string
  readonly kind: IdentitySource['kind']
  readonly compile: (name: string) => IdentitySource['read']
  /** Where a source can have several values. */
  readonly compileAll?: (name: string) => IdentitySource['readAll']
}> = [
  {
    prefix: 'route.request.header.',
    kind: 'header',
    compile: (name) => (scope) => scope.header(name),
    compileAll: (name) => (scope) => scope.headerValues(name)
  },
  {
    prefix: 'route.request.querystring.',
    kind: 'querystring',
    compile: (name) => (scope) => scope.querystring(name),
    compileAll: (name) => (scope) => scope.querystringValues(name)
  },
  { prefix: 'stageVariables.', kind: 'stageVariables', compile: (name) => ({ stageVariables }) => readText(stageVariables, [name]) },
  { prefix: 'context.', kind: 'context', compile: (name) => ({ context }) => readText(context, name.split('.')) }
]
const NAME = /^[a-zA-Z0-9._-]+$/

/** Compiles one identity source. Throws AGW_ERR_OPTIONS_INVALID with the place. */
export function compileIdentitySource (source: string, place: string): IdentitySource {
  const row = KINDS.find(({ prefix }) => source.startsWith(prefix))
  const name = row === undefined ? '' : source.slice(row.prefix.length)
  if (row === undefined || !NAME.test(name)) {
    throw new OptionsInvalidError(`${place} is ${JSON.stringify(source)}; it must be ${KINDS.map(({ prefix }) => `${prefix}NAME`).join(', ')}, NAME of letters, digits and . _ -`)
  }
  const read = row.compile(name)
  return { source, kind: row.kind, name, read, readAll: row.compileAll?.(name) ?? ((scope) => [read(scope) as string]) }
}

/** All values in order, or undefined where one is missing or empty: then the authorizer is not called. */
export function readIdentity (sources: readonly IdentitySource[], scope: IdentityScope): string[] | undefined {
  const values: string[] = []
  for (const { read } of sources) {
    const value = read(scope)
    if (value === undefined || value === '') return undefined
    values.push(value)
  }
  return values
}

/** Own members only. */
function readText (from: unknown, path: readonly string[]): string | undefined {
  let value = from
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
}

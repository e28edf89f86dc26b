// `$input`: the body of the message and paths into it. One document for all reads, so what a template changes shows.
import type { JsonPathReader } from '../json/index.ts'
import { compileJsonPath, parseLenientJson } from '../json/index.ts'
import type { JavaClass } from '../vtl/index.ts'
import { HostObject, PlainMap, VtlRuntimeError, javaClass, printJson } from '../vtl/index.ts'

/** What `$input.params` searches, in this order. */
const PARAMETER_KINDS = ['path', 'querystring', 'header'] as const

export type Params = { readonly [kind in typeof PARAMETER_KINDS[number]]?: object }

/** What an empty body reads as. */
const EMPTY_BODY = '{}'
/** Paths kept compiled; templates rarely make them up. */
const KEPT_PATHS = 512
const paths = new Map<string, JsonPathReader>()

function pathOf (source: string): JsonPathReader {
  let path = paths.get(source)
  if (path === undefined) {
    path = compileJsonPath(source)
    if (paths.size >= KEPT_PATHS) paths.delete(paths.keys().next().value as string)
    paths.set(source, path)
  }
  return path
}

/** Runs what reads JSON; what it refuses fails the template. */
function reading<T> (read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof VtlRuntimeError) throw error
    throw new VtlRuntimeError((error as Error).message)
  }
}

export class Input extends HostObject {
  readonly javaClass: JavaClass = INPUT
  override readonly text = '{}'
  readonly body: string
  readonly #params: Params
  #document: { readonly root: unknown } | undefined
  #allParams: PlainMap | undefined

  constructor (body: string | undefined, params: Params) {
    super()
    this.body = body === undefined || body === '' ? EMPTY_BODY : body
    this.#params = params
  }

  /** Undefined where the path leads nowhere. */
  read (path: string | null): unknown {
    this.#document ??= reading(() => ({ root: parseLenientJson(this.body) }))
    const { root } = this.#document
    if (root === null) throw new VtlRuntimeError('the body is null, which no path can be read from')
    return path === '$' ? root : reading(() => pathOf(path ?? '')(root))
  }

  params (): PlainMap {
    const { path = {}, querystring = {}, header = {} } = this.#params
    return this.#allParams ??= new PlainMap({ path, querystring, header })
  }

  param (name: string | null): unknown {
    for (const kind of PARAMETER_KINDS) {
      const found = (this.params().get(kind) as PlainMap).get(name ?? '')
      if (found !== undefined) return found
    }
    return undefined
  }
}

const body = { read: (input: Input) => input.body }

const INPUT: JavaClass = javaClass({
  'getBody()': (input: Input) => input.body,
  'path(String)': (input: Input, path: string | null) => input.read(path),
  'params()': (input: Input) => input.params(),
  'params(String)': (input: Input, name: string | null) => input.param(name),
  'toString()': (input: Input) => input.text
}, {
  'json(String)': (run, input: Input, path: string | null) => {
    const value = input.read(path ?? '$')
    return value === undefined ? '""' : printJson(run, value, false)
  }
}, { body, Body: body })

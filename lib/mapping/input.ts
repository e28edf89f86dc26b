// `$input`: the body of the message and paths into it. One document for all reads, so what a template changes shows.
import type { JsonOutline, JsonPathReader, PlainStep } from '../json/index.ts'
import { UNKNOWN, compileJsonPath, outlineJson, parseLenientJson } from '../json/index.ts'
import type { JavaClass, Run } from '../vtl/index.ts'
import { HostObject, PlainMap, VtlRuntimeError, javaClass, printJson } from '../vtl/index.ts'

/** What `$input.params` searches, in this order. */
const PARAMETER_KINDS = ['path', 'querystring', 'header'] as const

export type Params = { readonly [kind in typeof PARAMETER_KINDS[number]]?: object }

/** What an empty body reads as. */
const EMPTY_BODY = '{}'
/** Paths kept compiled; templates rarely make them up. */
const KEPT_PATHS = 512
interface InputPath {
  readonly read: JsonPathReader
  /** The steps of a path of names and indexes alone. */
  readonly steps: readonly PlainStep[] | undefined
}
const paths = new Map<string, InputPath>()

const PLAIN_PATH = /^\$(?:\.[A-Za-z_]\w*|\['[\w -]+'\]|\[\d{1,6}\])+$/
const PLAIN_STEP = /\.(\w+)|\['([^']+)'\]|\[(\d+)\]/g

function stepsOf (source: string): PlainStep[] | undefined {
  if (!PLAIN_PATH.test(source)) return undefined
  return Array.from(source.matchAll(PLAIN_STEP), ([, name, quoted, index]) => name ?? quoted ?? Number(index))
}

function pathOf (source: string): InputPath {
  const path = { read: compileJsonPath(source), steps: stepsOf(source) }
  if (paths.size >= KEPT_PATHS) paths.delete(paths.keys().next().value as string)
  paths.set(source, path)
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
  /** Enough while only strings, numbers and booleans are asked for: nothing of them can change the document. */
  #outline: JsonOutline | null | undefined
  #allParams: PlainMap | undefined

  constructor (body: string | undefined, params: Params) {
    super()
    this.body = body === undefined || body === '' ? EMPTY_BODY : body
    this.#params = params
    this.#document = undefined
    this.#outline = undefined
    this.#allParams = undefined
  }

  /** Undefined where the path leads nowhere. */
  read (run: Run, source: string | null): unknown {
    if (source === '$') return this.#root()
    const { read, steps } = paths.get(source as string) ?? reading(() => pathOf(source ?? ''))
    // A path can look at every value of the document.
    if (steps === undefined) run.charge(this.body.length >> 8)
    if (steps !== undefined && this.#document === undefined) {
      this.#outline ??= outlineJson(this.body) ?? null
      const value = this.#outline?.read(steps) ?? UNKNOWN
      if (value !== UNKNOWN) return value
    }
    const root = this.#root()
    return reading(() => read(root))
  }

  #root (): unknown {
    this.#document ??= reading(() => ({ root: this.#outline?.build() ?? parseLenientJson(this.body) }))
    const { root } = this.#document
    if (root === null) throw new VtlRuntimeError('the body is null, which no path can be read from')
    return root
  }

  params (): PlainMap {
    const { path = {}, querystring = {}, header = {} } = this.#params
    this.#allParams ??= new PlainMap({ path, querystring, header })
    return this.#allParams
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
  'params()': (input: Input) => input.params(),
  'params(String)': (input: Input, name: string | null) => input.param(name),
  'toString()': (input: Input) => input.text
}, {
  'path(String)': (run, input: Input, path: string | null) => input.read(run, path),
  'json(String)': (run, input: Input, path: string | null) => {
    const value = input.read(run, path ?? '$')
    // A long text costs its length, however often the template asks for it.
    if (typeof value === 'string') run.charge(value.length >> 8)
    return value === undefined ? '""' : printJson(run, value, false)
  }
}, { body, Body: body })

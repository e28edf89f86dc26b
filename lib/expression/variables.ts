// The variables of selection expressions: how each is recognized and read.
import { compileJsonPath, parseLenientJson } from '../json/index.ts'
import { isPlainNumber, resultText } from './result-text.ts'
import type { SelectionScope } from './scope.ts'

/** Reads a variable as text: empty where it is missing, undefined where the whole expression cannot be evaluated. */
export type VariableReader = (scope: SelectionScope) => string | undefined

/** A family of variables, named by what they start with. */
export type VariableFamily =
  | 'request.body' | 'request.header' | 'request.querystring' | 'request.basepath' | 'context' | 'stageVariables'
  | 'response.statuscode' | 'integration.response.statuscode' | 'integration.response.header'
  | 'integration.response.multivalueheader' | 'integration.response.body.errorMessage'

/** How a family is written and read. */
interface Family {
  /** What may follow the family's name: nothing, `.name`, or a JSON path. */
  readonly tail: 'none' | 'name' | 'path'
  /** Compiles the reader; `tail` is the name, or the path from its `.` or `[` on. May throw what the path's compiler throws. */
  readonly compile: (tail: string) => VariableReader
}

/* The characters of a name in a mapping expression, by AWS's page on data mapping. */
const NAME = /^[a-zA-Z0-9._$-]+$/

// Each expression gets a function of its own, as `compileSelectionExpression` hangs its description on it.
const compileStatus = (): VariableReader => ({ response }) => resultText(response?.statuscode)

/** Every family. Of two that start alike the longer is the one that is meant. */
export const VARIABLE_FAMILIES: Readonly<Record<VariableFamily, Family>> = {
  'request.body': { tail: 'path', compile: compileBody },
  'request.header': { tail: 'name', compile: (name) => (scope) => scope.header?.(name) ?? '' },
  'request.querystring': { tail: 'name', compile: (name) => (scope) => scope.querystring?.(name) ?? '' },
  'request.basepath': { tail: 'none', compile: () => (scope) => scope.basepath ?? '' },
  context: { tail: 'path', compile: compileContext },
  stageVariables: { tail: 'name', compile: compileStageVariable },
  'response.statuscode': { tail: 'none', compile: compileStatus },
  'integration.response.statuscode': { tail: 'none', compile: compileStatus },
  'integration.response.header': { tail: 'name', compile: (name) => ({ response }) => response?.header?.(name) ?? '' },
  'integration.response.multivalueheader': {
    tail: 'name',
    compile: (name) => ({ response }) => resultText(response?.multivalueheader?.(name))
  },
  'integration.response.body.errorMessage': { tail: 'none', compile: () => ({ response }) => response?.errorMessage ?? '' }
}
const BY_LENGTH = (Object.keys(VARIABLE_FAMILIES) as VariableFamily[]).sort((a, b) => b.length - a.length)

/** A variable cut into its family and what follows; undefined where there is no such variable. */
export function recognizeVariable (text: string): { family: VariableFamily, tail: string } | undefined {
  for (const family of BY_LENGTH) {
    if (!text.startsWith(family)) continue
    const rest = text.slice(family.length)
    const { tail } = VARIABLE_FAMILIES[family]
    if (tail === 'none' && rest === '') return { family, tail: '' }
    if (tail === 'name' && rest[0] === '.' && NAME.test(rest.slice(1))) return { family, tail: rest.slice(1) }
    if (tail === 'path' && (rest === '' || rest[0] === '.' || rest[0] === '[')) return { family, tail: rest }
  }
  return undefined
}

function compileBody (path: string): VariableReader {
  const read = compileJsonPath('$' + path)
  return (scope) => {
    const { json } = scope
    if (json === undefined) return undefined
    try {
      const value = read(json)
      if (typeof value === 'string') return value
      if (value === undefined || value === null) return ''
      if (typeof value === 'boolean' || scope.text === undefined) return resultText(value)
      if (typeof value === 'number' && isPlainNumber(value, scope.text)) return String(value)
      // JSON.parse keeps neither the spelling of a number nor the order of all keys; the exact parser does both.
      return resultText(read(parseLenientJson(scope.text)))
    } catch {
      // The path does not fit what the message holds, as an index does not fit an object: nothing is there.
      return ''
    }
  }
}

function compileContext (path: string): VariableReader {
  const read = compileJsonPath('$' + path)
  return ({ context }) => {
    try {
      return context === undefined ? '' : resultText(read(context))
    } catch {
      return ''
    }
  }
}

function compileStageVariable (name: string): VariableReader {
  return ({ stageVariables }) =>
    stageVariables !== undefined && Object.hasOwn(stageVariables, name) ? stageVariables[name] as string : ''
}

// Compiles a template to a function: parse, resolve variables to slots, turn every node into a closure.
import { compileParts, renderParts } from './compile-block.ts'
import { Environment } from './environment.ts'
import { JavaException, onBudget } from '../java/index.ts'
import { StopSignal } from './loop-scope.ts'
import { parseTemplate } from './parse-template.ts'
import { MAX_OUTPUT, Run } from './run.ts'
import { VtlRuntimeError } from './vtl-error.ts'

/** Renders with the values of the given variables, in the order of their names. Throws `VtlRuntimeError`. */
export type CompiledVtl = (values: readonly unknown[]) => string

/** Compiles a template whose outside variables are called `names`. Throws `VtlSyntaxError`. */
export function compileVtl (source: string, names: readonly string[]): CompiledVtl {
  const slots = new Map(names.map((name, index) => [name, index]))
  const environment = new Environment(source, slots)
  const parts = compileParts(parseTemplate(source, environment.scope).children, environment)
  for (const task of environment.late) task()
  if (parts.length === 0) return () => ''
  const [only] = parts
  if (parts.length === 1 && typeof only === 'string') return () => only
  const render = renderParts(parts)
  const { size } = slots
  return (values) => {
    const variables: unknown[] = values.slice()
    while (variables.length < size) variables.push(undefined)
    const run = new Run(variables)
    try {
      onBudget(run, () => render(run))
    } catch (error) {
      if (error instanceof StopSignal) {
        if (typeof error.target !== 'string') throw new VtlRuntimeError('#break names a loop that is not running')
      } else if (error instanceof JavaException || error instanceof RangeError) {
        throw new VtlRuntimeError(error.message)
      } else {
        throw error
      }
    }
    return checked(run.out)
  }
}

/** Counts bytes only where there can be too many. */
function checked (out: string): string {
  if (out.length * 3 <= MAX_OUTPUT || Buffer.byteLength(out) <= MAX_OUTPUT) return out
  throw new VtlRuntimeError(`the output is longer than ${MAX_OUTPUT} bytes`)
}

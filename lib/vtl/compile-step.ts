// The steps along a reference: properties, methods and indexes.
import { JavaException } from '../java/index.ts'
import { classOf } from './class-of.ts'
import { compileValue } from './compile-expression.ts'
import type { Environment } from './environment.ts'
import type { JavaClass, Overload } from './java-class.ts'
import type { Node } from './node.ts'
import { PlainMap } from './plain-map.ts'
import type { Run } from './run.ts'
import { checkedText } from './run.ts'
import { VtlRuntimeError } from './vtl-error.ts'

/** One step along a reference; undefined or null where it leads nowhere. */
export type Step = (run: Run, value: unknown) => unknown

/** Names that lead to reflection in Java; they lead nowhere here. */
const REFLECTION = new Set(['class', 'Class'])

function compileProperty (name: string): Step {
  if (REFLECTION.has(name)) return () => undefined
  return (run, value) => {
    if (value instanceof Map || value instanceof PlainMap) return value.get(name) as unknown
    const javaClass = classOf(value)
    const property = javaClass.properties.get(name)
    if (property !== undefined) return property.read(value as never, run)
    const read = javaClass.methods.get('get/1')?.find(({ accepts }) => accepts[0]?.(name))
    return read?.call?.(value, name)
  }
}

function takes ({ accepts }: Overload, values: readonly unknown[]): boolean {
  for (let i = 0; i < accepts.length; i++) if (!(accepts[i] as (value: unknown) => boolean)(values[i])) return false
  return true
}

/** The first overload that takes the values. */
export function findOverload (
  overloads: readonly Overload[] | undefined, values: readonly unknown[]
): Overload | undefined {
  if (overloads === undefined) return undefined
  for (let i = 0; i < overloads.length; i++) {
    const overload = overloads[i] as Overload
    if (takes(overload, values)) return overload
  }
  return undefined
}

/** Velocity takes a method without parameters for one that fits any arguments, and Java then refuses them. */
function withoutOverload (methods: JavaClass['methods'], anyKey: string): undefined {
  if (methods.has(anyKey.replace('*', '0'))) {
    throw new JavaException('IllegalArgumentException: wrong number of arguments')
  }
}

/** Long texts cost more than a step. */
const costOf = (value: unknown): number => typeof value === 'string' ? value.length >> 8 : 0

/** Calls a method of a value; undefined where it has none that takes these arguments. */
function callMethod (run: Run, self: unknown, key: string, anyKey: string, values: readonly unknown[]): unknown {
  const { methods } = classOf(self)
  let overload = findOverload(methods.get(key), values)
  let given = values
  if (overload === undefined) {
    overload = findOverload(methods.get(anyKey)?.filter(({ accepts }) => accepts.length <= values.length), values)
    if (overload === undefined) return withoutOverload(methods, anyKey)
    given = [...values.slice(0, overload.accepts.length), values.slice(overload.accepts.length)]
  }
  let cost = 1 + costOf(self)
  for (let i = 0; i < values.length; i++) cost += costOf(values[i])
  run.charge(cost)
  const result = apply(run, self, overload, given)
  return typeof result === 'string' ? checkedText(result) : result
}

/** Most methods take one argument or none, which needs no spreading. */
function apply (run: Run, self: unknown, { call, runCall }: Overload, given: readonly unknown[]): unknown {
  if (call === undefined) return runCall?.(run, self, ...given)
  if (given.length === 0) return call(self)
  return given.length === 1 ? call(self, given[0]) : call(self, ...given)
}

/** Runs a step of Java; what it throws gets its place in the template. */
export function guarded (environment: Environment, offset: number, step: Step): Step {
  return (run, value) => {
    try {
      return step(run, value)
    } catch (error) {
      if (error instanceof JavaException) throw new VtlRuntimeError(error.message, environment.position(offset))
      if (error instanceof VtlRuntimeError) error.position ??= environment.position(offset)
      throw error
    }
  }
}

function compileMethod (node: Node, environment: Environment): Step {
  const name = node.first.image
  const values = node.children.slice(1).map((child) => compileValue(child, environment))
  const key = `${name}/${values.length}`
  const anyKey = `${name}/*`
  const [first] = values
  const call: Step = first === undefined
    ? (run, self) => callMethod(run, self, key, anyKey, [])
    : values.length === 1
      ? (run, self) => callMethod(run, self, key, anyKey, [first(run)])
      : (run, self) => callMethod(run, self, key, anyKey, values.map((value) => value(run)))
  return guarded(environment, node.first.offset, call)
}

/** A negative index counts from the end of anything that has a size. */
export function indexOf (run: Run, self: unknown, index: unknown): unknown {
  if (typeof index !== 'number' || index >= 0) return index
  const size = callMethod(run, self, 'size/0', 'size/*', [])
  if (typeof size !== 'number') throw new JavaException('a negative index needs something that has a size')
  return size + index
}

function compileIndex (node: Node, environment: Environment): Step {
  const index = compileValue(node.children[0] as Node, environment)
  return guarded(environment, node.first.offset, (run, self) => {
    const key = indexOf(run, self, index(run))
    if (Array.isArray(self) && typeof key === 'number' && key < self.length && key >= 0) return self[key]
    return callMethod(run, self, 'get/1', 'get/*', [key])
  })
}

const STEPS: Readonly<Record<string, (node: Node, environment: Environment) => Step>> = {
  identifier: (node) => compileProperty(node.first.image),
  method: compileMethod,
  index: compileIndex
}

/** Compiles one step. */
export function compileStep (node: Node, environment: Environment): Step {
  return (STEPS[node.type] as (typeof STEPS)[string])(node, environment)
}

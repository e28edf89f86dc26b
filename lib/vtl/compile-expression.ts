// Expressions: literals, collections, arithmetic, comparison, and what counts as true.
import type { JavaNumber } from '../java/index.ts'
import {
  JavaDouble, JavaException, JavaList, add, checkSize, compareNumbers, divide, isJavaNumber, isZero,
  javaEquals, javaInteger, modulo, multiply, subtract, toInt
} from '../java/index.ts'
import { isSameClass } from './class-of.ts'
import { compileReference } from './compile-reference.ts'
import { compileString } from './compile-string.ts'
import type { Environment } from './environment.ts'
import { putInto } from './methods/map.ts'
import type { Node, NodeType } from './node.ts'
import { nodeLiteral } from './node.ts'
import { textOf } from './print.ts'
import type { Run } from './run.ts'
import { checkedText } from './run.ts'
import { VtlRuntimeError, VtlSyntaxError } from './vtl-error.ts'

/** Evaluates to a value, null where there is none. */
export type Value = (run: Run) => unknown
export type Test = (run: Run) => boolean

type CompileValue = (node: Node, environment: Environment) => Value
type CompileTest = (node: Node, environment: Environment) => Test

const child = (node: Node, index: number): Node => node.children[index] as Node
const both = (node: Node, environment: Environment): [Value, Value] =>
  [compileValue(child(node, 0), environment), compileValue(child(node, 1), environment)]

/** The image of a numeral can have a `$` or `#` before it, which no number has. */
function numeralOf<T> ({ first: { image, offset } }: Node, environment: Environment, read: (image: string) => T): T {
  if (/[$#\\]/.test(image)) throw new VtlSyntaxError(`'${image}' is no number`, environment.position(offset))
  return read(image)
}

/** Numbers and strings are equal across their classes, by value and by text. */
function isEqual (run: Run, a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    run.charge(a.length >> 8)
    return a === b
  }
  if (isJavaNumber(a) && isJavaNumber(b)) return compareNumbers(a, b) === 0
  const hasA = a !== null && a !== undefined
  const hasB = b !== null && b !== undefined
  if (hasA && hasB && isSameClass(a, b)) return javaEquals(a, b)
  return (hasA ? textOf(run, a) : undefined) === (hasB ? textOf(run, b) : undefined)
}

/** Runs an operation of Java; what it throws gets its place in the template. */
function guarded<T> (environment: Environment, node: Node, operation: (run: Run) => T): (run: Run) => T {
  const { offset } = node.first
  return (run) => {
    run.charge(1)
    try {
      return operation(run)
    } catch (error) {
      if (error instanceof JavaException) throw new VtlRuntimeError(error.message, environment.position(offset))
      throw error
    }
  }
}

const compileEqual = (node: Node, environment: Environment, wanted: boolean): Test => {
  const [left, right] = both(node, environment)
  return guarded(environment, node, (run) => isEqual(run, left(run), right(run)) === wanted)
}

const compileOrder = (accepts: (order: number) => boolean): CompileTest => (node, environment) => {
  const [left, right] = both(node, environment)
  return guarded(environment, node, (run) => {
    const a = left(run)
    const b = right(run)
    return isJavaNumber(a) && isJavaNumber(b) && accepts(compareNumbers(a, b))
  })
}

/** The nodes that can be true; every other literal or operation is false, unevaluated. */
const TESTS: Readonly<Partial<Record<NodeType, CompileTest>>> = {
  expression: (node, environment) => compileTest(child(node, 0), environment),
  reference: (node, environment) => compileReference(node, environment).test,
  true: () => () => true,
  eq: (node, environment) => compileEqual(node, environment, true),
  ne: (node, environment) => compileEqual(node, environment, false),
  lt: compileOrder((order) => order < 0),
  gt: compileOrder((order) => order > 0),
  le: compileOrder((order) => order <= 0),
  ge: compileOrder((order) => order >= 0),
  and: (node, environment) => {
    const left = compileTest(child(node, 0), environment)
    const right = compileTest(child(node, 1), environment)
    return (run) => left(run) && right(run)
  },
  or: (node, environment) => {
    const left = compileTest(child(node, 0), environment)
    const right = compileTest(child(node, 1), environment)
    return (run) => left(run) || right(run)
  },
  not: (node, environment) => {
    const test = compileTest(child(node, 0), environment)
    return (run) => !test(run)
  }
}

/** What a condition compiles to. */
export function compileTest (node: Node, environment: Environment): Test {
  const compile = TESTS[node.type]
  if (compile !== undefined) return compile(node, environment)
  compileValue(node, environment)
  return () => false
}

const compileMath = (operate: (a: JavaNumber, b: JavaNumber) => unknown): CompileValue => (node, environment) => {
  const [left, right] = both(node, environment)
  return guarded(environment, node, (run) => {
    const a = left(run)
    const b = right(run)
    return isJavaNumber(a) && isJavaNumber(b) ? operate(a, b) : null
  })
}

/** `+`: numbers are added, beside a string everything is text. What is null there prints its source. */
const compileAdd: CompileValue = (node, environment) => {
  const [left, right] = both(node, environment)
  const literals: Array<string | undefined> = []
  environment.late.push(() => { literals.push(...node.children.map(nodeLiteral)) })
  const text = (run: Run, value: unknown, index: number): string => {
    const printed = value === null || value === undefined ? literals[index] : textOf(run, value)
    if (printed === undefined) throw new JavaException('NullPointerException')
    return printed
  }
  return guarded(environment, node, (run) => {
    const a = left(run)
    const b = right(run)
    if (typeof a === 'string' || typeof b === 'string') return checkedText(text(run, a, 0) + text(run, b, 1))
    return isJavaNumber(a) && isJavaNumber(b) ? add(a, b) : null
  })
}

const constant = (value: unknown): CompileValue => () => () => value

const VALUES: Readonly<Partial<Record<NodeType, CompileValue>>> = {
  expression: (node, environment) => compileValue(child(node, 0), environment),
  reference: (node, environment) => compileReference(node, environment).value,
  string: compileString,
  integer: (node, environment) => {
    const value = numeralOf(node, environment, (image) => javaInteger(BigInt(image)))
    return () => value
  },
  float: (node, environment) => {
    const value = numeralOf(node, environment, (image) => new JavaDouble(Number(image)))
    return () => value
  },
  true: constant(true),
  false: constant(false),
  array: (node, environment) => {
    const items = node.children.map((item) => compileValue(item, environment))
    return (run) => {
      run.charge(1 + (items.length >> 3))
      return JavaList.holding(items.map((item) => item(run) ?? null))
    }
  },
  map: (node, environment) => {
    const parts = node.children.map((part) => compileValue(part, environment))
    return guarded(environment, node, (run) => {
      const map = new Map<unknown, unknown>()
      for (let i = 0; i < parts.length; i += 2) {
        const key = (parts[i] as Value)(run) ?? null
        const value = (parts[i + 1] as Value)(run) ?? null
        if (typeof key === 'object') putInto(map, key, value)
        else map.set(key, value)
      }
      return map
    })
  },
  range: (node, environment) => {
    const [left, right] = both(node, environment)
    return guarded(environment, node, (run) => {
      const from = left(run)
      const to = right(run)
      if (!isJavaNumber(from) || !isJavaNumber(to)) return null
      const first = toInt(from)
      const last = toInt(to)
      const size = Math.abs(first - last) + 1
      checkSize(size)
      run.charge(size >> 5)
      const step = first >= last ? -1 : 1
      const list = new JavaList()
      for (let i = 0; i < size; i++) list.push(first + i * step)
      return list
    })
  },
  add: compileAdd,
  subtract: compileMath(subtract),
  multiply: compileMath(multiply),
  divide: compileMath((a, b) => isZero(b) ? null : divide(a, b)),
  modulo: compileMath((a, b) => isZero(b) ? null : modulo(a, b))
}

/** What an operand, an argument or the right side of `#set` compiles to. */
export function compileValue (node: Node, environment: Environment): Value {
  return VALUES[node.type]?.(node, environment) ?? TESTS[node.type]?.(node, environment) ?? (() => null)
}

// References: how `$x.y[0].z(1)` is read, printed, tested and assigned.
import { JavaException } from '../java/index.ts'
import { BlockReference } from './block-reference.ts'
import { classOf } from './class-of.ts'
import type { Value } from './compile-expression.ts'
import { compileValue } from './compile-expression.ts'
import type { Environment } from './environment.ts'
import type { JavaClass, Overload } from './java-class.ts'
import { putInto } from './methods/map.ts'
import type { Node } from './node.ts'
import { nodeLiteral } from './node.ts'
import { PlainMap } from './plain-map.ts'
import { mapOf, textOf } from './print.ts'
import type { Run } from './run.ts'
import { checkedText } from './run.ts'
import { VtlRuntimeError } from './vtl-error.ts'

/** One step along a reference; undefined or null where it leads nowhere. */
type Step = (run: Run, value: unknown) => unknown

export interface Reference {
  /** Where a loop or a definition puts its variable. */
  readonly root: string
  readonly value: Value
  readonly test: (run: Run) => boolean
  /** What it prints; undefined where it prints what it reads, unadorned. */
  readonly text: (run: Run) => string
  readonly render: (run: Run) => void
  /** Assigns a value; nothing happens where the place does not exist. */
  readonly assign: (run: Run, value: unknown) => void
}

/** How the first token of a reference makes it: its name, and what is printed around it. */
interface Head {
  readonly root: string
  readonly isRunt: boolean
  readonly isComputable: boolean
  readonly isEscaped: boolean
  readonly escPrefix: string
  readonly morePrefix: string
  readonly nullText: string
}

/** Reads the first token and strips its backslashes, as later readers of the tokens expect. */
function headOf (node: Node): Head {
  const token = node.first
  const plain = { isRunt: false, isComputable: true, isEscaped: false, escPrefix: '', morePrefix: '', nullText: '' }
  if (token.image.includes('\\!')) {
    const start = token.image.indexOf('\\', token.image.indexOf('$'))
    const root = token.image.slice(0, start) + token.image.slice(start + 1)
    return { ...plain, root, isComputable: false, nullText: root }
  }
  let slashes = 0
  while (token.image[slashes] === '\\') slashes++
  token.image = token.image.slice(slashes)
  const dollar = Math.max(token.image.lastIndexOf('$'), 0)
  const head = {
    ...plain,
    isEscaped: slashes % 2 === 1,
    escPrefix: '\\'.repeat(Math.trunc(slashes / 2)),
    morePrefix: token.image.slice(0, dollar)
  }
  token.image = token.image.slice(dollar)
  const nullText = nodeLiteral(node) ?? ''
  const { image } = token
  if (image.startsWith('$!')) {
    const root = image.startsWith('$!{') ? token.next?.image ?? '' : image.slice(2)
    return { ...head, root, nullText: head.isEscaped ? nullText : '' }
  }
  if (image === '${') return { ...head, root: token.next?.image ?? '', nullText }
  return image.startsWith('$') ? { ...head, root: image.slice(1), nullText } : { ...head, root: image, isRunt: true, nullText }
}

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

function find (overloads: readonly Overload[] | undefined, values: readonly unknown[]): Overload | undefined {
  return overloads?.find(({ accepts }) => {
    for (let i = 0; i < accepts.length; i++) if (!(accepts[i] as (value: unknown) => boolean)(values[i])) return false
    return true
  })
}

/** Velocity takes a method without parameters for one that fits any arguments, and Java then refuses them. */
function withoutOverload (methods: JavaClass['methods'], anyKey: string): undefined {
  if (methods.has(anyKey.replace('*', '0'))) throw new JavaException('IllegalArgumentException: wrong number of arguments')
}

/** Calls a method of a value; undefined where it has none that takes these arguments. */
function callMethod (run: Run, self: unknown, key: string, anyKey: string, values: readonly unknown[]): unknown {
  const { methods } = classOf(self)
  let overload = find(methods.get(key), values)
  let given = values
  if (overload === undefined) {
    overload = find(methods.get(anyKey)?.filter(({ accepts }) => accepts.length <= values.length), values)
    if (overload === undefined) return withoutOverload(methods, anyKey)
    given = [...values.slice(0, overload.accepts.length), values.slice(overload.accepts.length)]
  }
  run.charge(typeof self === 'string' ? 1 + (self.length >> 8) : 1)
  const result: unknown = overload.call === undefined ? overload.runCall?.(run, self, ...given) : overload.call(self, ...given)
  return typeof result === 'string' ? checkedText(result) : result
}

/** Runs a step of Java; what it throws gets its place in the template. */
function guarded (environment: Environment, offset: number, step: Step): Step {
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
function indexOf (run: Run, self: unknown, index: unknown): unknown {
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

/** Reads a variable and walks on; what leads nowhere reads as the empty text, as API Gateway has it. */
function compileRead (slot: number, steps: readonly Step[]): Value {
  const [first, second] = steps
  if (first === undefined) {
    return (run) => {
      run.charge(1)
      return run.variables[slot] ?? ''
    }
  }
  if (second === undefined) {
    return (run) => {
      run.charge(1)
      const root = run.variables[slot] ?? undefined
      return root === undefined ? '' : first(run, root) ?? ''
    }
  }
  return (run) => {
    run.charge(1)
    let value = run.variables[slot]
    for (let i = 0; i < steps.length && value !== undefined && value !== null; i++) value = (steps[i] as Step)(run, value)
    return value ?? ''
  }
}

/** Puts a value at an index or under a key. */
function assignIndex (run: Run, self: unknown, index: unknown, value: unknown): void {
  const key = indexOf(run, self, index)
  const { methods } = classOf(self)
  const set = find(methods.get('set/2'), [key, value]) ?? find(methods.get('put/2'), [key, value])
  set?.call?.(self, key, value)
}

function assignProperty (self: unknown, name: string, value: unknown): void {
  const write = classOf(self).properties.get(name)?.write
  if (write !== undefined) {
    write(self as never, value)
    return
  }
  const map = mapOf(self)
  if (map !== undefined) putInto(map, name, value)
}

function compileAssign (node: Node, slot: number, steps: readonly Step[], environment: Environment): Reference['assign'] {
  const last = node.children[node.children.length - 1]
  if (last === undefined) return (run, value) => run.assign(slot, value)
  const index = last.type === 'index' ? compileValue(last.children[0] as Node, environment) : undefined
  const name = last.first.image
  const put = guarded(environment, last.first.offset, (run, place) => {
    const { self, value } = place as { self: unknown, value: unknown }
    if (index === undefined) assignProperty(self, name, value)
    else assignIndex(run, self, index(run), value)
  })
  return (run, value) => {
    let self = run.variables[slot]
    for (let i = 0; i < steps.length - 1 && self !== undefined && self !== null; i++) self = (steps[i] as Step)(run, self)
    if (self !== undefined && self !== null) put(run, { self, value })
  }
}

/** Compiles a reference. Its children come first, since they strip their tokens too. */
export function compileReference (node: Node, environment: Environment): Reference {
  const steps = node.children.map((child) => (STEPS[child.type] as (typeof STEPS)[string])(child, environment))
  const head = headOf(node)
  const { root } = head
  const slot = environment.slot(root)
  const assign = compileAssign(node, slot, steps, environment)
  if (head.isRunt) {
    return { root, assign, value: () => null, test: () => false, text: () => root, render: (run) => run.write(root) }
  }
  const read = compileRead(slot, steps)
  return {
    root,
    assign,
    value: head.isComputable ? read : () => null,
    test: (run) => {
      const value = read(run)
      if (typeof value === 'boolean') return value
      return !(value instanceof BlockReference) || value.text(run) !== undefined
    },
    ...compilePrint(head, read, environment, node.first.offset)
  }
}

/** How a reference prints. A block renders straight into the output. */
function compilePrint (
  head: Head, read: Value, environment: Environment, offset: number
): { text: (run: Run) => string, render: (run: Run) => void } {
  const { escPrefix } = head
  if (head.isEscaped) {
    const text = (run: Run): string => {
      read(run)
      return escPrefix + head.nullText
    }
    return { text, render: (run) => run.write(text(run)) }
  }
  const prefix = escPrefix + head.morePrefix
  const nullText = escPrefix + prefix + head.nullText
  const print = guarded(environment, offset, (run, value) => {
    const printed = textOf(run, value)
    return printed === undefined ? nullText : prefix + printed
  }) as (run: Run, value: unknown) => string
  return {
    text: (run) => {
      const value = read(run)
      return typeof value === 'string' ? prefix + value : print(run, value)
    },
    render: (run) => {
      const value = read(run)
      if (typeof value === 'string') run.write(prefix + value)
      else if (!(value instanceof BlockReference) || !value.render(run)) run.write(print(run, value))
    }
  }
}

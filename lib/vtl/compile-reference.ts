// References: how `$x.y[0].z(1)` is read, printed, tested and assigned.
import { mapOf } from '../java/index.ts'
import { BlockReference } from './block-reference.ts'
import { classOf } from './class-of.ts'
import type { Value } from './compile-expression.ts'
import { compileValue } from './compile-expression.ts'
import type { Step } from './compile-step.ts'
import { compileStep, findOverload, guarded, indexOf } from './compile-step.ts'
import type { Environment } from './environment.ts'
import { putInto } from './methods/map.ts'
import type { Node } from './node.ts'
import { nodeLiteral } from './node.ts'
import { textOf } from './print.ts'
import type { Run } from './run.ts'

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

/** Takes the first `count` steps from a value, while there is one. */
function walk (run: Run, from: unknown, steps: readonly Step[], count: number): unknown {
  let value = from
  for (let i = 0; i < count && value !== undefined && value !== null; i++) value = (steps[i] as Step)(run, value)
  return value
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
    return walk(run, run.variables[slot], steps, steps.length) ?? ''
  }
}

/** Puts a value at an index or under a key. */
function assignIndex (run: Run, self: unknown, index: unknown, value: unknown): void {
  const key = indexOf(run, self, index)
  const { methods } = classOf(self)
  const set = findOverload(methods.get('set/2'), [key, value]) ?? findOverload(methods.get('put/2'), [key, value])
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
    const self = walk(run, run.variables[slot], steps, steps.length - 1)
    if (self !== undefined && self !== null) put(run, { self, value })
  }
}

/** Compiles a reference. Its children come first, since they strip their tokens too. */
export function compileReference (node: Node, environment: Environment): Reference {
  const steps = node.children.map((child) => compileStep(child, environment))
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

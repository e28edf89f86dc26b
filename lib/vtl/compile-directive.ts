// Directives written with a word: `#define`, `#break`, `#stop`, `#literal`, and words that are none and print themselves.
import { BlockReference } from './block-reference.ts'
import type { Part, Render } from './compile-block.ts'
import { compileBlock } from './compile-block.ts'
import { compileValue } from './compile-expression.ts'
import { compileForeach } from './compile-foreach.ts'
import type { Environment } from './environment.ts'
import { LoopScope, StopSignal } from './loop-scope.ts'
import type { Node } from './node.ts'
import { nodeImages, nodeLiteral } from './node.ts'
import type { Run } from './run.ts'
import { VtlRuntimeError, VtlSyntaxError } from './vtl-error.ts'

type Compile = (node: Node, environment: Environment) => Part

/** Compiles whatever a node is, since references in it strip their tokens. */
function touch (node: Node, environment: Environment): void {
  if (node.type === 'block') compileBlock(node, environment)
  else if (node.type !== 'word') compileValue(node, environment)
}

function refuse (node: Node, environment: Environment, message: string): VtlSyntaxError {
  return new VtlSyntaxError(`#${node.value} ${message}`, environment.position(node.first.offset))
}

/** Whatever is thrown for the nearest loop ends a block too. */
function rendersBlock (block: Render): Render {
  return (run) => {
    try {
      block(run)
    } catch (error) {
      if (!(error instanceof StopSignal) || error.target !== 'nearest') throw error
    }
  }
}

const compileDefine: Compile = (node, environment) => {
  const [target, block] = node.children
  if (target === undefined || block === undefined || node.children.length !== 2) throw refuse(node, environment, 'needs one name')
  touch(target, environment)
  const render = rendersBlock(compileBlock(block, environment))
  const slot = environment.slot(target.first.image.slice(1))
  return {
    render: (run) => {
      run.charge(1)
      run.assign(slot, new BlockReference(render))
    }
  }
}

const compileBreak: Compile = (node, environment) => {
  const [argument] = node.children
  if (node.children.length > 1) throw refuse(node, environment, 'takes one scope at most')
  if (argument === undefined) return { render: () => { throw new StopSignal('nearest') } }
  const value = compileValue(argument, environment)
  return {
    render: (run) => {
      const scope = value(run)
      if (scope instanceof LoopScope) throw new StopSignal(scope.owner)
      throw new VtlRuntimeError('#break needs the scope of a loop', environment.position(node.first.offset))
    }
  }
}

const compileStop: Compile = (node, environment) => {
  if (node.children.length > 1) throw refuse(node, environment, 'takes one message at most')
  const value = node.children[0] === undefined ? undefined : compileValue(node.children[0], environment)
  return {
    render: (run) => {
      value?.(run)
      throw new StopSignal('all')
    }
  }
}

const compileLiteral: Compile = (node, environment) => {
  const [content] = node.children
  for (const child of node.children) touch(child, environment)
  const text = content === undefined ? undefined : nodeLiteral(content)
  if (text === undefined) throw refuse(node, environment, 'needs a text')
  return text
}

/** There is nothing to include: API Gateway keeps one template. */
const compileInclude: Compile = (node, environment) => {
  for (const child of node.children) touch(child, environment)
  const isEmpty = node.value === 'include' && node.children.length === 0
  return isEmpty ? '' : { render: () => { throw new VtlRuntimeError(`#${node.value} finds nothing`, environment.position(node.first.offset)) } }
}

/** Macros vanish: the engine is set not to take any. */
const compileMacro: Compile = (node, environment) => {
  for (const child of node.children) touch(child, environment)
  return ''
}

const DIRECTIVES: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['foreach', compileForeach], ['define', compileDefine], ['break', compileBreak], ['stop', compileStop],
  ['literal', compileLiteral], ['include', compileInclude], ['parse', compileInclude], ['macro', compileMacro]
])

/** Compiles a directive; a word that is none prints its source. */
export function compileDirective (node: Node, environment: Environment): Part {
  const compile = DIRECTIVES.get(node.value)
  if (compile !== undefined) return compile(node, environment)
  for (const child of node.children) touch(child, environment)
  if (node.value.startsWith('@') && node.children.length === 0) return `#${node.value}`
  let text = ''
  environment.late.push(() => { text = nodeImages(node) })
  return { render: (run: Run) => run.write(text), text: () => text }
}

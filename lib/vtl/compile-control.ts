// `#if` and `#set`.
import type { Render } from './compile-block.ts'
import { compileBlock } from './compile-block.ts'
import type { Test } from './compile-expression.ts'
import { compileTest, compileValue } from './compile-expression.ts'
import { compileReference } from './compile-reference.ts'
import type { Environment } from './environment.ts'
import type { Node } from './node.ts'

interface Branch { readonly test: Test | undefined, readonly render: Render }

function compileBranch (nodes: readonly Node[], environment: Environment): Branch {
  const [condition, block] = nodes.length === 1 ? [undefined, nodes[0] as Node] : nodes as [Node, Node]
  return {
    test: condition === undefined ? undefined : compileTest(condition, environment),
    render: compileBlock(block, environment)
  }
}

export function compileIf (node: Node, environment: Environment): Render {
  const branches = [node.children.slice(0, 2), ...node.children.slice(2).map(({ children }) => children)]
    .map((nodes) => compileBranch(nodes, environment))
  const [first, second] = branches as [Branch, Branch | undefined]
  const test = first.test as Test
  if (second === undefined) return (run) => { if (test(run)) first.render(run) }
  if (second.test === undefined) return (run) => test(run) ? first.render(run) : second.render(run)
  return (run) => {
    for (let i = 0; i < branches.length; i++) {
      const branch = branches[i] as Branch
      if (branch.test !== undefined && !branch.test(run)) continue
      branch.render(run)
      return
    }
  }
}

export function compileSet (node: Node, environment: Environment): Render {
  const [left, right] = node.children as [Node, Node]
  const reference = compileReference(left, environment)
  const value = compileValue(right, environment)
  // Velocity names a plain variable by the token, so `#set(${x} = 1)` sets one called `{`.
  const slot = left.children.length === 0 ? environment.slot(left.first.image.slice(1)) : undefined
  return (run) => {
    run.charge(1)
    const result = value(run)
    if (result === null || result === undefined) return
    if (slot === undefined) reference.assign(run, result)
    else run.assign(slot, result)
  }
}

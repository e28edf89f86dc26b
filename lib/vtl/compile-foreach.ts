// `#foreach`: what it walks, what a loop sets and restores.
import { JavaArray, JavaException, JavaIterator, JavaMapView, JavaSubList, mapOf } from '../java/index.ts'
import type { Part, Render } from './compile-block.ts'
import { compileBlock } from './compile-block.ts'
import { compileValue } from './compile-expression.ts'
import { compileReference } from './compile-reference.ts'
import type { Environment } from './environment.ts'
import { LoopScope, StopSignal } from './loop-scope.ts'
import type { Node } from './node.ts'
import type { Holder, Run } from './run.ts'
import { MAX_ROUNDS } from './run.ts'
import { VtlRuntimeError, VtlSyntaxError } from './vtl-error.ts'

/** The iterator of a value, undefined where there is nothing to walk: a map is walked by its values. */
function iteratorOf (run: Run, value: unknown): JavaIterator | undefined {
  if (value instanceof JavaIterator) return value
  if (Array.isArray(value) || value instanceof JavaSubList || value instanceof JavaArray) {
    return JavaIterator.ofList(value)
  }
  const map = mapOf(value)
  const view = map === undefined ? value : new JavaMapView(map, 'values')
  if (!(view instanceof JavaMapView)) return undefined
  run.charge(view.map.size >> 3)
  return JavaIterator.ofView(view)
}

/** The slots of what a loop sets; undefined where the template never reads it. */
interface LoopSlots {
  readonly element: number
  scope: number | undefined
  count: number | undefined
  hasNext: number | undefined
}

/** Leaves the scope of a loop: the one around it is back. */
function leaveScope (run: Run, slot: number): void {
  const scope = run.variables[slot]
  if (scope === undefined || scope === null) throw new VtlRuntimeError('$foreach is gone')
  if (scope instanceof LoopScope) run.restore(slot, scope.parent ?? scope.replaced)
}

function loop (run: Run, iterator: JavaIterator, slots: Readonly<LoopSlots>, body: Render, owner: object): void {
  const { element, scope, count, hasNext } = slots
  const { variables } = run
  const saved = variables[element]
  const savedCount = count === undefined ? undefined : variables[count]
  const savedHasNext = hasNext === undefined ? undefined : variables[hasNext]
  const leave = (): void => {
    run.restore(element, saved)
    if (count !== undefined) run.restore(count, savedCount)
    if (hasNext !== undefined) run.restore(hasNext, savedHasNext)
    if (scope !== undefined) leaveScope(run, scope)
  }
  const loopScope = scope === undefined ? undefined : new LoopScope(owner, variables[scope])
  if (scope !== undefined) run.assign(scope, loopScope)
  const holder: Holder = { slot: element, active: true }
  for (let round = 1; round <= MAX_ROUNDS && iterator.hasNext; round++) {
    run.charge(1)
    if (count !== undefined) run.assign(count, round)
    const value = iterator.next()
    if (hasNext !== undefined) run.assign(hasNext, iterator.hasNext)
    run.assign(element, value)
    if (loopScope !== undefined) {
      loopScope.index++
      loopScope.hasNext = iterator.hasNext
    }
    const holds = value === null || value === undefined
    if (holds) run.holders.push(holder)
    try {
      body(run)
    } catch (error) {
      if (!(error instanceof StopSignal)) throw error
      if (error.target === 'nearest' || error.target === owner) break
      leave()
      throw error
    } finally {
      if (holds) run.holders.pop()
    }
  }
  leave()
}

/** Compiles a loop. Its parts are found by place, as Velocity does, so a wrong head fails late or loops over nothing. */
export function compileForeach (node: Node, environment: Environment): Part {
  const [target, , list, block] = node.children
  if (target === undefined) throw new VtlSyntaxError('#foreach needs a list', environment.position(node.first.offset))
  let element: string | undefined
  const compiled = node.children.map((child, index) => {
    if (child.type === 'block') return { value: () => null, render: compileBlock(child, environment) }
    if (child.type === 'word') return { value: () => null, render: () => {} }
    if (child.type !== 'reference') return { value: compileValue(child, environment), render: () => {} }
    const reference = compileReference(child, environment)
    if (index === 0) element = reference.root
    return reference
  })
  const slot = environment.slot(element ?? target.first.image.slice(1))
  const value = compiled[2]?.value
  const render = compiled[3]?.render
  const slots: LoopSlots = { element: slot, scope: undefined, count: undefined, hasNext: undefined }
  environment.late.push(() => {
    slots.scope = environment.slots.get('foreach')
    slots.count = environment.slots.get('velocityCount')
    slots.hasNext = environment.slots.get('velocityHasNext')
  })
  const owner = {}
  const fail = (message: string): never => {
    throw new VtlRuntimeError(message, environment.position(node.first.offset))
  }
  return {
    render: (run) => {
      run.charge(1)
      if (list === undefined || value === undefined) return fail('#foreach has no list')
      const walked = value(run)
      const iterator = walked === null || walked === undefined ? undefined : iteratorOf(run, walked)
      if (iterator === undefined) return
      if (block === undefined || render === undefined) return fail('#foreach has no body')
      try {
        loop(run, iterator, slots, render, owner)
      } catch (error) {
        if (error instanceof JavaException) fail(error.message)
        throw error
      }
    }
  }
}

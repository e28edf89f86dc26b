// JSON paths compiled to readers, with the answers of Jayway JsonPath 2.0: what is missing, what is a list, what fails.
import { JsonPathFailedError, JsonPathInvalidError } from '../errors.ts'
import type { PatternBudget } from '../java/index.ts'
import { createPatternBudget } from '../java/index.ts'
import { MAX_DEPTH } from './lenient-parser.ts'
import { isMap, keysOf, readMember } from './members.ts'
import type { FilterTest } from './path-filter.ts'
import { PathFailure } from './path-failure.ts'
import { compileFilter } from './path-filter.ts'
import type { PathStep } from './path-steps.ts'
import { parsePath } from './path-steps.ts'
import { valueText } from './value-text.ts'

/**
 * Reads a path from a parsed document (of `JSON.parse` or of the lenient parser): the value, `null` for a JSON null,
 * a new array where the path is indefinite, and `undefined` where it leads nowhere. Throws `JsonPathFailedError` where
 * the engine fails instead, as with an index into an object.
 */
export interface JsonPathReader {
  (document: unknown): unknown
  /** The path as it was written. */
  readonly source: string
  /** Whether the path can lead to one value only; an indefinite one always reads a list. */
  readonly definite: boolean
}

/** One evaluation: what was found, and how much work it was. */
interface Reading {
  readonly root: unknown
  readonly hits: unknown[]
  visits: number
  readonly budget: PatternBudget
}
/** Walks on from a value; false where the path leads nowhere, which ends the evaluation. */
type Walk = (value: unknown, reading: Reading) => boolean

/** No evaluation looks at more values than this: a deep scan below a deep scan would. */
const MAX_VISITS = 1_000_000

/** Compiles a JSON path. Throws `JsonPathInvalidError` where it is not one. */
export function compileJsonPath (source: string): JsonPathReader {
  const { read, definite } = compile(source, false)
  return Object.assign((document: unknown) => {
    try {
      return read(document, document)
    } catch (error) {
      if (error instanceof PathFailure) throw new JsonPathFailedError(JSON.stringify(source), error.message)
      throw error
    }
  }, { source, definite })
}

interface CompiledPath {
  readonly definite: boolean
  readonly fromItem: boolean
  readonly read: (document: unknown, root: unknown) => unknown
}

/** `whole`: several names in one bracket must all be there, as where a filter asks whether a path exists. */
function compile (source: string, whole: boolean): CompiledPath {
  const { steps, fromItem } = parsePath(source)
  const definite = steps.every(isDefinite)
  const read = compileDirect(steps) ?? compileWalk(source, steps, definite, whole)
  return { definite, fromItem, read }
}

const isDefinite = (step: PathStep): boolean =>
  step.kind === 'root' || step.kind === 'properties' || step.kind === 'index' || step.kind === 'fromEnd'

/** A path of single names alone, the one nearly everybody writes, reads without any bookkeeping. */
function compileDirect (steps: readonly PathStep[]): CompiledPath['read'] | undefined {
  const names: string[] = []
  for (const step of steps) {
    if (step.kind === 'root') continue
    if (step.kind !== 'properties' || step.names.length !== 1) return undefined
    names.push(step.names[0] as string)
  }
  const [first, second] = names
  if (first === undefined) return (document) => document
  if (names.length === 1) return (document) => readMember(document, first)
  if (names.length === 2) return (document) => readMember(readMember(document, first), second as string)
  return (document) => {
    let value = document
    for (let i = 0; i < names.length && value !== undefined; i++) value = readMember(value, names[i] as string)
    return value
  }
}

function compileWalk (source: string, steps: readonly PathStep[], definite: boolean, whole: boolean): CompiledPath['read'] {
  let walk: Walk = (value, reading) => {
    reading.hits.push(value)
    return true
  }
  const afterStep: Walk[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    afterStep[i] = walk
    const step = steps[i] as PathStep
    const last = i === steps.length - 1
    // A name that is missing ends everything, except half way through a path that is indefinite from the step before on.
    const lenient = !last && !steps.slice(Math.max(i - 1, 0)).every(isDefinite)
    const target = steps[i + 1]
    const scan = target && { target, beyond: afterStep[i + 1] as Walk, ends: i + 1 === steps.length - 1 }
    walk = compileStep(step, { source, next: walk, last, lenient, whole, scan })
  }
  const start = walk
  return (document, root) => {
    const reading: Reading = { root, hits: [], visits: 0, budget: createPatternBudget() }
    if (!start(document, reading)) return undefined
    return definite ? reading.hits[0] : reading.hits
  }
}

/** What surrounds a step. */
interface Place {
  readonly source: string
  readonly next: Walk
  readonly last: boolean
  /** Whether a missing name yields nothing rather than ending the evaluation. */
  readonly lenient: boolean
  readonly whole: boolean
  /** For a deep scan: the step behind it, the walk from behind that, and whether it ends the path. */
  readonly scan: { readonly target: PathStep, readonly beyond: Walk, readonly ends: boolean } | undefined
}

function compileStep (step: PathStep, place: Place): Walk {
  switch (step.kind) {
    case 'root': return place.next
    case 'properties': return compileProperties(step.names, place)
    case 'index': return overArray(step, (array, reading) => walkIndex(array, step.index, place.next, reading))
    case 'fromEnd': return overArray(step, (array, reading) => walkIndex(array, array.length + step.offset, place.next, reading))
    case 'indexes': return overArray(step, (array, reading) => step.indexes.every((index) => walkIndex(array, index, place.next, reading)))
    case 'slice': return overArray(step, (array, reading) => {
      const [from, to] = sliceBounds(step.from, step.to, array.length)
      for (let i = from; i < to; i++) if (!walkIndex(array, i, place.next, reading)) return false
      return true
    })
    case 'wildcard': return compileWildcard(place.next)
    case 'filter': return compileFilterWalk(filterTest(step.source, place.source), place.next)
    case 'scan': return compileScan(place)
  }
}

function count (reading: Reading): void {
  if (++reading.visits > MAX_VISITS) throw new PathFailure('it visits too many values')
}

function walkIndex (array: readonly unknown[], index: number, next: Walk, reading: Reading): boolean {
  count(reading)
  return index >= 0 && index < array.length && next(array[index], reading)
}

function overArray (step: PathStep, walk: (array: readonly unknown[], reading: Reading) => boolean): Walk {
  return (value, reading) => {
    if (Array.isArray(value)) return walk(value, reading)
    if (value === null || value === undefined) return false
    throw new PathFailure(`${step.kind === 'slice' ? 'a slice' : 'an index'} applies to an array only`)
  }
}

/** Only a slice open at one side counts from the end; `[-2:3]` names the element before the first, which is missing. */
function sliceBounds (from: number | undefined, to: number | undefined, length: number): [number, number] {
  if (from === undefined) return [0, Math.min(length, (to as number) < 0 ? length + (to as number) : to as number)]
  if (to === undefined) return [Math.max(0, from < 0 ? length + from : from), length]
  return length === 0 ? [0, 0] : [from, Math.min(length, to)]
}

function compileProperties (names: readonly string[], place: Place): Walk {
  const { next, last, lenient, whole } = place
  const [name] = names
  if (names.length === 1 && name !== undefined) {
    return (value, reading) => {
      count(reading)
      const member = readMember(value, name)
      if (member === undefined) return lenient && isMap(value)
      return next(member, reading)
    }
  }
  return (value, reading) => {
    count(reading)
    if (!isMap(value)) return false
    if (!last) throw new PathFailure('several names in one bracket can only end a path')
    const picked = new Map<string, unknown>()
    for (const name of names) {
      const member = readMember(value, name)
      if (member !== undefined) picked.set(name, member)
      else if (whole) return false
    }
    return next(picked, reading)
  }
}

function compileWildcard (next: Walk): Walk {
  return (value, reading) => {
    if (Array.isArray(value)) {
      // An element in which the rest of the path leads nowhere is passed over; a member of an object is not.
      for (let i = 0; i < value.length; i++) walkIndex(value, i, next, reading)
    } else if (isMap(value)) {
      for (const key of keysOf(value)) {
        count(reading)
        if (!next(readMember(value, key), reading)) return false
      }
    }
    return true
  }
}

function filterTest (filter: string, source: string): FilterTest {
  const refuse = (why: string): never => {
    throw new JsonPathInvalidError(JSON.stringify(source), why)
  }
  const definite = (path: string, whole: boolean): CompiledPath => {
    const compiled = compile(path, whole)
    return compiled.definite ? compiled : refuse(`path ${path} in a filter can lead to more than one value`)
  }
  return compileFilter(filter, {
    operand: (path) => {
      const { read, fromItem } = definite(path, false)
      return (item, root) => read(fromItem ? item : root, root)
    },
    existing: (path) => definite(path, true).read,
    refuse
  })
}

function compileFilterWalk (accepts: FilterTest, next: Walk): Walk {
  return (value, reading) => {
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        if (accepts(value[i], reading.root, reading.budget) && !walkIndex(value, i, next, reading)) return false
      }
      return true
    }
    count(reading)
    if (isMap(value)) return !accepts(value, reading.root, reading.budget) || next(value, reading)
    throw new PathFailure(`a filter applies to an array or an object, not to ${valueText(value)}`)
  }
}

/** Which values of a deep scan the step behind it is applied to. */
function scanTest (target: PathStep, source: string): FilterTest {
  switch (target.kind) {
    case 'properties': return (value) => isMap(value) && target.names.every((name) => readMember(value, name) !== undefined)
    case 'index': case 'indexes': case 'fromEnd': case 'slice': return Array.isArray
    case 'wildcard': return () => true
    case 'filter': return filterTest(target.source, source)
    case 'scan': case 'root': return () => false
  }
}

/**
 * `..step`: the step is applied to every object and array that passes its test, from the outside in. An array that passes
 * and is not the path's end hands its elements to what follows the step, not to the step: so does the engine.
 */
function compileScan (place: Place): Walk {
  const { source, next } = place
  if (place.scan === undefined) throw new JsonPathInvalidError(JSON.stringify(source), 'it cannot end with a deep scan')
  const { target, beyond, ends } = place.scan
  const matches = scanTest(target, source)
  const scan = (value: unknown, reading: Reading, depth: number): boolean => {
    const array = Array.isArray(value)
    if (!array && !isMap(value)) return true
    count(reading)
    if (depth > MAX_DEPTH) throw new PathFailure(`the document is nested more than ${MAX_DEPTH} deep`)
    if (matches(value, reading.root, reading.budget)) {
      if (!array || ends) {
        if (!next(value, reading)) return false
      } else if (!value.every((element) => beyond(element, reading))) return false
    }
    if (array) return value.every((element) => scan(element, reading, depth + 1))
    for (const key of keysOf(value)) if (!scan(readMember(value, key), reading, depth + 1)) return false
    return true
  }
  return (value, reading) => scan(value, reading, 1)
}

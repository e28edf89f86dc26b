// The conditions of a template: each evaluated once, when something asks for it.
import type { SourcePosition } from '../../../types/migrate.js'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import type { Evaluator } from './evaluator.ts'
import { EvaluationFailure, refused } from './failure.ts'
import { intrinsicOf, scalarText } from './values.ts'
import type { Evaluated } from './values.ts'

/** Conditions that name conditions, and functions inside of functions. */
const MAXIMUM_DEPTH = 200

export class Conditions {
  readonly #declared: JsonObject
  /** Knows parameters and mappings, and no resources. */
  readonly #evaluator: Evaluator
  readonly #positionOf: (path: PropertyPath) => SourcePosition | undefined
  readonly #results = new Map<string, boolean | EvaluationFailure>()
  readonly #open = new Set<string>()

  constructor (declared: JsonObject, evaluator: Evaluator, positionOf: (path: PropertyPath) => SourcePosition | undefined) {
    this.#declared = declared
    this.#evaluator = evaluator
    this.#positionOf = positionOf
  }

  /** Throws an EvaluationFailure where the template alone does not tell. */
  isTrue (name: string): boolean {
    let result = this.#results.get(name)
    if (result === undefined) {
      result = this.#evaluate(name)
      this.#results.set(name, result)
    }
    if (typeof result !== 'boolean') throw result.again()
    return result
  }

  #evaluate (name: string): boolean | EvaluationFailure {
    if (!Object.hasOwn(this.#declared, name)) return refused('condition-unknown', `Template format error: Unresolved condition dependency ${name}`)
    if (this.#open.has(name)) {
      const cycle = [...this.#open]
      return refused('condition-cycle', `Template error: Circular dependency between conditions: [${cycle.slice(cycle.indexOf(name)).join(', ')}]`)
    }
    if (this.#open.size >= MAXIMUM_DEPTH) return refused('condition-depth', `Conditions name one another more than ${MAXIMUM_DEPTH} deep`)
    this.#open.add(name)
    try {
      return this.#test(this.#declared[name] as Json, ['Conditions', name])
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error
      error.position ??= this.#positionOf(error.path ?? ['Conditions', name])
      return error
    } finally {
      this.#open.delete(name)
    }
  }

  #test (value: Json, path: PropertyPath): boolean {
    const name = intrinsicOf(value)
    const argument = name === undefined ? undefined : (value as JsonObject)[name] as Json
    const below = [...path, name ?? '']
    switch (name) {
      case 'Condition': {
        if (typeof argument !== 'string') throw refused('condition', 'Template format error: every Condition object must have a single String value.')
        return this.isTrue(argument)
      }
      case 'Fn::Equals': {
        const sides = listOf(argument, 2, 2, 'Template error: every Fn::Equals object requires a list of 2 string parameters.')
        const [left, right] = sides.map((side, i) => comparable(this.#evaluator.evaluate(side, [...below, i])))
        return left === right
      }
      case 'Fn::Not':
        return !this.#testAll(argument, 1, 1, 'Template error: every Fn::Not object requires a list of 1 boolean parameter.', below)[0]
      case 'Fn::And':
        return this.#testAll(argument, 2, 10, 'Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.', below).every(Boolean)
      case 'Fn::Or':
        return this.#testAll(argument, 2, 10, 'Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.', below).some(Boolean)
      default:
        throw refused('condition', 'Template format error: Every Conditions member must be a Condition, Fn::And, Fn::Equals, Fn::Not or Fn::Or')
    }
  }

  #testAll (argument: Json | undefined, minimum: number, maximum: number, message: string, path: PropertyPath): boolean[] {
    return listOf(argument, minimum, maximum, message).map((each, i) => this.#test(each, [...path, i]))
  }
}

function listOf (argument: Json | undefined, minimum: number, maximum: number, message: string): Json[] {
  if (!Array.isArray(argument) || argument.length < minimum || argument.length > maximum) throw refused('condition', message)
  return argument
}

/** Scalars compare as texts: a parameter's `true` and a boolean of YAML are the same. */
function comparable (value: Evaluated): string {
  const text = scalarText(value)
  return text === undefined ? JSON.stringify(value ?? null) : `=${text}`
}

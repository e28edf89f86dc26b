// Walks a value of the template and evaluates the intrinsics in it; references stay symbolic.
import { DefinitionSourceError } from '../../errors.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { EvaluationFailure, refused, unresolved } from './failure.ts'
import { INTRINSICS } from './intrinsics.ts'
import type { Scope } from './scope.ts'
import { isObject } from '../json.ts'
import { intrinsicOf } from './values.ts'
import type { Evaluated } from './values.ts'

/** Told of a member that has no value and is left out. */
export type OnFailure = (failure: EvaluationFailure, path: PropertyPath) => void

/** Characters that a template may become, so that a few texts cannot multiply without end. */
const BUDGET = 20_000_000
/** What an entry of a list counts for. */
const ENTRY = 16
const DYNAMIC_REFERENCE = /\{\{resolve:[^}]*\}\}/

export class Evaluator {
  readonly #scope: Scope
  #budget = BUDGET

  constructor (scope: Scope) {
    this.#scope = scope
  }

  /** Every member for itself: one that fails is told and left out, the others stay. */
  evaluateMembers (object: JsonObject, path: PropertyPath, onFailure: OnFailure): JsonObject {
    const evaluated: JsonObject = Object.create(null)
    for (const [name, member] of Object.entries(object)) {
      const value = this.#guarded(member, [...path, name], onFailure)
      if (value !== undefined) evaluated[name] = value
    }
    return evaluated
  }

  /** Throws an EvaluationFailure that knows its path. */
  evaluate (value: Json, path: PropertyPath, onFailure?: OnFailure): Evaluated {
    try {
      const evaluated = this.#evaluate(value, path, onFailure)
      this.#spend(typeof evaluated === 'string' ? evaluated.length : Array.isArray(evaluated) ? evaluated.length * ENTRY : ENTRY)
      return evaluated
    } catch (error) {
      if (error instanceof EvaluationFailure) error.path ??= path
      throw error
    }
  }

  #guarded (value: Json, path: PropertyPath, onFailure: OnFailure): Evaluated {
    try {
      const evaluated = this.evaluate(value, path, onFailure)
      const dynamic = typeof evaluated === 'string' ? DYNAMIC_REFERENCE.exec(evaluated) : null
      if (dynamic !== null) throw unresolved('dynamic-reference', `Dynamic reference ${dynamic[0]} is resolved by CloudFormation alone`, 'write its value into the template')
      return evaluated
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error
      onFailure(error, path)
      return undefined
    }
  }

  #evaluate (value: Json, path: PropertyPath, onFailure: OnFailure | undefined): Evaluated {
    if (value === null) throw refused('null-value', "'null' values are not allowed in templates")
    if (Array.isArray(value)) {
      const items = value.map((item, i) =>
        onFailure === undefined ? this.evaluate(item, [...path, i]) : this.#guarded(item, [...path, i], onFailure))
      return items.filter((item) => item !== undefined)
    }
    if (!isObject(value)) return value
    // IAM's policies have a key of that name; an intrinsic it is in conditions alone.
    const name = intrinsicOf(value)
    if (name !== undefined && name !== 'Condition') return this.#call(name, value[name] as Json, [...path, name], onFailure)
    const stray = Object.keys(value).find((key) => key.startsWith('Fn::'))
    if (stray !== undefined) throw refused('intrinsic-beside', `Template format error: ${stray} stands beside other keys; a map that calls an intrinsic function has no other`)
    if (onFailure !== undefined) return this.evaluateMembers(value, path, onFailure)
    const members = Object.entries(value).map(([key, member]) => [key, this.evaluate(member, [...path, key])] as const)
    const object: JsonObject = Object.create(null)
    for (const [key, member] of members) if (member !== undefined) object[key] = member
    return object
  }

  #call (name: string, argument: Json, path: PropertyPath, onFailure: OnFailure | undefined): Evaluated {
    const intrinsic = INTRINSICS.get(name)
    if (intrinsic === undefined) throw refused('intrinsic-unknown', `Template format error: Unrecognized intrinsic function ${name}`)
    return intrinsic({
      argument,
      scope: this.#scope,
      spend: (amount) => this.#spend(amount),
      evaluate: (value, ...keys) => this.evaluate(value, [...path, ...keys]),
      // What a condition chooses is as a property of its own: a part of it may fail and the rest stay.
      choose: (value, ...keys) => this.evaluate(value, [...path, ...keys], onFailure)
    })
  }

  #spend (amount: number): void {
    this.#budget -= amount
    if (this.#budget < 0) throw new DefinitionSourceError('template', `It evaluates to more than ${BUDGET} characters`)
  }
}

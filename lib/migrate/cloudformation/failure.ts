// Why an intrinsic has no value: CloudFormation would refuse it too, or only a deployment could tell.
import type { SourcePosition } from '../../../types/migrate.js'
import type { PropertyPath } from '../resource.ts'

/** Thrown while a property is evaluated, and caught at the property; it never leaves the room. */
export class EvaluationFailure extends Error {
  /** Whether CloudFormation, too, would not go on. */
  readonly isRefused: boolean
  readonly code: string
  readonly hint: string | undefined
  /** Where in the resource's properties. */
  path: PropertyPath | undefined
  /** Where in the template, if not in the resource. */
  position: SourcePosition | undefined

  constructor (isRefused: boolean, code: string, message: string, hint?: string) {
    super(message)
    this.isRefused = isRefused
    this.code = code
    this.hint = hint
  }

  /** One that is thrown at more than one place, for the next of them. */
  again (): EvaluationFailure {
    const failure = new EvaluationFailure(this.isRefused, this.code, this.message, this.hint)
    failure.position = this.position
    return failure
  }
}

/** In CloudFormation's words, where these are known. */
export function refused (code: string, message: string): EvaluationFailure {
  return new EvaluationFailure(true, code, message)
}

/** What a deployment would know. */
export function unresolved (code: string, message: string, hint?: string): EvaluationFailure {
  return new EvaluationFailure(false, code, message, hint)
}

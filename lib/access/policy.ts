// IAM policies: compiled once, evaluated on an action and a resource. What cannot be evaluated soundly is refused as a
// whole, because half a policy may allow what the other half forbids.
import { PolicyInvalidError } from '../errors.ts'
import { compileConditions } from './policy-conditions.ts'
import type { Condition, ConditionContext, ConditionKeys } from './policy-conditions.ts'
import { matchesArn, matchesWildcard } from './wildcard.ts'

export const INVOKE_ACTION = 'execute-api:Invoke'
export const MANAGE_CONNECTIONS_ACTION = 'execute-api:ManageConnections'

export type PolicyDecision = 'ALLOW' | 'EXPLICIT_DENY' | 'IMPLICIT_DENY'

/** One of the document's statements. */
interface Statement {
  readonly denies: boolean
  readonly matchesAction: (action: string) => boolean
  readonly matchesResource: (resource: string) => boolean
  readonly conditions: readonly Condition[]
}

/** A compiled policy document. */
export interface Policy {
  readonly statements: readonly Statement[]
}

const VERSIONS = ['2012-10-17', '2008-10-17']
const DOCUMENT_KEYS = ['Version', 'Id', 'Statement']
const STATEMENT_KEYS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']
const ACTION = /^(?:\*|(?:\*|[a-z0-9-]+):[a-z0-9*?]+)$/
const RESOURCE = /^(?:\*$|arn:)/
const LONGEST_RESOURCE = 512

/** Compiles a policy document. Throws PolicyInvalidError. */
export function compilePolicy (document: unknown, keys: ConditionKeys): Policy {
  const { Version, Statement } = readObject(document, 'it', DOCUMENT_KEYS)
  if (Version !== undefined && !VERSIONS.includes(Version as string)) throw new PolicyInvalidError(`Version is ${show(Version)}; it must be ${VERSIONS.join(' or ')}`)
  if (Statement === undefined) throw new PolicyInvalidError('Statement is missing')
  const statements = Array.isArray(Statement) ? Statement : [Statement]
  return { statements: statements.map((statement) => compileStatement(statement, keys)) }
}

/** An explicit deny wins over every allow, and what nothing allows is denied. */
export function evaluatePolicies (
  policies: readonly Policy[], action: string, resource: string, context: ConditionContext
): PolicyDecision {
  let decision: PolicyDecision = 'IMPLICIT_DENY'
  for (const { statements } of policies) {
    for (const { denies, matchesAction, matchesResource, conditions } of statements) {
      if (!matchesAction(action) || !matchesResource(resource)) continue
      const outcomes = conditions.map((condition) => condition.holds(context))
      if (outcomes.includes(false)) continue
      // A condition that cannot be told may be the one that forbids.
      if (outcomes.includes(undefined)) return 'IMPLICIT_DENY'
      if (denies) return 'EXPLICIT_DENY'
      decision = 'ALLOW'
    }
  }
  return decision
}

function compileStatement (given: unknown, keys: ConditionKeys): Statement {
  const statement = readObject(given, 'Statement', STATEMENT_KEYS)
  const { Effect } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny') throw new PolicyInvalidError(`Effect is ${show(Effect)}; it must be Allow or Deny`)
  return {
    denies: Effect === 'Deny',
    matchesAction: compileEither(statement, 'Action', 'NotAction', compileAction),
    matchesResource: compileEither(statement, 'Resource', 'NotResource', compileResource),
    conditions: compileConditions(statement['Condition'], keys)
  }
}

/** `Action` or `NotAction`, exactly one of the two. */
function compileEither (
  statement: Record<string, unknown>, name: string, negation: string,
  compile: (pattern: string) => (text: string) => boolean
): (text: string) => boolean {
  const isNegated = statement[negation] !== undefined
  if (isNegated === (statement[name] !== undefined)) throw new PolicyInvalidError(`a statement must have either ${name} or ${negation}`)
  const given = statement[isNegated ? negation : name]
  const patterns: unknown[] = Array.isArray(given) ? given : [given]
  if (patterns.length === 0) throw new PolicyInvalidError(`${isNegated ? negation : name} is an empty list`)
  const tests = patterns.map((pattern) => {
    if (typeof pattern !== 'string') throw new PolicyInvalidError(`${name} is ${show(pattern)}; it must be text`)
    return compile(pattern)
  })
  return (text) => tests.some((test) => test(text)) !== isNegated
}

/** Actions are told apart without regard to case. */
function compileAction (pattern: string): (action: string) => boolean {
  const lower = pattern.toLowerCase()
  if (!ACTION.test(lower)) throw new PolicyInvalidError(`Action is ${show(pattern)}; it must be * or like ${INVOKE_ACTION}`)
  return (action) => matchesWildcard(lower, action.toLowerCase())
}

function compileResource (pattern: string): (resource: string) => boolean {
  if (!RESOURCE.test(pattern)) throw new PolicyInvalidError(`Resource is ${show(pattern)}; it must be * or an ARN`)
  if (pattern.length > LONGEST_RESOURCE) throw new PolicyInvalidError(`Resource has ${pattern.length} characters; ${LONGEST_RESOURCE} are allowed`)
  if (pattern.includes('${')) throw new PolicyInvalidError(`Resource is ${show(pattern)}; policy variables are not supported`)
  return (resource) => matchesArn(pattern, resource)
}

function readObject (given: unknown, what: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new PolicyInvalidError(`${what} must be an object`)
  for (const key of Object.keys(given)) {
    if (!keys.includes(key)) throw new PolicyInvalidError(`${what} has ${show(key)}; allowed are ${keys.join(', ')}`)
  }
  return given as Record<string, unknown>
}

function show (value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 80 ? `${json.slice(0, 80)}…` : json
}

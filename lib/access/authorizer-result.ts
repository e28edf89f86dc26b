// What an authorizer returned, read as API Gateway reads it: anything but a principal with a policy fails.
import { AuthorizerResultError, PolicyInvalidError } from '../errors.ts'
import { compilePolicy } from './policy.ts'
import type { Policy } from './policy.ts'
import { AUTHORIZER_CONDITION_KEYS } from './policy-conditions.ts'

export interface AuthorizerResult {
  readonly principalId: string
  readonly policy: Policy
  readonly context: Readonly<Record<string, string | number | boolean>>
  readonly usageIdentifierKey: string | undefined
}

/** AWS's quota of 8 KB. */
const LONGEST_RESULT = 8192

/** The result, or the error that says what is wrong with it. It is read as the JSON that Lambda would have sent. */
export function readAuthorizerResult (result: unknown): AuthorizerResult | Error {
  let json: string | undefined
  try {
    json = JSON.stringify(result)
  } catch (error) {
    return new AuthorizerResultError(`it is no JSON: ${String(error)}`)
  }
  if (json === undefined) return new AuthorizerResultError('it is missing')
  const size = Buffer.byteLength(json)
  if (size > LONGEST_RESULT) return new AuthorizerResultError(`it has ${size} bytes; ${LONGEST_RESULT} are allowed`)
  const given: unknown = JSON.parse(json)
  if (!isObject(given)) return new AuthorizerResultError('it must be an object')
  const { principalId, policyDocument, usageIdentifierKey } = given
  if (typeof principalId !== 'string' || principalId === '') return new AuthorizerResultError('principalId must be text and not empty')
  if (policyDocument === undefined) return new AuthorizerResultError('policyDocument is missing')
  if (usageIdentifierKey !== undefined && usageIdentifierKey !== null && typeof usageIdentifierKey !== 'string') return new AuthorizerResultError('usageIdentifierKey must be text')
  const context = readContext(given['context'])
  if (context instanceof Error) return context
  try {
    const policy = compilePolicy(policyDocument, AUTHORIZER_CONDITION_KEYS)
    return { principalId, policy, context, usageIdentifierKey: usageIdentifierKey ?? undefined }
  } catch (error) {
    if (error instanceof PolicyInvalidError) return error
    throw error
  }
}

/** Strings, numbers and booleans; nulls are left out. */
function readContext (given: unknown): AuthorizerResult['context'] | Error {
  if (given === undefined || given === null) return {}
  if (!isObject(given)) return new AuthorizerResultError('context must be an object')
  const entries = Object.entries(given).filter(([, value]) => value !== null)
  for (const [key, value] of entries) {
    if (typeof value === 'object') return new AuthorizerResultError(`context.${key} is ${Array.isArray(value) ? 'a list' : 'an object'}; only strings, numbers and booleans are allowed`)
  }
  return Object.fromEntries(entries) as Record<string, string | number | boolean>
}

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// What a hook or an authorizer says of a connection, made into the text values that events carry.
import { AuthorizerContextError } from '../errors.ts'

const PRINCIPAL_ID = 'principalId'

/**
 * The authorizer of a connection: values as text, nulls left out, `principalId` last; a copy, so that later changes of
 * the given object change nothing. Throws AGW_ERR_ACCESS_AUTHORIZER_CONTEXT where a value is no string, number,
 * boolean or null.
 */
export function compileAuthorizerContext (given: unknown): Readonly<Record<string, string>> | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new AuthorizerContextError(`request.authorizer is ${describe(given)}; it must be an object of strings, numbers, booleans and nulls`)
  }
  const entries: Array<[string, string]> = []
  let principalId: string | undefined
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new AuthorizerContextError(`request.authorizer.${key} is ${describe(value)}; it must be a string, number, boolean or null`)
    }
    if (key === PRINCIPAL_ID) principalId = String(value)
    else entries.push([key, String(value)])
  }
  if (principalId !== undefined) entries.push([PRINCIPAL_ID, principalId])
  return Object.fromEntries(entries)
}

function describe (value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

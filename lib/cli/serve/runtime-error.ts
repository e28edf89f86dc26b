// What a handler threw, as Lambda's runtime for Node.js tells it.
import { inspect } from 'node:util'
import type { FunctionError } from './host-messages.ts'

export function describeError (thrown: unknown): FunctionError {
  try {
    if (thrown instanceof Error || (typeof thrown === 'object' && thrown !== null && 'name' in thrown && 'message' in thrown)) {
      const { name, message, stack } = thrown as Error
      return { errorType: String(name), errorMessage: String(message), trace: String(stack ?? '').split('\n') }
    }
    return {
      errorType: typeof thrown, errorMessage: typeof thrown === 'object' ? inspect(thrown) : String(thrown), trace: []
    }
  } catch {
    return { errorType: typeof thrown, errorMessage: `a value of type ${typeof thrown} that has no words`, trace: [] }
  }
}

// One call of a handler inside its process: Lambda's context, its callback, and the payload of what comes.
import { createLogStreamName } from './function-environment.ts'
import type { FunctionError, InvokeMessage } from './host-messages.ts'
import { describeError } from './runtime-error.ts'

export interface Invocation {
  readonly context: object
  readonly callback: (error?: unknown, result?: unknown) => void
  readonly succeed: (result: unknown) => void
  readonly fail: (error: unknown) => void
}

const FRAME = /^\s+at /

interface Answer {
  succeed (payload: string): void
  fail (error: FunctionError): void
}

export function createInvocation (message: InvokeMessage, answer: Answer): Invocation {
  function succeed (result: unknown): void {
    let payload: string
    try {
      payload = JSON.stringify(result) ?? 'null'
    } catch (error) {
      const { errorMessage, trace } = describeError(error)
      answer.fail({
        errorType: 'Runtime.MarshalError',
        errorMessage: `Unable to stringify response body: ${errorMessage}`,
        trace: trace.filter((line) => FRAME.test(line))
      })
      return
    }
    answer.succeed(payload)
  }
  function fail (error: unknown): void {
    answer.fail(describeError(error))
  }
  function callback (error?: unknown, result?: unknown): void {
    if (error === undefined || error === null) succeed(result)
    else fail(error)
  }
  return { context: createContext(message, { callback, succeed, fail }), callback, succeed, fail }
}

function createContext ({ requestId, functionArn, deadline }: InvokeMessage, { callback, succeed, fail }: Omit<Invocation, 'context'>): object {
  const { AWS_LAMBDA_FUNCTION_NAME, AWS_LAMBDA_FUNCTION_MEMORY_SIZE } = process.env
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: '$LATEST',
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: `/aws/lambda/${AWS_LAMBDA_FUNCTION_NAME}`,
    logStreamName: createLogStreamName(),
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: callback,
    succeed,
    fail
  }
}

export function isThenable (value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

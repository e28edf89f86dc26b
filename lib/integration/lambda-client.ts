// Real Lambda functions by ARN, through the optional peer @aws-sdk/client-lambda.
import type { RouteContext } from '../../types/index.js'
import { FunctionFailedError, LambdaCallError, LambdaClientMissingError } from '../errors.ts'

/** What is used of the SDK's client. */
interface LambdaSdk {
  LambdaClient: new (config: object) => SdkClient
  InvokeCommand: new (input: object) => object
}
interface SdkClient {
  send (command: object, options: object): Promise<InvokeAnswer>
  destroy (): void
}
interface InvokeAnswer {
  readonly FunctionError?: string
  readonly Payload?: Uint8Array
}

export class LambdaClient {
  readonly #config: object
  #sdk: LambdaSdk | undefined
  #client: SdkClient | undefined

  /** `config` is the SDK's: endpoint, region, credentials. */
  constructor (config: object) {
    this.#config = config
  }

  /** Loads the SDK. Throws AGW_ERR_INTEGRATION_LAMBDA_CLIENT where it is not installed. */
  async load (): Promise<void> {
    try {
      this.#sdk = await import('@aws-sdk/client-lambda') as unknown as LambdaSdk
    } catch (error) {
      throw Object.assign(new LambdaClientMissingError((error as Error).message), { cause: error })
    }
    this.#client = new this.#sdk.LambdaClient(this.#config)
  }

  destroy (): void {
    this.#client?.destroy()
  }

  /** A handler that calls the function; what the function throws, it throws. A call that failed is an error of another kind. */
  createHandler (functionArn: string): (event: unknown, context: RouteContext) => Promise<unknown> {
    return async (event, context) => {
      let answer: InvokeAnswer
      let payload: unknown
      try {
        answer = await this.#invoke(functionArn, event, context.signal)
        const text = Buffer.from(answer.Payload ?? []).toString()
        payload = text === '' ? null : JSON.parse(text)
      } catch (error) {
        throw Object.assign(new LambdaCallError(functionArn, (error as Error).message), { cause: error })
      }
      if (answer.FunctionError !== undefined) throw createFunctionError(payload)
      return payload
    }
  }

  async #invoke (functionArn: string, event: unknown, abortSignal: AbortSignal): Promise<InvokeAnswer> {
    const sdk = this.#sdk as LambdaSdk
    const command = new sdk.InvokeCommand({ FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) })
    return await (this.#client as SdkClient).send(command, { abortSignal })
  }
}

/** The error of a function as the function told it: `errorMessage`, `errorType` and a stack. */
export function createFunctionError (payload: unknown): Error {
  const { errorMessage, errorType, stackTrace, trace } = (payload ?? {}) as Record<string, unknown>
  const message = typeof errorMessage === 'string' ? errorMessage : JSON.stringify(payload)
  const error = new FunctionFailedError(message, payload)
  if (typeof errorType === 'string') error.name = errorType
  const lines = [stackTrace, trace].find(Array.isArray) as unknown[] | undefined
  const head = `${error.name}: ${message}`
  const stack = (lines ?? []).map(String).join('\n')
  // Node's runtime tells the stack with its head, others without.
  error.stack = stack.startsWith(head) ? stack : [head, stack].filter((part) => part !== '').join('\n')
  return error
}

// A function through all its processes: the first, the next after a crash, the new one after a change of its code.
import { randomUUID } from 'node:crypto'
import { FunctionProcess } from './function-process.ts'
import type { FunctionProcessOptions } from './function-process.ts'
import type { InterceptTarget } from './host-messages.ts'

export interface FunctionRunnerOptions extends Omit<FunctionProcessOptions, 'onEnd'> {
  readonly functionArn: string
  /** The file of the handler. */
  readonly file: string
  /** What reads it, where that is not Node alone. */
  readonly loaderName: string | undefined
}

/** What is used of the gateway's context. */
interface CallContext {
  readonly awsRequestId?: string
}

export class FunctionRunner {
  readonly options: FunctionRunnerOptions
  readonly #processes = new Set<FunctionProcess>()
  #current: FunctionProcess | undefined
  /** Being loaded, to take over. */
  #next: FunctionProcess | undefined
  #intercept: InterceptTarget | undefined

  constructor (options: FunctionRunnerOptions) {
    this.options = options
    this.#intercept = options.intercept
  }

  get name (): string {
    return this.options.name
  }

  /** Starts it; rejects with AGW_ERR_CLI_FUNCTION_LOAD where the handler cannot be loaded. */
  async load (): Promise<void> {
    await (this.#current ??= this.#start()).loaded
  }

  /** The handler of the gateway. */
  readonly handle = async (event: unknown, context: CallContext): Promise<unknown> => {
    let process = this.#current ??= this.#start()
    // Meanwhile it may have ended, or another may have taken over.
    while (!await process.isAlive() || process !== this.#current) process = this.#current ??= this.#start()
    return await process.invoke({
      event: JSON.stringify(event ?? null),
      requestId: context.awsRequestId ?? randomUUID(),
      functionArn: this.options.functionArn
    })
  }

  /**
   * New calls go to a new process once it has loaded; where it cannot, everything stays as it was. False where the code
   * changed again meanwhile, so that it is for the next one to take over.
   */
  async reload (): Promise<boolean> {
    this.#next?.kill()
    const next = this.#next = this.#start()
    try {
      await next.loaded
    } catch (error) {
      if (this.#next !== next) return false
      throw error
    }
    if (this.#next !== next) return false
    this.#next = undefined
    this.#current?.retire()
    this.#current = next
    return true
  }

  /** The server listens now. */
  tellIntercept (intercept: InterceptTarget): void {
    this.#intercept = intercept
    for (const process of this.#processes) process.tellIntercept(intercept)
  }

  close (): void {
    for (const process of this.#processes) process.kill()
  }

  #start (): FunctionProcess {
    const process: FunctionProcess = new FunctionProcess({
      ...this.options,
      intercept: this.#intercept,
      onEnd: () => {
        this.#processes.delete(process)
        if (this.#current === process) this.#current = undefined
      }
    })
    this.#processes.add(process)
    return process
  }
}

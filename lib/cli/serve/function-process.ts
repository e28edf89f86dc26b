// One process of one function, as the server sees it: started, asked, and ended.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { FunctionLoadError } from '../../errors.ts'
import { createFunctionError } from '../../integration/index.ts'
import { readLines } from './output-lines.ts'
import type { FunctionError, HostAnswer, HostRequest, InterceptTarget } from './host-messages.ts'
import { HAS_GROUPS, killGroup } from './process-group.ts'

export interface FunctionProcessOptions {
  readonly name: string
  readonly url: string
  readonly exportPath: readonly string[]
  /** The working folder, as Lambda's /var/task. */
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  readonly execArgv: readonly string[]
  readonly fallbackUrl: string
  readonly intercept: InterceptTarget | undefined
  readonly timeoutInMillis: number
  /** What the function prints, line by line. Gives back when there is room for the next, where it must wait. */
  readonly onLine: (line: string) => Promise<void> | undefined
  /** When it has ended, whatever the reason. */
  readonly onEnd: () => void
}

export interface FunctionCall {
  readonly event: string
  readonly requestId: string
  readonly functionArn: string
}

interface PendingCall {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

const HOST = new URL(`./function-host${extname(import.meta.url)}`, import.meta.url)
/** A process that does not answer within it after a timeout is in a loop without end. */
const PATIENCE_IN_MILLIS = 500

export class FunctionProcess {
  readonly loaded: Promise<void>
  readonly #options: FunctionProcessOptions
  readonly #child: ChildProcess
  readonly #calls = new Map<number, PendingCall>()
  #lastId = 0
  #hasEnded = false
  #isRetired = false
  #crash: FunctionError | undefined
  #pulse: { readonly timer: NodeJS.Timeout, readonly felt: Promise<void>, readonly feel: () => void } | undefined
  #settleLoading!: { resolve: () => void, reject: (error: Error) => void }

  constructor (options: FunctionProcessOptions) {
    this.#options = options
    this.loaded = new Promise((resolve, reject) => { this.#settleLoading = { resolve, reject } })
    this.loaded.catch(() => {})
    const { directory, env, execArgv, onLine, url, exportPath, fallbackUrl, intercept } = options
    this.#child = fork(HOST, [], {
      cwd: directory,
      env: { ...env },
      execArgv: [...execArgv],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: HAS_GROUPS
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) readLines(stream, onLine)
    }
    this.#child.on('message', (answer: HostAnswer) => { this.#receive(answer) })
    this.#child.on('error', (error) => { this.#end(error.message) })
    this.#child.on('exit', (code, signal) => {
      this.kill()
      this.#end(signal === null ? `exit status ${code}` : `signal: ${signal}`)
    })
    this.#send({ type: 'load', url, exportPath, fallbackUrl, intercept })
  }

  /** Whether it can be asked: loaded, not ended, and not in a loop without end. Rejects where it cannot be loaded. */
  async isAlive (): Promise<boolean> {
    await this.loaded
    await this.#pulse?.felt
    return !this.#hasEnded
  }

  /** What the handler answers; rejects with what it throws, when its time is over, or when its process ends. */
  async invoke (call: FunctionCall): Promise<unknown> {
    const { timeoutInMillis } = this.#options
    const id = ++this.#lastId
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => { this.#timeOut(id, call) }, timeoutInMillis)
      this.#calls.set(id, { resolve, reject, timer })
      this.#send({ type: 'invoke', id, ...call, deadline: Date.now() + timeoutInMillis })
    })
  }

  /** The server listens now. */
  tellIntercept (intercept: InterceptTarget): void {
    this.#send({ type: 'intercept', intercept })
  }

  /** Ends it once its calls have ended. */
  retire (): void {
    this.#isRetired = true
    if (this.#calls.size === 0) this.kill()
  }

  /** With everything that its handler started: nothing outlives it on Lambda, either. */
  kill (): void {
    const { pid } = this.#child
    if (pid !== undefined) killGroup(pid)
  }

  #send (request: HostRequest): void {
    if (this.#child.connected) this.#child.send(request, () => {})
  }

  #receive (answer: HostAnswer): void {
    switch (answer.type) {
      case 'loaded': this.#settleLoading.resolve(); break
      case 'load-failed': {
        this.#settleLoading.reject(this.#createLoadError(describe(answer.error), answer.error))
        this.kill()
        break
      }
      case 'result': this.#take(answer.id)?.resolve(JSON.parse(answer.payload)); break
      case 'error': this.#take(answer.id)?.reject(createFunctionError(answer.error)); break
      case 'crash': this.#crash = answer.error; break
      case 'pong': this.#endPulse()
    }
  }

  #take (id: number): PendingCall | undefined {
    const call = this.#calls.get(id)
    if (call === undefined) return undefined
    clearTimeout(call.timer)
    this.#calls.delete(id)
    if (this.#isRetired && this.#calls.size === 0) this.kill()
    return call
  }

  #timeOut (id: number, { requestId }: FunctionCall): void {
    const seconds = (this.#options.timeoutInMillis / 1000).toFixed(2)
    this.#take(id)?.reject(createFunctionError({
      errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`
    }))
    // Other calls may well go on; only a process whose loop stands still is of no use to them.
    if (this.#hasEnded || this.#pulse !== undefined) return
    let feel = (): void => {}
    const felt = new Promise<void>((resolve) => { feel = resolve })
    this.#pulse = { timer: setTimeout(() => { this.kill() }, PATIENCE_IN_MILLIS), felt, feel }
    this.#send({ type: 'ping' })
  }

  #endPulse (): void {
    clearTimeout(this.#pulse?.timer)
    this.#pulse?.feel()
    this.#pulse = undefined
  }

  #end (how: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const error = this.#crash ?? { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${how}` }
    this.#settleLoading.reject(this.#createLoadError(error.errorMessage, error))
    for (const id of [...this.#calls.keys()]) this.#take(id)?.reject(createFunctionError(error))
    this.#options.onEnd()
    this.#endPulse()
  }

  #createLoadError (why: string, payload: object): Error {
    return Object.assign(new FunctionLoadError(this.#options.name, why), { cause: createFunctionError(payload) })
  }
}

/** The first frame of a stack says where in the user's code. */
function describe ({ errorType, errorMessage }: FunctionError): string {
  return errorType === 'Error' ? errorMessage : `${errorType}: ${errorMessage}`
}

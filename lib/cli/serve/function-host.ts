// The process of one Lambda function: loads its handler and answers events as Lambda's runtime for Node.js does.
import { register } from 'node:module'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createInvocation, isThenable } from './host-invocation.ts'
import type { Invocation } from './host-invocation.ts'
import type { FunctionError, HostAnswer, HostRequest, InterceptTarget, InvokeMessage, LoadMessage } from './host-messages.ts'
import { interceptConnections } from './intercept.ts'
import { loadModule } from './load-module.ts'
import { HAS_GROUPS, killGroup } from './process-group.ts'
import { describeError } from './runtime-error.ts'

type Handler = (event: unknown, context: object, callback: Function) => unknown

/** Exits by which a process that crashed is told from one whose handler called process.exit(). */
const CRASHED = 129
const CALLBACK_PARAMETERS = 3

const pending = new Map<number, Invocation>()
let handler: Handler
let intercept: InterceptTarget | undefined

function send (answer: HostAnswer, sent?: () => void): void {
  process.send?.(answer, undefined, undefined, sent)
}

async function load (message: LoadMessage): Promise<void> {
  register(`./module-fallback${extname(import.meta.url)}`, import.meta.url, { data: message.fallbackUrl })
  intercept = message.intercept
  if (intercept !== undefined) interceptConnections(() => intercept as InterceptTarget)
  try {
    handler = findHandler(await loadModule(message.url, process.cwd()), message)
    send({ type: 'loaded' })
  } catch (error) {
    send({ type: 'load-failed', error: describeError(error) })
  }
}

/** Named exports of CommonJS may be seen on the default export alone. */
function findHandler (module: Record<string, unknown>, { exportPath }: LoadMessage): Handler {
  for (const start of [module, module.default]) {
    const found = exportPath.reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], start)
    if (typeof found === 'function') return found as Handler
  }
  throw Object.assign(new Error(`${exportPath.join('.')} is undefined or not a function; the module exports ${Object.keys(module).join(', ') || 'nothing'}`), { name: 'Runtime.HandlerNotFound' })
}

function invoke (message: InvokeMessage): void {
  const { id } = message
  const invocation = createInvocation(message, {
    succeed (payload) { if (pending.delete(id)) send({ type: 'result', id, payload }) },
    fail (error) { if (pending.delete(id)) send({ type: 'error', id, error }) }
  })
  pending.set(id, invocation)
  let returned: unknown
  try {
    returned = handler(JSON.parse(message.event), invocation.context, invocation.callback)
  } catch (error) {
    invocation.fail(error)
    return
  }
  if (isThenable(returned)) returned.then(invocation.succeed, invocation.fail)
  else if (handler.length < CALLBACK_PARAMETERS && returned !== undefined) invocation.succeed(returned)
  // Where nothing is left to happen, no answer will come any more: Lambda says null.
  if (pending.size > 0) process.channel?.unref()
}

process.on('beforeExit', () => {
  process.channel?.ref()
  for (const invocation of [...pending.values()]) invocation.succeed(null)
})

/** What nobody caught ends the process, and with it every call that it works on. */
function crash (error: FunctionError): void {
  const exit = (): void => { process.exit(CRASHED) }
  send({ type: 'crash', error }, exit)
  setTimeout(exit, 1000)
}

process.on('uncaughtException', (error) => { crash(describeError(error)) })
process.on('unhandledRejection', (reason) => {
  const { errorType, errorMessage, trace } = describeError(reason)
  crash({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: `${errorType}: ${errorMessage}`, trace: trace.slice(1) })
})
// Where there are no groups Ctrl-C reaches this process, too; it is needed until the last $disconnect has run.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
process.on('disconnect', () => { killGroup(process.pid) })
// Who has no groups does not tell of a parent's end, either. None of what the function is run with is for this thread.
if (HAS_GROUPS) {
  new Worker(new URL(`./orphan-watch${extname(import.meta.url)}`, import.meta.url), {
    workerData: process.ppid, execArgv: [], env: {}
  }).unref()
}
process.on('message', (request: HostRequest) => {
  process.channel?.ref()
  if (request.type === 'load') void load(request)
  else if (request.type === 'invoke') invoke(request)
  else if (request.type === 'ping') send({ type: 'pong' })
  else intercept = request.intercept
})

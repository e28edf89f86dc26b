// The functions of a server: made, loaded side by side, loaded anew when their code changes.
import { join } from 'node:path'
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import type { Terminal } from '../terminal.ts'
import type { BoundFunction } from './function-bindings.ts'
import { createFunctionEnvironment } from './function-environment.ts'
import type { Environment } from './function-environment.ts'
import { FunctionRunner } from './function-runner.ts'
import { urlOf } from './handler-file.ts'
import type { InterceptTarget } from './host-messages.ts'
import { watchFolder } from './watch.ts'

/** Lambda's own. */
const DEFAULT_TIMEOUT_IN_MILLIS = 3000
const DEFAULT_MEMORY_IN_MEGABYTES = 128

export interface RunnersOptions {
  readonly bound: readonly BoundFunction[]
  readonly options: ApiGatewayWebSocketOptions
  readonly overridesOf: (functionName: string) => Record<string, string>
  readonly intercept: InterceptTarget | undefined
  readonly env: Environment
  readonly directory: string
  readonly terminal: Terminal
}

export function createRunners (runners: RunnersOptions): FunctionRunner[] {
  const { bound, options: { region = '', accountId = '123456789012' }, overridesOf, intercept, env, directory: projectDirectory, terminal } = runners
  return bound.map(({ definition, directory, handlerFile, loader }) => {
    const { name, handler = '', environment, alias, memoryInMegabytes = DEFAULT_MEMORY_IN_MEGABYTES } = definition
    return new FunctionRunner({
      name,
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${name}${alias === undefined ? '' : `:${alias}`}`,
      file: handlerFile.file,
      loaderName: loader?.name,
      url: urlOf(handlerFile.file),
      exportPath: handlerFile.exportPath,
      directory,
      env: {
        ...createFunctionEnvironment({
          name, handler, directory, memoryInMegabytes, environment, overrides: overridesOf(name), region, inherited: env, projectDirectory
        }),
        ...loader?.env
      },
      execArgv: loader?.execArgv ?? [],
      fallbackUrl: urlOf(join(projectDirectory, 'handler.js')),
      intercept,
      timeoutInMillis: definition.timeoutInMillis ?? DEFAULT_TIMEOUT_IN_MILLIS,
      onLine: (line) => {
        terminal.note(`${terminal.style('cyan', name)}: ${line}`)
        return terminal.drained
      }
    })
  })
}

/** Loads all; tells, and returns, those that cannot be loaded. */
export async function loadRunners (runners: readonly FunctionRunner[], terminal: Terminal): Promise<FunctionRunner[]> {
  terminal.progress(`Loading ${runners.length} ${runners.length === 1 ? 'function' : 'functions'}`)
  const loaded = await Promise.allSettled(runners.map(async (runner) => { await runner.load() }))
  return runners.filter((_, i) => {
    const one = loaded[i] as PromiseSettledResult<void>
    if (one.status === 'rejected') tellFailure(terminal, one.reason as Error)
    return one.status === 'rejected'
  })
}

/** Watches the folders of all; what it returns ends that. */
export function watchRunners (runners: readonly FunctionRunner[], terminal: Terminal): Array<() => void> {
  const folders = new Set(runners.map(({ options }) => options.directory))
  return [...folders].map((folder) => watchFolder(folder, () => {
    for (const runner of runners) {
      if (runner.options.directory !== folder) continue
      runner.reload().then(
        (tookOver) => { if (tookOver) terminal.note(`${runner.name}: loaded anew`) },
        (error: Error) => {
          tellFailure(terminal, error)
          terminal.note(`${runner.name}: the code from before goes on`)
        }
      )
    }
  }, (error) => { terminal.tell('warning', `${folder} is not watched any more: ${error.message}`) }))
}

function tellFailure (terminal: Terminal, error: Error): void {
  const { message, cause } = error as Error & { cause?: Error }
  const frame = cause?.stack?.split('\n').find((line) => line.trim().startsWith('at ') && !/node:internal|\/serve\/module-fallback\./.test(line))
  terminal.tell('error', `${message}${frame === undefined ? '' : `\n  ${frame.trim()}`}`)
  const [, supplied] = /Cannot find (?:package|module) '(@aws-sdk\/[^'/]+|aws-sdk)/.exec(message) ?? []
  if (supplied !== undefined) terminal.note(`  Lambda supplies it; here: npm install ${supplied}`)
}

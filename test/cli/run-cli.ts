// What the tests of the command line share: the built program in a process of its own, stdout and stderr apart, and
// definitions as `import` writes them.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Test } from 'tap'
import { ROOT } from '../examples/run.ts'

export const FIXTURES = resolve(import.meta.dirname, 'fixtures')
const MAIN = join(ROOT, 'dist/cli/main.js')
const PATIENCE_IN_MILLIS = 30_000

export interface CliOptions {
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly input?: string
}

export interface RunningCli {
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<number | null>
  /** Resolves with the match in what it prints there. */
  printed (where: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>
  interrupt (): Promise<number | null>
  /** Resolves when it has ended by this signal. */
  kill (signal: NodeJS.Signals): Promise<number | null>
}

/** A folder outside of the repository, so that nothing above it is found; gone with the test. */
export function createFolder (t: Test, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'agw-cli-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** Starts the program; whatever happens, it ends with the test. */
export function start (t: Test, args: readonly string[], { env = {}, cwd = ROOT, input = '' }: CliOptions = {}): RunningCli {
  const home = createFolder(t)
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH: process.env.PATH, HOME: home, ...env } })
  t.teardown(() => { child.kill('SIGKILL') })
  child.stdin.end(input)
  const texts = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<number | null>((resolve) => { child.on('close', resolve) })
  return {
    get stdout () { return texts.stdout },
    get stderr () { return texts.stderr },
    ended,
    async printed (where, pattern) {
      return await new Promise((resolve, reject) => {
        function stop (): void {
          clearTimeout(timer)
          listeners.delete(look)
        }
        function giveUp (why: string): void {
          stop()
          reject(new Error(`${why} without printing ${String(pattern)} to ${where}: ${texts.stdout}\n${texts.stderr}`))
        }
        function look (): void {
          const match = pattern.exec(texts[where])
          if (match === null) return
          stop()
          resolve(match)
        }
        const timer = setTimeout(giveUp, PATIENCE_IN_MILLIS, 'went on')
        listeners.add(look)
        void ended.then(() => { giveUp('ended') })
        look()
      })
    },
    async interrupt () {
      return await this.kill('SIGINT')
    },
    async kill (signal) {
      child.kill(signal)
      return await ended
    }
  }
}

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program to its end. */
export async function run (t: Test, args: readonly string[], options?: CliOptions): Promise<Outcome> {
  const program = start(t, args, options)
  const code = await program.ended
  return { code, stdout: program.stdout, stderr: program.stderr }
}

export interface FunctionFixture {
  readonly codeDirectory?: string
  readonly handler: string
  readonly environment?: Record<string, string>
  readonly timeoutInMillis?: number
  readonly layers?: string[]
  readonly problem?: string
  readonly inlineCode?: string
}

export const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`
export const API_ID = 'a1b2c3d4e5'
export const DOMAIN_NAME = `${API_ID}.execute-api.eu-west-1.amazonaws.com`

/** Options with a two-way route for each function, named as the function is. */
export function optionsFor (names: readonly string[]): Record<string, unknown> {
  return {
    name: 'fixture',
    apiId: API_ID,
    region: 'eu-west-1',
    stages: [{ stageName: 'prod' }],
    routeSelectionExpression: '$request.body.action',
    integrations: Object.fromEntries(names.map((name) => [name, { integrationType: 'AWS_PROXY', integrationUri: arnOf(name) }])),
    routes: Object.fromEntries(names.map((name) => [name, { target: `integrations/${name}`, routeResponses: { $default: {} } }]))
  }
}

/** Writes a definition as `import --out` does, and answers with its path. */
export function writeDefinition (
  directory: string, functions: Record<string, FunctionFixture>, options: Record<string, unknown> = optionsFor(Object.keys(functions))
): string {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, 'config.json')
  writeFileSync(path, JSON.stringify({
    kind: 'fastify-apigateway-websocket/1',
    options,
    functions: Object.fromEntries(Object.entries(functions).map(([name, one]) => [
      name, { name, runtime: 'nodejs22.x', environment: {}, timeoutInMillis: 20_000, ...one }
    ]))
  }))
  return path
}

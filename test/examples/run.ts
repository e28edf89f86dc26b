// What the tests of the examples and of the README share: the built package, programs in processes of their own, and a
// client that waits for what comes.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync, utimesSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import WebSocket from 'ws'

export const ROOT = resolve(import.meta.dirname, '../..')
const PATIENCE_IN_MILLIS = 15_000

/** Held by the file of tests that builds; the others wait for it. */
const LOCK = join(ROOT, '.tap/building')
const LONGEST_BUILD_IN_MILLIS = 120_000

/** Builds dist/ where it is older than the sources: examples import the package by its name, as its users do. */
export async function build (): Promise<void> {
  while (!isBuilt()) {
    if (takeLock()) {
      const compiler = runProgram([join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'])
      const code = await compiler.ended
      // What did not change is not written again.
      const now = new Date()
      if (code === 0) utimesSync(join(ROOT, 'dist/index.js'), now, now)
      rmdirSync(LOCK)
      if (code !== 0) throw new Error(`the build failed: ${compiler.output}`)
    } else {
      await delay(100)
    }
  }
  while (existsSync(LOCK)) await delay(100)
}

function isBuilt (): boolean {
  const sources = ['lib', 'types'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => modifiedAt(join(folder, file))))
  return modifiedAt('dist/index.js') > Math.max(...sources)
}

function takeLock (): boolean {
  mkdirSync(join(ROOT, '.tap'), { recursive: true })
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Infinity)
  if (age > LONGEST_BUILD_IN_MILLIS) rmdirSync(LOCK)
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    return false
  }
}

function modifiedAt (path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

export interface Program {
  /** All it has printed so far. */
  readonly output: string
  /** Its exit code. */
  readonly ended: Promise<number | null>
  /** Resolves with what it printed that matches; rejects when it ends before, or after a while. */
  printed (pattern: RegExp): Promise<string>
  /** Sends Ctrl-C and waits for the exit code. */
  interrupt (): Promise<number | null>
}

/** Runs Node with these arguments, in the repository's folder where no other is named, and without what tap hands down to its children. */
export function runProgram (args: readonly string[], env: Record<string, string> = {}, cwd = ROOT): Program {
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } })
  let output = ''
  let listener = (): void => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
      listener()
    })
  }
  const ended = new Promise<number | null>((resolve) => { child.on('close', resolve) })
  return {
    get output () { return output },
    ended,
    async printed (pattern) {
      return await new Promise((resolve, reject) => {
        const giveUp = (why: string): void => { reject(new Error(`${why} without printing ${String(pattern)}: ${output}`)) }
        const timer = setTimeout(giveUp, PATIENCE_IN_MILLIS, 'went on')
        listener = () => {
          const match = pattern.exec(output)
          if (match === null) return
          clearTimeout(timer)
          resolve(match[0])
        }
        void ended.then(() => { giveUp('ended') })
        listener()
      })
    },
    async interrupt () {
      child.kill('SIGINT')
      return await ended
    }
  }
}

export async function findFreePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, () => { resolve() }) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}

/** Resolves when a server on the port answers; rejects after a while. */
export async function isListening (port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_IN_MILLIS
  while (performance.now() < deadline) {
    if (await fetch(`http://localhost:${port}/`).then(() => true, () => false)) return
    await delay(50)
  }
  throw new Error(`nothing listens on ${port}`)
}

export interface Talker {
  readonly socket: WebSocket
  /** The close code. */
  readonly closed: Promise<number>
  /** The next message that was not taken yet. */
  next (): Promise<string>
}

/** A client; rejects where the handshake is refused. */
export async function connect (t: Test, url: string): Promise<Talker> {
  const socket = new WebSocket(url)
  t.teardown(() => { socket.terminate() })
  const messages: string[] = []
  let wake = (): void => {}
  socket.on('message', (data) => {
    messages.push(String(data))
    wake()
  })
  const closed = new Promise<number>((resolve) => { socket.on('close', resolve) })
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => { resolve() })
    socket.on('error', reject)
  })
  return {
    socket,
    closed,
    async next () {
      const deadline = performance.now() + PATIENCE_IN_MILLIS
      while (messages.length === 0) {
        if (performance.now() > deadline) throw new Error('no message came')
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, PATIENCE_IN_MILLIS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      return messages.shift() as string
    }
  }
}

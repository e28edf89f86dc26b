// What a command is, and what it is run with.
import type { Terminal } from './terminal.ts'

/** 0: done, perhaps with warnings. 1: errors. 2: nothing was done, for the input or the call is wrong. */
export type ExitCode = 0 | 1 | 2

/** An option as `--help` and the page of reference tell it. */
export interface Option {
  readonly name: string
  readonly short?: string
  /** What stands behind it, `<file>`; absent of a switch. */
  readonly value?: string
  /** Whether it may be given several times. */
  readonly isRepeatable?: boolean
  readonly help: string
}

/** What was given of the options: a text for those with a value, all texts of those that may be repeated. */
export class Values {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor (values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  has (name: string): boolean {
    return this.#values.has(name)
  }

  /** The last one wins. */
  get (name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  all (name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }
}

export interface Call {
  readonly values: Values
  readonly positionals: readonly string[]
  /** What stands behind `--`. */
  readonly rest: readonly string[]
  readonly terminal: Terminal
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder. */
  readonly directory: string
  readStdin (): Promise<string>
}

export interface Command {
  readonly name: string
  /** In one line. */
  readonly summary: string
  /** Behind the command's name: `<file|dir> [options]`. */
  readonly usage: readonly string[]
  /** What it does, in paragraphs. */
  readonly description: string
  readonly options: ReadonlyArray<{ readonly title: string, readonly options: readonly Option[] }>
  /** How many positionals it takes. */
  readonly positionals: readonly [least: number, most: number]
  /** Whether it takes arguments behind `--`. */
  readonly takesRest?: boolean
  readonly examples: ReadonlyArray<readonly [call: string, what: string]>
  readonly exitCodes: Readonly<Record<ExitCode, string>>
  /** Loads a server only if it needs one: all commands are loaded for --help. */
  run (call: Call): Promise<ExitCode>
}

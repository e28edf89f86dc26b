// Reads the arguments of a command; what is misspelt is refused with what was probably meant.
import { parseArgs } from 'node:util'
import { CliUsageError } from '../errors.ts'
import { Values } from './command.ts'
import type { Command, Option } from './command.ts'
import { suggest } from './suggest.ts'

export interface Arguments {
  readonly values: Values
  readonly positionals: readonly string[]
  /** What stands behind `--`. */
  readonly rest: readonly string[]
}

export const HELP_OPTION: Option = { name: 'help', short: 'h', help: 'Says what the command does, and what its options mean.' }

/** Throws AGW_ERR_CLI_USAGE. */
export function parseArguments (command: Command, args: readonly string[]): Arguments {
  const options = [HELP_OPTION, ...command.options.flatMap((group) => group.options)]
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(options.map(({ name, short, value }) => [
      name, { type: value === undefined ? 'boolean' as const : 'string' as const, ...(short === undefined ? undefined : { short }) }
    ]))
  })
  const values = new Map<string, string[]>()
  const positionals: string[] = []
  const rest: string[] = []
  let isBehind = false
  for (const token of tokens) {
    if (token.kind === 'option-terminator') {
      isBehind = true
    } else if (token.kind === 'positional') {
      ;(isBehind && command.takesRest === true ? rest : positionals).push(token.value)
    } else {
      const option = options.find(({ name }) => name === token.name)
      if (option === undefined) throw createUnknownError(command, token.rawName, options)
      const given = values.get(option.name) ?? []
      if (given.length > 0 && option.value !== undefined && option.isRepeatable !== true) {
        throw new CliUsageError(`${token.rawName} is given twice`)
      }
      values.set(option.name, [...given, readValue(option, token)])
    }
  }
  if (!values.has(HELP_OPTION.name)) checkPositionals(command, positionals)
  return { values: new Values(values), positionals, rest }
}

interface OptionToken {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function readValue ({ value: form }: Option, { rawName, value, inlineValue }: OptionToken): string {
  if (form === undefined) {
    if (inlineValue === true) throw new CliUsageError(`${rawName} is a switch and takes no value, but got "${value}"`)
    return ''
  }
  // A lone - is stdin.
  const isNextOption = inlineValue !== true && value !== undefined && value.length > 1 && value.startsWith('-')
  if (value === undefined || isNextOption) {
    throw new CliUsageError(`${rawName} needs a value: ${rawName} ${form}${isNextOption ? ` (write ${rawName}=${value} where ${value} is meant)` : ''}`)
  }
  return value
}

function createUnknownError (command: Command, rawName: string, options: readonly Option[]): Error {
  const nearest = suggest(rawName.replace(/^-+/, ''), options.map(({ name }) => name))
  return new CliUsageError(`${command.name} has no option ${rawName}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`)
}

function checkPositionals ({ name, usage, positionals: [least, most] }: Command, positionals: readonly string[]): void {
  if (positionals.length < least) throw new CliUsageError(`${name} lacks an argument: ${name} ${usage[0] ?? ''}`)
  if (positionals.length > most) throw new CliUsageError(`${name} takes ${most === 1 ? 'one argument' : `${most} arguments`}, and "${positionals[most]}" is one too many`)
}

/** Reads `K=V` of an option that may be repeated. Throws AGW_ERR_CLI_USAGE. */
export function readPairs (values: Values, name: string): Map<string, string> {
  return new Map(values.all(name).map((text) => {
    const at = text.indexOf('=')
    if (at < 1) throw new CliUsageError(`--${name} is "${text}"; it must be of the form name=value`)
    return [text.slice(0, at), text.slice(at + 1)]
  }))
}

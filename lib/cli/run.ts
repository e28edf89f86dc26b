// Runs the program: finds the command, reads its arguments, turns what it throws into a message and an exit code.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ReportEntry } from '../../types/migrate.js'
import { CliUsageError } from '../errors.ts'
import { parseArguments } from './arguments.ts'
import { CHECK } from './check-command.ts'
import type { Call, Command, ExitCode } from './command.ts'
import { EXPORT } from './export-command.ts'
import { BIN, renderCommandHelp, renderHelp } from './help.ts'
import { IMPORT } from './import-command.ts'
import { SERVE } from './serve-command.ts'
import { tellReport } from './report.ts'
import { suggest } from './suggest.ts'
import type { Terminal } from './terminal.ts'

export const COMMANDS: readonly Command[] = [SERVE, IMPORT, CHECK, EXPORT]

const HELP = ['--help', '-h', 'help']
const VERSION = ['--version', '-v']
/** Errors that say: nothing was done, for the input or the call is wrong. */
const INPUT_CODES: ReadonlySet<unknown> = new Set([
  'AGW_ERR_CLI_INPUT', 'AGW_ERR_CLI_USAGE', 'AGW_ERR_EXPORT_OPTION',
  'AGW_ERR_MIGRATE_AMBIGUOUS', 'AGW_ERR_MIGRATE_CLIENT', 'AGW_ERR_MIGRATE_LIVE_API', 'AGW_ERR_MIGRATE_SOURCE'
])

export async function run (args: readonly string[], call: Pick<Call, 'env' | 'directory' | 'readStdin'> & { terminal: Terminal }): Promise<ExitCode> {
  const { terminal } = call
  let source = ''
  try {
    const [name, ...rest] = args
    if (name === undefined) {
      terminal.note(renderHelp(COMMANDS))
      return 2
    }
    if (HELP.includes(name)) {
      terminal.print(rest[0] === undefined ? renderHelp(COMMANDS) : renderCommandHelp(findCommand(rest[0])))
      return 0
    }
    if (VERSION.includes(name)) {
      terminal.print(await readVersion())
      return 0
    }
    const command = findCommand(name)
    const { values, positionals, rest: behind } = parseArguments(command, rest)
    if (values.has('help')) {
      terminal.print(renderCommandHelp(command))
      return 0
    }
    source = basename(positionals[0] ?? '')
    return await command.run({ ...call, values, positionals, rest: behind })
  } catch (error) {
    return tellError(terminal, error as Error, source === '-' ? 'stdin' : source)
  }
}

/** Throws AGW_ERR_CLI_USAGE. */
function findCommand (name: string): Command {
  const command = COMMANDS.find((one) => one.name === name)
  if (command !== undefined) return command
  const nearest = suggest(name, COMMANDS.map((one) => one.name))
  throw new CliUsageError(`there is no ${name.startsWith('-') ? 'option' : 'command'} ${name}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`)
}

async function readVersion (): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}

function tellError (terminal: Terminal, error: Error & { code?: unknown, report?: readonly ReportEntry[] }, source: string): ExitCode {
  // Of a refusal that lists everything, the list says more than its message.
  if (error.report !== undefined) tellReport(terminal, error.report, source)
  terminal.tell('error', error.report === undefined ? error.message : firstLine(error.message))
  if (error instanceof CliUsageError) terminal.note(`npx ${BIN} --help says more.`)
  return INPUT_CODES.has(error.code) ? 2 : 1
}

function firstLine (text: string): string {
  return text.split('\n', 1)[0] as string
}

// The texts of --help.
import { HELP_OPTION } from './arguments.ts'
import type { Command, ExitCode, Option } from './command.ts'

export const BIN = 'fastify-apigateway-websocket'
const WIDTH = 100
const INDENT = 2

/** The help of the program. */
export function renderHelp (commands: readonly Command[]): string {
  const nameWidth = Math.max(...commands.map(({ name }) => name.length))
  return [
    `${BIN}: WebSocket APIs of Amazon API Gateway on your own Fastify server.`,
    section('Usage', [`npx ${BIN} <command> [arguments]`, `npx ${BIN} <command> --help`]),
    section('Commands', commands.map(({ name, summary }) => `${name.padEnd(nameWidth)}  ${summary}`)),
    section('Examples', commands.flatMap(({ examples }) => examples.slice(0, 1).map(([call]) => `npx ${BIN} ${call}`))),
    section('Options', ['--help, -h     This text, or that of a command.', '--version, -v  The version of the package.']),
    'Results go to stdout, everything else to stderr. NO_COLOR switches colours off.'
  ].join('\n\n')
}

/** The help of one command. */
export function renderCommandHelp (command: Command): string {
  const { name, usage, description, options, examples, exitCodes } = command
  const groups = [...options, { title: 'Help', options: [HELP_OPTION] }]
  const width = Math.max(...groups.flatMap((group) => group.options.map((option) => renderOption(option).length)))
  return [
    command.summary,
    section('Usage', usage.map((line) => `npx ${BIN} ${name} ${line}`)),
    ...description.split('\n\n').map((paragraph) => wrap(paragraph, 0)),
    ...groups.map((group) => section(group.title, group.options.map((option) => {
      const text = `${option.help}${option.isRepeatable === true ? ' May be repeated.' : ''}`
      return `${renderOption(option).padEnd(width)}  ${wrap(text, width + 2 + INDENT).trimStart()}`
    }))),
    section('Examples', examples.map(([call, what]) => `${wrap(`# ${what}`, INDENT).trimStart()}\n${' '.repeat(INDENT)}npx ${BIN} ${call}`)),
    section('Exit code', ([0, 1, 2] as const satisfies ExitCode[]).map((code) => `${code}  ${exitCodes[code]}`))
  ].join('\n\n')
}

function renderOption ({ name, short, value }: Option): string {
  return `--${name}${short === undefined ? '' : `, -${short}`}${value === undefined ? '' : ` ${value}`}`
}

function section (title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => ' '.repeat(INDENT) + line).join('\n')}`
}

/** Breaks a text between words; every line but the first is indented. */
function wrap (text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll('\n', ' ').split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

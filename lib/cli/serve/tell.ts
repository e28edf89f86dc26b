// What `serve` tells: the functions it runs, what is missing, where it listens.
import { relative } from 'node:path'
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import type { Terminal } from '../terminal.ts'
import type { BoundFunction, Missing } from './function-bindings.ts'
import { hasCredentials } from './function-environment.ts'
import type { Environment } from './function-environment.ts'
import { listLocalPaths } from './local-names.ts'

export function tellFunctions (terminal: Terminal, bound: readonly BoundFunction[], workingDirectory: string): void {
  const width = Math.max(0, ...bound.map(({ definition }) => definition.name.length))
  for (const { definition, handlerFile, loader } of bound) {
    const { name, layers = [], inlineCode } = definition
    const isInline = inlineCode !== undefined && !handlerFile.file.startsWith(workingDirectory)
    const file = isInline ? 'code in the definition, ' : relative(workingDirectory, handlerFile.file)
    terminal.note(`  ${name.padEnd(width)}  ${file}#${handlerFile.exportPath.join('.')}${loader === undefined ? '' : ` by ${loader.name}`}`)
    if (layers.length > 0) terminal.tell('warning', `${name} has layers, which are not here: ${layers.join(', ')}; install what they hold beside the handler`)
  }
}

/** Whether something is missing. */
export function tellMissing (terminal: Terminal, { functions, services }: Record<'functions' | 'services', readonly Missing[]>): boolean {
  for (const [noun, missing] of [['function', functions], ['service', services]] as const) {
    for (const { name, why, hint } of missing) terminal.tell('error', `${noun} ${name}: ${why}\n  bind it: ${hint}`)
  }
  return functions.length + services.length > 0
}

export interface Listening {
  readonly options: ApiGatewayWebSocketOptions
  readonly host: string
  readonly port: number
  readonly names: readonly string[]
  readonly env: Environment
}

export function tellListening (terminal: Terminal, { options, host, port, names, env }: Listening): void {
  const at = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const { domainName } = options
  for (const local of listLocalPaths(options)) {
    terminal.print(`ws://${at}${local.path}`)
    const path = local.path === '/' ? '' : local.path
    terminal.note(`  @connections: http://${at}${path}/@connections, for this machine alone; to handlers the API is https://${local.domainName}${path}`)
  }
  terminal.note(names.length === 0
    ? `Handlers that call https://${domainName}/… reach AWS, not this server; --intercept leads them here.`
    : `Intercepted: https connections of handlers to ${names.join(', ')} come to this server. All others are untouched.`)
  terminal.note(hasCredentials(env)
    ? 'Handlers have the credentials of AWS that this machine has.'
    : 'This machine has no credentials of AWS: handlers get ones that AWS refuses.')
  terminal.note('Ctrl-C ends it.')
}

// Loads the application that `export` asks: fastify-cli's conventions, a plugin by default export.
import Fastify from 'fastify'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CliInputError } from '../errors.ts'
import { urlOf } from './serve/handler-file.ts'

type Plugin = (scope: FastifyInstance, options: object, done: (error?: Error) => void) => unknown

interface AppModule {
  readonly default?: unknown
  readonly options?: object
}

const CALLBACK_PARAMETERS = 3

/** The application, its plugins loaded. Throws AGW_ERR_CLI_INPUT. */
export async function loadApp (path: string, directory: string, pluginArgs: readonly string[]): Promise<FastifyInstance> {
  const file = resolve(directory, path)
  await stat(file).catch(() => { throw new CliInputError(`${path} does not exist`) })
  const module = await import(urlOf(file)).catch((error: Error) => {
    throw Object.assign(new CliInputError(`${path} cannot be loaded: ${error.message}`), { cause: error })
  }) as AppModule
  const exported = unwrap(module.default)
  if (isInstance(exported)) {
    await exported.ready()
    return exported
  }
  if (typeof exported !== 'function') {
    throw new CliInputError(`${path} has no default export that is a plugin, async (app, options) => …, or a Fastify instance`)
  }
  const app = Fastify({ logger: false, ...module.options })
  const plugin = exported as Plugin
  const options = readPluginOptions(pluginArgs)
  // In the scope of the instance itself, so that what the plugin decorates is seen.
  if (plugin.length >= CALLBACK_PARAMETERS) app.register(fastifyPlugin((scope, given, done) => { plugin(scope, given, done) }), options)
  else app.register(fastifyPlugin((async (scope, given) => { await plugin(scope, given, () => {}) }) as FastifyPluginAsync), options)
  await app.ready()
  return app
}

/** CommonJS that was compiled from a module has a default inside its default. */
function unwrap (exported: unknown): unknown {
  const inner = (exported as { default?: unknown } | null | undefined)?.default
  return typeof exported === 'object' && inner !== undefined ? inner : exported
}

function isInstance (value: unknown): value is FastifyInstance {
  return typeof (value as Partial<FastifyInstance> | null)?.ready === 'function'
}

/** What stands behind `--`, as fastify-cli reads it: `--table-name chat` is `{ tableName: 'chat' }`. */
function readPluginOptions (args: readonly string[]): Record<string, string | boolean> {
  const { values } = parseArgs({ args: joinValues(args), strict: false, allowPositionals: true })
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [
    name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()), value as string | boolean
  ]))
}

/** Every option may have a value: what follows it and is none itself. */
function joinValues (args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1)
    if (last?.startsWith('--') === true && !last.includes('=') && !arg.startsWith('-')) joined[joined.length - 1] = `${last}=${arg}`
    else joined.push(arg)
    return joined
  }, [])
}

// import: writes what a definition becomes, as JSON or as an application.
import { existsSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { CliUsageError } from '../errors.ts'
import { renderAppFile } from './app-file.ts'
import { readPairs } from './arguments.ts'
import type { Command } from './command.ts'
import { renderConfigFile } from './config-file.ts'
import { readDefinition } from './definition.ts'
import { GROUPS } from './import-options.ts'
import { writeOutput } from './output-file.ts'
import { exitCodeOf, renderCounts, tellReport, writeReport } from './report.ts'
import { bindFunctions } from './serve/function-bindings.ts'

const APP_EXTENSIONS = ['.mjs', '.js']
const CONFIG_EXTENSION = '.json'
/** Beside an application: code that was written into the definition. */
const INLINE_FOLDER = 'functions'

export const IMPORT: Command = {
  name: 'import',
  summary: 'Writes the options that a definition becomes, as JSON or as a Fastify application.',
  usage: ['<file|dir|-> [options]', '--api-id <id> [options]'],
  description: `Reads a definition as "check" does, and writes what it becomes. JSON holds the options of the plugin and the functions they need; "serve" reads it, too. An application (--out app.mjs) is a file of your own from then on: it imports the handlers, registers the plugin, and listens; run it with node after npm install fastify fastify-apigateway-websocket.

All functions of such an application share one process and its environment variables. Where two of them need different values under one name, the file says so at the place; "serve" gives each its own process.`,
  positionals: [0, 1],
  options: [
    {
      title: 'What is written',
      options: [
        { name: 'out', value: '<file>', help: 'config.json, or app.mjs or app.js for an application. JSON on stdout where absent.' },
        { name: 'force', help: 'Writes an application over a file that is there.' }
      ]
    },
    GROUPS.source,
    GROUPS.values,
    GROUPS.functions,
    GROUPS.report
  ],
  examples: [
    ['import template.yaml --out app.mjs', 'A SAM template becomes an application'],
    ['import template.yaml --out config.json --report report.json', 'Options as JSON, and everything there is to know about them'],
    ['import --api-id a1b2c3d4e5 --region eu-west-1 --out config.json', 'An API that runs on AWS']
  ],
  exitCodes: {
    0: 'written, perhaps with warnings',
    1: 'written, and the report has errors, or with --strict warnings',
    2: 'the definition cannot be read, or the call is wrong; nothing was written'
  },
  async run (call) {
    const { values, terminal, directory } = call
    const out = values.get('out')
    const extension = out === undefined ? CONFIG_EXTENSION : extname(out)
    if (extension !== CONFIG_EXTENSION && !APP_EXTENSIONS.includes(extension)) {
      throw new CliUsageError(`--out is "${out}"; it must end with .json, .mjs or .js`)
    }
    const file = out === undefined ? undefined : resolve(directory, out)
    const target = file === undefined ? directory : dirname(file)
    if (file !== undefined && APP_EXTENSIONS.includes(extension) && existsSync(file) && !values.has('force')) {
      throw new CliUsageError(`--out ${out} is there already, and may hold your own work; --force writes over it`)
    }
    const imported = await readDefinition(call)
    tellReport(terminal, imported.report, imported.name)
    await writeReport(call, imported.report)
    const functions = values.get('functions')
    const { listRequired } = await import('./serve/required.ts')
    const required = listRequired(imported.options)
    const text = extension === CONFIG_EXTENSION
      ? renderConfigFile(imported, target)
      : renderAppFile({
        imported,
        source: imported.name,
        directory: target,
        services: [...required.services.keys()],
        ...bindFunctions({
          imported,
          required: required.functions,
          functionsDirectory: functions === undefined ? undefined : resolve(directory, functions),
          map: readPairs(values, 'map'),
          directory,
          inlineDirectory: () => join(target, INLINE_FOLDER)
        })
      })
    if (file === undefined) terminal.print(text)
    else await writeOutput(call, 'out', text)
    terminal.note(`${imported.name}: ${renderCounts(imported.report)}${out === undefined ? '' : `; written to ${out}`}`)
    return exitCodeOf(imported.report, values.has('strict'))
  }
}

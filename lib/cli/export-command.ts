// export: prints a template, or a description, of the API that an application declares.
import { dirname, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { WebSocketApi } from '../../types/index.js'
import type { ReportEntry } from '../../types/migrate.js'
import { CliInputError, CliUsageError } from '../errors.ts'
import type { Call, Command } from './command.ts'
import { writeOutput } from './output-file.ts'
import { exitCodeOf, renderCounts, tellReport, writeReport } from './report.ts'
import { suggest } from './suggest.ts'

const FORMATS = ['cloudformation', 'asyncapi']
const FUNCTION_MODES = ['sam', 'arn', 'parameter']

/** Which options are of which format. */
const OWN_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  cloudformation: ['code-uri', 'function-mode'], asyncapi: ['asyncapi-version']
}

export const EXPORT: Command = {
  name: 'export',
  summary: 'Prints the CloudFormation template, or the AsyncAPI document, of an application.',
  usage: ['<app file> [options] [-- <plugin options>]'],
  description: `Loads an application as fastify-cli does (its default export is a plugin, "export const options" are those of the server), waits until it is ready, prints what app.webSocketApi.toCloudFormation() or toAsyncAPI() gives, and closes it. Nothing listens.

Handlers inside of the application cannot be deployed as they are: the report names each route, and what to do.`,
  positionals: [1, 1],
  takesRest: true,
  options: [
    {
      title: 'What is printed',
      options: [
        { name: 'format', value: '<format>', help: `${FORMATS.join(' or ')}. cloudformation where absent.` },
        { name: 'yaml', help: 'YAML in place of JSON.' },
        { name: 'out', value: '<file>', help: 'Writes it there. stdout where absent.' },
        { name: 'api', value: '<name>', help: 'Which API, by the name it was registered with, where the application has several.' },
        { name: 'stage', value: '<name>', isRepeatable: true, help: 'That stage alone; all where absent.' }
      ]
    },
    {
      title: 'CloudFormation',
      options: [
        { name: 'code-uri', value: '<dir>', help: 'CodeUri of functions.' },
        { name: 'function-mode', value: '<mode>', help: 'sam: functions become AWS::Serverless::Function. arn: the ARNs stay. parameter: each becomes a parameter of the template. sam where absent.' }
      ]
    },
    { title: 'AsyncAPI', options: [{ name: 'asyncapi-version', value: '<version>', help: '3.0.0 where absent.' }] },
    {
      title: 'Report',
      options: [
        { name: 'report', value: '<file>', help: 'Writes the whole report as JSON.' },
        { name: 'strict', help: 'Ends with 1 on warnings, too.' }
      ]
    }
  ],
  examples: [
    ['export app.js --out template.json', 'A template for "sam deploy"'],
    ['export app.js --format asyncapi --yaml', 'A description of the messages'],
    ['export app.js -- --table-name chat', 'With an option for the plugin: { tableName: "chat" }']
  ],
  exitCodes: {
    0: 'printed, perhaps with warnings',
    1: 'printed, and the report has errors, or with --strict warnings',
    2: 'the application cannot be loaded, has no API, or the call is wrong'
  },
  async run (call) {
    const { values, terminal, directory, positionals: [path = ''] } = call
    const format = choose(call, 'format', FORMATS) ?? 'cloudformation'
    const functionMode = choose(call, 'function-mode', FUNCTION_MODES)
    const stray = Object.entries(OWN_OPTIONS).flatMap(([of, names]) => of === format ? [] : names).find((name) => values.has(name))
    if (stray !== undefined) throw new CliUsageError(`--${stray} has no meaning for --format ${format}`)
    const stages = values.all('stage')
    const out = values.get('out')
    const codeUri = values.get('code-uri')
    const asyncApiVersion = values.get('asyncapi-version')
    terminal.progress(`Loading ${path}`)
    const { loadApp } = await import('./app-module.ts')
    const app = await loadApp(path, directory, call.rest)
    let document: object
    let report: readonly ReportEntry[]
    try {
      const api = findApi(app, values.get('api'), path)
      const ofStages = stages.length === 0 ? {} : { stages: [...stages] }
      if (format === 'asyncapi') {
        ({ document, report } = await api.toAsyncAPI({
          ...ofStages, ...(asyncApiVersion === undefined ? undefined : { asyncApiVersion: asyncApiVersion as '3.0.0' })
        }))
      } else {
        ({ template: document, report } = await api.toCloudFormation({
          ...ofStages,
          directory: out === undefined ? directory : dirname(resolve(directory, out)),
          ...(codeUri === undefined ? undefined : { codeUri }),
          ...(functionMode === undefined ? undefined : { functionMode: functionMode as 'sam' })
        }))
      }
    } finally {
      await app.close()
    }
    const text = values.has('yaml') ? await renderYaml(document) : JSON.stringify(document, undefined, 2)
    tellReport(terminal, report, path)
    await writeReport(call, report)
    if (out === undefined) terminal.print(text)
    else await writeOutput(call, 'out', text)
    terminal.note(`${path}: ${renderCounts(report)}${out === undefined ? '' : `; written to ${out}`}`)
    return exitCodeOf(report, values.has('strict'))
  }
}

async function renderYaml (document: unknown): Promise<string> {
  const { stringify } = await import('yaml')
  // CloudFormation reads YAML 1.1, in which yes and 012 are no texts: those are quoted.
  return stringify(document, { version: '1.1', aliasDuplicateObjects: false }).trimEnd()
}

function findApi (app: FastifyInstance, name: string | undefined, path: string): WebSocketApi {
  const api = (app as Partial<FastifyInstance>).webSocketApi
  if (api === undefined) {
    throw new CliInputError(`${path} registers no fastify-apigateway-websocket in its own scope; register it there, or wrap the plugin that does with fastify-plugin`)
  }
  return name === undefined ? api : api.get(name)
}

function choose ({ values }: Call, name: string, allowed: readonly string[]): string | undefined {
  const given = values.get(name)
  if (given === undefined || allowed.includes(given)) return given
  const nearest = suggest(given, allowed)
  throw new CliUsageError(`--${name} is "${given}"; it must be one of ${allowed.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`)
}

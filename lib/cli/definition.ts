// Reads the definition that a command is called with: a file, a folder, stdin, a live API, or what `import` wrote.
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { ImportedDefinition, ImportOptions } from '../../types/migrate.js'
import { readPairs } from './arguments.ts'
import type { Call } from './command.ts'
import { readConfigFile } from './config-file.ts'
import { CliInputError, CliUsageError } from '../errors.ts'
import { FORMATS } from './import-options.ts'
import { REGION_ALLOWED, REGION_PATTERN } from '../partitions.ts'
import { suggest } from './suggest.ts'

const ACCOUNT_ID = /^\d{12}$/

export interface Definition extends ImportedDefinition {
  /** As told to people. */
  readonly name: string
  /** The file or folder it was read from; absent of stdin and of a live API. */
  readonly path?: string
}

/** Throws AGW_ERR_CLI_INPUT, AGW_ERR_CLI_USAGE, or what reading the definition throws. */
export async function readDefinition (call: Call): Promise<Definition> {
  const { values, positionals: [given], directory, terminal } = call
  const options = await readImportOptions(call)
  const apiId = values.get('api-id')
  if ((given === undefined) === (apiId === undefined)) {
    throw new CliUsageError(given === undefined ? 'no definition is given; name a file, a folder, - for stdin, or --api-id' : 'a file and --api-id are given; name one of them')
  }
  const { importDefinition } = await import('../migrate/index.ts')
  if (apiId !== undefined) {
    terminal.progress(`Reading the API ${apiId} from AWS`)
    return { name: apiId, ...await importDefinition({ apiId }, options) }
  }
  // With a line break it is a text, never a path, even where nothing came.
  if (given === '-') return { name: 'stdin', ...await importDefinition(`${await call.readStdin()}\n`, options) }
  const path = resolve(directory, given as string)
  const found = await stat(path).catch(() => { throw new CliInputError(`${given} does not exist`) })
  terminal.progress(`Reading ${given}`)
  const config = found.isFile() ? readConfigFile(await readFile(path, 'utf8'), dirname(path)) : undefined
  return { name: basename(path), path, ...config ?? await importDefinition(path, options) }
}

async function readImportOptions ({ values, directory }: Call): Promise<ImportOptions> {
  const format = values.get('format')
  if (format !== undefined && !(FORMATS as readonly string[]).includes(format)) {
    const nearest = suggest(format, FORMATS)
    throw new CliUsageError(`--format is "${format}"; it must be one of ${FORMATS.join(', ')}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`)
  }
  const region = values.get('region')
  if (region !== undefined && !new RegExp(REGION_PATTERN).test(region)) throw new CliUsageError(`--region is "${region}"; it must be ${REGION_ALLOWED}`)
  const accountId = values.get('account')
  if (accountId !== undefined && !ACCOUNT_ID.test(accountId)) throw new CliUsageError(`--account is "${accountId}"; it must be 12 digits`)
  const texts = { api: values.get('api'), stage: values.get('stage'), region, accountId, format }
  return {
    directory,
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
    parameters: { ...await readParameters(values.get('params'), directory), ...Object.fromEntries(readPairs(values, 'param')) },
    importValues: Object.fromEntries(readPairs(values, 'import-value')),
    variables: Object.fromEntries(readPairs(values, 'var'))
  }
}

/** `{ "Name": "value" }`, or `[{ "ParameterKey": "Name", "ParameterValue": "value" }]`. */
async function readParameters (path: string | undefined, directory: string): Promise<Record<string, string>> {
  if (path === undefined) return {}
  const content = await readFile(resolve(directory, path), 'utf8').then((text) => JSON.parse(text) as unknown)
    .catch((error: Error) => { throw new CliInputError(`--params ${path} cannot be read: ${error.message}`) })
  const entries: unknown[][] = Array.isArray(content)
    ? content.map((one) => [one?.ParameterKey, one?.ParameterValue])
    : Object.entries((content ?? {}) as object)
  const wrong = entries.find(([name, value]) => typeof name !== 'string' || typeof value !== 'string')
  if (typeof content !== 'object' || content === null || wrong !== undefined) {
    throw new CliInputError(`--params ${path} is not an object of strings, nor a list of { "ParameterKey", "ParameterValue" }`)
  }
  return Object.fromEntries(entries) as Record<string, string>
}

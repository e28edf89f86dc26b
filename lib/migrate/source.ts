// Where a definition comes from: a path, a folder, standard input, a text, an object. Gives its value, positions and format.
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import type { DefinitionFormat, ImportOptions, SourcePosition } from '../../types/migrate.js'
import { DefinitionSourceError } from '../errors.ts'
import { formatOf, isAnswerName } from './format.ts'
import { copyPlainValue } from './plain-value.ts'
import { isOutside } from '../paths.ts'
import type { ParsedText } from './positions.ts'
import { quote } from './quote.ts'
import type { Json, JsonObject, PropertyPath } from './resource.ts'
import { parseYaml } from './yaml.ts'

const FORMATS: readonly DefinitionFormat[] = ['cloudformation', 'sam', 'serverless', 'terraform-json', 'aws-cli']
/** What a project calls its definition, where a folder is given. */
const DEFINITION_NAMES = /^(?:template\.(?:ya?ml|json)|serverless\.(?:ya?ml|json)|.+\.template\.json|plan\.json|state\.json|get-api\.json)$/
/** No definition is larger, and a file is read as a whole. */
const MAXIMUM_BYTES = 256_000_000

/** A definition before it is known what it says. */
export interface Source {
  /** Absolute; absent of a text or an object. */
  readonly path?: string
  /** Where relative paths of the definition begin. */
  readonly directory: string
  readonly text?: string
  /** The value of the text; of a folder of answers of `aws apigatewayv2` each answer by the name of its file without `.json`. */
  readonly value: JsonObject
  readonly format: DefinitionFormat
  positionOf (path: PropertyPath): SourcePosition | undefined
}

/** Reads a definition: a path of a file or folder, `-` for standard input, a text, or an object. */
export async function readSource (source: unknown, options: ImportOptions): Promise<Source> {
  const directory = resolve(options.directory ?? '.')
  if (typeof source === 'object' && source !== null) {
    return complete({ directory, value: copyPlainValue(source, 'object'), positionOf: () => undefined }, 'object', options)
  }
  if (typeof source !== 'string') throw new DefinitionSourceError('source', `A ${typeof source} is neither path nor text nor object`)
  if (source === '-') return fromText(await readText(process.stdin), 'standard input', { directory }, options)
  if (isText(source)) return fromText(source, 'text', { directory }, options)
  const path = resolve(directory, source)
  return statOf(path).isDirectory() ? fromFolder(path, options) : fromFile(path, options)
}

/** No path has a line break, or begins as JSON does. */
function isText (source: string): boolean {
  return /[\n\r]|^\s*[[{]/.test(source)
}

function fromFile (path: string, options: ImportOptions): Source {
  return fromText(readDefinitionFile(path), path, { path, directory: dirname(path) }, options)
}

function fromText (text: string, name: string, place: Pick<Source, 'path' | 'directory'>, options: ImportOptions): Source {
  return complete({ ...place, text, ...parseYaml(text, name) }, name, options)
}

function fromFolder (path: string, options: ImportOptions): Source {
  const names = readdirSync(path)
  if (names.includes('get-api.json')) return fromAnswers(path, names, options)
  const found = names.filter((name) => DEFINITION_NAMES.test(name))
  if (found.length !== 1) {
    throw new DefinitionSourceError(path, found.length === 0
      ? 'Folder has no template.yaml, *.template.json, serverless.yml, plan.json, state.json or get-api.json; name the file'
      : `Folder has several definitions, ${found.join(', ')}; name one of them`)
  }
  return fromFile(join(path, found[0] as string), options)
}

/** Each answer of `aws apigatewayv2` as a member of one value. */
function fromAnswers (path: string, names: readonly string[], options: ImportOptions): Source {
  const answers = new Map(names.filter((name) => isAnswerName(name) && name.endsWith('.json')).sort()
    .map((name) => [name.slice(0, -'.json'.length), readAnswer(path, join(path, name))]))
  const value: JsonObject = Object.create(null)
  for (const [name, answer] of answers) value[name] = answer.value
  const positionOf = ([name, ...rest]: PropertyPath): SourcePosition | undefined => answers.get(String(name))?.positionOf(rest)
  return complete({ path, directory: path, value, positionOf }, path, options)
}

function readAnswer (directory: string, file: string): ParsedText {
  if (isOutside(realpathSync(directory), realpathOf(file))) throw new DefinitionSourceError(file, 'It is a link that leads outside of the folder')
  return parseYaml(readDefinitionFile(file), file)
}

function complete (source: Omit<Source, 'format' | 'value'> & { value: Json }, name: string, options: ImportOptions): Source {
  const { value } = source
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DefinitionSourceError(name, `Its outermost value is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`}; it must be a map`)
  }
  return { ...source, value, format: chooseFormat(value, name, options.format) }
}

function chooseFormat (value: JsonObject, name: string, asked: ImportOptions['format'] = 'auto'): DefinitionFormat {
  if (asked !== 'auto') {
    if (!FORMATS.includes(asked)) throw new DefinitionSourceError(name, `Format ${quote(asked)} is not one of auto, ${FORMATS.join(', ')}`)
    return asked
  }
  const format = formatOf(value)
  if (format === undefined) {
    throw new DefinitionSourceError(name, 'It has neither Resources (CloudFormation, SAM, CDK), nor service and provider (Serverless Framework), ' +
      'nor format_version with values or planned_values (terraform show -json), nor is it an answer of aws apigatewayv2 get-api')
  }
  return format
}

function statOf (path: string): Stats {
  return ask(path, () => statSync(path))
}

function realpathOf (path: string): string {
  return ask(path, () => realpathSync(path))
}

function ask<Answer> (path: string, question: () => Answer): Answer {
  try {
    return question()
  } catch (error) {
    throw new DefinitionSourceError(path, (error as Error).message)
  }
}

/** The text of a file of a definition: of UTF-8, regular, not boundless. */
export function readDefinitionFile (path: string): string {
  const stats = statOf(path)
  if (!stats.isFile()) throw new DefinitionSourceError(path, 'It is not a regular file')
  if (stats.size > MAXIMUM_BYTES) throw new DefinitionSourceError(path, `File of ${stats.size} bytes is larger than ${MAXIMUM_BYTES}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    throw new DefinitionSourceError(path, (error as Error).message)
  }
}

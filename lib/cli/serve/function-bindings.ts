// Which of a definition's functions can run here, from which file, and what is missing of the others.
import { join } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { ImportedDefinition, ImportedFunction } from '../../../types/migrate.js'
import { CliUsageError } from '../../errors.ts'
import { suggest } from '../suggest.ts'
import { findHandlerFile, isFolder, readModuleExport } from './handler-file.ts'
import type { HandlerFile } from './handler-file.ts'
import type { Required } from './required.ts'
import { findTypeScriptLoader } from './typescript-loader.ts'
import type { TypeScriptLoader } from './typescript-loader.ts'

export interface FunctionBindingsOptions {
  readonly imported: ImportedDefinition
  readonly required: Required
  /** `--functions`: where code is that the definition has no folder for. */
  readonly functionsDirectory: string | undefined
  /** `--map`: by name, a module and its export. */
  readonly map: ReadonlyMap<string, string>
  /** The working folder. */
  readonly directory: string
  /** Where code that is written into the definition is put. */
  readonly inlineDirectory: () => string
}

/** A function that can run. */
export interface BoundFunction {
  readonly definition: ImportedFunction
  /** Its working folder. */
  readonly directory: string
  readonly handlerFile: HandlerFile
  readonly loader: TypeScriptLoader | undefined
}

/** What somebody must bind before the API runs as meant. */
export interface Missing {
  readonly name: string
  readonly why: string
  readonly hint: string
}

export interface FunctionBindings {
  readonly bound: readonly BoundFunction[]
  readonly missing: readonly Missing[]
}

/** Throws AGW_ERR_CLI_USAGE for a `--map` that names no function, or no module. */
export function bindFunctions (options: FunctionBindingsOptions): FunctionBindings {
  const { imported: { functions }, required, map } = options
  const names = new Set([...Object.keys(functions), ...required.keys()])
  const stray = [...map.keys()].find((name) => !names.has(name))
  if (stray !== undefined) {
    const nearest = suggest(stray, names)
    throw new CliUsageError(`--map names the function "${stray}", which the definition does not have; it has ${[...names].join(', ') || 'none'}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`)
  }
  const bound: BoundFunction[] = []
  const missing: Missing[] = []
  for (const name of names) {
    const definition = Object.hasOwn(functions, name) ? functions[name] as ImportedFunction : undefined
    const found = bindFunction(definition ?? { name, environment: {}, problem: 'it is not in the definition' }, options)
    if (typeof found !== 'string') {
      bound.push(found)
    } else {
      const places = required.get(name)
      missing.push({
        name,
        why: `${found}${places === undefined ? '' : ` (called by ${places.join(', ')})`}`,
        hint: `--map ${name}=<module>#<export>${definition?.codeDirectory === undefined && definition?.handler !== undefined ? ', or --functions <dir>' : ''}`
      })
    }
  }
  return { bound, missing }
}

/** The function, or why it cannot run. */
function bindFunction (definition: ImportedFunction, options: FunctionBindingsOptions): BoundFunction | string {
  const { map, directory: projectDirectory } = options
  const mapped = map.get(definition.name)
  if (mapped !== undefined) {
    const handlerFile = readModuleExport(mapped, projectDirectory)
    if (typeof handlerFile === 'string') throw new CliUsageError(`--map ${definition.name}=${mapped}: ${handlerFile}`)
    return addLoader({ definition, directory: projectDirectory, handlerFile }, projectDirectory)
  }
  if (definition.problem !== undefined) return definition.problem
  const directory = findDirectory(definition, options)
  if (directory === undefined) return 'its code is not here'
  const handlerFile = findHandlerFile(directory, definition.handler ?? '')
  return typeof handlerFile === 'string' ? handlerFile : addLoader({ definition, directory, handlerFile }, projectDirectory)
}

function findDirectory (definition: ImportedFunction, options: FunctionBindingsOptions): string | undefined {
  const { name, codeDirectory, inlineCode } = definition
  const { functionsDirectory, inlineDirectory } = options
  if (codeDirectory !== undefined && (isFolder(codeDirectory) || functionsDirectory === undefined)) return codeDirectory
  if (functionsDirectory !== undefined) {
    const own = join(functionsDirectory, name)
    return isFolder(own) ? own : functionsDirectory
  }
  return inlineCode === undefined ? undefined : writeInlineCode(definition, inlineCode, inlineDirectory())
}

/** CloudFormation calls the file index; whatever the definition says, it stays in its folder. */
function writeInlineCode ({ name, handler = '' }: ImportedFunction, inlineCode: string, inlineDirectory: string): string {
  const directory = join(inlineDirectory, name.replace(/[^A-Za-z0-9_-]/g, '_'))
  mkdirSync(directory, { recursive: true })
  const [file = 'index'] = /^[A-Za-z0-9_-]+(?=\.)/.exec(handler) ?? []
  writeFileSync(join(directory, `${file}.js`), inlineCode)
  return directory
}

function addLoader (bound: Omit<BoundFunction, 'loader'>, projectDirectory: string): BoundFunction | string {
  if (!bound.handlerFile.isTypeScript) return { ...bound, loader: undefined }
  const loader = findTypeScriptLoader([bound.directory, projectDirectory])
  return loader === undefined
    ? `its handler is ${bound.handlerFile.file}, and nothing here runs TypeScript: npm install --save-dev tsx, or build it and serve what was built`
    : { ...bound, loader }
}

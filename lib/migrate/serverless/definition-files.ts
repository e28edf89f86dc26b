// Files that `${file(…)}` names: YAML and JSON inside of the definition's folder, read once, never run.
import { realpathSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { SourcePosition } from '../../../types/migrate.js'
import { isOutside } from '../../paths.ts'
import type { Json, PropertyPath } from '../resource.ts'
import { readDefinitionFile } from '../source.ts'
import { parseYaml } from '../yaml.ts'

/** A tree of values that variables stand in and lead to. */
export interface Document {
  /** As messages name it: its path. */
  readonly name: string
  readonly value: Json
  positionOf (path: PropertyPath): SourcePosition | undefined
}

/** Why a file cannot be read, for the caller to say where it is named. */
export class DefinitionFileError extends Error {}

const EXTENSIONS = new Set(['.yml', '.yaml', '.json'])

export class DefinitionFiles {
  readonly #directory: string
  readonly #documents = new Map<string, Document | undefined>()

  constructor (directory: string) {
    this.#directory = resolve(directory)
  }

  /** Whether a file is data: everything else is code to the framework, or plain text. */
  isData (path: string): boolean {
    return EXTENSIONS.has(extname(path).toLowerCase())
  }

  /** Undefined where there is no such file. */
  read (path: string): Document | undefined {
    const file = resolve(this.#directory, path)
    if (path.startsWith('~') || isOutside(this.#directory, file)) throw new DefinitionFileError(`file "${path}" lies outside of the definition's folder`)
    if (!this.#documents.has(file)) this.#documents.set(file, this.#load(path, file))
    return this.#documents.get(file)
  }

  #load (path: string, file: string): Document | undefined {
    let real: string
    try {
      real = realpathSync(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new DefinitionFileError(`file "${path}" cannot be read: ${(error as Error).message}`)
    }
    if (isOutside(realpathSync(this.#directory), real)) throw new DefinitionFileError(`file "${path}" is a link that leads outside of the definition's folder`)
    return { name: file, ...parseYaml(readDefinitionFile(real), file) }
  }
}

// The JSON that `import` writes and `serve` reads again: options, functions, folders relative to the file.
import { relative, resolve, sep } from 'node:path'
import type { ImportedDefinition, ImportedFunction } from '../../types/migrate.js'

/** What the file says it is, so that no other JSON is taken for it. */
const KIND = 'fastify-apigateway-websocket/1'

export function renderConfigFile ({ options, functions }: Pick<ImportedDefinition, 'options' | 'functions'>, directory: string): string {
  const moved = mapFolders(functions, (folder) => `.${sep}${relative(directory, folder)}`.replaceAll(sep, '/'))
  return JSON.stringify({ kind: KIND, options, functions: moved }, undefined, 2)
}

/** Undefined of anything that `import` did not write. */
export function readConfigFile (text: string, directory: string): ImportedDefinition | undefined {
  if (!text.includes(KIND)) return undefined
  try {
    const { kind, options, functions } = JSON.parse(text) as ImportedDefinition & { kind: unknown }
    if (kind !== KIND) return undefined
    return { options, functions: mapFolders(functions, (folder) => resolve(directory, folder)), report: [] }
  } catch {
    return undefined
  }
}

function mapFolders (functions: Record<string, ImportedFunction>, map: (folder: string) => string): Record<string, ImportedFunction> {
  return Object.fromEntries(Object.entries(functions).map(([name, one]) => [
    name, one.codeDirectory === undefined ? one : { ...one, codeDirectory: map(one.codeDirectory) }
  ]))
}

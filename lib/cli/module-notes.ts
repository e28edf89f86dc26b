// What Node would not load as Lambda does, of the handlers that a written application imports.
import { realpathSync } from 'node:fs'
import { relative } from 'node:path'
import type { BoundFunction } from './serve/function-bindings.ts'
import { isModuleByPackage, isOwnCommonJs } from './serve/module-kind.ts'

/** By function: Lambda has the folder of the code alone, and Node asks the package.json above it as well. */
export function findModuleNotes (bound: readonly BoundFunction[], directory: string): Map<string, string> {
  return new Map(bound.flatMap(({ definition: { name }, directory: code, handlerFile }): Array<[string, string]> => {
    const file = realpathSync(handlerFile.file)
    if (!isModuleByPackage(file) || !isOwnCommonJs(file, realpathSync(code))) return []
    return [[name, `${relative(directory, handlerFile.file)} is CommonJS, and a package.json above its folder says "type": "module"; ` +
      `Node.js loads it with a package.json { "type": "commonjs" } in ${relative(directory, code) || '.'}`]]
  }))
}

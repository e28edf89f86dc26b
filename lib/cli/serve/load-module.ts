// Loads a handler's module as Lambda does.
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isOwnCommonJs } from './module-kind.ts'

interface CompilableModule extends NodeModule {
  _compile: (source: string, file: string) => void
}

export async function loadModule (url: string, directory: string): Promise<Record<string, unknown>> {
  const file = realpathSync(fileURLToPath(url))
  if (!isOwnCommonJs(file, directory)) return await import(url)
  const require = createRequire(url)
  // Deprecated, and Node has nothing else by which what a file requires is compiled otherwise.
  const { extensions } = require
  const compile = extensions['.js'] as (module: NodeModule, file: string) => void
  extensions['.js'] = (module, file) => {
    if (isOwnCommonJs(file, directory)) (module as CompilableModule)._compile(readFileSync(file, 'utf8'), file)
    else compile(module, file)
  }
  return require(file)
}

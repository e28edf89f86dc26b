// Loads a handler's module. Lambda has the folder of the code alone, so what a package.json above it says does not count:
// CommonJS that a bundler wrote into a project of `"type": "module"` is CommonJS.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { isOutside } from '../../paths.ts'

interface CompilableModule extends NodeModule {
  _compile: (source: string, file: string) => void
}

/** What Node wraps CommonJS into. */
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname']

export async function loadModule (url: string, directory: string): Promise<Record<string, unknown>> {
  const file = realpathSync(fileURLToPath(url))
  if (!isWithoutPackage(file, directory) || !isCommonJs(file)) return await import(url)
  const require = createRequire(url)
  // Deprecated, and Node has nothing else by which what a file requires is compiled otherwise.
  const { extensions } = require
  const compile = extensions['.js'] as (module: NodeModule, file: string) => void
  extensions['.js'] = (module, file) => {
    if (isWithoutPackage(file, directory) && isCommonJs(file)) (module as CompilableModule)._compile(readFileSync(file, 'utf8'), file)
    else compile(module, file)
  }
  return require(file)
}

/** Whether a .js file of the folder has no package.json in it, on its way up to the folder. */
function isWithoutPackage (file: string, directory: string): boolean {
  if (extname(file) !== '.js') return false
  for (let folder = dirname(file); !isOutside(directory, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return false
    if (folder === directory) return true
  }
  return false
}

/** What imports or exports by statements does not compile so. */
function isCommonJs (file: string): boolean {
  try {
    compileFunction(readFileSync(file, 'utf8'), PARAMETERS)
    return true
  } catch {
    return false
  }
}

// What a .js file of a handler is. Lambda has the folder of the code alone, so what a package.json above it says does not
// count: CommonJS that a bundler wrote into a project of `"type": "module"` is CommonJS.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { compileFunction } from 'node:vm'
import { isOutside } from '../../paths.ts'

/** What Node wraps CommonJS into. */
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname']

/** Whether a file is CommonJS by the folder of the code alone. */
export function isOwnCommonJs (file: string, directory: string): boolean {
  return isWithoutPackage(file, directory) && isCommonJs(file)
}

/** Whether Node takes a .js file for an ES module: the nearest package.json says so. */
export function isModuleByPackage (file: string): boolean {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path)) return typeOf(path) === 'module'
    if (folder === dirname(folder)) return false
  }
}

/** A package.json that cannot be read is Node's to tell. */
function typeOf (path: string): unknown {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown } | null)?.type
  } catch {
    return undefined
  }
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

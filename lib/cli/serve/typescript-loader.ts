// Which of the loaders that a project may have runs its handlers in TypeScript.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface TypeScriptLoader {
  /** As told to people. */
  readonly name: string
  /** What Node must be started with. */
  readonly execArgv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const STRIP_TYPES = '--experimental-strip-types'

/** tsx, ts-node, or Node's own; the first that a handler in `directory`, or the working folder, can import. */
export function findTypeScriptLoader (directories: readonly string[]): TypeScriptLoader | undefined {
  for (const directory of directories) {
    const loader = findTsx(directory) ?? findTsNode(directory)
    if (loader !== undefined) return loader
  }
  const { typescript } = process.features as { typescript?: unknown }
  if (typeof typescript === 'string') return { name: `Node.js ${process.version}`, execArgv: [] }
  if (process.allowedNodeEnvironmentFlags.has(STRIP_TYPES)) return { name: `Node.js ${process.version} ${STRIP_TYPES}`, execArgv: [STRIP_TYPES] }
  return undefined
}

function findTsx (directory: string): TypeScriptLoader | undefined {
  const file = resolveFrom(directory, 'tsx')
  return file === undefined ? undefined : { name: 'tsx', execArgv: ['--import', pathToFileURL(file).href] }
}

/** Two halves: `require` is hooked in the process itself, `import` in the thread of module hooks. */
function findTsNode (directory: string): TypeScriptLoader | undefined {
  const register = resolveFrom(directory, 'ts-node/register/transpile-only')
  const hooks = resolveFrom(directory, 'ts-node/esm')
  if (register === undefined || hooks === undefined) return undefined
  const source = `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(hooks).href)})`
  return {
    name: 'ts-node',
    execArgv: ['--require', register, '--import', `data:text/javascript,${encodeURIComponent(source)}`],
    env: { TS_NODE_TRANSPILE_ONLY: 'true' }
  }
}

function resolveFrom (directory: string, specifier: string): string | undefined {
  try {
    return createRequire(join(directory, 'handler.js')).resolve(specifier)
  } catch {
    return undefined
  }
}

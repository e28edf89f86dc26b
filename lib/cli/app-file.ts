// The application that `import --out app.mjs` writes: a file its user goes on with.
import { relative, sep } from 'node:path'
import type { ImportedDefinition } from '../../types/migrate.js'
import { printSource, quote } from './print-source.ts'
import type { BoundFunction, Missing } from './serve/function-bindings.ts'

export interface AppFile {
  readonly imported: ImportedDefinition
  /** The definition's name. */
  readonly source: string
  /** Where the file will be. */
  readonly directory: string
  readonly bound: readonly BoundFunction[]
  readonly missing: readonly Missing[]
  /** By function, why Node would not load its handler, and what to do. */
  readonly moduleNotes: ReadonlyMap<string, string>
  /** Actions of services that integrations call. */
  readonly services: readonly string[]
}

export function renderAppFile ({ imported: { options }, source, directory, bound, missing, moduleNotes, services }: AppFile): string {
  const identifiers = new Map(bound.map(({ definition }, i) => [definition.name, nameHandler(definition.name, i)]))
  const { environment, conflicts } = collectEnvironment(bound)
  return [
    comment(`${options.name ?? 'A WebSocket API'}, as ${source} defines it.`),
    '// Run it: npm install fastify fastify-apigateway-websocket, then node with this file.',
    "import Fastify from 'fastify'",
    "import apiGatewayWebSocket from 'fastify-apigateway-websocket'",
    '',
    ...renderEnvironment(environment, conflicts),
    ...bound.flatMap(({ handlerFile, definition, loader }) => [
      ...(loader === undefined ? [] : [comment(`In TypeScript: start node with --import ${loader.name}, or name what it is built to.`)]),
      ...(moduleNotes.has(definition.name) ? [comment(`${moduleNotes.get(definition.name)}.`)] : []),
      `const ${identifiers.get(definition.name)} = await load(${quote(pathTo(directory, handlerFile.file))}, ${quote(handlerFile.exportPath.join('.'))})`
    ]),
    '',
    'const options = ' + printSource(options),
    '',
    'const app = Fastify({ logger: true })',
    '',
    'await app.register(apiGatewayWebSocket, {',
    '  ...options,',
    '  functions: {',
    ...[
      ...bound.map(({ definition: { name } }) => `    ${quote(name)}: ${identifiers.get(name)}`),
      ...missing.map(({ name, why }) => `    ${comment(why)}\n    ${quote(name)}: async (event) => { throw new Error(${quote(`function ${name} is not bound`)}) }`)
    ].join(',\n').split('\n'),
    '  },',
    '  services: {',
    ...services.map((name) => `    ${comment(`What stands for ${name}: see docs/reference/integrations.md of the package.`)}\n    ${quote(name)}: async (request) => { throw new Error(${quote(`service ${name} is not bound`)}) }`)
      .join(',\n').split('\n').filter((line) => line !== ''),
    '  },',
    "  // Who may post to connections over HTTP. 'NONE' lets everybody in who reaches the port: put your own hook here.",
    "  connectionsApi: { authorize: 'NONE' }",
    '})',
    '',
    "await app.listen({ host: process.env.HOST ?? 'localhost', port: Number(process.env.PORT ?? 3000) })",
    '',
    '/** A handler, wherever the module exports it: CommonJS may show it on the default export alone. */',
    'async function load (file, path) {',
    '  const module = await import(file)',
    '  const find = (start) => path.split(\'.\').reduce((value, name) => value?.[name], start)',
    '  return find(module) ?? find(module.default)',
    '}'
  ].join('\n')
}

interface CollectedEnvironment {
  readonly environment: Map<string, string>
  /** By variable, which function wants which other value. */
  readonly conflicts: Array<readonly [name: string, functionName: string, value: string]>
}

/** One process has one environment: the first function that names a variable has it. */
function collectEnvironment (bound: readonly BoundFunction[]): CollectedEnvironment {
  const environment = new Map<string, string>()
  const conflicts: CollectedEnvironment['conflicts'] = []
  for (const { definition: { name: functionName, environment: own } } of bound) {
    for (const [name, value] of Object.entries(own)) {
      if (!environment.has(name)) environment.set(name, value)
      else if (environment.get(name) !== value) conflicts.push([name, functionName, value])
    }
  }
  return { environment, conflicts }
}

function renderEnvironment (environment: ReadonlyMap<string, string>, conflicts: CollectedEnvironment['conflicts']): string[] {
  if (environment.size === 0) return []
  return [
    '// What handlers read when they are loaded, hence the imports below. What is set already wins.',
    ...conflicts.map(([name, functionName, value]) => comment(`${functionName} wants ${name} to be ${quote(value)}: it needs a process of its own, as "serve" gives it.`)),
    ...[...environment].map(([name, value]) => `process.env[${quote(name)}] ??= ${quote(value)}`),
    ''
  ]
}

function nameHandler (name: string, i: number): string {
  const letters = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '')
  return /^[A-Za-z]/.test(letters) ? `${letters.charAt(0).toLowerCase()}${letters.slice(1)}Handler${i}` : `handler${i}`
}

function pathTo (directory: string, file: string): string {
  const path = relative(directory, file).replaceAll(sep, '/')
  return path.startsWith('.') ? path : `./${path}`
}

/** Whatever the text: a line of a definition must not become a line of the program. */
function comment (text: string): string {
  return `// ${text.replace(/\s+/g, ' ')}`
}

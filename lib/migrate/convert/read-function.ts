// One Lambda function of the definition: what runs it, with which environment, and why it cannot run here.
import type { ImportedFunction, ReportEntry } from '../../../types/migrate.js'
import { quote, sayName, sayNames } from '../quote.ts'
import type { Json, PropertyPath, Resource } from '../resource.ts'
import type { Conversion } from './conversion.ts'
import { coerceScalar } from './coerce.ts'
import { readFunctionCode } from './function-code.ts'
import { isPlainObject } from './read-properties.ts'

/** What becomes part of an imported function. */
const READ: ReadonlySet<string> = new Set([
  'AutoPublishAlias', 'Code', 'CodeUri', 'Environment', 'FunctionName', 'Handler', 'ImageUri', 'InlineCode', 'Layers', 'MemorySize', 'PackageType',
  'Runtime', 'Timeout'
])
const MILLIS = 1000

type Fault = Pick<ReportEntry, 'code' | 'message' | 'hint'> & { readonly path: PropertyPath }

export function readFunction (conversion: Conversion, resource: Resource): ImportedFunction {
  const { report, names, definition: { directory } } = conversion
  const { properties } = resource
  const text = (name: string): string | undefined =>
    typeof properties[name] === 'string' ? names.resolve(properties[name], resource, [name]) : undefined
  const amount = (name: string): number | undefined =>
    coerceScalar(properties[name] ?? null, { kind: 'integer' }) as number | undefined
  const runtime = text('Runtime')
  const handler = text('Handler')
  const timeout = amount('Timeout')
  const memory = amount('MemorySize')
  const layers = readLayers(conversion, resource)
  const code = readFunctionCode(resource, directory)
  const fault = code.fault?.code === 'function-image' ? code.fault : findFault(runtime, handler) ?? code.fault
  if (fault !== undefined) {
    const { path, ...details } = fault
    report.add('error', { ...details, message: `Function ${sayName(names.functionNameOf(resource))} cannot run here: ${details.message}`, hint: details.hint ?? bindHint(names.functionNameOf(resource)) }, resource, path)
  }
  reportRest(conversion, resource)
  return {
    name: names.functionNameOf(resource),
    ...(runtime === undefined ? undefined : { runtime }),
    ...(handler === undefined ? undefined : { handler }),
    ...code.found,
    environment: readEnvironment(conversion, resource),
    ...(timeout === undefined ? undefined : { timeoutInMillis: timeout * MILLIS }),
    ...(memory === undefined ? undefined : { memoryInMegabytes: memory }),
    ...(layers === undefined ? undefined : { layers }),
    ...(fault === undefined ? undefined : { problem: fault.message })
  }
}

export function bindHint (name: string): string {
  return `bind functions['${name}']`
}

function findFault (runtime: string | undefined, handler: string | undefined): Fault | undefined {
  if (runtime === undefined) return { code: 'function-runtime', message: 'it has no Runtime', path: [] }
  if (!/^nodejs/.test(runtime)) return { code: 'function-runtime', message: `its Runtime is ${sayName(runtime)}, not Node.js`, path: ['Runtime'] }
  if (handler === undefined) return { code: 'function-handler', message: 'it has no Handler', path: [] }
  return undefined
}

function readEnvironment ({ report, names }: Conversion, resource: Resource): Record<string, string> {
  const { Environment } = resource.properties
  const variables = isPlainObject(Environment) ? Environment.Variables : undefined
  if (!isPlainObject(variables)) return {}
  return Object.fromEntries(Object.entries(variables).flatMap(([name, value]): Array<[string, string]> => {
    const path = ['Environment', 'Variables', name]
    const read = coerceScalar(value, { kind: 'string' })
    if (read !== undefined) return [[name, names.resolve(read as string, resource, path)]]
    report.add('error', { code: 'function-environment', message: `Value of property Environment.Variables.${name} must be of type String; it was left out` }, resource, path)
    return []
  }))
}

function readLayers ({ report, names }: Conversion, resource: Resource): string[] | undefined {
  const { Layers } = resource.properties
  if (!Array.isArray(Layers) || Layers.length === 0) return undefined
  const layers = Layers.map((layer: Json, i) => typeof layer === 'string' ? names.resolve(layer, resource, ['Layers', i]) : quote(layer))
  report.add('warning', {
    code: 'function-layers',
    message: `Function ${sayName(names.functionNameOf(resource))} has layers, which are not unpacked here: ${sayNames(layers)}`,
    hint: 'what they hold must be found from the folder of the code, as any package'
  }, resource, ['Layers'])
  return layers
}

/** Functions are no resources of the gateway: one entry tells all that has no meaning here. */
function reportRest ({ report }: Conversion, resource: Resource): void {
  const rest = Object.keys(resource.properties).filter((name) => !READ.has(name))
  if (rest.length === 0) return
  report.add('info', { code: 'function-properties-dropped', message: `Left out, since without meaning here: ${sayNames(rest)}` }, resource)
}

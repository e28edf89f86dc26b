// What a service is called, where it runs and what it consists of: the frame of a serverless.yml.
import type { ImportOptions } from '../../../types/migrate.js'
import { quote } from '../quote.ts'
import type { Report } from '../report.ts'
import type { Document } from './definition-files.ts'
import { DefinitionFiles } from './definition-files.ts'
import { placeOf } from './place.ts'
import { ServiceVariables } from './variable-sources.ts'
import { View } from './view.ts'

export interface ServiceFunction {
  /** Its key in `functions`. */
  readonly name: string
  readonly view: View
}

export interface Service {
  readonly document: Document
  readonly report: Report
  readonly name: string
  readonly stage: string
  readonly region: string
  readonly accountId: string
  readonly provider: View
  readonly functions: readonly ServiceFunction[]
  /** The whole definition, as what is needed reads it and as the rest. */
  readonly root: View
  readonly rest: View
  hasFunction (name: string): boolean
}

/** Throws AGW_ERR_MIGRATE_SOURCE where it is no service on AWS. */
export function readService (document: Document, directory: string, options: ImportOptions, report: Report): Service {
  const accountId = options.accountId ?? '123456789012'
  const variables = new ServiceVariables({ definition: document, files: new DefinitionFiles(directory), options, accountId, report })
  const root = View.of(variables, 'error')
  const provider = root.get('provider')
  checkProvider(provider)
  const functions = readFunctions(root.get('functions'), report, document)
  const functionNames = new Set(functions.map((own) => own.name))
  return {
    document,
    report,
    name: readName(root),
    stage: variables.stage,
    region: variables.region,
    accountId,
    provider,
    functions,
    root,
    rest: View.of(variables, 'info'),
    hasFunction: (name) => functionNames.has(name)
  }
}

/** `service: chat`; before version 3 also `service: { name: chat }`. */
function readName (root: View): string {
  const given = root.get('service')
  const name = (given.isObject ? given.get('name') : given).resolve()
  if (typeof name !== 'string' || name === '') return given.fail(`service ${quote(name)} is not valid; it must be the name of the service`)
  return name
}

function checkProvider (provider: View): void {
  const name = (provider.isObject ? provider.get('name') : provider).resolve()
  if (name !== 'aws') provider.fail(`provider ${quote(name)} is not valid; WebSocket APIs are of the provider aws`)
}

/** An object, or a list of objects, as where each comes from a file of its own. */
function readFunctions (functions: View, report: Report, document: Document): ServiceFunction[] {
  const byName = new Map<string, ServiceFunction>()
  for (const fragment of functions.entries) {
    if (!fragment.isObject) fragment.fail('functions must be an object, or a list of objects')
    for (const name of fragment.names) {
      const view = fragment.get(name)
      if (byName.has(name)) {
        report.add('warning', { code: 'function-duplicate', message: `Function ${name} is written twice; the last is taken` }, ...placeOf(document, view.path))
      }
      if (view.isObject) byName.set(name, { name, view })
      else if (view.entries.length > 0) view.fail(`function ${name} must be an object`)
    }
  }
  return [...byName.values()]
}

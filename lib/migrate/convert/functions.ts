// The Lambda functions that the API calls, by name.
import type { ImportedFunction } from '../../../types/migrate.js'
import { quote, sayName, sayNames } from '../quote.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion } from './conversion.ts'
import { readFunctionUri } from './function-uses.ts'
import type { FunctionUse } from './function-uses.ts'
import { isFunction } from './names.ts'
import { bindHint, readFunction } from './read-function.ts'
import { isPlainObject } from './read-properties.ts'

const STAGE_VARIABLE = /\$\{stageVariables\.([A-Za-z0-9_]*)\}/g
const OUTSIDE = 'it is not in the definition'

export function convertFunctions (conversion: Conversion, stages: readonly JsonObject[]): Record<string, ImportedFunction> {
  const { definition, functionUses } = conversion
  const defined = new DefinedFunctions(conversion)
  for (const use of functionUses.all) {
    if (use.uri.search(STAGE_VARIABLE) === -1) defined.add(use, use.uri, undefined)
    else addByStage(conversion, defined, use, stages)
  }
  for (const resource of definition.resources) {
    if (!isFunction(resource) || defined.isCalled(resource)) continue
    conversion.report.add('info', { code: 'function-not-called', message: `${resource.id} is a function that the API does not call, and was not imported` }, resource)
  }
  return Object.fromEntries(defined.called)
}

/** The variables of each stage say which function it is. */
function addByStage ({ report }: Conversion, defined: DefinedFunctions, use: FunctionUse, stages: readonly JsonObject[]): void {
  const found = stages.map(({ stageName, stageVariables }) => {
    const uri = use.uri.replace(STAGE_VARIABLE, (_, name: string) =>
      isPlainObject(stageVariables) && Object.hasOwn(stageVariables, name) ? stageVariables[name] as string : '')
    const name = readFunctionUri(uri)?.name
    if (name !== undefined) defined.add(use, uri, stageName as string)
    return `${stageName as string} ${name ?? 'none'}`
  })
  report.add('info', { code: 'function-by-stage', message: `Variables of the stage choose the function: ${sayNames(found)}` }, use.resource, use.path)
}

class DefinedFunctions {
  readonly called = new Map<string, ImportedFunction>()
  readonly #conversion: Conversion
  readonly #resources = new Map<string, Resource>()

  constructor (conversion: Conversion) {
    const { definition, names, report } = conversion
    this.#conversion = conversion
    for (const resource of definition.resources.filter(isFunction)) {
      const name = names.functionNameOf(resource)
      const twin = this.#resources.get(name)
      if (twin === undefined) this.#resources.set(name, resource)
      else report.add('error', { code: 'function-duplicate', message: `Function ${sayName(name)} already exists: ${twin.id}` }, resource, ['FunctionName'])
    }
  }

  isCalled (resource: Resource): boolean {
    const name = this.#conversion.names.functionNameOf(resource)
    return this.called.has(name) && this.#resources.get(name) === resource
  }

  /** Adds the function of a URI; `stage` where only the variables of that stage lead to it. */
  add ({ resource, path }: FunctionUse, uri: string, stage: string | undefined): void {
    const { report } = this.#conversion
    const read = readFunctionUri(uri)
    if (read === undefined) {
      report.add('error', { code: 'function-uri', message: `${quote(uri)} is neither the ARN of a Lambda function nor its invocation URI` }, resource, path)
      return
    }
    const { name, qualifier } = read
    const defined = this.#resources.get(name)
    if (defined === undefined) {
      report.add(stage === undefined ? 'error' : 'warning', {
        code: 'function-outside',
        message: `Function ${sayName(qualifier === undefined ? name : `${name}:${qualifier}`)}${stage === undefined ? '' : ` of stage ${stage}`} is not in the definition`,
        hint: bindHint(name)
      }, resource, path)
    }
    if (this.called.has(name)) return
    const called = defined === undefined ? { name, environment: {}, problem: OUTSIDE } : readFunction(this.#conversion, defined)
    this.called.set(name, qualifier === undefined ? called : { ...called, alias: qualifier })
  }
}

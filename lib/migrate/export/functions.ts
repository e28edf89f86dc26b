// The Lambda functions that the API calls: what each becomes in the template, and who may call it.
import type { CloudFormationOptions, ImportedFunction, StageOptions } from '../../../types/index.js'
import { isFunctionUri } from '../convert/function-uses.ts'
import type { Json } from '../resource.ts'
import { readFunctionUri, replaceStageVariables } from './function-uri.ts'
import type { FunctionUri } from './function-uri.ts'
import { joinTexts } from './own-names.ts'
import { createServerlessFunction } from './serverless-function.ts'
import type { ServerlessFunction } from './serverless-function.ts'
import { printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import { ACCOUNT_ID, PARTITION, REGION, writeReference, writeText } from './value.ts'
import type { Part } from './value.ts'

/** A function as URIs and permissions name it. */
interface Target {
  readonly arn: readonly Part[]
  readonly functionName: Json
  /** What the permission is called. */
  readonly title: string
}

/** Where a handler of this process is called. */
export interface HandlerUse {
  readonly handler: Function
  /** By which option `functions` tells of it, beside the place: a route's key, an integration's id, an authorizer's name. */
  readonly key: string
  readonly place: Place
  readonly timeoutInMillis: number
  /** Whether it answers messages, and so may want to send some. */
  readonly isIntegration: boolean
}

const INVOCATION: readonly Part[] = ['arn:', PARTITION, ':apigateway:', REGION, ':lambda:path/2015-03-31/functions/']
const VERSION = /^(?:\d+|\$LATEST)$/
const LOGICAL_ID = /^[A-Za-z0-9]{1,64}$/

export class Functions {
  readonly #draft: TemplateDraft
  readonly #options: CloudFormationOptions
  readonly #stages: readonly StageOptions[]
  readonly #details: ReadonlyMap<string, Partial<ImportedFunction>>
  /** Logical ids that are kept for functions of those names, so that whoever imports the template finds the names again. */
  readonly #reserved = new Set<string>()
  readonly #own = new Map<string, ServerlessFunction>()
  readonly #handlers = new Map<Function, Target>()
  readonly #parameterTargets = new Map<string, Target>()
  /** By what their permissions name: one each. */
  readonly #targets = new Map<string, Target>()
  readonly #keysInUse = new Map<string, Place>()

  constructor (draft: TemplateDraft, options: CloudFormationOptions, stages: readonly StageOptions[]) {
    this.#draft = draft
    this.#options = options
    this.#stages = stages
    this.#details = new Map(Object.entries(options.functions ?? {}))
    for (const [key, { name = key }] of this.#details) {
      if (LOGICAL_ID.test(name) && draft.ids.isFree(name)) this.#reserved.add(draft.ids.take(name))
    }
  }

  /** A URI as the template has it: functions of this API's account by reference, all else as it is. */
  writeUri (uri: string, place: Place, isIntegration: boolean): Json {
    const { names } = this.#draft
    this.#draft.literal(uri, place)
    const read = readFunctionUri(uri)
    if (read === undefined) {
      if (isFunctionUri(uri)) this.#nameByStages(uri, place, isIntegration)
      return writeText(names.splitArn(uri))
    }
    const { before, after } = read
    const target = this.#targetOf(read, place, isIntegration)
    if (target === undefined) return writeText(names.splitArn(uri))
    return writeText(joinTexts([...names.splitArn(before), ...target.arn, after]))
  }

  /** The URI of the function that a handler of this process is to be. */
  writeHandler (use: HandlerUse): Json {
    let target = this.#handlers.get(use.handler)
    if (target === undefined) {
      target = this.#permit(this.#createHandlerTarget(use))
      this.#handlers.set(use.handler, target)
    }
    return writeText(joinTexts([...INVOCATION, ...target.arn, '/invocations']))
  }

  /** Adds functions and permissions to the template. */
  finish (): void {
    const draft = this.#draft
    for (const own of this.#own.values()) {
      draft.add(own.id, 'AWS::Serverless::Function', createServerlessFunction(draft, own, this.#options))
    }
    for (const { title, functionName } of this.#targets.values()) {
      draft.add(draft.ids.create(title, 'Permission'), 'AWS::Lambda::Permission', {
        Action: 'lambda:InvokeFunction',
        FunctionName: functionName,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: writeText(['arn:', PARTITION, ':execute-api:', REGION, ':', ACCOUNT_ID, ':', draft.api, '/*'])
      })
    }
  }

  #permit (target: Target): Target {
    const known = this.#targets.get(JSON.stringify(target.functionName))
    if (known === undefined) this.#targets.set(JSON.stringify(target.functionName), target)
    return known ?? target
  }

  #targetOf ({ name, qualifier, region, accountId, functionArn }: FunctionUri, place: Place, isIntegration: boolean): Target | undefined {
    const { names } = this.#draft
    if (region !== names.region || accountId !== names.accountId) {
      this.#draft.tell('info', place, 'function-elsewhere', `${functionArn} is in another account or region; the permission to call it is to be given there`)
      return undefined
    }
    if (this.#options.functionMode === 'parameter') return this.#permit(this.#createParameter(name, qualifier))
    if (this.#options.functionMode === 'arn') return this.#permit(createOutside(name, qualifier))
    const details = this.#details.get(name)
    if (isDeployable(details)) return this.#permit(this.#qualify(this.#makeOwn(name, name, details, place, isIntegration), qualifier))
    if (!this.#targets.has(JSON.stringify(createOutside(name, qualifier).functionName))) {
      this.#draft.tell('warning', place, 'function-outside', `${printPlace(place)} calls ${name}, which the template does not make; it must be there when it is deployed`, `give functions: { '${name}': { handler: 'file.export', codeDirectory: 'folder' } }`)
    }
    return this.#permit(createOutside(name, qualifier))
  }

  #createHandlerTarget (use: HandlerUse): Target {
    const { key, place, timeoutInMillis, isIntegration } = use
    const named = this.#details.has(place.id) ? place.id : key
    const details = this.#details.get(named)
    const shown = printPlace(place)
    const { functionMode } = this.#options
    if (functionMode === 'parameter') return this.#createParameter(details?.name ?? key)
    if (functionMode === 'arn') {
      if (details?.name !== undefined) return createOutside(details.name, details.alias)
      this.#draft.tell('error', place, 'handler-not-exportable', `${shown} is a function of this process, and functionMode is "arn"`, `name the function it is on AWS: functions: { '${named}': { name: 'function' } }`)
    } else if (isDeployable(details)) {
      const twin = this.#keysInUse.get(named)
      if (twin !== undefined) {
        this.#draft.tell('error', place, 'function-ambiguous', `functions['${named}'] would be both ${printPlace(twin)} and ${shown}, which are two functions`, `tell them apart by their places: functions['${twin.id}'], functions['${place.id}']`)
      }
      this.#keysInUse.set(named, place)
      const own = this.#makeOwn(details.name, details.name ?? place.id, details, place, isIntegration)
      own.timeoutInMillis = Math.max(own.timeoutInMillis ?? 0, timeoutInMillis)
      return this.#qualify(own, details.alias)
    } else {
      this.#draft.tell('error', place, 'handler-not-exportable', `${shown} is a function of this process, which a template cannot hold`, `say where its code is: functions: { '${named}': { handler: 'file.export', codeDirectory: 'folder' } }; or choose functionMode: 'parameter'`)
    }
    return createOutside(key.replaceAll(/[^A-Za-z0-9-_]/g, ''), undefined)
  }

  /** The URI names a function by stage variables, which a stage has as they are: its function is known by its name. */
  #nameByStages (uri: string, place: Place, isIntegration: boolean): void {
    for (const { stageName, stageVariables = {} } of this.#stages) {
      const read = readFunctionUri(replaceStageVariables(uri, stageVariables))
      if (read === undefined) {
        this.#draft.tell('warning', place, 'function-unnamed', `${printPlace(place)} names no function with the variables of stage ${stageName}: its requests fail, as here`)
        continue
      }
      if (this.#options.functionMode === 'parameter') this.#permit(createOutside(read.name, read.qualifier))
      else this.#targetOf(read, place, isIntegration)
      const own = this.#own.get(read.name)
      if (own !== undefined) own.isNamed = true
    }
  }

  #makeOwn (
    name: string | undefined, key: string, details: Partial<ImportedFunction>, place: Place, isIntegration: boolean
  ): ServerlessFunction {
    const known = this.#own.get(key)
    if (known !== undefined) {
      known.isIntegration ||= isIntegration
      return known
    }
    const { ids } = this.#draft
    const own: ServerlessFunction = {
      id: name !== undefined && this.#reserved.has(name) ? name : ids.create(name ?? key.replace(/^\w+\./, ''), 'Function'),
      name,
      details,
      place,
      timeoutInMillis: undefined,
      isNamed: false,
      isIntegration,
      alias: undefined
    }
    this.#own.set(key, own)
    return own
  }

  #qualify (own: ServerlessFunction, qualifier: string | undefined): Target {
    const { id, details } = own
    if (qualifier === undefined) return { arn: [{ id, attribute: 'Arn' }], functionName: writeReference({ id }), title: id }
    if (isAlias(qualifier)) own.alias ??= isAlias(details.alias) ? details.alias : qualifier
    if (qualifier === own.alias) {
      return { arn: [{ id, attribute: 'Alias' }], functionName: writeReference({ id, attribute: 'Alias' }), title: `${id} ${qualifier}` }
    }
    this.#draft.tell('warning', own.place, 'qualifier-outside', `${id}:${qualifier} is called, which the template does not make; it must be there when it is deployed`)
    const arn: Part[] = [{ id, attribute: 'Arn' }, `:${qualifier}`]
    return { arn, functionName: writeText(arn), title: `${id} ${qualifier}` }
  }

  #createParameter (name: string, qualifier?: string): Target {
    const title = qualifier === undefined ? name : `${name} ${qualifier}`
    const known = this.#parameterTargets.get(title)
    if (known !== undefined) return known
    const reference = this.#draft.addParameter(title, 'FunctionArn', {
      Description: `ARN of the function ${title}`, AllowedPattern: '^arn:aws[a-z-]*:lambda:.+$'
    })
    const target: Target = { arn: [reference], functionName: writeReference(reference), title }
    this.#parameterTargets.set(title, target)
    return target
  }
}

/** A function that is there already. */
function createOutside (name: string, qualifier: string | undefined): Target {
  const functionName = qualifier === undefined ? name : `${name}:${qualifier}`
  return {
    arn: ['arn:', PARTITION, ':lambda:', REGION, ':', ACCOUNT_ID, `:function:${functionName}`], functionName, title: functionName
  }
}

/** `alias` of an imported function may be a version, which SAM does not publish. */
function isAlias (qualifier: string | undefined): qualifier is string {
  return qualifier !== undefined && !VERSION.test(qualifier)
}

/** Whether enough is known of a function for the template to make it. */
function isDeployable (details: Partial<ImportedFunction> | undefined): details is Partial<ImportedFunction> {
  return details?.handler !== undefined || details?.inlineCode !== undefined
}

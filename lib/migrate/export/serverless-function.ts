// A function as SAM deploys it: AWS::Serverless::Function.
import { relative } from 'node:path'
import type { CloudFormationOptions, ImportedFunction } from '../../../types/index.js'
import type { Json, JsonObject } from '../resource.ts'
import { at, below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import { ACCOUNT_ID, PARTITION, REGION, writeText } from './value.ts'

/** A function that the template makes. */
export interface ServerlessFunction {
  readonly id: string
  readonly name: string | undefined
  readonly details: Partial<ImportedFunction>
  /** Where it is called first. */
  readonly place: Place
  /** What its handler may take here. */
  timeoutInMillis: number | undefined
  /** Something knows it by its name, and not by a reference. */
  isNamed: boolean
  isIntegration: boolean
  alias: string | undefined
}

const DEFAULT_RUNTIME = 'nodejs22.x'
const INLINE_HANDLER = 'index.handler'
const MILLIS = 1000
const HERE = '.'

export function createServerlessFunction (draft: TemplateDraft, own: ServerlessFunction, options: CloudFormationOptions): JsonObject {
  const { id, name, details, isNamed, alias } = own
  const { runtime = DEFAULT_RUNTIME, handler = INLINE_HANDLER, inlineCode, environment = {}, memoryInMegabytes, layers = [] } = details
  const place = at(`functions.${name ?? id}`)
  const timeoutInMillis = details.timeoutInMillis ?? own.timeoutInMillis
  const Variables = Object.fromEntries(Object.entries(environment).map(([variable, value]) => {
    draft.literal(value, below(place, 'environment', variable))
    return [variable, writeText(draft.names.splitUrl(value))]
  }))
  return {
    ...(name !== undefined && (isNamed || name !== id) ? { FunctionName: name } : undefined),
    Handler: handler,
    Runtime: runtime,
    ...(inlineCode === undefined
      ? { CodeUri: codeUriOf(draft, place, details, options) }
      : { InlineCode: draft.literal(inlineCode, below(place, 'inlineCode')) }),
    ...(timeoutInMillis === undefined ? undefined : { Timeout: Math.ceil(timeoutInMillis / MILLIS) }),
    ...(memoryInMegabytes === undefined ? undefined : { MemorySize: memoryInMegabytes }),
    ...(Object.keys(Variables).length === 0 ? undefined : { Environment: { Variables } }),
    ...(layers.length === 0 ? undefined : { Layers: writeLayers(draft, place, layers) }),
    ...(alias === undefined ? undefined : { AutoPublishAlias: alias }),
    ...(own.isIntegration ? { Policies: [createConnectionsPolicy(draft)] } : undefined)
  }
}

function writeLayers (draft: TemplateDraft, place: Place, layers: readonly string[]): Json {
  return layers.map((layer, i) => {
    draft.literal(layer, below(place, 'layers', i))
    return writeText(draft.names.splitArn(layer))
  })
}

function codeUriOf (
  draft: TemplateDraft, place: Place, { codeDirectory, problem }: Partial<ImportedFunction>,
  { codeUri, directory = process.cwd() }: CloudFormationOptions
): string {
  if (codeDirectory !== undefined) return relative(directory, codeDirectory).replaceAll('\\', '/') || HERE
  if (codeUri === undefined && problem !== undefined) {
    draft.tell('warning', place, 'function-code', `${printPlace(place)} was imported without its code; the template takes it from "${HERE}"`, 'give its codeDirectory, or codeUri for all such functions')
  }
  return codeUri ?? HERE
}

/** Whoever answers messages may send some: `@connections` asks for it. */
function createConnectionsPolicy ({ api }: TemplateDraft): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Action: 'execute-api:ManageConnections',
      Resource: writeText(['arn:', PARTITION, ':execute-api:', REGION, ':', ACCOUNT_ID, ':', api, '/*/*/@connections/*'])
    }]
  }
}

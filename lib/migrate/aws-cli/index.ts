// The reader of what `aws apigatewayv2 get-*` answers, from files or from a live API, as resources of CloudFormation.
import type { ImportOptions } from '../../../types/migrate.js'
import { DefinitionSourceError } from '../../errors.ts'
import { asList, asObject, isObject, printJson } from '../json.ts'
import { partitionOf } from '../../partitions.ts'
import { quote } from '../quote.ts'
import { createReference } from '../references.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject, PropertyPath, ReadDefinition, Resource } from '../resource.ts'
import type { Source } from '../source.ts'
import { ANSWERS, API, COMPUTED_CONFIGURATION, WITHOUT_API } from './answers.ts'
import type { AnswerTable } from './answers.ts'
import { readItemId } from './item-id.ts'
import { KEY_ANSWERS, readKeyItem } from './keys.ts'

const DEFAULT_REGION = 'us-east-1'
const DEFAULT_ACCOUNT_ID = '123456789012'
const ENDPOINT = /^wss:\/\/[^.]+\.execute-api\.([\w-]+)\.amazonaws\.(?:com(?:\.cn)?|eu)$/
const FUNCTION_ACCOUNT = /:lambda:[\w-]+:(\d{12}):function:/

/** Throws AGW_ERR_MIGRATE_SOURCE where the answer of get-api is missing. */
export function readAwsCli (source: Source, options: ImportOptions, report: Report): ReadDefinition {
  const reader = new AnswersReader(source, report)
  return { ...accountOf(reader, options), resources: reader.resources }
}

class AnswersReader {
  readonly #source: Source
  readonly #report: Report
  readonly #answers: JsonObject
  readonly #ids = new Set<string>()
  readonly api: JsonObject
  readonly resources: Resource[] = []

  constructor (source: Source, report: Report) {
    this.#source = source
    this.#report = report
    const { value } = source
    // The answer of get-api alone is a definition that lacks all else.
    this.#answers = value.ApiId === undefined ? value : { 'get-api': value }
    this.api = asObject(this.#answers['get-api'])
    if (typeof this.api.ApiId !== 'string') {
      throw new DefinitionSourceError(source.path ?? 'source', 'The answer of aws apigatewayv2 get-api is missing; give a folder with get-api.json, get-routes.json and so on, or { "get-api": …, "get-routes": … }')
    }
    this.#add(API, this.api, value === this.#answers ? ['get-api'] : [], {})
    for (const [name, answer] of Object.entries(this.#answers)) if (name !== 'get-api') this.#readAnswer(name, answer)
    this.#reportMissing()
  }

  #readAnswer (name: string, answer: Json): void {
    const [command, ...rest] = name.split('.')
    const parentId = rest.length === 0 ? undefined : rest.join('.')
    const table = Object.hasOwn(ANSWERS, command as string) ? ANSWERS[command as string] : undefined
    const isOfKeys = Object.hasOwn(KEY_ANSWERS, command as string)
    if (table === undefined && !isOfKeys) {
      this.#report.add('info', { code: 'answer-unknown', message: `${name} is no answer that describes a WebSocket API; it is not read` })
      return
    }
    const { NextToken, Items, items } = asObject(answer)
    if (!Array.isArray(Items ?? items)) throw new DefinitionSourceError(name, 'It has no list of Items, as answers of the AWS CLI do')
    if (typeof NextToken === 'string' && NextToken !== '') {
      this.#report.add('error', { code: 'answer-incomplete', message: `${name} is the first part of an answer: it has a NextToken`, hint: 'ask without --max-items and --no-paginate' })
    }
    for (const [i, item] of asList(Items ?? items).entries()) {
      if (!isObject(item)) throw new DefinitionSourceError(name, `Item ${i} is ${quote(item)}; it must be an object`)
      const path = [name, Items === undefined ? 'items' : 'Items', i]
      if (table === undefined) this.#addKey(command as string, item, path, parentId)
      else this.#readItem(command as string, table, item, path, parentId)
    }
  }

  #readItem (command: string, table: AnswerTable, item: JsonObject, path: PropertyPath, parentId: string | undefined): void {
    const parent = table.parent === undefined ? undefined : parentId ?? this.#onlyParent(table.parent)
    if (table.parent !== undefined && parent === undefined) throw createParentError(command, table.parent)
    if (command === 'get-api-mappings' && item.ApiId !== this.api.ApiId) {
      this.#report.add('info', { code: 'mapping-of-other-api', message: `${path[0]} leads ${quote(item.ApiMappingKey ?? '')} to the API ${printJson(item.ApiId)}, which is not imported` })
      return
    }
    this.#add(table, item, path, {
      ...(WITHOUT_API.includes(command) ? undefined : { ApiId: createReference(this.api.ApiId as string) }),
      ...(table.parent === undefined ? undefined : { [table.parent]: createReference(parent as string) })
    })
  }

  /** Of one domain name alone there is no doubt. */
  #onlyParent (property: string): string | undefined {
    const { 'get-domain-names': answer } = this.#answers
    const [only, second] = asList(asObject(answer).Items)
    const { DomainName: name } = asObject(only)
    return property === 'DomainName' && second === undefined && typeof name === 'string' ? name : undefined
  }

  #add (table: AnswerTable, item: JsonObject, path: PropertyPath, joins: JsonObject): void {
    const properties = Object.create(null) as JsonObject
    const resource = this.#push(table.type, readItemId(item, table.id, path, path.join('.')), properties, path)
    for (const [name, value] of Object.entries(item)) {
      if (table.computed.includes(name)) {
        // Its id is what the resource goes by.
        if (name !== table.id) this.#reportComputed(resource, [name])
      } else {
        const prefix = table.names !== undefined && Object.hasOwn(table.names, name) ? table.names[name] : undefined
        properties[name] = prefix === undefined || typeof value !== 'string' ? value : referTo(value, prefix)
      }
    }
    Object.assign(properties, joins)
    if (Array.isArray(properties.DomainNameConfigurations)) {
      properties.DomainNameConfigurations = properties.DomainNameConfigurations.map((configuration, i) =>
        this.#withoutComputed(resource, configuration, ['DomainNameConfigurations', i]))
    }
  }

  #withoutComputed (resource: Resource, configuration: Json, path: PropertyPath): Json {
    const kept = asObject(configuration)
    for (const name of COMPUTED_CONFIGURATION) {
      if (kept[name] === undefined) continue
      this.#reportComputed(resource, [...path, name])
      delete kept[name]
    }
    return kept
  }

  #addKey (command: string, item: JsonObject, path: PropertyPath, planId: string | undefined): void {
    if (command === 'get-usage-plan-keys' && planId === undefined) throw createParentError(command, 'usagePlanId')
    const read = readKeyItem(command, item, planId, path)
    const resource = this.#push(read.type, read.id, read.properties, path, (at) => at.map((part, i) => i === 0 ? lowerCase(part) : part))
    for (const name of read.computed) this.#reportComputed(resource, [name])
    for (const { name, why } of read.dropped) {
      this.#report.add('info', { code: 'property-dropped', message: `${name} is dropped: ${why}` }, resource, [name])
    }
  }

  #push (
    type: string, awsId: string, properties: JsonObject, path: PropertyPath, toSource: (at: PropertyPath) => PropertyPath = (at) => at
  ): Resource {
    // Ids of AWS are unique among resources of one kind, and stages have names.
    const id = this.#ids.has(awsId) ? `${String(path[0])}/${awsId}` : awsId
    this.#ids.add(id)
    const resource: Resource = {
      id, awsId, type, properties, dependsOn: [], positionOf: (at) => this.#source.positionOf([...path, ...toSource(at)])
    }
    this.resources.push(resource)
    return resource
  }

  #reportComputed (resource: Resource, path: PropertyPath): void {
    this.#report.add('info', { code: 'computed-dropped', message: `${String(path.at(-1))} is what AWS answered and cannot be written; it is dropped` }, resource, path)
  }

  #reportMissing (): void {
    const has = (name: string): boolean => Object.hasOwn(this.#answers, name)
    for (const command of ['get-routes', 'get-integrations', 'get-stages', 'get-models', 'get-authorizers']) {
      if (has(command)) continue
      const isNeeded = command === 'get-routes' || command === 'get-integrations' || command === 'get-stages'
      this.#report.add(isNeeded ? 'error' : 'warning', {
        code: 'answer-missing',
        message: `The answer of ${command} is missing`,
        hint: `aws apigatewayv2 ${command} --api-id ${this.api.ApiId as string} > ${command}.json`
      })
    }
    for (const { id, type, properties } of [...this.resources]) {
      if (type === 'AWS::ApiGatewayV2::Route' && properties.RouteResponseSelectionExpression !== undefined) {
        this.#reportMissingResponses('get-route-responses', 'route', id)
      }
      if (type === 'AWS::ApiGatewayV2::Integration' && !printJson(properties.IntegrationType).endsWith('_PROXY')) {
        this.#reportMissingResponses('get-integration-responses', 'integration', id)
      }
    }
  }

  #reportMissingResponses (command: string, what: string, id: string): void {
    if (Object.hasOwn(this.#answers, `${command}.${id}`)) return
    this.#report.add('warning', {
      code: 'answer-missing',
      message: `The answer of ${command} for the ${what} ${id} is missing: whether it has responses is not known`,
      hint: `aws apigatewayv2 ${command} --api-id ${this.api.ApiId as string} --${what}-id ${id} > ${command}.${id}.json`
    }, this.resources.find((resource) => resource.id === id))
  }
}

function createParentError (command: string, parent: string): Error {
  return new DefinitionSourceError(command, `It does not say what it was asked about; name it ${command}.{${parent}}`)
}

function referTo (text: string, prefix: string): string {
  return text.startsWith(prefix) && text.length > prefix.length ? prefix + createReference(text.slice(prefix.length)) : text
}

function lowerCase (part: string | number): string | number {
  return typeof part === 'number' ? part : part[0]?.toLowerCase() + part.slice(1)
}

/** The user's word first, then what the endpoint and the ARNs of functions say. */
function accountOf ({ api, resources }: AnswersReader, options: ImportOptions): Omit<ReadDefinition, 'resources'> {
  const [, ofEndpoint] = ENDPOINT.exec(printJson(api.ApiEndpoint)) ?? []
  const region = options.region ?? ofEndpoint ?? process.env.AWS_REGION ?? DEFAULT_REGION
  const uris = resources.map(({ properties: { IntegrationUri, AuthorizerUri } }) => printJson(IntegrationUri ?? AuthorizerUri))
  return {
    partition: partitionOf(region),
    region,
    accountId: options.accountId ?? uris.map((uri) => FUNCTION_ACCOUNT.exec(uri)?.[1]).find((id) => id !== undefined) ?? DEFAULT_ACCOUNT_ID
  }
}

// Where variables take their values from: the definition, its files, the environment, the options of the import.
import type { ImportOptions } from '../../../types/migrate.js'
import { isObject } from '../json.ts'
import { partitionOf } from '../../partitions.ts'
import type { Report } from '../report.ts'
import type { DefinitionFiles, Document } from './definition-files.ts'
import { placeOf } from './place.ts'
import type { Level, Node, SourceAnswer, SourceRequest, VariableSources } from './variables.ts'
import { Variables } from './variables.ts'

/** The framework's is another one each run; this is the same in every import, so that imports can be compared. */
const INSTANCE_ID = '0'
const DEFAULT_STAGE = 'dev'
const DEFAULT_REGION = 'us-east-1'
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false }

export interface ServiceSettings {
  readonly definition: Document
  readonly files: DefinitionFiles
  readonly options: ImportOptions
  readonly accountId: string
  readonly report: Report
}

type Ask = (service: ServiceVariables, request: SourceRequest) => SourceAnswer

/** By what a variable begins with. All others are elsewhere: `cf`, `s3`, `ssm`, `git`, those of plugins. */
const SOURCES: Readonly<Record<string, Ask>> = {
  self: (service, { address = '', level }) => service.self(address, level),
  file: (service, request) => service.file(request),
  param: (service, { address = '', level }) => service.param(address, level),
  env: (service, { address = '' }) => Object.hasOwn(process.env, address) ? service.settled(process.env[address] as string) : 'absent',
  opt: (service, { address = '' }) => service.option(address),
  sls: (service, { address }) => address === 'stage'
    ? service.settled(service.stage)
    : address === 'instanceId' ? service.settled(INSTANCE_ID) : 'absent',
  aws: (service, { address = '' }) => service.aws(address),
  strToBool: (service, request) => service.boolean(request)
}

/** The variables of one service. */
export class ServiceVariables implements VariableSources {
  readonly definition: Document
  readonly variables: Variables = new Variables(this)
  readonly #settings: ServiceSettings
  readonly #known = new Map<string, string>()

  constructor (settings: ServiceSettings) {
    this.definition = settings.definition
    this.#settings = settings
  }

  get stage (): string {
    return this.#once('stage', this.#settings.options.stage, () => DEFAULT_STAGE)
  }

  get region (): string {
    return this.#once('region', this.#settings.options.region, () => process.env.AWS_REGION ?? DEFAULT_REGION)
  }

  ask (request: SourceRequest): SourceAnswer {
    const given = this.#settings.options.variables ?? {}
    if (Object.hasOwn(given, request.text)) return this.settled(given[request.text] as string)
    return Object.hasOwn(SOURCES, request.type) ? (SOURCES[request.type] as Ask)(this, request) : 'elsewhere'
  }

  /** `serverless deploy` is given a stage where a definition asks for one without a value of its own. */
  lastResort ({ type, address }: SourceRequest): SourceAnswer {
    if (type !== 'opt' || (address !== 'stage' && address !== 'region')) return 'absent'
    return this.settled(this[address])
  }

  onUnknown (kind: 'unresolved' | 'fallback', requests: readonly SourceRequest[], at: Node): void {
    const { type, text, address, level } = requests[0] as SourceRequest
    const way = `--var '${text}=…' (option variables) gives it`
    this.#settings.report.add(kind === 'fallback' && level === 'error' ? 'warning' : level, {
      code: `variable-${kind}`,
      message: kind === 'fallback'
        ? `Variable "${text}" is known to AWS or a service alone; the value behind it is taken`
        : `Variable "${text}" has no value here${!Object.hasOwn(SOURCES, type) ? ': AWS, a service or a plugin would tell it' : ''}; its text is taken instead`,
      hint: type === 'env' ? `set ${address} in the environment; or ${way}` : way
    }, ...placeOf(at.document, at.keys))
  }

  settled (value: string | boolean): { node: Node } {
    return { node: { document: this.definition, keys: [], value, settled: true } }
  }

  /** `a.b.0` below the root of a document. */
  find (document: Document, address: string, level: Level): SourceAnswer {
    let node: Node | undefined = { document, keys: [], value: document.value }
    for (const key of address === '' ? [] : address.split('.')) {
      node = node && this.variables.child(node, key, level)
    }
    return node === undefined ? 'absent' : { node }
  }

  /** Before version 3 a service may be an object, and `self:service` is its name all the same. */
  self (address: string, level: Level): SourceAnswer {
    const found = this.find(this.definition, address, level)
    if (address !== 'service' || typeof found === 'string') return found
    return isObject(this.variables.expand(found.node, level).value) ? this.find(this.definition, 'service.name', level) : found
  }

  file ({ params: [path = ''], address = '', level }: SourceRequest): SourceAnswer {
    if (!this.#settings.files.isData(path)) return 'elsewhere'
    const document = this.#settings.files.read(path)
    return document === undefined ? 'absent' : this.find(document, address, level)
  }

  /** The order of the framework: `--param`, then the stage's own, then those of all stages. */
  param (name: string, level: Level): SourceAnswer {
    const given = this.#settings.options.parameters ?? {}
    if (Object.hasOwn(given, name)) return this.settled(given[name] as string)
    for (const path of [['stages', this.stage, 'params'], ['params', this.stage], ['stages', 'default', 'params'], ['params', 'default']]) {
      let node: Node | undefined = { document: this.definition, keys: [], value: this.definition.value }
      for (const key of [...path, name]) node = node && this.variables.child(node, key, level)
      if (node !== undefined) return { node }
    }
    return 'absent'
  }

  option (name: string): SourceAnswer {
    const value = name === 'stage' || name === 'region' ? this.#settings.options[name] : undefined
    return value === undefined ? 'absent' : this.settled(value)
  }

  aws (address: string): SourceAnswer {
    switch (address) {
      case 'accountId': return this.settled(this.#settings.accountId)
      case 'region': return this.settled(this.region)
      case 'partition': return this.settled(partitionOf(this.region))
      default: return 'elsewhere'
    }
  }

  boolean ({ params: [text = ''] }: SourceRequest): SourceAnswer {
    const word = text.trim().toLowerCase()
    return Object.hasOwn(BOOLEANS, word) ? this.settled(BOOLEANS[word] as boolean) : 'absent'
  }

  /** What the options say, else `provider`, else a default; the default, too, while provider is asked, which may ask back. */
  #once (name: 'stage' | 'region', given: string | undefined, defaultOf: () => string): string {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    this.#known.set(name, given ?? defaultOf())
    const written = given === undefined ? this.find(this.definition, `provider.${name}`, 'error') : 'absent'
    const node = typeof written === 'object' ? this.variables.expand(written.node, 'error') : undefined
    if (typeof node?.value === 'string' && node.value !== '' && node.unresolved !== true) this.#known.set(name, node.value)
    return this.#known.get(name) as string
  }
}

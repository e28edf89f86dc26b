// One resource of a template: whether it is deployed, and its properties evaluated; what has no value is told and left out.
import type { ReportEntry } from '../../../types/migrate.js'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { JsonObject, PropertyPath, Resource } from '../resource.ts'
import type { Conditions } from './conditions.ts'
import type { Evaluator } from './evaluator.ts'
import { EvaluationFailure } from './failure.ts'
import { isFunction, isOfGateway } from './raw-resource.ts'
import type { RawResource } from './raw-resource.ts'
import { memberOf } from './values.ts'

/** Properties of functions that are needed to run one. */
const OF_FUNCTIONS: ReadonlySet<string> = new Set(['AutoPublishAlias', 'Code', 'CodeUri', 'Environment', 'FunctionName', 'Handler', 'ImageUri', 'InlineCode',
  'Layers', 'MemorySize', 'PackageType', 'Runtime', 'Timeout'])

export class ResourceReader {
  readonly #conditions: Conditions
  readonly #report: Report
  /** By id: all of the template, and those whose condition holds. */
  readonly #all: ReadonlyMap<string, RawResource>
  readonly #deployed: ReadonlyMap<string, RawResource>

  constructor (conditions: Conditions, resources: readonly RawResource[], report: Report) {
    this.#conditions = conditions
    this.#report = report
    this.#all = new Map(resources.map((raw) => [raw.id, raw]))
    this.#deployed = new Map([...this.#all].filter(([, raw]) => this.#isDeployed(raw)))
  }

  /** Undefined of what is not deployed. */
  typeOf (id: string): string | undefined {
    return this.#deployed.get(id)?.type
  }

  readAll (evaluator: Evaluator): Resource[] {
    return [...this.#deployed.values()].map((raw) => this.#read(raw, evaluator))
  }

  /** A condition that cannot be told keeps its resource, and the report says so. */
  #isDeployed (raw: RawResource): boolean {
    if (raw.condition === undefined) return true
    try {
      if (this.#conditions.isTrue(raw.condition)) return true
      if (isOfGateway(raw.type)) {
        this.#report.add('info', { code: 'condition-false', message: `${raw.id} is not deployed: its condition ${raw.condition} is false` }, placeOf(raw))
      }
      return false
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error
      if (isOfGateway(raw.type) || isFunction(raw.type)) this.#tell(raw, error, [])
      return true
    }
  }

  #read (raw: RawResource, evaluator: Evaluator): Resource {
    const properties = evaluator.evaluateMembers(raw.properties, [], (failure, path) => this.#tell(raw, failure, path))
    const { id, type, positionOf, nameOf } = raw
    const resource: Resource = {
      id,
      type,
      properties: withAsset(raw, properties),
      dependsOn: raw.dependsOn.filter((id) => this.#deployed.has(id)),
      positionOf,
      ...(nameOf === undefined ? undefined : { nameOf })
    }
    const unknown = raw.dependsOn.filter((id) => !this.#all.has(id))
    if (unknown.length > 0 && isOfGateway(type)) {
      this.#report.refuse({
        code: 'reference-unknown', message: `Template format error: Unresolved resource dependencies [${unknown.join(', ')}] in the Resources block of the template`
      }, resource)
    }
    return resource
  }

  /** Of resources that become nothing here, nothing is told. */
  #tell (raw: RawResource, failure: EvaluationFailure, path: PropertyPath): void {
    const level = levelOf(raw.type, path)
    if (level === undefined) return
    const place = placeOf(raw, failure)
    const { code, hint } = failure
    const left = failure.isRefused || path.length === 0 ? '' : `; ${nameOfProperty(place, path)} was left out`
    const details = { code, message: `${failure.message}${left}`, ...(hint === undefined ? undefined : { hint }) }
    if (failure.isRefused) this.#report.refuse(details, place, path)
    else this.#report.add(level, details, place, path)
  }
}

function levelOf (type: string, [property]: PropertyPath): ReportEntry['level'] | undefined {
  if (isOfGateway(type)) return 'error'
  if (!isFunction(type)) return undefined
  return property === undefined || OF_FUNCTIONS.has(String(property)) ? 'warning' : 'info'
}

function placeOf (raw: RawResource, failure?: EvaluationFailure): Resource {
  const { id, type, nameOf } = raw
  return {
    id,
    type,
    properties: {},
    dependsOn: [],
    positionOf: (path) => failure?.position ?? raw.positionOf(failure?.path ?? path),
    ...(nameOf === undefined ? undefined : { nameOf })
  }
}

/** CDK writes down which folder the code was made of, where the template itself names a bucket alone. */
function withAsset ({ metadata }: RawResource, properties: JsonObject): JsonObject {
  const path = memberOf(metadata, 'aws:asset:path')
  return typeof path === 'string' && memberOf(metadata, 'aws:asset:property') === 'Code' ? { ...properties, Code: path } : properties
}

// The resources of an API in one spelling, so that two templates which mean the same are the same: logical ids become what
// the resource is, intrinsics are evaluated, defaults are written out, what only HTTP APIs have is left out.
import { coerceScalar } from '../../lib/migrate/convert/coerce.ts'
import type { ScalarType } from '../../lib/migrate/convert/coerce.ts'
import { Names } from '../../lib/migrate/convert/names.ts'
import { PROPERTIES } from '../../lib/migrate/properties/index.ts'
import type { GatewayType, PropertyTable, PropertyType } from '../../lib/migrate/properties/index.ts'
import { replaceReferences } from '../../lib/migrate/references.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { Json, JsonObject, ReadDefinition, Resource } from '../../lib/migrate/resource.ts'
import { sorted } from './canonical-options.ts'

const V2 = 'AWS::ApiGatewayV2::'
/** What AWS, or this importer, takes where nothing is said. */
const DEFAULTS: Record<string, JsonObject> = {
  [`${V2}Integration AWS`]: { IntegrationMethod: 'POST' },
  'AWS::ApiGateway::ApiKey': { Enabled: false },
  [`${V2}Stage`]: { AutoDeploy: false },
  [`${V2}Api`]: { RouteSelectionExpression: '$request.body.action' }
}
/** What has no effect in a type, and so is not kept. */
const WITHOUT_EFFECT: Record<string, readonly string[]> = {
  MOCK: ['IntegrationUri'], AWS_PROXY: ['RequestTemplates', 'TemplateSelectionExpression'], HTTP_PROXY: ['RequestTemplates', 'TemplateSelectionExpression']
}

export class CanonicalTemplate {
  readonly #resources: ReadonlyMap<string, Resource>
  readonly #names: Names
  readonly #api: Resource

  constructor (definition: ReadDefinition, apiId: string) {
    this.#resources = new Map(definition.resources.map((resource) => [resource.id, resource]))
    this.#names = new Names({ ...definition, format: 'cloudformation', directory: '/' } as never, new Report())
    this.#api = this.#resources.get(apiId) as Resource
  }

  /** One text a resource, in order; deployments are the exporter's own. */
  print (): string[] {
    return [...this.#resources.values()]
      .filter((resource) => Object.hasOwn(PROPERTIES, resource.type) && resource.type !== `${V2}Deployment` && this.#isOurs(resource))
      .map((resource) => this.#printResource(resource)).sort()
  }

  #isOurs ({ id, type, properties }: Resource): boolean {
    if (type === `${V2}Api`) return id === this.#api.id
    // Domains that lead elsewhere are nobody's here.
    if (type === `${V2}DomainName`) return [...this.#resources.values()].some((other) => other.type === `${V2}ApiMapping` && this.#isOurs(other) && this.#text(other.properties.DomainName) === this.#text(properties.DomainName))
    return !Object.hasOwn(PROPERTIES[type as GatewayType], 'ApiId') || JSON.stringify(properties.ApiId).includes(this.#api.id)
  }

  #printResource ({ type, properties }: Resource): string {
    const table = PROPERTIES[type as GatewayType] as PropertyTable
    const integrationType = String(properties.IntegrationType)
    const left = type === `${V2}Integration` ? WITHOUT_EFFECT[integrationType] ?? [] : type === `${V2}Stage` ? ['DeploymentId'] : []
    const given = Object.fromEntries(Object.entries({ ...DEFAULTS[type], ...DEFAULTS[`${type} ${integrationType}`], ...properties })
      .filter(([name]) => !left.includes(name)))
    return JSON.stringify([type.split('::').at(-1), sorted(this.#object(table, given))])
  }

  #object (table: PropertyTable, given: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(given).flatMap(([name, value]): Array<[string, Json]> => {
      const property = table[name]
      return property === undefined || property.fate === 'http' || property.fate === 'dropped' ? [] : [[name, this.#value(property.type, value)]]
    }))
  }

  #value (type: PropertyType, value: Json): Json {
    switch (type.kind) {
      case 'object': return this.#object(type.properties, value as JsonObject)
      case 'list': return (value as Json[]).map((item) => this.#value(type.of, item))
      case 'map': return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, this.#value(type.of, item)]))
      case 'tags': return value
      case 'json': return JSON.stringify(typeof value === 'string' ? JSON.parse(value) : value, (_, member) => typeof member === 'string' ? this.#text(member) : member)
      default: return this.#text(coerceScalar(value, type as ScalarType) as Json)
    }
  }

  #text (value: Json | undefined): Json {
    if (typeof value !== 'string') return value as Json
    return this.#names.textOf(replaceReferences(value, (reference) => {
      const resource = this.#resources.get(reference.id)
      const named = resource === undefined ? undefined : this.#identify(resource)
      return named ?? `\uE0F0${reference.id}${reference.attribute === undefined ? '' : `.${reference.attribute}`}\uE0F1`
    }))
  }

  /** What a resource is, in the place of its logical id; undefined of those that names know. */
  #identify (resource: Resource): string | undefined {
    const { type, properties } = resource
    if (resource === this.#api) return '(Api)'
    if (type === `${V2}Route`) return `(Route ${String(properties.RouteKey)})`
    if (type === `${V2}Authorizer`) return `(Authorizer ${String(properties.Name)})`
    if (/(?:Integration|ApiKey|UsagePlan)$/.test(type) && type.startsWith('AWS::ApiGateway')) return `(${this.#printResource(resource)})`
    return undefined
  }
}

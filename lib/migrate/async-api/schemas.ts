// Models as schemas of the document: draft 4 in, draft 7 out, references made into ones of the document.
import type { JsonSchemaModel, ModelOptions } from '../../../types/index.js'
import type { DeclaredApi } from '../declared-api.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject } from '../resource.ts'
import { createKey } from './keys.ts'

/** Where a keyword holds schemas: one, a list, a map. */
const HOLDERS: Readonly<Record<string, 'one' | 'list' | 'map'>> = {
  additionalItems: 'one',
  additionalProperties: 'one',
  allOf: 'list',
  anyOf: 'list',
  definitions: 'map',
  dependencies: 'map',
  items: 'one',
  not: 'one',
  oneOf: 'list',
  patternProperties: 'map',
  properties: 'map'
}
const BOUNDS = [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const
const MODEL = /^([A-Za-z0-9]+)(?:#(.*))?$/

export class Schemas {
  readonly #api: DeclaredApi
  readonly #report: Report
  /** By key in the document. */
  readonly components: JsonObject = {}
  readonly #keys = new Map<string, string>()

  constructor (api: DeclaredApi, report: Report) {
    this.#api = api
    this.#report = report
    const { models = {} } = api.options
    const given: ModelOptions[] = Array.isArray(models) ? models : Object.entries(models).map(([name, schema]) => ({ name, schema }))
    for (const { name } of given) this.#keys.set(name, name)
    for (const { name, schema, description } of given) this.#add(name, schema, `models.${name}`, description)
  }

  /** A reference to a model, or to a schema in its place; undefined where it is not applied. */
  refer (model: string | JsonSchemaModel, routeKey: string, key: string): JsonObject | undefined {
    if (typeof model === 'string') return Object.hasOwn(this.components, model) ? { $ref: `#/components/schemas/${model}` } : undefined
    const name = createKey(`${routeKey}-${key}`, this.#keys)
    this.#add(name, model, `routes.${routeKey}.requestModels.${key}`)
    return Object.hasOwn(this.components, name) ? { $ref: `#/components/schemas/${name}` } : undefined
  }

  #add (key: string, schema: JsonSchemaModel, place: string, description?: string): void {
    try {
      const read = this.#translate(this.#api.toDraft4(schema, place) as Json, `#/components/schemas/${key}`) as JsonObject
      this.components[key] = { ...(description === undefined ? undefined : { description }), ...read }
    } catch (error) {
      this.#report.add('warning', { code: 'model-invalid', message: `${place} is not applied, nor is it in the document: ${(error as Error).message}` })
    }
  }

  #translate (schema: Json, root: string): Json {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema
    if (typeof schema.$ref === 'string') return { $ref: this.#referTo(schema.$ref, root), ...this.#definitions(schema, root) }
    const translated: JsonObject = {}
    for (const [keyword, value] of Object.entries(schema)) {
      // Draft 7 is what AsyncAPI speaks, and an id would become the base of the document's references.
      if (keyword === '$schema' || keyword === 'id' || keyword === '$id') continue
      set(translated, keyword, this.#translateKeyword(Object.hasOwn(HOLDERS, keyword) ? HOLDERS[keyword] : undefined, value, root))
    }
    for (const [exclusive, inclusive] of BOUNDS) {
      if (translated[exclusive] === true && typeof translated[inclusive] === 'number') {
        translated[exclusive] = translated[inclusive] as number
        delete translated[inclusive]
      } else if (typeof translated[exclusive] === 'boolean') {
        delete translated[exclusive]
      }
    }
    return translated
  }

  #translateKeyword (holder: 'one' | 'list' | 'map' | undefined, value: Json, root: string): Json {
    if (holder === undefined) return value
    if (Array.isArray(value)) return value.map((item) => this.#translate(item, root))
    if (holder !== 'map' || typeof value !== 'object' || value === null) return this.#translate(value, root)
    const translated: JsonObject = {}
    for (const [name, schema] of Object.entries(value)) set(translated, name, this.#translate(schema, root))
    return translated
  }

  /** Beside a reference nothing else counts. */
  #definitions (schema: JsonObject, root: string): JsonObject {
    return schema.definitions === undefined ? {} : { definitions: this.#translateKeyword('map', schema.definitions, root) }
  }

  /** `#/definitions/x` of a model, the name of another. */
  #referTo (reference: string, root: string): string {
    if (reference === '#') return root
    if (reference.startsWith('#/')) return root + reference.slice(1)
    const [, name, pointer = ''] = MODEL.exec(reference) ?? []
    return name !== undefined && this.#keys.has(name) ? `#/components/schemas/${name}${pointer}` : reference
  }
}

/** `__proto__` in a map of properties is a property. */
function set (target: JsonObject, key: string, value: Json): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

// Models as resources: those of the options, and those that routes have written in their place.
import type { JsonSchemaModel, ModelOptions } from '../../../types/index.js'
import { MODEL_NAME_PATTERN } from '../../definition.ts'
import type { DeclaredApi } from '../declared-api.ts'
import { PROPERTIES } from '../properties/index.ts'
import type { Json, JsonObject } from '../resource.ts'
import { pascalCase } from './logical-ids.ts'
import { at, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import { writeText } from './value.ts'
import { writeProperties } from './write-properties.ts'

const MODEL_URL = /^(https:\/\/apigateway\.amazonaws\.com\/(?:restapis|apis)\/)[^/]+(\/models\/[A-Za-z0-9]+(?:#.*)?)$/
const MODELS_URL = 'https://apigateway.amazonaws.com/apis/'
const BARE_NAME = /^([A-Za-z0-9]+)(#.*)?$/
const LONGEST_NAME = 128
/** Keywords whose values are data, however they look. */
const DATA_KEYWORDS: ReadonlySet<string> = new Set(['default', 'enum', 'example', 'examples'])

export class ModelResources {
  readonly #draft: TemplateDraft
  readonly #api: DeclaredApi
  /** Logical ids by name. */
  readonly #ids = new Map<string, string>()
  readonly #inPlace = new Map<string, string>()
  readonly #names: ReadonlySet<string>

  constructor (draft: TemplateDraft, api: DeclaredApi) {
    this.#draft = draft
    this.#api = api
    const { models = {} } = api.options
    const given: ModelOptions[] = Array.isArray(models) ? models : Object.entries(models).map(([name, schema]) => ({ name, schema }))
    this.#names = new Set(given.map(({ name }) => name))
    for (const model of given) this.#add(model, at(`models.${model.name}`))
  }

  /** The name of a route's model, which is made from the schema where that stands in its place. */
  nameOf (model: string | JsonSchemaModel, routeKey: string, key: string, place: Place): string {
    if (typeof model === 'string') return model
    const text = JSON.stringify(model)
    const known = this.#inPlace.get(text)
    if (known !== undefined) return known
    const name = this.#findName(model, `${pascalCase(routeKey)}${pascalCase(key)}`)
    this.#draft.tell('info', place, 'model-named', `${printPlace(place)} is a schema; API Gateway knows models by name, and this one is ${name}`)
    this.#inPlace.set(text, name)
    this.#add({ name, schema: model }, place)
    return name
  }

  /** The resources that must be there before a route names models. */
  idsOf (names: Iterable<string>): string[] {
    return [...new Set(names)].flatMap((name) => this.#ids.get(name) ?? [])
  }

  #findName ({ $id }: JsonSchemaModel, fallback: string): string {
    const isFree = (name: string): boolean => !this.#names.has(name) && !this.#ids.has(name)
    if (typeof $id === 'string' && new RegExp(MODEL_NAME_PATTERN).test($id) && isFree($id)) return $id
    const base = fallback === '' ? 'Model' : fallback.slice(0, LONGEST_NAME - 8)
    for (let count = 1; ; count++) {
      const name = count === 1 ? base : `${base}${count}`
      if (isFree(name)) return name
    }
  }

  #add (model: ModelOptions, place: Place): void {
    const { name, schema } = model
    const id = this.#draft.ids.create(name, 'Model')
    this.#ids.set(name, id)
    const properties = writeProperties(this.#draft, PROPERTIES['AWS::ApiGatewayV2::Model'], { ...model, schema: undefined }, place)
    this.#draft.add(id, 'AWS::ApiGatewayV2::Model', {
      ApiId: { Ref: this.#draft.api.id },
      ...properties,
      Name: name,
      Schema: this.#writeReferences(this.#draft.literal(this.#translate(schema, place), place))
    })
  }

  /** As it is, where it is draft 4. */
  #translate (schema: JsonSchemaModel, place: Place): unknown {
    const shape = (value: unknown): string =>
      JSON.stringify(value, (keyword, member) => keyword === '$ref' && typeof member === 'string' ? '' : member)
    let translated: unknown
    try {
      translated = this.#api.toDraft4(schema, printPlace(place))
    } catch (error) {
      this.#draft.tell('warning', place, 'model-invalid', `${printPlace(place)} is kept as it is, and API Gateway refuses it unless DisableSchemaValidation is true: ${(error as Error).message}`)
      return schema
    }
    if (shape(translated) === shape(schema)) return schema
    this.#draft.tell('info', place, 'model-translated', `${printPlace(place)} was written in draft 4, the one that API Gateway knows`)
    return translated
  }

  /** API Gateway knows other models by a URL with the API's id in it. */
  #writeReferences (schema: Json): Json {
    if (Array.isArray(schema)) return schema.map((item) => this.#writeReferences(item))
    if (typeof schema !== 'object' || schema === null) return schema
    return Object.fromEntries(Object.entries(schema).map(([keyword, value]): [string, Json] => {
      if (DATA_KEYWORDS.has(keyword)) return [keyword, value]
      if (keyword === '$ref' && typeof value === 'string') return [keyword, this.#writeReference(value)]
      return [keyword, this.#writeReferences(value)]
    })) satisfies JsonObject
  }

  #writeReference (text: string): Json {
    const { api } = this.#draft
    const [, before, after] = MODEL_URL.exec(text) ?? []
    if (before !== undefined && after !== undefined) return writeText([before, api, after])
    const [, name, rest = ''] = BARE_NAME.exec(text) ?? []
    return name !== undefined && this.#names.has(name) ? writeText([MODELS_URL, api, `/models/${name}${rest}`]) : text
  }
}

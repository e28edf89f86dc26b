// Which model a message must fit: modelSelectionExpression over requestModels, with `$default` behind it.
import { DEFAULT_KEY } from '../definition.ts'
import { ModelUnknownError, ModelValidationError } from '../errors.ts'
import { compileSelectionExpression } from '../expression/index.ts'
import type { SelectionExpression, SelectionScope } from '../expression/index.ts'
import type { Model, Models } from './models.ts'

/** The models of a route, as declared: a model's name or a schema in its place. */
export interface RequestModelsDefinition {
  readonly place: string
  readonly modelSelectionExpression: string
  readonly requestModels: Readonly<Record<string, unknown>>
}

/** What an empty message is validated as. */
const EMPTY_MESSAGE: Readonly<Record<string, never>> = Object.freeze({})

/** A message that is empty, as an expression reads it. */
const EMPTY_SCOPE: SelectionScope = { text: '{}', json: EMPTY_MESSAGE }

/** The compiled models of a route. */
export class RequestModels {
  readonly #place: string
  readonly #select: SelectionExpression
  readonly #models: ReadonlyMap<string, Model>

  /** Throws coded errors that name the place. */
  constructor (definition: RequestModelsDefinition, models: Models) {
    const { place, requestModels } = definition
    this.#place = place
    this.#select = compileSelectionExpression(definition.modelSelectionExpression, {
      kind: 'model', place: `${place}.modelSelectionExpression`
    })
    this.#models = new Map(Object.entries(requestModels).map(([key, given]) =>
      [key, resolve(given, `${place}.requestModels.${key}`, models)]))
  }

  /** What is wrong with the message, or undefined. */
  validate (scope: SelectionScope): ModelValidationError | undefined {
    const isEmpty = scope.text === ''
    const key = this.#select(isEmpty ? EMPTY_SCOPE : scope)
    const model = (key === undefined ? undefined : this.#models.get(key)) ?? this.#models.get(DEFAULT_KEY)
    if (model === undefined) {
      return new ModelValidationError(this.#place, key === undefined ? '[message is not JSON]' : `[no model for the key ${JSON.stringify(key.slice(0, 80))}]`)
    }
    const value = isEmpty ? EMPTY_MESSAGE : scope.json
    if (value === undefined) return new ModelValidationError(model.name, '[message is not JSON]')
    return model.isValid(value) ? undefined : new ModelValidationError(model.name, model.explain(value))
  }
}

function resolve (given: unknown, place: string, models: Models): Model {
  if (typeof given !== 'string') return models.compileInPlace(given, place)
  const model = models.get(given)
  if (model === undefined) throw new ModelUnknownError(place, given, models.names.join(', ') || 'none')
  return model
}

// The models of an API: JSON Schema draft 4, compiled once, each reachable from the others by its name.
import ajvDraft04 from 'ajv-draft-04'
import { ModelInvalidError } from '../errors.ts'
import { explainFailure } from './explain.ts'
import { createModelPattern, onPatternBudget } from './model-pattern.ts'
import { readSchema } from './schema-dialect.ts'
import type { JsonSchema } from './schema-dialect.ts'
import { hasUniqueItems } from './unique-items.ts'

/** A compiled model. */
export interface Model {
  /** Its name, or where it is written. */
  readonly name: string
  isValid (value: unknown): boolean
  /** `validationErrorString` of a value that is not valid. */
  explain (value: unknown): string
}

const MODELS_URI = 'https://apigateway.amazonaws.com/apis/-/models/'
const uriOf = (name: string): string => MODELS_URI + name
/** A model that is not applied: it did not compile, and `disableSchemaValidation` says to go on. */
const LAX: Pick<Model, 'isValid' | 'explain'> = { isValid: () => true, explain: () => '' }

/** What there is to say of a message that cannot be walked. */
const UNEXPLAINED = '[instance is nested too deeply, or takes a pattern too many steps]'

/**
 * What a message can make overflow the stack, or take a pattern too long, is not let through. Undefined for the whole, and
 * not false for the part: below a `not` that would be a yes.
 */
function judge<T> (work: () => T): T | undefined {
  try {
    return onPatternBudget(work)
  } catch {
    return undefined
  }
}

// ajv-draft-04 is CommonJS: its class is the default of its default.
const { default: AjvDraft04 } = ajvDraft04
type Draft4Validator = InstanceType<typeof AjvDraft04>

/** The validator behind the models; the official test suite runs on the same. */
export function createDraft4Validator (): Draft4Validator {
  const validator = new AjvDraft04({
    strict: false,
    logger: false,
    validateFormats: false,
    // "required": ["toString"] asks for a member of the message, not of JavaScript.
    ownProperties: true,
    code: { regExp: createModelPattern }
  })
  validator.removeKeyword('uniqueItems')
  validator.addKeyword({
    keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', errors: false, compile: (isOn: boolean) => isOn ? hasUniqueItems : () => true
  })
  return validator
}

export interface ModelsOptions {
  /** Told of a model that does not compile, which then lets everything through. Without it such a model throws. */
  readonly onInvalid?: ((error: Error) => void) | undefined
}

export class Models {
  readonly #validator = createDraft4Validator()
  readonly #schemas = new Map<string, JsonSchema>()
  readonly #compiled = new Map<string, Model>()
  readonly #onInvalid: ((error: Error) => void) | undefined

  /** Compiles all models. Throws AGW_ERR_MODEL_INVALID with the place. */
  constructor (schemas: Iterable<readonly [name: string, schema: unknown]>, options: ModelsOptions = {}) {
    this.#onInvalid = options.onInvalid
    const given = new Map(schemas)
    const unreadable = new Map<string, Error>()
    for (const [name, schema] of given) {
      try {
        const read = readSchema(schema, { place: `models.${name}`, isModel: (other) => given.has(other), uriOf })
        this.#schemas.set(uriOf(name), read)
        this.#validator.addSchema(read, uriOf(name))
      } catch (error) {
        unreadable.set(name, asModelError(`models.${name}`, error))
      }
    }
    for (const name of given.keys()) {
      const error = unreadable.get(name)
      this.#compiled.set(name, error === undefined ? this.#compile(name, `models.${name}`, uriOf(name)) : this.#letThrough(name, error))
    }
  }

  get names (): string[] {
    return [...this.#compiled.keys()]
  }

  /** The model of that name, if there is one. */
  get (name: string): Model | undefined {
    return this.#compiled.get(name)
  }

  /** Compiles a schema that stands in place of a name. Throws AGW_ERR_MODEL_INVALID. */
  compileInPlace (schema: unknown, place: string): Model {
    try {
      const read = readSchema(schema, { place, isModel: (name) => this.#compiled.has(name), uriOf })
      const uri = `${MODELS_URI}-/${encodeURIComponent(place)}`
      this.#schemas.set(uri, read)
      this.#validator.addSchema(read, uri)
      return this.#compile(place, place, uri)
    } catch (error) {
      return this.#letThrough(place, asModelError(place, error))
    }
  }

  #compile (name: string, place: string, uri: string): Model {
    try {
      const isValid = this.#validator.getSchema(uri) as (value: unknown) => boolean
      const schema = this.#schemas.get(uri) as JsonSchema
      return {
        name,
        isValid: (value) => judge(() => isValid(value)) ?? false,
        explain: (value) => judge(() => explainFailure(schema, value, { schemas: this.#schemas, uri })) ?? UNEXPLAINED
      }
    } catch (error) {
      return this.#letThrough(name, asModelError(place, error))
    }
  }

  #letThrough (name: string, error: Error): Model {
    if (this.#onInvalid === undefined) throw error
    this.#onInvalid(error)
    return { name, ...LAX }
  }
}

function asModelError (place: string, error: unknown): Error {
  if (error instanceof ModelInvalidError) return error
  const { message, missingRef } = error as Error & { missingRef?: string }
  return new ModelInvalidError(place, missingRef === undefined ? message : `$ref names ${missingRef.replace(MODELS_URI, '')}, which is no model of this API; models elsewhere are not loaded`)
}

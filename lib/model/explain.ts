// validationErrorString: what is wrong with a message in the wording of AWS's validator, the Java json-schema-validator.
// ajv judges; this walk runs only over what ajv has refused, because its errors know neither that wording nor that order.
import { KEYWORD_CHECKS, typeOf } from './explain-keywords.ts'
import { createModelPattern } from './model-pattern.ts'
import type { JsonSchema } from './schema-dialect.ts'

/** Where references lead: the schemas by URI, and the one the walk is in. */
export interface SchemaLocation {
  readonly schemas: ReadonlyMap<string, JsonSchema>
  readonly uri: string
}

/** More than these are not told; a log line is no place for thousands. */
const MAX_MESSAGES = 100
/** A `$ref` that leads to itself ends here. */
const MAX_DEPTH = 200
/** Where alternatives lead to alternatives, a small message can take for ever to walk. */
const MAX_VISITS = 50_000

/** What is wrong, as AWS's log has it: `[message, message]`. */
export function explainFailure (schema: JsonSchema, value: unknown, location: SchemaLocation): string {
  const messages = new Walk(location.schemas).messagesOf(schema, value, location.uri, 0)
  return `[${(messages.length === 0 ? ['instance does not match the schema'] : messages.slice(0, MAX_MESSAGES)).join(', ')}]`
}

/** What a keyword's check may ask about a schema below it. */
export interface SubschemaWalk {
  isValid (schema: unknown): boolean
}

class Walk {
  readonly #schemas: ReadonlyMap<string, JsonSchema>
  #visits = 0

  constructor (schemas: ReadonlyMap<string, JsonSchema>) {
    this.#schemas = schemas
  }

  /** Messages of one schema: its own keywords in the order they are written; its children only where those are content. */
  messagesOf (schema: unknown, value: unknown, uri: string, depth: number): string[] {
    if (!isObject(schema) || depth > MAX_DEPTH || ++this.#visits > MAX_VISITS) return []
    if (typeof schema.$ref === 'string') {
      const target = this.#resolve(schema.$ref, uri)
      return target === undefined ? [] : this.messagesOf(target.schema, value, target.uri, depth + 1)
    }
    const sub: SubschemaWalk = {
      isValid: (other) => this.messagesOf(other, value, uri, depth + 1).length === 0
    }
    const messages: string[] = []
    for (const keyword of Object.keys(schema)) {
      const message = KEYWORD_CHECKS.get(keyword)?.(schema, value, sub)
      if (message !== undefined) messages.push(message)
    }
    return messages.length > 0 ? messages : this.#childMessages(schema, value, uri, depth + 1)
  }

  #childMessages (schema: JsonSchema, value: unknown, uri: string, depth: number): string[] {
    const messages: string[] = []
    const visit = (child: unknown, childValue: unknown): void => {
      if (messages.length < MAX_MESSAGES) messages.push(...this.messagesOf(child, childValue, uri, depth))
    }
    if (Array.isArray(value)) {
      const { items, additionalItems } = schema
      value.forEach((element, i) => { visit(Array.isArray(items) ? items[i] ?? additionalItems : items, element) })
    } else if (typeOf(value) === 'object') {
      for (const [name, member] of Object.entries(value as object)) {
        for (const child of schemasOfMember(schema, name)) visit(child, member)
      }
    }
    return messages
  }

  #resolve (reference: string, uri: string): { schema: unknown, uri: string } | undefined {
    const [base, fragment = ''] = reference.split('#') as [string, string?]
    const target = base === '' ? uri : base
    let schema: unknown = this.#schemas.get(target)
    for (const part of fragment.split('/').slice(1)) {
      const key = decodePointer(part)
      schema = isObject(schema) || Array.isArray(schema) ? (schema as JsonSchema)[key] : undefined
    }
    return schema === undefined ? undefined : { schema, uri: target }
  }
}

/** The schemas a member must fit: by name, by pattern, or else by additionalProperties. */
function schemasOfMember (
  { properties, patternProperties, additionalProperties }: JsonSchema, name: string
): unknown[] {
  const found: unknown[] = []
  if (isObject(properties) && Object.hasOwn(properties, name)) found.push(properties[name])
  if (isObject(patternProperties)) {
    for (const [pattern, child] of Object.entries(patternProperties)) {
      if (createModelPattern(pattern).test(name)) found.push(child)
    }
  }
  return found.length === 0 ? [additionalProperties] : found
}

function decodePointer (part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return part
  }
}

function isObject (value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

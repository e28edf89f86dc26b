// Properties of a resource from the options of the same names, by the table that importing reads them with.
import { optionName } from '../convert/read-properties.ts'
import type { PropertyTable, PropertyType } from '../properties/index.ts'
import type { Json, JsonObject } from '../resource.ts'
import { below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import { writeText } from './value.ts'

/** Texts that may name things of this API's account and region. */
const NAMING = /(?:Arn|Uri|StageVariables)$/
const RESOURCE_ARN = /Arn$/

/** What the table knows and the options have; what joins resources is the caller's. */
export function writeProperties (draft: TemplateDraft, table: PropertyTable, options: object, place: Place): JsonObject {
  const given = options as Record<string, unknown>
  const properties: JsonObject = {}
  for (const [name, { type, fate }] of Object.entries(table)) {
    const option = optionName(name)
    if ((fate !== 'option' && fate !== 'carried') || !Object.hasOwn(given, option) || given[option] === undefined) continue
    properties[name] = writeValue(draft, name, type, given[option], below(place, option))
  }
  return properties
}

function writeValue (draft: TemplateDraft, name: string, type: PropertyType, value: unknown, place: Place): Json {
  switch (type.kind) {
    case 'object': return writeProperties(draft, type.properties, value as object, place)
    case 'list': return (value as unknown[]).map((item, i) => writeValue(draft, name, type.of, item, below(place, i)))
    case 'tags': return Object.entries(value as object).map(([Key, Value]) => ({ Key, Value: draft.literal(Value, below(place, Key)) }))
    case 'map': {
      // The check of the names, and of their number, is that of every object.
      const literal = draft.literal(Object.fromEntries(Object.keys(value as object).map((key) => [key, true])), place) as JsonObject
      return Object.fromEntries(Object.keys(literal).map((key) =>
        [key, writeValue(draft, name, type.of, (value as Record<string, unknown>)[key], below(place, key))]))
    }
    case 'string': return NAMING.test(name) ? writeName(draft, name, value as string, place) : draft.literal(value, place)
    default: return draft.literal(value, place)
  }
}

function writeName (draft: TemplateDraft, name: string, text: string, place: Place): Json {
  draft.literal(text, place)
  if (RESOURCE_ARN.test(name)) {
    draft.tell('info', place, 'resource-outside', `${printPlace(place)} names ${text}, which the template does not make; it must be there when it is deployed`)
  }
  return writeText(draft.names.splitArn(text))
}

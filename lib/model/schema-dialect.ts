// What a model may be written in: draft 4 as it is, newer drafts (TypeBox writes one) translated or refused by name.
import { ModelInvalidError } from '../errors.ts'
import { setMember } from '../json/index.ts'

export type JsonSchema = Record<string, unknown>

/** Where a keyword of draft 4 holds schemas. */
const HOLDERS: ReadonlyMap<string, 'schema' | 'list' | 'map' | 'schemaOrList' | 'schemaOrBoolean' | 'dependencies'> = new Map([
  ['additionalItems', 'schemaOrBoolean'],
  ['additionalProperties', 'schemaOrBoolean'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['definitions', 'map'],
  ['dependencies', 'dependencies'],
  ['items', 'schemaOrList'],
  ['not', 'schema'],
  ['oneOf', 'list'],
  ['patternProperties', 'map'],
  ['properties', 'map']
])

/** Keywords of later drafts that change what is valid: to ignore them would let messages through that the author refuses. */
const NEWER_KEYWORDS: ReadonlySet<string> = new Set([
  '$anchor', '$defs', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef', 'const', 'contains',
  'dependentRequired', 'dependentSchemas', 'else', 'if', 'maxContains', 'minContains', 'prefixItems', 'propertyNames',
  'then', 'unevaluatedItems', 'unevaluatedProperties'
])

const DRAFT_4 = /^http:\/\/json-schema\.org\/(draft-04\/)?schema#?$/
const EXCLUSIVE_BOUNDS = [['exclusiveMinimum', 'minimum', Math.max], ['exclusiveMaximum', 'maximum', Math.min]] as const
const MODEL_URL = /^https:\/\/apigateway\.amazonaws\.com\/(?:restapis|apis)\/[^/]+\/models\/([A-Za-z0-9]+)(#.*)?$/
const PROTO = '__proto__'
const MODEL_NAME = /^[A-Za-z0-9]+(?=#|$)/

/** How a schema is read. */
export interface SchemaReading {
  /** Where it stands in the options. */
  readonly place: string
  /** Whether there is a model of that name. */
  isModel (name: string): boolean
  /** The URI under which a model is known to the validator. */
  uriOf (name: string): string
  /** Leaves a property named `__proto__` where it is: the schema is for somebody else's validator. */
  readonly keepsProto?: true
}

/** The schema in draft 4, references to models made into their URIs; a copy. Throws AGW_ERR_MODEL_INVALID. */
export function readSchema (schema: unknown, reading: SchemaReading): JsonSchema {
  return readSubschema(schema, reading.place, reading, true)
}

function readSubschema (schema: unknown, place: string, reading: SchemaReading, isRoot = false): JsonSchema {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new ModelInvalidError(place, `it is ${JSON.stringify(schema)}, and draft 4 knows schemas as objects only`)
  }
  const read: JsonSchema = {}
  const isReference = typeof (schema as JsonSchema).$ref === 'string'
  for (const [keyword, value] of Object.entries(schema)) {
    // Beside a reference nothing counts; definitions only hold what others refer to.
    if (isReference && keyword !== '$ref' && keyword !== 'definitions') continue
    if (NEWER_KEYWORDS.has(keyword)) {
      throw new ModelInvalidError(`${place}.${keyword}`, 'the keyword is newer than draft 4, which API Gateway speaks')
    }
    if (keyword === '$schema') {
      if (typeof value === 'string' && DRAFT_4.test(value)) read.$schema = value
    } else if (keyword === '$id') {
      // A name in newer drafts: at the root the model's own, elsewhere of no use to draft 4.
      if (!isRoot) throw new ModelInvalidError(`${place}.$id`, 'the keyword is newer than draft 4; below the root write id')
    } else {
      setMember(read, keyword, readKeyword(keyword, value, place, reading))
    }
  }
  translateBounds(read)
  if (reading.keepsProto !== true) moveProto(read)
  return read
}

/** ajv passes over a property named `__proto__`, but not over a pattern that only it fits. */
function moveProto (schema: JsonSchema): void {
  const { properties } = schema as { properties?: JsonSchema }
  if (typeof properties !== 'object' || !Object.hasOwn(properties, PROTO)) return
  schema.patternProperties = { ...schema.patternProperties as object, [`^${PROTO}$`]: Object.getOwnPropertyDescriptor(properties, PROTO)?.value }
  delete properties[PROTO]
}

function readKeyword (keyword: string, value: unknown, place: string, reading: SchemaReading): unknown {
  const here = `${place}.${keyword}`
  if (keyword === '$ref') return typeof value === 'string' ? readReference(value, reading) : value
  switch (HOLDERS.get(keyword)) {
    case 'schema': return readSubschema(value, here, reading)
    case 'schemaOrBoolean': return typeof value === 'boolean' ? value : readSubschema(value, here, reading)
    case 'schemaOrList': return Array.isArray(value) ? readList(value, here, reading) : readSubschema(value, here, reading)
    case 'list': return Array.isArray(value) ? readList(value, here, reading) : value
    case 'map': return readMap(value, here, reading)
    case 'dependencies': return readMap(value, here, reading, Array.isArray)
    default: return value
  }
}

function readList (list: unknown[], place: string, reading: SchemaReading): JsonSchema[] {
  return list.map((schema, i) => readSubschema(schema, `${place}[${i}]`, reading))
}

function readMap (
  map: unknown, place: string, reading: SchemaReading, isOther: (value: unknown) => boolean = () => false
): unknown {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return map
  const read: JsonSchema = {}
  for (const [name, schema] of Object.entries(map)) {
    setMember(read, name, isOther(schema) ? schema : readSubschema(schema, `${place}.${name}`, reading))
  }
  return read
}

/** A model by either form of its URL, or by its name; anything else is the schema's own affair. */
function readReference (reference: string, { isModel, uriOf }: SchemaReading): string {
  const url = MODEL_URL.exec(reference)
  if (url !== null) return uriOf(url[1] as string) + (url[2] ?? '')
  const name = MODEL_NAME.exec(reference)?.[0]
  return name !== undefined && isModel(name) ? uriOf(name) + reference.slice(name.length) : reference
}

/** `exclusiveMinimum: 5` of newer drafts is `minimum: 5, exclusiveMinimum: true`; of two bounds the tighter one stays. */
function translateBounds (schema: JsonSchema): void {
  for (const [exclusive, inclusive, tighter] of EXCLUSIVE_BOUNDS) {
    const bound = schema[exclusive]
    if (typeof bound !== 'number') continue
    const other = schema[inclusive]
    if (typeof other === 'number' && other !== bound && tighter(other, bound) === other) {
      delete schema[exclusive]
    } else {
      schema[inclusive] = bound
      schema[exclusive] = true
    }
  }
}

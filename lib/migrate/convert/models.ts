// Models: the schema is an object in CloudFormation, and JSON in a text everywhere else.
import { sayName } from '../quote.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { Uniques } from './conversion.ts'
import { isPlainObject } from './read-properties.ts'

export function convertModels (conversion: Conversion, byType: ResourcesByType): JsonObject[] {
  const names = new Uniques()
  return byType('AWS::ApiGatewayV2::Model').flatMap((resource) => {
    const { options: { schema, ...options } } = conversion.reader.read(resource)
    const { name } = options
    if (typeof name !== 'string' || schema === undefined) return []
    const twin = names.take(name, resource)
    if (twin !== undefined) {
      conversion.report.refuse({ code: 'model-duplicate', message: `Model with name ${sayName(name)} already exists for this API: ${twin.id}` }, resource, ['Name'])
      return []
    }
    const read = readSchema(conversion, resource, schema)
    return read === undefined ? [] : [{ ...options, schema: read }]
  })
}

function readSchema ({ report }: Conversion, resource: Resource, schema: Json): JsonObject | undefined {
  let read: Json | undefined = schema
  if (typeof schema === 'string') {
    try {
      read = JSON.parse(schema) as Json
    } catch {
      read = undefined
    }
  }
  if (isPlainObject(read)) return read
  report.refuse({ code: 'model-schema', message: 'Schema is neither an object nor the JSON of one' }, resource, ['Schema'])
  return undefined
}

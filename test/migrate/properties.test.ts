// Holds the property table to CloudFormation's own description of the resources, in both directions.
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import * as client from '@aws-sdk/client-apigatewayv2'
import t from 'tap'
import { PROPERTIES } from '../../lib/migrate/properties/index.ts'
import type { PropertyTable, PropertyType } from '../../lib/migrate/properties/index.ts'

const spec = loadAwsServiceSpecSync()

/** What an API of type WebSocket asks for, which the description of both kinds of API leaves open. */
const MORE_REQUIRED = ['AWS::ApiGatewayV2::Api.Name', 'AWS::ApiGatewayV2::Api.ProtocolType', 'AWS::ApiGatewayV2::Authorizer.AuthorizerUri']
/** The Json of CloudFormation, of which API Gateway says more. */
const JSON_KINDS = ['map', 'object', 'json']

type SpecType = any

function describe (type: SpecType): PropertyTable | string | unknown[] {
  if (type.type === 'ref') {
    const { properties } = spec.get('typeDefinition', type.reference.$ref) as any
    return Object.fromEntries(Object.entries(properties).map(([name, property]: [string, any]) => [name, describe(property.type)])) as never
  }
  if (type.type === 'array') return [describe(type.element)]
  if (type.type === 'map') return ['map', describe(type.element)]
  return type.type
}

function describeOwn (type: PropertyType): unknown {
  switch (type.kind) {
    case 'list': return [describeOwn(type.of)]
    case 'map': return ['map', describeOwn(type.of)]
    case 'object': return Object.fromEntries(Object.entries(type.properties).map(([name, property]) => [name, describeOwn(property.type)]))
    case 'tags': return ['tag']
    default: return type.kind
  }
}

for (const [type, table] of Object.entries(PROPERTIES) as Array<[string, PropertyTable]>) {
  t.test(`${type}: every property of the service's description, of its type, and no other`, async (t) => {
    const resource = spec.lookup('resource', 'cloudFormationType', 'equals', type)[0] as any
    t.same(Object.keys(table).sort(), Object.keys(resource.properties).sort())
    for (const [name, property] of Object.entries(table)) {
      const described = resource.properties[name]
      t.equal(property.isRequired === true, described.required === true || MORE_REQUIRED.includes(`${type}.${name}`), `${name} is required or not`)
      if (property.fate === 'http') continue
      const own = describeOwn(property.type)
      if (described.type.type === 'json') t.ok(JSON_KINDS.includes(property.type.kind), `${name} is Json`)
      else t.same(sorted(own), sorted(describe(described.type)), name)
    }
  })
}

function sorted (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort().map(([name, inner]) => [name, sorted(inner)]))
}

/** Where the SDK has an enumeration, by the name of the property. */
const ENUMERATIONS: Record<string, Record<string, string>> = {
  ConnectionType: client.ConnectionType,
  ContentHandlingStrategy: client.ContentHandlingStrategy,
  IntegrationType: client.IntegrationType,
  IpAddressType: client.IpAddressType,
  LoggingLevel: client.LoggingLevel,
  PassthroughBehavior: client.PassthroughBehavior,
  ProtocolType: client.ProtocolType,
  RoutingMode: client.RoutingMode,
  EndpointType: client.EndpointType,
  SecurityPolicy: client.SecurityPolicy
}

t.test('enumerations are those of the SDK', async (t) => {
  const seen = new Set<string>()
  const walk = (name: string, type: PropertyType): void => {
    if (type.kind === 'object') for (const [inner, property] of Object.entries(type.properties)) walk(inner, property.type)
    if (type.kind === 'list' || type.kind === 'map') walk(name, type.of)
    if (!Object.hasOwn(ENUMERATIONS, name)) return
    seen.add(name)
    t.same(type.kind === 'string' && [...type.values ?? []].sort(), Object.values(ENUMERATIONS[name] as object).sort(), name)
  }
  for (const table of Object.values(PROPERTIES) as PropertyTable[]) {
    for (const [name, property] of Object.entries(table)) walk(name, property.type)
  }
  t.same([...seen].sort(), Object.keys(ENUMERATIONS).sort())
})

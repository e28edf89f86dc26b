// SAM's transform of a template, as far as WebSocket APIs and functions are concerned.
import type { Report } from '../../report.ts'
import type { Reference } from '../../references.ts'
import type { Json, JsonObject, Resource } from '../../resource.ts'
import type { Parameters } from '../parameters.ts'
import type { RawResource } from '../raw-resource.ts'
import type { Template } from '../template.ts'
import { isObject } from '../../json.ts'
import { intrinsicOf, memberOf, scalarText } from '../values.ts'
import { mergeGlobals } from './globals.ts'
import { InvalidResource } from './invalid-resource.ts'
import { findUnused } from './unused-properties.ts'
import { expandWebSocketApi } from './web-socket-api.ts'

/** APIs that SAM makes for events of functions that name none. */
const IMPLICIT_APIS: readonly string[] = ['ServerlessHttpApi', 'ServerlessRestApi']

export interface ServerlessTransform {
  readonly resources: readonly RawResource[]
  /** What a name that SAM makes refers to: `Function.Alias`, `Chat.Stage`, `FunctionRole`. */
  generated (name: string): Reference | undefined
}

/** Globals are merged, WebSocketApi is expanded, functions stay what they are. What SAM refuses is refused in the report. */
export function transformServerless (
  template: Template, raw: readonly RawResource[], globals: JsonObject, parameters: Parameters, report: Report
): ServerlessTransform {
  const names = new Map<string, Reference>()
  const resources = raw.map((resource) => mergeGlobals(template, globals, resource)).flatMap((resource) => {
    if (resource.type === 'AWS::Serverless::Function') nameParts(resource, parameters, names)
    return resource.type === 'AWS::Serverless::WebSocketApi' ? expand(resource, parameters, names, report) : [resource]
  })
  if (raw.some(({ type }) => type.startsWith('AWS::Serverless::'))) {
    for (const id of IMPLICIT_APIS) names.set(id, { id, attribute: undefined })
    if (!template.isServerless) {
      template.add('warning', 'transform-missing', 'CloudFormation knows AWS::Serverless types by Transform: AWS::Serverless-2016-10-31 alone, which the template lacks', ['Resources'])
    }
  }
  return { resources, generated: (name) => names.get(name) }
}

/** The resources SAM makes beside a function, as far as others name them. */
function nameParts ({ id, properties }: RawResource, parameters: Parameters, names: Map<string, Reference>): void {
  if (properties['Role'] === undefined) names.set(`${id}Role`, { id: `${id}Role`, attribute: undefined })
  const alias = withParameters(properties['AutoPublishAlias'] ?? null, parameters)
  if (alias === null) return
  names.set(`${id}.Alias`, { id, attribute: 'Alias' }).set(`${id}.Version`, { id, attribute: 'Version' })
  const text = scalarText(alias)
  if (text !== undefined) names.set(`${id}Alias${text}`, { id, attribute: 'Alias' })
}

function expand (api: RawResource, parameters: Parameters, names: Map<string, Reference>, report: Report): readonly RawResource[] {
  const resource = asResource(api)
  try {
    const expanded = expandWebSocketApi({ ...api, properties: withParameters(api.properties, parameters) as JsonObject })
    for (const [name, id] of expanded.names) names.set(name, { id, attribute: undefined })
    for (const path of findUnused(api)) {
      report.add(path[1] === 'Route53' ? 'info' : 'warning', path[1] === 'Route53'
        ? { code: 'property-dropped', message: 'Domain.Route53 makes records that lead to AWS, and was left out' }
        : { code: 'property-unknown', message: `SAM makes nothing of ${path.join('.')}; it was left out` }, resource, path)
    }
    reportTwins(expanded.resources, resource, report)
    reportAuthType(api, resource, report)
    return expanded.resources
  } catch (error) {
    if (!(error instanceof InvalidResource)) throw error
    report.refuse({ code: 'sam-invalid', message: `Resource with id [${api.id}] is invalid. ${error.message}` }, resource)
    return []
  }
}

/** Logical ids forget the case of route keys, and of what two routes are called alike SAM keeps the last. */
function reportTwins (expanded: readonly RawResource[], api: Resource, report: Report): void {
  const keys = new Map<string, Json | undefined>()
  for (const { id, properties } of expanded.filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')) {
    const key = properties['RouteKey']
    if (keys.has(id)) {
      report.add('error', { code: 'logical-id-twice', message: `Routes ${String(keys.get(id))} and ${String(key)} both become ${id}, of which SAM keeps the last` }, api, ['Routes', String(key)])
    }
    keys.set(id, key)
  }
}

/** SAM accepts types in any case, and reads those it does not know as NONE. */
function reportAuthType ({ properties }: RawResource, api: Resource, report: Report): void {
  const authType = scalarText(memberOf(properties['Auth'], 'AuthType'))
  if (authType === undefined || authType === authType.toUpperCase()) return
  report.add('warning', {
    code: 'authorization-none', message: `SAM reads AuthType ${authType} as NONE: everybody may connect`, hint: `write ${authType.toUpperCase()}`
  }, api, ['Auth', 'AuthType'])
}

/** For a place in the report. */
function asResource ({ id, type, positionOf }: RawResource): Resource {
  return { id, type, properties: {}, dependsOn: [], positionOf }
}

/** SAM puts values of parameters in the place of `Ref` before it does anything else, so that logical ids hold them. */
function withParameters (value: Json, parameters: Parameters): Json {
  if (Array.isArray(value)) return value.map((item) => withParameters(item, parameters))
  if (!isObject(value)) return value
  const name = intrinsicOf(value) === 'Ref' ? memberOf(value, 'Ref') : undefined
  if (typeof name === 'string' && parameters.isKnown(name)) return parameters.valueOf(name)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withParameters(member, parameters)]))
}

// Lambda authorizers.
import { quote, sayName } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { Uniques } from './conversion.ts'

/** As HTTP APIs write identity sources: a dollar in front, and `route.` left out. */
const HTTP_SOURCE = /^\$\{?(?:(request\.(?:header|querystring))|(context|stageVariables))\.([a-zA-Z0-9._-]+)\}?$/
const SOURCE = /^(?:route\.request\.(?:header|querystring)|context|stageVariables)\.[a-zA-Z0-9._-]+$/

/** Name and options of each authorizer, by the id of its resource. */
export function convertAuthorizers (conversion: Conversion, byType: ResourcesByType): Map<string, [name: string, options: JsonObject]> {
  const { report, reader, functionUses } = conversion
  const names = new Uniques()
  const authorizers = new Map<string, [string, JsonObject]>()
  for (const resource of byType('AWS::ApiGatewayV2::Authorizer')) {
    const { options: { name, identitySource, ...options } } = reader.read(resource)
    if (typeof name !== 'string') continue
    const twin = names.take(name, resource)
    if (twin !== undefined) {
      report.refuse({ code: 'authorizer-duplicate', message: `Authorizer with name ${sayName(name)} already exists for this API: ${twin.id}` }, resource, ['Name'])
      continue
    }
    if (options.authorizerType !== undefined && options.authorizerType !== 'REQUEST') {
      report.refuse({ code: 'authorizer-type', message: `${nameOfProperty(resource, ['AuthorizerType'])} is ${quote(options.authorizerType)}; WebSocket APIs have REQUEST alone` }, resource, ['AuthorizerType'])
    }
    if (typeof options.authorizerUri === 'string') functionUses.addUri(options.authorizerUri, resource, ['AuthorizerUri'])
    authorizers.set(resource.id, [name, {
      ...options,
      ...(Array.isArray(identitySource) ? { identitySource: readSources(conversion, resource, identitySource) } : undefined)
    }])
  }
  return authorizers
}

function readSources ({ report }: Conversion, resource: Resource, sources: readonly Json[]): string[] {
  return (sources as readonly string[]).map((source, i) => {
    if (SOURCE.test(source)) return source
    const [, ofRequest, elsewhere, name] = HTTP_SOURCE.exec(source) ?? []
    if (name === undefined) {
      report.add('error', {
        code: 'identity-source-invalid',
        message: `${nameOfProperty(resource, ['IdentitySource'])} has ${quote(source)}; it must be route.request.header.NAME, route.request.querystring.NAME, context.NAME or stageVariables.NAME`
      }, resource, ['IdentitySource', i])
      // Left out, it would let in who does not bring it; as it is, the plugin refuses it.
      return source
    }
    const read = elsewhere === undefined ? `route.${ofRequest}.${name}` : `${elsewhere}.${name}`
    report.add('warning', {
      code: 'identity-source-http', message: `${nameOfProperty(resource, ['IdentitySource'])} has ${quote(source)}, as HTTP APIs write it; read as ${quote(read)}`
    }, resource, ['IdentitySource', i])
    return read
  })
}

// What a client must bring to the handshake, and how it says who it is: the binding of the channel, the servers' security.
import type { AuthorizerOptions } from '../../../types/index.js'
import { CONNECT_ROUTE_KEY } from '../../definition.ts'
import type { DeclaredApi } from '../declared-api.ts'
import type { Report } from '../report.ts'
import type { JsonObject } from '../resource.ts'
import { createKey } from './keys.ts'

const SOURCE = /^route\.request\.(header|querystring)\.(.+)$/
const KEY_HEADER = 'x-api-key'
const KEY_OF_AUTHORIZER = /^\$\{?context\.authorizer\.usageIdentifierKey\}?$/

export interface Handshake {
  /** `bindings` of the channel. */
  readonly bindings: JsonObject
  /** `securitySchemes` of the components. */
  readonly securitySchemes: JsonObject
}

/** A parameter of the handshake by where it stands. */
interface Parameter {
  readonly isRequired: boolean
  readonly schema: JsonObject
}

export function describeHandshake (api: DeclaredApi, report: Report): Handshake {
  const { options, routes } = api
  const { requestParameters = {}, authorizationType, authorizerId, apiKeyRequired } = routes.get(CONNECT_ROUTE_KEY) ?? {}
  const query = new Map<string, Parameter>()
  const headers = new Map<string, Parameter>()
  const securitySchemes: JsonObject = {}
  const keys = new Map<string, string>()

  function addParameter (source: string, isRequired: boolean, description?: string): { in: string, name: string } | undefined {
    const [, kind, name] = SOURCE.exec(source) ?? []
    if (kind === undefined || name === undefined) return undefined
    const place = kind === 'header' ? headers : query
    const known = place.get(name)
    place.set(name, {
      isRequired: isRequired || known?.isRequired === true,
      schema: known?.schema ?? { type: 'string', ...(description === undefined ? undefined : { description }) }
    })
    return { in: kind === 'header' ? 'header' : 'query', name }
  }

  for (const [source, given] of Object.entries(requestParameters)) {
    addParameter(source, typeof given === 'boolean' ? given : given.required === true)
  }
  if (authorizationType === 'AWS_IAM') {
    securitySchemes.awsSigv4 = {
      type: 'httpApiKey', name: 'Authorization', in: 'header', description: 'AWS Signature Version 4, in the header or in the query', 'x-amazon-apigateway-authtype': 'awsSigv4'
    }
  }
  if (authorizationType === 'CUSTOM') addAuthorizer(authorizerId as string, options.authorizers?.[authorizerId as string] ?? {})
  if (apiKeyRequired === true) addApiKey(options.apiKeySelectionExpression ?? `$request.header.${KEY_HEADER}`)
  addUpgradeSchema(api, { query, headers }, report)
  if (Object.keys(securitySchemes).length > 1) {
    report.add('info', { code: 'security-alternatives', message: 'AsyncAPI lists security as alternatives; here a handshake needs all of it' })
  }
  return {
    bindings: {
      ws: { method: 'GET', ...describeParameters('query', query), ...describeParameters('headers', headers), bindingVersion: '0.1.0' }
    },
    securitySchemes
  }

  function addAuthorizer (name: string, { identitySource = [] }: Partial<AuthorizerOptions>): void {
    const extension = { 'x-amazon-apigateway-authorizer': { name, identitySource } }
    const places = identitySource.map((source) => addParameter(source, true, `asked for by the authorizer ${name}`))
      .filter((place) => place !== undefined)
    for (const place of places) {
      securitySchemes[createKey(places.length === 1 ? name : `${name}-${place.name}`, keys)] = { type: 'httpApiKey', ...place, ...extension }
    }
    if (places.length === 0) {
      report.add('info', { code: 'authorizer-without-source', message: `authorizers.${name} reads no header and no query parameter of its own: AsyncAPI has no security for it` })
    }
  }

  function addApiKey (expression: string): void {
    const [, kind, name] = /^\$\{?request\.(header|querystring)\.([\w-]+)\}?$/.exec(expression) ?? []
    if (kind !== undefined && name !== undefined) {
      const place = addParameter(`route.request.${kind}.${name}`, true, 'an API key')
      securitySchemes[createKey('apiKey', keys)] = { type: 'httpApiKey', ...place }
    } else {
      report.add('info', {
        code: 'api-key-elsewhere',
        message: KEY_OF_AUTHORIZER.test(expression) ? 'the authorizer tells the API key: clients bring none' : `apiKeySelectionExpression is ${expression}: no parameter of the handshake is the API key`
      })
    }
  }
}

/** What Fastify checks of the handshake. */
function addUpgradeSchema (
  { options: { upgrade } }: DeclaredApi, places: { query: Map<string, Parameter>, headers: Map<string, Parameter> }, report: Report
): void {
  const schema = upgrade?.schema as Record<string, unknown> | undefined
  for (const [part, parameters] of [['querystring', places.query], ['headers', places.headers]] as const) {
    const { properties, required } = (schema?.[part] ?? {}) as { properties?: Record<string, JsonObject>, required?: unknown }
    if (typeof properties !== 'object' || properties === null) {
      if (schema?.[part] !== undefined) report.add('info', { code: 'upgrade-schema', message: `upgrade.schema.${part} is no object of properties; it is not in the document` })
      continue
    }
    for (const [name, property] of Object.entries(properties)) {
      parameters.set(name, {
        isRequired: parameters.get(name)?.isRequired === true || (Array.isArray(required) && required.includes(name)),
        schema: JSON.parse(JSON.stringify(property)) as JsonObject
      })
    }
  }
}

function describeParameters (part: 'query' | 'headers', parameters: ReadonlyMap<string, Parameter>): JsonObject {
  if (parameters.size === 0) return {}
  const required = [...parameters].filter(([, { isRequired }]) => isRequired).map(([name]) => name)
  return {
    [part]: {
      type: 'object',
      ...(required.length === 0 ? undefined : { required }),
      properties: Object.fromEntries([...parameters].map(([name, { schema }]) => [name, schema]))
    }
  }
}

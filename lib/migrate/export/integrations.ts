// Integrations with their responses as resources.
import type { IntegrationOptions } from '../../../types/index.js'
import { DEFAULT_KEY } from '../../definition.ts'
import { DEFAULT_QUOTAS } from '../../quotas.ts'
import { isFunctionUri } from '../convert/function-uses.ts'
import { PROPERTIES } from '../properties/index.ts'
import type { PropertyTable } from '../properties/index.ts'
import type { JsonObject } from '../resource.ts'
import type { Functions } from './functions.ts'
import { below, printPlace } from './template-draft.ts'
import type { Place, TemplateDraft } from './template-draft.ts'
import type { TemplateReference } from './value.ts'
import { writeProperties } from './write-properties.ts'

const DEFAULT_METHOD = 'POST'
/** Only HTTP APIs have them. */
const HTTP_ONLY: readonly string[] = ['connectionId', 'tlsConfig']
/** All but what is written here otherwise, or not at all. */
const WRITTEN: PropertyTable = Object.fromEntries(Object.entries(PROPERTIES['AWS::ApiGatewayV2::Integration'])
  .filter(([name]) => name !== 'IntegrationUri' && name !== 'ConnectionId'))

export interface IntegrationUse {
  readonly definition: IntegrationOptions
  /** What the resource is called: the id of a shared one, the key of a route that has one of its own. */
  readonly name: string
  readonly place: Place
}

export class Integrations {
  readonly #draft: TemplateDraft
  readonly #functions: Functions
  readonly #origin: string | undefined
  /** Deployments come after these. */
  readonly responseIds: string[] = []

  constructor (draft: TemplateDraft, functions: Functions, origin: string | undefined) {
    this.#draft = draft
    this.#functions = functions
    this.#origin = origin
  }

  add (use: IntegrationUse): TemplateReference {
    const draft = this.#draft
    const { definition, name, place } = use
    const id = draft.ids.create(name, 'Integration')
    const integrationType = definition.integrationType ?? 'AWS_PROXY'
    const properties = writeProperties(draft, WRITTEN, { ...definition, integrationType }, place)
    this.#check(use)
    this.#checkNames(use)
    const reference = draft.add(id, 'AWS::ApiGatewayV2::Integration', {
      ApiId: { Ref: draft.api.id },
      ...properties,
      ...this.#writeTarget(use)
    })
    for (const [key, response] of Object.entries(definition.integrationResponses ?? {})) {
      const responseId = draft.ids.create(key === DEFAULT_KEY ? id : `${id} ${key}`, key === DEFAULT_KEY ? 'DefaultResponse' : 'Response')
      draft.add(responseId, 'AWS::ApiGatewayV2::IntegrationResponse', {
        ApiId: { Ref: draft.api.id },
        IntegrationId: { Ref: id },
        IntegrationResponseKey: draft.literal(key, below(place, 'integrationResponses', key)),
        ...writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::IntegrationResponse'], response, below(place, 'integrationResponses', key))
      })
      this.responseIds.push(responseId)
    }
    return reference
  }

  #writeTarget ({ definition, name, place }: IntegrationUse): JsonObject {
    const { integrationType = 'AWS_PROXY', integrationUri, integrationMethod, handler, timeoutInMillis, credentialsArn } = definition
    const method = integrationMethod === undefined ? { IntegrationMethod: DEFAULT_METHOD } : undefined
    if (handler !== undefined) {
      return {
        ...method,
        IntegrationUri: this.#functions.writeHandler({
          handler,
          key: name,
          // A handler given to routeKey() and one of the options are called alike.
          place: { id: place.id, path: ['handler'] },
          timeoutInMillis: timeoutInMillis ?? DEFAULT_QUOTAS.integrationTimeoutInMillis,
          isIntegration: true
        })
      }
    }
    if (integrationUri === undefined) return {}
    const here = below(place, 'integrationUri')
    if (integrationUri.startsWith('/')) return { IntegrationUri: this.#originOf(integrationUri, here) }
    if (integrationType === 'AWS' && !isFunctionUri(integrationUri)) {
      if (credentialsArn === undefined) {
        this.#draft.tell('warning', below(place, 'credentialsArn'), 'credentials-missing', `${printPlace(place)} calls a service of AWS without credentialsArn; API Gateway needs a role that may do so`, 'give credentialsArn')
      }
      return { ...method, IntegrationUri: this.#functions.writeUri(integrationUri, here, true) }
    }
    return { IntegrationUri: this.#functions.writeUri(integrationUri, here, true) }
  }

  #originOf (path: string, place: Place): string {
    if (this.#origin !== undefined) return this.#origin.replace(/\/$/, '') + path
    this.#draft.tell('error', place, 'in-process-path', `${printPlace(place)} is "${path}", a path of this server, which API Gateway cannot reach`, "give option origin, the URL under which AWS reaches this server: 'https://api.example.com'")
    return path
  }

  /** The schema that CloudFormation checks these properties by has no other names. */
  #checkNames ({ definition, place }: IntegrationUse): void {
    for (const property of ['requestTemplates', 'requestParameters'] as const) {
      for (const name of Object.keys(definition[property] ?? {}).filter((name) => !/[A-Za-z0-9]/.test(name))) {
        this.#draft.tell('error', below(place, property, name), 'name', `${printPlace(place)}.${property} has the name ${JSON.stringify(name)}; CloudFormation takes names with a letter of A to Z or a digit in them`, 'let the expression give another value')
      }
    }
  }

  #check ({ definition, place }: IntegrationUse): void {
    const { timeoutInMillis, connectionType, payloadFormatVersion } = definition
    const draft = this.#draft
    const longest = DEFAULT_QUOTAS.integrationTimeoutInMillis
    if (timeoutInMillis !== undefined && (timeoutInMillis > longest || !Number.isInteger(timeoutInMillis))) {
      draft.tell('error', below(place, 'timeoutInMillis'), 'timeout', `${printPlace(place)}.timeoutInMillis is ${timeoutInMillis}; API Gateway takes whole milliseconds from 50 to ${longest}`, 'shorten it, or answer later through @connections')
    }
    if (connectionType === 'VPC_LINK') {
      draft.tell('error', below(place, 'connectionType'), 'vpc-link', `${printPlace(place)}.connectionType is VPC_LINK, which WebSocket APIs do not have`, 'give integrationUri a URL that is reached over the internet')
    }
    if (payloadFormatVersion !== undefined && payloadFormatVersion !== '1.0') {
      draft.tell('error', below(place, 'payloadFormatVersion'), 'payload-format', `${printPlace(place)}.payloadFormatVersion is "${payloadFormatVersion}"; WebSocket APIs have "1.0" alone`, 'leave it out')
    }
    for (const name of HTTP_ONLY.filter((name) => Object.hasOwn(definition, name))) {
      draft.tell('warning', below(place, name), 'http-only', `${printPlace(place)}.${name} is for HTTP APIs and was left out`)
    }
    if (definition.integrationResponseSelectionExpression !== undefined) {
      draft.tell('info', below(place, 'integrationResponseSelectionExpression'), 'fixed', `${printPlace(place)}.integrationResponseSelectionExpression is fixed by API Gateway and is no property of a template`)
    }
  }
}

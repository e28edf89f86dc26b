// From the back end's answer to the result: selection by Java pattern, content handling, response template, parameters.
import { DEFAULT_KEY } from '../definition.ts'
import { IntegrationResponseKeyError, IntegrationResponseMissingError } from '../errors.ts'
import type { SelectionResponse, SelectionScope } from '../expression/index.ts'
import { compilePattern } from '../java/index.ts'
import type { JavaPattern } from '../java/index.ts'
import { compileParameterMapping, convertResponse, mapParameters, PASSTHROUGH, TemplateMap, UNSUPPORTED } from '../mapping/index.ts'
import type { ContentHandlingStrategy, MappedParameter, ParameterScope } from '../mapping/index.ts'
import { Refusal } from '../refusal.ts'
import type { BackendResponse } from './backend.ts'
import { createTemplateScope } from './integration-request.ts'
import type { IntegrationOutcome, IntegrationRequest } from './integration.ts'

/** An integration response, as declared. */
export interface IntegrationResponseDefinition {
  readonly responseTemplates?: Readonly<Record<string, string>> | undefined
  readonly templateSelectionExpression?: string | undefined
  readonly responseParameters?: Readonly<Record<string, string>> | undefined
  readonly contentHandlingStrategy?: ContentHandlingStrategy | undefined
}

interface CompiledIntegrationResponse {
  readonly templates: TemplateMap
  readonly parameters: readonly MappedParameter[]
  readonly contentHandlingStrategy: ContentHandlingStrategy | undefined
}

/** The only header a handshake takes from an integration response. */
const SUBPROTOCOL = 'sec-websocket-protocol'

export class IntegrationResponses {
  readonly #place: string
  readonly #byPattern: Array<readonly [JavaPattern, CompiledIntegrationResponse]> = []
  readonly #default: CompiledIntegrationResponse | undefined
  readonly isEmpty: boolean

  /** Throws coded errors that name the place. */
  constructor (place: string, definitions: Readonly<Record<string, IntegrationResponseDefinition>>) {
    this.#place = `${place}.integrationResponses`
    this.isEmpty = Object.keys(definitions).length === 0
    for (const [key, definition] of Object.entries(definitions)) {
      const here = `${this.#place}.${key}`
      const compiled = compileResponse(here, definition)
      if (key === DEFAULT_KEY) this.#default = compiled
      else this.#byPattern.push([compileKey(here, key), compiled])
    }
  }

  get hasDefault (): boolean {
    return this.#default !== undefined
  }

  /** The result the answer makes, or why it makes none. */
  respond (request: IntegrationRequest, response: BackendResponse): IntegrationOutcome {
    request.status = response.statusCode
    const { connectOutcome, selectionText } = response
    if (request.eventType === 'CONNECT' && connectOutcome instanceof Error) return new Refusal('INTEGRATION_FAILURE', connectOutcome)
    try {
      // A pattern that takes too many steps throws: a later one must not be chosen in its place.
      const chosen = this.#select(selectionText)
      if (chosen === undefined && (!this.isEmpty || request.isTwoWay)) {
        return new Refusal('API_CONFIGURATION_ERROR', new IntegrationResponseMissingError(this.#place, JSON.stringify(selectionText.slice(0, 200))))
      }
      return createResult(request, response, chosen)
    } catch (error) {
      return new Refusal('API_CONFIGURATION_ERROR', error as Error)
    }
  }

  /** Patterns before `$default`, in the order they were declared. */
  #select (text: string): CompiledIntegrationResponse | undefined {
    for (const [pattern, response] of this.#byPattern) {
      if (pattern.matches(text)) return response
    }
    return this.#default
  }
}

/** `/2\d\d/` → `2\d\d` */
function compileKey (place: string, key: string): JavaPattern {
  if (key.length < 3 || !key.startsWith('/') || !key.endsWith('/')) {
    throw new IntegrationResponseKeyError(place, `the key must be $default or a pattern between slashes, such as ${/^[\w.*]+$/.test(key) ? `/${key}/` : '/2\\d\\d/'}`)
  }
  try {
    return compilePattern(key.slice(1, -1))
  } catch (error) {
    throw new IntegrationResponseKeyError(place, (error as Error).message)
  }
}

function compileResponse (place: string, definition: IntegrationResponseDefinition): CompiledIntegrationResponse {
  const { templateSelectionExpression, responseParameters = {}, contentHandlingStrategy } = definition
  const templates = definition.responseTemplates
  return {
    templates: new TemplateMap({ place, property: 'responseTemplates', templates, templateSelectionExpression }),
    parameters: compileParameterMapping({
      place: `${place}.responseParameters`, parameters: responseParameters, side: 'response', allowsHandshake: false
    }),
    contentHandlingStrategy
  }
}

function createResult (
  request: IntegrationRequest, response: BackendResponse, chosen: CompiledIntegrationResponse | undefined
): IntegrationOutcome {
  const { connectOutcome, statusCode } = response
  const text = convertResponse(response.body, chosen?.contentHandlingStrategy)
  const choice = chosen?.templates.select(new ResponseScope(request, response)) ?? PASSTHROUGH
  const isHandshake = request.eventType === 'CONNECT'
  return {
    statusCode: isHandshake ? connectOutcome as number : statusCode,
    headers: isHandshake ? findSubprotocol(request, response, text, chosen?.parameters ?? []) : undefined,
    multiValueHeaders: undefined,
    body: choice === PASSTHROUGH || choice === UNSUPPORTED ? text : choice.render(createTemplateScope(request, text)),
    isNull: false
  }
}

/** The only response parameter with an effect: frames have no headers, and a handshake takes this one. */
function findSubprotocol (
  request: IntegrationRequest, response: BackendResponse, body: string, parameters: readonly MappedParameter[]
): Record<string, string> | undefined {
  if (parameters.length === 0) return undefined
  const scope: ParameterScope = {
    body,
    context: request.templateContext,
    stageVariables: request.stageVariables,
    headerValues: (name) => headerValues(response, name),
    querystringValues: () => []
  }
  const mapped = mapParameters(parameters.filter(({ name }) => name.toLowerCase() === SUBPROTOCOL), scope)
  return Object.fromEntries(mapped.header)
}

/** What a response template's selection expression reads: the message, and the answer. */
class ResponseScope implements SelectionScope {
  readonly #request: IntegrationRequest
  readonly #response: BackendResponse

  constructor (request: IntegrationRequest, response: BackendResponse) {
    this.#request = request
    this.#response = response
  }

  get text (): string | undefined {
    return this.#request.text
  }

  get json (): unknown {
    return this.#request.json
  }

  get response (): SelectionResponse {
    const response = this.#response
    return {
      statuscode: response.statusCode,
      header: (name) => headerValues(response, name).at(-1),
      multivalueheader: (name) => headerValues(response, name)
    }
  }
}

function headerValues ({ headers }: BackendResponse, name: string): readonly string[] {
  const key = name.toLowerCase()
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

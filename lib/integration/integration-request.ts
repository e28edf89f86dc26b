// From the message to what the back end is sent: parameter mapping, template or passthrough, content handling.
import { ContentHandlingError, JsonInvalidError, MappingTemplateFailedError, PassthroughRefusedError } from '../errors.ts'
import { parseLenientJson } from '../json/index.ts'
import { convertRequest, mapParameters, PASSTHROUGH, UNSUPPORTED } from '../mapping/index.ts'
import type {
  ContentHandlingStrategy, MappedParameter, MappedValues, MappingScope, ParameterScope, TemplateMap
} from '../mapping/index.ts'
import { Refusal } from '../refusal.ts'
import type { BackendRequest } from './backend.ts'
import type { IntegrationRequest } from './integration.ts'

export interface IntegrationRequestDefinition {
  readonly place: string
  readonly parameters: readonly MappedParameter[]
  /** Undefined for proxies, which have none. */
  readonly templates: TemplateMap | undefined
  readonly contentHandlingStrategy: ContentHandlingStrategy | undefined
}

const NOTHING_MAPPED: MappedValues = { header: [], querystring: [], path: new Map() }
const NO_VALUES: readonly string[] = []
const NO_PARAMETERS = {}

export class IntegrationRequestMapping {
  readonly #definition: IntegrationRequestDefinition

  constructor (definition: IntegrationRequestDefinition) {
    this.#definition = definition
  }

  /** What the back end is sent, or why nothing is. */
  map (request: IntegrationRequest): BackendRequest | Refusal {
    const { parameters } = this.#definition
    try {
      const { header, querystring, path } = parameters.length === 0
        ? NOTHING_MAPPED
        : mapParameters(parameters, createParameterScope(request))
      const body = this.#renderBody(request)
      return body instanceof Refusal ? body : { body, headers: header, querystring, path }
    } catch (error) {
      return refuseMapping(error as Error, request.text)
    }
  }

  #renderBody (request: IntegrationRequest): string | Buffer | undefined | Refusal {
    const { templates, contentHandlingStrategy, place } = this.#definition
    const choice = templates === undefined ? PASSTHROUGH : templates.select(request)
    if (choice === UNSUPPORTED) return new Refusal('UNSUPPORTED_MEDIA_TYPE', new PassthroughRefusedError(place))
    if (choice === PASSTHROUGH) {
      return request.text === undefined ? undefined : convertRequest(request.text, contentHandlingStrategy)
    }
    if (contentHandlingStrategy === 'CONVERT_TO_BINARY' && request.text !== undefined) {
      throw new ContentHandlingError(`${choice.place} cannot be rendered of a body that CONVERT_TO_BINARY makes bytes`)
    }
    return choice.render(createTemplateScope(request, request.text ?? ''))
  }
}

/** JSON that the client broke is the client's error; all else is the configuration's. */
function refuseMapping (error: Error, text: string | undefined): Refusal {
  const isClientError = error instanceof JsonInvalidError ||
    (error instanceof MappingTemplateFailedError && text !== undefined && isBroken(text))
  return new Refusal(isClientError ? 'BAD_REQUEST' : 'API_CONFIGURATION_ERROR', error)
}

function isBroken (text: string): boolean {
  try {
    parseLenientJson(text)
    return false
  } catch {
    return true
  }
}

/** What templates of a request or a response read: `$input` is over `body`. */
export function createTemplateScope (request: IntegrationRequest, body: string): MappingScope {
  return new TemplateScope(request, body)
}

/** Read as far as the template names it: `$context` and the handshake's parameters are made when they are asked for. */
class TemplateScope implements MappingScope {
  readonly body: string
  readonly #request: IntegrationRequest

  constructor (request: IntegrationRequest, body: string) {
    this.body = body
    this.#request = request
  }

  get context (): Readonly<Record<string, unknown>> {
    return this.#request.templateContext
  }

  get stageVariables (): Readonly<Record<string, string>> | undefined {
    return this.#request.stageVariables
  }

  get params (): NonNullable<MappingScope['params']> {
    const { connectParameters } = this.#request
    if (connectParameters === undefined) return NO_PARAMETERS
    return { header: connectParameters.headers.single, querystring: connectParameters.query?.single ?? {} }
  }
}

function createParameterScope (request: IntegrationRequest): ParameterScope {
  const { connectParameters } = request
  return {
    body: request.text,
    get context () { return request.templateContext },
    stageVariables: request.stageVariables,
    headerValues: (name) => own(connectParameters?.headers.multiple, name),
    querystringValues: (name) => own(connectParameters?.query?.multiple, name)
  }
}

function own (values: Readonly<Record<string, readonly string[]>> | undefined, name: string): readonly string[] {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] as readonly string[] : NO_VALUES
}

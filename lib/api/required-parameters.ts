// `requestParameters` of $connect: what a handshake must bring.
import type { RouteOptions } from '../../types/index.js'
import { OptionsInvalidError } from '../errors.ts'
import { Refusal } from '../refusal.ts'

const PARAMETER = /^route\.request\.(header|querystring)\.([a-zA-Z0-9._$-]+)$/

/** The parts of a handshake that parameters are read from. */
interface ParameterScope {
  header (name: string): string | undefined
  querystring (name: string): string | undefined
}

export class RequiredParameters {
  readonly #headers: readonly string[]
  readonly #querystring: readonly string[]

  constructor (headers: readonly string[], querystring: readonly string[]) {
    this.#headers = headers
    this.#querystring = querystring
  }

  /** The refusal that names what is missing, headers first as on API Gateway; undefined where nothing is. */
  findMissing (scope: ParameterScope): Refusal | undefined {
    const missing = [
      ...this.#headers.filter((name) => scope.header(name) === undefined),
      ...this.#querystring.filter((name) => scope.querystring(name) === undefined)
    ]
    if (missing.length === 0) return undefined
    return new Refusal('BAD_REQUEST_PARAMETERS', undefined, `Missing required request parameters: [${missing.join(', ')}]`)
  }
}

/** Undefined where none is required. Throws AGW_ERR_OPTIONS_INVALID. */
export function compileRequiredParameters (
  given: RouteOptions['requestParameters'], place: string
): RequiredParameters | undefined {
  const names: Record<'header' | 'querystring', string[]> = { header: [], querystring: [] }
  for (const [parameter, options] of Object.entries(given ?? {})) {
    const [, kind, name] = PARAMETER.exec(parameter) ?? []
    if (kind === undefined || name === undefined) throw new OptionsInvalidError(`${place} has "${parameter}"; allowed are route.request.header.NAME and route.request.querystring.NAME`)
    if (options.required === true) names[kind as keyof typeof names].push(name)
  }
  const { header, querystring } = names
  return header.length + querystring.length === 0 ? undefined : new RequiredParameters(header, querystring)
}

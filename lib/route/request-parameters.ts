// requestParameters of `$connect`: headers and query parameters that a handshake must have.
import { RequestParameterInvalidError, RequestParametersMissingError } from '../errors.ts'
import type { IntegrationRequest } from '../integration/index.ts'
import { Refusal } from '../refusal.ts'

const PARAMETER = /^route\.request\.(querystring|header)\.([a-zA-Z0-9._$-]+)$/

export class RequestParameters {
  readonly #headers: string[] = []
  readonly #querystring: string[] = []

  /** Throws AGW_ERR_ROUTE_REQUEST_PARAMETER with the place. */
  constructor (place: string, parameters: Readonly<Record<string, { readonly required?: boolean } | boolean>>) {
    for (const [parameter, given] of Object.entries(parameters)) {
      const [, family, name] = PARAMETER.exec(parameter) ?? []
      if (name === undefined) throw new RequestParameterInvalidError(`${place}.${parameter}`)
      const isRequired = typeof given === 'boolean' ? given : given.required === true
      if (isRequired) (family === 'header' ? this.#headers : this.#querystring).push(name)
    }
  }

  /** The refusal of a handshake that lacks one; headers are told first. */
  check ({ connectParameters }: IntegrationRequest): Refusal | undefined {
    if (connectParameters === undefined) return undefined
    const headers = new Set(Object.keys(connectParameters.headers.single).map((name) => name.toLowerCase()))
    const query = connectParameters.query?.single ?? {}
    const missing = [
      ...this.#headers.filter((name) => !headers.has(name.toLowerCase())),
      ...this.#querystring.filter((name) => !Object.hasOwn(query, name))
    ]
    if (missing.length === 0) return undefined
    const message = `Missing required request parameters: [${missing.join(', ')}]`
    return new Refusal('BAD_REQUEST_PARAMETERS', new RequestParametersMissingError(missing.join(', ')), message)
  }
}

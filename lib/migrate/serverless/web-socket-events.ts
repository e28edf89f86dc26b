// The websocket events of a service's functions, in each of the forms that the framework takes.
import { quote, sayNames } from '../quote.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { isObject } from '../json.ts'
import { placeOf } from './place.ts'
import type { Service } from './service.ts'

export interface WebSocketEvent {
  readonly functionName: string
  readonly route: string
  readonly routeResponseSelectionExpression: Json | undefined
  readonly authorizer: WebSocketAuthorizer | undefined
  /** Where it stands in the definition. */
  readonly path: PropertyPath
}

export interface WebSocketAuthorizer {
  readonly name: string
  /** The function's ARN where it is not one of the service. */
  readonly arn: Json | undefined
  readonly identitySource: Json
  /** Where the definition names the function, and the sources of identity. */
  readonly targetPath: PropertyPath
  readonly identitySourcePath: PropertyPath | undefined
}

const DEFAULT_IDENTITY_SOURCE = ['route.request.header.Auth']
const EVENT_KEYS = new Set(['route', 'routeResponseSelectionExpression', 'authorizer'])
const AUTHORIZER_KEYS = new Set(['name', 'arn', 'identitySource'])

/** What does not come through is in the report, events of other kinds too. */
export function readWebSocketEvents (service: Service): WebSocketEvent[] {
  const { report, document } = service
  return service.functions.flatMap(({ name: functionName, view }) => view.get('events').entries.flatMap((event) => {
    const others = event.isObject ? event.names.filter((name) => name !== 'websocket').map((name) => event.get(name).path) : [event.path]
    for (const path of others) {
      report.add('info', { code: 'event-other', message: `Event ${path.at(-1) as string} is not of a WebSocket API` }, ...placeOf(document, path))
    }
    const given = event.get('websocket')
    const value = given.resolve()
    // The framework, too, passes over what is empty.
    if (value === undefined || value === null || value === '' || value === false) return []
    const read = new EventReader(service, functionName, given.path).read(value)
    return read === undefined ? [] : [read]
  }))
}

class EventReader {
  readonly #service: Service
  readonly #functionName: string
  readonly #path: PropertyPath

  constructor (service: Service, functionName: string, path: PropertyPath) {
    this.#service = service
    this.#functionName = functionName
    this.#path = path
  }

  read (value: Json): WebSocketEvent | undefined {
    const { route, routeResponseSelectionExpression, authorizer } = isObject(value) ? value : { route: value }
    if (isObject(value)) this.#warnOfUnknown(value, EVENT_KEYS, [])
    if (route === undefined) return this.#refuse([], 'A websocket event must have route, the key of a route')
    if (typeof route !== 'string' || route === '') return this.#refuse(['route'], `Route ${quote(route)} is not valid; a websocket event needs the key of a route`)
    const read = authorizer === undefined || authorizer === null ? undefined : this.#readAuthorizer(authorizer)
    if (authorizer && read === undefined) return undefined
    return {
      functionName: this.#functionName,
      route,
      routeResponseSelectionExpression: routeResponseSelectionExpression || undefined,
      authorizer: read,
      path: this.#path
    }
  }

  #readAuthorizer (authorizer: Json): WebSocketAuthorizer | undefined {
    const given = typeof authorizer !== 'string' ? authorizer : authorizer.includes(':') ? { arn: authorizer } : { name: authorizer }
    if (!isObject(given)) return this.#refuse(['authorizer'], `Authorizer ${quote(authorizer)} is not valid; it must be the name of a function, an ARN, or an object with one of them`)
    this.#warnOfUnknown(given, AUTHORIZER_KEYS, ['authorizer'])
    const name = this.#nameOf(given)
    if (name === undefined) return undefined
    const pathOf = (key: string): PropertyPath => [...this.#path, 'authorizer', ...(given === authorizer ? [key] : [])]
    return {
      name,
      arn: given.arn ?? undefined,
      identitySource: given.identitySource ?? DEFAULT_IDENTITY_SOURCE,
      targetPath: pathOf(given.arn === undefined ? 'name' : 'arn'),
      identitySourcePath: Object.hasOwn(given, 'identitySource') ? pathOf('identitySource') : undefined
    }
  }

  /** The last part of an ARN, else the name that is given. */
  #nameOf ({ name, arn }: JsonObject): string | undefined {
    if (typeof arn === 'string') return arn.split(':').at(-1) as string
    if (typeof name !== 'string' || name === '') {
      return this.#refuse(['authorizer'], arn === undefined
        ? 'Authorizer has neither name nor arn'
        : 'Authorizer has an arn that is not a text, so it needs a name as well')
    }
    if (arn === undefined && !this.#service.hasFunction(name)) {
      return this.#refuse(['authorizer'], `Authorizer ${quote(name)} is not a function of this service; it has ${sayNames(this.#service.functions.map((own) => own.name))}`)
    }
    return name
  }

  #warnOfUnknown (value: JsonObject, known: ReadonlySet<string>, path: PropertyPath): void {
    for (const name of Object.keys(value).filter((name) => !known.has(name))) {
      this.#service.report.add('warning', {
        code: 'event-key-unknown',
        message: `Key ${name} is none of a websocket event's ${path.length === 0 ? '' : 'authorizer'}; the framework passes over it`
      }, ...placeOf(this.#service.document, [...this.#path, ...path, name]))
    }
  }

  #refuse (path: PropertyPath, message: string): undefined {
    this.#service.report.refuse({ code: 'event-invalid', message }, ...placeOf(this.#service.document, [...this.#path, ...path]))
    return undefined
  }
}

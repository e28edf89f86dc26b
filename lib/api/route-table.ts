// The routes of an API by key, and which of them a message selects.
import { CONNECT_ROUTE_KEY, DEFAULT_ROUTE_KEY, DISCONNECT_ROUTE_KEY } from '../definition.ts'
import { RouteDuplicateError } from '../errors.ts'
import type { SelectionExpression, SelectionScope, VariableFamily } from '../expression/index.ts'
import type { CompiledRoute } from '../route/index.ts'

/** Names of handshake headers and query parameters. */
export interface HandshakeVariables {
  readonly headers: readonly string[]
  readonly querystring: readonly string[]
}

export class RouteTable {
  readonly routeSelectionExpression: SelectionExpression
  connectRoute: CompiledRoute | undefined = undefined
  disconnectRoute: CompiledRoute | undefined = undefined
  #defaultRoute: CompiledRoute | undefined = undefined
  /** What a message can name. The lifecycle routes are not in it, so no message reaches them. */
  readonly #messageRoutes = new Map<string, CompiledRoute>()
  readonly #routes = new Map<string, CompiledRoute>()

  constructor (routeSelectionExpression: SelectionExpression) {
    this.routeSelectionExpression = routeSelectionExpression
  }

  /** The handshake values the expression reads; undefined where it reads none, as nearly always. */
  get handshakeVariables (): HandshakeVariables | undefined {
    const names = (family: VariableFamily): string[] => this.routeSelectionExpression.variables
      .filter((variable) => variable.family === family).map(({ name }) => name)
    const variables = { headers: names('request.header'), querystring: names('request.querystring') }
    return variables.headers.length + variables.querystring.length === 0 ? undefined : variables
  }

  /** All routes, in the order of their declaration. */
  get routes (): Iterable<CompiledRoute> {
    return this.#routes.values()
  }

  get size (): number {
    return this.#routes.size
  }

  add (route: CompiledRoute): void {
    const { routeKey } = route
    if (this.#routes.has(routeKey)) throw new RouteDuplicateError(routeKey)
    this.#routes.set(routeKey, route)
    if (routeKey === CONNECT_ROUTE_KEY) this.connectRoute = route
    else if (routeKey === DISCONNECT_ROUTE_KEY) this.disconnectRoute = route
    else this.#messageRoutes.set(routeKey, route)
    if (routeKey === DEFAULT_ROUTE_KEY) this.#defaultRoute = route
  }

  /** The route whose key equals the value of the expression, else `$default`, else none. */
  select (scope: SelectionScope): CompiledRoute | undefined {
    const key = this.routeSelectionExpression(scope)
    return (key === undefined ? undefined : this.#messageRoutes.get(key)) ?? this.#defaultRoute
  }
}

// A running API as what leaves it needs to know it: the options as they were given, and every route that was declared.
import type { ApiGatewayWebSocketOptions, JsonSchemaModel, RouteDefinition } from '../../types/index.js'

export interface DeclaredApi {
  readonly options: ApiGatewayWebSocketOptions
  /** Option `apiId`, or what was drawn in its place. */
  readonly apiId: string
  /** By route key, in the order of declaration: those of the options and those of `routeKey()`. */
  readonly routes: ReadonlyMap<string, RouteDefinition>
  /** What stands before the stage in this server's paths. */
  readonly prefix: string
  /** The schema in draft 4, which API Gateway speaks. Throws for what draft 4 lacks. */
  readonly toDraft4: (schema: JsonSchemaModel, place: string) => Record<string, unknown>
}

// Which APIs a Fastify scope knows: its own and, by inheritance, those of the scopes above it.
import type { FastifyInstance } from 'fastify'
import type { RouteDefinition, WebSocketApi } from '../types/index.js'
import { ApiDuplicateError, ApiUnknownError } from './errors.ts'
import { kApis } from './symbols.ts'
import type { Transport } from './transport/index.ts'

/** One registration of the plugin. */
export interface RegisteredApi {
  readonly name: string | undefined
  readonly webSocketApi: WebSocketApi
  readonly transport: Transport
  declare (scope: FastifyInstance, routeKey: string, definition: RouteDefinition): void
}

/** The unnamed API stands under the empty name, which no option can give. */
const UNNAMED = ''

type ScopeApis = Record<string, RegisteredApi>
interface WithApis { [kApis]?: ScopeApis }

/** Enters an API into the scope it is registered in. */
export function addScopeApi (scope: FastifyInstance, api: RegisteredApi): void {
  const holder = scope as unknown as WithApis
  const key = api.name ?? UNNAMED
  if (!Object.hasOwn(holder, kApis)) holder[kApis] = Object.create(holder[kApis] ?? null) as ScopeApis
  holder[kApis] = holder[kApis] as ScopeApis
  if (Object.hasOwn(holder[kApis], key)) {
    throw new ApiDuplicateError(api.name === undefined
      ? 'This scope already has an unnamed API; give the second one a name, or register it in a scope of its own'
      : `This scope already has an API named "${api.name}"; names are unique in a scope`)
  }
  holder[kApis][key] = api
}

/** Whether the scope has an API that is meant without a name. */
export function hasDefaultApi (scope: FastifyInstance): boolean {
  const apis = (scope as unknown as WithApis)[kApis] ?? {}
  return apis[UNNAMED] !== undefined || namesOf(apis).length === 1
}

/** Whether the API of that name stands in the record that the scope reads first, and is not inherited into it. */
export function ownsApi (scope: FastifyInstance, name: string | undefined): boolean {
  return Object.hasOwn((scope as unknown as WithApis)[kApis] ?? {}, name ?? UNNAMED)
}

/** The API of that name that the scope knows, or throws AGW_ERR_API_UNKNOWN. */
export function findScopeApi (scope: FastifyInstance, name: string | undefined): RegisteredApi {
  const apis = (scope as unknown as WithApis)[kApis] ?? {}
  const found = apis[name ?? UNNAMED]
  if (found !== undefined) return found
  const known = namesOf(apis)
  // One API alone is meant even where it has a name.
  if (name === undefined && known.length === 1) return apis[known[0] as string] as RegisteredApi
  const list = known.map((key) => key === UNNAMED ? 'an unnamed one' : `"${key}"`).join(', ')
  throw new ApiUnknownError(name === undefined
    ? `Scope has several APIs and none without a name; say which one is meant: ${list}`
    : `Scope has no API named "${name}"; it has ${list}`)
}

function namesOf (apis: ScopeApis): string[] {
  const names: string[] = []
  for (const name in apis) names.push(name)
  return names
}

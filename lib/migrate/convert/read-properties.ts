// Walks every property of a resource by the table: each becomes an option, says where something belongs, or is reported.
import type { ReportEntry } from '../../../types/migrate.js'
import { PROPERTIES } from '../properties/index.ts'
import type { GatewayType, Property, PropertyTable, PropertyType } from '../properties/index.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject, PropertyPath, Resource } from '../resource.ts'
import { coerceScalar, findFault, typeNameOf } from './coerce.ts'
import type { ScalarType } from './coerce.ts'
import type { Names } from './names.ts'
import { suggest } from './nearest.ts'

/** A resource as the table reads it. */
export interface ReadProperties {
  /** By option name, references replaced. */
  readonly options: JsonObject
  /** By AWS's name, references as they are. */
  readonly joins: Readonly<Record<string, string>>
}

type Sorted = { options: Array<[string, Json]>, joins: Array<[string, string]> }
type Level = ReportEntry['level']

/** `RouteSelectionExpression` → `routeSelectionExpression` */
export const optionName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

export class PropertiesReader {
  readonly #report: Report
  readonly #names: Names

  constructor (report: Report, names: Names) {
    this.#report = report
    this.#names = names
  }

  /** What becomes of the properties of a resource of the table. */
  read (resource: Resource): ReadProperties {
    const sorted = this.#sort(resource, resource.properties, PROPERTIES[resource.type as GatewayType], [], 'error')
    return { options: Object.fromEntries(sorted.options), joins: Object.fromEntries(sorted.joins) }
  }

  /** Where a property without a row is only a `level` of wrong. */
  #sort (resource: Resource, given: Readonly<JsonObject>, table: PropertyTable, path: PropertyPath, level: Level): Sorted {
    const sorted: Sorted = { options: [], joins: [] }
    for (const [name, value] of Object.entries(given)) {
      const here = [...path, name]
      if (Object.hasOwn(table, name)) this.#place(resource, name, value, table[name] as Property, here, sorted)
      else this.#reportUnknown(resource, name, table, here, level)
    }
    for (const [name, { isRequired }] of Object.entries(table)) {
      const here = [...path, name]
      if (isRequired === true && !Object.hasOwn(given, name) && !this.#report.hasError(resource, here)) {
        this.#report.refuse({ code: 'property-missing', message: `Property ${nameOfProperty(resource, here)} cannot be empty.` }, resource, here)
      }
    }
    return sorted
  }

  #place (resource: Resource, name: string, value: Json, { type, fate }: Property, path: PropertyPath, sorted: Sorted): void {
    if (fate === 'http') {
      this.#report.add('warning', { code: 'property-http-only', message: `${nameOfProperty(resource, path)} is for HTTP APIs and was left out` }, resource, path)
      return
    }
    const read = fate === 'join' ? this.#readScalar(resource, value, type as ScalarType, path) : this.#readValue(resource, value, type, path)
    if (read === undefined) return
    if (fate === 'join') {
      sorted.joins.push([name, read as string])
      return
    }
    if (fate === 'dropped') {
      this.#report.add('info', { code: 'property-dropped', message: `${nameOfProperty(resource, path)} has no meaning here and was left out` }, resource, path)
      return
    }
    if (fate === 'carried') {
      this.#report.add('info', { code: 'property-carried', message: `${nameOfProperty(resource, path)} is kept for API Gateway and has no effect here` }, resource, path)
    }
    sorted.options.push([optionName(name), read])
  }

  #reportUnknown (resource: Resource, name: string, table: PropertyTable, path: PropertyPath, level: Level): void {
    const hint = suggest(name, Object.keys(table))
    this.#report.add(level, {
      code: 'property-unknown',
      message: `Encountered unsupported property ${nameOfProperty(resource, path)}${hint}`
    }, resource, path)
  }

  #readValue (resource: Resource, value: Json, type: PropertyType, path: PropertyPath): Json | undefined {
    switch (type.kind) {
      case 'json': return this.#resolveAll(resource, value, path)
      case 'list': return this.#readList(resource, value, type.of, path)
      case 'tags': return this.#readTags(resource, value, path)
      case 'map': return this.#readMap(resource, value, type.of, path)
      case 'object': {
        if (!this.#isObject(resource, value, path)) return undefined
        return Object.fromEntries(this.#sort(resource, value, type.properties, path, type.isJson === true ? 'warning' : 'error').options)
      }
      default: {
        const read = this.#readScalar(resource, value, type, path)
        if (read === undefined) return undefined
        const resolved = typeof read === 'string' ? this.#names.resolve(read, resource, path) : read
        const fault = findFault(resolved, type)
        if (fault === undefined) return resolved
        const shown = isSecret(type) ? '[redacted]' : quote(resolved)
        return this.#refuse('property-invalid', `${nameOfProperty(resource, path)} is ${shown}; it ${fault}`, resource, path)
      }
    }
  }

  #readScalar (resource: Resource, value: Json, type: ScalarType, path: PropertyPath): string | number | boolean | undefined {
    const read = coerceScalar(value, type)
    if (read === undefined) {
      return this.#refuse('property-type', `Value of property ${nameOfProperty(resource, path)} must be of type ${typeNameOf(type)}`, resource, path)
    }
    if (read !== value) {
      const shown = isSecret(type) ? 'was read as a text' : `is ${quote(value)} and was read as ${quote(read)}`
      this.#report.add('info', { code: 'property-coerced', message: `${nameOfProperty(resource, path)} ${shown}` }, resource, path)
    }
    return read
  }

  #readList (resource: Resource, value: Json, of: PropertyType, path: PropertyPath): Json | undefined {
    if (!Array.isArray(value)) {
      const element = of.kind === 'object' || of.kind === 'map' ? 'Map' : typeNameOf(of as ScalarType)
      return this.#refuse('property-type', `Value of property ${nameOfProperty(resource, path)} must be of type List of ${element}`, resource, path)
    }
    return value.map((item, i) => this.#readValue(resource, item, of, [...path, i])).filter((item) => item !== undefined)
  }

  #readTags (resource: Resource, value: Json, path: PropertyPath): Json | undefined {
    const pairs = Array.isArray(value) ? value : undefined
    if (pairs?.every((pair) => isPlainObject(pair) && Object.keys(pair).sort().join() === 'Key,Value') !== true) {
      return this.#refuse('property-type', `Value of property ${nameOfProperty(resource, path)} must be of type List of { Key, Value }`, resource, path)
    }
    return Object.fromEntries((pairs as JsonObject[]).map(({ Key, Value }, i) => [
      String(this.#readValue(resource, Key as Json, { kind: 'string' }, [...path, i, 'Key'])),
      this.#readValue(resource, Value as Json, { kind: 'string' }, [...path, i, 'Value']) ?? ''
    ]))
  }

  #readMap (resource: Resource, value: Json, of: PropertyType, path: PropertyPath): Json | undefined {
    if (!this.#isObject(resource, value, path)) return undefined
    const entries: Array<[string, Json]> = []
    for (const [key, item] of Object.entries(value)) {
      const read = this.#readValue(resource, item, of, [...path, key])
      if (read !== undefined) entries.push([this.#names.resolve(key, resource, [...path, key]), read])
    }
    return Object.fromEntries(entries)
  }

  #isObject (resource: Resource, value: Json, path: PropertyPath): value is JsonObject {
    if (isPlainObject(value)) return true
    this.#refuse('property-type', `Value of property ${nameOfProperty(resource, path)} must be an object`, resource, path)
    return false
  }

  #resolveAll (resource: Resource, value: Json, path: PropertyPath): Json {
    if (typeof value === 'string') return this.#names.resolve(value, resource, path)
    if (Array.isArray(value)) return value.map((item, i) => this.#resolveAll(resource, item, [...path, i]))
    if (!isPlainObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#resolveAll(resource, item, [...path, key])]))
  }

  #refuse (code: string, message: string, resource: Resource, path: PropertyPath): undefined {
    this.#report.refuse({ code, message }, resource, path)
  }
}

export function isPlainObject (value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSecret (type: PropertyType): boolean {
  return type.kind === 'string' && type.isSecret === true
}

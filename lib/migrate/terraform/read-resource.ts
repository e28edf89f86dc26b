// One resource of Terraform as a resource of CloudFormation: every argument renamed, joined or reported.
import type { Report } from '../report.ts'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { Source } from '../source.ts'
import { TABLES } from './arguments.ts'
import type { Argument, Arguments, BlockArgument } from './arguments.ts'
import type { TerraformResource } from './document.ts'
import { namedType } from './joins.ts'
import { asList, asObject, isObject, isUnset, printJson } from '../json.ts'
import { Places } from './places.ts'
import type { Place } from './places.ts'
import { ResourceReport } from './resource-report.ts'
import { ValueReader } from './values.ts'
import type { Joining, Unread } from './values.ts'

/** What all resources of a document share. */
export interface TerraformReading extends Joining {
  readonly source: Source
  readonly report: Report
  readonly kind: 'plan' | 'state'
}

export function readResource (reading: TerraformReading, resource: TerraformResource): Resource {
  const table = Object.hasOwn(TABLES, resource.type) ? TABLES[resource.type] : undefined
  const places = new Places(resource.path)
  const { address, type, values } = resource
  const read: Resource = {
    id: address,
    ...(typeof values.id === 'string' && values.id !== '' ? { awsId: values.id } : undefined),
    type: table?.type ?? type,
    properties: Object.create(null) as JsonObject,
    dependsOn: reading.follower.dependenciesOf(resource),
    nameOf: (path) => places.nameOf(path),
    positionOf: (path) => reading.source.positionOf(places.documentOf(path))
  }
  if (table !== undefined) new ResourceReader(reading, resource, read, places).read(table.arguments, table.ignoresOthers === true)
  return read
}

class ResourceReader {
  readonly #reading: TerraformReading
  readonly #resource: TerraformResource
  readonly #properties: JsonObject
  readonly #places: Places
  readonly #report: ResourceReport
  readonly #values: ValueReader

  constructor (reading: TerraformReading, resource: TerraformResource, read: Resource, places: Places) {
    this.#reading = reading
    this.#resource = resource
    this.#properties = read.properties as JsonObject
    this.#places = places
    this.#report = new ResourceReport(reading.report, read, places)
    this.#values = new ValueReader(reading, resource, this.#report)
  }

  read (known: Arguments, ignoresOthers: boolean): void {
    const { values, unknown, configuration, path } = this.#resource
    const expressions = asObject(configuration.expressions)
    // What is not known yet is left out of the values; what is not set is null in them.
    for (const name of new Set([...Object.keys(values), ...Object.keys(expressions)])) {
      const argument = Object.hasOwn(known, name) ? known[name] : undefined
      const place = { path: [], name, document: [...path, name] }
      if (argument !== undefined) {
        this.#readArgument(this.#properties, argument, name, {
          value: values[name], unknown: asObject(unknown)[name], expression: expressions[name]
        }, place)
      } else if (!ignoresOthers && !isUnset(values[name])) {
        this.#report.unknownArgument({ ...place, path: [name] })
      }
    }
    if (asList(configuration.provisioners).length > 0) this.#report.provisioners()
  }

  /** Reads one argument into `target`; `place.path` is that of `target`. */
  #readArgument (target: JsonObject, argument: Argument, name: string, unread: Unread, place: Place): void {
    const { value, expression } = unread
    if (typeof argument === 'object' && 'dropped' in argument) {
      if (!isUnset(value) || expression !== undefined) this.#report.dropped({ ...place, path: [...place.path, name] }, argument.dropped)
      return
    }
    if (typeof argument === 'object' && 'computed' in argument) {
      if (!isUnset(value) && name !== 'id') this.#report.computed({ ...place, path: [...place.path, name] })
      return
    }
    const property = typeof argument === 'string' ? argument : argument.property
    const at = { ...place, path: [...place.path, property] }
    if (value === undefined || (value === null && namedType(this.#resource.type, name) !== undefined)) {
      if (Object.hasOwn(target, property) || !this.#isUnknown(unread)) return
      this.#places.add(at)
      const joined = this.#values.join(name, unread, at)
      if (joined !== undefined) target[property] = joined
    } else if (!isUnset(value)) {
      this.#places.add(at)
      target[property] = typeof argument === 'string'
        ? this.#values.read(name, value, unread, at)
        : this.#readBlocks(argument, value, unread, at)
    }
  }

  #isUnknown ({ unknown, expression }: Unread): boolean {
    return unknown === true || asList(asObject(expression).references).length > 0
  }

  #readBlocks ({ shape, key = '', block = {} }: BlockArgument, value: Json, { unknown, expression }: Unread, place: Place): Json {
    if (shape === 'tagList') return Object.entries(asObject(value)).map(([Key, Value]) => ({ Key, Value }))
    const blocks = asList(value)
    const expressions = asList(expression)
    const list: JsonObject[] = []
    const map = Object.create(null) as JsonObject
    for (const [i, entry] of blocks.entries()) {
      const values = asObject(entry)
      const last = shape === 'one' ? [] : [shape === 'list' ? i : printJson(values[key])]
      const own = { path: [...place.path, ...last], name: `${place.name}[${i}]`, document: [...place.document, i] }
      this.#places.add(own)
      const read = Object.create(null) as JsonObject
      this.#readBlock(read, block, key, {
        value: values,
        unknown: asList(unknown)[i],
        // Sets are ordered by their values, configurations as they are written.
        expression: expressions.length === blocks.length ? expressions[i] : undefined
      }, own)
      list.push(read)
      map[printJson(values[key])] = read
    }
    return shape === 'byKey' ? map : shape === 'list' ? list : list[0] ?? {}
  }

  #readBlock (read: JsonObject, block: Arguments, key: string, { value, unknown, expression }: Unread, own: Place): void {
    const values = asObject(value)
    const expressions = asObject(expression)
    for (const name of new Set([...Object.keys(values), ...Object.keys(expressions)])) {
      const place = { path: own.path, name: `${own.name}.${name}`, document: [...own.document, name] }
      const argument = Object.hasOwn(block, name) ? block[name] : undefined
      if (argument === undefined) {
        if (name !== key && !isUnset(values[name])) this.#report.unknownArgument({ ...place, path: [...own.path, name] })
      } else if (this.#isUnsetLimit(name, values[name])) {
        this.#report.zeroLimit({ ...place, path: [...own.path, String(argument)] })
      } else {
        this.#readArgument(read, argument, name, {
          value: values[name], unknown: isObject(unknown) ? unknown[name] : undefined, expression: expressions[name]
        }, place)
      }
    }
  }

  /** The provider writes 0 into the state where AWS names no limit. */
  #isUnsetLimit (name: string, value: Json | undefined): boolean {
    return this.#reading.kind === 'state' && value === 0 && name.startsWith('throttling_')
  }
}

// Fn::ForEach of AWS::LanguageExtensions: a loop that writes members of the map it stands in.
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { refused } from './failure.ts'
import { isObject } from '../json.ts'

const PREFIX = 'Fn::ForEach::'
/** Members that loops of one template may write; CloudFormation stops at 500 resources. */
const MAXIMUM_MEMBERS = 10_000
const FAULT = 'Fn::ForEach requires a list of an identifier, a collection and a map of one key'

/** Gives the texts of a collection that is not written out. */
export type CollectionOf = (value: Json, path: PropertyPath) => Json | undefined

export class ForEach {
  readonly #collectionOf: CollectionOf
  #members = 0
  /** Where in the template a member comes from that a loop wrote. */
  readonly origins = new Map<Json, PropertyPath>()

  constructor (collectionOf: CollectionOf) {
    this.#collectionOf = collectionOf
  }

  /** The map with loops in it and below written out; the same map where there are none. Throws an EvaluationFailure. */
  expand (object: JsonObject, path: PropertyPath): JsonObject {
    return isLoopIn(object) ? this.#expand(object, path, new Map()) as JsonObject : object
  }

  #expand (value: Json, path: PropertyPath, variables: ReadonlyMap<string, string>): Json {
    if (typeof value === 'string') return replace(value, variables)
    if (Array.isArray(value)) return value.map((item, i) => this.#expand(item, [...path, i], variables))
    if (!isObject(value)) return value
    const name = Object.keys(value).length === 1 ? value['Ref'] : undefined
    if (typeof name === 'string' && variables.has(name)) return variables.get(name) as string
    const expanded: JsonObject = Object.create(null)
    for (const [key, member] of Object.entries(value)) {
      if (key.startsWith(PREFIX)) this.#loop(expanded, member, [...path, key], variables)
      else expanded[replace(key, variables)] = this.#expand(member, [...path, key], variables)
    }
    return expanded
  }

  #loop (target: JsonObject, loop: Json, path: PropertyPath, variables: ReadonlyMap<string, string>): void {
    const [identifier, collection, output] = Array.isArray(loop) ? loop : []
    const [key, ...others] = isObject(output) ? Object.keys(output) : []
    if (typeof identifier !== 'string' || key === undefined || others.length > 0) throw refused('for-each', FAULT)
    const body = (output as JsonObject)[key] as Json
    for (const item of this.#items(collection as Json, [...path, 1], variables)) {
      if (++this.#members > MAXIMUM_MEMBERS) throw refused('for-each', `Fn::ForEach writes more than ${MAXIMUM_MEMBERS} members`)
      const inner = new Map([...variables, [identifier, item]])
      if (key.startsWith(PREFIX)) {
        this.#loop(target, body, [...path, 2, key], inner)
        continue
      }
      const member = this.#expand(body, [...path, 2, key], inner)
      if (typeof member === 'object') this.origins.set(member, [...path, 2, key])
      target[replace(key, inner)] = member
    }
  }

  #items (collection: Json, path: PropertyPath, variables: ReadonlyMap<string, string>): string[] {
    const expanded = this.#expand(collection, path, variables)
    const items = this.#collectionOf(expanded, path)
    if (!Array.isArray(items) || items.some((item) => typeof item !== 'string')) throw refused('for-each', `${FAULT}; the collection is not a list of texts`)
    return items as string[]
  }
}

/** `${Name}`, and `&{Name}` without what a logical id cannot hold. */
function replace (text: string, variables: ReadonlyMap<string, string>): string {
  if (variables.size === 0) return text
  return text.replace(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, sign: string, name: string) => {
    const value = variables.get(name)
    return value === undefined ? whole : sign === '&' ? value.replace(/[^A-Za-z0-9]/g, '') : value
  })
}

function isLoopIn (value: Json): boolean {
  if (Array.isArray(value)) return value.some(isLoopIn)
  return isObject(value) && Object.entries(value).some(([key, member]) => key.startsWith(PREFIX) || isLoopIn(member))
}

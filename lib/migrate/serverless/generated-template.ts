// The template that the framework would generate, and where in the serverless.yml each part of it comes from.
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { mergeJson } from './merge.ts'

/** Paths in the definition: of the resource as a whole, and of properties, `Environment.Variables.TABLE`, that something in it sets. */
export interface Origin {
  readonly resource: PropertyPath
  readonly properties?: Readonly<Record<string, PropertyPath>>
}

export class GeneratedTemplate {
  readonly resources = new Map<string, JsonObject>()
  readonly #origins = new Map<string, Origin>()

  /** Twice the same id merges, as the framework does. */
  add (id: string, resource: JsonObject, origin: Origin): void {
    this.resources.set(id, mergeJson(this.resources.get(id) ?? {}, resource) as JsonObject)
    const known = this.#origins.get(id)
    this.#origins.set(id, { resource: origin.resource, properties: { ...known?.properties, ...origin.properties } })
  }

  /** Where a property, or else its resource, comes from; undefined where it is not the framework's. */
  originOf (id: string, path: PropertyPath): PropertyPath | undefined {
    const origin = this.#origins.get(id)
    return this.spellingOf(id, path) ?? origin?.resource
  }

  /** Where a property is written that the definition spells in its own way; undefined of all others. */
  spellingOf (id: string, path: PropertyPath): PropertyPath | undefined {
    const properties = this.#origins.get(id)?.properties ?? {}
    for (let length = path.length; length > 0; length--) {
      const name = path.slice(0, length).join('.')
      if (Object.hasOwn(properties, name)) return [...properties[name] as PropertyPath, ...path.slice(length)]
    }
    return undefined
  }
}

/** `{ Type, DependsOn?, Properties }` without what is undefined. */
export function createResource (type: string, properties: Record<string, Json | undefined>, dependsOn?: Json): JsonObject {
  const given = Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return { Type: type, ...(dependsOn !== undefined && { DependsOn: dependsOn }), Properties: Object.fromEntries(given) }
}

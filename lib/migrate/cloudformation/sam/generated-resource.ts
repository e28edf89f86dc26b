// A resource that SAM makes of a part of another.
import type { Json, PropertyPath } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import { printPath } from '../../report.ts'

/** Where in the properties it was made of each of its own comes from, by name or by the way below the name. */
export type Origins = Readonly<Record<string, PropertyPath | ((below: PropertyPath) => PropertyPath)>>

/** `part` is what it is made of as a whole. */
export function createGeneratedResource (
  source: RawResource, id: string, type: string, properties: Readonly<Record<string, Json | undefined>>,
  part: PropertyPath, origins: Origins = {}
): RawResource {
  const written = Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  const originOf = ([name, ...below]: PropertyPath): PropertyPath | undefined => {
    const origin = typeof name === 'string' && Object.hasOwn(origins, name) ? origins[name] : undefined
    return typeof origin === 'function' ? origin(below) : origin && [...origin, ...below]
  }
  return {
    id,
    type,
    properties: Object.fromEntries(written),
    dependsOn: [],
    condition: source.condition,
    metadata: {},
    positionOf: (path) => source.positionOf(originOf(path) ?? part),
    nameOf: (path) => printPath(originOf(path) ?? path)
  }
}

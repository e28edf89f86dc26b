// SAM's Globals: what resources of a type have in common, merged into each as SAM merges it.
import type { Json, JsonObject, PropertyPath } from '../../resource.ts'
import type { RawResource } from '../raw-resource.ts'
import type { Template } from '../template.ts'
import { isObject } from '../../json.ts'
import { intrinsicOf, memberOf } from '../values.ts'

/** The section of a type; those of other types touch no WebSocket API. */
const SECTIONS: Readonly<Record<string, string>> = {
  'AWS::Serverless::Function': 'Function',
  'AWS::Serverless::LayerVersion': 'LayerVersion',
  'AWS::Serverless::WebSocketApi': 'WebSocketApi'
}

/** A resource with the globals of its type; positions of what it does not say itself are those of the globals. */
export function mergeGlobals (template: Template, globals: JsonObject, resource: RawResource): RawResource {
  const section = Object.hasOwn(SECTIONS, resource.type) ? SECTIONS[resource.type] as string : undefined
  const written = section === undefined ? undefined : memberOf(globals, section)
  if (!isObject(written) || section === undefined || resource.ignoreGlobals === '*') return resource
  const ignored = [resource.ignoreGlobals ?? []].flat()
  const shared = Object.fromEntries(Object.entries(written).filter(([name]) => !ignored.includes(name)))
  const own = resource.properties
  return {
    ...resource,
    properties: merge(shared, own) as JsonObject,
    positionOf: (path) => path.length > 0 && !isWritten(own, path) && isWritten(shared, path.slice(0, 1))
      ? template.positionOf(['Globals', section, ...path])
      : resource.positionOf(path)
  }
}

/** Maps are merged, lists follow one another, of anything else the resource's own stays. */
function merge (shared: Json, own: Json): Json {
  if (Array.isArray(shared) && Array.isArray(own)) return [...shared, ...own]
  if (!isObject(shared) || !isObject(own) || intrinsicOf(shared) !== undefined || intrinsicOf(own) !== undefined) return own
  const merged: JsonObject = Object.create(null)
  for (const [name, value] of Object.entries(shared)) merged[name] = value
  for (const [name, value] of Object.entries(own)) merged[name] = Object.hasOwn(shared, name) ? merge(shared[name] as Json, value) : value
  return merged
}

function isWritten (value: Json | undefined, path: PropertyPath): boolean {
  return path.every((key) => {
    value = Array.isArray(value) ? value[Number(key)] : memberOf(value, String(key))
    return value !== undefined
  })
}

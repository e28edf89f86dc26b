// The tags that SAM gives to what it makes of a WebSocket API.
import type { Json, JsonObject } from '../../resource.ts'
import { isObject } from '../../json.ts'

export function tagsOf (tags: Json | undefined): JsonObject {
  return { ...(isObject(tags) ? tags : undefined), 'websocketapi:createdBy': 'SAM' }
}

/** Tags of the resources that an API comes with. */
export function propagatedTags (properties: JsonObject): JsonObject {
  return tagsOf(properties['PropagateTags'] === true ? properties['Tags'] : undefined)
}

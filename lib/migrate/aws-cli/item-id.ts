// The id by which AWS names an item of an answer.
import { DefinitionSourceError } from '../../errors.ts'
import { printJson } from '../json.ts'
import { printPath } from '../report.ts'
import type { JsonObject, PropertyPath } from '../resource.ts'

/** `otherwise` where the item has none. Throws AGW_ERR_MIGRATE_SOURCE where it is no text. */
export function readItemId (item: JsonObject, member: string, path: PropertyPath, otherwise?: string): string {
  const id = item[member] ?? otherwise
  if (typeof id !== 'string') throw new DefinitionSourceError(`at ${printPath(path)}`, `Its ${member} is ${printJson(id)}; it must be a text`)
  return id
}

// The door of migration.
import type { ImportedDefinition, ImportOptions } from '../../types/migrate.js'

export async function importDefinition (source: string | object, options?: ImportOptions): Promise<ImportedDefinition> {
  throw new Error(`not here yet: ${String(source)} ${String(options)}`)
}

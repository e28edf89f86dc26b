// The door of migration.
export type { DeclaredApi } from './declared-api.ts'
export { createTemplate } from './export/index.ts'

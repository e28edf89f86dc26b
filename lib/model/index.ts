// The door of the models.
export { createDraft4Validator, Models } from './models.ts'
export { readSchema } from './schema-dialect.ts'
export type { Model } from './models.ts'
export { RequestModels } from './request-models.ts'

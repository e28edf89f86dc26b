// The door of json/: JSON as the gateway reads and writes it, and paths into it.
export { parseLenientJson } from './lenient-parser.ts'
export type { JsonPathReader } from './path.ts'
export { compileJsonPath } from './path.ts'
export { valueText } from './value-text.ts'
export type { WriteJsonOptions } from './write-json.ts'
export { writeJson } from './write-json.ts'
export type { JsonOutline, PlainStep } from './outline.ts'
export { UNKNOWN, outlineJson } from './outline.ts'

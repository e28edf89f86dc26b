// The options of an export: what is allowed, in errors that name the place.
import type { CloudFormationOptions, StageOptions } from '../../../types/index.js'
import { ExportOptionInvalidError } from '../../errors.ts'

const FUNCTION_MODES: readonly string[] = ['sam', 'arn', 'parameter']
const KNOWN: readonly string[] = ['functionMode', 'codeUri', 'directory', 'functions', 'stages', 'origin', 'description']
const TEXTS = ['codeUri', 'directory', 'origin', 'description'] as const

/** Throws AGW_ERR_EXPORT_OPTION. */
export function checkExportOptions (options: CloudFormationOptions, stages: readonly StageOptions[]): void {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) throw new ExportOptionInvalidError(`${unknown} is unknown; allowed are ${KNOWN.join(', ')}`)
  const { functionMode = 'sam', functions = {}, origin } = options
  if (!FUNCTION_MODES.includes(functionMode)) {
    throw new ExportOptionInvalidError(`functionMode is ${JSON.stringify(functionMode)}; it must be ${FUNCTION_MODES.join(', ')}`)
  }
  const wrong = TEXTS.find((name) => options[name] !== undefined && typeof options[name] !== 'string')
  if (wrong !== undefined) throw new ExportOptionInvalidError(`${wrong} is ${JSON.stringify(options[wrong])}; it must be a string`)
  if (origin !== undefined && !/^https?:\/\/[^/]+\/?$/.test(origin)) {
    throw new ExportOptionInvalidError(`origin is ${JSON.stringify(origin)}; it must be scheme and host such as https://api.example.com`)
  }
  for (const [name, details] of Object.entries(functions)) {
    if (typeof details !== 'object' || details === null) throw new ExportOptionInvalidError(`functions.${name} is ${JSON.stringify(details)}; it must be an object`)
  }
  const names = stages.map(({ stageName }) => stageName)
  for (const stage of options.stages ?? []) {
    if (!names.includes(stage)) throw new ExportOptionInvalidError(`stages has ${JSON.stringify(stage)}; the API has ${names.join(', ')}`)
  }
}

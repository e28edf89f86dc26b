// Which entries of a report are settled by what `serve` binds; what is missing of it, `serve` tells itself.
import type { ReportEntry } from '../../../types/migrate.js'

/** Codes of what only lacks a substitute. */
const BOUND_HERE: ReadonlySet<string> = new Set([
  'credentials-required',
  'function-code-archive', 'function-code-missing', 'function-code-outside', 'function-code-remote',
  'function-handler', 'function-image', 'function-layers', 'function-outside', 'function-runtime',
  'service-required'
])

export function withoutBound (report: readonly ReportEntry[]): ReportEntry[] {
  return report.filter(({ code }) => !BOUND_HERE.has(code))
}

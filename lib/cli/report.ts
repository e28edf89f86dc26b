// A report as people read it, and as the file of --report.
import type { ReportEntry } from '../../types/migrate.js'
import type { Call, ExitCode } from './command.ts'
import { writeOutput } from './output-file.ts'
import { LEVEL_STYLES } from './terminal.ts'
import type { Level, Style, Terminal } from './terminal.ts'

const LEVELS: readonly Level[] = ['error', 'warning', 'info']
const NOUNS: Readonly<Record<Level, [one: string, many: string]>> = {
  error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['note', 'notes']
}

/** `template.yaml:12:3 ConnectRoute.Target: …`, and in the next line what to do. */
export function renderEntry (entry: ReportEntry, source: string, style: (style: Style, text: string) => string): string {
  const { level, code, resource, property, line, column, message, hint } = entry
  const position = line === undefined ? '' : `${source}:${line}${column === undefined ? '' : `:${column}`} `
  const place = [resource, property].filter((part) => part !== undefined).join('.')
  return `${style(LEVEL_STYLES[level], level)}: ${position}${place === '' ? '' : `${style('bold', place)}: `}${message} ${style('dim', `[${code}]`)}` +
    (hint === undefined ? '' : `\n  ${hint}`)
}

export function count (report: readonly ReportEntry[], level: Level): number {
  return report.filter((entry) => entry.level === level).length
}

/** `2 errors, 1 warning, 30 notes` */
export function renderCounts (report: readonly ReportEntry[]): string {
  return LEVELS.map((level) => {
    const number = count(report, level)
    return `${number} ${NOUNS[level][number === 1 ? 0 : 1]}`
  }).join(', ')
}

export function exitCodeOf (report: readonly ReportEntry[], isStrict: boolean): ExitCode {
  return count(report, 'error') > 0 || (isStrict && count(report, 'warning') > 0) ? 1 : 0
}

/** Tells errors and warnings. */
export function tellReport (terminal: Terminal, report: readonly ReportEntry[], source: string): void {
  for (const entry of sortReport(report)) {
    if (entry.level !== 'info') terminal.note(renderEntry(entry, source, (style, text) => terminal.style(style, text)))
  }
}

/** The file of --report. */
export async function writeReport (call: Call, report: readonly ReportEntry[]): Promise<void> {
  if (call.values.has('report')) await writeOutput(call, 'report', JSON.stringify(report, undefined, 2))
}

/** Worst first, each level in the order of the source. */
export function sortReport (report: readonly ReportEntry[]): ReportEntry[] {
  return LEVELS.flatMap((level) => report.filter((entry) => entry.level === level))
}

// The gateway's log as lines for people: pino writes JSON.
import type { Level, Terminal } from '../terminal.ts'

/** Pino's levels in the words of reports. */
const LEVELS: ReadonlyArray<{ readonly from: number, readonly level: Level }> = [
  { from: 50, level: 'error' }, { from: 40, level: 'warning' }, { from: 0, level: 'info' }
]

interface LogLine {
  readonly level: number
  readonly msg?: string
  readonly err?: { readonly message?: string, readonly stack?: string, readonly code?: string }
  readonly routeKey?: string
  readonly place?: string
  readonly connectionId?: string
}

export function createLogStream (terminal: Terminal): { write (line: string): void } {
  return {
    write (line) {
      const { level, msg = '', err, routeKey, place, connectionId } = JSON.parse(line) as LogLine
      const where = [routeKey, place, connectionId].filter((part) => part !== undefined).join(' ')
      const details = err === undefined ? '' : `\n  ${(err.stack ?? err.message ?? '').replaceAll('\n', '\n  ')}`
      terminal.tell(LEVELS.find((one) => level >= one.from)?.level ?? 'info', `${msg}${where === '' ? '' : ` (${where})`}${details}`)
    }
  }
}

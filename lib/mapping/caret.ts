// Shows a place of a template: the line, and a caret under the column.
import type { Position } from '../vtl/index.ts'

/** Longer lines are cut around the place. */
const WIDTH = 100

/** Two lines to follow an error message. */
export function caretAt (source: string, { line, column }: Position): string {
  const text = source.split(/\r\n|\n|\r/)[line - 1] ?? ''
  const from = Math.max(0, column - 1 - WIDTH / 2)
  const shown = text.slice(from, from + WIDTH)
  return `\n  ${shown.replaceAll('\t', ' ')}\n  ${' '.repeat(column - 1 - from)}^`
}

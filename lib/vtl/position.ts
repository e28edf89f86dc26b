// Where something stands in a template: line and column, both from 1.

export interface Position { readonly line: number, readonly column: number }

/** The line and column of an offset. */
export function locate (text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  return { line: before.split(/\r\n|\n|\r/).length, column: offset - lineStart + 1 }
}

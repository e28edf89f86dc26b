// How deep a text of YAML nests, told from its lexemes alone: the parser calls itself level by level and would end the process.
import { CST, Lexer } from 'yaml'

/** Where the text first nests deeper than the limit; undefined where it does not. A level of indentation counts once. */
export function findTooDeep (text: string, maximumDepth: number): number | undefined {
  const columns: number[] = []
  let flows = 0
  let offset = 0
  let column = 0
  /** Whether the next node would begin a level of its own: at the start of a line and behind `-`, `?`, `:`. */
  let begins = true
  let isContent = false

  function begin (): void {
    while ((columns.at(-1) ?? -1) >= column) columns.pop()
    columns.push(column)
  }

  for (const lexeme of new Lexer().lex(text)) {
    const type = isContent ? 'content' : CST.tokenType(lexeme)
    isContent = false
    switch (type) {
      case 'byte-order-mark': case 'doc-mode': case 'flow-error-end':
        continue
      case 'scalar':
        isContent = true
        continue
      case 'content':
        if (begins && flows === 0) begin()
        begins = false
        break
      case 'flow-map-start': case 'flow-seq-start':
        flows++
        break
      case 'flow-map-end': case 'flow-seq-end':
        flows = Math.max(0, flows - 1)
        break
      case 'seq-item-ind': case 'explicit-key-ind': case 'map-value-ind':
        if (flows === 0) begin()
        begins = true
    }
    if (columns.length + flows > maximumDepth) return offset
    offset += lexeme.length
    const newline = lexeme.lastIndexOf('\n')
    column = newline === -1 ? column + lexeme.length : lexeme.length - newline - 1
    if (newline !== -1) begins = true
  }
  return undefined
}

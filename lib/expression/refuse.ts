// How an expression is refused: quoted, the place marked, the reason said.
import { SelectionExpressionInvalidError } from '../errors.ts'

/** Throws `SelectionExpressionInvalidError` for the character at `at`. */
export function refuseExpression (source: string, at: number, why: string): never {
  const marked = `${source.slice(0, at)}>>>${source.slice(at)}`
  throw new SelectionExpressionInvalidError(JSON.stringify(source), `${why} (at character ${at + 1}: ${marked})`)
}

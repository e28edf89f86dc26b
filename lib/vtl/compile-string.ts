// Strings in quotes: single ones as they are, double ones with the template inside them.
import type { Value } from './compile-expression.ts'
import { compileParts, joinTexts, renderParts } from './compile-block.ts'
import type { Environment } from './environment.ts'
import type { Node } from './node.ts'
import { parseTemplate } from './parse-template.ts'
import type { Run } from './run.ts'
import { VtlSyntaxError } from './vtl-error.ts'

/** `\uXXXX`, the only escape Velocity reads in a string. */
function unescape (text: string, environment: Environment, offset: number): string {
  let result = ''
  let copied = 0
  for (let at = text.indexOf('\\u'); at !== -1; at = text.indexOf('\\u', copied)) {
    const digits = text.slice(at + 2, at + 6)
    if (digits.length < 4 || !/^[+-]?[0-9a-fA-F]+$/.test(digits)) {
      throw new VtlSyntaxError(`'\\u${digits}' is not a character`, environment.position(offset))
    }
    result += text.slice(copied, at) + String.fromCharCode(parseInt(digits, 16) & 0xffff)
    copied = at + 6
  }
  return result + text.slice(copied)
}

/** Compiles a string literal. */
export function compileString (node: Node, environment: Environment): Value {
  const { image, offset } = node.first
  const quote = image[0] as string
  const isDouble = quote === '"'
  let text = image.slice(1, -1)
  if (isDouble) text = unescape(text, environment, offset)
  text = text.replaceAll(quote + quote, quote)
  if (!isDouble || !/[$#]/.test(image)) return () => text
  return compileInterpolation(text, environment.inner(text, offset + 1))
}

function compileInterpolation (text: string, environment: Environment): Value {
  // A space behind the text lets it end in `$` or `#`; it is taken off again. A line comment would swallow it.
  const hasLineComment = text.includes('##')
  let tree
  try {
    tree = parseTemplate(hasLineComment ? text : text + ' ', environment.scope)
  } catch (error) {
    if (!(error instanceof VtlSyntaxError) || error.position === undefined) throw error
    const { line, column } = error.position
    const offset = text.split(/(?<=\r\n|\n|\r(?!\n))/).slice(0, line - 1).join('').length + column - 1
    throw new VtlSyntaxError(error.message, environment.position(Math.min(offset, text.length)))
  }
  const parts = compileParts(tree.children, environment)
  const last = parts[parts.length - 1]
  let cutsEnd = !hasLineComment
  if (cutsEnd && typeof last === 'string') {
    parts[parts.length - 1] = last.slice(0, -1)
    cutsEnd = false
  }
  if (parts.every((part) => typeof part === 'string')) {
    const whole = parts.join('')
    return () => cutsEnd ? whole.slice(0, -1) : whole
  }
  const joined = joinTexts(parts)
  if (joined !== undefined) return cutsEnd ? (run) => joined(run).slice(0, -1) : joined
  const render = renderParts(parts)
  return (run: Run) => {
    const before = run.out
    run.out = ''
    try {
      render(run)
      return cutsEnd ? run.out.slice(0, -1) : run.out
    } finally {
      run.out = before
    }
  }
}

// The syntax tree: one shape for every node, with its first and last token, since Velocity prints some nodes by tokens.
import { KIND } from './token.ts'
import type { Token } from './token.ts'

export type NodeType =
  'process' | 'block' | 'text' | 'textblock' | 'comment' | 'escape' | 'escapedDirective' | 'directive' | 'set' | 'if' |
  'elseif' | 'else' | 'reference' | 'method' | 'identifier' | 'index' | 'word' | 'string' | 'integer' | 'float' | 'true' |
  'false' | 'map' | 'array' | 'range' | 'expression' | 'or' | 'and' | 'eq' | 'ne' | 'lt' | 'gt' | 'le' | 'ge' | 'add' |
  'subtract' | 'multiply' | 'divide' | 'modulo' | 'not'

export interface Node {
  readonly type: NodeType
  readonly first: Token
  last: Token
  readonly children: Node[]
  /** The name of a directive, the text of an escape. */
  value: string
}

/** The characters of unfinished references and directives before a token: they are plain text. */
function specialText (token: Token): string {
  let text = ''
  for (const image of token.special ?? []) {
    for (let i = 0; i < image.length; i++) {
      const character = image[i] as string
      if (character === '#' || character === '$') text += character
      if (character !== '\\') continue
      let end = i
      while (image[end] === '\\') end++
      if (image[end] !== '$') continue
      text += image.slice(i, end + 1)
      i = end + 1
    }
  }
  return text
}

/** A token's text with the plain text lost before it. */
export function tokenLiteral (token: Token): string {
  if (token.kind === KIND.MULTI_LINE_COMMENT) return ''
  if (token.special === undefined || token.special[token.special.length - 1]?.startsWith('##')) return token.image
  return specialText(token) + token.image
}

/** The source of a node; undefined where Velocity runs past the end looking for its last token. */
export function nodeLiteral (node: Node): string | undefined {
  let text = ''
  for (let token: Token | undefined = node.first; token !== undefined; token = token.next) {
    text += tokenLiteral(token)
    if (token === node.last) return text
  }
  return undefined
}

/** The images of a node's tokens, as a directive that is none prints itself. */
export function nodeImages (node: Node): string {
  let text = ''
  for (let token: Token | undefined = node.first; token !== undefined; token = token.next) {
    text += token.image
    if (token === node.last) break
  }
  return text
}

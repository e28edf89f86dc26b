// Blocks of statements: texts beside each other become one.
import { compileDirective } from './compile-directive.ts'
import { compileIf, compileSet } from './compile-control.ts'
import { compileReference } from './compile-reference.ts'
import type { Environment } from './environment.ts'
import type { Node, NodeType } from './node.ts'
import { tokenLiteral } from './node.ts'
import type { Run } from './run.ts'
import { checkedText } from './run.ts'

export type Render = (run: Run) => void
/** Text, or something to render; what also yields its text needs no detour through the output. */
export type Part = string | { readonly render: Render, readonly text?: (run: Run) => string }

type Compile = (node: Node, environment: Environment) => Part

/** What is left of a comment: the plain `$` that stood before it. */
const commentText: Compile = ({ first: { image } }) => {
  const at = image.includes('##') ? image.indexOf('##') : image.indexOf('#*')
  return at === -1 ? '' : image.slice(0, at)
}

const STATEMENTS: Readonly<Partial<Record<NodeType, Compile>>> = {
  text: (node) => tokenLiteral(node.first),
  textblock: (node) => node.first.image.slice(3, -3),
  comment: commentText,
  escape: (node) => node.value,
  escapedDirective: (node) => node.first.image,
  reference: (node, environment) => compileReference(node, environment),
  set: (node, environment) => ({ render: compileSet(node, environment) }),
  if: (node, environment) => ({ render: compileIf(node, environment) }),
  directive: compileDirective
}

/** Compiles statements, joining texts. */
export function compileParts (nodes: readonly Node[], environment: Environment): Part[] {
  const parts: Part[] = []
  for (const node of nodes) {
    const part = (STATEMENTS[node.type] as Compile)(node, environment)
    const last = parts[parts.length - 1]
    if (part === '') continue
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part
    else parts.push(part)
  }
  return parts
}

const renderOf = (part: Part): Render => typeof part === 'string' ? (run) => run.write(part) : part.render

/** Renders parts one after another. */
export function renderParts (parts: readonly Part[]): Render {
  const renders = parts.map(renderOf)
  const [first, second, third] = renders
  if (first === undefined) return () => {}
  if (second === undefined) return first
  if (third === undefined) {
    return (run) => {
      first(run)
      second(run)
    }
  }
  return (run) => {
    for (let i = 0; i < renders.length; i++) (renders[i] as Render)(run)
  }
}

/** The text of parts that all have one, undefined where one only renders. */
export function joinTexts (parts: readonly Part[]): ((run: Run) => string) | undefined {
  const texts: Array<(run: Run) => string> = []
  for (const part of parts) {
    if (typeof part === 'string') texts.push(() => part)
    else if (part.text === undefined) return undefined
    else texts.push(part.text)
  }
  const [first] = texts
  if (first !== undefined && texts.length === 1) return first
  return (run) => {
    let text = ''
    for (let i = 0; i < texts.length; i++) text += (texts[i] as (run: Run) => string)(run)
    return checkedText(text)
  }
}

export function compileBlock (node: Node, environment: Environment): Render {
  return renderParts(compileParts(node.children, environment))
}

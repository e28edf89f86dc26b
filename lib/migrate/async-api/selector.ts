// Which messages a route gets, as a schema: the route selection expression read backwards, from the key to the message.
import { compileSelectionExpression } from '../../expression/index.ts'
import type { JsonObject } from '../resource.ts'

/** `${request.body.a}`, `$request.body.a`, `\$`, or text. */
const PIECE = /\$\{([^}]*)\}|\$([\w.-]+)|\\(\$)|([^$\\]+|\\)/g
const BODY = /^request\.body((?:\.[A-Za-z_][\w-]*)+)$/

/** Makes the schema of the messages of a route key; undefined where no schema can say which they are. */
export class RouteSelector {
  /** Of the fields that make up the key; undefined where anything else does, too. */
  readonly #paths: ReadonlyArray<readonly string[]> | undefined
  /** The texts around the fields: one before each, one behind the last. */
  readonly #texts: readonly string[]

  /** The expression is valid: the API runs. */
  constructor (routeSelectionExpression: string) {
    const isConstant = compileSelectionExpression(routeSelectionExpression).constant !== undefined
    const paths: string[][] = []
    const texts = ['']
    let isReadable = !isConstant
    for (const [, braced, bare, dollar, text] of routeSelectionExpression.matchAll(PIECE)) {
      const variable = braced ?? bare
      if (variable === undefined) {
        texts.push(`${texts.pop() as string}${dollar ?? text ?? ''}`)
      } else {
        const [, path] = BODY.exec(variable) ?? []
        isReadable &&= path !== undefined
        paths.push((path ?? '').slice(1).split('.'))
        texts.push('')
      }
    }
    // Where one of two fields beside each other ends, nobody can tell.
    this.#paths = isReadable && !texts.slice(1, -1).includes('') ? paths : undefined
    this.#texts = texts
  }

  /** The schema of messages whose fields make up the key. */
  schemaOf (routeKey: string): JsonObject | undefined {
    if (this.#paths === undefined) return undefined
    const values = cutFromLeft(routeKey, this.#texts)
    const others = cutFromLeft(reverse(routeKey), this.#texts.map(reverse).reverse())?.map(reverse).reverse()
    // Of `a/b/c` nobody can tell which of two fields has the slash in it.
    if (values === undefined || others === undefined || values.some((value, i) => value !== others[i])) return undefined
    // A field that is missing reads as nothing, and one that is empty as well.
    if (values.includes('')) return undefined
    return this.#paths.reduce<JsonObject>((schema, path, i) => merge(schema, fieldSchema(path, values[i] as string)), {})
  }
}

/** What stands between the texts, each taken where it comes first; the last one ends it all. */
function cutFromLeft (text: string, texts: readonly string[]): string[] | undefined {
  const first = texts[0] as string
  const last = texts.at(-1) as string
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return undefined
  const end = text.length - last.length
  const values: string[] = []
  let at = first.length
  for (const separator of texts.slice(1, -1)) {
    const next = text.indexOf(separator, at)
    if (next === -1 || next + separator.length > end) return undefined
    values.push(text.slice(at, next))
    at = next + separator.length
  }
  return [...values, text.slice(at, end)]
}

function reverse (text: string): string {
  return [...text].reverse().join('')
}

/** A message where the field at the path has the value. */
export function fieldSchema (path: readonly string[], value: string): JsonObject {
  const [name, ...rest] = path
  if (name === undefined) return valueSchema(value)
  return { type: 'object', required: [name], properties: { [name]: fieldSchema(rest, value) } }
}

/** A number or boolean reads as its text. */
function valueSchema (value: string): JsonObject {
  const isLiteral = value === 'true' || value === 'false' || (/^-?\d+$/.test(value) && String(Number(value)) === value)
  return isLiteral ? { enum: [value, JSON.parse(value) as number | boolean] } : { const: value }
}

/** The path of the only field of a message that an expression reads, without braces or with. */
export function readFieldPath (expression: string): string[] | undefined {
  const [, path] = BODY.exec(expression.replace(/^\$\{(.*)\}$/, '$1').replace(/^\$/, '')) ?? []
  return path?.slice(1).split('.')
}

function merge (one: JsonObject, other: JsonObject): JsonObject {
  const properties = new Map(Object.entries(one.properties as JsonObject | undefined ?? {}))
  for (const [name, schema] of Object.entries(other.properties as JsonObject)) {
    const known = properties.get(name)
    properties.set(name, known === undefined ? schema : join(known as JsonObject, schema as JsonObject))
  }
  const required = new Set([...one.required as string[] | undefined ?? [], ...other.required as string[]])
  return { type: 'object', required: [...required], properties: Object.fromEntries(properties) }
}

/** Of two fields one may be inside of the same object as the other. */
function join (known: JsonObject, schema: JsonObject): JsonObject {
  return known.properties === undefined || schema.properties === undefined ? { allOf: [known, schema] } : merge(known, schema)
}

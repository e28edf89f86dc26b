// Which messages a route gets, as a schema: the route selection expression read backwards, from the key to the message.
import { compileSelectionExpression } from '../../expression/index.ts'
import type { JsonObject } from '../resource.ts'

/** `${request.body.a}`, `$request.body.a`, `\$`, or text. */
const PIECE = /\$\{([^}]*)\}|\$([\w.-]+)|\\(\$)|([^$\\]+|\\)/g
const BODY = /^request\.body((?:\.[A-Za-z_][\w-]*)+)$/

/** Makes the schema of the messages of a route key; undefined where no schema can say which they are. */
export class RouteSelector {
  readonly #paths: ReadonlyArray<readonly string[]> | undefined
  readonly #pattern: RegExp

  /** The expression is valid: the API runs. */
  constructor (routeSelectionExpression: string) {
    const isConstant = compileSelectionExpression(routeSelectionExpression).constant !== undefined
    const paths: string[][] = []
    let pattern = ''
    let isReadable = !isConstant
    for (const [, braced, bare, dollar, text] of routeSelectionExpression.matchAll(PIECE)) {
      const variable = braced ?? bare
      if (variable === undefined) {
        pattern += escape(dollar ?? text ?? '')
      } else {
        const [, path] = BODY.exec(variable) ?? []
        isReadable &&= path !== undefined
        paths.push((path ?? '').slice(1).split('.'))
        pattern += '([^]*)'
      }
    }
    this.#paths = isReadable ? paths : undefined
    this.#pattern = new RegExp(`^${pattern}$`)
  }

  /** The schema of messages whose fields make up the key. */
  schemaOf (routeKey: string): JsonObject | undefined {
    const values = this.#pattern.exec(routeKey)?.slice(1)
    if (this.#paths === undefined || values === undefined || !this.#isOnlyWay(routeKey)) return undefined
    // A field that is missing reads as nothing, and one that is empty as well.
    if (values.includes('')) return undefined
    return this.#paths.reduce<JsonObject>((schema, path, i) => merge(schema, fieldSchema(path, values[i] as string)), {})
  }

  /** Of `a/b/c` nobody can tell which of two fields has the slash in it. */
  #isOnlyWay (routeKey: string): boolean {
    const lazy = new RegExp(this.#pattern.source.replaceAll('([^]*)', '([^]*?)')).exec(routeKey)
    const greedy = this.#pattern.exec(routeKey)
    return lazy !== null && greedy !== null && lazy.every((value, i) => value === greedy[i])
  }
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

function escape (text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

// Resolves variables where something is read and not before, so that a file may refer to what stands beside it.
import { DefinitionSourceError } from '../../errors.ts'
import { quote } from '../quote.ts'
import type { Json, PropertyPath } from '../resource.ts'
import type { Document } from './definition-files.ts'
import { DefinitionFileError } from './definition-files.ts'
import type { Template, Variable } from './variable-syntax.ts'
import { parseTemplate, VariableSyntaxError } from './variable-syntax.ts'

/** How much it matters when a variable has no value: what it is needed for decides. */
export type Level = 'error' | 'info'

/** A value and where it stands. */
export interface Node {
  readonly document: Document
  readonly keys: PropertyPath
  readonly value: Json
  /** Tells a value written in a variable from what stands at the same place. */
  readonly literal?: string
  /** Holds no variable any more: `${` in it is text. */
  readonly settled?: boolean
  /** Has no value here: its text stands in for it, and for everything below it. */
  readonly unresolved?: boolean
}

/** What a source of variables is asked for, with its own variables resolved. */
export interface SourceRequest {
  readonly type: string
  readonly params: readonly string[]
  readonly address: string | undefined
  /** `ssm:/chat/table` */
  readonly text: string
  readonly level: Level
}

/** Answers of sources. `elsewhere`: only AWS, a service or code could tell. */
export type SourceAnswer = { readonly node: Node } | 'absent' | 'elsewhere'

export interface VariableSources {
  ask (request: SourceRequest): SourceAnswer
  /** The answer where a variable has no other. */
  lastResort (request: SourceRequest): SourceAnswer
  /** Told of each variable once. `fallback`: a value stands in that AWS might not give. */
  onUnknown (kind: 'unresolved' | 'fallback', requests: readonly SourceRequest[], at: Node): void
}

const MAX_DEPTH = 200
const MAX_SIZE = 5_000_000

export class Variables {
  readonly #sources: VariableSources
  readonly #expanded = new Map<string, Node>()
  readonly #resolved = new Map<string, { value: Json, size: number }>()
  /** Nodes on the way to the one at hand, in order. */
  readonly #walk = new Map<string, Node>()
  #size = 0

  constructor (sources: VariableSources) {
    this.#sources = sources
  }

  /** Variables resolved until something else stands there; what is below it may still hold some. */
  expand (node: Node, level: Level): Node {
    if (node.settled === true || typeof node.value !== 'string' || !node.value.includes('${')) return node
    const key = keyOf('expand', node)
    const known = this.#expanded.get(key)
    if (known !== undefined) return known
    const expanded = this.#enter(key, node, () => this.#expandText(node, node.value as string, level))
    this.#expanded.set(key, expanded)
    return expanded
  }

  /** What stands below, undefined where nothing does. */
  child (parent: Node, key: string | number, level: Level): Node | undefined {
    const node = this.expand(parent, level)
    if (node.unresolved === true) return node
    if (typeof node.value !== 'object' || node.value === null || !Object.hasOwn(node.value, key)) return undefined
    return { document: node.document, keys: [...node.keys, key], value: (node.value as Record<string | number, Json>)[key] as Json }
  }

  /** The value with every variable in it resolved. */
  resolve (given: Node, level: Level): Json {
    const node = this.expand(given, level)
    if (typeof node.value !== 'object' || node.value === null) {
      this.#charge(typeof node.value === 'string' ? node.value.length + 1 : 1, node)
      return node.value
    }
    const key = keyOf('resolve', node)
    const known = this.#resolved.get(key)
    if (known !== undefined) {
      this.#charge(known.size, node)
      return known.value
    }
    const before = this.#size
    this.#charge(1, node)
    const children = Object.keys(node.value)
    const value = this.#enter(key, node, () => Array.isArray(node.value)
      ? children.map((_, i) => this.resolve(this.child(node, i, level) as Node, level))
      : Object.fromEntries(children.map((name) => [name, this.resolve(this.child(node, name, level) as Node, level)])))
    this.#resolved.set(key, { value, size: this.#size - before })
    return value
  }

  /** Throws AGW_ERR_MIGRATE_SOURCE. */
  fail (message: string, at: Node): never {
    const position = at.document.positionOf(at.keys)
    const place = position === undefined ? '' : `:${position.line}:${position.column}`
    throw new DefinitionSourceError(`${at.document.name}${place}`, message)
  }

  #expandText (node: Node, text: string, level: Level): Node {
    let template: Template
    try {
      template = parseTemplate(text)
    } catch (error) {
      if (!(error instanceof VariableSyntaxError)) throw error
      return this.fail(`${error.message}: ${quote(text)}`, node)
    }
    const [only] = template
    if (template.length === 1 && typeof only === 'object') return this.expand(this.#ask(only, node, level), level)
    return { ...node, value: this.#print(template, node, level), settled: true }
  }

  #print (template: Template, node: Node, level: Level): string {
    let text = ''
    for (const part of template) {
      const printed = typeof part === 'string' ? part : this.#printVariable(part, node, level)
      this.#charge(printed.length, node)
      text += printed
    }
    return text
  }

  #printVariable (variable: Variable, node: Node, level: Level): string {
    const { value } = this.expand(this.#ask(variable, node, level), level)
    if (value === null || typeof value === 'object') this.fail(`the variable "${variable.text}" is part of a text, so its value must be text, a number or a boolean`, node)
    return String(value)
  }

  /** The first source that has a value. */
  #ask (variable: Variable, node: Node, level: Level): Node {
    const unknown: SourceRequest[] = []
    const requests: SourceRequest[] = []
    for (const source of variable.sources) {
      if ('literal' in source) {
        return this.#settle(unknown, { document: node.document, keys: node.keys, value: source.literal, literal: variable.text }, node)
      }
      const params = (source.params ?? []).map((param) => this.#print(param, node, level))
      const address = source.address && this.#print(source.address, node, level)
      const text = `${source.type}${source.params === undefined ? '' : `(${params.join(', ')})`}${address === undefined ? '' : `:${address}`}`
      const request = { type: source.type, params, address, text, level }
      requests.push(request)
      const answer = this.#answer(() => this.#sources.ask(request), node)
      if (answer === 'elsewhere') unknown.push(request)
      else if (answer !== 'absent' && this.expand(answer.node, level).value !== null) return this.#settle(unknown, answer.node, node)
    }
    for (const request of requests) {
      const answer = this.#answer(() => this.#sources.lastResort(request), node)
      if (typeof answer === 'object') return answer.node
    }
    this.#sources.onUnknown('unresolved', requests, node)
    return { ...node, value: (requests[0] as SourceRequest).text, settled: true, unresolved: true }
  }

  /** A value found behind sources that only AWS could tell. */
  #settle (unknown: readonly SourceRequest[], found: Node, at: Node): Node {
    if (unknown.length > 0) this.#sources.onUnknown('fallback', unknown, at)
    return found
  }

  #answer (ask: () => SourceAnswer, node: Node): SourceAnswer {
    try {
      return ask()
    } catch (error) {
      if (error instanceof DefinitionFileError) return this.fail(error.message, node)
      throw error
    }
  }

  #enter<T> (key: string, node: Node, read: () => T): T {
    if (this.#walk.has(key)) {
      const cycle = [...this.#walk].slice([...this.#walk.keys()].indexOf(key)).map(([, { keys }]) => keys.join('.'))
      this.fail(`variables refer to each other in a circle: ${[...new Set(cycle), node.keys.join('.')].join(' → ')}`, node)
    }
    if (this.#walk.size >= MAX_DEPTH) this.fail(`variables and values are nested in more than ${MAX_DEPTH} others`, node)
    this.#walk.set(key, node)
    try {
      return read()
    } finally {
      this.#walk.delete(key)
    }
  }

  #charge (size: number, node: Node): void {
    this.#size += size
    if (this.#size > MAX_SIZE) this.fail(`variables make more than ${MAX_SIZE} characters and values`, node)
  }
}

function keyOf (walk: 'expand' | 'resolve', { document, keys, literal = '' }: Node): string {
  return [walk, literal, document.name, ...keys].join('\0')
}

// requestTemplates and responseTemplates: which template a message or an answer selects, and what happens without one.
import { DEFAULT_KEY } from '../definition.ts'
import { compileSelectionExpression } from '../expression/index.ts'
import type { SelectionExpression, SelectionScope } from '../expression/index.ts'
import { compilePlacedTemplate } from './placed-template.ts'
import type { PlacedTemplate } from './placed-template.ts'

export type PassthroughBehavior = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER'

/** The body goes on as it is. */
export const PASSTHROUGH = 'PASSTHROUGH'
/** The body may not go on as it is. */
export const UNSUPPORTED = 'UNSUPPORTED'
export type TemplateChoice = PlacedTemplate | typeof PASSTHROUGH | typeof UNSUPPORTED

/** The key that templates written for media types go by. */
const JSON_KEY = 'application/json'

export interface TemplateMapDefinition {
  /** Where the owner of the templates stands in the options. */
  readonly place: string
  readonly property: 'requestTemplates' | 'responseTemplates'
  readonly templates: Readonly<Record<string, string>> | undefined
  readonly templateSelectionExpression: string | undefined
  /** What no match leads to. */
  readonly passthroughBehavior?: PassthroughBehavior | undefined
}

/** The templates of an integration or of an integration response. */
export class TemplateMap {
  readonly #templates: ReadonlyMap<string, TemplateChoice>
  readonly #select: SelectionExpression | undefined
  /** What an expression that misses leads to. */
  readonly #fallback: TemplateChoice

  /** Throws coded errors that name the place. */
  constructor (definition: TemplateMapDefinition) {
    const { place, property, templates = {}, templateSelectionExpression: expression } = definition
    const kind = property === 'requestTemplates' ? 'requestTemplate' : 'responseTemplate'
    this.#templates = new Map(Object.entries(templates).map(([key, source]) =>
      // AWS stores an empty template as none: the body of that key goes on as it is.
      [key, source === '' ? PASSTHROUGH : compilePlacedTemplate(source, `${place}.${property}.${key}`)]))
    this.#select = expression === undefined
      ? undefined
      : compileSelectionExpression(expression, { kind, place: `${place}.templateSelectionExpression` })
    this.#fallback = this.#templates.get(DEFAULT_KEY) ?? this.#otherwise(definition)
  }

  get isEmpty (): boolean {
    return this.#templates.size === 0
  }

  /** The template of this scope, or what to do without one. */
  select (scope: SelectionScope): TemplateChoice {
    if (this.#select === undefined) return this.#fallback
    const key = this.#select(scope)
    return (key === undefined ? undefined : this.#templates.get(key)) ?? this.#fallback
  }

  /** Without a match and without `$default`. */
  #otherwise ({ property, passthroughBehavior = 'WHEN_NO_MATCH' }: TemplateMapDefinition): TemplateChoice {
    const isRequest = property === 'requestTemplates'
    if (this.#select === undefined) {
      const first = isRequest ? undefined : this.#templates.values().next().value
      const byMediaType = this.#templates.get(JSON_KEY) ?? first
      if (byMediaType !== undefined) return byMediaType
    }
    if (!isRequest || passthroughBehavior === 'WHEN_NO_MATCH') return PASSTHROUGH
    return passthroughBehavior === 'WHEN_NO_TEMPLATES' && this.isEmpty ? PASSTHROUGH : UNSUPPORTED
  }
}

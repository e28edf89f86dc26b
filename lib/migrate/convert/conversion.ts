// What the converters of one definition share.
import type { DefinitionFormat, ImportOptions, ReportEntry } from '../../../types/migrate.js'
import { compileSelectionExpression } from '../../expression/index.ts'
import type { SelectionExpression, SelectionExpressionKind } from '../../expression/index.ts'
import { quote } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { Json, PropertyPath, ReadDefinition, Resource } from '../resource.ts'
import type { FunctionUses } from './function-uses.ts'
import type { Names } from './names.ts'
import type { PropertiesReader } from './read-properties.ts'

/** A definition as its reader left it. */
export interface Definition extends ReadDefinition {
  readonly format: DefinitionFormat
  /** Where relative paths begin; nothing outside of it is named. */
  readonly directory: string
}

export interface Conversion {
  readonly definition: Definition
  readonly importOptions: ImportOptions
  readonly report: Report
  readonly names: Names
  readonly reader: PropertiesReader
  readonly functionUses: FunctionUses
  /** The chosen one. */
  readonly api: Resource
}

/** Resources of the chosen API, or of none in particular, by their type. */
export type ResourcesByType = (type: string) => readonly Resource[]

type Details = Pick<ReportEntry, 'code' | 'message' | 'hint'>

/** Finds what two resources say twice. */
export class Uniques {
  readonly #taken = new Map<string, Resource>()

  /** The resource that said it before. */
  take (name: string, resource: Resource): Resource | undefined {
    const twin = this.#taken.get(name)
    if (twin === undefined) this.#taken.set(name, resource)
    return twin
  }
}

/** What an expression compiles to; an error in the report where it does not. */
export function readExpression (
  { report }: Conversion, kind: SelectionExpressionKind, source: Json | undefined, resource: Resource, path: PropertyPath
): SelectionExpression | undefined {
  if (typeof source !== 'string') return undefined
  try {
    const expression = compileSelectionExpression(source, { kind })
    if (expression.constant !== undefined && FORGOTTEN_DOLLAR.test(expression.constant)) {
      report.add('info', {
        code: 'expression-literal',
        message: `${nameOfProperty(resource, path)} is ${quote(source)}, a fixed text`,
        hint: `to select by a value write $${source}`
      }, resource, path)
    }
    return expression
  } catch (error) {
    report.add('error', { code: 'expression-invalid', message: (error as Error).message } satisfies Details, resource, path)
    return undefined
  }
}

const FORGOTTEN_DOLLAR = /^\{?(request|integration\.response|context)\.[A-Za-z]/

// A template in the making: its resources, parameters and outputs, and the report of what did not fit in.
import type { CloudFormationTemplate, ReportEntry } from '../../../types/migrate.js'
import { printPath } from '../report.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import { LogicalIds } from './logical-ids.ts'
import type { OwnNames } from './own-names.ts'
import type { TemplateReference } from './value.ts'

/** A place in the options: `routes.order` and the way on from there. */
export interface Place {
  readonly id: string
  readonly path: PropertyPath
}

export const at = (id: string, ...path: PropertyPath): Place => ({ id, path })
export const below = ({ id, path }: Place, ...more: PropertyPath): Place => ({ id, path: [...path, ...more] })
export const printPlace = ({ id, path }: Place): string => {
  const printed = printPath(path)
  return printed === '' || printed.startsWith('[') ? `${id}${printed}` : `${id}.${printed}`
}

/** CloudFormation's limits. */
const MOST_RESOURCES = 500
const LONGEST_TEMPLATE = 1_000_000
const MOST_PARAMETERS = 200
const MOST_OUTPUTS = 200

const DYNAMIC_REFERENCE = '{{resolve:'
const INTRINSIC = /^(?:Ref|Fn::.*)$/s

type Resource = CloudFormationTemplate['Resources'][string]

export class TemplateDraft {
  readonly ids = new LogicalIds()
  readonly report: Report
  readonly resources = new Map<string, Resource>()
  readonly parameters = new Map<string, JsonObject>()
  readonly outputs = new Map<string, JsonObject>()
  readonly api: TemplateReference
  readonly names: OwnNames

  constructor (report: Report, names: (api: TemplateReference) => OwnNames) {
    this.report = report
    this.api = { id: this.ids.take('WebSocketApi') }
    this.names = names(this.api)
  }

  /** Adds a resource; those it refers to are deployed before it by themselves. */
  add (id: string, Type: string, Properties: JsonObject, dependsOn: readonly string[] = []): TemplateReference {
    this.resources.set(id, { Type, ...(dependsOn.length === 0 ? undefined : { DependsOn: [...dependsOn].sort() }), Properties })
    return { id }
  }

  /** Adds a parameter without a default: whoever deploys gives it. */
  addParameter (name: string, suffix: string, details: JsonObject): TemplateReference {
    const id = this.ids.create(name, suffix)
    this.parameters.set(id, { Type: 'String', ...details })
    return { id }
  }

  tell (level: ReportEntry['level'], place: Place, code: string, message: string, hint?: string): void {
    this.report.add(level, { code, message, ...(hint === undefined ? undefined : { hint }) }, { id: place.id }, place.path)
  }

  /** A value of the options as it is. What CloudFormation would not leave as it is, or would not take, is told. */
  literal (value: unknown, place: Place): Json {
    switch (typeof value) {
      case 'string':
        if (value.includes(DYNAMIC_REFERENCE)) {
          this.tell('error', place, 'dynamic-reference', `${printPlace(place)} has "${DYNAMIC_REFERENCE}", which CloudFormation would resolve`, 'write the value itself')
        }
        return value
      case 'number':
        if (Number.isFinite(value)) return value
        this.tell('error', place, 'number', `${printPlace(place)} is ${value}, which a template has no number for`, 'give a number, or leave it out')
        return 0
      case 'boolean': return value
      case 'object':
        if (value === null) {
          this.tell('error', place, 'null', `${printPlace(place)} is null, which CloudFormation refuses in a template`, 'in a model, say it by "type": "null"')
          return null
        }
        if (Array.isArray(value)) return value.map((item, i) => this.literal(item, below(place, i)))
        return this.#literalObject(value as Record<string, unknown>, place)
      // What JSON leaves out: undefined, functions, symbols.
      default: return null
    }
  }

  #literalObject (value: Record<string, unknown>, place: Place): JsonObject {
    const names = Object.keys(value)
    if (names.length === 1 && INTRINSIC.test(names[0] as string)) {
      this.tell('error', place, 'intrinsic', `${printPlace(place)} has ${names[0]} as its only name, which CloudFormation takes for a function of its own`, 'name it otherwise, or give it a neighbour')
    }
    return Object.fromEntries(Object.entries(value)
      .filter(([, member]) => member !== undefined && typeof member !== 'function' && typeof member !== 'symbol')
      .map(([name, member]) => [name, this.literal(member, below(place, name))]))
  }

  finish (description: string | undefined): CloudFormationTemplate {
    const usesSam = [...this.resources.values()].some(({ Type }) => Type.startsWith('AWS::Serverless::'))
    const template: CloudFormationTemplate = {
      AWSTemplateFormatVersion: '2010-09-09',
      ...(usesSam ? { Transform: 'AWS::Serverless-2016-10-31' } : undefined),
      ...(description === undefined ? undefined : { Description: description }),
      ...(this.parameters.size === 0 ? undefined : { Parameters: Object.fromEntries(this.parameters) }),
      Resources: Object.fromEntries(this.resources),
      ...(this.outputs.size === 0 ? undefined : { Outputs: Object.fromEntries(this.outputs) })
    }
    for (const [what, count, most] of [
      ['resources', this.resources.size, MOST_RESOURCES],
      ['parameters', this.parameters.size, MOST_PARAMETERS],
      ['outputs', this.outputs.size, MOST_OUTPUTS],
      ['bytes', Buffer.byteLength(JSON.stringify(template)), LONGEST_TEMPLATE]
    ] as const) {
      if (count > most) this.tell('error', at('template'), 'template-limit', `template has ${count} ${what}; CloudFormation takes ${most}`, 'share integrations, or split the API')
    }
    return template
  }
}

// Templates that nothing ever selects, because the selection expression is a fixed text.
import { DEFAULT_KEY } from '../../definition.ts'
import type { SelectionExpression } from '../../expression/index.ts'
import { nameOfProperty } from '../report.ts'
import type { Report } from '../report.ts'
import type { Json, Resource } from '../resource.ts'
import { quote } from '../quote.ts'
import { isPlainObject } from './read-properties.ts'

export function checkTemplates (
  report: Report, resource: Resource, property: string, templates: Json | undefined, expression: SelectionExpression | undefined
): void {
  const constant = expression?.constant
  if (constant === undefined || !isPlainObject(templates)) return
  const selected = Object.hasOwn(templates, constant) ? constant : DEFAULT_KEY
  for (const key of Object.keys(templates)) {
    if (key === selected) continue
    report.add('warning', {
      code: 'template-never-selected',
      message: `${nameOfProperty(resource, [property])} has the key ${quote(key)}, which TemplateSelectionExpression "${expression?.source}" never selects`
    }, resource, [property, key])
  }
}

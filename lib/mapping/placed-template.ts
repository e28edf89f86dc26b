// A mapping template that knows where it stands in the options, so that what goes wrong in it can be found.
import { MappingTemplateFailedError, MappingTemplateInvalidError } from '../errors.ts'
import { compileMappingTemplate } from './mapping-template.ts'
import type { MappingScope } from './mapping-template.ts'

export interface PlacedTemplate {
  readonly place: string
  /** Throws AGW_ERR_MAPPING_TEMPLATE_FAILED with place, line and column. */
  render (scope: MappingScope): string
}

/** Throws AGW_ERR_MAPPING_TEMPLATE_INVALID with place, line and column. */
export function compilePlacedTemplate (source: string, place: string): PlacedTemplate {
  let template: (scope: MappingScope) => string
  try {
    template = compileMappingTemplate(source)
  } catch (error) {
    throw new MappingTemplateInvalidError(locate(place, error), (error as Error).message)
  }
  return {
    place,
    render (scope) {
      try {
        return template(scope)
      } catch (error) {
        throw Object.assign(new MappingTemplateFailedError(locate(place, error), (error as Error).message), { cause: error })
      }
    }
  }
}

/** `routes.order.integration.requestTemplates.$default:3:14` */
function locate (place: string, error: unknown): string {
  const { position } = error as { position?: { line: number, column: number } }
  return position === undefined ? place : `${place}:${position.line}:${position.column}`
}

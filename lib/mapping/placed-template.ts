// A mapping template that knows where it stands in the options, so that what goes wrong in it can be found.
import { compileMappingTemplate } from './template.ts'
import type { MappingScope } from './template.ts'

export interface PlacedTemplate {
  readonly place: string
  /** Throws AGW_ERR_MAPPING_TEMPLATE_FAILED with place, line and column. */
  render (scope: MappingScope): string
}

/** What makes a text a template. */
const MARKS = /[$#\\]/
/** `$context` is costly to make, and few templates name it. */
const CONTEXT = 'context'

/** Throws AGW_ERR_MAPPING_TEMPLATE_INVALID with place, line and column. */
export function compilePlacedTemplate (source: string, place: string): PlacedTemplate {
  const render = compileMappingTemplate(source, { name: place })
  // A text without a mark renders as it is.
  if (!MARKS.test(source)) return { place, render: () => source }
  if (source.includes(CONTEXT)) return { place, render }
  return {
    place,
    render: ({ body, stageVariables, params }) => render({ body, stageVariables, params })
  }
}

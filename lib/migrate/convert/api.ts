// The API itself.
import type { JsonObject } from '../resource.ts'
import type { Conversion } from './conversion.ts'
import { readExpression } from './conversion.ts'

/** What definitions choose by where they say nothing. */
const USUAL_EXPRESSION = '$request.body.action'

export function convertApi (conversion: Conversion): JsonObject {
  const { api, report, reader } = conversion
  const { options } = reader.read(api)
  readExpression(conversion, 'route', options.routeSelectionExpression, api, ['RouteSelectionExpression'])
  readExpression(conversion, 'apiKey', options.apiKeySelectionExpression, api, ['ApiKeySelectionExpression'])
  if (options.routeSelectionExpression !== undefined) return options
  report.add('warning', {
    code: 'route-selection-expression-missing',
    message: `${api.id} has no RouteSelectionExpression, which API Gateway asks of a WebSocket API; ${USUAL_EXPRESSION} was put in`
  }, api)
  return { ...options, routeSelectionExpression: USUAL_EXPRESSION }
}

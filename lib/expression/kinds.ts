// Which variables each kind of selection expression accepts: one row for each place an expression is written in.
import type { VariableFamily } from './variables.ts'

/** The place an expression is written in. */
export type SelectionExpressionKind = keyof typeof SELECTION_EXPRESSION_KINDS

/** One row of the table. */
export interface KindRow {
  /** The property that holds the expression, in AWS's words. */
  readonly property: string
  /** Families of variables, mixed with static text at will; empty where only `values` are accepted. */
  readonly families: readonly VariableFamily[]
  /** Where the expression is fixed: the variables it may consist of, each alone. */
  readonly alone?: readonly string[]
  /** Where the expression is fixed to a key: the key. */
  readonly key?: string
}

/** What each kind accepts, by AWS's pages and, for routes, the extension to the handshake. */
export const SELECTION_EXPRESSION_KINDS = {
  route: {
    property: 'routeSelectionExpression',
    families: ['request.body', 'request.header', 'request.querystring', 'context', 'stageVariables']
  },
  model: { property: 'modelSelectionExpression', families: ['request.body'] },
  requestTemplate: { property: 'templateSelectionExpression of an integration', families: ['request.body'] },
  integrationResponse: {
    property: 'integrationResponseSelectionExpression',
    families: [],
    alone: ['integration.response.statuscode', 'integration.response.body.errorMessage', 'response.statuscode']
  },
  responseTemplate: {
    property: 'templateSelectionExpression of an integration response',
    families: [
      'request.body', 'integration.response.statuscode', 'integration.response.header',
      'integration.response.multivalueheader'
    ]
  },
  routeResponse: { property: 'routeResponseSelectionExpression', families: [], key: '$default' },
  apiKey: {
    property: 'apiKeySelectionExpression',
    families: [],
    alone: ['request.header.x-api-key', 'context.authorizer.usageIdentifierKey']
  },
  apiMapping: { property: 'apiMappingSelectionExpression', families: [], alone: ['request.basepath'] }
} as const satisfies Record<string, KindRow>

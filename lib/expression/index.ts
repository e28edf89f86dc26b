// The door of expression/, published as `fastify-apigateway-websocket/selection-expression`.
export type { SelectionExpressionKind } from './kinds.ts'
export type { SelectionResponse, SelectionScope } from './scope.ts'
export { createSelectionScope } from './scope.ts'
export type { SelectionExpression, SelectionExpressionOptions, SelectionVariable } from './selection-expression.ts'
export { compileSelectionExpression } from './selection-expression.ts'
export type { VariableFamily } from './variables.ts'

// The table of integration types: what each needs, and what has no place in it.
import { IntegrationInvalidError } from '../errors.ts'
import type { IntegrationOptions } from '../../types/index.js'

export type IntegrationType = 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK'

interface TypeRow {
  /** Properties of which exactly one must be there; none where the type calls nothing. */
  readonly target: ReadonlyArray<'handler' | 'integrationUri'>
  readonly needs: readonly string[]
  /** Properties that would be silently without effect. */
  readonly refuses: readonly string[]
}

const TEMPLATES = ['requestTemplates', 'templateSelectionExpression']

export const INTEGRATION_TYPES: Readonly<Record<IntegrationType, TypeRow>> = {
  AWS: { target: ['handler', 'integrationUri'], needs: [], refuses: [] },
  AWS_PROXY: { target: ['handler', 'integrationUri'], needs: [], refuses: TEMPLATES },
  HTTP: { target: ['integrationUri'], needs: ['integrationMethod'], refuses: ['handler'] },
  HTTP_PROXY: { target: ['integrationUri'], needs: ['integrationMethod'], refuses: ['handler', ...TEMPLATES] },
  MOCK: { target: [], needs: [], refuses: ['handler', 'integrationUri'] }
}

/** What `integrationResponseSelectionExpression` is fixed to, with or without braces. */
const SELECTION_EXPRESSIONS = {
  status: /^\$(?:\{(?:integration\.)?response\.statuscode\}|(?:integration\.)?response\.statuscode)$/,
  errorMessage: /^\$(?:\{integration\.response\.body\.errorMessage\}|integration\.response\.body\.errorMessage)$/
}

/** The type of an integration: a handler alone is AWS_PROXY. */
export function typeOfIntegration (definition: IntegrationOptions): IntegrationType {
  return definition.integrationType ?? 'AWS_PROXY'
}

/** Throws AGW_ERR_INTEGRATION_INVALID with the place. */
export function checkIntegration (place: string, definition: IntegrationOptions, isFunction: boolean): void {
  const type = typeOfIntegration(definition)
  const { target, needs, refuses } = INTEGRATION_TYPES[type]
  const given = definition as unknown as Record<string, unknown>
  const refused = refuses.find((property) => given[property] !== undefined)
  if (refused !== undefined) throw new IntegrationInvalidError(`${place}.${refused}`, `it has no place in an integration of type ${type}`)
  const targets = target.filter((property) => given[property] !== undefined)
  if (target.length > 0 && targets.length !== 1) {
    throw new IntegrationInvalidError(place, targets.length === 0
      ? `it is ${type} and has nothing to call; it must have ${target.join(' or ')}`
      : 'it has both a handler and an integrationUri; it must have one of them')
  }
  const missing = needs.find((property) => given[property] === undefined)
  if (missing !== undefined) throw new IntegrationInvalidError(`${place}.${missing}`, `it is missing; type ${type} needs it`)
  checkSelectionExpression(place, definition, type, isFunction)
}

function checkSelectionExpression (
  place: string, definition: IntegrationOptions, type: IntegrationType, isFunction: boolean
): void {
  const { integrationResponseSelectionExpression: expression } = definition
  if (expression === undefined) return
  const here = `${place}.integrationResponseSelectionExpression`
  if (type === 'AWS_PROXY' || type === 'HTTP_PROXY') {
    throw new IntegrationInvalidError(here, `it has no place in an integration of type ${type}`)
  }
  const [pattern, wanted] = isFunction
    ? [SELECTION_EXPRESSIONS.errorMessage, '${integration.response.body.errorMessage}']
    : [SELECTION_EXPRESSIONS.status, '${integration.response.statuscode}']
  if (!pattern.test(expression)) throw new IntegrationInvalidError(here, `it is ${JSON.stringify(expression)}; API Gateway fixes it to ${wanted} here`)
}

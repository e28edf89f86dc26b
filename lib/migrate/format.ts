// Tells from its shape what a definition is written in.
import type { DefinitionFormat } from '../../types/migrate.js'
import type { Json } from './resource.ts'

/** `get-api`, `get-route-responses.aaaaaa3`: an answer of `aws apigatewayv2`, by the name of its file. */
export function isAnswerName (name: string): boolean {
  return /^get-[a-z-]+(?:\.|$)/.test(name)
}

/** The format whose shape a value has; undefined where it has none of them. */
export function formatOf (value: Json): DefinitionFormat | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const has = (name: string): boolean => Object.hasOwn(value, name)
  const isObject = (name: string): boolean => has(name) && typeof value[name] === 'object' && value[name] !== null
  if (has('service') && has('provider')) return 'serverless'
  if (isObject('Resources')) return 'cloudformation'
  if (has('format_version') && (isObject('values') || isObject('planned_values') || has('terraform_version'))) return 'terraform-json'
  if (has('get-api') || (has('ProtocolType') && has('ApiId')) || Object.keys(value).some(isAnswerName)) return 'aws-cli'
  return undefined
}

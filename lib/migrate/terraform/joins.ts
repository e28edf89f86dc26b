// Which arguments name another resource, and how a text that names one becomes a reference to it.
import { createReference } from '../references.ts'
import { invocationArn, isFunction } from './attributes.ts'
import type { Account } from './attributes.ts'
import type { Target } from './follow.ts'
import type { TerraformResource } from './document.ts'

/** Terraform's type of what an argument names by its id. */
const NAMED_BY_ID: Readonly<Record<string, string>> = {
  api_id: 'aws_apigatewayv2_api',
  authorizer_id: 'aws_apigatewayv2_authorizer',
  deployment_id: 'aws_apigatewayv2_deployment',
  integration_id: 'aws_apigatewayv2_integration',
  key_id: 'aws_api_gateway_api_key',
  route_id: 'aws_apigatewayv2_route',
  usage_plan_id: 'aws_api_gateway_usage_plan'
}
const INTEGRATIONS = 'integrations/'
const FUNCTION_ARN = /arn:[\w-]+:lambda:[\w-]*:\d*:function:[\w-]+(?::[\w$-]+)?/g

/** The type of what an argument names, and what stands before the id. */
export interface NamedType {
  readonly type: string
  readonly prefix: string
}

export function namedType (type: string, argument: string): NamedType | undefined {
  if (type === 'aws_apigatewayv2_route' && argument === 'target') return { type: 'aws_apigatewayv2_integration', prefix: INTEGRATIONS }
  if (type === 'aws_apigatewayv2_api_mapping' && argument === 'domain_name') return { type: 'aws_apigatewayv2_domain_name', prefix: '' }
  const named = Object.hasOwn(NAMED_BY_ID, argument) ? NAMED_BY_ID[argument] : undefined
  return named === undefined ? undefined : { type: named, prefix: '' }
}

/** Whether an argument is the URI of what is called. */
export function isUri (argument: string): boolean {
  return argument === 'integration_uri' || argument === 'authorizer_uri'
}

/** Finds resources by what AWS calls them; a plan knows that of those only which exist already. */
export class KnownIds {
  readonly #byId = new Map<string, TerraformResource>()
  readonly #byArn = new Map<string, TerraformResource>()
  readonly #byFunctionName = new Map<string, TerraformResource>()

  constructor (resources: readonly TerraformResource[]) {
    for (const resource of resources) {
      const { type, isData, values: { id, arn, function_name: name } } = resource
      if (isData) continue
      if (typeof id === 'string') this.#byId.set(`${type} ${id}`, resource)
      if (!isFunction(resource)) continue
      if (typeof arn === 'string') this.#byArn.set(arn, resource)
      if (typeof name === 'string' && type === 'aws_lambda_function') this.#byFunctionName.set(name, resource)
    }
  }

  /** `integrations/abc123` with a reference in the id's place. */
  referTo (named: NamedType, text: string): string {
    if (!text.startsWith(named.prefix)) return text
    const resource = this.#byId.get(`${named.type} ${text.slice(named.prefix.length)}`)
    return resource === undefined ? text : named.prefix + createReference(resource.address)
  }

  /** A text with a reference in the place of each ARN of a function that Terraform manages. */
  referToFunctions (text: string): string {
    return text.replace(FUNCTION_ARN, (arn) => {
      const known = this.#byArn.get(arn)
      if (known !== undefined) return known.type === 'aws_lambda_alias' ? createReference(known.address) : createReference(known.address, 'Arn')
      const qualifierAt = arn.lastIndexOf(':')
      const unqualified = this.#byArn.get(arn.slice(0, qualifierAt))
      return unqualified === undefined ? arn : createReference(unqualified.address, 'Arn') + arn.slice(qualifierAt)
    })
  }

  /** A function's name or ARN, of an alias. */
  referToFunctionName (name: string): string {
    const known = this.#byFunctionName.get(name) ?? this.#byArn.get(name)
    return known === undefined ? name : createReference(known.address)
  }
}

/** What an unknown argument is by what it refers to: the only resource of the type that belongs there. */
export function joinById (named: NamedType, targets: readonly Target[]): string | undefined {
  const [only, second] = unique(targets.filter(({ resource }) => resource.type === named.type && !resource.isData))
  return only === undefined || second !== undefined ? undefined : named.prefix + createReference(only.resource.address)
}

/** The URI of the only function that an expression refers to. */
export function joinFunction (targets: readonly Target[], account: Account): string | undefined {
  const [only, second] = unique(targets.filter(({ resource }) => isFunction(resource)))
  if (only === undefined || second !== undefined) return undefined
  const { address, type } = only.resource
  return invocationArn(type === 'aws_lambda_alias' ? createReference(address) : createReference(address, 'Arn'), account)
}

function unique (targets: readonly Target[]): Target[] {
  return targets.filter(({ resource }, i) => targets.findIndex((other) => other.resource === resource) === i)
}

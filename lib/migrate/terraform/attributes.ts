// What an attribute of a resource is in CloudFormation's words: its value where it is known, else what Ref and GetAtt give.
import { urlSuffixOf } from '../../partitions.ts'
import { createReference } from '../references.ts'
import { TABLES } from './arguments.ts'
import type { Target } from './follow.ts'
import type { TerraformResource } from './document.ts'

/** Of the ARNs that are made here. */
export interface Account {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** What else the attributes of a resource depend on. */
export interface Surroundings extends Account {
  /** The API of a stage, as a reference. */
  apiOf (stage: TerraformResource): string | undefined
}

/** Undefined where nobody can tell before the plan is applied. */
export function describeAttribute ({ resource, attribute = 'id' }: Target, surroundings: Surroundings): string | undefined {
  const { address, type, values } = resource
  const { partition, region, accountId } = surroundings
  const ref = createReference(address)
  switch (`${type}.${attribute}`) {
    case 'aws_apigatewayv2_api.api_endpoint':
      return `wss://${ref}.execute-api.${region}.${urlSuffixOf(partition)}`
    case 'aws_apigatewayv2_api.execution_arn':
      return `arn:${partition}:execute-api:${region}:${accountId}:${ref}`
    case 'aws_apigatewayv2_stage.invoke_url': {
      const api = surroundings.apiOf(resource)
      return api === undefined ? undefined : `wss://${api}.execute-api.${region}.${urlSuffixOf(partition)}/${ref}`
    }
    case 'aws_lambda_function.qualified_arn':
      return createReference(address, 'Arn')
    case 'aws_lambda_function.invoke_arn':
    case 'aws_lambda_function.qualified_invoke_arn':
      return invocationArn(createReference(address, 'Arn'), surroundings)
    case 'aws_lambda_alias.arn':
      return ref
    case 'aws_lambda_alias.invoke_arn':
      return invocationArn(ref, surroundings)
  }
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined
  if (typeof value === 'string') return value
  if (!Object.hasOwn(TABLES, type)) return undefined
  if (attribute === 'arn') return createReference(address, 'Arn')
  return attribute === 'id' || (attribute === 'url' && type === 'aws_sqs_queue') ? ref : undefined
}

/** The URI by which API Gateway calls a function. */
export function invocationArn (functionArn: string, { partition, region }: Account): string {
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
}

export function isFunction ({ type, isData }: TerraformResource): boolean {
  return !isData && (type === 'aws_lambda_function' || type === 'aws_lambda_alias')
}

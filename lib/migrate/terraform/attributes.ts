// What an attribute of a resource is in CloudFormation's words: its value where it is known, else what Ref and GetAtt give.
import { createReference } from '../references.ts'
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

/** ARNs of what gateways point at besides functions, without `arn:{partition}:`. */
const ARNS: Readonly<Record<string, (name: string, account: Account) => string>> = {
  aws_acm_certificate: (name, { region, accountId }) => `acm:${region}:${accountId}:certificate/${name}`,
  aws_cloudwatch_log_group: (name, { region, accountId }) => `logs:${region}:${accountId}:log-group:${name}`,
  aws_dynamodb_table: (name, { region, accountId }) => `dynamodb:${region}:${accountId}:table/${name}`,
  aws_iam_role: (name, { accountId }) => `iam::${accountId}:role/${name}`,
  aws_kinesis_firehose_delivery_stream: (name, { region, accountId }) => `firehose:${region}:${accountId}:deliverystream/${name}`,
  aws_sfn_state_machine: (name, { region, accountId }) => `states:${region}:${accountId}:stateMachine:${name}`,
  aws_sns_topic: (name, { region, accountId }) => `sns:${region}:${accountId}:${name}`,
  aws_sqs_queue: (name, { region, accountId }) => `sqs:${region}:${accountId}:${name}`
}

export interface Described {
  readonly text: string
  /** Whether a name was made up for what only applying the plan makes. */
  readonly isPlaceholder: boolean
}

/** Undefined where nobody can tell before the plan is applied. */
export function describeAttribute ({ resource, attribute = 'id' }: Target, account: Surroundings): Described | undefined {
  const { address, type, values, name } = resource
  const { partition, region, accountId } = account
  const exact = (text: string): Described => ({ text, isPlaceholder: false })
  const ref = createReference(address)
  switch (`${type}.${attribute}`) {
    case 'aws_apigatewayv2_api.id':
    case 'aws_apigatewayv2_route.id':
    case 'aws_apigatewayv2_integration.id':
    case 'aws_apigatewayv2_authorizer.id':
    case 'aws_apigatewayv2_deployment.id':
    case 'aws_apigatewayv2_stage.id':
    case 'aws_apigatewayv2_domain_name.id':
    case 'aws_api_gateway_api_key.id':
    case 'aws_api_gateway_usage_plan.id':
    case 'aws_lambda_function.id':
    case 'aws_lambda_alias.id':
    case 'aws_lambda_alias.arn':
      return exact(ref)
    case 'aws_apigatewayv2_api.api_endpoint':
      return exact(`wss://${ref}.execute-api.${region}.${suffixOf(partition)}`)
    case 'aws_apigatewayv2_api.execution_arn':
      return exact(`arn:${partition}:execute-api:${region}:${accountId}:${ref}`)
    case 'aws_apigatewayv2_stage.invoke_url': {
      const api = account.apiOf(resource)
      return api === undefined ? undefined : exact(`wss://${api}.execute-api.${region}.${suffixOf(partition)}/${ref}`)
    }
    case 'aws_lambda_function.arn':
    case 'aws_lambda_function.qualified_arn':
      return exact(createReference(address, 'Arn'))
    case 'aws_lambda_function.invoke_arn':
    case 'aws_lambda_function.qualified_invoke_arn':
      return exact(invocationArn(createReference(address, 'Arn'), account))
    case 'aws_lambda_alias.invoke_arn':
      return exact(invocationArn(ref, account))
  }
  const value = Object.hasOwn(values, attribute) ? values[attribute] : undefined
  if (typeof value === 'string') return exact(value)
  const arn = Object.hasOwn(ARNS, type) ? ARNS[type] : undefined
  const ownName = typeof values.name === 'string' ? values.name : name
  if (attribute === 'arn' && arn !== undefined) return { text: `arn:${partition}:${arn(ownName, account)}`, isPlaceholder: true }
  return undefined
}

/** The URI by which API Gateway calls a function. */
export function invocationArn (functionArn: string, { partition, region }: Account): string {
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`
}

export function suffixOf (partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}

export function isFunction ({ type, isData }: TerraformResource): boolean {
  return !isData && (type === 'aws_lambda_function' || type === 'aws_lambda_alias')
}

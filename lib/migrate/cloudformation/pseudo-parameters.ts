// The pseudo-parameters of CloudFormation: what a deployment would know of where it goes.
import type { ImportOptions } from '../../../types/migrate.js'
import { partitionOf, urlSuffixOf } from '../../partitions.ts'
import type { Json, ReadDefinition } from '../resource.ts'

/** A template does not say what its stack is called. */
const STACK_NAME = 'stack'
/** Pseudo-parameters whose values a user may give as those of parameters. */
export const STACK_PARAMETERS: readonly string[] = ['AWS::StackName', 'AWS::StackId']

/** The account and region that ARNs of the definition name. */
export function readDeployment (options: ImportOptions): Omit<ReadDefinition, 'resources'> {
  const region = options.region ?? process.env['AWS_REGION'] ?? 'us-east-1'
  return { partition: partitionOf(region), region, accountId: options.accountId ?? '123456789012' }
}

/** By name, AWS::NoValue left out. */
export function createPseudoParameters (
  { partition, region, accountId }: Omit<ReadDefinition, 'resources'>, given: Readonly<Record<string, string>>
): ReadonlyMap<string, Json> {
  const named = (name: string): string | undefined => Object.hasOwn(given, name) ? given[name] : undefined
  const stackName = named('AWS::StackName') ?? STACK_NAME
  const stackId = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/00000000-0000-0000-0000-000000000000`
  return new Map<string, Json>([
    ['AWS::AccountId', accountId],
    ['AWS::NotificationARNs', []],
    ['AWS::Partition', partition],
    ['AWS::Region', region],
    ['AWS::StackId', named('AWS::StackId') ?? stackId],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', urlSuffixOf(partition)]
  ])
}

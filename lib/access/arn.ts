// The ARNs that policies are written against.
import { partitionOf } from '../partitions.ts'

/** Which API an ARN names. */
export interface ApiIdentity {
  readonly region: string
  readonly accountId: string
  readonly apiId: string
}

/** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{what}`: an authorizer's methodArn, a policy's resource. */
export function createExecuteApiArn (
  { region, accountId, apiId }: ApiIdentity, stageName: string, what: string
): string {
  return `arn:${partitionOf(region)}:execute-api:${region}:${accountId}:${apiId}/${stageName}/${what}`
}

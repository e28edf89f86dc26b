// The ARNs that policies are written against.

/** Which API an ARN names. */
export interface ApiIdentity {
  readonly region: string
  readonly accountId: string
  readonly apiId: string
}

/** Regions outside the `aws` partition, by how they begin. */
const PARTITIONS: ReadonlyArray<readonly [prefix: string, partition: string]> = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov']
]

/** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{what}`: an authorizer's methodArn, a policy's resource. */
export function createExecuteApiArn (
  { region, accountId, apiId }: ApiIdentity, stageName: string, what: string
): string {
  const partition = PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
  return `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stageName}/${what}`
}

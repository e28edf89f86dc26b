// AWS's regions, and their partitions: what ARNs and host names of a region are made with.

export const REGION_PATTERN = '^[a-z]{2,}(-[a-z]+)+-\\d+$'
/** What the pattern allows, for people. */
export const REGION_ALLOWED = 'a region such as us-east-1'

/** Those beside `aws`, by how their regions begin. */
const PARTITIONS: ReadonlyArray<readonly [prefix: string, partition: string]> = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc']
]

export function partitionOf (region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}

/** `AWS::URLSuffix` */
export function urlSuffixOf (partition: string): string {
  switch (partition) {
    case 'aws-cn': return 'amazonaws.com.cn'
    case 'aws-eusc': return 'amazonaws.eu'
    default: return 'amazonaws.com'
  }
}

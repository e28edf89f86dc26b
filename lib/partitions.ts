// AWS's partitions: what ARNs and host names of a region are made with.

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

// AWS's partitions: what ARNs and host names of a region are made with.

export function partitionOf (region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** `AWS::URLSuffix` */
export function urlSuffixOf (partition: string): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
}

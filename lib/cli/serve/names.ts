// The names an API answers to, and which of them handlers may be led here by.
import { createHash } from 'node:crypto'
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import { partitionOf, urlSuffixOf } from '../../partitions.ts'

const DEFAULT_REGION = 'us-east-1'
const API_ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
const API_ID_LENGTH = 10

/** Gives the API the name it would have on AWS: handlers build their endpoint of it. */
export function nameDefaultDomain (
  options: ApiGatewayWebSocketOptions, given: { domainName: string | undefined, region: string | undefined }
): ApiGatewayWebSocketOptions {
  const { apiId = createApiId(options), region = given.region ?? DEFAULT_REGION } = options
  const domainName = given.domainName ?? options.domainName ?? `${apiId}.execute-api.${region}.${urlSuffixOf(partitionOf(region))}`
  return { ...options, apiId, region, domainName }
}

/** The same at every start, as a deployed API's. */
function createApiId ({ name = '' }: ApiGatewayWebSocketOptions): string {
  const digest = createHash('sha256').update(name).digest()
  return Array.from(digest.subarray(0, API_ID_LENGTH), (byte) => API_ID_LETTERS[byte % API_ID_LETTERS.length]).join('')
}

/** The API's own name, and its custom domains. */
export function interceptNames ({ domainName, domainNames = [] }: ApiGatewayWebSocketOptions): string[] {
  return [domainName as string, ...domainNames.map((custom) => custom.domainName)].map((name) => name.toLowerCase().replace(/:\d+$/, ''))
}

// The headers of a request to an HTTP back end: the gateway's own, on a proxied handshake the client's, and the mapped.
import { HeaderValueError } from '../errors.ts'
import { setMember } from '../json/index.ts'
import type { BackendRequest } from './backend.ts'
import type { IntegrationRequest } from './integration.ts'

/** What a proxied handshake does not forward: hop-by-hop headers, framing, and what is the gateway's own. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'connection', 'content-encoding', 'content-length', 'content-md5', 'expect', 'host', 'keep-alive', 'max-forwards',
  'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'server', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'via', 'www-authenticate'
])

/** Control characters, line breaks first of all: in a header they would begin another. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/
// eslint-disable-next-line no-control-regex
const NOT_ASCII = /[^\u0000-\u007f]/

/** By lower-case name. Throws AGW_ERR_INTEGRATION_HEADER. */
export function createHttpHeaders (
  request: IntegrationRequest, { headers }: BackendRequest, apiId: string, isProxy: boolean
): Record<string, string> {
  const all: Record<string, string> = {
    accept: 'application/json',
    'user-agent': `AmazonAPIGateway_${apiId}`,
    'x-amzn-apigateway-api-id': apiId,
    'x-amzn-trace-id': request.traceId
  }
  if (isProxy && request.connectParameters !== undefined) {
    for (const [name, values] of Object.entries(request.connectParameters.headers.multiple)) {
      const key = name.toLowerCase()
      if (!NOT_FORWARDED.has(key)) setMember(all, key, checkValue(key, values.join(',')))
    }
  }
  for (const [name, value] of headers) setMember(all, name.toLowerCase(), checkValue(name, value))
  return all
}

function checkValue (name: string, value: string): string {
  if (CONTROL.test(value)) throw new HeaderValueError(name)
  // What is not ASCII travels as its UTF-8 bytes, which header values spell as one character each.
  return NOT_ASCII.test(value) ? Buffer.from(value).toString('latin1') : value
}

// What a request says about its signature, read strictly: one Authorization header or one presigned query, never both,
// nothing twice, nothing missing, and every header that could change the meaning signed.
import { Refusal } from '../refusal.ts'
import { groupHeaders, renderCanonicalHeaders } from './sigv4-headers.ts'
import type { HeaderValues, SignedRequest } from './sigv4-headers.ts'
import { parseSignedQuery, renderCanonicalQuery } from './sigv4-query.ts'
import type { QueryParameter } from './sigv4-query.ts'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const SERVICE = 'execute-api'
export const TERMINATOR = 'aws4_request'

/** A signature that is well formed, in scope and in time; whether it is right is another question. */
export interface ParsedSignature {
  readonly accessKeyId: string
  readonly signature: Buffer
  /** `20260131T120000Z` */
  readonly timestamp: string
  readonly region: string
  readonly sessionToken: string | undefined
  /** The hash of the body that the caller claims; undefined where it claims none. */
  readonly claimedBodyHash: string | undefined
  readonly rawPath: string
  readonly method: string
  readonly canonicalQuery: string
  readonly canonicalHeaders: string
  readonly signedHeaders: string
}

/** The parts of a signature, from header or query alike. */
interface Parts {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly timestamp: string
  /** Seconds that a presigned query holds; undefined for a signed header. */
  readonly expires: number | undefined
  readonly sessionToken: string | undefined
  readonly claimedBodyHash: string | undefined
  readonly query: readonly QueryParameter[]
}

/** Seconds that two clocks may differ. */
const CLOCK_SKEW = 300
const DEFAULT_EXPIRES = 300
const LONGEST_EXPIRES = 604_800
const MILLIS = 1000

const HEADER = { authorization: 'authorization', date: 'x-amz-date', token: 'x-amz-security-token', bodyHash: 'x-amz-content-sha256' }
const QUERY = {
  algorithm: 'X-Amz-Algorithm',
  credential: 'X-Amz-Credential',
  date: 'X-Amz-Date',
  expires: 'X-Amz-Expires',
  signedHeaders: 'X-Amz-SignedHeaders',
  signature: 'X-Amz-Signature',
  token: 'X-Amz-Security-Token',
  bodyHash: 'X-Amz-Content-Sha256'
}
/** Any of these makes a query a presigned one. */
const PRESIGNED: ReadonlySet<string> = new Set([QUERY.algorithm, QUERY.credential, QUERY.signature])
const AMZ_PREFIX = 'x-amz-'

const ACCESS_KEY_ID = /^[A-Za-z0-9_]{1,128}$/
const SIGNATURE = /^[0-9a-f]{64}$/
const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/
const TIMESTAMP = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Reads the signature of a request. `now` is in epoch milliseconds. */
export function parseSignature (request: SignedRequest, region: string, now: number): ParsedSignature | Refusal {
  const queryAt = request.target.indexOf('?')
  const query = parseSignedQuery(queryAt === -1 ? '' : request.target.slice(queryAt + 1))
  if (query === undefined) return incomplete('The query string is not well formed.')
  const headers = groupHeaders(request.rawHeaders)
  const isPresigned = query.some(({ name }) => PRESIGNED.has(name))
  const isSigned = headers.has(HEADER.authorization)
  if (!isPresigned && !isSigned) return new Refusal('MISSING_AUTHENTICATION_TOKEN')
  if (isPresigned && isSigned) return incomplete('The request is signed twice: by its Authorization header and by its query string.')
  const parts = isPresigned ? readQuery(query) : readHeader(headers, query)
  if (parts instanceof Refusal) return parts
  const problem = checkTime(parts, now) ?? checkHeaders(parts, headers)
  if (problem !== undefined) return problem
  const scope = readScope(parts, region)
  if (scope instanceof Refusal) return scope
  const { signedHeaders, timestamp, sessionToken, claimedBodyHash } = parts
  return {
    accessKeyId: scope,
    signature: Buffer.from(parts.signature, 'hex'),
    timestamp,
    region,
    sessionToken,
    claimedBodyHash,
    rawPath: queryAt === -1 ? request.target : request.target.slice(0, queryAt),
    method: request.method,
    canonicalQuery: renderCanonicalQuery(parts.query),
    canonicalHeaders: renderCanonicalHeaders(headers, signedHeaders.split(';')),
    signedHeaders
  }
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function readHeader (headers: HeaderValues, query: readonly QueryParameter[]): Parts | Refusal {
  const authorization = one(headers, HEADER.authorization)
  if (authorization === undefined) return incomplete('There is more than one Authorization header.')
  if (!authorization.startsWith(`${ALGORITHM} `)) return incomplete(`Authorization header requires the algorithm ${ALGORITHM}.`)
  const fields = new Map<string, string>()
  for (const piece of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const [, name, value] = /^\s*(Credential|SignedHeaders|Signature)=(\S+)\s*$/.exec(piece) ?? []
    if (name === undefined || value === undefined || fields.has(name)) return incomplete('Authorization header requires Credential, SignedHeaders and Signature, each once.')
    fields.set(name, value)
  }
  const [credential, signedHeaders, signature] = [fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature')]
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return incomplete('Authorization header requires Credential, SignedHeaders and Signature, each once.')
  const timestamp = one(headers, HEADER.date)
  if (timestamp === undefined) return incomplete('Authorization header requires exactly one X-Amz-Date header.')
  return {
    credential,
    signedHeaders,
    signature,
    timestamp,
    expires: undefined,
    sessionToken: one(headers, HEADER.token),
    claimedBodyHash: headers.get(HEADER.bodyHash)?.join(','),
    query
  }
}

function readQuery (query: readonly QueryParameter[]): Parts | Refusal {
  const values = new Map<string, string>()
  for (const { name, value } of query) {
    if (!Object.values(QUERY).includes(name)) continue
    if (values.has(name)) return incomplete(`The query string has ${name} twice.`)
    values.set(name, value)
  }
  const read = (name: string): string => values.get(name) ?? ''
  if (read(QUERY.algorithm) !== ALGORITHM) return incomplete(`X-Amz-Algorithm must be ${ALGORITHM}.`)
  const expires = values.get(QUERY.expires) ?? String(DEFAULT_EXPIRES)
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > LONGEST_EXPIRES) return incomplete(`X-Amz-Expires must be from 1 to ${LONGEST_EXPIRES}.`)
  return {
    credential: read(QUERY.credential),
    signedHeaders: read(QUERY.signedHeaders),
    signature: read(QUERY.signature),
    timestamp: read(QUERY.date),
    expires: Number(expires),
    sessionToken: values.get(QUERY.token),
    claimedBodyHash: values.get(QUERY.bodyHash),
    query: query.filter(({ name }) => name !== QUERY.signature)
  }
}

function checkTime ({ timestamp, expires }: Parts, now: number): Refusal | undefined {
  const signedAt = readTimestamp(timestamp)
  if (signedAt === undefined) return incomplete('X-Amz-Date must be in ISO 8601 basic format, as 20260131T120000Z.')
  const age = (now - signedAt) / MILLIS
  const written = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  if (age < -CLOCK_SKEW) {
    return new Refusal('INVALID_SIGNATURE', undefined, `Signature not yet current: ${timestamp} is still later than ${written(now + CLOCK_SKEW * MILLIS)} (${written(now)} + 5 min.)`)
  }
  if (age > (expires ?? CLOCK_SKEW)) {
    return new Refusal('EXPIRED_TOKEN', undefined, expires === undefined
      ? `Signature expired: ${timestamp} is now earlier than ${written(now - CLOCK_SKEW * MILLIS)} (${written(now)} - 5 min.)`
      : `Signature expired: ${timestamp} and ${expires} seconds are now earlier than ${written(now)}`)
  }
  return undefined
}

/** Epoch milliseconds; undefined for what is no time, such as the 31st of February. */
function readTimestamp (timestamp: string): number | undefined {
  const match = TIMESTAMP.exec(timestamp)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const time = Date.parse(iso)
  return !Number.isNaN(time) && new Date(time).toISOString() === iso ? time : undefined
}

/** `host` is signed, so is every x-amz-* header, and each signed header is there. */
function checkHeaders ({ signedHeaders }: Parts, headers: HeaderValues): Refusal | undefined {
  const names = signedHeaders.split(';')
  if (names.some((name, i) => !HEADER_NAME.test(name) || (i > 0 && name <= (names[i - 1] as string)))) return incomplete('SignedHeaders must be lower-case names in order, each once.')
  const signed = new Set(names)
  if (!signed.has('host') || signed.has(HEADER.authorization)) return incomplete("SignedHeaders must have 'host' and not 'authorization'.")
  for (const name of names) {
    if (!headers.has(name)) return incomplete(`SignedHeaders has '${name}', which the request does not have.`)
  }
  for (const [name, values] of headers) {
    const isAmz = name.startsWith(AMZ_PREFIX)
    if (isAmz && !signed.has(name)) return incomplete(`SignedHeaders must have '${name}'.`)
    if ((isAmz || name === 'host') && values.length > 1) return incomplete(`There is more than one ${name} header.`)
  }
  return undefined
}

/** The access key id, where the rest of the credential is exactly the scope that this API has on that day. */
function readScope ({ credential, signature, timestamp }: Parts, region: string): string | Refusal {
  const [accessKeyId = '', date, givenRegion, service, terminator, ...rest] = credential.split('/')
  if (rest.length > 0 || !ACCESS_KEY_ID.test(accessKeyId) || !SIGNATURE.test(signature)) {
    return incomplete('Credential must be <access key id>/YYYYMMDD/REGION/SERVICE/aws4_request, Signature 64 lower-case hexadecimal digits.')
  }
  const problem = date !== timestamp.slice(0, 8)
    ? 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.'
    : givenRegion !== region
      ? 'Credential should be scoped to a valid region.'
      : service !== SERVICE
        ? `Credential should be scoped to correct service: '${SERVICE}'.`
        : terminator !== TERMINATOR ? `Credential should be scoped with a valid terminator: '${TERMINATOR}'.` : undefined
  return problem === undefined ? accessKeyId : new Refusal('INVALID_SIGNATURE', undefined, problem)
}

function one (headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name)
  return values?.length === 1 ? values[0] : undefined
}

function incomplete (message: string): Refusal {
  return new Refusal('INCOMPLETE_SIGNATURE', undefined, message)
}

// Signature Version 4: whether a parsed signature is the one its secret would have made.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { ALGORITHM, SERVICE, TERMINATOR } from './sigv4-parse.ts'
import type { ParsedSignature } from './sigv4-parse.ts'
import { encodeRfc3986 } from './sigv4-query.ts'

/** Stands in for the secret of an unknown key, so that it costs what a known one costs. As long as AWS's secrets. */
const DUMMY_SECRET = randomBytes(30).toString('base64')

export function sha256 (data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** The hash of the body of a handshake. */
export const EMPTY_BODY_HASH = sha256('')

/** What became of a verification. */
export interface Verification {
  readonly isRight: boolean
  /** API Gateway's text for a wrong signature: it tells the caller what to compare with. */
  describeMismatch (): string
}

/** Verifies a signature. With an undefined secret it is never right, and takes as long to tell. */
export function verifySignature (
  parsed: ParsedSignature, bodyHash: string, secretAccessKey: string | undefined
): Verification {
  const key = deriveSigningKey(secretAccessKey ?? DUMMY_SECRET, parsed)
  const candidates = canonicalPaths(parsed.rawPath).map((path) => {
    const canonicalRequest = renderCanonicalRequest(parsed, path, bodyHash)
    return { canonicalRequest, stringToSign: renderStringToSign(parsed, canonicalRequest) }
  })
  // All candidates are tried, whichever is right: what a wrong signature costs tells nothing.
  const matches = candidates.map(({ stringToSign }) => timingSafeEqual(hmac(key, stringToSign), parsed.signature))
  // The claim is part of what clients sign; the hash of what came is what counts.
  const isClaimTrue = parsed.claimedBodyHash === undefined || parsed.claimedBodyHash === bodyHash
  return {
    isRight: matches.includes(true) && isClaimTrue && secretAccessKey !== undefined,
    describeMismatch () {
      const { canonicalRequest, stringToSign } = candidates[0] as typeof candidates[number]
      return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${canonicalRequest}'\n\n` +
        `The String-to-Sign should have been\n'${stringToSign}'\n`
    }
  }
}

/**
 * The paths a signer may have signed: each segment of the wire form encoded once more, as the AWS SDKs do, or each
 * decoded and encoded once, as signers do that are given the plain path.
 */
function canonicalPaths (rawPath: string): string[] {
  const path = rawPath.replace(/\/{2,}/g, '/')
  const twice = path.split('/').map(encodeRfc3986).join('/')
  try {
    const once = path.split('/').map((segment) => encodeRfc3986(decodeURIComponent(segment))).join('/')
    return once === twice ? [twice] : [twice, once]
  } catch {
    return [twice]
  }
}

function renderCanonicalRequest (
  { method, canonicalQuery, canonicalHeaders, signedHeaders }: ParsedSignature, path: string, bodyHash: string
): string {
  return [method, path, canonicalQuery, canonicalHeaders, signedHeaders, bodyHash].join('\n')
}

function renderStringToSign ({ timestamp, region }: ParsedSignature, canonicalRequest: string): string {
  const scope = [timestamp.slice(0, 8), region, SERVICE, TERMINATOR].join('/')
  // Header values come as one character a byte, and are hashed as those bytes.
  return [ALGORITHM, timestamp, scope, sha256(Buffer.from(canonicalRequest, 'latin1'))].join('\n')
}

function deriveSigningKey (secretAccessKey: string, { timestamp, region }: ParsedSignature): Buffer {
  return [timestamp.slice(0, 8), region, SERVICE, TERMINATOR].reduce<Buffer>(
    (key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`))
}

function hmac (key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

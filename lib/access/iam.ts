// IAM without AWS: the user looks up who an access key belongs to, the signature proves it, a policy says what it may do.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { CredentialsLookup, SigningCredential, WebSocketIdentity } from '../../types/index.js'
import { CredentialInvalidError } from '../errors.ts'
import { Refusal } from '../refusal.ts'
import { compilePolicy, evaluatePolicies } from './policy.ts'
import type { Policy } from './policy.ts'
import { IAM_CONDITION_KEYS } from './policy-conditions.ts'
import type { ConditionContext } from './policy-conditions.ts'
import { verifySignature } from './sigv4.ts'
import { awaitLookup } from './deadline.ts'
import { parseSignature } from './sigv4-parse.ts'
import type { SignedRequest } from './sigv4-headers.ts'

/** Who signed a request. */
export interface IamCaller {
  readonly accessKeyId: string
  readonly credential: SigningCredential
  readonly policies: readonly Policy[] | undefined
}

export interface IamOptions {
  readonly credentials: CredentialsLookup
  readonly region: string
  /** How long `credentials` may take. */
  readonly timeoutInMillis?: number
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** arn:aws:iam::123456789012:user/name */
const PRINCIPAL_ARN = /^arn:[a-z-]+:(?:iam|sts)::(\d{12}):(.+)$/

export class Iam {
  readonly #options: IamOptions

  constructor (options: IamOptions) {
    this.#options = options
  }

  /** Who signed the request, or why nobody did. `readBodyHash` is asked only where the signature is well formed. */
  async authenticate (
    request: SignedRequest, readBodyHash: () => string | Promise<string>
  ): Promise<IamCaller | Refusal> {
    const { credentials, region, timeoutInMillis = Infinity, now = Date.now } = this.#options
    const parsed = parseSignature(request, region, now())
    if (parsed instanceof Refusal) return parsed
    const { accessKeyId, sessionToken } = parsed
    const bodyHash = await readBodyHash()
    try {
      const lookup = credentials(accessKeyId, { sessionToken })
      const credential = await awaitLookup(lookup, 'credentials', timeoutInMillis) ?? undefined
      const secret = readSecret(credential ?? NOBODY)
      const verification = verifySignature(parsed, bodyHash, credential === undefined ? undefined : secret)
      if (!verification.isRight || credential === undefined || !isSessionToken(credential.sessionToken, sessionToken)) {
        return new Refusal('INVALID_SIGNATURE', undefined, verification.describeMismatch())
      }
      return { accessKeyId, credential, policies: compilePolicies(credential.policy) }
    } catch (error) {
      return new Refusal('AUTHORIZER_FAILURE', error instanceof Error ? error : new CredentialInvalidError(String(error)))
    }
  }
}

/** Whether a caller may do it; a credential without a policy may do everything. */
export function authorizeCaller (
  { credential: { arn, userId }, policies }: IamCaller, action: string, resource: string,
  context: Omit<ConditionContext, 'principalArn' | 'principalAccount' | 'userId' | 'userName'>
): Refusal | undefined {
  if (policies === undefined) return undefined
  const decision = evaluatePolicies(policies, action, resource, {
    ...context,
    principalArn: arn,
    principalAccount: accountOf(arn),
    userId,
    userName: /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1]
  })
  if (decision === 'ALLOW') return undefined
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`
  return new Refusal('ACCESS_DENIED', undefined, decision === 'EXPLICIT_DENY' ? `${message} with an explicit deny` : message)
}

/** The members of an event's `identity` that IAM fills. */
export function identifyCaller ({ accessKeyId, credential }: IamCaller): Partial<WebSocketIdentity> {
  const { arn, userId = arn.slice(arn.lastIndexOf('/') + 1) } = credential
  const identity: Partial<WebSocketIdentity> = {
    accessKey: accessKeyId, accountId: accountOf(arn), caller: userId, user: userId, userArn: arn
  }
  for (const member of OPTIONAL_MEMBERS) {
    if (credential[member] !== undefined) identity[member] = credential[member]
  }
  return identity
}

const OPTIONAL_MEMBERS = [
  'principalOrgId', 'cognitoIdentityId', 'cognitoIdentityPoolId', 'cognitoAuthenticationType',
  'cognitoAuthenticationProvider'
] as const

function accountOf (arn: string): string {
  return PRINCIPAL_ARN.exec(arn)?.[1] as string
}

/** What a credential is wrong about never quotes its secret. */
/** Read where there is no credential, or a key that is known would be told by the time that reading takes. */
const NOBODY: SigningCredential = { secretAccessKey: 'nobody', arn: 'arn:aws:iam::123456789012:user/nobody' }

function readSecret ({ arn, secretAccessKey }: SigningCredential): string {
  if (typeof secretAccessKey !== 'string' || secretAccessKey === '') throw new CredentialInvalidError('secretAccessKey must be text and not empty')
  if (typeof arn !== 'string' || !PRINCIPAL_ARN.test(arn)) throw new CredentialInvalidError(`arn is ${JSON.stringify(arn)}; it must be like arn:aws:iam::123456789012:user/name`)
  return secretAccessKey
}

/** A temporary credential is one only together with its token. */
function isSessionToken (wanted: string | undefined, given: string | undefined): boolean {
  if (wanted === undefined) return true
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(wanted), digest(given ?? '')) && given !== undefined
}

function compilePolicies (policy: SigningCredential['policy']): Policy[] | undefined {
  if (policy === undefined) return undefined
  return (Array.isArray(policy) ? policy : [policy]).map((document) => compilePolicy(document, IAM_CONDITION_KEYS))
}

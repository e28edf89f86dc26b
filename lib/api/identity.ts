// `identity` of events: who opened the connection, members in API Gateway's order, absent ones left out.
import type { WebSocketIdentity } from '../../types/index.js'

const MEMBERS: ReadonlyArray<keyof WebSocketIdentity> = [
  'cognitoIdentityPoolId', 'cognitoIdentityId', 'apiKey', 'principalOrgId', 'cognitoAuthenticationType', 'userArn',
  'apiKeyId', 'userAgent', 'accountId', 'caller', 'sourceIp', 'accessKey', 'cognitoAuthenticationProvider', 'user'
]

export function mergeIdentity (identity: WebSocketIdentity, more: Partial<WebSocketIdentity>): WebSocketIdentity {
  const merged = { ...identity, ...more }
  const entries = MEMBERS.filter((name) => merged[name] !== undefined).map((name) => [name, merged[name]])
  return Object.fromEntries(entries) as WebSocketIdentity
}

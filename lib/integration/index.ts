// The door of the integrations.
export type { Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult } from './integration.ts'
export { AwsProxyIntegration } from './aws-proxy.ts'
export { HandlerInvocation, takesCallback } from './handler-invocation.ts'
export type { HandlerContract, HandlerDefinition } from './handler-invocation.ts'

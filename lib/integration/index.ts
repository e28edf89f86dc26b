// The door of the integrations.
export type { Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult } from './integration.ts'
export { AwsProxyIntegration } from './aws-proxy.ts'

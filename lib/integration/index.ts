// The door of the integrations.
export type {
  ConnectParameters, HandlerRequest, Integration, IntegrationOutcome, IntegrationRequest, IntegrationResult
} from './integration.ts'
export { compileIntegration } from './compile-integration.ts'
export type { IntegrationEnvironment, IntegrationPlace } from './environment.ts'
export { compileFunctionUri } from './function-uri.ts'
export { createHttpAgent } from './http-backend.ts'
export { findInProcessCall, followInProcessCalls } from './in-process-call.ts'
export { INTEGRATION_TYPES } from './integration-types.ts'
export { createFunctionError, LambdaClient } from './lambda-client.ts'
export { isLambdaUri, readLambdaUri, readServiceUri } from './service-uri.ts'
export { HandlerInvocation, takesCallback } from './handler-invocation.ts'
export type { AnyHandler, HandlerContract, HandlerDefinition } from './handler-invocation.ts'

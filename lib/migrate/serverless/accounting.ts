// What of a serverless.yml has no part in the import, said key by key.
import { placeOf } from './place.ts'
import type { Service } from './service.ts'
import type { View } from './view.ts'

/** Keys of the definition itself. Those that only hold values for variables are used where they are used. */
const ROOT = new Set(['service', 'provider', 'functions', 'resources', 'layers', 'custom', 'params', 'stages', 'frameworkVersion', 'configValidationMode',
  'deprecationNotificationMode', 'disabledDeprecations', 'variablesResolutionMode'])
const PROVIDER = new Set(['name', 'stage', 'region', 'runtime', 'memorySize', 'timeout', 'architecture', 'environment', 'layers', 'tags', 'role',
  'stackName', 'stackParameters', 'apiGateway', 'logs', 'websocket', 'websocketsApiName', 'websocketsApiRouteSelectionExpression', 'websocketsDescription'])
/** Of objects only some of whose keys are about WebSocket APIs. */
const NESTED: Readonly<Record<string, ReadonlySet<string>>> = {
  apiGateway: new Set(['websocketApiId']),
  logs: new Set(['websocket']),
  websocket: new Set(['useProviderTags'])
}
const WEBSOCKET_LOGS = new Set(['accessLogging', 'executionLogging', 'format', 'fullExecutionData', 'level'])

/** Why a key has no part, where there is more to say than that. */
const REASONS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  plugins: ['Plugins of the framework are not run; what they would change or add is missing', 'a packed .serverless/cloudformation-template-update-stack.json can be imported instead'],
  useDotenv: ['Files with environment variables are not read', 'node --env-file=.env reads one'],
  stackTags: ['Tags of the stack, which CloudFormation gives to its resources, are not carried', 'provider.tags with provider.websocket.useProviderTags are']
}

export function accountForKeys (service: Service): void {
  report(service, service.root, ROOT)
  report(service, service.provider, PROVIDER)
  for (const [name, known] of Object.entries(NESTED)) report(service, service.provider.get(name), known)
  report(service, service.provider.at('logs', 'websocket'), WEBSOCKET_LOGS)
  for (const name of service.root.get('layers').names) {
    service.report.add('info', { code: 'layer-unused', message: `Layer ${name} is not laid below the code of functions` }, ...placeOf(service.document, ['layers', name]))
  }
}

function report ({ report, document }: Service, view: View, known: ReadonlySet<string>): void {
  for (const name of view.names.filter((name) => !known.has(name))) {
    const [message, hint] = REASONS[name] ?? [`Key ${name} has no part in a WebSocket API`]
    report.add('info', { code: 'key-unused', message, ...(hint !== undefined && { hint }) }, ...placeOf(document, view.get(name).path))
  }
}

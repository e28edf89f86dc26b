// What of a serverless.yml has no part in the import, said key by key.
import { findNearest, suggest } from '../convert/nearest.ts'
import { printJson } from '../json.ts'
import { sayNames } from '../quote.ts'
import { placeOf } from './place.ts'
import type { Service } from './service.ts'
import type { View } from './view.ts'

/** Keys of the definition itself. Those that only hold values for variables are used where they are used. */
const ROOT = new Set(['service', 'provider', 'functions', 'resources', 'layers', 'plugins', 'custom', 'params', 'stages', 'frameworkVersion', 'configValidationMode',
  'deprecationNotificationMode', 'disabledDeprecations', 'variablesResolutionMode'])
const PROVIDER = new Set(['name', 'stage', 'region', 'runtime', 'memorySize', 'timeout', 'architecture', 'environment', 'layers', 'tags', 'role',
  'stackName', 'stackParameters', 'apiGateway', 'logs', 'websocket', 'websocketsApiName', 'websocketsApiRouteSelectionExpression', 'websocketsDescription'])
/** Of objects only some of whose keys are about WebSocket APIs. */
const API_GATEWAY = new Set(['websocketApiId'])
const LOGS = new Set(['websocket'])
/** Of objects that are about nothing else. */
const WEBSOCKET = new Set(['useProviderTags'])
const WEBSOCKET_LOGS = new Set(['accessLogging', 'executionLogging', 'format', 'fullExecutionData', 'level'])

/** The plugin that changes nothing of what is deployed. */
const LOCAL_PLUGIN = /^serverless-offline$/
/** Why a key has no part, where there is more to say than that. */
const REASONS: ReadonlyMap<string, readonly [message: string, hint: string]> = new Map([
  ['useDotenv', ['Files with environment variables are not read', 'node --env-file=.env reads one']],
  ['stackTags', ['Tags of the stack, which CloudFormation gives to its resources, are not carried', 'provider.tags with provider.websocket.useProviderTags are']]
])

export function accountForKeys (service: Service): void {
  const { root, provider, report, document } = service
  reportUnused(service, root, ROOT)
  reportUnused(service, provider, PROVIDER)
  reportUnused(service, provider.get('apiGateway'), API_GATEWAY)
  reportUnused(service, provider.get('logs'), LOGS)
  reportUnknown(service, provider.get('websocket'), WEBSOCKET)
  reportUnknown(service, provider.at('logs', 'websocket'), WEBSOCKET_LOGS)
  for (const name of root.get('layers').names) {
    report.add('info', { code: 'layer-unused', message: `Layer ${name} is not laid below the code of functions` }, ...placeOf(document, ['layers', name]))
  }
  const plugins = root.get('plugins')
  const names = (plugins.isList ? plugins : plugins.get('modules')).entries.map((plugin) => printJson(plugin.resolve()))
  if (names.length > 0) {
    report.add(names.every((name) => LOCAL_PLUGIN.test(name)) ? 'info' : 'warning', {
      code: 'plugins-not-run',
      message: `Plugins are not run, so what they would change is missing: ${sayNames(names)}`,
      hint: 'what serverless package writes, .serverless/cloudformation-template-update-stack.json, can be imported instead'
    }, ...placeOf(document, plugins.path))
  }
}

/** Of an object in which others than these have their place; one that looks like one of these may be a slip. */
function reportUnused ({ report, document }: Service, view: View, known: ReadonlySet<string>): void {
  for (const name of view.names.filter((name) => !known.has(name))) {
    const [message, hint] = REASONS.get(name) ?? [`Key ${name} has no part in a WebSocket API`]
    const isSlip = findNearest(name, known) !== undefined
    report.add(isSlip ? 'warning' : 'info', {
      code: isSlip ? 'key-unknown' : 'key-unused',
      message: `${message}${suggest(name, known)}`,
      ...(hint !== undefined && { hint })
    }, ...placeOf(document, view.get(name).path))
  }
}

function reportUnknown ({ report, document }: Service, view: View, known: ReadonlySet<string>): void {
  for (const name of view.names.filter((name) => !known.has(name))) {
    report.add('warning', {
      code: 'key-unknown',
      message: `Key ${name} is not one of ${[...known].join(', ')}; the framework passes over it`
    }, ...placeOf(document, view.get(name).path))
  }
}

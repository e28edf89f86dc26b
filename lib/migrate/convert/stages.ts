// Stages.
import { STAGE_NAME_PATTERN, STAGE_VARIABLE_NAME_PATTERN } from '../../definition.ts'
import { DefinitionAmbiguousError } from '../../errors.ts'
import { quote, sayName, sayNames } from '../quote.ts'
import { nameOfProperty } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import type { Conversion, ResourcesByType } from './conversion.ts'
import { Uniques } from './conversion.ts'
import { checkDeployment, readDeployment } from './deployments.ts'
import { isPlainObject } from './read-properties.ts'

/** The stage of an API that has none, so that it can be reached. */
const STAND_IN = 'default'
const NOT_A_STAGE = '$default'

export function convertStages (conversion: Conversion, byType: ResourcesByType, routes: ReadonlyMap<string, JsonObject>): JsonObject[] {
  const { report, reader, importOptions: { stage: wanted } } = conversion
  const names = new Uniques()
  for (const resource of byType('AWS::ApiGatewayV2::Deployment')) readDeployment(conversion, resource)
  const stages = byType('AWS::ApiGatewayV2::Stage').flatMap((resource) => {
    const { options } = reader.read(resource)
    const { stageName } = options
    if (typeof stageName !== 'string') return []
    if (wanted !== undefined && stageName !== wanted) {
      report.add('info', { code: 'stage-not-chosen', message: `Stage ${sayName(stageName)} was not imported: option stage is ${quote(wanted)}` }, resource)
      return []
    }
    checkName(conversion, resource, stageName, names)
    checkVariables(conversion, resource, options)
    checkLogFormat(conversion, resource, options)
    checkDeployment(conversion, resource, options, byType)
    return [leaveOutUnknownRoutes(conversion, resource, options, routes)]
  })
  if (stages.length > 0) return stages
  if (wanted !== undefined) throw new DefinitionAmbiguousError(describeStages(conversion, byType, wanted))
  report.add('warning', {
    code: 'stage-missing', message: `${conversion.api.id} has no stage, so nobody could connect; a stage "${STAND_IN}" was put in`
  }, conversion.api)
  return [{ stageName: STAND_IN }]
}

function describeStages ({ names, api }: Conversion, byType: ResourcesByType, wanted: string): string {
  const given = byType('AWS::ApiGatewayV2::Stage').flatMap(({ properties: { StageName } }) =>
    typeof StageName === 'string' ? [names.textOf(StageName)] : [])
  return `Definition has no stage ${quote(wanted)} of the API ${api.id}; it has ${sayNames(given)}`
}

function checkName ({ report }: Conversion, resource: Resource, stageName: string, names: Uniques): void {
  if (stageName === NOT_A_STAGE) {
    report.refuse({ code: 'stage-name', message: 'Stages cannot be named $default for WebSocket APIs.' }, resource, ['StageName'])
  } else if (!new RegExp(STAGE_NAME_PATTERN).test(stageName)) {
    report.refuse({ code: 'stage-name', message: `${nameOfProperty(resource, ['StageName'])} is ${quote(stageName)}; it must be letters, digits, - and _, at most 128` }, resource, ['StageName'])
  }
  if (names.take(stageName, resource) !== undefined) {
    report.refuse({ code: 'stage-duplicate', message: `Stage ${sayName(stageName)} already exists` }, resource, ['StageName'])
  }
}

function checkVariables ({ report }: Conversion, resource: Resource, { stageVariables }: JsonObject): void {
  if (!isPlainObject(stageVariables)) return
  for (const name of Object.keys(stageVariables)) {
    if (new RegExp(STAGE_VARIABLE_NAME_PATTERN).test(name)) continue
    report.refuse({
      code: 'stage-variable-name', message: `${nameOfProperty(resource, ['StageVariables'])} has the name ${quote(name)}; it must be letters, digits and _, at most 64`
    }, resource, ['StageVariables', name])
  }
}

function checkLogFormat ({ report }: Conversion, resource: Resource, { accessLogSettings }: JsonObject): void {
  const format = isPlainObject(accessLogSettings) ? accessLogSettings.format : undefined
  if (typeof format !== 'string') return
  if (/\$context\.(?:requestId|extendedRequestId)(?![A-Za-z0-9_])/.test(format) && !/[\r\n]/.test(format.trimEnd())) return
  report.refuse({
    code: 'access-log-format', message: 'AccessLogSettings.Format must be one line that holds $context.requestId or $context.extendedRequestId'
  }, resource, ['AccessLogSettings', 'Format'])
}

/** The plugin, as API Gateway, knows settings of its own routes alone. */
function leaveOutUnknownRoutes (
  { report }: Conversion, resource: Resource, options: JsonObject, routes: ReadonlyMap<string, JsonObject>
): JsonObject {
  const { routeSettings } = options
  if (!isPlainObject(routeSettings)) return options
  const known = Object.entries(routeSettings).filter(([routeKey]) => {
    if (routes.has(routeKey)) return true
    report.add('warning', {
      code: 'route-settings-unknown-route',
      message: `Unable to find Route by key ${sayName(routeKey)} within the provided RouteSettings; its settings were left out`
    }, resource, ['RouteSettings', routeKey])
    return false
  })
  return { ...options, routeSettings: Object.fromEntries(known) }
}

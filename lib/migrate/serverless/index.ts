// Reads a serverless.yml into the resources that the Serverless Framework would deploy from it.
import type { ImportOptions } from '../../../types/migrate.js'
import { DefinitionAmbiguousError } from '../../errors.ts'
import { readCloudFormation } from '../cloudformation/index.ts'
import { quote } from '../quote.ts'
import type { Report } from '../report.ts'
import type { Json, JsonObject, ReadDefinition } from '../resource.ts'
import type { Source } from '../source.ts'
import { accountForKeys } from './accounting.ts'
import { addFunctions } from './function-resources.ts'
import { GeneratedTemplate } from './generated-template.ts'
import { isObject, printJson } from '../json.ts'
import type { ServiceTemplate } from './overlay.ts'
import { mergeOverlay } from './overlay.ts'
import { placeOf } from './place.ts'
import { addReferredResources } from './referred-resources.ts'
import type { Service } from './service.ts'
import { readService } from './service.ts'
import { readWebSocketEvents } from './web-socket-events.ts'
import { WebSocketResources } from './web-socket-resources.ts'

export function readServerless (source: Source, options: ImportOptions, report: Report): ReadDefinition {
  const { service, template } = readServiceTemplate(source, options, report)
  const value = addReferredResources(template.template, service)
  const { directory } = source
  const { resources, ...deployment } = readCloudFormation(
    { directory, value, format: 'cloudformation', positionOf: template.positionOf }, stackOptions(service, value, options), report
  )
  const region = service.provider.get('region')
  return {
    ...deployment,
    ...(options.region === undefined && region.isWritten ? { regionPlace: placeOf(service.document, region.path) } : undefined),
    resources: resources.map((resource) => ({ ...resource, nameOf: (path) => template.nameOf(resource.id, path) }))
  }
}

/** What CloudFormation is told of the stack: parameters that it has, by the framework's `--param` and by the provider. */
function stackOptions (service: Service, { Parameters }: JsonObject, options: ImportOptions): ImportOptions {
  const { name, stage, region, accountId, provider } = service
  const written = provider.get('stackParameters').entries.flatMap((entry): Array<[string, string]> => {
    const value = entry.resolve() as Json
    return isObject(value) && typeof value.ParameterKey === 'string' ? [[value.ParameterKey, printJson(value.ParameterValue)]] : []
  })
  const declared = isObject(Parameters) ? Parameters : {}
  const given = Object.entries(options.parameters ?? {})
    .filter(([parameter]) => parameter.startsWith('AWS::') || Object.hasOwn(declared, parameter))
  const stackName = provider.get('stackName').resolve()
  return {
    ...options,
    region,
    accountId,
    parameters: Object.fromEntries([
      ['AWS::StackName', typeof stackName === 'string' && stackName !== '' ? stackName : `${name}-${stage}`], ...written, ...given
    ])
  }
}

interface ReadService {
  readonly service: Service
  readonly template: ServiceTemplate
}

/** The template that the framework would deploy. */
export function readServiceTemplate (source: Source, options: ImportOptions, report: Report): ReadService {
  const document = { name: source.path ?? 'serverless.yml', value: source.value, positionOf: source.positionOf }
  const service = readService(document, source.directory, options, report)
  const generated = new GeneratedTemplate()
  const targets = addFunctions(generated, service)
  const events = readWebSocketEvents(service)
  if (events.length > 0) new WebSocketResources(generated, service, targets, sharedApiOf(service)).add(events)
  accountForKeys(service)
  return { service, template: mergeOverlay(generated, service) }
}

/** A reference to an API in `resources` that the routes are of; undefined where the service has one of its own. */
function sharedApiOf (service: Service): Json | undefined {
  const view = service.provider.at('apiGateway', 'websocketApiId')
  const id = view.resolve()
  if (id === undefined || id === null || id === '') return undefined
  if (isInResources(service, id)) return id
  if (!service.provider.get('websocketsApiRouteSelectionExpression').isWritten) {
    throw new DefinitionAmbiguousError(`provider.apiGateway.websocketApiId is ${quote(id)}, an API of another stack, and nothing here says how that selects routes; ` +
      'write provider.websocketsApiRouteSelectionExpression as it is there, or import the definition of that API')
  }
  service.report.add('warning', {
    code: 'api-foreign',
    message: `The routes are of an API of another stack, ${quote(id)}; websocketsApiName, websocketsApiRouteSelectionExpression, websocketsDescription and stage of this provider stand for its settings`
  }, ...placeOf(service.document, view.path))
  return undefined
}

function isInResources ({ root }: Service, id: Json): boolean {
  const attribute = isObject(id) ? id['Fn::GetAtt'] : undefined
  const name = isObject(id) && typeof id.Ref === 'string' ? id.Ref : [attribute].flat().join('.').split('.')[0] as string
  return root.get('resources').entries.some((fragment) => fragment.at('Resources', name, 'Type').resolve() === 'AWS::ApiGatewayV2::Api')
}

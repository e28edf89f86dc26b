// The WebSocket API of a service: what the framework generates from its websocket events and the provider's settings.
import { createHash } from 'node:crypto'
import { quote } from '../quote.ts'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'
import type { FunctionTarget } from './function-resources.ts'
import type { GeneratedTemplate } from './generated-template.ts'
import { createResource } from './generated-template.ts'
import { isObject } from '../json.ts'
import { API_ID, authorizerId, deploymentId, functionId, integrationId, LOG_GROUP_ID, permissionId, routeId, routeResponseId, STAGE_ID } from './naming.ts'
import { placeOf } from './place.ts'
import type { Service } from './service.ts'
import type { View } from './view.ts'
import type { WebSocketAuthorizer, WebSocketEvent } from './web-socket-events.ts'

const DEFAULT_DESCRIPTION = 'Serverless Websockets'
const DEFAULT_SELECTION = '$request.body.action'
const DEFAULT_LOG_FORMAT = '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] ' +
  '"$context.eventType $context.routeKey $context.connectionId" $context.requestId'

/** Adds the API with all that belongs to it; no API and no stage where the service only adds routes to the shared one. */
export class WebSocketResources {
  readonly #template: GeneratedTemplate
  readonly #service: Service
  readonly #targets: ReadonlyMap<string, FunctionTarget>
  readonly #apiId: Json
  readonly #isOwnApi: boolean

  constructor (template: GeneratedTemplate, service: Service, targets: ReadonlyMap<string, FunctionTarget>, sharedApiId?: Json) {
    this.#template = template
    this.#service = service
    this.#targets = targets
    this.#apiId = sharedApiId ?? { Ref: API_ID }
    this.#isOwnApi = sharedApiId === undefined
  }

  /** In the order of the framework, which the hash in the deployment's id depends on. */
  add (events: readonly WebSocketEvent[]): void {
    if (this.#isOwnApi) this.#addApi()
    for (const event of events) this.#addIntegration(event)
    for (const event of events) this.#addRouteResponse(event)
    for (const event of events) this.#addAuthorizer(event)
    for (const event of events) this.#addPermissions(event)
    for (const event of events) this.#addRoute(event)
    if (this.#isOwnApi) this.#addStage()
    this.#addDeployment(events)
  }

  #addApi (): void {
    const { provider, name, stage } = this.#service
    const apiName = provider.get('websocketsApiName')
    const given = apiName.resolve()
    const tags = provider.at('websocket', 'useProviderTags').resolve() ? provider.get('tags').resolve() ?? undefined : undefined
    this.#template.add(API_ID, createResource('AWS::ApiGatewayV2::Api', {
      Name: typeof given === 'string' && given !== '' ? given : `${stage}-${name}-websockets`,
      RouteSelectionExpression: provider.get('websocketsApiRouteSelectionExpression').resolve() || DEFAULT_SELECTION,
      Description: this.#description,
      ProtocolType: 'WEBSOCKET',
      Tags: tags
    }), {
      resource: provider.path,
      properties: originsOf({
        Name: apiName,
        RouteSelectionExpression: provider.get('websocketsApiRouteSelectionExpression'),
        Description: provider.get('websocketsDescription'),
        Tags: provider.get('tags')
      })
    })
  }

  #addIntegration ({ functionName, path }: WebSocketEvent): void {
    const { arn, aliasId } = this.#targets.get(functionName) as FunctionTarget
    this.#template.add(integrationId(functionName), createResource('AWS::ApiGatewayV2::Integration', {
      ApiId: this.#apiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: invocationUri(arn)
    }, aliasId), { resource: path.slice(0, 2) })
  }

  #addRouteResponse ({ route, routeResponseSelectionExpression, path }: WebSocketEvent): void {
    if (routeResponseSelectionExpression === undefined) return
    this.#template.add(routeResponseId(route), createResource('AWS::ApiGatewayV2::RouteResponse', {
      ApiId: this.#apiId,
      RouteId: { Ref: routeId(route) },
      RouteResponseKey: '$default'
    }), { resource: [...path, 'routeResponseSelectionExpression'] })
  }

  #addAuthorizer ({ authorizer, path }: WebSocketEvent): void {
    if (authorizer === undefined) return
    this.#template.add(authorizerId(authorizer.name), createResource('AWS::ApiGatewayV2::Authorizer', {
      ApiId: this.#apiId,
      Name: authorizer.name,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: invocationUri(this.#arnOf(authorizer)),
      IdentitySource: authorizer.identitySource
    }, authorizer.arn === undefined ? this.#targets.get(authorizer.name)?.aliasId : undefined), {
      resource: [...path, 'authorizer'],
      properties: {
        AuthorizerUri: authorizer.targetPath,
        ...(authorizer.identitySourcePath && { IdentitySource: authorizer.identitySourcePath })
      }
    })
  }

  #arnOf ({ name, arn }: WebSocketAuthorizer): Json {
    return arn ?? (this.#targets.get(name) as FunctionTarget).arn
  }

  #addPermissions ({ functionName, authorizer, path }: WebSocketEvent): void {
    const { arn, aliasId } = this.#targets.get(functionName) as FunctionTarget
    const api = this.#isOwnApi ? [API_ID] : isObject(this.#apiId) && typeof this.#apiId.Ref === 'string' ? [this.#apiId.Ref] : []
    this.#template.add(permissionId(functionName), createResource('AWS::Lambda::Permission', {
      FunctionName: arn,
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com'
    }, [...api, aliasId ?? functionId(functionName)]), { resource: path })
    if (authorizer === undefined) return
    const target = authorizer.arn === undefined ? this.#targets.get(authorizer.name) : undefined
    this.#template.add(permissionId(authorizer.name), createResource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      FunctionName: this.#arnOf(authorizer)
    }, [...api, ...(target === undefined ? [] : [functionId(authorizer.name)]), target?.aliasId ?? []].flat()), { resource: path })
  }

  #addRoute ({ functionName, route, routeResponseSelectionExpression, authorizer, path }: WebSocketEvent): void {
    if (this.#template.resources.has(routeId(route))) {
      this.#service.report.add('warning', {
        code: 'route-duplicate',
        message: `Route ${route} is written more than once; the framework merges them, so function ${functionName} answers it`
      }, ...placeOf(this.#service.document, path))
    }
    this.#template.add(routeId(route), createResource('AWS::ApiGatewayV2::Route', {
      ApiId: this.#apiId,
      RouteKey: route,
      AuthorizationType: authorizer === undefined ? 'NONE' : 'CUSTOM',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: integrationId(functionName) }]] },
      RouteResponseSelectionExpression: routeResponseSelectionExpression,
      AuthorizerId: authorizer && { Ref: authorizerId(authorizer.name) }
    }), {
      resource: path,
      properties: {
        RouteKey: [...path, 'route'],
        ...(routeResponseSelectionExpression !== undefined && { RouteResponseSelectionExpression: [...path, 'routeResponseSelectionExpression'] }),
        ...(authorizer && { AuthorizationType: [...path, 'authorizer'], AuthorizerId: [...path, 'authorizer'] })
      }
    })
  }

  #addStage (): void {
    const { name, stage, provider, report, document } = this.#service
    const logs = provider.at('logs', 'websocket')
    const settings = logs.resolve()
    const { accessLogging, executionLogging, fullExecutionData, format, level }: JsonObject = isObject(settings) ? settings : {}
    if (level !== undefined && level !== 'INFO' && level !== 'ERROR') {
      report.refuse({ code: 'logs-level-invalid', message: `Level ${quote(level)} is not valid; it must be INFO or ERROR` }, ...placeOf(document, [...logs.path, 'level']))
    }
    this.#template.add(STAGE_ID, createResource('AWS::ApiGatewayV2::Stage', {
      ApiId: this.#apiId,
      StageName: stage,
      Description: this.#description,
      ...(settings && {
        DefaultRouteSettings: { DataTraceEnabled: fullExecutionData ?? true, LoggingLevel: executionLogging ?? true ? level ?? 'INFO' : 'OFF' }
      }),
      ...(settings && (accessLogging ?? true) && {
        AccessLogSettings: {
          DestinationArn: { 'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${${LOG_GROUP_ID}}` },
          Format: format || DEFAULT_LOG_FORMAT
        }
      })
    }), {
      resource: provider.path,
      properties: originsOf({
        StageName: provider.get('stage'),
        Description: provider.get('websocketsDescription'),
        'DefaultRouteSettings.LoggingLevel': logs.get('level'),
        'DefaultRouteSettings.DataTraceEnabled': logs.get('fullExecutionData'),
        'AccessLogSettings.Format': logs.get('format')
      })
    })
    if (!settings) return
    this.#template.add(LOG_GROUP_ID, createResource('AWS::Logs::LogGroup', { LogGroupName: `/aws/websocket/${name}-${stage}` }), { resource: logs.path })
  }

  #addDeployment (events: readonly WebSocketEvent[]): void {
    const { provider, stage } = this.#service
    const id = deploymentId(createHash('sha256').update(JSON.stringify(this.#deployedPart())).digest('base64'))
    this.#template.add(id, createResource('AWS::ApiGatewayV2::Deployment', {
      ApiId: this.#apiId,
      Description: this.#description,
      StageName: this.#isOwnApi ? undefined : stage
    }, events.flatMap(({ route, routeResponseSelectionExpression }) => [
      ...(routeResponseSelectionExpression === undefined ? [] : [routeResponseId(route)]), routeId(route)
    ])), { resource: provider.path })
    if (this.#isOwnApi) this.#template.add(STAGE_ID, { Properties: { DeploymentId: { Ref: id } } }, { resource: provider.path })
  }

  /** What the hash of the deployment is of: whatever is of the framework's own API. */
  #deployedPart (): Record<string, JsonObject> {
    return Object.fromEntries([...this.#template.resources].filter(([id, { DependsOn, Properties }]) => id === API_ID ||
      (isObject(Properties) && isObject(Properties.ApiId) && Properties.ApiId.Ref === API_ID) ||
      (Array.isArray(DependsOn) && DependsOn.includes(API_ID))))
  }

  get #description (): Json {
    return this.#service.provider.get('websocketsDescription').resolve() || DEFAULT_DESCRIPTION
  }
}

function invocationUri (arn: Json): Json {
  return {
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', arn, '/invocations']]
  }
}

/** Of properties that the definition writes. */
function originsOf (properties: Readonly<Record<string, View>>): Record<string, PropertyPath> {
  return Object.fromEntries(Object.entries(properties).filter(([, view]) => view.isWritten).map(([name, view]) => [name, view.path]))
}

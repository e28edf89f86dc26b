// What `aws apigatewayv2 get-*` answers with, command by command: the resource an item is, its id, what is no property of it.

export interface AnswerTable {
  /** `AWS::ApiGatewayV2::Route` */
  readonly type: string
  /** The member that identifies an item. */
  readonly id: string
  /** The property that names what the answer was asked about, by the id behind the dot of its name. */
  readonly parent?: string
  /** Members that AWS adds: none of them can be written. */
  readonly computed: readonly string[]
  /** Members that name another resource by its id, and what stands before the id. */
  readonly names?: Readonly<Record<string, string>>
}

export const API: AnswerTable = {
  type: 'AWS::ApiGatewayV2::Api',
  id: 'ApiId',
  computed: ['ApiEndpoint', 'ApiGatewayManaged', 'ApiId', 'CreatedDate', 'ImportInfo', 'Warnings']
}

/** By command. Those with a parent are asked once for each. */
export const ANSWERS: Readonly<Record<string, AnswerTable>> = {
  'get-routes': {
    type: 'AWS::ApiGatewayV2::Route',
    id: 'RouteId',
    computed: ['ApiGatewayManaged', 'RouteId'],
    names: { Target: 'integrations/', AuthorizerId: '' }
  },
  'get-integrations': {
    type: 'AWS::ApiGatewayV2::Integration',
    id: 'IntegrationId',
    computed: ['ApiGatewayManaged', 'IntegrationId', 'IntegrationResponseSelectionExpression']
  },
  'get-models': { type: 'AWS::ApiGatewayV2::Model', id: 'ModelId', computed: ['ModelId'] },
  'get-authorizers': { type: 'AWS::ApiGatewayV2::Authorizer', id: 'AuthorizerId', computed: ['AuthorizerId'] },
  'get-deployments': {
    type: 'AWS::ApiGatewayV2::Deployment',
    id: 'DeploymentId',
    computed: ['AutoDeployed', 'CreatedDate', 'DeploymentId', 'DeploymentStatus', 'DeploymentStatusMessage']
  },
  'get-stages': {
    type: 'AWS::ApiGatewayV2::Stage',
    id: 'StageName',
    computed: ['ApiGatewayManaged', 'CreatedDate', 'LastDeploymentStatusMessage', 'LastUpdatedDate'],
    names: { DeploymentId: '' }
  },
  'get-route-responses': {
    type: 'AWS::ApiGatewayV2::RouteResponse', id: 'RouteResponseId', parent: 'RouteId', computed: ['RouteResponseId']
  },
  'get-integration-responses': {
    type: 'AWS::ApiGatewayV2::IntegrationResponse', id: 'IntegrationResponseId', parent: 'IntegrationId', computed: ['IntegrationResponseId']
  },
  'get-domain-names': {
    type: 'AWS::ApiGatewayV2::DomainName',
    id: 'DomainName',
    computed: ['ApiMappingSelectionExpression', 'DomainNameArn']
  },
  'get-api-mappings': { type: 'AWS::ApiGatewayV2::ApiMapping', id: 'ApiMappingId', parent: 'DomainName', computed: ['ApiMappingId'] }
}

/** Resources of an API name it; these belong to none. */
export const WITHOUT_API: readonly string[] = ['get-domain-names']

/** What AWS adds to `DomainNameConfigurations`. */
export const COMPUTED_CONFIGURATION: readonly string[] = [
  'ApiGatewayDomainName', 'CertificateUploadDate', 'DomainNameStatus', 'DomainNameStatusMessage', 'HostedZoneId'
]

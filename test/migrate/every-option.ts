// An API that uses everything the plugin can declare and a template can say.
import type { GivenOptions } from './export-api.ts'

export const invocation = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:${name}/invocations`

const tags = { team: 'orders', 'cost centre': '42' }
const expression = '$request.body.kind'
const mock = { integrationType: 'MOCK', requestTemplates: { $default: '{"statusCode": 200}' }, integrationResponses: { $default: {} } } as const

export const EVERY_OPTION: GivenOptions = {
  name: 'orders',
  apiId: 'a1b2c3d4e5',
  region: 'us-east-1',
  accountId: '123456789012',
  description: 'Orders, as they come',
  version: '1.2.3',
  ipAddressType: 'dualstack',
  tags,
  disableExecuteApiEndpoint: false,
  disableSchemaValidation: true,
  routeSelectionExpression: '${request.body.action}/${request.body.kind}',
  apiKeySelectionExpression: '$context.authorizer.usageIdentifierKey',
  stages: [
    {
      stageName: 'prod',
      description: 'for customers',
      stageVariables: { fn: 'Blue', table: 'orders', url: 'https://api.example.com/v1?a=b&c=d' },
      clientCertificateId: 'abc123',
      accessPolicyId: 'policy',
      accessLogSettings: {
        destinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:orders',
        format: '{"id":"$context.requestId","extended":"$context.extendedRequestId","status":"$context.status"}'
      },
      defaultRouteSettings: {
        dataTraceEnabled: true, detailedMetricsEnabled: false, loggingLevel: 'ERROR', throttlingBurstLimit: 0, throttlingRateLimit: 0.5
      },
      routeSettings: { 'order/new': { loggingLevel: 'INFO', throttlingBurstLimit: 7 }, $default: { dataTraceEnabled: false } },
      tags
    },
    { stageName: 'beta', autoDeploy: true, stageVariables: { fn: 'Green:live' }, routeSettings: { $connect: { throttlingRateLimit: 3 } } },
    { stageName: 'plain' }
  ],
  models: [
    { name: 'Order', contentType: 'application/json', description: 'one order', schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['z', 'a'], properties: { z: { type: 'integer' }, a: { $ref: 'https://apigateway.amazonaws.com/apis/a1b2c3d4e5/models/Item' } } } },
    { name: 'Item', schema: { type: 'string', enum: ['${a}', '$b'] } }
  ],
  authorizers: {
    'by token': {
      authorizerType: 'REQUEST',
      authorizerUri: invocation('Guard'),
      authorizerCredentialsArn: 'arn:aws:iam::123456789012:role/invoke',
      identitySource: ['route.request.querystring.token', 'route.request.header.X-Tenant', 'stageVariables.table', 'context.identity.sourceIp']
    },
    staged: { authorizerUri: invocation('${stageVariables.fn}') },
    bare: { authorizerUri: 'arn:aws:lambda:us-east-1:123456789012:function:Guard' }
  },
  integrations: {
    shared: {
      integrationType: 'AWS',
      description: 'to the queue',
      integrationUri: 'arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders.fifo',
      integrationMethod: 'POST',
      credentialsArn: 'arn:aws:iam::123456789012:role/to-queue',
      connectionType: 'INTERNET',
      payloadFormatVersion: '1.0',
      passthroughBehavior: 'NEVER',
      contentHandlingStrategy: 'CONVERT_TO_TEXT',
      timeoutInMillis: 5000,
      templateSelectionExpression: expression,
      requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'", 'integration.request.querystring.a': 'route.request.body.a' },
      requestTemplates: { new: 'Action=SendMessage&MessageBody=$util.urlEncode($input.json("$"))', $default: '#set($x = ${a})\n\t${!b} $!{c} \\$d {{e}} é\u2028' },
      integrationResponses: {
        $default: { templateSelectionExpression: expression, responseTemplates: { new: '{"a": "${x}"}', $default: 'é' }, contentHandlingStrategy: 'CONVERT_TO_TEXT' },
        '/2\\d\\d/': { responseParameters: { 'method.response.header.x': 'integration.response.header.x' } },
        '/4\\d\\d|5\\d\\d/': {}
      }
    }
  },
  routes: {
    $connect: {
      operationName: 'connect',
      authorizationType: 'CUSTOM',
      authorizerId: 'by token',
      apiKeyRequired: true,
      requestParameters: { 'route.request.querystring.token': { required: true }, 'route.request.header.X-Tenant': { required: false } },
      integration: { integrationType: 'AWS_PROXY', integrationUri: invocation('Connect'), integrationMethod: 'POST' },
      routeResponses: {}
    },
    $disconnect: { integration: { integrationType: 'AWS_PROXY', integrationUri: 'arn:aws:lambda:us-east-1:123456789012:function:Connect' } },
    $default: { target: 'integrations/shared', routeResponseSelectionExpression: '$default', routeResponses: {} },
    'order/new': {
      target: 'shared',
      apiKeyRequired: false,
      authorizationType: 'NONE',
      modelSelectionExpression: expression,
      requestModels: { new: 'Order', $default: 'Item' },
      routeResponseSelectionExpression: '$default',
      routeResponses: { $default: { modelSelectionExpression: '$default', responseModels: { $default: 'Item' }, responseParameters: { 'route.response.header.x': { required: true } } } }
    },
    'one way out': { routeResponses: { $default: {} }, integration: mock },
    staged: { integration: { integrationType: 'AWS', integrationUri: invocation('${stageVariables.fn}'), integrationResponses: { $default: {} } } },
    aliased: { integration: { integrationType: 'AWS_PROXY', integrationUri: invocation('Aliased:live') } },
    versioned: { integration: { integrationType: 'AWS_PROXY', integrationUri: invocation('Outside:7') } },
    elsewhere: { integration: { integrationType: 'AWS_PROXY', integrationUri: invocation('Far').replaceAll('us-east-1:123456789012', 'eu-west-1:999999999999') } },
    http: { integration: { integrationType: 'HTTP', integrationMethod: 'ANY', integrationUri: 'https://${stageVariables.table}.example.com/{a}', requestParameters: { 'integration.request.path.a': 'route.request.body.a' }, integrationResponses: { $default: {} } } },
    'http proxy': { integration: { integrationType: 'HTTP_PROXY', integrationMethod: 'PUT', integrationUri: 'https://api.example.com' } },
    nothing: {}
  },
  apiKeys: {
    ada: {
      name: 'Ada', value: 'key-of-ada-0123456789', enabled: false, description: 'hers', customerId: 'c1', generateDistinctId: true, stageKeys: [{ restApiId: 'a1b2c3d4e5', stageName: 'prod' }, { restApiId: 'zzzzzzzzzz', stageName: 'dev' }], tags
    },
    drawn: {}
  },
  usagePlans: {
    basic: {
      usagePlanName: 'Basic',
      description: 'for most',
      apiStages: [{ stage: 'prod', throttle: { 'order/new': { rateLimit: 0.5, burstLimit: 1 } } }, { apiId: 'zzzzzzzzzz', stage: 'dev' }],
      throttle: { rateLimit: 10, burstLimit: 20 },
      quota: { limit: 100, offset: 3, period: 'WEEK' },
      apiKeys: ['ada', 'drawn'],
      tags
    },
    empty: {}
  },
  domainNames: [{
    domainName: '*.example.com',
    domainNameConfigurations: [{
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/c', certificateName: 'c', endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2', ipAddressType: 'dualstack', ownershipVerificationCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/o'
    }],
    routingMode: 'API_MAPPING_ONLY',
    tags,
    apiMappings: [{ apiMappingKey: 'v1/orders', stage: 'prod' }, { stage: 'beta' }]
  }]
}

/** What is known of its functions. `Outside` is left to be there already. */
export const ITS_FUNCTIONS = {
  Connect: { runtime: 'nodejs22.x', handler: 'src/connect.handler', codeDirectory: '/project/functions', environment: { CALLBACK: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod', TABLE: '${t}' }, timeoutInMillis: 7500, memoryInMegabytes: 256, layers: ['arn:aws:lambda:us-east-1:123456789012:layer:sdk:3'] },
  Guard: { inlineCode: 'exports.handler = async () => `${1}`' },
  Blue: { handler: 'a.b' },
  Green: { handler: 'a.b' },
  Aliased: { runtime: 'python3.13', handler: 'a.b', alias: 'live' }
}

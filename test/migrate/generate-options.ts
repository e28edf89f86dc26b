// Options by chance: valid ones, of everything that the plugin can declare and a template can say. A seed gives the same
// options again.
import type { ApiGatewayWebSocketOptions, CloudFormationOptions } from '../../lib/index.ts'
import { invocation } from './every-option.ts'

export interface Generated {
  readonly options: ApiGatewayWebSocketOptions
  readonly exportOptions: CloudFormationOptions
  /** The function that a handler is exported as. */
  readonly names: ReadonlyMap<Function, string>
}

const TEXTS = ['', 'a', 'é ü 发送 🙂', '${x}', '$' + '{!x}', '${unclosed', '}', '$$', '\\', '"quoted"', "it's", '#set($a = 1)\n$a', '<&>', '%20', '{{x}}', 'null', 'true', '007', '1e3', '2010-09-09', '~', 'yes', '!Ref x', ' spaces ', '\t', 'Fn::Sub', 'x'.repeat(300)]
const KEYS = ['$default', 'a', 'é 1', 'Ref', '200', 'a/b', 'a.b', '__proto__', 'constructor', 'application/json', ' x', '${x}', 'y', 'on', '~1']
const SOURCES = ["'literal'", 'route.request.body.a', 'context.connectionId', 'stageVariables.fn']

export class Generator {
  #state: number

  constructor (seed: number) {
    this.#state = seed
  }

  below (count: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return Math.floor(this.#state / 2 ** 32 * count)
  }

  chance (percent: number): boolean { return this.below(100) < percent }
  pick<T> (choices: readonly T[]): T { return choices[this.below(choices.length)] as T }
  /** Nothing, or a property. */
  maybe<T> (name: string, create: () => T, percent = 40): object { return this.chance(percent) ? { [name]: create() } : {} }
  list<T> (longest: number, create: (i: number) => T): T[] { return Array.from({ length: this.below(longest + 1) }, (_, i) => create(i)) }
  text (longest = 1024): string { return Array.from({ length: 1 + this.below(3) }, () => this.pick(TEXTS)).join('').slice(0, longest) }
  /** An object under names of which none is a function of CloudFormation's alone. */
  map<T> (longest: number, create: () => T, keys: readonly string[] = KEYS): Record<string, T> {
    const names = [...new Set(this.list(longest, () => this.pick(keys)))]
    if (names.length === 1 && names[0] === 'Ref') names.push('other')
    return Object.fromEntries(names.map((name) => [name, create()]))
  }

  tags (): Record<string, string> { return this.map(3, () => this.text(256)) }
  arn (service: string, resource: string): string {
    const [region, account] = this.pick([['us-east-1', '123456789012'], ['us-east-1', '123456789012'], ['eu-west-1', '999999999999']] as const)
    return `arn:aws:${service}:${service === 'iam' ? '' : region}:${account}:${resource}`
  }
}

export function generateOptions (seed: number): Generated {
  const random = new Generator(seed)
  const names = new Map<Function, string>()
  const functions: Record<string, object> = {}
  const createHandler = (key: string): Function => {
    const handler = (): void => {}
    const name = `Handler${names.size}`
    names.set(handler, name)
    functions[key] = { name, handler: `src/${names.size}.handler`, ...random.maybe('runtime', () => 'nodejs20.x') }
    return handler
  }
  const context: Context = { random, createHandler, models: [], details: functions }
  const stages = createStages(context)
  const models = createModels(context)
  const authorizers = createAuthorizers(context)
  const integrations = Object.fromEntries(random.list(2, (i) => [`shared${i}`, createIntegration(context, `integrations.shared${i}`, false)]))
  const routes = createRoutes(context, Object.keys(authorizers), Object.keys(integrations))
  const stageNames = stages.map(({ stageName }) => stageName)
  for (const stage of stages) Object.assign(stage, random.maybe('routeSettings', () => random.map(2, () => createSettings(random), Object.keys(routes))))
  const options = {
    ...random.maybe('name', () => random.text(127) || 'x', 90),
    ...random.maybe('apiId', () => 'a1b2c3d4e5'),
    ...random.maybe('description', () => random.text()),
    ...random.maybe('version', () => random.pick(['1', '1.0', '2010-09-09', 'é'])),
    ...random.maybe('ipAddressType', () => random.pick(['ipv4', 'dualstack'])),
    ...random.maybe('tags', () => random.tags()),
    ...random.maybe('disableExecuteApiEndpoint', () => random.chance(50)),
    ...random.maybe('disableSchemaValidation', () => random.chance(50)),
    ...random.maybe('apiKeySelectionExpression', () => random.pick(['$request.header.x-api-key', '$context.authorizer.usageIdentifierKey'])),
    routeSelectionExpression: random.pick(['$request.body.action', '${request.body.a.b}', '${request.body.action}/${request.body.kind}']),
    ...(stages.length === 1 && Object.keys(stages[0] as object).length === 1 && random.chance(50) ? { stage: stageNames[0] } : { stages }),
    routes,
    ...(Object.keys(integrations).length === 0 ? {} : { integrations }),
    ...(models === undefined ? {} : { models }),
    ...(Object.keys(authorizers).length === 0 ? {} : { authorizers }),
    ...createKeys(random, stageNames, Object.keys(routes)),
    ...createDomains(random, stageNames)
  }
  return { options: options as unknown as ApiGatewayWebSocketOptions, exportOptions: { functions }, names }
}

interface Context {
  readonly random: Generator
  readonly createHandler: (key: string) => Function
  readonly models: string[]
  readonly details: Record<string, object>
}

function createSettings (random: Generator): object {
  return {
    ...random.maybe('dataTraceEnabled', () => random.chance(50)),
    ...random.maybe('detailedMetricsEnabled', () => random.chance(50)),
    ...random.maybe('loggingLevel', () => random.pick(['ERROR', 'INFO', 'OFF'])),
    ...random.maybe('throttlingBurstLimit', () => random.below(100)),
    ...random.maybe('throttlingRateLimit', () => random.below(1000) / 8)
  }
}

function createStages ({ random }: Context): Array<{ stageName: string, [property: string]: unknown }> {
  return ['prod', 'my-stage_2', 'dev'].slice(0, 1 + random.below(3)).map((stageName) => ({
    stageName,
    ...random.maybe('autoDeploy', () => true),
    ...random.maybe('description', () => random.text()),
    ...random.maybe('stageVariables', () => ({ fn: random.pick(['Blue', 'Green', 'Green:live']), url: 'https://a.example/b?c=d&e', ...random.maybe('Ref', () => 'x') })),
    ...random.maybe('clientCertificateId', () => 'abc123'),
    ...random.maybe('accessPolicyId', () => 'p1'),
    ...random.maybe('accessLogSettings', () => ({ ...random.maybe('destinationArn', () => random.arn('logs', 'log-group:x')), ...random.maybe('format', () => `${random.pick(['', '{"a":"${x}"}'])}$context.requestId $context.status`) })),
    ...random.maybe('defaultRouteSettings', () => createSettings(random)),
    ...random.maybe('tags', () => random.tags())
  }))
}

function createModels (context: Context): unknown {
  const { random, models } = context
  const list = random.list(3, (i) => {
    models.push(`Model${i}`)
    return {
      name: `Model${i}`,
      ...random.maybe('contentType', () => 'application/json'),
      ...random.maybe('description', () => random.text()),
      schema: {
        ...random.maybe('$schema', () => 'http://json-schema.org/draft-04/schema#'),
        ...random.maybe('title', () => random.text()),
        type: 'object',
        ...random.maybe('required', () => ['z', 'a']),
        properties: { z: { type: 'string', ...random.maybe('enum', () => [`${random.text()}.`, '${x}']) }, Ref: { type: 'number', ...random.maybe('minimum', () => 1.5) }, a: {} },
        ...(i > 0 ? random.maybe('additionalProperties', () => ({ $ref: 'https://apigateway.amazonaws.com/apis/a1b2c3d4e5/models/Model0' })) : {})
      }
    }
  })
  if (list.length === 0) return undefined
  return random.chance(50) ? list : Object.fromEntries(list.map(({ name, schema }) => [name, schema]))
}

function createFunctionUri ({ random, details }: Context): string {
  const name = random.pick(['Made', 'Made:live', 'my-made', 'Outside', 'out_side:7', '${stageVariables.fn}'])
  details.Made ??= { handler: 'made.handler' }
  details['my-made'] ??= { handler: 'made.handler', environment: { A: random.text() } }
  const uri = invocation(name)
  const moved = random.chance(15) && !name.includes('$') ? uri.replaceAll('us-east-1', 'eu-west-1').replaceAll('123456789012', '999999999999') : uri
  return random.chance(25) ? moved.replace(/^.*functions\//, '').replace('/invocations', '') : moved
}

function createAuthorizers (context: Context): Record<string, object> {
  const { random } = context
  return Object.fromEntries(random.list(2, (i) => [`auth ${i}`, {
    ...random.maybe('authorizerType', () => 'REQUEST'),
    ...(random.chance(30) ? { handler: context.createHandler(`authorizers.auth ${i}`) } : { authorizerUri: createFunctionUri(context) }),
    ...random.maybe('authorizerCredentialsArn', () => random.arn('iam', 'role/invoke')),
    ...random.maybe('identitySource', () => random.list(3, () => random.pick(['route.request.header.X-A', 'route.request.querystring.a', 'context.identity.sourceIp', 'stageVariables.fn'])))
  }]))
}

function createIntegration (context: Context, handlerKey: string, isConnect: boolean): object {
  const { random } = context
  const integrationType = random.pick(['AWS', 'AWS', 'AWS_PROXY', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK'])
  const isProxy = integrationType.endsWith('PROXY')
  return {
    ...(integrationType === 'AWS_PROXY' && handlerKey !== '' && random.chance(50) ? {} : { integrationType }),
    ...createTarget(context, integrationType, handlerKey),
    ...random.maybe('description', () => random.text()),
    ...random.maybe('timeoutInMillis', () => 50 + random.below(28_951)),
    ...random.maybe('credentialsArn', () => random.arn('iam', 'role/service')),
    ...random.maybe('connectionType', () => 'INTERNET'),
    ...random.maybe('payloadFormatVersion', () => '1.0'),
    ...random.maybe('passthroughBehavior', () => random.pick(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'])),
    ...random.maybe('contentHandlingStrategy', () => random.pick(['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'])),
    ...random.maybe('requestParameters', () => random.map(2, () => random.pick([...SOURCES.slice(0, 3), ...(isConnect ? ['route.request.querystring.a'] : [])]), ['integration.request.header.a', 'integration.request.querystring.b'])),
    ...(isProxy
      ? {}
      : {
          ...random.maybe('requestTemplates', () => random.map(3, () => createTemplate(random))),
          ...random.maybe('templateSelectionExpression', () => random.pick(['\\$default', '$request.body.a', '${request.body.a}-x', 'fixed'])),
          integrationResponses: Object.fromEntries(['$default', '/2\\d\\d/', '/.*é\\$\\{x\\}?/', '/a\\/b/'].filter((_, i) => i === 0 || random.chance(30)).map((key) => [key, {
            ...random.maybe('responseTemplates', () => random.map(3, () => createTemplate(random))),
            ...random.maybe('templateSelectionExpression', () => random.pick(['$integration.response.statuscode', '\\$default', 'fixed'])),
            ...random.maybe('responseParameters', () => random.map(2, () => random.pick(["'x'", 'integration.response.header.x', 'context.requestId']), ['method.response.header.a', 'method.response.header.b'])),
            ...random.maybe('contentHandlingStrategy', () => 'CONVERT_TO_TEXT')
          }]))
        })
  }
}

/** Valid templates, hard on everything but Velocity. */
function createTemplate (random: Generator): string {
  return random.pick(['', '{"statusCode": 200}', '#set($a = "${b}")\n\t$a ${a} $!{a} \\$a', "$input.json('$')", '$!{x} ${x} {{x}} $ {', 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)', 'é\u2028🙂', '#* ${ *# #[[ ${unclosed ]]#', 'Fn::Sub', '"$"'])
}

function createTarget (context: Context, type: string, handlerKey: string): object {
  const { random } = context
  if (type === 'MOCK') return {}
  if (type.startsWith('HTTP')) return { integrationMethod: random.pick(['GET', 'POST', 'ANY']), integrationUri: random.pick(['https://api.example.com/a', 'http://${stageVariables.fn}.example.com', 'https://a.example/{b}?c=us-east-1:123456789012']) }
  const method = random.maybe('integrationMethod', () => 'POST')
  if (random.chance(30)) return { ...method, handler: context.createHandler(handlerKey) }
  if (type === 'AWS' && random.chance(40)) return { ...method, integrationUri: `arn:aws:apigateway:${random.pick(['us-east-1', 'eu-west-1'])}:${random.pick(['sqs:path/123456789012/orders', 'states:action/StartExecution', 'dynamodb:action/PutItem', 'sns:path//'])}` }
  return { ...method, integrationUri: createFunctionUri(context) }
}

function createRoutes (context: Context, authorizers: readonly string[], shared: readonly string[]): Record<string, object> {
  const { random, models } = context
  const keys = ['$connect', '$disconnect', '$default', 'order', 'Order', 'send-message', 'é 发', '__proto__', 'x ${x}', 'a/b'].filter(() => random.chance(35))
  if (keys.length === 0) keys.push('only')
  return Object.fromEntries(keys.map((key) => {
    const isConnect = key === '$connect'
    const authorization = isConnect ? random.pick([{}, { authorizationType: 'NONE' }, { authorizationType: 'AWS_IAM' }, ...authorizers.map((authorizerId) => ({ authorizationType: 'CUSTOM', authorizerId }))]) : random.maybe('authorizationType', () => 'NONE', 10)
    return [key, {
      ...authorization,
      ...random.maybe('apiKeyRequired', () => random.chance(50)),
      ...random.maybe('operationName', () => random.text(64)),
      ...random.maybe('modelSelectionExpression', () => random.pick(['$request.body.a', 'fixed', '\\$default'])),
      ...(models.length === 0 ? {} : random.maybe('requestModels', () => random.map(3, () => random.pick(models)))),
      ...(isConnect ? random.maybe('requestParameters', () => random.map(2, () => random.pick([true, false, {}, { required: true }, { required: false }]), ['route.request.querystring.a', 'route.request.header.X-B'])) : {}),
      ...random.maybe('routeResponseSelectionExpression', () => '$default'),
      ...random.maybe('routeResponses', () => random.pick([{}, { $default: {} }, {
        $default: {
          modelSelectionExpression: 'fixed',
          ...(models.length === 0 ? {} : { responseModels: { $default: models[0] } }),
          responseParameters: { 'route.response.header.a': random.pick([{}, { required: true }]) }
        }
      }])),
      ...(shared.length > 0 && random.chance(40)
        ? { target: `${random.pick(['', 'integrations/'])}${random.pick(shared)}` }
        : random.chance(90) ? { integration: createIntegration(context, `routes.${key}`, isConnect) } : {})
    }]
  }))
}

function createKeys (random: Generator, stages: readonly string[], routeKeys: readonly string[]): object {
  if (random.chance(50)) return {}
  const apiKeys = Object.fromEntries(random.list(3, (i) => [random.pick(['key', 'Key-', 'é']) + i, {
    ...random.maybe('name', () => random.text()),
    value: `value-of-key-number-${i}`,
    ...random.maybe('enabled', () => random.chance(50)),
    ...random.maybe('description', () => random.text()),
    ...random.maybe('customerId', () => 'c'),
    ...random.maybe('generateDistinctId', () => random.chance(50)),
    ...random.maybe('stageKeys', () => random.list(2, (i) => ({ restApiId: 'zzzzzzzzzz', stageName: `prod${i}` }))),
    ...random.maybe('tags', () => random.tags())
  }]))
  const throttle = (): object => ({ ...random.maybe('rateLimit', () => random.below(80) / 8), ...random.maybe('burstLimit', () => random.below(9)) })
  const usagePlans = Object.fromEntries(random.list(2, (i) => [`plan${i}`, {
    ...random.maybe('usagePlanName', () => random.text()),
    ...random.maybe('description', () => random.text()),
    // One key has one plan for a stage.
    ...(i === 0 ? { apiStages: stages.map((stage) => ({ ...random.maybe('apiId', () => 'a1b2c3d4e5', 0), stage, ...random.maybe('throttle', () => random.map(2, throttle, routeKeys)) })).concat(random.chance(20) ? [{ apiId: 'zzzzzzzzzz', stage: 'prod' } as never] : []) } : {}),
    ...random.maybe('throttle', throttle),
    ...random.maybe('quota', () => random.pick([{ limit: 5, period: 'DAY' }, { limit: 5, offset: 6, period: 'WEEK' }, { limit: 5, offset: 0, period: 'MONTH' }])),
    ...random.maybe('apiKeys', () => Object.keys(apiKeys).filter(() => random.chance(60))),
    ...random.maybe('tags', () => random.tags())
  }]))
  return { ...(Object.keys(apiKeys).length === 0 ? {} : { apiKeys }), ...(Object.keys(usagePlans).length === 0 ? {} : { usagePlans }) }
}

function createDomains (random: Generator, stages: readonly string[]): object {
  const domainNames = ['ws.example.com', '*.example.org'].filter(() => random.chance(25)).map((domainName) => ({
    domainName,
    domainNameConfigurations: [{
      certificateArn: random.arn('acm', 'certificate/c'),
      ...random.maybe('certificateName', () => random.text()),
      ...random.maybe('endpointType', () => random.pick(['REGIONAL', 'EDGE'])),
      ...random.maybe('securityPolicy', () => random.pick(['TLS_1_0', 'TLS_1_2'])),
      ...random.maybe('ipAddressType', () => random.pick(['ipv4', 'dualstack'])),
      ...random.maybe('ownershipVerificationCertificateArn', () => random.arn('acm', 'certificate/o'))
    }],
    ...random.maybe('routingMode', () => random.pick(['API_MAPPING_ONLY', 'ROUTING_RULE_THEN_API_MAPPING', 'ROUTING_RULE_ONLY'])),
    ...random.maybe('tags', () => random.tags()),
    ...random.maybe('apiMappingSelectionExpression', () => '$request.basepath'),
    apiMappings: stages.map((stage, i) => ({ ...(i > 0 || random.chance(50) ? { apiMappingKey: `v${i}/a` } : random.maybe('apiMappingKey', () => '')), stage }))
  }))
  return domainNames.length === 0 ? {} : { domainNames }
}

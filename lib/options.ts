// The options of the plugin and of a route: their schema, their defaults, and errors that name the place.
import { Ajv } from 'ajv'
import { inspect } from 'node:util'
import type { ErrorObject, SchemaObject } from 'ajv'
import type { ApiGatewayWebSocketOptions, RouteDefinition, RouteOptions, StageOptions } from '../types/index.js'
import {
  DEFAULT_ROUTE_KEY, DOMAIN_NAME_ALLOWED, DOMAIN_NAME_PATTERN, MODEL_NAME_PATTERN, RESERVED_ROUTE_KEYS, STAGE_NAME_PATTERN,
  STAGE_VARIABLE_NAME_PATTERN, STAGE_VARIABLE_VALUE_PATTERN
} from './definition.ts'
import { OptionsInvalidError, RouteKeyInvalidError } from './errors.ts'
import { INTEGRATION_TYPES } from './integration/index.ts'
import { REGION_ALLOWED, REGION_PATTERN } from './partitions.ts'
import { DEFAULT_QUOTAS, MINIMUM_INTEGRATION_TIMEOUT } from './quotas.ts'

/** A schema; `description` says in an error message what is allowed. */
const text = (description: string, more: SchemaObject = {}): SchemaObject => ({ type: 'string', description: `a string: ${description}`, ...more })
const func = { isFunction: true, description: 'a function' }
const funcOrFuncs = { anyOf: [func, { type: 'array', items: func }], description: 'a function or a list of functions' }
const anObject = { type: 'object', description: 'an object' }
const closed = (properties: Record<string, SchemaObject>, more: SchemaObject = {}): SchemaObject =>
  ({ type: 'object', description: 'an object', additionalProperties: false, properties, ...more })
const amount = { type: 'number', minimum: 0, description: 'a number from 0; 0 or Infinity switches the limit off' }
const finiteMillis = { type: 'number', minimum: 0, maximum: 0x7fffffff, description: 'a number of milliseconds from 0 to 2147483647' }
const millis = { type: 'number', minimum: 0, description: 'a number of milliseconds from 0' }

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

const stageName = text('letters, digits, - and _, at most 128', { pattern: STAGE_NAME_PATTERN })
const selectionExpression = text('a selection expression')
const routeSelectionExpression = text('a selection expression such as $request.body.action')
const routeResponses = closed({
  [DEFAULT_ROUTE_KEY]: closed({
    responseModels: anObject,
    responseParameters: anObject,
    modelSelectionExpression: selectionExpression
  })
}, { description: 'an object whose only key may be $default' })

const count = { type: 'integer', minimum: 0, description: 'a whole number from 0' }
const rate = { type: 'number', minimum: 0, description: 'a number from 0' }
const flag = { type: 'boolean', description: 'true or false' }
const texts = { type: 'array', description: 'a list of strings', items: { type: 'string', description: 'a string' } }
const mapOf = (description: string, additionalProperties: SchemaObject, more: SchemaObject = {}): SchemaObject =>
  ({ type: 'object', description, additionalProperties, ...more })
const tags = mapOf('an object of strings', text('at most 1600 characters', { maxLength: 1600 }))
const arn = text('an ARN')
const ipAddressType = { enum: ['ipv4', 'dualstack'], description: 'ipv4 or dualstack' }
const modelName = { pattern: MODEL_NAME_PATTERN, description: 'letters and digits, at most 128' }
const aSchema = { type: 'object', description: 'a JSON Schema' }

const routeProperties = {
  authorizationType: { enum: ['NONE', 'AWS_IAM', 'CUSTOM'], description: 'NONE, AWS_IAM or CUSTOM' },
  authorizerId: text('the name of one of options.authorizers'),
  apiKeyRequired: flag,
  modelSelectionExpression: selectionExpression,
  requestModels: mapOf('an object of models by selection key', {
    anyOf: [text("a model's name"), aSchema], description: "a model's name or a JSON Schema"
  }),
  requestParameters: mapOf('an object of request parameters', {
    anyOf: [flag, closed({ required: flag })], description: '{ required: true }, { required: false } or a boolean'
  }),
  target: text('the id of an integration'),
  operationName: text('at most 64 characters', { maxLength: 64 }),
  routeResponseSelectionExpression: selectionExpression,
  routeResponses
}

const template = text('a mapping template, at most 307200 characters', { maxLength: 307_200 })
const contentHandlingStrategy = { enum: ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'], description: 'CONVERT_TO_BINARY or CONVERT_TO_TEXT' }
const integrationProperties = {
  integrationType: { enum: Object.keys(INTEGRATION_TYPES), description: Object.keys(INTEGRATION_TYPES).join(', ') },
  description: text('at most 1024 characters', { maxLength: 1024 }),
  integrationUri: text('1 to 2048 characters', { minLength: 1, maxLength: 2048 }),
  integrationMethod: text('an HTTP method in capitals, or ANY', { pattern: '^[A-Z]{1,64}$' }),
  handler: func,
  timeoutInMillis: millis,
  requestParameters: mapOf('an object of sources by destination', text('a source')),
  requestTemplates: mapOf('an object of mapping templates by key', template),
  templateSelectionExpression: selectionExpression,
  passthroughBehavior: { enum: ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'], description: 'WHEN_NO_MATCH, WHEN_NO_TEMPLATES or NEVER' },
  contentHandlingStrategy,
  credentialsArn: arn,
  connectionType: { enum: ['INTERNET', 'VPC_LINK'], description: 'INTERNET or VPC_LINK' },
  connectionId: text('at most 1024 characters', { maxLength: 1024 }),
  payloadFormatVersion: text('a version'),
  tlsConfig: anObject,
  integrationResponseSelectionExpression: selectionExpression,
  integrationResponses: mapOf('an object of integration responses by $default or /pattern/', closed({
    responseTemplates: mapOf('an object of mapping templates by key', template),
    templateSelectionExpression: selectionExpression,
    responseParameters: mapOf('an object of sources by destination', text('a source')),
    contentHandlingStrategy
  }))
}
const integration = closed(integrationProperties)

const routeSettings = closed({
  throttlingRateLimit: rate,
  throttlingBurstLimit: count,
  dataTraceEnabled: flag,
  detailedMetricsEnabled: flag,
  loggingLevel: { enum: ['ERROR', 'INFO', 'OFF'], description: 'ERROR, INFO or OFF' }
})
const accessLogFormat = text('one line of at most 3072 characters that holds $context.requestId or $context.extendedRequestId', {
  pattern: '^[^\\r\\n]*\\$context\\.(requestId|extendedRequestId)(?![A-Za-z0-9_])[^\\r\\n]*\\s*$', maxLength: 3072
})
const throttle = closed({ rateLimit: rate, burstLimit: count })
const authorizers = mapOf('an object of at most 10 authorizers by name', closed({
  identitySource: texts,
  handler: func,
  authorizerUri: text('1 to 2048 characters', { minLength: 1, maxLength: 2048 }),
  authorizerCredentialsArn: arn,
  authorizerType: { const: 'REQUEST', description: 'REQUEST' }
}), { maxProperties: 10 })
const apiKeys = mapOf('an object of API keys by id', closed({
  name: text('at most 1024 characters', { maxLength: 1024 }),
  // What an error quotes is shown to people; the value of a key is not for them.
  value: text('20 to 128 characters', { minLength: 20, maxLength: 128, isSecret: true }),
  valueSha256: text('64 hexadecimal digits', { pattern: '^[0-9A-Fa-f]{64}$', isSecret: true }),
  enabled: flag,
  description: text('anything'),
  customerId: text('anything'),
  generateDistinctId: flag,
  stageKeys: {
    type: 'array',
    description: 'a list of { restApiId, stageName }',
    items: closed({ restApiId: text('an API id'), stageName: text('the name of a stage') })
  },
  tags
}, { isSecret: true }), { isSecret: true })
const usagePlans = mapOf('an object of usage plans by id', closed({
  usagePlanName: text('anything'),
  description: text('anything'),
  apiStages: {
    type: 'array',
    description: 'a list of stages',
    items: closed({
      apiId: text('an API id'), stage: stageName, throttle: mapOf('an object of throttles by route key', throttle)
    }, { required: ['stage'] })
  },
  throttle,
  quota: closed({
    limit: count, offset: count, period: { enum: ['DAY', 'WEEK', 'MONTH'], description: 'DAY, WEEK or MONTH' }
  }, { required: ['limit', 'period'] }),
  apiKeys: texts,
  tags
}))
const domainNameConfiguration = closed({
  certificateArn: arn,
  certificateName: text('anything'),
  endpointType: { enum: ['REGIONAL', 'EDGE'], description: 'REGIONAL or EDGE' },
  securityPolicy: { enum: ['TLS_1_0', 'TLS_1_2'], description: 'TLS_1_0 or TLS_1_2' },
  ipAddressType,
  ownershipVerificationCertificateArn: arn
})
const ROUTING_MODES = ['API_MAPPING_ONLY', 'ROUTING_RULE_THEN_API_MAPPING', 'ROUTING_RULE_ONLY']
const domainNames = {
  type: 'array',
  description: 'a list of custom domains',
  items: closed({
    domainName: text(DOMAIN_NAME_ALLOWED, { pattern: DOMAIN_NAME_PATTERN }),
    domainNameConfigurations: { type: 'array', description: 'a list of configurations', items: domainNameConfiguration },
    routingMode: { enum: ROUTING_MODES, description: ROUTING_MODES.join(', ') },
    tags,
    apiMappingSelectionExpression: { enum: ['$request.basepath', '${request.basepath}'], description: '$request.basepath' },
    apiMappings: {
      type: 'array',
      minItems: 1,
      description: 'a list of at least one API mapping',
      items: closed({
        apiMappingKey: text("letters, digits and $-_.+!'(), with / between its parts, at most 300", { pattern: "^([A-Za-z0-9$_.+!'()-]+(/[A-Za-z0-9$_.+!'()-]+)*)?$", maxLength: 300 }),
        stage: stageName
      }, { required: ['stage'] })
    }
  }, { required: ['domainName', 'apiMappings'] })
}

const OPTIONS_SCHEMA = closed({
  name: text('1 to 128 characters', { minLength: 1, maxLength: 128 }),
  apiId: text('10 lower-case letters and digits', { pattern: '^[a-z0-9]{10}$' }),
  region: text(REGION_ALLOWED, { pattern: REGION_PATTERN }),
  accountId: text('12 digits', { pattern: '^\\d{12}$' }),
  domainName: text('a host name, with or without a port', { pattern: '^[A-Za-z0-9.-]+(:\\d+)?$' }),
  description: text('at most 1024 characters', { maxLength: 1024 }),
  version: text('1 to 64 characters', { minLength: 1, maxLength: 64 }),
  ipAddressType,
  tags,
  prefix: text('a path that begins with / and does not end with one, or nothing', { pattern: '^(/.*[^/])?$' }),
  logLevel: { enum: LOG_LEVELS, description: `one of ${LOG_LEVELS.join(', ')}` },
  standalone: { type: 'boolean', description: 'true or false' },
  handler: func,
  upgrade: closed({
    onRequest: funcOrFuncs,
    preValidation: funcOrFuncs,
    preHandler: funcOrFuncs,
    schema: anObject,
    config: anObject,
    constraints: anObject
  }),
  stage: stageName,
  stages: {
    type: 'array',
    minItems: 1,
    description: 'a list of at least one stage',
    items: closed({
      stageName,
      description: text('at most 1024 characters', { maxLength: 1024 }),
      stageVariables: {
        type: 'object',
        description: 'an object whose names are letters, digits and _',
        propertyNames: { pattern: STAGE_VARIABLE_NAME_PATTERN, description: 'letters, digits and _, at most 64' },
        additionalProperties: text('letters, digits and - . _ ~ : / ? # & = , at most 512', { pattern: STAGE_VARIABLE_VALUE_PATTERN })
      },
      autoDeploy: flag,
      clientCertificateId: text('the id of a client certificate'),
      accessPolicyId: text('at most 1024 characters', { maxLength: 1024 }),
      accessLogSettings: closed({ destinationArn: arn, format: accessLogFormat }),
      defaultRouteSettings: routeSettings,
      routeSettings: mapOf('an object of settings by route key', routeSettings),
      tags
    }, { required: ['stageName'] })
  },
  routeSelectionExpression,
  routes: { type: 'object', description: 'an object of routes by route key', additionalProperties: closed({ ...routeProperties, integration }) },
  authorizers,
  // What an error quotes is shown to people, and whoever gives an object here gives keys.
  credentials: { ...func, isSecret: true },
  apiKeySelectionExpression: selectionExpression,
  apiKeys,
  usagePlans,
  usageStore: { type: 'object', description: 'an object with load and save', properties: { load: func, save: func }, required: ['load', 'save'] },
  domainNames,
  disableExecuteApiEndpoint: flag,
  integrations: mapOf('an object of integrations by id', integration),
  models: {
    anyOf: [
      { ...mapOf('a JSON Schema', aSchema), propertyNames: modelName },
      {
        type: 'array',
        items: closed({
          name: text('letters and digits, at most 128', { pattern: MODEL_NAME_PATTERN }),
          contentType: text('at most 256 characters', { maxLength: 256 }),
          description: text('at most 1024 characters', { maxLength: 1024 }),
          schema: aSchema
        }, { required: ['name', 'schema'] })
      }
    ],
    description: 'an object of JSON Schemas by name (letters and digits, at most 128), or a list of { name, schema, contentType, description }'
  },
  disableSchemaValidation: { type: 'boolean', description: 'true or false' },
  functions: mapOf('an object of handlers by function name or ARN', func),
  services: {
    ...mapOf('an object of handlers by action', func),
    propertyNames: { pattern: '^[a-z0-9-]+:([A-Za-z0-9]+|\\*)$', description: 'service:Action, such as sqs:SendMessage, or service:*' }
  },
  lambda: anObject,
  connectionsApi: closed({
    authorize: { anyOf: [{ enum: ['NONE', 'AWS_IAM'] }, func, { type: 'array', minItems: 1, items: func }], description: "a hook, a list of hooks, 'AWS_IAM' or 'NONE'" }
  }, { required: ['authorize'] }),
  quotas: closed(Object.fromEntries(Object.keys(DEFAULT_QUOTAS).map((name) => [name, amount]))),
  drain: closed({ deadlineInMillis: finiteMillis, spreadInMillis: finiteMillis }),
  onIntegrationError: func,
  extensions: closed({
    emptyResponse: { const: 'SKIP', description: "'SKIP'" },
    allowedOrigins: texts,
    authorizerResultCache: closed({
      ttlInSeconds: rate, maxEntries: { type: 'integer', minimum: 1, description: 'a whole number from 1' }
    }, { required: ['ttlInSeconds'] })
  })
}, { required: ['routeSelectionExpression'] })

const ROUTE_OPTIONS_SCHEMA = closed({
  ...routeProperties,
  integration,
  api: text("the API's name"),
  timeoutInMillis: millis
}, { description: 'the handler, or an object of options with the handler behind it' })

// A limit may be Infinity, which JSON has no number for: hence strictNumbers.
const ajv = new Ajv({ verbose: true, strictNumbers: false, allowUnionTypes: true })
ajv.addKeyword({ keyword: 'isFunction', validate: (_: boolean, value: unknown) => typeof value === 'function', errors: false })
ajv.addKeyword({ keyword: 'isSecret', schemaType: 'boolean' })
const validateOptions = ajv.compile(OPTIONS_SCHEMA)
const validateRouteOptions = ajv.compile(ROUTE_OPTIONS_SCHEMA)

/** Checks the options of the plugin. Throws AGW_ERR_OPTIONS_INVALID with the place, the value and what is allowed. */
export function checkOptions (options: ApiGatewayWebSocketOptions): void {
  if (!validateOptions(options)) throw describeError('options', options, validateOptions.errors)
  if ((options.stage === undefined) === (options.stages === undefined)) {
    throw new OptionsInvalidError(`options.${options.stage === undefined ? 'stage' : 'stages'} is ${options.stage === undefined ? 'missing' : 'one too many'}; name one stage in stage, or several in stages`)
  }
  const names = new Set<string>()
  for (const [i, { stageName }] of (options.stages ?? []).entries()) {
    if (names.has(stageName)) throw new OptionsInvalidError(`options.stages[${i}].stageName is "${stageName}" for a second time; stage names are unique`)
    names.add(stageName)
  }
}

/** The stages of checked options. */
export function stagesOf (options: ApiGatewayWebSocketOptions): readonly StageOptions[] {
  return options.stages ?? [{ stageName: options.stage as string }]
}

/** Checks what `routeKey()` was given. Throws AGW_ERR_OPTIONS_INVALID. */
export function checkRouteOptions (
  routeKey: string, options: RouteOptions & Partial<RouteDefinition>, handler: unknown
): void {
  if (!validateRouteOptions(options)) throw describeError(`routes.${routeKey}`, options, validateRouteOptions.errors)
  for (const property of ['handler', 'timeoutInMillis'] as const) {
    const given = property === 'handler' ? handler : options[property]
    if (given !== undefined && options.integration?.[property] !== undefined) {
      throw new OptionsInvalidError(`routes.${routeKey}.${property} is given twice, the second time in integration; it must be one of them`)
    }
  }
  if (handler === undefined && hasOwnAnswer(options)) return
  if (typeof handler !== 'function') throw new OptionsInvalidError(`routes.${routeKey}.handler is ${show(handler)}; it must be a function`)
}

/** `routeKey(key, handler, options)` would lose the options. Throws AGW_ERR_OPTIONS_INVALID. */
export function checkLastArgument (routeKey: string, argument: unknown): void {
  if (argument !== undefined) throw new OptionsInvalidError(`routes.${routeKey} has ${show(argument)} behind its handler; options come before the handler`)
}

/** Whether a route needs no handler beside its options. */
function hasOwnAnswer ({ target, integration }: Partial<RouteDefinition>): boolean {
  return target !== undefined || integration !== undefined
}

/** Checks a route key. Throws AGW_ERR_ROUTE_KEY_INVALID in AWS's words. */
export function checkRouteKey (routeKey: unknown): asserts routeKey is string {
  if (typeof routeKey !== 'string' || routeKey === '' || (routeKey.startsWith('$') && !RESERVED_ROUTE_KEYS.includes(routeKey))) {
    throw new RouteKeyInvalidError(`The provided route key is not formatted properly: ${show(routeKey)}; allowed are ${RESERVED_ROUTE_KEYS.join(', ')} and any text that does not begin with $`)
  }
}

/** Checks an integration timeout against AWS's range. Throws AGW_ERR_OPTIONS_INVALID. */
export function checkTimeout (place: string, timeoutInMillis: number, longest: number): void {
  if (timeoutInMillis < MINIMUM_INTEGRATION_TIMEOUT || timeoutInMillis > longest) {
    throw new OptionsInvalidError(`${place} is ${timeoutInMillis}; it must be from ${MINIMUM_INTEGRATION_TIMEOUT} to ${longest}, which is quotas.integrationTimeoutInMillis`)
  }
}

function describeError (root: string, value: unknown, errors: ErrorObject[] | null | undefined): Error {
  // Of a failed anyOf the last error is the anyOf itself, which knows what is allowed in all.
  const error = errors?.at(-1) as ErrorObject
  const place = (root + placeOf(error.instancePath, value)).replace(DECLARED, '')
  const schema = error.parentSchema as SchemaObject
  switch (error.keyword) {
    case 'additionalProperties':
      return new OptionsInvalidError(`${place}.${error.params.additionalProperty} is unknown; allowed are ${Object.keys(schema.properties).join(', ')}`)
    case 'required':
      return new OptionsInvalidError(`${place}.${error.params.missingProperty} is missing; it must be ${schema.properties[error.params.missingProperty].description}`)
    case 'propertyNames':
      return new OptionsInvalidError(`${place} has the name ${show(error.params.propertyName)}; names must be ${schema.propertyNames.description}`)
    default:
      return new OptionsInvalidError(`${place} is ${schema.isSecret === true ? '[redacted]' : show(error.data)}; it must be ${schema.description}`)
  }
}

/** Routes and integrations are named alike whether they are options or declared by `routeKey()`. */
const DECLARED = /^options\.(?=(?:routes|integrations)\.)/

/** `/stages/0/stageName` as a person would write it: `.stages[0].stageName`. */
function placeOf (instancePath: string, root: unknown): string {
  let value: any = root
  return instancePath.split('/').slice(1).map((part) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const isItem = Array.isArray(value)
    value = value[key]
    return isItem ? `[${key}]` : `.${key}`
  }).join('')
}

function show (value: unknown): string {
  if (typeof value === 'function') return 'a function'
  // JSON has no NaN.
  if (typeof value === 'number') return String(value)
  const text = toText(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** As JSON where there is any: not of a cycle, a BigInt or a symbol. */
function toText (value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return inspect(value, { depth: 1, breakLength: Infinity })
  }
}

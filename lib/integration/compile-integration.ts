// An integration, as declared, made into what runs.
import type { IntegrationOptions } from '../../types/index.js'
import { IntegrationInvalidError, ServiceUnboundError } from '../errors.ts'
import { compileParameterMapping, TemplateMap } from '../mapping/index.ts'
import { AwsProxyIntegration } from './aws-proxy.ts'
import type { Backend } from './backend.ts'
import { compileByStage } from './by-stage.ts'
import type { IntegrationEnvironment, IntegrationPlace } from './environment.ts'
import { compileFunctionUri } from './function-uri.ts'
import { HandlerBackend } from './handler-backend.ts'
import type { AnyHandler, HandlerDefinition } from './handler-invocation.ts'
import { HttpBackend } from './http-backend.ts'
import { compileHttpTarget } from './http-target.ts'
import { InProcessBackend } from './in-process-backend.ts'
import { IntegrationRequestMapping } from './integration-request.ts'
import { IntegrationResponses } from './integration-responses.ts'
import { checkIntegration, typeOfIntegration } from './integration-types.ts'
import type { IntegrationType } from './integration-types.ts'
import type { Integration, IntegrationRequest } from './integration.ts'
import { MappedIntegration } from './mapped-integration.ts'
import { MockBackend } from './mock-backend.ts'
import { ServiceBackend } from './service-backend.ts'
import { isLambdaUri, readServiceUri } from './service-uri.ts'

const DEFAULT_METHOD = 'POST'
const ANY_METHOD = 'ANY'
/** Headers that AWS's own services keep for themselves besides those nobody may map. */
const AWS_HEADERS: ReadonlySet<string> = new Set(['authorization'])

/** Compiles an integration. Throws coded errors that name the place. */
export function compileIntegration (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment
): Integration<any> {
  const { place } = where
  const type = typeOfIntegration(definition)
  const isFunction = definition.handler !== undefined || isLambdaUri(definition.integrationUri ?? '')
  checkIntegration(place, definition, isFunction)
  const isProxy = type === 'AWS_PROXY' || type === 'HTTP_PROXY'
  const { integrationResponses = {} } = definition
  if (isProxy && Object.keys(integrationResponses).length > 0) {
    environment.log.warn({ place: `${place}.integrationResponses` }, 'integration responses have no effect on a proxy integration')
  }
  const parameters = compileParameterMapping({
    place: `${place}.requestParameters`,
    parameters: definition.requestParameters ?? {},
    side: 'request',
    allowsHandshake: where.isConnectOnly,
    ...(type === 'AWS' || type === 'AWS_PROXY' ? { unmappableHeaders: AWS_HEADERS } : undefined)
  })
  if (type === 'AWS_PROXY') return compileAwsProxy(definition, where, environment)
  const responses = isProxy ? undefined : new IntegrationResponses(place, integrationResponses)
  if (responses?.hasDefault === false) {
    environment.log.warn({ place: `${place}.integrationResponses` }, 'integration has no $default integration response: an answer that none matches is an Internal server error')
  }
  return new MappedIntegration({
    integrationType: type,
    mapping: new IntegrationRequestMapping({
      place,
      parameters: type === 'MOCK' ? [] : parameters,
      templates: isProxy
        ? undefined
        : new TemplateMap({
          place,
          property: 'requestTemplates',
          templates: definition.requestTemplates,
          templateSelectionExpression: definition.templateSelectionExpression,
          passthroughBehavior: definition.passthroughBehavior
        }),
      contentHandlingStrategy: definition.contentHandlingStrategy
    }),
    backend: BACKENDS[type](definition, where, environment, isFunction),
    responses
  })
}

type CompileBackend = (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment, isFunction: boolean
) => Backend<any>

const BACKENDS: Readonly<Record<Exclude<IntegrationType, 'AWS_PROXY'>, CompileBackend>> = {
  AWS: (definition, where, environment, isFunction) => isFunction
    ? compileFunction(definition, where, environment)
    : compileService(definition, where, environment),
  HTTP: compileHttp,
  HTTP_PROXY: compileHttp,
  MOCK: () => new MockBackend()
}

function compileAwsProxy (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment
): Integration<any> {
  const handlerDefinition = createHandlerDefinition(definition, where, environment)
  const { handler } = definition
  if (handler !== undefined) return new AwsProxyIntegration({ ...handlerDefinition, handler })
  if (!isLambdaUri(definition.integrationUri as string)) {
    throw new IntegrationInvalidError(`${where.place}.integrationUri`, 'AWS_PROXY calls Lambda functions only; another service is called by type AWS')
  }
  const functionOf = compileFunctionUri(definition.integrationUri as string, `${where.place}.integrationUri`, environment)
  const integrationOf = new Map<AnyHandler, AwsProxyIntegration<IntegrationRequest>>()
  return {
    integrationType: 'AWS_PROXY',
    invoke (request: IntegrationRequest, complete) {
      const handler = functionOf(request)
      let integration = integrationOf.get(handler)
      if (integration === undefined) {
        integration = new AwsProxyIntegration({ ...handlerDefinition, handler, scope: environment.scope })
        integrationOf.set(handler, integration)
      }
      integration.invoke(request, complete)
    }
  }
}

function compileFunction (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment
): Backend {
  const handlerDefinition = createHandlerDefinition(definition, where, environment)
  const { handler } = definition
  if (handler !== undefined) return new HandlerBackend(handlerDefinition, () => handler)
  const ofFunctions = { ...handlerDefinition, scope: environment.scope }
  return new HandlerBackend(ofFunctions, compileFunctionUri(definition.integrationUri as string, `${where.place}.integrationUri`, environment))
}

function compileService (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment
): Backend {
  const { services } = environment
  const place = `${where.place}.integrationUri`
  const uriOf = compileByStage(definition.integrationUri as string, environment, place, (uri) => {
    const read = readServiceUri(uri)
    const names = [...services.keys()]
    const isBound = read.action === undefined
      ? names.some((name) => name.startsWith(`${read.service}:`))
      : services.has(`${read.service}:${read.action}`) || services.has(`${read.service}:*`)
    if (!isBound) throw new ServiceUnboundError(`${read.service}:${read.action ?? '*'}, which ${place} calls`)
    return read
  })
  const { credentialsArn } = definition
  const credentialsOf = credentialsArn === undefined
    ? () => undefined
    : compileByStage(credentialsArn, environment, `${where.place}.credentialsArn`, (arn) => arn) as () => string
  return new ServiceBackend({
    ...createHandlerDefinition(definition, where, environment),
    scope: environment.scope,
    method: readMethod(definition),
    uriOf,
    credentialsOf,
    services
  })
}

function compileHttp (
  definition: IntegrationOptions, where: IntegrationPlace, environment: IntegrationEnvironment
): Backend {
  const uri = definition.integrationUri as string
  const targetOf = compileByStage(uri, environment, `${where.place}.integrationUri`, compileHttpTarget)
  const httpDefinition = {
    ...createTimeout(definition, environment),
    method: readMethod(definition),
    apiId: environment.apiId,
    isProxy: definition.integrationType === 'HTTP_PROXY',
    targetOf,
    maximumBytes: environment.quotas.integrationResponseBytes,
    agent: environment.httpAgent
  }
  return uri.startsWith('/')
    ? new InProcessBackend({ ...httpDefinition, scope: where.scope, isClosing: environment.isClosing })
    : new HttpBackend(httpDefinition)
}

function createTimeout (definition: IntegrationOptions, { quotas, timeouts }: IntegrationEnvironment) {
  return { timeoutInMillis: definition.timeoutInMillis ?? quotas.integrationTimeoutInMillis, timeouts }
}

function createHandlerDefinition (
  definition: IntegrationOptions, { scope, name }: IntegrationPlace, environment: IntegrationEnvironment
): HandlerDefinition {
  const { apiId, region, accountId } = environment
  const functionName = `${apiId}-${name.replace(/[^A-Za-z0-9_-]/g, '_')}`
  return {
    ...createTimeout(definition, environment),
    scope,
    function: { functionName, invokedFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}` }
  }
}

function readMethod ({ integrationMethod = DEFAULT_METHOD }: IntegrationOptions): string {
  return integrationMethod === ANY_METHOD ? DEFAULT_METHOD : integrationMethod
}

// integrationUri of `AWS` and `AWS_PROXY`: a Lambda function, or another service's action or path.
import { IntegrationUriError } from '../errors.ts'
import { partitionOf, urlSuffixOf } from '../partitions.ts'
import { compileHttpTarget } from './http-target.ts'

/** A Lambda function as its ARN names it. */
export interface LambdaUri {
  readonly functionName: string
  /** Version or alias. */
  readonly qualifier: string | undefined
  /** The ARN to call: `arn:aws:lambda:{region}:{account}:function:{name}[:{qualifier}]`. */
  readonly functionArn: string
}

/** Another service's action or path. */
export interface ServiceUri {
  readonly service: string
  readonly region: string
  /** Undefined where the URI gives a path: the request then says what to do. */
  readonly action: string | undefined
  readonly querystring: ReadonlyArray<readonly [string, string]>
  /** The URI of the request that API Gateway would send. Throws AGW_ERR_INTEGRATION_URI. */
  render (values: ReadonlyMap<string, string>, querystring: ReadonlyArray<readonly [string, string]>): string
}

const LAMBDA_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]*:\d*:function:([A-Za-z0-9_-]*)(?::([A-Za-z0-9$_-]+))?$/
const LAMBDA_INVOCATION = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/
const SERVICE_ARN = /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):(?:([A-Za-z0-9-]+)\.)?([a-z0-9-]+):(path|action)\/(.*)$/

/** Whether a URI, whatever its stage variables, is a Lambda function's. */
export function isLambdaUri (uri: string): boolean {
  return /^arn:aws[a-z-]*:(lambda:|apigateway:[^:]*:lambda:path\/)/.test(uri)
}

/** Reads the invocation URI of a function, or its bare ARN. Throws AGW_ERR_INTEGRATION_URI. */
export function readLambdaUri (uri: string): LambdaUri {
  const functionArn = LAMBDA_INVOCATION.exec(uri)?.[1] ?? uri
  const [, functionName, qualifier] = LAMBDA_ARN.exec(functionArn) ?? []
  if (functionName === undefined || functionName === '') {
    throw new IntegrationUriError(uri, 'it must be the ARN of a Lambda function, or arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{ARN}/invocations')
  }
  return { functionName, qualifier, functionArn }
}

/** Throws AGW_ERR_INTEGRATION_URI. */
export function readServiceUri (uri: string): ServiceUri {
  const [, region, subdomain, service, form, rest = ''] = SERVICE_ARN.exec(uri) ?? []
  if (region === undefined || service === undefined) {
    throw new IntegrationUriError(uri, 'it must be arn:aws:apigateway:{region}:{service}:action/{Action} or arn:aws:apigateway:{region}:{service}:path/{path}')
  }
  const origin = `https://${subdomain === undefined ? '' : `${subdomain}.`}${service}.${region}.${urlSuffixOf(partitionOf(region))}`
  if (form === 'action') {
    const [action = '', ...more] = rest.split('&')
    if (action === '') throw new IntegrationUriError(uri, 'the action is missing')
    const querystring = [['Action', action] as const, ...new URLSearchParams(more.join('&'))]
    return { service, region, action, querystring, render: (_, query) => `${origin}/?${new URLSearchParams(query as Array<[string, string]>).toString()}` }
  }
  const target = compileHttpTarget(`${origin}/${rest}`)
  return {
    service,
    region,
    action: undefined,
    querystring: [],
    render: (values, query) => origin + target.renderPath(values, query)
  }
}

// A Lambda function by its URI: the handler that is bound to it, else a call of AWS Lambda.
import { FunctionUnboundError } from '../errors.ts'
import { compileByStage } from './by-stage.ts'
import type { StageEnvironment, StagedRequest } from './by-stage.ts'
import type { IntegrationEnvironment } from './environment.ts'
import type { AnyHandler } from './handler-invocation.ts'
import { readLambdaUri } from './service-uri.ts'

export type FunctionEnvironment = StageEnvironment & Pick<IntegrationEnvironment, 'functions' | 'lambdaClient'>

/** Gives the handler behind a URI, another one for each stage whose variables name another. Throws coded errors. */
export function compileFunctionUri (
  uri: string, place: string, environment: FunctionEnvironment
): (request: StagedRequest) => AnyHandler {
  const { functions, lambdaClient } = environment
  const handlerOf = compileByStage(uri, environment, place, (text): AnyHandler => {
    const { functionName, qualifier, functionArn } = readLambdaUri(text)
    const bound = functions.get(functionArn) ?? functions.get(`${functionName}:${qualifier}`) ?? functions.get(functionName)
    if (bound !== undefined) return bound
    if (lambdaClient === undefined) throw new FunctionUnboundError(place, functionName)
    return lambdaClient.createHandler(functionArn)
  })
  return (request) => {
    const handler = handlerOf(request)
    return handler instanceof Error ? () => { throw handler } : handler
  }
}

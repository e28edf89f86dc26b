// The Lambda function in a URI, with what stands around its ARN.

export interface FunctionUri {
  /** `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/`, or nothing before a bare ARN. */
  readonly before: string
  /** With its qualifier. */
  readonly functionArn: string
  readonly region: string
  readonly accountId: string
  readonly name: string
  /** An alias or a version. */
  readonly qualifier: string | undefined
  /** `/invocations`, or nothing behind a bare ARN. */
  readonly after: string
}

const URI = /^(arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/|)(.+?)(\/invocations|)$/s
const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:([a-z0-9-]*):(\d*):function:([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?$/
const STAGE_VARIABLE = /\$\{stageVariables\.([A-Za-z0-9_]*)\}/g

/** Undefined where the name is not in it, as where a stage variable has it. */
export function readFunctionUri (uri: string): FunctionUri | undefined {
  const [, before = '', functionArn = '', after = ''] = URI.exec(uri) ?? []
  const [, region, accountId, name, qualifier] = FUNCTION_ARN.exec(functionArn) ?? []
  if (region === undefined || accountId === undefined || name === undefined) return undefined
  return { before, functionArn, region, accountId, name, qualifier, after }
}

export function replaceStageVariables (uri: string, variables: Readonly<Record<string, string>>): string {
  return uri.replace(STAGE_VARIABLE, (_, name: string) => Object.hasOwn(variables, name) ? variables[name] as string : '')
}

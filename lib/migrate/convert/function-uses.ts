// Which Lambda functions the API calls, and from where.
import type { PropertyPath, Resource } from '../resource.ts'

export interface FunctionUse {
  readonly resource: Resource
  readonly path: PropertyPath
  /** With the variables of stages still in it. */
  readonly uri: string
}

const LAMBDA_URI = /^arn:aws[a-z-]*:(?:lambda:|apigateway:[^:]*:lambda:path\/)/
const FUNCTION = /(?:^|\/functions\/)arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:([^:/]+)(?::([^/]+))?(?:\/invocations)?$/

export const isFunctionUri = (uri: string): boolean => LAMBDA_URI.test(uri)

/** The name and the alias or version in the ARN or the invocation URI of a function. */
export function readFunctionUri (uri: string): { name: string, qualifier: string | undefined } | undefined {
  const [, name, qualifier] = FUNCTION.exec(uri) ?? []
  return name === undefined ? undefined : { name, qualifier }
}

export class FunctionUses {
  readonly all: FunctionUse[] = []

  addUri (uri: string, resource: Resource, path: PropertyPath): void {
    this.all.push({ uri, resource, path })
  }
}

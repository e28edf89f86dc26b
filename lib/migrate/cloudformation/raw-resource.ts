// A resource as the template writes it, its intrinsics not yet evaluated.
import type { SourcePosition } from '../../../types/migrate.js'
import type { Json, JsonObject, PropertyPath } from '../resource.ts'

export interface RawResource {
  readonly id: string
  readonly type: string
  readonly properties: JsonObject
  readonly dependsOn: readonly string[]
  /** The name of the condition without which it is not made. */
  readonly condition: string | undefined
  readonly metadata: JsonObject
  /** What SAM's globals do not touch: names of properties, or `*`. */
  readonly ignoreGlobals?: Json
  /** Where a property stands in the source. */
  positionOf (path: PropertyPath): SourcePosition | undefined
  /** How the source spells a property, where it is another resource's there. */
  nameOf? (path: PropertyPath): string
}

/** Types whose properties become options or functions, so that what they lack is told. */
export function isOfGateway (type: string): boolean {
  return type.startsWith('AWS::ApiGatewayV2::') || /^AWS::ApiGateway::(?:ApiKey|UsagePlan|UsagePlanKey)$/.test(type)
}

export function isFunction (type: string): boolean {
  return type === 'AWS::Lambda::Function' || type === 'AWS::Serverless::Function'
}

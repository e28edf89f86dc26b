// What every format is read into: resources in CloudFormation's own words, references left symbolic.
import type { SourcePosition } from '../../types/migrate.js'

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/** The way to a value inside a resource's properties: `['RouteSettings', 'order', 'ThrottlingBurstLimit']`. */
export type PropertyPath = ReadonlyArray<string | number>

/** One resource of a definition, whatever it was written in. */
export interface Resource {
  /** As the source names it: a logical id, a Terraform address, an id of AWS. Unique in the definition. */
  readonly id: string
  /** The id that AWS has given it, where the source knows: `a1b2c3d4e5` of an API. */
  readonly awsId?: string
  /** `AWS::ApiGatewayV2::Route` */
  readonly type: string
  /**
   * By AWS's names in PascalCase, every intrinsic evaluated. A reference to another resource is a token (see references.ts)
   * inside a string. A number whose text differs from how JavaScript prints it stays a string.
   */
  readonly properties: Readonly<JsonObject>
  /** Ids of resources that must be deployed before it. */
  readonly dependsOn: readonly string[]
  /** Where a property stands in the source, or the nearest above it that is known. */
  positionOf? (path: PropertyPath): SourcePosition | undefined
  /** How the source spells a property, where not as CloudFormation does: `route_settings[0].throttling_burst_limit`. */
  nameOf? (path: PropertyPath): string
}

/** What one reader of a format makes of a source. */
export interface ReadDefinition {
  readonly resources: readonly Resource[]
  /** Of the ARNs that references stand for. */
  readonly partition: string
  readonly region: string
  /** Where the definition says the region; absent where something else does. */
  readonly regionPlace?: readonly [Resource, PropertyPath]
  readonly accountId: string
}

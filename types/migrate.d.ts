// Moving definitions of API Gateway in, and out: fastify-apigateway-websocket/migrate.
import type { ApiGatewayWebSocketOptions } from './options.js'

/** What a definition is written in. `sam` is read as `cloudformation` is; the name only chooses. */
export type DefinitionFormat = 'cloudformation' | 'sam' | 'serverless' | 'terraform-json' | 'aws-cli'

/** Where in the source something stands, counted from 1. */
export interface SourcePosition {
  line: number
  column: number
}

/** One thing the reader of a definition should know. Every property that is not in the options is in an entry. */
export interface ReportEntry {
  /** `error`: must be resolved before the API can run. `warning`: runs, otherwise than meant perhaps. `info`: for the record. */
  level: 'error' | 'warning' | 'info'
  /** Stable, in kebab-case: `property-carried`, `function-not-node`, … The guide lists them. */
  code: string
  /** The resource as the source names it: a logical id, a Terraform address, an id. */
  resource?: string
  /** The property as the source names it: `Target`, `route_settings[0].throttling_burst_limit`. */
  property?: string
  line?: number
  column?: number
  message: string
  /** What to do about it. */
  hint?: string
}

/** A Lambda function that the definition needs. */
export interface ImportedFunction {
  /** The name in the ARNs of the options, and the key to bind it by in option `functions`. */
  name: string
  /** `nodejs22.x` */
  runtime?: string
  /** `src/app.handler` */
  handler?: string
  /** The folder of its code, absolute; absent where the code lies in S3 or in an image. */
  codeDirectory?: string
  /** Code written into the definition. */
  inlineCode?: string
  /** References resolved. */
  environment: Record<string, string>
  timeoutInMillis?: number
  memoryInMegabytes?: number
  layers?: string[]
  /** The alias or version that integrations name, and what its resource is called. */
  alias?: string
  /** Why it cannot run in a Node process; absent where it can. */
  problem?: string
}

export interface ImportOptions {
  /** Told from the source where absent or `auto`. */
  format?: DefinitionFormat | 'auto'
  /** Which WebSocket API, by logical id or name, where the definition has several. */
  api?: string
  /** Imports that stage alone; all where absent. Of a serverless.yml what `--stage` is: `sls:stage`, `opt:stage`. */
  stage?: string
  /** Values of CloudFormation's parameters, and of `param:` in a serverless.yml. */
  parameters?: Record<string, string>
  /** Values of `Fn::ImportValue`, by export name. */
  importValues?: Record<string, string>
  /**
   * Values of variables of the Serverless Framework, by what stands in the braces once those inside of it are resolved: `ssm:/chat/dev/table`.
   * For what needs AWS, a service, a plugin or code; for `opt:name` of the command line; and before any other value, for all.
   */
  variables?: Record<string, string>
  /** `AWS_REGION`, else us-east-1, where absent. */
  region?: string
  /** 123456789012 where absent. */
  accountId?: string
  /** Where relative paths begin when the source is no path; the working folder where absent. */
  directory?: string
}

/** What comes of a definition. */
export interface ImportedDefinition {
  /** Options of the plugin, plain JSON: bind `functions`, `services`, `authorizers` by name beside them. */
  options: ApiGatewayWebSocketOptions
  /** By name. */
  functions: Record<string, ImportedFunction>
  report: ReportEntry[]
}

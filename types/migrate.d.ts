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

/**
 * An API that runs on AWS, read through the optional peer `@aws-sdk/client-apigatewayv2`; further members are its
 * client's configuration.
 */
export interface LiveApi {
  /** `a1b2c3d4e5` */
  apiId: string
  /** Where absent `region` of the import's options, else what the SDK finds. */
  region?: string
  /** Another address than AWS's. */
  endpoint?: string
  /** Where absent what the SDK finds. */
  credentials?: unknown
  [option: string]: unknown
}

/** What comes of a definition. */
export interface ImportedDefinition {
  /** Options of the plugin, plain JSON: bind `functions`, `services`, `authorizers` by name beside them. */
  options: ApiGatewayWebSocketOptions
  /** By name. */
  functions: Record<string, ImportedFunction>
  report: ReportEntry[]
}

/**
 * What becomes of functions: `sam` makes them, as `AWS::Serverless::Function`; `arn` calls those that are there by their
 * ARNs; `parameter` asks for the ARN of each when the template is deployed.
 */
export type FunctionMode = 'sam' | 'arn' | 'parameter'

export interface CloudFormationOptions {
  /** `sam` when absent. */
  functionMode?: FunctionMode
  /**
   * What the template needs to know of functions: by name, or for a handler of this process by the key of its route, the id
   * of its integration, the name of its authorizer; where those are alike, by the place: `routes.order`. What
   * `importDefinition` gave fits.
   */
  functions?: Record<string, Partial<ImportedFunction>>
  /** `CodeUri` of functions without a `codeDirectory`; `.` when absent. */
  codeUri?: string
  /** Where the template will stand: `CodeUri` is relative to it. The working folder when absent. */
  directory?: string
  /** The stages to export, by name; all when absent. */
  stages?: string[]
  /** Where AWS reaches this server, for integrations that call its paths: `https://api.example.com`. */
  origin?: string
  /** Of the template. */
  description?: string
}

/** A template of CloudFormation: plain JSON. */
export interface CloudFormationTemplate {
  AWSTemplateFormatVersion: '2010-09-09'
  /** Where the template makes functions. */
  Transform?: 'AWS::Serverless-2016-10-31'
  Description?: string
  Parameters?: Record<string, Record<string, any>>
  Resources: Record<string, { Type: string, DependsOn?: string[], Properties: Record<string, any> }>
  Outputs?: Record<string, Record<string, any>>
}

/** What an export gives. */
export interface ExportedTemplate {
  template: CloudFormationTemplate
  report: ReportEntry[]
}

/** How an API is described in AsyncAPI. */
export interface AsyncAPIOptions {
  /** `3.0.0` when absent. */
  asyncApiVersion?: '3.0.0' | '3.1.0'
  /** Option `name` when absent. */
  title?: string
  /** Where clients connect, with or without a port: `chat.example.com`. Option `domainName` when absent. */
  host?: string
  /** `wss` when absent; `ws` where no host is known. */
  protocol?: 'ws' | 'wss'
  /** The stages to describe, by name; all when absent. */
  stages?: string[]
}

/** A document of AsyncAPI 3: plain JSON. */
export interface AsyncAPIDocument {
  asyncapi: '3.0.0' | '3.1.0'
  info: { title: string, version: string, description?: string, tags?: Array<{ name: string }> }
  defaultContentType: string
  servers?: Record<string, any>
  channels: Record<string, any>
  operations: Record<string, any>
  components: Record<string, any>
}

/** What a description gives. */
export interface DescribedApi {
  document: AsyncAPIDocument
  report: ReportEntry[]
}

// The reader of Terraform: what `terraform show -json` prints of a plan or of a state, as resources of CloudFormation.
import type { ImportOptions } from '../../../types/migrate.js'
import { partitionOf } from '../../partitions.ts'
import type { Report } from '../report.ts'
import type { Json, ReadDefinition, Resource } from '../resource.ts'
import type { Source } from '../source.ts'
import type { Account } from './attributes.ts'
import { readDocument } from './document.ts'
import type { TerraformDocument, TerraformResource } from './document.ts'
import { ReferenceFollower } from './follow.ts'
import { readCode } from './functions.ts'
import { joinById, KnownIds } from './joins.ts'
import { asObject, printJson } from '../json.ts'
import { readResource } from './read-resource.ts'

const DEFAULT_REGION = 'us-east-1'
const DEFAULT_ACCOUNT_ID = '123456789012'
const ARN = /^arn:([\w-]+):[\w-]+:([\w-]+):(\d{12}):/
const NAMED_API = { type: 'aws_apigatewayv2_api', prefix: '' }
/** The provider's default, which HTTP APIs have. */
const HTTP_ROUTE_SELECTION = '$request.method $request.path'

/** Throws AGW_ERR_MIGRATE_SOURCE where the source is neither a plan nor a state. */
export function readTerraform (source: Source, options: ImportOptions, report: Report): ReadDefinition {
  const document = readDocument(source.value, source.path ?? 'source')
  const account = accountOf(document, options)
  const { resources, kind } = document
  const follower = new ReferenceFollower(resources)
  const ids = new KnownIds(resources)
  const surroundings = {
    ...account,
    apiOf (stage: TerraformResource): string | undefined {
      const { api_id: id } = stage.values
      if (typeof id === 'string') return ids.referTo(NAMED_API, id)
      return joinById(NAMED_API, follower.follow(asObject(stage.configuration.expressions).api_id, stage))
    }
  }
  const reading = { source, report, kind, resources, follower, ids, surroundings }
  const read = resources.filter(({ isData }) => !isData).map((resource) => readResource(reading, resource))
  for (const resource of read) {
    if (resource.type === 'AWS::Lambda::Function') readCode(resource, resources)
    if (resource.type === 'AWS::ApiGatewayV2::Api') checkApi(resource, report)
  }
  return { ...account, resources: read }
}

function checkApi (api: Resource, report: Report): void {
  const { ProtocolType: protocol, RouteSelectionExpression: expression } = api.properties
  if (protocol !== 'WEBSOCKET' || expression !== HTTP_ROUTE_SELECTION) return
  report.refuse({
    code: 'route-selection-of-http-apis',
    message: `route_selection_expression is "${HTTP_ROUTE_SELECTION}", the provider's default for HTTP APIs; a WebSocket API needs one over the message`,
    hint: 'route_selection_expression = "$request.body.action"'
  }, api, ['RouteSelectionExpression'])
}

/** The user's word first, then the API's region, ARNs that are known, the provider's configuration. */
function accountOf (document: TerraformDocument, options: ImportOptions): Account {
  const arns = document.resources.filter(({ type, isData }) => !isData && type.startsWith('aws_lambda_'))
    .map(({ values }) => ARN.exec(printJson(values.arn))).filter((match) => match !== null)
  const api = document.resources.find(({ type, isData, values }) => type === 'aws_apigatewayv2_api' && !isData && values.protocol_type === 'WEBSOCKET')
  const region = options.region ?? text(api?.values.region) ?? arns[0]?.[2] ?? providerRegion(document) ??
    process.env.AWS_REGION ?? DEFAULT_REGION
  return {
    partition: arns[0]?.[1] ?? partitionOf(region),
    region,
    accountId: options.accountId ?? arns[0]?.[3] ?? DEFAULT_ACCOUNT_ID
  }
}

function providerRegion ({ providers, variables }: TerraformDocument): string | undefined {
  const { region } = asObject(asObject(providers.aws).expressions)
  const { constant_value: constant, references } = asObject(region)
  if (typeof constant === 'string') return constant
  const name = Array.isArray(references) ? /^var\.(.+)$/.exec(printJson(references[0]))?.[1] : undefined
  return name === undefined ? undefined : text(asObject(variables[name]).value)
}

function text (value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

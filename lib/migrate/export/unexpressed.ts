// What the options say and API Gateway has no word for: each with the way out.
import type { ApiGatewayWebSocketOptions, Quotas, ReportEntry } from '../../../types/index.js'
import { CONNECT_ROUTE_KEY } from '../../definition.ts'
import { DEFAULT_QUOTAS } from '../../quotas.ts'
import type { DeclaredApi } from '../declared-api.ts'
import { at } from './template-draft.ts'
import type { TemplateDraft } from './template-draft.ts'

type Row = readonly [option: string, level: ReportEntry['level'], code: string, message: string, hint?: string]

/** By the way to the option; those that are absent are passed over. */
const ROWS: readonly Row[] = [
  ['apiId', 'info', 'drawn-by-aws', 'API Gateway draws the id of an API'],
  ['region', 'info', 'chosen-by-deployment', 'the region is the one that is deployed to'],
  ['accountId', 'info', 'chosen-by-deployment', 'the account is the one that is deployed to'],
  ['logLevel', 'info', 'server-only', 'it is of this server\'s log; API Gateway\'s is loggingLevel of a stage\'s settings'],
  ['standalone', 'info', 'server-only', 'API Gateway has no other paths beside the API'],
  ['handler', 'warning', 'plain-requests', 'API Gateway answers plain requests of a stage itself', 'serve them under a domain of their own'],
  ['upgrade.schema', 'warning', 'upgrade-schema', 'API Gateway checks no schema of a handshake', 'require headers and query parameters by requestParameters of $connect'],
  ['upgrade.config', 'info', 'server-only', 'it is of this server\'s route'],
  ['upgrade.constraints', 'warning', 'server-only', 'API Gateway chooses no route by constraints', 'serve the API under a domain of its own: domainNames'],
  ['credentials', 'info', 'iam', 'who signs requests is looked up in the account that is deployed to'],
  ['usageStore', 'info', 'server-only', 'API Gateway counts by itself'],
  ['lambda', 'info', 'server-only', 'API Gateway calls functions by itself'],
  ['services', 'warning', 'services', 'API Gateway calls the services themselves, in the place of these handlers', 'see that the queues, topics and tables that integrations name are there'],
  ['connectionsApi', 'info', 'connections-api', '@connections of API Gateway is always there, and takes requests signed with IAM alone'],
  ['drain', 'info', 'server-only', 'it is of this server\'s end'],
  ['onIntegrationError', 'warning', 'integration-errors', 'API Gateway tells of errors in its log', 'set loggingLevel of a stage\'s defaultRouteSettings to ERROR'],
  ['extensions.emptyResponse', 'warning', 'extension', 'API Gateway answers a two-way route whose result has no body with an empty frame', 'let clients pass over empty frames'],
  ['extensions.allowedOrigins', 'warning', 'extension', 'API Gateway lets every site connect', 'let an authorizer look at the header Origin'],
  ['extensions.authorizerResultCache', 'warning', 'extension', 'API Gateway asks the authorizer at each handshake']
]

const HOOKS = ['onRequest', 'preValidation', 'preHandler'] as const

export function tellUnexpressed (draft: TemplateDraft, api: DeclaredApi): void {
  const { options } = api
  for (const [option, level, code, message, hint] of ROWS) {
    if (findOption(options, option) !== undefined) draft.tell(level, at(option), code, `${option}: ${message}`, hint)
  }
  tellHooks(draft, api)
  tellQuotas(draft, options.quotas ?? {})
  if (api.prefix !== '') {
    draft.tell('warning', at('prefix'), 'prefix', `prefix: this server's paths begin with ${api.prefix}, API Gateway's with the stage`, 'map the path in domainNames: apiMappingKey')
  }
  tellDomainName(draft, api)
  for (const [i, { apiMappingSelectionExpression }] of (options.domainNames ?? []).entries()) {
    if (apiMappingSelectionExpression !== undefined) {
      draft.tell('info', at(`domainNames[${i}]`, 'apiMappingSelectionExpression'), 'fixed', `domainNames[${i}].apiMappingSelectionExpression is fixed by API Gateway and is no property of a template`)
    }
  }
}

function findOption (options: ApiGatewayWebSocketOptions, path: string): unknown {
  return path.split('.').reduce<any>((value, name) => value?.[name], options)
}

/** Whoever hooks turn away here would be let in there. */
function tellHooks (draft: TemplateDraft, { options: { upgrade = {} }, routes }: DeclaredApi): void {
  const { authorizationType = 'NONE' } = routes.get(CONNECT_ROUTE_KEY) ?? {}
  for (const hook of HOOKS) {
    if (upgrade[hook] === undefined) continue
    draft.tell(
      authorizationType === 'NONE' ? 'error' : 'warning', at('upgrade', hook), 'hook-not-exportable',
      `upgrade.${hook} guards handshakes, and API Gateway has no hooks${authorizationType === 'NONE' ? ': everybody could connect' : ''}`,
      'let a Lambda authorizer do it: authorizers, and authorizationType CUSTOM on $connect'
    )
  }
  if (authorizationType === 'NONE') {
    draft.tell('info', at(`routes.${CONNECT_ROUTE_KEY}`, 'authorizationType'), 'open', 'everybody may connect on API Gateway; hooks of this server that guard handshakes do not go with the template')
  }
}

function tellQuotas (draft: TemplateDraft, quotas: Quotas): void {
  for (const [name, value] of Object.entries(quotas)) {
    const standard = DEFAULT_QUOTAS[name as keyof Quotas]
    if (value === undefined || value === standard) continue
    draft.tell('warning', at('quotas', name), 'quota', `quotas.${name} is ${value} here; on API Gateway it is ${standard}, or what the account has`)
  }
}

/** The default endpoint's own name is API Gateway's to give. */
function tellDomainName (draft: TemplateDraft, { options: { domainName }, apiId }: DeclaredApi): void {
  if (domainName === undefined || domainName.startsWith(`${apiId}.execute-api.`)) return
  draft.tell('warning', at('domainName'), 'domain-name', `domainName is ${domainName}, which API Gateway does not serve`, 'put it into domainNames, with its certificate')
}

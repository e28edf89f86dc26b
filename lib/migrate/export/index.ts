// An API as a CloudFormation template: every resource of it, and a report of what a template cannot say.
import type { CloudFormationOptions, ExportedTemplate, ReportEntry, StageOptions } from '../../../types/index.js'
import { ExportImpossibleError } from '../../errors.ts'
import type { DeclaredApi } from '../declared-api.ts'
import { PROPERTIES } from '../properties/index.ts'
import { Report } from '../report.ts'
import { addApiKeys } from './api-keys.ts'
import { addAuthorizers } from './authorizers.ts'
import { addDomains } from './domains.ts'
import { checkExportOptions } from './export-options.ts'
import { Functions } from './functions.ts'
import { Integrations } from './integrations.ts'
import { ModelResources } from './models.ts'
import { OwnNames } from './own-names.ts'
import { addRoutes } from './routes.ts'
import { addStageOutputs, addStages } from './stages.ts'
import { at, TemplateDraft } from './template-draft.ts'
import type { Place } from './template-draft.ts'
import { tellUnexpressed } from './unexpressed.ts'
import { writeProperties } from './write-properties.ts'

/** Throws AGW_ERR_EXPORT_OPTION, and AGW_ERR_EXPORT_IMPOSSIBLE with the report where an entry of it is an error. */
export function createTemplate (api: DeclaredApi, exportOptions: CloudFormationOptions = {}): ExportedTemplate {
  const { options } = api
  const given: readonly StageOptions[] = options.stages ?? [{ stageName: options.stage as string }]
  checkExportOptions(exportOptions, given)
  const stages = given.map((stage, i): [StageOptions, Place] => [stage, at(options.stages === undefined ? 'stage' : `stages[${i}]`)])
    .filter(([{ stageName }]) => exportOptions.stages?.includes(stageName) !== false)
  const report = new Report()
  const draft = new TemplateDraft(report, (reference) => new OwnNames(api, reference))
  const functions = new Functions(draft, exportOptions, stages.map(([stage]) => stage))
  addApi(draft, api)
  const models = new ModelResources(draft, api)
  const authorizers = addAuthorizers(draft, options.authorizers ?? {}, functions)
  const integrations = new Integrations(draft, functions, exportOptions.origin)
  const routeIds = addRoutes(draft, api, { integrations, models, authorizers })
  const stageReferences = addStages(draft, stages, routeIds)
  addDomains(draft, options.domainNames ?? [], stageReferences)
  addApiKeys(draft, api, stageReferences)
  functions.finish()
  if (options.disableExecuteApiEndpoint !== true) addStageOutputs(draft, stageReferences)
  tellUnexpressed(draft, api)
  const template = draft.finish(exportOptions.description)
  const errors = report.entries.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new ExportImpossibleError(errors.map(printEntry).join('\n'), report.entries)
  return { template, report: report.entries }
}

function printEntry ({ message, hint }: ReportEntry): string {
  return hint === undefined ? message : `${message}; ${hint}`
}

function addApi (draft: TemplateDraft, { options }: DeclaredApi): void {
  const place = at('options')
  if (options.name === undefined) {
    draft.tell('info', at('name'), 'name-of-stack', 'name is missing, and API Gateway asks for one: the API is named after the stack')
  }
  draft.add(draft.api.id, 'AWS::ApiGatewayV2::Api', {
    Name: { Ref: 'AWS::StackName' },
    ProtocolType: 'WEBSOCKET',
    ...writeProperties(draft, PROPERTIES['AWS::ApiGatewayV2::Api'], options, place)
  })
}

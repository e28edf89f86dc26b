// From resources in CloudFormation's words to the options of the plugin, the functions they need, and a report.
import type { ApiGatewayWebSocketOptions } from '../../../types/index.js'
import type { ImportedDefinition, ImportOptions } from '../../../types/migrate.js'
import { DefinitionRefusedError } from '../../errors.ts'
import { REGION_ALLOWED, REGION_PATTERN } from '../../partitions.ts'
import { quote, sayName } from '../quote.ts'
import { printPath } from '../report.ts'
import type { Report } from '../report.ts'
import type { JsonObject, Resource } from '../resource.ts'
import { convertApi } from './api.ts'
import { convertApiKeys } from './api-keys.ts'
import { convertAuthorizers } from './authorizers.ts'
import { chooseApi } from './choose-api.ts'
import type { Conversion, Definition } from './conversion.ts'
import { convertDomainNames } from './domain-names.ts'
import { FunctionUses } from './function-uses.ts'
import { convertFunctions } from './functions.ts'
import { convertIntegrations } from './integrations.ts'
import { convertModels } from './models.ts'
import { Names } from './names.ts'
import { PropertiesReader } from './read-properties.ts'
import { convertRoutes } from './routes.ts'
import { sortResources } from './sort-resources.ts'
import { convertStages } from './stages.ts'

/** Throws AGW_ERR_MIGRATE_AMBIGUOUS, and AGW_ERR_MIGRATE_REFUSED with all that AWS would refuse. */
export function convertDefinition (definition: Definition, importOptions: ImportOptions, report: Report): ImportedDefinition {
  const names = new Names(definition, report)
  const conversion: Conversion = {
    definition,
    importOptions,
    report,
    names,
    reader: new PropertiesReader(report, names),
    functionUses: new FunctionUses(),
    api: chooseUnlessRefused(definition, importOptions, report, names)
  }
  checkRegion(definition, report)
  const options = convertOptions(conversion)
  const functions = convertFunctions(conversion, options.stages as JsonObject[])
  sortEntries(definition, report)
  throwRefusals(report)
  return { options: options as unknown as ApiGatewayWebSocketOptions, functions, report: report.entries }
}

/** An API that was refused is not there to be chosen, and the refusal says more. */
function chooseUnlessRefused (definition: Definition, importOptions: ImportOptions, report: Report, names: Names): Resource {
  try {
    return chooseApi(definition.resources, names, importOptions.api)
  } catch (error) {
    throwRefusals(report)
    throw error
  }
}

/** One error for all refusals. */
function throwRefusals ({ entries, refusals }: Report): void {
  if (refusals.length === 0) return
  const lines = refusals.map(({ resource, message }) => resource === undefined ? message : `${sayName(resource)}: ${message}`)
  throw new DefinitionRefusedError(lines.length === 1 ? lines[0] as string : ['', ...lines].join('\n  '), entries)
}

/** Options with another are refused. */
function checkRegion ({ region, regionPlace }: Definition, report: Report): void {
  if (new RegExp(REGION_PATTERN).test(region)) return
  const [subject, path] = regionPlace ?? []
  const place = regionPlace === undefined ? 'Region' : `${regionPlace[0].id}.${printPath(regionPlace[1])}`
  report.add('error', {
    code: 'region-invalid', message: `${place} is ${quote(region)}; it must be ${REGION_ALLOWED}`, hint: 'give it in option region'
  }, subject, path)
}

function convertOptions (conversion: Conversion): JsonObject {
  const { definition: { region, accountId }, names, api } = conversion
  const byType = sortResources(conversion)
  const ofApi = convertApi(conversion)
  const models = convertModels(conversion, byType)
  const authorizers = convertAuthorizers(conversion, byType)
  const integrations = convertIntegrations(conversion, byType)
  const routes = convertRoutes(conversion, byType, { models, authorizers, integrations })
  const stages = convertStages(conversion, byType, routes)
  const stageNames = stages.map(({ stageName }) => stageName as string)
  return {
    ...ofApi,
    apiId: names.apiIdOf(api),
    region,
    accountId,
    stages,
    routes: Object.fromEntries(routes),
    ...unlessEmpty('integrations', Object.fromEntries(integrations)),
    ...(models.length === 0 ? undefined : { models }),
    ...unlessEmpty('authorizers', Object.fromEntries(authorizers.values())),
    ...convertDomainNames(conversion, byType, stageNames),
    ...convertApiKeys(conversion, byType, stageNames)
  }
}

function unlessEmpty (name: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value }
}

/** In the order of the source; what is about no resource comes first. */
function sortEntries ({ resources }: Definition, report: Report): void {
  const places = new Map(resources.map(({ id }, i) => [id, i]))
  const placeOf = (id: string | undefined): number => (id === undefined ? undefined : places.get(id)) ?? -1
  report.entries.sort((one, other) => placeOf(one.resource) - placeOf(other.resource))
}

// The door of migrate/, published as `fastify-apigateway-websocket/migrate`.
import type { DefinitionFormat, ImportedDefinition, ImportOptions, LiveApi } from '../../types/migrate.js'
import { fetchLiveApi, isLiveApi } from './aws-cli/live-api.ts'
import { convertDefinition } from './convert/convert.ts'
import { Report } from './report.ts'
import type { ReadDefinition } from './resource.ts'
import { readSource } from './source.ts'
import type { Source } from './source.ts'

// What app.webSocketApi loads when it is asked.
export { createAsyncApi } from './async-api/index.ts'
export type { DeclaredApi } from './declared-api.ts'
export { createTemplate } from './export/index.ts'

export type {
  DefinitionFormat, ImportedDefinition, ImportedFunction, ImportOptions, LiveApi, ReportEntry, SourcePosition
} from '../../types/migrate.js'

type ReadFormat = (source: Source, options: ImportOptions, report: Report) => ReadDefinition | Promise<ReadDefinition>

const loadCloudFormation = async (): Promise<ReadFormat> => (await import('./cloudformation/index.ts')).readCloudFormation

/** One reader for each format, loaded when it is wanted. */
const READERS: Readonly<Record<DefinitionFormat, () => Promise<ReadFormat>>> = {
  cloudformation: loadCloudFormation,
  sam: loadCloudFormation,
  serverless: async () => (await import('./serverless/index.ts')).readServerless,
  'terraform-json': async () => (await import('./terraform/index.ts')).readTerraform,
  'aws-cli': async () => (await import('./aws-cli/index.ts')).readAwsCli
}

const KEYS_NOT_READ = {
  code: 'api-keys-not-read',
  message: 'API keys and usage plans are of another service of AWS, which was not asked',
  hint: 'where the API has any, import a folder of answers, those of aws apigateway get-api-keys and get-usage-plans beside the others'
}

/**
 * Makes options of the plugin out of a definition: a path of a file or a folder, `-` for standard input, a text, an object,
 * or `{ apiId }` of an API that runs on AWS.
 *
 * ```js
 * const { options, functions, report } = await importDefinition('template.yaml')
 * await app.register(webSocket, { ...options, functions: handlersOf(functions) })
 * ```
 *
 * Throws AGW_ERR_MIGRATE_SOURCE where it cannot be read, AGW_ERR_MIGRATE_AMBIGUOUS where it holds no WebSocket API or
 * several and none is named, and AGW_ERR_MIGRATE_REFUSED, with the report, where API Gateway would refuse it. Of a live API
 * AGW_ERR_MIGRATE_CLIENT without the SDK, and AGW_ERR_MIGRATE_LIVE_API where AWS does not answer.
 */
export async function importDefinition (
  source: string | LiveApi | object, options: ImportOptions = {}
): Promise<ImportedDefinition> {
  const isLive = isLiveApi(source)
  const read = isLive
    ? await readSource(await fetchLiveApi(source, options.region), { ...options, format: 'aws-cli' })
    : await readSource(source, options)
  const report = new Report()
  if (isLive) report.add('warning', KEYS_NOT_READ)
  const readFormat = await READERS[read.format]()
  const definition = await readFormat(read, options, report)
  return convertDefinition({ ...definition, format: read.format, directory: read.directory }, options, report)
}

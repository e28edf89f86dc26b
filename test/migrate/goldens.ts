// The definitions of which a golden file says what they import as.
import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { importDefinition } from '../../lib/migrate/index.ts'
import type { Json } from '../../lib/migrate/resource.ts'
import type { ImportedDefinition, ImportOptions, ReportEntry } from '../../types/migrate.js'

// Regions are those of the definitions, else us-east-1.
delete process.env.AWS_REGION

export const FIXTURES = join(import.meta.dirname, 'fixtures')

/** What a definition imports as, or what it is refused with. */
export type Outcome = ImportedDefinition | { error: { code: string, message: string }, report?: readonly ReportEntry[] }

export interface Golden {
  /** The name of the golden file, without `.json`. */
  readonly name: string
  /** Below the fixtures. */
  readonly path: string
  readonly options: ImportOptions
}

/** What a definition leaves to choose. */
const CHOICES: Readonly<Record<string, ImportOptions>> = {
  'own-cfn-traps': { api: 'Api' },
  'sam-websocketapi-integration.websocket_api_multiple_api': { api: 'Api1' },
  'sam-websocketapi-translator.websocket_api_api_globals': { api: 'Api1' },
  'sam-websocketapi-translator.websocket_api_domain_globals': { api: 'Api1' },
  'sam-websocketapi-translator.websocket_api_stage_globals': { api: 'Api2' },
  'sam-websocketapi-translator.websocket_api_with_custom_domain_route53_multiple': { api: 'Api2' }
}

/** Each folder with one definition, and each definition of the folders with many. */
export const GOLDENS: readonly Golden[] = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /^[a-z]+-[a-z-]+\/(?:(?:template|serverless|plan|state)\.(?:ya?ml|json)|(?:input\/)?(?:error_)?websocket_api_\w+\.yaml|get-api\.json)$/.test(path))
  .map((path) => {
    const [folder, ...rest] = path.split('/') as [string, ...string[]]
    const file = (rest.at(-1) as string).replace(/\.\w+$/, '')
    const name = /websocket_api/.test(file) ? `${folder}.${file}` : folder
    return { name, path: file === 'get-api' ? folder : path, options: CHOICES[name] ?? {} }
  }).sort((one, other) => one.name < other.name ? -1 : 1)

/** The outcome as plain JSON; folders of the machine it ran on are named from the fixture. */
export async function importGolden ({ path, options }: Golden): Promise<Json> {
  let outcome: Outcome
  try {
    outcome = await importDefinition(join(FIXTURES, path), options)
  } catch (error) {
    const { code, message, report } = error as { code?: string, message: string, report?: readonly ReportEntry[] }
    if (code?.startsWith('AGW_ERR_MIGRATE_') !== true) throw error
    outcome = { error: { code, message }, ...(report === undefined ? undefined : { report }) }
  }
  return JSON.parse(JSON.stringify(outcome, (key, value) => key === 'codeDirectory' ? relative(FIXTURES, value as string).replaceAll('\\', '/') : value)) as Json
}

// A template of ours, read as somebody who imports it would.
import { readCloudFormation } from '../../lib/migrate/cloudformation/index.ts'
import { convertDefinition } from '../../lib/migrate/convert/convert.ts'
import { Report } from '../../lib/migrate/report.ts'
import { readSource } from '../../lib/migrate/source.ts'
import type { ImportedDefinition, ImportOptions } from '../../lib/index.ts'
import type { ReadDefinition } from '../../lib/migrate/resource.ts'
import { STACK_NAME } from './canonical-options.ts'

const OURS: ImportOptions = { parameters: { 'AWS::StackName': STACK_NAME }, region: 'us-east-1', accountId: '123456789012' }

export async function readTemplate (source: string | object, options: ImportOptions = OURS, report = new Report()): Promise<ReadDefinition> {
  return readCloudFormation(await readSource(source, options), options, report)
}

export async function importTemplate (source: string | object, options: ImportOptions = OURS): Promise<ImportedDefinition> {
  const report = new Report()
  const { format, directory } = await readSource(source, options)
  return convertDefinition({ ...await readTemplate(source, options, report), format, directory }, options, report)
}

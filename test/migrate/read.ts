// What the tests of the readers share: a source out of a fixture, and resources printed so that people can review them.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replaceReferences } from '../../lib/migrate/references.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { JsonObject, PropertyPath, ReadDefinition } from '../../lib/migrate/resource.ts'
import type { Source } from '../../lib/migrate/source.ts'
import type { ImportOptions } from '../../types/migrate.js'

export const FIXTURES = join(import.meta.dirname, 'fixtures')

export function readFixture (...path: string[]): any {
  return JSON.parse(readFileSync(join(FIXTURES, ...path), 'utf8'))
}

/** A source that tells, as its line, how deep in the document something stands. */
export function sourceOf (value: unknown, path?: string): Source {
  return {
    ...(path === undefined ? undefined : { path }),
    directory: path === undefined ? '.' : dirname(path),
    value: value as JsonObject,
    format: 'terraform-json',
    positionOf: (at: PropertyPath) => ({ line: at.length, column: 1 })
  }
}

type Reader = (source: Source, options: ImportOptions, report: Report) => ReadDefinition | Promise<ReadDefinition>

/** Everything a reader says, references as `<id>` and `<id@Attribute>`. */
export async function readPrinted (reader: Reader, value: unknown, options: ImportOptions = {}): Promise<any> {
  const report = new Report()
  const { resources, ...account } = await reader(sourceOf(value), options, report)
  const printed = resources.map(({ id, awsId, type, properties, dependsOn }) => ({
    id, ...(awsId === undefined ? undefined : { awsId }), type, properties, ...(dependsOn.length === 0 ? undefined : { dependsOn })
  }))
  return JSON.parse(replaceReferences(JSON.stringify({
    ...account,
    resources: printed,
    report: report.entries.map(({ line: _, column: __, ...entry }) => entry)
  }), ({ id, attribute }) => `<${id}${attribute === undefined ? '' : `@${attribute}`}>`))
}

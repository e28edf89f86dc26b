// Collects what the reader of a definition should know, each entry with the place it is about.
import type { ReportEntry } from '../../types/migrate.js'
import type { PropertyPath, Resource } from './resource.ts'

type Details = Pick<ReportEntry, 'code' | 'message' | 'hint'>

export class Report {
  readonly entries: ReportEntry[] = []
  /** What AWS, too, would refuse, or what cannot be read: with one of these there is no result. */
  readonly refusals: ReportEntry[] = []

  add (level: ReportEntry['level'], details: Details, resource?: Resource, path: PropertyPath = []): ReportEntry {
    const entry: ReportEntry = { level, ...details, ...placeOf(resource, path) }
    this.entries.push(entry)
    return entry
  }

  /** An error without a way on. */
  refuse (details: Details, resource?: Resource, path: PropertyPath = []): void {
    this.refusals.push(this.add('error', details, resource, path))
  }
}

function placeOf (resource: Resource | undefined, path: PropertyPath): Partial<ReportEntry> {
  if (resource === undefined) return {}
  return {
    resource: resource.id,
    ...(path.length === 0 ? undefined : { property: nameOfProperty(resource, path) }),
    ...resource.positionOf?.(path)
  }
}

/** A property as the source spells it. */
export function nameOfProperty (resource: Resource, path: PropertyPath): string {
  return resource.nameOf?.(path) ?? printPath(path)
}

/** `['ApiStages', 0, 'Stage']` as a person would write it: `ApiStages[0].Stage`. */
export function printPath (path: PropertyPath): string {
  return path.map((part, i) => typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`).join('')
}

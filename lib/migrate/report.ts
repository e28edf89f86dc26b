// Collects what the reader of a definition should know, each entry with the place it is about.
import type { ReportEntry } from '../../types/migrate.js'
import { shortenMessage } from '../shorten.ts'
import type { PropertyPath, Resource } from './resource.ts'

/** What an entry is about: a resource of a definition, or a place in the options. */
export type Subject = Pick<Resource, 'id' | 'positionOf' | 'nameOf'>
type Details = Pick<ReportEntry, 'code' | 'message' | 'hint'>

export class Report {
  readonly entries: ReportEntry[] = []
  /** What AWS, too, would refuse, or what cannot be read: with one of these there is no result. */
  readonly refusals: ReportEntry[] = []
  /** Properties with an error, by resource: entries are too many to be looked through for each property. */
  readonly #wrong = new Map<string, Set<string | undefined>>()

  add (level: ReportEntry['level'], { code, message, hint }: Details, subject?: Subject, path: PropertyPath = []): ReportEntry {
    const entry: ReportEntry = {
      level,
      code,
      message: shortenMessage(message),
      ...(hint === undefined ? undefined : { hint: shortenMessage(hint) }),
      ...placeOf(subject, path)
    }
    this.entries.push(entry)
    if (level === 'error' && entry.resource !== undefined) this.#noteError(entry.resource, entry.property)
    return entry
  }

  /** Whether something is wrong with a property already, so that its absence need not be told. */
  hasError (resource: Resource, path: PropertyPath): boolean {
    return this.#wrong.get(resource.id)?.has(nameOfProperty(resource, path)) === true
  }

  /** An error without a way on. */
  refuse (details: Details, subject?: Subject, path: PropertyPath = []): void {
    this.refusals.push(this.add('error', details, subject, path))
  }

  #noteError (resource: string, property: string | undefined): void {
    const known = this.#wrong.get(resource)
    if (known === undefined) this.#wrong.set(resource, new Set([property]))
    else known.add(property)
  }
}

function placeOf (subject: Subject | undefined, path: PropertyPath): Partial<ReportEntry> {
  if (subject === undefined) return {}
  return {
    resource: subject.id,
    ...(path.length === 0 ? undefined : { property: nameOfProperty(subject, path) }),
    ...subject.positionOf?.(path)
  }
}

/** A property as the source spells it. */
export function nameOfProperty (subject: Subject, path: PropertyPath): string {
  return subject.nameOf?.(path) ?? printPath(path)
}

/** `['ApiStages', 0, 'Stage']` as a person would write it: `ApiStages[0].Stage`. */
export function printPath (path: PropertyPath): string {
  return path.map((part, i) => typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`).join('')
}

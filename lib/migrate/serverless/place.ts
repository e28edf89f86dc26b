// Where something of a serverless.yml stands, for entries of the report that are about no resource.
import type { PropertyPath, Resource } from '../resource.ts'
import { printPath } from '../report.ts'
import type { Document } from './definition-files.ts'

/** How many names of a path say what it is about: `provider`, `functions.connect`. */
const SUBJECT_LENGTHS: ReadonlyMap<unknown, number> = new Map([['functions', 2], ['layers', 2]])

/** A path as the two arguments that Report.add takes: the subject, as if it were a resource, and the rest. */
export function placeOf (document: Document, path: PropertyPath): [Resource, PropertyPath] {
  // One more where it is a list of parts: `functions[0].connect`.
  const length = (SUBJECT_LENGTHS.get(path[0]) ?? 1) + Number(typeof path[1] === 'number')
  const subject = path.slice(0, length)
  return [{
    id: subject.length === 0 ? document.name : printPath(subject),
    type: 'serverless',
    properties: {},
    dependsOn: [],
    positionOf: (rest) => document.positionOf([...subject, ...rest])
  }, path.slice(length)]
}

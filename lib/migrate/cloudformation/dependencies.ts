// Circles of resources that wait for one another, which CloudFormation refuses.
import { replaceReferences } from '../references.ts'
import type { Json, Resource } from '../resource.ts'

/** Properties of functions that SAM makes resources of their own of, so that the function does not wait for what they name. */
const APART: ReadonlySet<string> = new Set(['Connectors', 'DeploymentPreference', 'EventInvokeConfig', 'Events', 'FunctionUrlConfig', 'Policies'])

/** One circle, by id, in the order of waiting; undefined where there is none. */
export function findCircle (resources: readonly Resource[]): string[] | undefined {
  const waitsFor = new Map(resources.map((resource) => [resource.id, dependenciesOf(resource)]))
  const done = new Set<string>()
  for (const { id } of resources) {
    const circle = follow(id, waitsFor, done)
    if (circle !== undefined) return circle
  }
  return undefined
}

/** In depth, with a stack of its own: templates are long. */
function follow (start: string, waitsFor: ReadonlyMap<string, ReadonlySet<string>>, done: Set<string>): string[] | undefined {
  const path: Array<{ readonly id: string, readonly rest: Iterator<string> }> = []
  const open = new Set<string>()
  const enter = (id: string): void => {
    open.add(id)
    path.push({ id, rest: (waitsFor.get(id) ?? new Set<string>()).values() })
  }
  if (!done.has(start)) enter(start)
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { value: next, done: isDone } = top.rest.next()
    if (isDone === true) {
      done.add(top.id)
      open.delete(top.id)
      path.pop()
    } else if (open.has(next)) {
      const ids = path.map(({ id }) => id)
      return ids.slice(ids.indexOf(next))
    } else if (!done.has(next)) enter(next)
  }
  return undefined
}

function dependenciesOf ({ type, properties, dependsOn }: Resource): ReadonlySet<string> {
  const found = new Set(dependsOn)
  const walk = (value: Json): void => {
    if (typeof value === 'string') {
      replaceReferences(value, ({ id }) => {
        found.add(id)
        return ''
      })
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
  }
  if (type.startsWith('AWS::Serverless::') && type !== 'AWS::Serverless::Function') return found
  for (const [name, value] of Object.entries(properties)) if (type !== 'AWS::Serverless::Function' || !APART.has(name)) walk(value)
  return found
}

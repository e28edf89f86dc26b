// Follows the references of an expression to resources, through variables, outputs and for_each: a plan knows what an
// argument refers to, but not the ids, which only applying it makes.
import type { Json } from '../resource.ts'
import { readIndex } from './document.ts'
import type { ModuleInstance, TerraformResource } from './document.ts'
import { asList, asObject } from '../json.ts'

/** A resource, and the attribute of it that is meant; several where a list of instances is. */
export interface Target {
  readonly resource: TerraformResource
  /** Undefined where only the resource is named: an index that is an expression hides what follows. */
  readonly attribute: string | undefined
}

/** Where an expression stands. */
interface Place {
  readonly module: ModuleInstance
  /** The key of its `for_each` or `count`. */
  readonly index: string | number | undefined
  /** What `each.value` refers to. */
  readonly forEach: Json | undefined
}

interface Way {
  readonly depth: number
  readonly visited: Visited
}

const LONGEST_CHAIN = 50
/** Expressions on the way of one, by the module and the index they were followed for: what circles or meets again is passed over. */
type Visited = Map<Json, Set<string>>
const STEP = /([A-Za-z_][\w-]*)|\[("(?:[^"\\]|\\.)*"|\d+)\]/g

export class ReferenceFollower {
  readonly #resources = new Map<string, TerraformResource[]>()
  readonly #modules = new Map<string, ModuleInstance[]>()
  /** Addresses of managed resources by their address without indexes. */
  readonly #instances = new Map<string, string[]>()

  constructor (resources: readonly TerraformResource[]) {
    for (const resource of resources) {
      const { address, module, isData, type, name } = resource
      if (!isData) push(this.#instances, withoutIndexes(address), address)
      push(this.#resources, `${module.address} ${isData ? 'data.' : ''}${type}.${name}`, resource)
      for (let at: ModuleInstance | undefined = module; at?.parent !== undefined; at = at.parent) {
        const siblings = this.#modules.get(moduleKey(at.parent, callOf(at))) ?? []
        if (!siblings.some(({ address }) => address === at?.address)) push(this.#modules, moduleKey(at.parent, callOf(at)), at)
      }
    }
  }

  /** The resources that an expression of a resource's configuration refers to. */
  follow (expression: Json | undefined, { module, index, configuration }: TerraformResource): Target[] {
    const forEach = configuration.for_each_expression
    return this.#followAll(expression, { module, index, forEach }, { depth: 0, visited: new Map() })
  }

  /** Addresses of what is applied before a resource: what it names in depends_on, and all that its configuration refers to. */
  dependenciesOf (resource: TerraformResource): string[] {
    const { module, dependsOn, configuration } = resource
    const prefix = module.address === '' ? '' : `${module.address}.`
    const addresses = new Set(dependsOn.flatMap((address) => [address, prefix + address])
      .flatMap((address) => this.#instances.get(withoutIndexes(address)) ?? []))
    for (const expression of expressionsIn(configuration.expressions)) {
      for (const { resource: other } of this.follow(expression, resource)) if (!other.isData) addresses.add(other.address)
    }
    addresses.delete(resource.address)
    return [...addresses]
  }

  #followAll (expression: Json | undefined, place: Place, { depth, visited }: Way): Target[] {
    if (depth > LONGEST_CHAIN || !visit(visited, expression, place)) return []
    const way = { depth: depth + 1, visited }
    const targets: Target[] = []
    for (const reference of wholeReferences(expression)) {
      for (const target of this.#followOne(readSteps(reference), place, way)) {
        if (!targets.some(({ resource, attribute }) => resource === target.resource && attribute === target.attribute)) targets.push(target)
      }
    }
    // `fn[each.key].arn` shows as `fn` and `each.key`: the second is only the index of the first.
    return targets
  }

  #followOne (steps: readonly Step[], place: Place, way: Way): Target[] {
    const [first, second, ...rest] = steps
    const { module } = place
    if (first === undefined || typeof second !== 'string') return []
    switch (first) {
      case 'var':
        return module.parent === undefined
          ? []
          : withAttribute(this.#followAll(asObject(module.call.expressions)[second], {
            module: module.parent, index: module.index, forEach: module.call.for_each_expression
          }, way), rest)
      case 'each':
        return second === 'value'
          ? withAttribute(atIndex(this.#followAll(place.forEach, { ...place, forEach: undefined }, way), place.index), rest)
          : []
      case 'module':
        return this.#followOutput(second, rest, place, way)
      case 'count': case 'local': case 'path': case 'terraform': case 'self':
        return []
      case 'data':
        return this.#instancesOf(`data.${second}.${String(rest[0])}`, rest.slice(1), place)
      default:
        return this.#instancesOf(`${first}.${second}`, rest, place)
    }
  }

  #followOutput (call: string, steps: readonly Step[], { module, index }: Place, way: Way): Target[] {
    const instances = this.#modules.get(moduleKey(module, call)) ?? []
    const [key, rest] = takeIndex(steps)
    const output = rest[0]
    if (typeof output !== 'string') return []
    return choose(instances, key, index).flatMap((instance) => {
      const { expression } = asObject(asObject(instance.configuration.outputs)[output])
      const targets = this.#followAll(expression, { module: instance, index: undefined, forEach: undefined }, way)
      return withAttribute(targets, rest.slice(1))
    })
  }

  #instancesOf (name: string, steps: readonly Step[], { module, index }: Place): Target[] {
    const [key, rest] = takeIndex(steps)
    const attribute = rest.filter((step) => typeof step === 'string').join('.')
    return choose(this.#resources.get(`${module.address} ${name}`) ?? [], key, index)
      .map((resource) => ({ resource, attribute: attribute === '' ? undefined : attribute }))
  }
}

/** False where it was there before. */
function visit (visited: Visited, expression: Json | undefined, { module, index }: Place): boolean {
  if (expression === undefined) return false
  const places = visited.get(expression) ?? new Set()
  visited.set(expression, places)
  const place = `${module.address} ${JSON.stringify(index)}`
  if (places.has(place)) return false
  places.add(place)
  return true
}

/** A name, or an index. */
type Step = string | { readonly index: string | number }

function readSteps (reference: string): Step[] {
  return [...reference.matchAll(STEP)].map(([, name, index]) => name ?? { index: readIndex(index) as string | number })
}

/** A state names what a resource depends on without the indexes of instances. */
function withoutIndexes (address: string): string {
  return address.replace(/\[("(?:[^"\\]|\\.)*"|\d+)\]/g, '')
}

/** The expressions of all arguments, those inside of blocks too. */
function expressionsIn (value: Json | undefined): Json[] {
  if (typeof value !== 'object' || value === null) return []
  if (!Array.isArray(value) && Array.isArray(value.references)) return [value]
  return Object.values(value).flatMap((member) => expressionsIn(member))
}

/** References are listed with every shorter form behind each: `a.b.id`, `a.b`. */
function wholeReferences (expression: Json | undefined): string[] {
  const whole: string[] = []
  const known = expression === undefined ? [] : asList(asObject(expression).references)
  for (const reference of known) {
    if (typeof reference === 'string' && !whole.some((longer) => isShorter(reference, longer))) whole.push(reference)
  }
  return whole
}

function isShorter (reference: string, longer: string): boolean {
  return longer.startsWith(reference) && '.['.includes(longer[reference.length] ?? '.')
}

function takeIndex (steps: readonly Step[]): [index: string | number | undefined, rest: readonly Step[]] {
  const [first] = steps
  return typeof first === 'object' ? [first.index, steps.slice(1)] : [undefined, steps]
}

/** The instance of that index; without one that of the own index, or the only one. */
function choose<T extends { readonly index: string | number | undefined }> (
  instances: readonly T[], index: string | number | undefined, ownIndex: string | number | undefined
): readonly T[] {
  if (index !== undefined) return instances.filter((instance) => instance.index === index)
  if (instances.length === 1) return instances
  const same = ownIndex === undefined ? [] : instances.filter((instance) => instance.index === ownIndex)
  return same.length === 1 ? same : instances
}

function atIndex (targets: Target[], index: string | number | undefined): Target[] {
  const same = targets.filter(({ resource }) => resource.index === index)
  return same.length === 1 ? same : targets
}

/** What follows a variable, an output or `each.value` belongs to what they stand for. */
function withAttribute (targets: Target[], steps: readonly Step[]): Target[] {
  const [, rest] = takeIndex(steps)
  const attribute = rest.filter((step) => typeof step === 'string').join('.')
  return attribute === '' ? targets : targets.map((target) => ({ ...target, attribute: target.attribute ?? attribute }))
}

function moduleKey (parent: ModuleInstance, call: string): string {
  return `${parent.address} ${call}`
}

function callOf ({ address, parent }: ModuleInstance): string {
  const own = address.slice(parent === undefined || parent.address === '' ? 0 : parent.address.length + 1)
  return own.replace(/^module\./, '').replace(/\[.*\]$/, '')
}

function push<T> (map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

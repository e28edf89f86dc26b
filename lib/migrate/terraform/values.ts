// The value of an argument: ids and ARNs made into references, and by what it refers to where only applying makes it known.
import { createReference } from '../references.ts'
import type { Json, JsonObject } from '../resource.ts'
import { describeAttribute } from './attributes.ts'
import type { Surroundings } from './attributes.ts'
import type { TerraformResource } from './document.ts'
import type { ReferenceFollower, Target } from './follow.ts'
import { isUri, joinById, joinFunction, namedType } from './joins.ts'
import type { KnownIds, NamedType } from './joins.ts'
import { asObject, isObject } from '../json.ts'
import type { Place } from './places.ts'
import type { ResourceReport } from './resource-report.ts'

/** How resources find each other. */
export interface Joining {
  readonly resources: readonly TerraformResource[]
  readonly follower: ReferenceFollower
  readonly ids: KnownIds
  readonly surroundings: Surroundings
}

/** All a document says of one argument. */
export interface Unread {
  readonly value: Json | undefined
  /** True where only applying makes it known; of blocks and maps by member. */
  readonly unknown: Json | undefined
  /** From the configuration, which only plans have. */
  readonly expression: Json | undefined
}

export class ValueReader {
  readonly #joining: Joining
  readonly #resource: TerraformResource
  readonly #report: ResourceReport

  constructor (joining: Joining, resource: TerraformResource, report: ResourceReport) {
    this.#joining = joining
    this.#resource = resource
    this.#report = report
  }

  /** A value that is known. */
  read (name: string, value: Json, unread: Unread, place: Place): Json {
    const { type } = this.#resource
    const { ids } = this.#joining
    if (typeof value === 'string') {
      const named = namedType(type, name)
      if (named !== undefined) return ids.referTo(named, value)
      if (isUri(name)) return ids.referToFunctions(value)
      if (type === 'aws_lambda_alias' && name === 'function_name') return ids.referToFunctionName(value)
    }
    return this.#addUnknownMembers(name, value, unread, place)
  }

  /** A value that only applying the plan makes known, by what its expression refers to. */
  join (name: string, { expression }: Unread, place: Place): Json | undefined {
    const { follower, surroundings } = this.#joining
    const targets = follower.follow(expression, this.#resource)
    const named = namedType(this.#resource.type, name)
    if (named !== undefined) return joinById(named, targets) ?? this.#assumeOnly(named, place, targets)
    const [only, second] = targets
    const described = isUri(name)
      ? joinFunction(targets, surroundings)
      : only === undefined || second !== undefined ? undefined : describeAttribute(only, surroundings)
    if (described === undefined) this.#report.unknownValue(place, targets)
    return described
  }

  /** A map of which a plan knows some members only. */
  #addUnknownMembers (name: string, value: Json, { unknown, expression }: Unread, place: Place): Json {
    const members = isObject(unknown) && isObject(value) ? Object.keys(unknown).filter((key) => unknown[key] === true) : []
    if (members.length === 0) return value
    const whole: JsonObject = { ...asObject(value) }
    // Which member refers to what is not in a plan; of one of each there is no doubt. A template is more than what it refers to.
    const candidates = this.#joining.follower.follow(expression, this.#resource).filter(isUnknownAttribute)
    const only = name === 'variables' && members.length === 1 && candidates.length === 1 ? candidates[0] : undefined
    const described = only === undefined ? undefined : describeAttribute(only, this.#joining.surroundings)
    for (const member of members) {
      const at = { path: [...place.path, member], name: `${place.name}.${member}`, document: place.document }
      if (described === undefined) {
        this.#report.unknownValue(at, candidates)
      } else {
        whole[member] = described
        this.#report.assumedMember(at, only as Target, described)
      }
    }
    return whole
  }

  /** References through locals are not in a plan: what is left is the only resource of the type, in the module or at all. */
  #assumeOnly (named: NamedType, place: Place, targets: readonly Target[]): string | undefined {
    const all = this.#joining.resources.filter(({ type, isData }) => type === named.type && !isData)
    const near = all.filter(({ module }) => module === this.#resource.module)
    const found = near.length === 1 ? near[0] : all.length === 1 ? all[0] : undefined
    if (found === undefined || targets.length > 0) {
      this.#report.unknownValue(place, targets)
      return undefined
    }
    this.#report.assumed(place, found.address, `the only ${named.type}`)
    return named.prefix + createReference(found.address)
  }
}

function isUnknownAttribute ({ resource, attribute }: Target): boolean {
  return attribute === undefined || !Object.hasOwn(resource.values, attribute) || resource.values[attribute] === null
}

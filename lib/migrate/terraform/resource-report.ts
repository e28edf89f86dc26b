// What the reader tells of one resource: what is dropped, what nobody knows yet, what had to be assumed.
import { replaceReferences } from '../references.ts'
import type { Report } from '../report.ts'
import type { PropertyPath, Resource } from '../resource.ts'
import type { Target } from './follow.ts'
import type { Place, Places } from './places.ts'

const APPLY = 'apply the plan and import what "terraform show -json" prints of the state, or write the value into the options'

export class ResourceReport {
  readonly #report: Report
  readonly #resource: Resource
  readonly #places: Places
  /** Of what does not belong to the gateway an import can do without. */
  readonly #isGateway: boolean

  constructor (report: Report, resource: Resource, places: Places) {
    this.#report = report
    this.#resource = resource
    this.#places = places
    this.#isGateway = resource.type.startsWith('AWS::ApiGateway')
  }

  /** An argument that is in no table, so newer than this reader. */
  unknownArgument (place: Place): void {
    this.#add('warning', 'argument-unknown', `${place.name} is no argument that is known; it is dropped`, place)
  }

  dropped (place: Place, why: string): void {
    this.#add('info', 'argument-dropped', `${place.name} is dropped: ${why}`, place)
  }

  computed (place: Place): void {
    this.#add('info', 'computed-dropped', `${place.name} is what AWS answered, no argument; it is dropped`, place)
  }

  provisioners (): void {
    this.#report.add('info', {
      code: 'provisioners-dropped', message: 'provisioners run programs while Terraform applies; they are not part of the API'
    }, this.#resource)
  }

  unknownValue (place: Place, targets: readonly Target[]): void {
    const about = targets.length === 0 ? '' : `; it refers to ${targets.map(printTarget).join(', ')}`
    this.#add(this.#isGateway ? 'error' : 'warning', 'value-unknown', `${place.name} is known after apply only${about}`, place, APPLY)
  }

  assumed (place: Place, what: string, why: string): void {
    this.#add('info', 'reference-assumed', `${place.name} is known after apply only; taken to be ${what}, ${why}`, place)
  }

  /** Of a map a plan tells that a member refers to something, and not what it makes of it. */
  assumedMember (place: Place, target: Target, text: string): void {
    this.#add('warning', 'reference-assumed', `${place.name} is known after apply only; taken to be ${printTarget(target)} as it is, ${printText(text)}`, place,
      'where the expression makes something else of it, write the value yourself')
  }

  zeroLimit (place: Place): void {
    this.#add('warning', 'throttling-zero', `${place.name} is 0, as a state of Terraform says of a limit that is not set; it is taken as not set`, place,
      'a limit of 0 lets no message through; write it into the options where that is meant')
  }

  #add (level: 'info' | 'warning' | 'error', code: string, message: string, place: Place, hint?: string): void {
    const path: PropertyPath = this.#places.add(place)
    this.#report.add(level, { code, message, ...(hint === undefined ? undefined : { hint }) }, this.#resource, path)
  }
}

/** With addresses in the place of what only applying makes known. */
function printText (text: string): string {
  return replaceReferences(text, ({ id }) => `{${id}}`)
}

/** `aws_sqs_queue.orders.arn` */
export function printTarget ({ resource, attribute }: Target): string {
  return resource.address + (attribute === undefined ? '' : `.${attribute}`)
}

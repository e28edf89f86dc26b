// Where properties of a resource come from, so that messages speak Terraform's words and know the line.
import { printPath } from '../report.ts'
import type { PropertyPath } from '../resource.ts'

/** One argument: by its property, as Terraform spells it, and in the document. */
export interface Place {
  readonly path: PropertyPath
  /** `route_settings[0].throttling_burst_limit` */
  readonly name: string
  readonly document: PropertyPath
}

export class Places {
  readonly #places: Place[] = []
  readonly #root: Place

  /** `document` is the way to the resource's values. */
  constructor (document: PropertyPath) {
    this.#root = { path: [], name: '', document }
  }

  add (place: Place): PropertyPath {
    this.#places.push(place)
    return place.path
  }

  /** `RouteSettings.order.ThrottlingBurstLimit` as Terraform has it. */
  nameOf (path: PropertyPath): string {
    const known = this.#nearest(path)
    const below = printPath(path.slice(known.path.length))
    return known.name + (known.name === '' || below === '' || below.startsWith('[') ? below : `.${below}`)
  }

  documentOf (path: PropertyPath): PropertyPath {
    const known = this.#nearest(path)
    return [...known.document, ...path.slice(known.path.length)]
  }

  /** The latest of the longest that lead to the path. */
  #nearest (path: PropertyPath): Place {
    let nearest = this.#root
    for (const place of this.#places) {
      const leadsThere = place.path.length <= path.length && place.path.every((part, i) => part === path[i])
      if (leadsThere && place.path.length >= nearest.path.length) nearest = place
    }
    return nearest
  }
}

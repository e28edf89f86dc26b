// The name that somebody probably meant.

/** The nearest of `names`: the same but for its case, or a slip or two away; undefined where none is near. */
export function findNearest (name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let nearest: string | undefined
  let shortest = Math.min(3, Math.floor(name.length / 3) + 1)
  for (const candidate of names) {
    const distance = distanceOf(wanted, candidate.toLowerCase(), shortest)
    if (distance < shortest) {
      shortest = distance
      nearest = candidate
    }
  }
  return nearest
}

/** `; did you mean Target?`, or nothing. */
export function suggest (name: string, names: Iterable<string>): string {
  const nearest = findNearest(name, names)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

/** How many letters must be put in, left out or changed; names far longer or shorter are not looked at. */
function distanceOf (one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[other.length] as number
}

// Wildcards of IAM policies: `*` for any run of characters, slashes included, and `?` for one.

const ANY = '*'
const ONE = '?'
/** arn:partition:service:region:account:resource */
const ARN_PARTS = 6

/** Whether a text matches a pattern. Never slower than pattern length times text length. */
export function matchesWildcard (pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let starAt = -1
  let resumeAt = 0
  while (t < text.length) {
    const c = pattern[p]
    if (c === ANY) {
      starAt = p++
      resumeAt = t
    } else if (c !== undefined && (c === ONE || c === text[t])) {
      p++
      t++
    } else if (starAt !== -1) {
      p = starAt + 1
      t = ++resumeAt
    } else {
      return false
    }
  }
  while (pattern[p] === ANY) p++
  return p === pattern.length
}

/**
 * Whether an ARN matches a pattern. A wildcard stays within its part of the ARN; only in the last part that the pattern
 * has does it reach over colons.
 */
export function matchesArn (pattern: string, arn: string): boolean {
  const wanted = splitArn(pattern, ARN_PARTS)
  const given = splitArn(arn, wanted.length)
  return given.length === wanted.length && wanted.every((part, i) => matchesWildcard(part, given[i] as string))
}

/** At most so many parts; the last holds all the rest. */
function splitArn (arn: string, limit: number): string[] {
  const parts = arn.split(':')
  return parts.length <= limit ? parts : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(':')]
}

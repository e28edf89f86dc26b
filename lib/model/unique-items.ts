// uniqueItems in linear time: ajv compares each pair of elements, which a long list makes seconds of.

/** Whether no two elements are equal as JSON is: members in any order, numbers by their value. */
export function hasUniqueItems (items: readonly unknown[]): boolean {
  const seen = new Set<string>()
  for (const item of items) seen.add(canonicalText(item))
  return seen.size === items.length
}

/** One text for all spellings of a value, and for no other value. */
function canonicalText (value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  // Not by JSON.stringify(), for which 1e400 is null.
  if (typeof value !== 'object' || value === null) return String(value)
  const members = value as Record<string, unknown>
  return `{${Object.keys(members).sort().map((name) => `${JSON.stringify(name)}:${canonicalText(members[name])}`).join(',')}}`
}

// Keys of the document: AsyncAPI allows letters, digits, `.`, `-` and `_` in them.

/** A key that is not taken, noted under what it stands for. */
export function createKey (text: string, taken: Map<string, string>): string {
  const base = text.replace(/[^\w.-]+/g, '_').replace(/^_+(?=.)|(?<=.)_+$/g, '') || 'unnamed'
  const used = new Set(taken.values())
  let key = base
  for (let count = 2; used.has(key); count++) key = `${base}_${count}`
  taken.set(text, key)
  return key
}

// stub
export interface JavaPattern { readonly source: string, matches (text: string): boolean }
export function compilePattern (source: string, options: { ignoreCase?: boolean } = {}): JavaPattern {
  const regexp = new RegExp(`^(?:${source})$`, options.ignoreCase ? 'i' : '')
  return { source, matches: (text) => regexp.test(text) }
}

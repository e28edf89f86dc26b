// The characters of a pattern with \Q…\E taken out: what is quoted is marked and never means more than itself.

/** The code points of a pattern. */
export interface PatternTokens {
  readonly codes: readonly number[]
  readonly quoted: readonly boolean[]
  /** Where each stands in the source, the end included. */
  readonly offsets: readonly number[]
}

/** Cuts a pattern into code points. An unclosed \Q quotes to the end. */
export function readTokens (source: string): PatternTokens {
  const codes: number[] = []
  const quoted: boolean[] = []
  const offsets: number[] = []
  const push = (at: number, inQuote: boolean): number => {
    const code = source.codePointAt(at) as number
    codes.push(code)
    quoted.push(inQuote)
    offsets.push(at)
    return code > 0xffff ? 2 : 1
  }
  for (let i = 0; i < source.length;) {
    if (source.startsWith('\\Q', i)) {
      const end = source.indexOf('\\E', i + 2)
      const stop = end < 0 ? source.length : end
      for (i += 2; i < stop;) i += push(i, true)
      if (end >= 0) i += 2
    } else if (source[i] === '\\' && i + 1 < source.length) {
      i += push(i, false)
      i += push(i, false)
    } else i += push(i, false)
  }
  offsets.push(source.length)
  return { codes, quoted, offsets }
}

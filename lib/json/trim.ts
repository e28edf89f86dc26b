// Java's String.trim, which differs from JavaScript's.

/** Cuts off every character up to U+0020 at both ends, and no other. */
export function trimJava (text: string): string {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 0x20) from++
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--
  return text.slice(from, to)
}

// Java's simple case mapping, one code point to one: JavaScript knows the full one alone, which makes SS of ß.

/* Greek letters with iota below: the full mapping makes two letters of them, the simple one the letter 8 or 9 on. */
const IOTA_SUBSCRIPT: ReadonlyArray<readonly [first: number, last: number, distance: number]> = [
  [0x1f80, 0x1f87, 8], [0x1f90, 0x1f97, 8], [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9], [0x1fc3, 0x1fc3, 9], [0x1ff3, 0x1ff3, 9]
]
const CAPITAL_I_WITH_DOT = 0x130

function single (text: string): number | undefined {
  const code = text.codePointAt(0) as number
  return text.length === (code > 0xffff ? 2 : 1) ? code : undefined
}

/** `Character.toUpperCase(int)`. */
export function upperCase (code: number): number {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code - 32 : code
  const upper = single(String.fromCodePoint(code).toUpperCase())
  if (upper !== undefined) return upper
  const row = IOTA_SUBSCRIPT.find(([first, last]) => code >= first && code <= last)
  return row === undefined ? code : code + row[2]
}

/** `Character.toLowerCase(int)`. */
export function lowerCase (code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 32 : code
  if (code === CAPITAL_I_WITH_DOT) return 0x69
  return single(String.fromCodePoint(code).toLowerCase()) ?? code
}

/** What two code points have in common that differ in case only, as `(?iu)` compares. */
export function foldCase (code: number): number {
  return lowerCase(upperCase(code))
}

/** The same within ASCII, as `(?i)` alone compares. */
export function foldAsciiCase (code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 32 : code
}

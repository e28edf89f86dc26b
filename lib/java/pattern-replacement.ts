// Java's replacement text: $1, ${name} and \x, which means x.
import type { PatternProgram } from './pattern-program.ts'

/** Part of a replacement: text, or the number of a group. */
export type ReplacementPart = string | number

/** A replacement is not one, as Java finds when it first uses it. */
export class ReplacementFault extends Error {}

const NAME = /^[a-zA-Z][a-zA-Z\d]*$/

/** Reads a replacement for a pattern. */
export function readReplacement (source: string, program: PatternProgram): readonly ReplacementPart[] {
  const { groupCount, groupNames } = program
  const parts: ReplacementPart[] = []
  let text = ''
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string
    if (char === '\\') {
      if (++i === source.length) throw new ReplacementFault('character to be escaped is missing')
      text += source[i]
    } else if (char !== '$') text += char
    else {
      parts.push(text)
      text = ''
      if (source[i + 1] === '{') {
        const end = source.indexOf('}', i)
        const name = source.slice(i + 2, end < 0 ? source.length : end)
        if (end < 0 || !NAME.test(name)) throw new ReplacementFault('a named group reference lacks its name or its closing brace')
        const group = groupNames.get(name)
        if (group === undefined) throw new ReplacementFault(`No group with name {${name}}`)
        parts.push(group)
        i = end
      } else {
        let group = digit(source[++i])
        if (group < 0) throw new ReplacementFault('Illegal group reference')
        if (group > groupCount) throw new ReplacementFault(`No group ${group}`)
        // More digits belong to the number as long as there are so many groups.
        for (let next = digit(source[i + 1]); next >= 0; next = digit(source[++i + 1])) {
          if (group * 10 + next > groupCount) break
          group = group * 10 + next
        }
        parts.push(group)
      }
    }
  }
  parts.push(text)
  return parts
}

function digit (char: string | undefined): number {
  return char !== undefined && char >= '0' && char <= '9' ? Number(char) : -1
}

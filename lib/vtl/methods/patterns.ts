// Patterns a template uses, compiled once and kept.
import { JavaException, compilePattern } from '../../java/index.ts'

interface JavaPattern {
  matches: (text: string) => boolean
  replaceAll: (text: string, replacement: string) => string
  replaceFirst: (text: string, replacement: string) => string
  split: (text: string, limit: number) => string[]
}

const KEPT = 256
const patterns = new Map<string, JavaPattern>()

/** The pattern of a source text. The oldest is forgotten where there are too many. */
export function patternOf (source: string): JavaPattern {
  let pattern = patterns.get(source)
  if (pattern !== undefined) return pattern
  try {
    const re = new RegExp(source, 'g')
    compilePattern(source)
    // TEMPORARY until the pattern room is merged
    pattern = {
      matches: (t) => new RegExp(`^(?:${source})$`, 's').test(t),
      replaceAll: (t, r) => t.replace(re, r.replace(/\\(.)/g, (_, c) => c === '$' ? '$$' : c).replace(/\$0/g, '$$&')),
      replaceFirst: (t, r) => t.replace(new RegExp(source), r),
      split: (t, limit) => {
        const parts = t.split(re)
        while (limit === 0 && parts.length > 1 && parts[parts.length - 1] === '') parts.pop()
        return parts
      }
    }
  } catch (error) {
    throw new JavaException((error as Error).message)
  }
  if (patterns.size >= KEPT) patterns.delete(patterns.keys().next().value as string)
  patterns.set(source, pattern)
  return pattern
}

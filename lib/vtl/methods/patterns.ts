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
    pattern = compilePattern(source) as unknown as JavaPattern
  } catch (error) {
    throw new JavaException((error as Error).message)
  }
  if (patterns.size >= KEPT) patterns.delete(patterns.keys().next().value as string)
  patterns.set(source, pattern)
  return pattern
}

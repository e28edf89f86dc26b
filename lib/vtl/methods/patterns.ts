// Patterns a template uses, compiled once and kept.
import { JavaException, compilePattern } from '../../java/index.ts'
import type { JavaPattern } from '../../java/index.ts'
import type { Run } from '../run.ts'
import { MAX_OUTPUT } from '../run.ts'

const KEPT = 256
const patterns = new Map<string, JavaPattern>()

/** The pattern of a source text. The oldest is forgotten where there are too many. */
function patternOf (source: string): JavaPattern {
  let pattern = patterns.get(source)
  if (pattern === undefined) {
    pattern = compilePattern(source)
    if (patterns.size >= KEPT) patterns.delete(patterns.keys().next().value as string)
    patterns.set(source, pattern)
  }
  return pattern
}

/** Uses a pattern; where it is none, or takes too long, the method fails. */
function using<T> (source: string, use: (pattern: JavaPattern) => T): T {
  try {
    return use(patternOf(source))
  } catch (error) {
    throw new JavaException((error as Error).message)
  }
}

/** A replacement for every character, and longer than the output may be many times, is refused before it is made. */
function checkGrowth (text: string, replacement: string): void {
  if ((text.length + 1) * (replacement.length + 1) > 64 * MAX_OUTPUT) {
    throw new JavaException('a replacement makes the text too long')
  }
}

export const matches = (run: Run, text: string, source: string): boolean =>
  using(source, (pattern) => pattern.matches(text, run.patternBudget))

export const split = (run: Run, text: string, source: string, limit: number): string[] =>
  using(source, (pattern) => pattern.split(text, limit, run.patternBudget))

export function replaceAll (run: Run, text: string, source: string, replacement: string): string {
  checkGrowth(text, replacement)
  return using(source, (pattern) => pattern.replaceAll(text, replacement, run.patternBudget))
}

export function replaceFirst (run: Run, text: string, source: string, replacement: string): string {
  return using(source, (pattern) => pattern.replaceFirst(text, replacement, run.patternBudget))
}

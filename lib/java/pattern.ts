// java.util.regex for this house: patterns with Java's meaning, which no text can make run away.
import { PatternFailedError, PatternInvalidError } from '../errors.ts'
import type { CodeSet } from './code-set.ts'
import { createCodeSet, holds } from './code-set.ts'
import { firstCharacters, isWide, literalPrefix } from './pattern-first.ts'
import type { PatternBudget } from './pattern-machine.ts'
import { PatternMachine, PatternOverrun } from './pattern-machine.ts'
import { parsePattern } from './pattern-parser.ts'
import type { PatternProgram } from './pattern-program.ts'
import { compileProgram } from './pattern-program.ts'
import type { ReplacementPart } from './pattern-replacement.ts'
import { ReplacementFault, readReplacement } from './pattern-replacement.ts'
import { NO_FLAGS } from './pattern-scanner.ts'

/** How a pattern is compiled. */
export interface PatternOptions {
  /** As the flag `(?i)` at its head: letters of ASCII match whatever their case. */
  readonly ignoreCase?: boolean
}

/** Where a pattern was found. */
export interface PatternMatch {
  readonly start: number
  readonly end: number
  /** The whole match, then the groups; undefined for a group that took no part. */
  readonly groups: ReadonlyArray<string | undefined>
}

/**
 * A compiled pattern of Java's. Every method throws `PatternFailedError` where it would take too many steps, by itself or
 * together with what the same budget was given to before: a loop over many texts wants one budget for all of them.
 */
export interface JavaPattern {
  readonly source: string
  /** How many groups capture. */
  readonly groupCount: number
  /** Whether it matches the whole text: `String.matches`. */
  matches (text: string, budget?: PatternBudget): boolean
  /** The first match at or behind a place: `Matcher.find`. */
  find (text: string, from?: number, budget?: PatternBudget): PatternMatch | undefined
  /** `String.replaceAll`, with `$1` and `\$` in the replacement. */
  replaceAll (text: string, replacement: string, budget?: PatternBudget): string
  /** `String.replaceFirst`. */
  replaceFirst (text: string, replacement: string, budget?: PatternBudget): string
  /** `String.split`: without a limit, empty strings at the end are left out. */
  split (text: string, limit?: number, budget?: PatternBudget): string[]
}

/** Compiles a pattern of `java.util.regex`. Throws `PatternInvalidError` where Java refuses it, or its meaning cannot be kept. */
export function compilePattern (source: string, options: PatternOptions = {}): JavaPattern {
  const tree = parsePattern(source, options.ignoreCase === true ? { ...NO_FLAGS, i: true } : NO_FLAGS)
  const program = compileProgram(tree)
  if (program === undefined) throw new PatternInvalidError(JSON.stringify(source), 'its repetitions make it too large')
  const first = firstCharacters(tree.root)
  return new CompiledPattern(source, program, {
    prefix: literalPrefix(tree.root), first: first && createCodeSet(first), wide: isWide(tree.root)
  })
}

/** Where a match is; the machine has its groups until the next one. */
interface FoundPlace {
  readonly start: number
  readonly end: number
}

/** What a search need not try. */
interface SearchHints {
  /** Every match starts with this text. */
  readonly prefix: string
  /** Every match starts with one of these. */
  readonly first: CodeSet | undefined
  /** No search starts between the halves of a surrogate pair. */
  readonly wide: boolean
}

class CompiledPattern implements JavaPattern {
  readonly source: string
  readonly groupCount: number
  readonly #program: PatternProgram
  readonly #hints: SearchHints

  constructor (source: string, program: PatternProgram, hints: SearchHints) {
    this.source = source
    this.groupCount = program.groupCount
    this.#program = program
    this.#hints = hints
  }

  matches (text: string, budget?: PatternBudget): boolean {
    return this.#operate(text, 0, budget, (machine) => machine.match(0, text.length) >= 0)
  }

  find (text: string, from = 0, budget?: PatternBudget): PatternMatch | undefined {
    return this.#operate(text, from, budget, (machine) => {
      const found = this.#search(machine, text, from).next()
      if (found.done === true) return undefined
      const { start, end } = found.value
      const groups: Array<string | undefined> = [text.slice(start, end)]
      for (let i = 1; i <= this.groupCount; i++) groups.push(groupText(text, machine.slots, i * 2))
      return { start, end, groups }
    })
  }

  replaceAll (text: string, replacement: string, budget?: PatternBudget): string {
    return this.#replace(text, replacement, Infinity, budget)
  }

  replaceFirst (text: string, replacement: string, budget?: PatternBudget): string {
    return this.#replace(text, replacement, 1, budget)
  }

  split (text: string, limit = 0, budget?: PatternBudget): string[] {
    return this.#operate(text, 0, budget, (machine) => {
      const parts: string[] = []
      let from = 0
      for (const { start, end } of this.#search(machine, text, 0)) {
        if (limit > 0 && parts.length === limit - 1) break
        // An empty match at the very beginning cuts nothing off.
        if (end === 0) continue
        parts.push(text.slice(from, start))
        from = end
      }
      if (from === 0 && parts.length === 0) return [text]
      parts.push(text.slice(from))
      if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop()
      return parts
    })
  }

  #replace (text: string, replacement: string, most: number, budget: PatternBudget | undefined): string {
    return this.#operate(text, 0, budget, (machine) => {
      let result = ''
      let from = 0
      let parts: readonly ReplacementPart[] | undefined
      let count = 0
      for (const { start, end } of this.#search(machine, text, 0)) {
        // Java reads the replacement when it first needs it.
        parts ??= readReplacement(replacement, this.#program)
        result += text.slice(from, start)
        for (const part of parts) {
          if (typeof part === 'string') result += part
          else result += part === 0 ? text.slice(start, end) : groupText(text, machine.slots, part * 2) ?? ''
        }
        from = end
        if (++count === most) break
      }
      return result + text.slice(from)
    })
  }

  /** One match after another, each starting where the last one ended, one further on where that was empty. */
  * #search (machine: PatternMachine, text: string, from: number): Generator<FoundPlace, undefined> {
    for (let at = this.#next(text, from); at <= text.length;) {
      const end = machine.match(at, -1)
      if (end < 0) {
        at = this.#next(text, this.#after(text, at))
        continue
      }
      yield { start: at, end }
      machine.reset(end)
      at = this.#next(text, end === at ? end + 1 : end)
    }
    return undefined
  }

  /** The first place from `from` on at which a match can start; Infinity where there is none. */
  #next (text: string, from: number): number {
    const { prefix, first } = this.#hints
    if (prefix !== '') {
      const at = text.indexOf(prefix, from)
      return at < 0 ? Infinity : at
    }
    if (first === undefined) return from
    let at = from
    while (at < text.length && !holds(first, text.codePointAt(at) as number)) at = this.#after(text, at)
    return at < text.length ? at : Infinity
  }

  /** The place behind one at which nothing matched. */
  #after (text: string, at: number): number {
    return at + (this.#hints.wide && at < text.length && text.codePointAt(at) as number > 0xffff ? 2 : 1)
  }

  /** Runs one operation, takes its steps from the budget, and names the pattern where it fails. */
  #operate<T> (text: string, from: number, budget: PatternBudget | undefined, run: (machine: PatternMachine) => T): T {
    const machine = new PatternMachine(this.#program, text, budget, from)
    try {
      return run(machine)
    } catch (error) {
      if (!(error instanceof PatternOverrun || error instanceof ReplacementFault)) throw error
      throw new PatternFailedError(JSON.stringify(this.source), error.message)
    } finally {
      if (budget !== undefined) budget.steps -= machine.steps
    }
  }
}

function groupText (text: string, slots: readonly number[], slot: number): string | undefined {
  const start = slots[slot] as number
  return start < 0 ? undefined : text.slice(start, slots[slot + 1])
}

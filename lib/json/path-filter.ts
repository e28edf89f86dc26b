// The filters of a JSON path: `[?(@.price > 10 && @.name =~ /a.*/i)]` compiled to a test of one item.
import type { JavaPattern, PatternBudget } from '../java/index.ts'
import { compilePattern } from '../java/index.ts'
import { compareValues } from './path-compare.ts'
import { trimJava } from './trim.ts'
import { valueText } from './value-text.ts'

/** Whether an item passes; throws a PathFailure where the engine fails on what it holds. All items share one budget. */
export type FilterTest = (item: unknown, root: unknown, budget: PatternBudget) => boolean

/** Reads a definite path from an item or the root: undefined where it leads nowhere. */
export type OperandReader = (item: unknown, root: unknown) => unknown

/** What a filter needs from the compiler of paths, which in turn needs filters. */
export interface OperandCompiler {
  /** Compiles a definite path of a comparison. */
  operand (source: string): OperandReader
  /** Compiles a path whose existence is asked: it starts at the item even when written with `$`. */
  existing (source: string): OperandReader
  refuse (why: string): never
}

/* In the engine, white space is whatever is not above the space character. */
// eslint-disable-next-line no-control-regex
const FILTER = /^\[[\u0000- ]*\?[\u0000- ]*\(([^]*)\)[\u0000- ]*\]$/
const AND_OR = /(?<=&&|\|\|)|(?=&&|\|\|)/
const IGNORED_BEFORE = /^[[?( ]+/
const IGNORED_AFTER = /[) ]+$/

/** The comparisons, in the order in which they are looked for in the text of a condition. */
const COMPARISONS: ReadonlyArray<readonly [operator: string, accepts: (order: number) => boolean]> = [
  ['==', (order) => order === 0],
  ['>=', (order) => order <= 0],
  ['<=', (order) => order >= 0],
  ['!=', (order) => order !== 0],
  ['<', (order) => order > 0],
  ['>', (order) => order < 0]
]
const MATCHES = '=~'

/** Compiles the text of a filter, brackets included. */
export function compileFilter (source: string, compiler: OperandCompiler): FilterTest {
  const inner = FILTER.exec(source)?.[1]
  if (inner === undefined) return compiler.refuse(`filter ${source} must have the form [?(…)]`)
  const alternatives: FilterTest[][] = [[]]
  const parts = trimJava(inner).split(AND_OR).map(trimJava)
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) alternatives.at(-1)?.push(compileCondition(part, compiler))
    else if (part === '||') alternatives.push([])
    else if (part !== '&&') return compiler.refuse(`"${part}" in filter ${source} is no condition`)
  }
  if (parts.length % 2 === 0) return compiler.refuse(`filter ${source} lacks a condition beside && or ||`)
  return anyOf(alternatives.map(allOf))
}

/* The engine works from right to left; it shows where a condition fails on what an item holds. */
function allOf (tests: readonly FilterTest[]): FilterTest {
  return tests.reduceRight((done, test) => (item, root, budget) => done(item, root, budget) && test(item, root, budget))
}
function anyOf (tests: readonly FilterTest[]): FilterTest {
  return tests.reduceRight((done, test) => (item, root, budget) => done(item, root, budget) || test(item, root, budget))
}

/** One side of a comparison: a path, a pattern or a text. */
type Operand =
  | { readonly kind: 'path', readonly read: OperandReader }
  | { readonly kind: 'pattern', readonly pattern: JavaPattern }
  | { readonly kind: 'text', readonly text: string }

/** Compiles `left operator right`, or a path alone, which asks whether it leads to something that is not null. */
function compileCondition (source: string, compiler: OperandCompiler): FilterTest {
  const text = source.replace(IGNORED_BEFORE, '').replace(IGNORED_AFTER, '')
  if (text === '') return compiler.refuse('a filter has an empty condition')
  const operator = [...COMPARISONS.map(([name]) => name), MATCHES].find((name) => text.includes(name))
  if (operator === undefined) return compileExistence(text, compiler)
  const at = text.indexOf(operator)
  const left = compileOperand(trimJava(text.slice(0, at)), true, compiler)
  const right = compileOperand(trimJava(text.slice(at + operator.length)), false, compiler)
  if (operator === MATCHES) return compileMatch(text, left, right, compiler)
  const accepts = (COMPARISONS.find(([name]) => name === operator) as (typeof COMPARISONS)[number])[1]
  const ordering = operator !== '==' && operator !== '!='
  const [readLeft, readRight] = [operandReader(left), operandReader(right)]
  return (item, root) => {
    const actual = readLeft(item, root)
    const expected = readRight(item, root)
    if (actual === undefined || expected === undefined) return false
    if (ordering && (actual === null) !== (expected === null)) return false
    const order = compareValues(expected, actual)
    return order !== undefined && accepts(order)
  }
}

function compileExistence (text: string, compiler: OperandCompiler): FilterTest {
  const negated = text.startsWith('!@')
  if (!negated && text[0] !== '@' && text[0] !== '$') {
    return compiler.refuse(`"${text}" in a filter has none of the operators ${COMPARISONS.map(([name]) => name).join(' ')} ${MATCHES}`)
  }
  const read = compiler.existing(negated ? text.slice(1) : text)
  return (item, root) => {
    const value = read(item, root)
    return (value === undefined || value === null) === negated
  }
}

function compileOperand (text: string, mayNegate: boolean, compiler: OperandCompiler): Operand {
  if (text.startsWith('!@') && !mayNegate) return compiler.refuse(`"!" before ${text} only negates existence, as in [?(!@.a)]`)
  const path = text.startsWith('!@') ? text.slice(1) : text
  if (path[0] === '@' || path[0] === '$') return { kind: 'path', read: compiler.operand(path) }
  if (text[0] === "'" && text.endsWith("'")) {
    return text.length > 1 ? { kind: 'text', text: text.slice(1, -1) } : compiler.refuse('a quote in a filter is not closed')
  }
  if (text[0] === '/' && /\/i?$/.test(text)) {
    const end = text.lastIndexOf('/')
    if (end === 0) return compiler.refuse(`pattern ${text} in a filter is not closed`)
    return { kind: 'pattern', pattern: compilePattern(text.slice(1, end), { ignoreCase: text.endsWith('i') }) }
  }
  return { kind: 'text', text }
}

/** What an operand is in a comparison; a pattern compares with nothing, as an object does. */
function operandReader (operand: Operand): OperandReader {
  if (operand.kind === 'path') return operand.read
  const value = operand.kind === 'text' ? operand.text : operand.pattern
  return () => value
}

function compileMatch (text: string, left: Operand, right: Operand, compiler: OperandCompiler): FilterTest {
  const pattern = left.kind === 'pattern' ? left.pattern : right.kind === 'pattern' ? right.pattern : undefined
  if (pattern === undefined) return compiler.refuse(`"${text}" in a filter compares with no pattern, such as /a.*/`)
  const other = left.kind === 'pattern' ? right : left
  const read = other.kind === 'pattern' ? () => other.pattern.source : operandReader(other)
  return (item, root, budget) => {
    const target = read(item, root)
    return target !== undefined && target !== null && pattern.matches(valueText(target), budget)
  }
}

// The door of java/: what templates, JSON and patterns inherit from Java and JavaScript lacks.
export {
  JavaBigInteger, JavaDouble, isJavaNumber, javaInteger, javaNumberOf, parseJavaNumber
} from './number.ts'
export type { JavaNumber } from './number.ts'
export * from './arithmetic.ts'
export * from './budget.ts'
export * from './collections.ts'
export * from './equality.ts'
export { JavaBigDecimal } from './big-decimal.ts'
export { doubleText } from './double-text.ts'
export { javaText } from './text.ts'
export { formatJava } from './format.ts'
export { parseDoubleText, parseWhole } from './parse-text.ts'
export type { JavaPattern, PatternMatch, PatternOptions } from './pattern.ts'
export type { PatternBudget } from './pattern-machine.ts'
export { createPatternBudget } from './pattern-machine.ts'
export { compilePattern } from './pattern.ts'

// The parameters of a template: values given or by default, of their type, held to their constraints.
import { compilePattern } from '../../java/index.ts'
import { quote } from '../quote.ts'
import type { Json, JsonObject } from '../resource.ts'
import { readNumber } from '../yaml-scalar.ts'
import { refused, unresolved } from './failure.ts'
import type { EvaluationFailure } from './failure.ts'
import { isObject } from '../json.ts'
import { memberOf, scalarText } from './values.ts'

/** What a parameter stands for: a value, or why it has none. */
type Parameter = { readonly value: Json } | { readonly failure: EvaluationFailure }

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.*)>$/
const LIST = /^(?:CommaDelimitedList|List<(.*)>)$/

export class Parameters {
  readonly #parameters = new Map<string, Parameter>()
  /** What CloudFormation would refuse, in its words; a parameter whose value it refuses keeps that value. */
  readonly refusals: Array<{ readonly name: string, readonly message: string }> = []

  constructor (declared: JsonObject, given: Readonly<Record<string, string>>) {
    const unknown = Object.keys(given).filter((name) => !name.startsWith('AWS::') && !Object.hasOwn(declared, name))
    for (const name of unknown) this.refusals.push({ name, message: `Parameters: [${name}] do not exist in the template` })
    for (const [name, declaration] of Object.entries(declared)) {
      this.#parameters.set(name, this.#read(name, declaration, Object.hasOwn(given, name) ? given[name] : undefined))
    }
  }

  has (name: string): boolean {
    return this.#parameters.has(name)
  }

  /** Whether the template alone says its value. */
  isKnown (name: string): boolean {
    const parameter = this.#parameters.get(name)
    return parameter !== undefined && 'value' in parameter
  }

  /** Throws where the template alone does not say. */
  valueOf (name: string): Json {
    const parameter = this.#parameters.get(name)
    if (parameter === undefined) throw refused('parameter-unknown', `Parameter ${name} is not declared`)
    if ('failure' in parameter) throw parameter.failure.again()
    return parameter.value
  }

  #read (name: string, declaration: Json, given: string | undefined): Parameter {
    const type = scalarText(memberOf(declaration, 'Type'))
    if (!isObject(declaration) || type === undefined) {
      this.refusals.push({ name, message: 'Template format error: Every Parameters object must contain a Type member.' })
      return { value: '' }
    }
    const stored = SSM_VALUE.exec(type)
    const written = scalarText(declaration['Default'])
    if (stored !== null && given === undefined) {
      return {
        failure: unresolved('parameter-ssm', `Parameter ${name} is the value of ${quote(written ?? '?')} in Systems Manager, which is not asked here`,
          `give its value in parameters: ${name}`)
      }
    }
    const text = given ?? written
    if (text === undefined) {
      return { failure: unresolved('parameter-missing', `Parameter ${name} has no value`, `give it in parameters: ${name}`) }
    }
    const list = LIST.exec(stored?.[1] ?? type)
    const texts = list === null ? [text] : text === '' ? [] : text.split(',').map((part) => part.trim())
    for (const each of texts) this.#check(name, declaration, list?.[1] ?? stored?.[1] ?? type, each)
    return { value: list === null ? typed(text, type) : texts.map((each) => typed(each, list[1] ?? 'String')) }
  }

  #check (name: string, declaration: JsonObject, type: string, text: string): void {
    const message = faultOf(declaration, type, text)
    if (message === undefined) return
    const description = scalarText(declaration['ConstraintDescription'])
    this.refusals.push({
      name, message: description === undefined ? `Parameter '${name}' ${message}` : `Parameter '${name}' failed to satisfy constraint: ${description}`
    })
  }
}

function typed (text: string, type: string): Json {
  return type === 'Number' ? readNumber(text) ?? text : text
}

/** What CloudFormation says behind the name of a parameter; undefined where the value will do. */
function faultOf (declaration: JsonObject, type: string, text: string): string | undefined {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = declaration
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text))
  if (type === 'Number' && !isNumber) return 'must be a number'
  if (Array.isArray(AllowedValues) && !AllowedValues.some((allowed) => scalarText(allowed) === text)) return 'must be one of AllowedValues'
  const pattern = scalarText(AllowedPattern)
  if (pattern !== undefined && !matches(text, pattern)) return `must match pattern ${pattern}`
  if (text.length < limit(MinLength, 0)) return `must contain at least ${String(MinLength)} characters`
  if (text.length > limit(MaxLength, Infinity)) return `must contain at most ${String(MaxLength)} characters`
  if (isNumber && Number(text) < limit(MinValue, -Infinity)) return `must be a number not less than ${String(MinValue)}`
  if (isNumber && Number(text) > limit(MaxValue, Infinity)) return `must be a number not greater than ${String(MaxValue)}`
  return undefined
}

function limit (value: Json | undefined, otherwise: number): number {
  const text = scalarText(value)
  return text === undefined || Number.isNaN(Number(text)) ? otherwise : Number(text)
}

/** Patterns are Java's. One that cannot be kept to refuses no value. */
function matches (text: string, pattern: string): boolean {
  try {
    return compilePattern(pattern).matches(text)
  } catch {
    return true
  }
}

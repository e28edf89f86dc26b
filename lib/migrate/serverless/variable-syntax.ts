// The syntax of the Serverless Framework's variables: a text is parts, and a variable is sources that are tried in turn.
import type { Json } from '../resource.ts'

/** A text with variables: its parts in order. */
export type Template = ReadonlyArray<string | Variable>

/** `${opt:stage, 'dev'}` */
export interface Variable {
  /** What stands in the braces. */
  readonly text: string
  readonly sources: readonly VariableSource[]
}

/** `file(./a.${sls:stage}.yml):table.name`, or a value written out. */
export type VariableSource =
  | { readonly literal: Json }
  | { readonly type: string, readonly params: readonly Template[] | undefined, readonly address: Template | undefined }

/** What is wrong with a text, for the caller to say where it stands. */
export class VariableSyntaxError extends Error {}

const MAX_NESTING = 20
const TYPE = /[a-z][\w.-]*(?=\(|:(?!:))/y
/** A dot is in none but the framework's old spelling of a region; `${util.escape(x)}` is a mapping template's. */
const DOTTED = /^(?:cf|s3|ssm)\./
/** Written like a variable, but AWS IoT's own. */
const FOREIGN_TYPES = new Set(['iot'])

/** The parts of a text; a single string where it holds no variable. `${Other}` of Fn::Sub is text. */
export function parseTemplate (text: string): Template {
  return new Parser(text).template()
}

class Parser {
  readonly #text: string
  #index = 0
  #nesting = 0

  constructor (text: string) {
    this.#text = text
  }

  /** Up to the end, or inside of a variable to one of the characters that end what is read. */
  template (ends = ''): Template {
    const parts: Array<string | Variable> = []
    let literal = ''
    while (this.#index < this.#text.length && !ends.includes(this.#peek())) {
      const slashes = this.#match(/\\+/y)?.length ?? 0
      if (!this.#text.startsWith('${', this.#index)) {
        literal += slashes === 0 ? this.#text[this.#index++] : '\\'.repeat(slashes)
        continue
      }
      this.#index += 2
      const escaped = slashes % 2 === 1
      const isVariable = this.#isType()
      literal += '\\'.repeat(escaped || isVariable ? slashes >> 1 : slashes)
      if (isVariable && !escaped) {
        if (literal !== '') parts.push(literal)
        literal = ''
        parts.push(this.#variable())
      } else {
        if (ends !== '' && !escaped) this.#fail('a variable inside of a variable must begin with its type, as in ${self:custom.name}')
        literal += '${'
      }
    }
    const last = ends === '' ? literal : literal.trimEnd()
    if (last !== '' || parts.length === 0) parts.push(last)
    return parts
  }

  #variable (): Variable {
    if (++this.#nesting > MAX_NESTING) this.#fail(`variables are nested in more than ${MAX_NESTING} others`)
    const start = this.#index
    const sources = [this.#source()]
    while (this.#peek() === ',') {
      this.#index++
      this.#skipSpace()
      sources.push(this.#isType() ? this.#source() : this.#literal())
    }
    if (this.#peek() !== '}') this.#fail(this.#index < this.#text.length ? `"${this.#peek()}" is not expected in a variable` : 'a variable lacks its closing brace')
    this.#nesting--
    return { text: this.#text.slice(start, this.#index++).trim(), sources }
  }

  #source (): VariableSource {
    const type = this.#match(TYPE) as string
    const params = this.#peek() === '(' ? this.#params() : undefined
    this.#skipSpace()
    if (this.#peek() !== ':') return { type, params, address: undefined }
    this.#index++
    return { type, params, address: this.#value(',}') }
  }

  #params (): Template[] {
    const params: Template[] = []
    do {
      this.#index++
      params.push(this.#value(',)}'))
    } while (this.#peek() === ',')
    if (this.#peek() !== ')') this.#fail('the parameters of a variable lack their closing parenthesis')
    this.#index++
    return params
  }

  #value (ends: string): Template {
    this.#skipSpace()
    const quoted = this.#quoted()
    return quoted === undefined ? this.template(ends) : [quoted]
  }

  #literal (): VariableSource {
    const quoted = this.#quoted()
    if (quoted !== undefined) return { literal: quoted }
    const word = this.#match(/[^,}]*/y)?.trim() ?? ''
    if (word === 'true' || word === 'false') return { literal: word === 'true' }
    if (word === 'null') return { literal: null }
    if (word === '[]') return { literal: [] }
    const number = Number(word)
    if (word === '' || Number.isNaN(number)) this.#fail(`"${word}" is no value; text stands in quotes, as in \${opt:stage, 'dev'}`)
    return { literal: number }
  }

  #quoted (): string | undefined {
    const text = this.#match(/"(?:[^"\\]|\\.)*"|'[^']*'/ys)
    if (text === undefined) return undefined
    this.#skipSpace()
    if (text.startsWith("'")) return text.slice(1, -1)
    try {
      return JSON.parse(text) as string
    } catch {
      return this.#fail(`${text} is no text in quotes`)
    }
  }

  /** Whether a variable's source begins here. */
  #isType (): boolean {
    TYPE.lastIndex = this.#index
    const type = TYPE.exec(this.#text)?.[0]
    return type !== undefined && !FOREIGN_TYPES.has(type) && (!type.includes('.') || DOTTED.test(type))
  }

  #peek (): string {
    return this.#text[this.#index] ?? ''
  }

  #skipSpace (): void {
    this.#match(/\s*/y)
  }

  #match (pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index
    const found = pattern.exec(this.#text)?.[0]
    this.#index += found?.length ?? 0
    return found
  }

  #fail (message: string): never {
    throw new VariableSyntaxError(message)
  }
}

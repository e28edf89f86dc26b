// JSON with what JSON.parse forgets: where values stand, how numbers were written, which keys came twice.
import { Positions } from './positions.ts'
import type { ParsedText } from './positions.ts'
import { quote } from './quote.ts'
import { readNumber } from './yaml-scalar.ts'
import type { Json, JsonObject } from './resource.ts'

/** Told of what is wrong and where; does not come back. */
export type Refuse = (reason: string, offset: number) => never

/** Reads a text that JSON.parse has accepted, so only what that lets pass is checked here. */
export function readJson (text: string, maximumDepth: number, refuse: Refuse): ParsedText {
  const positions = new Positions(text)
  const token = /[\s,:]*([[\]{}"]|[^\s,:[\]{}"]+)/y

  function next (): string {
    const lexeme = (token.exec(text) as RegExpExecArray)[1] as string
    if (lexeme !== '"') return lexeme
    const start = token.lastIndex - 1
    do token.lastIndex = text.indexOf('"', token.lastIndex) + 1
    while (isEscaped(token.lastIndex - 1))
    return text.slice(start, token.lastIndex)
  }

  function isEscaped (offset: number): boolean {
    let start = offset
    while (text[start - 1] === '\\') start--
    return (offset - start) % 2 === 1
  }

  function valueOf (lexeme: string, depth: number): Json {
    if (depth > maximumDepth) refuse(`Values are nested more than ${maximumDepth} deep`, token.lastIndex - 1)
    switch (lexeme[0]) {
      case '{': return readObject(depth)
      case '[': return readList(depth)
      case '"': return JSON.parse(lexeme) as string
      case 't': return true
      case 'f': return false
      case 'n': return null
      default: return readNumber(lexeme) ?? lexeme
    }
  }

  function readObject (depth: number): JsonObject {
    const object: JsonObject = Object.create(null)
    for (let lexeme = next(); lexeme !== '}'; lexeme = next()) {
      const offset = token.lastIndex - lexeme.length
      const key = JSON.parse(lexeme) as string
      if (key in object) refuse(`Key ${quote(key)} is written twice`, offset)
      positions.set(object, key, offset)
      object[key] = valueOf(next(), depth + 1)
    }
    return object
  }

  function readList (depth: number): Json[] {
    const list: Json[] = []
    for (let lexeme = next(); lexeme !== ']'; lexeme = next()) {
      positions.set(list, list.length, token.lastIndex - lexeme.length)
      list.push(valueOf(lexeme, depth + 1))
    }
    return list
  }

  const value = valueOf(next(), 1)
  return { value, positionOf: (path) => positions.of(value, path) }
}

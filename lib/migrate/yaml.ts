// A definition's text as JSON with positions: YAML 1.1 as CloudFormation reads it, short tags in their long form, and JSON.
import { Composer, Parser } from 'yaml'
import type { Document } from 'yaml'
import { DefinitionSourceError } from '../errors.ts'
import { readJson } from './json-text.ts'
import type { Refuse } from './json-text.ts'
import { Positions } from './positions.ts'
import type { ParsedText } from './positions.ts'
import { hasTokenCharacters } from './references.ts'
import type { Json, PropertyPath } from './resource.ts'
import { findTooDeep } from './yaml-depth.ts'
import { NodeReader } from './yaml-nodes.ts'

/** CloudFormation takes templates of 1 MB; files of the Serverless Framework are far smaller. */
const MAXIMUM_YAML = 2_000_000
/** Plans of Terraform repeat themselves and grow large. */
const MAXIMUM_JSON = 64_000_000
const MAXIMUM_DEPTH = 100
/** All that YAML 1.1 does not count among the printable characters. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\x80-\x84\x86-\x9F\uFFFE\uFFFF]/
/** What a reference's characters look like, escaped or not. */
const TOKEN_LIKE = /[\uE0F0-\uE0F2]|E0F[0-2]/i

/** Reads YAML or JSON. What cannot be read is AGW_ERR_MIGRATE_SOURCE, which names line and column. */
export function parseYaml (text: string, name: string): ParsedText {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const refuse: Refuse = (reason, offset) => {
    const { line, column } = new Positions(source).at(offset)
    throw new DefinitionSourceError(`${name}:${line}:${column}`, reason)
  }
  if (source.length > MAXIMUM_JSON) throw new DefinitionSourceError(name, `Text of ${source.length} characters is longer than ${MAXIMUM_JSON}`)
  const control = CONTROL.exec(source)
  if (control !== null) refuse(`Character ${printCharacter(control[0])} is a control character`, control.index)
  const parsed = isJson(source) ? readJson(source, MAXIMUM_DEPTH, refuse) : readYaml(source, name, refuse)
  if (TOKEN_LIKE.test(source)) refuseTokens(parsed, name)
  return parsed
}

function isJson (text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readYaml (text: string, name: string, refuse: Refuse): ParsedText {
  if (text.length > MAXIMUM_YAML) throw new DefinitionSourceError(name, `Text of ${text.length} characters is longer than ${MAXIMUM_YAML}`)
  const tooDeep = findTooDeep(text, MAXIMUM_DEPTH)
  if (tooDeep !== undefined) refuse(`Values are nested more than ${MAXIMUM_DEPTH} deep`, tooDeep)
  const document = compose(text, refuse)
  const positions = new Positions(text)
  const value = document.contents === null ? null : new NodeReader(positions, refuse, MAXIMUM_DEPTH).read(document.contents)
  return { value, positionOf: (path) => positions.of(value, path) }
}

/** The only document of a text, every scalar still a text. */
function compose (text: string, refuse: Refuse): Document.Parsed {
  const composer = new Composer({ schema: 'failsafe', resolveKnownTags: false, merge: false, uniqueKeys: false, prettyErrors: false })
  const tokens = new Parser().parse(text)
  let first: Document.Parsed | undefined
  for (const document of composer.compose(tokens, true, text.length)) {
    const error = document.errors[0]
    if (error !== undefined) refuse(error.message, error.pos[0])
    if (first !== undefined) refuse('Text holds more than one document', document.range[0])
    first = document
  }
  return first as Document.Parsed
}

/** A text of the definition that forged a reference could name a resource it must not. */
function refuseTokens (parsed: ParsedText, name: string): void {
  const walk = (value: Json, path: PropertyPath): void => {
    if (typeof value === 'string') return check(value, path)
    if (typeof value !== 'object' || value === null) return
    for (const [key, child] of Object.entries(value)) {
      const below = [...path, Array.isArray(value) ? Number(key) : key]
      check(key, below)
      walk(child, below)
    }
  }
  const check = (text: string, path: PropertyPath): void => {
    if (!hasTokenCharacters(text)) return
    const { line, column } = parsed.positionOf(path) ?? { line: 1, column: 1 }
    throw new DefinitionSourceError(`${name}:${line}:${column}`, 'Characters U+E0F0 to U+E0F2 are kept for references between resources')
  }
  walk(parsed.value, [])
}

function printCharacter (character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

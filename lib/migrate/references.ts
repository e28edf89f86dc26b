// References between resources as tokens inside strings, so that one mechanism reads every shape that Join and Sub make.

/** Private characters that no definition may contain: between the outer two is an id and, behind the third, an attribute. */
const OPEN = '\uE0F0'
const CLOSE = '\uE0F1'
const SEPARATOR = '\uE0F2'
const TOKEN = /\uE0F0([^\uE0F0-\uE0F2]+)(?:\uE0F2([^\uE0F0-\uE0F2]+))?\uE0F1/g

/** A reference to a resource, or to an attribute of it. */
export interface Reference {
  readonly id: string
  /** `Arn` of `Fn::GetAtt`; undefined of `Ref`. */
  readonly attribute: string | undefined
}

/** The token of a reference. An id may hold anything but the characters of tokens: Terraform's addresses have dots. */
export function createReference (id: string, attribute?: string): string {
  return `${OPEN}${id}${attribute === undefined ? '' : SEPARATOR + attribute}${CLOSE}`
}

/** The only reference a text consists of. */
export function readReference (text: string): Reference | undefined {
  const match = new RegExp(`^${TOKEN.source}$`).exec(text)
  return match === null ? undefined : { id: match[1] as string, attribute: match[2] }
}

/** Puts something in the place of every reference of a text. */
export function replaceReferences (text: string, replace: (reference: Reference) => string): string {
  return text.replace(TOKEN, (_, id: string, attribute: string | undefined) => replace({ id, attribute }))
}

/** Whether a text of the source holds what tokens are made of, and so could forge one. */
export function hasTokenCharacters (text: string): boolean {
  return text.includes(OPEN) || text.includes(CLOSE) || text.includes(SEPARATOR)
}

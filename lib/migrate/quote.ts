// What messages quote of a definition.
import { shorten } from '../shorten.ts'
import type { Json } from './resource.ts'

const LONGEST_VALUE = 80
const LONGEST_NAME = 150
const MOST_NAMES = 20

/** A value as a message quotes it. */
export function quote (value: Json | undefined): string {
  return shorten(JSON.stringify(value ?? null), LONGEST_VALUE)
}

/** A name as a message says it, without quotes. */
export function sayName (name: string): string {
  return shorten(name, LONGEST_NAME)
}

/** `a, b, c`, or `none` */
export function sayNames (names: readonly string[]): string {
  const said = names.slice(0, MOST_NAMES).map(sayName).join(', ')
  return names.length > MOST_NAMES ? `${said} and ${names.length - MOST_NAMES} more` : said || 'none'
}

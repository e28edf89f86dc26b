// What a class of Java offers a template: methods by name and arguments, properties that read and write.
import { JavaChar, JavaDouble, collectionItems, isJavaNumber, mapOf } from '../java/index.ts'
import type { Run } from './run.ts'

/** The value a method was called on comes first. `any` since the table already chose by class. */

export type Call = (self: any, ...args: any[]) => unknown
/** A method that prints values or costs more than a step needs the rendering too. */

export type RunCall = (run: Run, self: any, ...args: any[]) => unknown

type Accepts = (value: unknown) => boolean

const orNull = (accepts: Accepts): Accepts => (value) => value === null || value === undefined || accepts(value)
const isInt: Accepts = (value) => typeof value === 'number'
const isLong: Accepts = (value) => typeof value === 'number' || typeof value === 'bigint'
const isString = orNull((value) => typeof value === 'string')

/** Which values a parameter of a type takes, as Velocity converts them. */
const TYPES: Readonly<Record<string, Accepts>> = {
  int: isInt,
  long: isLong,
  double: (value) => isLong(value) || value instanceof JavaDouble,
  boolean: (value) => typeof value === 'boolean',
  char: (value) => value instanceof JavaChar,
  String: isString,
  CharSequence: isString,
  Object: () => true,
  Integer: orNull(isInt),
  Long: orNull((value) => typeof value === 'bigint'),
  Double: orNull((value) => value instanceof JavaDouble),
  Boolean: orNull((value) => typeof value === 'boolean'),
  Character: orNull((value) => value instanceof JavaChar),
  Number: orNull(isJavaNumber),
  Collection: orNull((value) => collectionItems(value) !== undefined),
  Map: orNull((value) => mapOf(value) !== undefined)
}

/** One overload of a method. */
export interface Overload {
  readonly accepts: readonly Accepts[]
  readonly takesRest: boolean
  readonly call: Call | undefined
  readonly runCall: RunCall | undefined
}

export interface Property {
  readonly read: (self: never, run: Run) => unknown
  readonly write?: (self: never, value: unknown) => void
}

export interface JavaClass {
  /** `name/arguments` to the overloads, the most specific first; `name/*` takes any further arguments. */
  readonly methods: ReadonlyMap<string, readonly Overload[]>
  readonly properties: ReadonlyMap<string, Property>
}

const SIGNATURE = /^(\w+)\(([\w,]*?),?(\.\.\.)?\)$/

/**
 * Builds a class from methods named as `substring(int,int)`, in the order they are tried. `...` at the end takes any
 * further arguments, which arrive as one array. `runMethods` are given the rendering first.
 */
export function javaClass (
  methods: Readonly<Record<string, Call>>, runMethods: Readonly<Record<string, RunCall>> = {},
  properties: Readonly<Record<string, Property>> = {}
): JavaClass {
  const table = new Map<string, Overload[]>()
  const add = (signature: string, call: Call | undefined, runCall: RunCall | undefined): void => {
    const [, name, types, rest] = SIGNATURE.exec(signature) as unknown as [string, string, string, string | undefined]
    const accepts = types === '' ? [] : types.split(',').map((type) => TYPES[type] as Accepts)
    const key = `${name}/${rest === undefined ? accepts.length : '*'}`
    const overloads = table.get(key) ?? []
    overloads.push({ accepts, takesRest: rest !== undefined, call, runCall })
    table.set(key, overloads)
  }
  for (const [signature, call] of Object.entries(methods)) add(signature, call, undefined)
  for (const [signature, call] of Object.entries(runMethods)) add(signature, undefined, call)
  return { methods: table, properties: new Map(Object.entries(properties)) }
}

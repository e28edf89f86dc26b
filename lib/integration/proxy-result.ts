// What a proxy handler returned, read as API Gateway reads a Lambda proxy result.
import { ProxyResultMalformedError } from '../errors.ts'
import type { IntegrationResult } from './integration.ts'

type FieldCheck = (value: unknown) => string | undefined

/** The only keys a proxy result may have; each check says what is wrong with a value, or nothing. */
const FIELDS: ReadonlyMap<string, FieldCheck> = new Map<string, FieldCheck>([
  ['statusCode', (value) => {
    return readStatusCode(value) === undefined ? 'statusCode must be an integer from 100 to 599' : undefined
  }],
  ['headers', (value) => isHeaders(value, isScalar) ? undefined : 'headers must be an object of strings'],
  ['multiValueHeaders', (value) => {
    return isHeaders(value, isScalarList) ? undefined : 'multiValueHeaders must be an object of lists of strings'
  }],
  ['body', (value) => typeof value === 'string' || value === null ? undefined : 'body must be a string'],
  ['isBase64Encoded', (value) => typeof value === 'boolean' || value === null ? undefined : 'isBase64Encoded must be a boolean']
])

/** The result of a handler that returned null or undefined: valid for a message, which then gets no frame. */
const NO_RESULT: IntegrationResult = {
  statusCode: 200, headers: undefined, multiValueHeaders: undefined, body: undefined, isNull: true
}

/** The result as the gateway uses it, or the error that says how it is malformed. Undefined values count as absent. */
export function readProxyResult (result: unknown): IntegrationResult | Error {
  if (result === undefined || result === null) return NO_RESULT
  if (typeof result !== 'object' || Array.isArray(result)) {
    return new ProxyResultMalformedError(`it is ${describe(result)}, not an object`)
  }
  const keys = Object.keys(result)
  // Returned where it was to be thrown, or of a class that keeps what it says where no answer is read: no such result
  // may open a connection as if it were empty.
  if (result instanceof Error) return new ProxyResultMalformedError('it is an error; throw it')
  if (keys.length === 0 && !isPlain(result)) return new ProxyResultMalformedError(`it is ${describe(result)} without members of its own`)
  // Each member is read once, and own ones alone: what a getter or a prototype says later has not been checked.
  const members: Record<string, any> = {}
  for (const key of keys) {
    const value = (result as Record<string, unknown>)[key]
    // As in JSON, what a Lambda's answer travels as: undefined members do not exist.
    if (value === undefined) continue
    const check = FIELDS.get(key)
    if (check === undefined) {
      return new ProxyResultMalformedError(`key ${JSON.stringify(key)} is not allowed; allowed are ${[...FIELDS.keys()].join(', ')}`)
    }
    const problem = check(value)
    if (problem !== undefined) return new ProxyResultMalformedError(`${problem}, not ${describe(value)}`)
    members[key] = value
  }
  const { statusCode, headers, multiValueHeaders, body } = members
  return {
    statusCode: statusCode === undefined ? 200 : readStatusCode(statusCode) as number,
    headers: headers ?? undefined,
    multiValueHeaders: multiValueHeaders ?? undefined,
    body: body ?? undefined,
    isNull: false
  }
}

function readStatusCode (value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  return typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined
}

function isHeaders (value: unknown, isValue: (value: unknown) => boolean): boolean {
  return value === null || (typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isValue))
}

function isScalar (value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === undefined
}

function isScalarList (value: unknown): boolean {
  return Array.isArray(value) && value.every(isScalar)
}

function isPlain (value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Of another realm too, as under test runners: there Object.prototype is another, but nothing is behind it either.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A value in a log line: short, and never the whole of a large one. */
function describe (value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

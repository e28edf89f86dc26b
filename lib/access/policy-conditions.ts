// Conditions of a policy statement: the operators and keys that can be judged here soundly. All others are refused,
// because a condition that is skipped would allow what its author meant to forbid.
import { BlockList, isIP, isIPv4 } from 'node:net'
import { PolicyInvalidError } from '../errors.ts'
import { matchesArn, matchesWildcard } from './wildcard.ts'

/** What conditions are judged against. Undefined is a key that the request does not have. */
export interface ConditionContext {
  readonly sourceIp: string
  readonly isSecure: boolean
  /** Epoch milliseconds. */
  readonly now: number
  readonly userAgent: string | undefined
  readonly referer: string | undefined
  /** Of an IAM caller. */
  readonly principalArn?: string | undefined
  readonly principalAccount?: string | undefined
  readonly userId?: string | undefined
  readonly userName?: string | undefined
}

export interface Condition {
  /** Undefined where it cannot be told, because the client's address is none. */
  readonly holds: (context: ConditionContext) => boolean | undefined
}

type ValueType = 'string' | 'ip' | 'date' | 'bool' | 'arn'

interface ConditionKey {
  readonly type: ValueType
  readonly read: (context: ConditionContext) => string | undefined
}

/** Keys of every request, in lower case: IAM does not tell cases apart. */
const REQUEST_KEYS: ReadonlyArray<readonly [string, ConditionKey]> = [
  ['aws:sourceip', { type: 'ip', read: ({ sourceIp }) => unmapAddress(sourceIp) }],
  ['aws:securetransport', { type: 'bool', read: ({ isSecure }) => String(isSecure) }],
  ['aws:currenttime', { type: 'date', read: ({ now }) => String(now) }],
  ['aws:epochtime', { type: 'date', read: ({ now }) => String(now) }],
  ['aws:useragent', { type: 'string', read: ({ userAgent }) => userAgent }],
  ['aws:referer', { type: 'string', read: ({ referer }) => referer }]
]

/** Keys of a caller who signed the request. */
const CALLER_KEYS: ReadonlyArray<readonly [string, ConditionKey]> = [
  ['aws:principalarn', { type: 'arn', read: ({ principalArn }) => principalArn }],
  ['aws:principalaccount', { type: 'string', read: ({ principalAccount }) => principalAccount }],
  ['aws:userid', { type: 'string', read: ({ userId }) => userId }],
  ['aws:username', { type: 'string', read: ({ userName }) => userName }]
]

export type ConditionKeys = ReadonlyMap<string, ConditionKey>

/** The keys that the policy of a Lambda authorizer may ask for. */
export const AUTHORIZER_CONDITION_KEYS: ConditionKeys = new Map(REQUEST_KEYS)
/** The keys that the policy of an IAM caller may ask for. */
export const IAM_CONDITION_KEYS: ConditionKeys = new Map([...REQUEST_KEYS, ...CALLER_KEYS])

/** Compiles one value of a policy to a test of the request's value. */
type Operator = (value: string) => (actual: string) => boolean

interface OperatorRow {
  /** The types of keys it can be used with. */
  readonly types: readonly ValueType[]
  readonly compile: Operator
  /** True where none of the values may match, and where a missing key satisfies. */
  readonly isNegated: boolean
}

const TEXTS: readonly ValueType[] = ['string', 'ip', 'bool', 'arn']

const equals: Operator = (value) => (actual) => actual === value
const equalsIgnoringCase: Operator = (value) => (actual) => actual.toLowerCase() === value.toLowerCase()
const isLike: Operator = (value) => (actual) => matchesWildcard(value, actual)
const isLikeArn: Operator = (value) => (actual) => matchesArn(value, actual)
const compare = (holds: (difference: number) => boolean): Operator => (value) => {
  const time = parseTime(value)
  return (actual) => holds(Number(actual) - time)
}

/** Operators by name; each second entry of a pair is the negation of the first. */
const OPERATORS: ReadonlyMap<string, OperatorRow> = new Map([
  ...pair('StringEquals', 'StringNotEquals', TEXTS, equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', TEXTS, equalsIgnoringCase),
  ...pair('StringLike', 'StringNotLike', TEXTS, isLike),
  ...pair('ArnEquals', 'ArnNotEquals', ['arn'], isLikeArn),
  ...pair('ArnLike', 'ArnNotLike', ['arn'], isLikeArn),
  ...pair('IpAddress', 'NotIpAddress', ['ip'], compileAddress),
  ...pair('DateEquals', 'DateNotEquals', ['date'], compare((difference) => difference === 0)),
  ...pair('Bool', undefined, ['bool'], (value) => {
    const wanted = value.toLowerCase()
    if (wanted !== 'true' && wanted !== 'false') throw new PolicyInvalidError(`Bool compares with "${value}", not with true or false`)
    return (actual) => actual === wanted
  }),
  ...['Date', 'Numeric'].flatMap((family) => [
    ...pair(`${family}LessThan`, undefined, ['date'], compare((difference) => difference < 0)),
    ...pair(`${family}LessThanEquals`, undefined, ['date'], compare((difference) => difference <= 0)),
    ...pair(`${family}GreaterThan`, undefined, ['date'], compare((difference) => difference > 0)),
    ...pair(`${family}GreaterThanEquals`, undefined, ['date'], compare((difference) => difference >= 0))
  ])
])

function pair (
  name: string, negation: string | undefined, types: readonly ValueType[], compile: Operator
): Array<[string, OperatorRow]> {
  const rows: Array<[string, OperatorRow]> = [[name, { types, compile, isNegated: false }]]
  if (negation !== undefined) rows.push([negation, { types, compile, isNegated: true }])
  return rows
}

const IF_EXISTS = 'IfExists'
const NULL = 'Null'

/** Compiles a `Condition` block; all of its operators and keys must hold. Throws PolicyInvalidError. */
export function compileConditions (block: unknown, keys: ConditionKeys): Condition[] {
  if (block === undefined) return []
  return entriesOf(block, 'Condition').flatMap(([operator, tests]) =>
    entriesOf(tests, `Condition.${operator}`).map(([key, values]) => compileCondition(operator, key, listOf(values, `${operator} of ${key}`), keys)))
}

function compileCondition (name: string, keyName: string, values: readonly string[], keys: ConditionKeys): Condition {
  const key = keys.get(keyName.toLowerCase())
  if (key === undefined) throw new PolicyInvalidError(`condition key ${keyName} is not supported; supported are ${[...keys.keys()].join(', ')}`)
  const { read, type } = key
  if (name === NULL) return compileNull(values, read)
  const isOptional = name.endsWith(IF_EXISTS)
  const operatorName = isOptional ? name.slice(0, -IF_EXISTS.length) : name
  const operator = OPERATORS.get(operatorName)
  if (operator === undefined) throw new PolicyInvalidError(`condition operator ${name} is not supported; supported are ${[...OPERATORS.keys()].join(', ')}, Null`)
  if (!operator.types.includes(type)) throw new PolicyInvalidError(`condition operator ${name} cannot be used with ${keyName}`)
  const tests = values.map(operator.compile)
  const whenMissing = isOptional || operator.isNegated
  return {
    holds (context) {
      const actual = read(context)
      if (actual === undefined) return whenMissing
      if (type === 'ip' && isIP(actual) === 0) return undefined
      return tests.some((test) => test(actual)) !== operator.isNegated
    }
  }
}

function compileNull (values: readonly string[], read: ConditionKey['read']): Condition {
  if (values.length !== 1 || (values[0] !== 'true' && values[0] !== 'false')) throw new PolicyInvalidError('Null compares with one of true and false')
  const wantsMissing = values[0] === 'true'
  return { holds: (context) => (read(context) === undefined) === wantsMissing }
}

/** A CIDR block or a single address. A mapped IPv4 block is refused: its prefix length would count other bits. */
function compileAddress (value: string): (actual: string) => boolean {
  const [address, prefix, ...rest] = value.split('/') as [string, string?, ...string[]]
  const family = isIP(address)
  const bits = family === 4 ? 32 : 128
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
  if (family === 0 || unmapAddress(address) !== address || !isPrefix || rest.length > 0) {
    throw new PolicyInvalidError(`"${value}" is no address and no CIDR block`)
  }
  const list = new BlockList()
  list.addSubnet(address, prefix === undefined ? bits : Number(prefix), family === 4 ? 'ipv4' : 'ipv6')
  return (actual) => (isIPv4(actual) === (family === 4)) && list.check(actual, family === 4 ? 'ipv4' : 'ipv6')
}

const MAPPED_PREFIX = '::ffff:'

/** An IPv4 client of a dual-stack listener, as IPv4; an address without its zone. */
function unmapAddress (address: string): string {
  const lower = address.toLowerCase().replace(/%.*$/, '')
  const rest = lower.startsWith(MAPPED_PREFIX) ? lower.slice(MAPPED_PREFIX.length) : ''
  return isIPv4(rest) ? rest : lower
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/

/** ISO 8601 or epoch seconds, in epoch milliseconds. */
function parseTime (value: string): number {
  const time = /^\d{1,12}$/.test(value) ? Number(value) * 1000 : ISO_TIME.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(time)) throw new PolicyInvalidError(`"${value}" is no time; write 2026-01-31T00:00:00Z or epoch seconds`)
  return time
}

function entriesOf (value: unknown, what: string): Array<[string, unknown]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PolicyInvalidError(`${what} must be an object`)
  return Object.entries(value)
}

/** Values as IAM reads them: one or a list; booleans and numbers are text. */
function listOf (value: unknown, what: string): string[] {
  const values = Array.isArray(value) ? value : [value]
  if (values.length === 0) throw new PolicyInvalidError(`${what} has no value`)
  return values.map((item) => {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') throw new PolicyInvalidError(`${what} has a value that is no text`)
    const text = String(item)
    if (text.includes('${')) throw new PolicyInvalidError(`${what} has the policy variable "${text}"; policy variables are not supported`)
    return text
  })
}

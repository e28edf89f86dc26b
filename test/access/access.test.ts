// The room of access control without a server: policies, identity sources, results, caches, counters, periods, origins.
import { createHash } from 'node:crypto'
import t from 'tap'
import { ApiKeys, compileIdentitySource, compileOrigins, compileRouteThrottles, createExecuteApiArn, MemoryCounters, RequestAuthorizer, ResultCache, TokenBucket } from '../../lib/access/index.ts'
import type { ConditionContext, UsageRequest } from '../../lib/access/index.ts'
import { readAuthorizerResult } from '../../lib/access/authorizer-result.ts'
import { readIdentity } from '../../lib/access/identity-sources.ts'
import { compilePolicy, evaluatePolicies } from '../../lib/access/policy.ts'
import { AUTHORIZER_CONDITION_KEYS, IAM_CONDITION_KEYS } from '../../lib/access/policy-conditions.ts'
import { numberPeriod } from '../../lib/access/quota-period.ts'
import { matchesArn, matchesWildcard } from '../../lib/access/wildcard.ts'
import { PolicyInvalidError } from '../../lib/errors.ts'
import { Refusal } from '../../lib/refusal.ts'

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect'
const INVOKE = 'execute-api:Invoke'
const CONTEXT: ConditionContext = {
  sourceIp: '192.0.2.10',
  isSecure: true,
  now: Date.UTC(2026, 0, 31, 12),
  userAgent: 'ua/1.0',
  referer: undefined,
  principalArn: 'arn:aws:iam::123456789012:user/team/ada',
  principalAccount: '123456789012',
  userId: 'AIDA',
  userName: 'ada'
}

function decide (statement: object | object[], context: ConditionContext = CONTEXT, resource = ARN, action = INVOKE): string {
  return evaluatePolicies([compilePolicy({ Version: '2012-10-17', Statement: statement }, IAM_CONDITION_KEYS)], action, resource, context)
}
const allowIf = (Condition: object): object => ({ Effect: 'Allow', Action: '*', Resource: '*', Condition })

/** A small generator of numbers, so that a failure can be had again. */
function createRandom (seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 2 ** 32 * below)
  }
}

t.test('a wildcard matches what its regular expression matches, on thousands of random pairs', async (t) => {
  const random = createRandom(7)
  const draw = (alphabet: string, longest: number): string => Array.from({ length: random(longest) }, () => alphabet[random(alphabet.length)]).join('')
  let matches = 0
  for (let i = 0; i < 20_000; i++) {
    const pattern = draw('ab*?/', 8)
    const text = draw('ab/', 10)
    const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text)
    if (expected) matches++
    if (matchesWildcard(pattern, text) !== expected) t.fail(`${pattern} on ${text}`)
  }
  t.ok(matches > 500, `${matches} matches among them`)
})

t.test('a wildcard that makes regular expressions run away costs little', async (t) => {
  const startedAt = performance.now()
  t.notOk(matchesWildcard('*a'.repeat(200) + 'b', 'a'.repeat(1600)))
  t.ok(performance.now() - startedAt < 500)
})

t.test('a wildcard stays in its part of an ARN, except in the last that the pattern has', async (t) => {
  for (const [pattern, expected] of [
    ['*', true], ['arn:*', true], ['arn:aws:execute-api:*', true], ['arn:aws:execute-api:*:*:*', true], [ARN, true],
    ['arn:aws:execute-api:us-east-1:123456789012:*/prod/*', true], ['arn:aws:execute-api:us-east-?:*:a1b2c3d4e5/*/$connect', true],
    ['arn:aws:*:a1b2c3d4e5/prod/$connect', false], ['arn:aws:execute-api:*:a1b2c3d4e5/*', false],
    ['arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/*/*', false], ['arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/PROD/*', false],
    ['', false], ['arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect/x', false]
  ] as const) t.equal(matchesArn(pattern, ARN), expected, pattern)
  t.equal(createExecuteApiArn({ region: 'cn-north-1', accountId: '1', apiId: 'a' }, 's', 'x'), 'arn:aws-cn:execute-api:cn-north-1:1:a/s/x')
  t.equal(createExecuteApiArn({ region: 'eusc-de-east-1', accountId: '1', apiId: 'a' }, 's', 'x'), 'arn:aws-eusc:execute-api:eusc-de-east-1:1:a/s/x')
  t.equal(createExecuteApiArn({ region: 'us-gov-west-1', accountId: '1', apiId: 'a' }, 's', 'x'), 'arn:aws-us-gov:execute-api:us-gov-west-1:1:a/s/x')
})

t.test('policies decide as IAM does', async (t) => {
  t.equal(decide([]), 'IMPLICIT_DENY')
  t.equal(decide({ Effect: 'Allow', Action: INVOKE, Resource: ARN }), 'ALLOW')
  t.equal(decide({ Effect: 'Allow', Action: 'EXECUTE-API:inv*', Resource: '*' }), 'ALLOW', 'actions are told apart without regard to case')
  t.equal(decide({ Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: '*' }), 'IMPLICIT_DENY')
  t.equal(decide([{ Effect: 'Deny', Action: '*', Resource: '*/prod/*' }].map((row) => ({ ...row, Resource: 'arn:aws:execute-api:*:*:*/prod/*' }))), 'EXPLICIT_DENY')
  t.equal(decide([{ Effect: 'Deny', Action: '*', Resource: ARN }, { Effect: 'Allow', Action: '*', Resource: '*' }]), 'EXPLICIT_DENY')
  t.equal(decide([{ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: '*', Resource: ARN }]), 'EXPLICIT_DENY')
  t.equal(decide({ Effect: 'Allow', NotAction: ['s3:*', 'execute-api:Invalidate*'], Resource: '*' }), 'ALLOW')
  t.equal(decide({ Effect: 'Allow', NotAction: 'execute-api:*', Resource: '*' }), 'IMPLICIT_DENY')
  t.equal(decide({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:execute-api:*:*:*/dev/*' }), 'ALLOW')
  t.equal(decide({ Effect: 'Allow', Action: '*', NotResource: ['arn:aws:s3:::x', 'arn:aws:execute-api:*:*:*/prod/*'] }), 'IMPLICIT_DENY')
  t.equal(decide({ Effect: 'Deny', NotAction: INVOKE, Resource: '*' }), 'IMPLICIT_DENY')
})

t.test('conditions are judged as IAM judges them', async (t) => {
  const judged: Array<[object, string]> = [
    [{}, 'ALLOW'],
    [{ StringEquals: {} }, 'ALLOW'],
    [{ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } }, 'ALLOW'],
    [{ IpAddress: { 'AWS:sourceip': '192.0.2.10' } }, 'ALLOW'],
    [{ IpAddress: { 'aws:SourceIp': '192.0.2.11' } }, 'IMPLICIT_DENY'],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, 'ALLOW'],
    [{ IpAddress: { 'aws:SourceIp': '::/0' } }, 'IMPLICIT_DENY'],
    [{ NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] } }, 'IMPLICIT_DENY'],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'ALLOW'],
    [{ StringLike: { 'aws:UserAgent': 'ua/*' }, Bool: { 'aws:SecureTransport': true } }, 'ALLOW'],
    [{ StringLike: { 'aws:UserAgent': 'ua/*' }, Bool: { 'aws:SecureTransport': 'false' } }, 'IMPLICIT_DENY'],
    [{ StringEquals: { 'aws:UserAgent': 'UA/1.0' } }, 'IMPLICIT_DENY'],
    [{ StringEqualsIgnoreCase: { 'aws:UserAgent': 'UA/1.0' } }, 'ALLOW'],
    [{ StringNotEquals: { 'aws:UserAgent': ['x', 'ua/1.0'] } }, 'IMPLICIT_DENY'],
    [{ StringEquals: { 'aws:Referer': 'x' } }, 'IMPLICIT_DENY'],
    [{ StringNotEquals: { 'aws:Referer': 'x' } }, 'ALLOW'],
    [{ StringEqualsIfExists: { 'aws:Referer': 'x' } }, 'ALLOW'],
    [{ StringEqualsIfExists: { 'aws:UserAgent': 'x' } }, 'IMPLICIT_DENY'],
    [{ Null: { 'aws:Referer': 'true' } }, 'ALLOW'],
    [{ Null: { 'aws:Referer': false } }, 'IMPLICIT_DENY'],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-01-31T11:59:59Z' }, DateLessThan: { 'aws:CurrentTime': '2026-01-31T13:00:01+01:00' } }, 'ALLOW'],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-31' } }, 'IMPLICIT_DENY'],
    [{ NumericLessThanEquals: { 'aws:EpochTime': String(CONTEXT.now / 1000) } }, 'ALLOW'],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/team/*' } }, 'ALLOW'],
    [{ ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:user/team/ada' } }, 'IMPLICIT_DENY'],
    [{ StringEquals: { 'aws:username': 'ada', 'aws:userid': 'AIDA', 'aws:PrincipalAccount': '123456789012' } }, 'ALLOW']
  ]
  for (const [condition, expected] of judged) t.equal(decide(allowIf(condition)), expected, JSON.stringify(condition))
  const from = (sourceIp: string): ConditionContext => ({ ...CONTEXT, sourceIp })
  const office = { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } }
  t.equal(decide(allowIf(office), from('::ffff:192.0.2.1')), 'ALLOW', 'an IPv4 client of a dual-stack listener')
  t.equal(decide(allowIf(office), from('2001:DB8::1')), 'ALLOW')
  t.equal(decide(allowIf(office), from('2001:db9::1')), 'IMPLICIT_DENY')
  for (const operator of ['IpAddress', 'NotIpAddress']) {
    t.equal(decide([{ Effect: 'Allow', Action: '*', Resource: '*' }, { ...allowIf({ [operator]: { 'aws:SourceIp': '10.0.0.0/8' } }), Effect: 'Deny' }], from('unknown')), 'IMPLICIT_DENY', 'an address that is none lets nobody in')
    t.equal(decide(allowIf({ [operator]: { 'aws:SourceIp': '10.0.0.0/8' } }), from('unknown')), 'IMPLICIT_DENY')
  }
})

t.test('a policy that cannot be judged soundly is refused as a whole', async (t) => {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' }
  const refused: unknown[] = [
    undefined, null, 'text', [], {}, { Statement: null }, { Statement: ['x'] }, { Statement: statement, Version: '2020-01-01' }, { Statement: statement, version: 'x' },
    ...[
      { ...statement, Effect: 'allow' }, { ...statement, Effect: undefined }, { ...statement, Principal: '*' }, { ...statement, action: 'x' },
      { Effect: 'Allow', Resource: '*' }, { Effect: 'Allow', Action: '*' }, { ...statement, NotAction: '*' }, { ...statement, NotResource: '*' },
      { ...statement, Action: [] }, { ...statement, Resource: [] }, { ...statement, Action: [1] }, { ...statement, Action: 'Invoke' }, { ...statement, Action: 'exec*' },
      { ...statement, Resource: 'prod/*' }, { ...statement, Resource: '**' }, { ...statement, Resource: `arn:aws:execute-api:${'x'.repeat(500)}` },
      { ...statement, Resource: 'arn:aws:execute-api:*:*:*/${aws:username}/*' },
      allowIf([]), allowIf({ StringEquals: 'x' }), allowIf({ StringEquals: { 'aws:UserAgent': [] } }), allowIf({ StringEquals: { 'aws:UserAgent': {} } }),
      allowIf({ 'ForAnyValue:StringEquals': { 'aws:UserAgent': 'x' } }), allowIf({ stringEquals: { 'aws:UserAgent': 'x' } }), allowIf({ BinaryEquals: { 'aws:UserAgent': 'x' } }),
      allowIf({ StringEquals: { 'aws:SourceVpce': 'x' } }), allowIf({ StringEquals: { 'aws:UserAgent': '${aws:username}' } }), allowIf({ IpAddress: { 'aws:UserAgent': '10.0.0.0/8' } }),
      allowIf({ IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }), allowIf({ IpAddress: { 'aws:SourceIp': '10.0.0' } }), allowIf({ IpAddress: { 'aws:SourceIp': '::ffff:10.0.0.0/8' } }), allowIf({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8/8' } }), allowIf({ IpAddress: { 'aws:SourceIp': '10.0.0.0/' } }),
      allowIf({ Bool: { 'aws:SecureTransport': 'yes' } }), allowIf({ DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }), allowIf({ Null: { 'aws:Referer': 'maybe' } }), allowIf({ Null: { 'aws:Referer': ['true', 'false'] } })
    ].map((row) => ({ Statement: row }))
  ]
  for (const document of refused) t.throws(() => compilePolicy(document, IAM_CONDITION_KEYS), PolicyInvalidError, JSON.stringify(document))
  t.throws(() => compilePolicy({ Statement: allowIf({ ArnLike: { 'aws:PrincipalArn': '*' } }) }, AUTHORIZER_CONDITION_KEYS), PolicyInvalidError, 'an authorizer knows no caller')
})

t.test('identity sources of all four kinds read own members only', async (t) => {
  const sources = ['route.request.header.Auth', 'route.request.querystring.q.r', 'stageVariables.v', 'context.identity.sourceIp'].map((source) => compileIdentitySource(source, 'place'))
  t.same(sources.map(({ kind, name }) => [kind, name]), [['header', 'Auth'], ['querystring', 'q.r'], ['stageVariables', 'v'], ['context', 'identity.sourceIp']])
  const scope = {
    header: (name: string) => name === 'Auth' ? 'a' : undefined,
    querystring: (name: string) => name === 'q.r' ? 'b' : undefined,
    headerValues: () => [],
    querystringValues: () => [],
    stageVariables: { v: 'c' },
    context: { identity: { sourceIp: '::1' }, n: 1, none: null, o: {} }
  }
  t.same(readIdentity(sources, scope), ['a', 'b', 'c', '::1'])
  t.same(readIdentity([], scope), [])
  const read = (source: string): unknown => readIdentity([compileIdentitySource(source, 'place')], scope)?.[0]
  t.equal(read('context.n'), '1')
  for (const source of ['context.none', 'context.o', 'context.identity', 'context.constructor', 'context.identity.sourceIp.length', 'stageVariables.toString', 'stageVariables.x']) t.equal(read(source), undefined, source)
  for (const source of ['', 'header.X', 'route.request.body.x', 'route.request.header.', 'route.request.header.a b', 'context', 'method.request.header.X', '$context.stage']) {
    t.throws(() => compileIdentitySource(source, 'place'), { code: 'AGW_ERR_OPTIONS_INVALID', message: /^place is / }, source)
  }
})

const POLICY = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }

t.test('an authorizer\'s result is read as the JSON that Lambda would have sent', async (t) => {
  t.match(readAuthorizerResult({ principalId: 'u', policyDocument: POLICY }), { principalId: 'u', context: {}, usageIdentifierKey: undefined })
  t.match(readAuthorizerResult({ principalId: 'u', policyDocument: POLICY, context: null, usageIdentifierKey: null }), { context: {} })
  const poisoned = readAuthorizerResult(JSON.parse('{"principalId":"u","policyDocument":{"Statement":[]},"context":{"__proto__":"x","constructor":"y"}}')) as any
  t.same(Object.entries(poisoned.context), [['__proto__', 'x'], ['constructor', 'y']])
  t.equal(({} as any).x, undefined)
  const cycle: any = { principalId: 'u', policyDocument: POLICY }
  cycle.context = cycle
  for (const result of [
    undefined, null, 'x', 1, [], {}, { principalId: '', policyDocument: POLICY }, { principalId: 1, policyDocument: POLICY }, { principalId: 'u' }, { principalId: 'u', policyDocument: 'x' },
    { principalId: 'u', policyDocument: POLICY, context: 'x' }, { principalId: 'u', policyDocument: POLICY, context: [] }, { principalId: 'u', policyDocument: POLICY, context: { a: { b: 1 } } },
    { principalId: 'u', policyDocument: POLICY, usageIdentifierKey: 1 }, { principalId: 'u', policyDocument: POLICY, context: { a: 'é'.repeat(4096) } }, cycle, { principalId: 'u', policyDocument: POLICY, context: { n: 1n } },
    () => {}, { get principalId () { throw new Error('getter') } }
  ]) t.ok(readAuthorizerResult(result) instanceof Error, String(typeof result))
  const fits = { principalId: 'u', policyDocument: POLICY, context: { a: '' } }
  fits.context.a = 'x'.repeat(8192 - JSON.stringify(fits).length)
  t.notOk(readAuthorizerResult(fits) instanceof Error, 'exactly 8 KB')
})

t.test('the result cache is bounded, forgets in time, and is never asked without identity', async (t) => {
  let now = 0
  const cache = new ResultCache({ ttlInMillis: 100, maxEntries: 2, clock: () => now })
  const result = readAuthorizerResult({ principalId: 'u', policyDocument: POLICY }) as any
  cache.set('a', result)
  cache.set('b', result)
  t.equal(cache.get('a'), result)
  cache.set('c', result)
  t.same([cache.get('b'), cache.get('a'), cache.size], [undefined, result, 2], 'the least used goes first')
  now = 100
  t.same([cache.get('a'), cache.size], [undefined, 1])
  let calls = 0
  const authorizer = new RequestAuthorizer<any>({ name: 'g', identitySources: [], cache, invoke: (_, complete) => { calls++; complete({ result: { principalId: 'u', policyDocument: POLICY } }) } })
  for (let i = 0; i < 2; i++) authorizer.authorize({ apiId: 'a', stageName: 's', methodArn: ARN, conditionContext: CONTEXT }, (outcome) => { t.notOk(outcome instanceof Refusal) })
  t.equal(calls, 2)
})

t.test('a cached result is judged on each use', async (t) => {
  const cache = new ResultCache({ ttlInMillis: 1000, maxEntries: 10 })
  const policyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: ARN, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-02-01T00:00:00Z' } } } }
  const authorizer = new RequestAuthorizer<any>({ name: 'g', identitySources: [compileIdentitySource('stageVariables.v', '')], cache, invoke: (_, complete) => { complete({ result: { principalId: 'u', policyDocument } }) } })
  const ask = (methodArn: string, now: number): string => {
    let type = 'ALLOW'
    authorizer.authorize({ apiId: 'a', stageName: 's', methodArn, conditionContext: { ...CONTEXT, now }, stageVariables: { v: '1' } }, (outcome) => { if (outcome instanceof Refusal) type = outcome.type })
    return type
  }
  t.equal(ask(ARN, CONTEXT.now), 'ALLOW')
  t.equal(cache.size, 1)
  t.equal(ask(ARN.replace('prod', 'dev'), CONTEXT.now), 'ACCESS_DENIED', 'another resource')
  t.equal(ask(ARN, Date.UTC(2026, 1, 1)), 'ACCESS_DENIED', 'later')
})

t.test('a bucket admits its burst and then its rate, whatever the pattern of requests', async (t) => {
  const random = createRandom(3)
  for (const [rate, burst] of [[100, 50], [10, 1], [0, 3], [1000, 1], [0.5, 2]] as const) {
    let now = 1000
    const bucket = new TokenBucket(rate, burst, () => now)
    let admitted = 0
    for (let i = 0; i < 5000; i++) {
      now += random(4)
      if (bucket.take()) admitted++
    }
    const most = burst + rate * (now - 1000) / 1000
    t.ok(admitted <= most + 1e-6, `${admitted} of at most ${most}`)
    if (rate <= 250) t.ok(admitted >= Math.floor(most - burst) - 1, `${admitted} of at least ${most - burst}`)
  }
  const flood = new TokenBucket(100, 50, (() => { let now = 0; return () => (now += 0.1) })())
  let count = 0
  for (let i = 0; i < 20_000; i++) if (flood.take()) count++
  t.ok(Math.abs(count - 250) <= 5, `rate 100, burst 50, two seconds of flood admit ${count}`)
})

t.test('route settings fall back member by member, each route for itself', async (t) => {
  t.equal(compileRouteThrottles({}), undefined)
  t.equal(compileRouteThrottles({ defaultRouteSettings: { loggingLevel: 'INFO' } }), undefined)
  const throttles = compileRouteThrottles({ defaultRouteSettings: { throttlingRateLimit: 0 }, routeSettings: { a: { throttlingBurstLimit: 2 }, toString: { throttlingBurstLimit: 1 } } })
  const count = (key: string): number => { let n = 0; while (n < 6000 && throttles?.take(key) === true) n++; return n }
  t.same([count('a'), count('b'), count('toString'), count('constructor')], [2, 5000, 1, 5000])
  const one = compileRouteThrottles({ routeSettings: { a: { throttlingBurstLimit: 0 } } })
  t.equal(one?.take('a'), false)
  for (let i = 0; i < 20_000; i++) if (one?.take('b') !== true) t.fail('a route without settings is not throttled')
})

t.test('K52 [unknown] quota periods begin at UTC midnight, on Sundays and on firsts, shifted by their offset', async (t) => {
  const at = (iso: string, period: 'DAY' | 'WEEK' | 'MONTH', offset = 0): number => numberPeriod(period, offset, Date.parse(iso))
  t.equal(at('2026-01-31T23:59:59.999Z', 'DAY') + 1, at('2026-02-01T00:00:00Z', 'DAY'))
  t.equal(at('2026-01-31T23:59:59Z', 'WEEK') + 1, at('2026-02-01T00:00:00Z', 'WEEK'), '2026-02-01 is a Sunday')
  t.equal(at('2026-02-01T00:00:00Z', 'WEEK'), at('2026-02-07T23:59:59Z', 'WEEK'))
  t.equal(at('2026-02-01T23:59:59Z', 'WEEK', 1) + 1, at('2026-02-02T00:00:00Z', 'WEEK', 1), 'an offset of one begins on Mondays')
  t.equal(at('2025-12-31T23:59:59Z', 'MONTH') + 1, at('2026-01-01T00:00:00Z', 'MONTH'))
  t.equal(at('2026-03-14T23:59:59Z', 'MONTH', 14) + 1, at('2026-03-15T00:00:00Z', 'MONTH', 14), 'an offset of 14 begins on the 15th')
  for (const period of ['DAY', 'WEEK', 'MONTH'] as const) {
    let last = -Infinity
    for (let hour = 0; hour < 24 * 800; hour += 7) {
      const number = numberPeriod(period, period === 'DAY' ? 0 : 5, Date.UTC(2023, 0, 1, hour))
      if (number < last || (number > last + 1 && last !== -Infinity)) t.fail(`${period} jumps at hour ${hour}`)
      last = number
    }
  }
})

const QUOTA: UsageRequest = { bucketKey: 'b', throttle: undefined, quotaKey: 'q', quota: { limit: 10, offset: 0, period: 'DAY' } }

t.test('a quota admits no more than its limit a day, and a clock that is set back fills nothing up', async (t) => {
  let now = Date.UTC(2026, 0, 1, 23, 59, 59, 900)
  const counters = new MemoryCounters({ onError: (error) => { t.fail(String(error)) }, now: () => now })
  const take = (count: number): number => Array.from({ length: count }, () => counters.take(QUOTA)).filter((outcome) => outcome === 'ADMITTED').length
  t.equal(take(15), 10)
  now += 200
  t.equal(take(15), 10, 'the next day')
  now -= 3_600_000
  t.equal(take(5), 0, 'an hour back')
  now += 3_600_000
  t.equal(take(5), 0)
  now += 86_400_000
  t.equal(take(15), 10)
})

t.test('a bucket that is empty counts nothing against the quota', async (t) => {
  const counters = new MemoryCounters({ onError: (error) => { t.fail(String(error)) }, clock: () => 0 })
  const request = { ...QUOTA, throttle: { rateLimit: 1, burstLimit: 2 } }
  t.same(Array.from({ length: 4 }, () => counters.take(request)), ['ADMITTED', 'ADMITTED', 'THROTTLED', 'THROTTLED'])
  t.same(Array.from({ length: 9 }, () => counters.take(QUOTA)).filter((outcome) => outcome === 'ADMITTED').length, 8)
})

t.test('a store is asked once, written behind, and what it cannot save is tried again', async (t) => {
  let loads = 0
  const saved: number[] = []
  const errors: unknown[] = []
  let isBroken = true
  const now = Date.UTC(2026, 0, 1)
  const period = numberPeriod('DAY', 0, now)
  const counters = new MemoryCounters({
    now: () => now,
    onError: (error) => { errors.push(error) },
    store: {
      load: async () => { loads++; return { period, used: 7 } },
      save: async (_, { used }) => { if (isBroken) throw new Error('disk'); saved.push(used) }
    }
  })
  t.same(await Promise.all(Array.from({ length: 4 }, async () => await counters.take(QUOTA))), ['ADMITTED', 'ADMITTED', 'ADMITTED', 'QUOTA_EXCEEDED'])
  t.equal(loads, 1)
  await new Promise(setImmediate)
  t.ok(errors.length > 0)
  isBroken = false
  await counters.close()
  t.same(saved, [10])
  const failing = new MemoryCounters({ onError: (error) => { t.fail(String(error)) }, store: { load: async () => ({ period: NaN, used: 1 }), save () {} } })
  await t.rejects(async () => await failing.take(QUOTA), { code: 'AGW_ERR_ACCESS_USAGE_RECORD' })
  const later = new MemoryCounters({ onError: (error) => { t.fail(String(error)) }, now: () => now, store: { load: async () => ({ period: period - 1, used: 10 }), save () {} } })
  t.equal(await later.take(QUOTA), 'ADMITTED', 'yesterday\'s use is yesterday\'s')
})

t.test('a look-up that hangs is given up, and the next is asked anew', async (t) => {
  let loads = 0
  const counters = new MemoryCounters({
    onError: (error) => { t.fail(String(error)) },
    timeoutInMillis: 20,
    store: { load: async () => loads++ === 0 ? await new Promise(() => {}) : undefined, save () {} }
  })
  await t.rejects(async () => await counters.take(QUOTA), { code: 'AGW_ERR_ACCESS_LOOKUP_TIMEOUT' })
  t.equal(await counters.take(QUOTA), 'ADMITTED')
})

t.test('keys are found by digest, and a plan of another API binds nothing here', async (t) => {
  const value = 'abcdefghijklmnopqrstuvwxyz'
  const counters = new MemoryCounters({ onError: (error) => { t.fail(String(error)) } })
  const create = (apiStages: any): ApiKeys => new ApiKeys({ apiId: 'a', counters, apiKeys: { k: { value } }, usagePlans: { p: { apiKeys: ['k'], apiStages } } })
  t.equal(create([{ stage: 's' }]).find(value, 's')?.apiKeyId, 'k')
  t.equal(create([{ apiId: 'a', stage: 's' }]).find(value, 's')?.apiKeyId, 'k')
  t.equal(create([{ apiId: 'b', stage: 's' }]).find(value, 's'), undefined)
  t.equal(create([{ stage: 's' }]).find(createHash('sha256').update(value).digest('hex'), 's'), undefined, 'the digest is no key')
  for (const wrong of [undefined, '', 'toString', value.slice(1), `${value} `]) t.equal(create([{ stage: 's' }]).find(wrong, 's'), undefined)
  t.notMatch(JSON.stringify(create([{ stage: 's' }])), value)
})

t.test('origins are compared as a whole', async (t) => {
  const isAllowed = compileOrigins(['https://app.example'], 'place')
  t.same(['https://app.example', undefined, 'null', 'https://app.example.evil', 'HTTPS://app.example', 'https://app.example, https://app.example'].map(isAllowed), [true, true, false, false, false, false])
  for (const origin of ['app.example', 'https://app.example/', 'https://APP.example', 'https://app.example:443', '*', '']) t.throws(() => compileOrigins([origin], 'place'), { message: /^place\[0\]/ }, origin)
})

// The values the corridor makes: ids, times, headers, queries and authorizers.
import t from 'tap'
import { compileAuthorizerContext } from '../../lib/api/authorizer-context.ts'
import { findHeader, findQueryParameter, readHeaders, readQuery } from '../../lib/api/handshake-request.ts'
import { ConnectionIdSource, isConnectionId, RequestIdSource, TraceIdSource, UuidSource } from '../../lib/api/identifiers.ts'
import { formatRequestTime } from '../../lib/api/request-time.ts'

const CANONICAL = /^[A-Za-z0-9_-]{14}[AEIMQUYcgkosw048]=$/

void t.test('connection ids are 11 bytes, the first three of which name the process', async (t) => {
  const source = new ConnectionIdSource(Uint8Array.of(1, 2, 3))
  const ids = Array.from({ length: 2000 }, () => source.next())
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) {
    const bytes = Buffer.from(id, 'base64url')
    if (!CANONICAL.test(id) || bytes.length !== 11 || bytes.readUIntBE(0, 3) !== 0x010203) t.fail(id)
  }
  t.ok(ids.every(isConnectionId))
  t.not(new ConnectionIdSource().next().slice(0, 4), new ConnectionIdSource().next().slice(0, 4), 'each process has a tag of its own')
})

void t.test('only the canonical form is a connection id', async (t) => {
  for (const id of ['L0SM9cOFvHcCIhw=', 'd4NsecoByQ0CH-Q=', 'U_vNFdo2IAMCIoA=', 'AAAAAAAAAAAAAAA=']) t.ok(isConnectionId(id), id)
  for (const id of [
    '', 'L0SM9cOFvHcCIhw', 'L0SM9cOFvHcCIhx=', 'L0SM9cOFvHcCIhB=', 'WDGT8fY4joECJrQ=test', ' L0SM9cOFvHcCIhw=', 'L0SM9cOFvHcCIhw=\n',
    'L0SM9cOFvHcCIh+=', 'L0SM9cOFvHcCIhw==', 'l0SM9cOFvHcCIhwA', '__proto__', 'L0SM9cOFvHcCIh%3D'
  ]) t.notOk(isConnectionId(id), id)
})

void t.test('request ids look the same and never come twice, also past the end of a prefix', async (t) => {
  const source = new RequestIdSource()
  const ids = new Set<string>()
  for (let i = 0; i < 140_000; i++) ids.add(source.next())
  t.equal(ids.size, 140_000)
  for (const id of ids) if (!CANONICAL.test(id) || Buffer.from(id, 'base64url').length !== 11) t.fail(id)
  t.equal(new Set([...ids].map((id) => id.slice(0, 12))).size, 3, 'a prefix lasts for 65536 ids')
})

void t.test('trace ids hold the second and never come twice', async (t) => {
  const source = new TraceIdSource()
  t.match(source.next(0x65c66cff * 1000 + 999), /^Root=1-65c66cff-[0-9a-f]{24}$/)
  t.not(source.next(0), source.next(0))
  t.equal(new Set(Array.from({ length: 10_000 }, () => source.next(0))).size, 10_000)
})

void t.test('UUIDs are of version 4 and never come twice', async (t) => {
  const source = new UuidSource()
  const ids = Array.from({ length: 10_000 }, () => source.next())
  t.equal(new Set(ids).size, ids.length)
  for (const id of ids) if (!/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id)) t.fail(id)
})

void t.test('requestTime is Common Log Format in UTC', async (t) => {
  for (const [iso, text] of [
    ['2024-02-09T18:23:28.999Z', '09/Feb/2024:18:23:28 +0000'],
    ['2024-02-09T18:23:29.000Z', '09/Feb/2024:18:23:29 +0000'],
    ['2024-02-29T23:59:59.500Z', '29/Feb/2024:23:59:59 +0000'],
    ['2024-12-31T23:59:59.999Z', '31/Dec/2024:23:59:59 +0000'],
    ['2025-01-01T00:00:00.000Z', '01/Jan/2025:00:00:00 +0000'],
    ['1970-01-01T00:00:00.000Z', '01/Jan/1970:00:00:00 +0000']
  ] as const) t.equal(formatRequestTime(Date.parse(iso)), text)
})

void t.test('an authorizer is text, without nulls, principalId last, and a copy', async (t) => {
  const given = { principalId: 7, a: 'x', b: null, c: undefined, d: 1.5, e: true, f: -0, g: NaN, h: 1e21 }
  t.equal(JSON.stringify(compileAuthorizerContext(given)), '{"a":"x","d":"1.5","e":"true","f":"0","g":"NaN","h":"1e+21","principalId":"7"}')
  t.equal(compileAuthorizerContext(null), undefined)
  t.equal(compileAuthorizerContext(undefined), undefined)
  t.equal(JSON.stringify(compileAuthorizerContext({})), '{}')
  const plain = compileAuthorizerContext(JSON.parse('{"__proto__":"p"}')) as object
  t.equal(Object.getPrototypeOf(plain), Object.prototype)
  t.equal(JSON.stringify(plain), '{"__proto__":"p"}')
})

void t.test('an authorizer that is more is refused by the member that is', async (t) => {
  const wrong: Array<[unknown, string]> = [
    ['x', 'request.authorizer is a string; it must be an object of strings, numbers, booleans and nulls'],
    [[], 'request.authorizer is a list; it must be an object of strings, numbers, booleans and nulls'],
    [{ a: {} }, 'request.authorizer.a is an object; it must be a string, number, boolean or null'],
    [{ a: [] }, 'request.authorizer.a is a list; it must be a string, number, boolean or null'],
    [{ a: 1n }, 'request.authorizer.a is a bigint; it must be a string, number, boolean or null']
  ]
  for (const [given, message] of wrong) {
    t.throws(() => { compileAuthorizerContext(given) }, { code: 'AGW_ERR_ACCESS_AUTHORIZER_CONTEXT', message })
  }
})

void t.test('headers are sorted, gathered and completed', async (t) => {
  const { single, multiple } = readHeaders({
    rawHeaders: ['X-b', '1', 'Connection', 'Upgrade', 'a', '2', 'UPGRADE', 'websocket', 'x-B', '3', 'content-Length', '0', 'odd'], rawQuery: '', peerAddress: '::1', method: 'GET', target: '/prod', isSecure: false
  }, 'Root=1-0-0', false)
  t.strictSame(Object.entries(single), [
    ['a', '2'], ['X-Amzn-Trace-Id', 'Root=1-0-0'], ['X-b', '3'], ['X-Forwarded-For', '::1'], ['X-Forwarded-Port', '443'], ['X-Forwarded-Proto', 'https']
  ])
  t.strictSame(multiple['X-b'], ['1', '3'])
})

void t.test('headers and parameters are found by name, the last of several', async (t) => {
  const request = { rawHeaders: ['X-A', '1', 'x-a', '2', '', 'none'], rawQuery: 'a=1&b=x%20y&a=2&c', peerAddress: '', method: 'GET', target: '/prod', isSecure: false }
  t.equal(findHeader(request, 'X-a'), '2')
  t.equal(findHeader(request, 'x-b'), undefined)
  t.equal(findQueryParameter(request, 'a'), '2')
  t.equal(findQueryParameter(request, 'A'), undefined)
  t.equal(findQueryParameter(request, 'b'), 'x y')
  t.equal(findQueryParameter(request, 'c'), '')
  t.equal(findQueryParameter({ ...request, rawQuery: '' }, 'a'), undefined)
  t.equal(readQuery(''), undefined)
  t.equal(readQuery('&&'), undefined)
})

// What a Lambda proxy result may be, and what is said of one that is none.
import t from 'tap'
import { readProxyResult } from '../../lib/integration/proxy-result.ts'

const MALFORMED: Array<[result: unknown, message: string]> = [
  ['ok', 'it is "ok", not an object'],
  ['x'.repeat(100), `it is "${'x'.repeat(80)}…", not an object`],
  [200, 'it is 200, not an object'],
  [true, 'it is true, not an object'],
  [[], 'it is a list, not an object'],
  [() => {}, 'it is a function, not an object'],
  [{ Data: 'x' }, 'key "Data" is not allowed; allowed are statusCode, headers, multiValueHeaders, body, isBase64Encoded'],
  [JSON.parse('{"__proto__":1}'), 'key "__proto__" is not allowed; allowed are statusCode, headers, multiValueHeaders, body, isBase64Encoded'],
  [{ statusCode: 'abc' }, 'statusCode must be an integer from 100 to 599, not "abc"'],
  [{ statusCode: '2e2' }, 'statusCode must be an integer from 100 to 599, not "2e2"'],
  [{ statusCode: 99 }, 'statusCode must be an integer from 100 to 599, not 99'],
  [{ statusCode: 600 }, 'statusCode must be an integer from 100 to 599, not 600'],
  [{ statusCode: 200.5 }, 'statusCode must be an integer from 100 to 599, not 200.5'],
  [{ statusCode: NaN }, 'statusCode must be an integer from 100 to 599, not NaN'],
  [{ statusCode: null }, 'statusCode must be an integer from 100 to 599, not null'],
  [{ headers: [] }, 'headers must be an object of strings, not a list'],
  [{ headers: { a: {} } }, 'headers must be an object of strings, not an object'],
  [{ headers: 'a: b' }, 'headers must be an object of strings, not "a: b"'],
  [{ multiValueHeaders: { a: 'b' } }, 'multiValueHeaders must be an object of lists of strings, not an object'],
  [{ multiValueHeaders: { a: [{}] } }, 'multiValueHeaders must be an object of lists of strings, not an object'],
  [{ body: 7 }, 'body must be a string, not 7'],
  [{ body: {} }, 'body must be a string, not an object'],
  [{ isBase64Encoded: 'true' }, 'isBase64Encoded must be a boolean, not "true"']
]

void t.test('a malformed result is named by what is wrong with it', async (t) => {
  for (const [result, message] of MALFORMED) {
    const error = readProxyResult(result) as Error & { code: string }
    t.equal(error.code, 'AGW_ERR_INTEGRATION_PROXY_RESULT')
    t.equal(error.message, `Proxy result is malformed: ${message}`)
  }
})

void t.test('every member of a result is optional', async (t) => {
  const nothing = { statusCode: 200, headers: undefined, multiValueHeaders: undefined, body: undefined, isNull: false }
  t.strictSame(readProxyResult({}), nothing)
  t.strictSame(readProxyResult({ statusCode: undefined, Data: undefined }), nothing, 'as JSON would have it')
  t.strictSame(readProxyResult({ headers: null, multiValueHeaders: null, body: null, isBase64Encoded: null }), nothing)
  t.strictSame(readProxyResult(Object.create(null)), nothing)
  t.strictSame(readProxyResult(null), { ...nothing, isNull: true })
  t.strictSame(readProxyResult(undefined), { ...nothing, isNull: true })
})

void t.test('a status may be text, and stays a number', async (t) => {
  for (const statusCode of [100, 201, 599]) {
    t.match(readProxyResult({ statusCode }), { statusCode })
    t.match(readProxyResult({ statusCode: String(statusCode) }), { statusCode })
  }
})

void t.test('headers, body and encoding are passed on as they are', async (t) => {
  const result = { statusCode: 400, headers: { a: 'x', b: 1, c: false }, multiValueHeaders: { d: ['x', 2] }, body: 'eA==', isBase64Encoded: true }
  t.match(readProxyResult(result), { headers: { a: 'x', b: 1, c: false }, multiValueHeaders: { d: ['x', 2] }, body: 'eA==' })
})

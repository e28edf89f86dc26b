// Models: the official draft-4 suite, selection, references, dialects, and AWS's wording of what is wrong.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type as OldType } from '@sinclair/typebox'
import t from 'tap'
import Type from 'typebox'
import { createSelectionScope } from '../../lib/expression/index.ts'
import { createDraft4Validator, Models, readSchema, RequestModels } from '../../lib/model/index.ts'

const SUITE = join(import.meta.dirname, '../conformance/json-schema-draft4')
const read = (name: string) => JSON.parse(readFileSync(join(SUITE, name), 'utf8'))

interface Group { description: string, schema: any, tests: Array<{ description: string, data: unknown, valid: boolean }> }

/** Compiles as models are compiled, by a validator that knows what the suite keeps elsewhere. */
function compile (schema: unknown) {
  const validator = createDraft4Validator()
  for (const [uri, remote] of Object.entries(read('remotes.json'))) validator.addSchema(remote as object, uri)
  return validator.compile(readSchema(schema, { place: 'suite', isModel: () => false, uriOf: (name) => name }))
}

t.test('every required case of the official draft-4 suite is judged as it says', async (t) => {
  for (const [file, groups] of Object.entries(read('required.json') as Record<string, Group[]>)) {
    await t.test(file, async (t) => {
      for (const { description, schema, tests } of groups) {
        const validate = compile(schema)
        for (const { description: what, data, valid } of tests) {
          t.equal(validate(data), valid, `${description}: ${what}`)
        }
      }
    })
  }
})

/** Left out, and why. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['id inside an enum is not a real identifier', 'holds const, which draft 4 does not have'],
  ['pattern with non-ASCII digits', '\\p{digit} is not ECMA 262'],
  ['patternProperties with non-ASCII digits', '\\p{digit} is not ECMA 262'],
  ['all integers are multiples of 0.5, if overflow is handled', '1e308 / 0.5 overflows'],
  ['some languages do not distinguish between different types of numeric value', 'JSON.parse does not tell 1.0 from 1']
])

t.test('the optional cases hold too, apart from those named here', async (t) => {
  for (const [file, groups] of Object.entries(read('optional.json') as Record<string, Group[]>)) {
    for (const { description, schema, tests } of groups) {
      if (OTHERWISE.has(description)) continue
      const validate = compile(schema)
      for (const { description: what, data, valid } of tests) t.equal(validate(data), valid, `${file}: ${description}: ${what}`)
    }
  }
})

t.test('the suite runs through models as well, and each refused value is explained', async (t) => {
  let explained = 0
  for (const groups of Object.values(read('required.json') as Record<string, Group[]>)) {
    for (const { description, schema, tests } of groups) {
      let model
      try {
        model = new Models([['M', schema]]).get('M')
      } catch (error: any) {
        // What leads out of the model is not loaded.
        t.equal(error.code, 'AGW_ERR_MODEL_INVALID', description)
        continue
      }
      for (const { description: what, data, valid } of tests) {
        t.equal(model?.isValid(data), valid, `${description}: ${what}`)
        if (valid) continue
        const text = model?.explain(data) as string
        if (text !== '[instance does not match the schema]') explained++
        else t.match(JSON.stringify(schema), /"id"|\$ref/, `${description}: ${what}: only references by id go without words`)
      }
    }
  }
  t.ok(explained > 230, `${explained} failures have words`)
})

const ORDER = { type: 'object', required: ['a', 'b'], properties: { a: { type: 'number' }, b: { type: 'number' } } }
const url = (name: string, kind = 'restapis') => `https://apigateway.amazonaws.com/${kind}/abcdef1234/models/${name}`

t.test('models refer to one another by both forms of their URL and by name, whichever is declared first', async (t) => {
  for (const $ref of [url('Order'), url('Order', 'apis'), 'Order']) {
    const models = new Models([['Orders', { type: 'array', items: { $ref } }], ['Order', ORDER]])
    t.equal(models.get('Orders')?.isValid([{ a: 1, b: 2 }]), true, $ref)
    t.equal(models.get('Orders')?.isValid([{ a: 1 }]), false, $ref)
    t.equal(models.get('Orders')?.explain([{ a: 1 }]), '[object has missing required properties (["b"])]')
  }
  const parts = new Models([
    ['Parts', { definitions: { id: { type: 'integer' } } }],
    ['Item', { properties: { x: { $ref: 'Parts#/definitions/id' }, y: { $ref: `${url('Parts')}#/definitions/id` }, z: { $ref: '#/properties/x' } } }]
  ])
  for (const name of ['x', 'y', 'z']) {
    t.equal(parts.get('Item')?.isValid({ [name]: 1 }), true)
    t.equal(parts.get('Item')?.explain({ [name]: 'a' }), '[instance type (string) does not match any allowed primitive type (allowed: ["integer"])]')
  }
})

t.test('a model that refers to nothing of this API is refused by place, and nothing is loaded', async (t) => {
  const refusal = (schema: object) => () => new Models([['M', schema]])
  t.throws(refusal({ $ref: 'Missing' }), { code: 'AGW_ERR_MODEL_INVALID', message: /models\.M .*Missing/ })
  t.throws(refusal({ $ref: url('Missing') }), { message: /\$ref names Missing, which is no model of this API/ })
  t.throws(refusal({ $ref: 'http://127.0.0.1:1/schema.json' }), { message: /models elsewhere are not loaded/ })
  t.throws(refusal({ type: 'strong' }), { message: /models\.M is not valid/ })
  t.throws(refusal({ required: 'a' }), { code: 'AGW_ERR_MODEL_INVALID' })
  t.throws(refusal({ properties: { a: true } }), { message: /models\.M\.properties\.a is not valid: it is true/ })
})

t.test('a model that does not compile is let through where the option says so, and told of', async (t) => {
  const told: string[] = []
  const models = new Models([['M', { type: 'strong' }], ['N', { const: 1 }], ['Good', { type: 'object' }]], { onInvalid: ({ message }) => { told.push(message) } })
  t.equal(models.get('M')?.isValid('anything'), true)
  t.equal(models.get('N')?.isValid(2), true)
  t.equal(models.get('Good')?.isValid(1), false)
  t.equal(told.length, 2)
})

t.test('newer drafts are translated as far as draft 4 goes, the rest is refused by name', async (t) => {
  const model = (schema: object) => new Models([['M', schema]]).get('M')
  t.same([0, 1].map((n) => model({ exclusiveMinimum: 0 })?.isValid(n)), [false, true])
  t.same([9, 10].map((n) => model({ exclusiveMaximum: 10 })?.isValid(n)), [true, false])
  t.same([4, 5, 6].map((n) => model({ minimum: 5, exclusiveMinimum: 3 })?.isValid(n)), [false, true, true])
  t.same([4, 5, 6].map((n) => model({ minimum: 3, exclusiveMinimum: 5 })?.isValid(n)), [false, false, true])
  t.same([5, 6].map((n) => model({ minimum: 5, exclusiveMinimum: 5 })?.isValid(n)), [false, true])
  t.same([1, 2].map((n) => model({ minimum: 1, exclusiveMinimum: true })?.isValid(n)), [false, true])
  t.equal(model({ $id: 'M', $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'integer' })?.isValid(1), true)
  for (const keyword of ['const', 'contains', 'if', 'propertyNames', '$defs', 'prefixItems', 'unevaluatedProperties']) {
    t.throws(() => model({ properties: { x: { [keyword]: {} } } }), { message: new RegExp(`models\\.M\\.properties\\.x\\.${keyword.replace('$', '\\$')} is not valid: the keyword is newer`) })
  }
  t.equal(model({ properties: { const: { type: 'string' } }, enum: [{ const: 'a' }] })?.isValid({ const: 'a' }), true, 'a property may be named const')
})

t.test('schemas of TypeBox, old and new, are models', async (t) => {
  const item = { old: OldType.Object({ id: OldType.Integer({ exclusiveMinimum: 0 }), note: OldType.Optional(OldType.String()) }, { $id: 'Item' }), new: Type.Object({ id: Type.Integer({ exclusiveMinimum: 0 }), note: Type.Optional(Type.String()) }, { $id: 'Item' }) }
  for (const schema of Object.values(item)) {
    const models = new Models([['Item', schema], ['Items', Type.Array(Type.Ref('Item'))]])
    t.equal(models.get('Item')?.isValid({ id: 1 }), true)
    t.equal(models.get('Item')?.isValid({ id: 0 }), false)
    t.equal(models.get('Items')?.isValid([{ id: 1, note: 2 }]), false)
    t.equal(models.compileInPlace(schema, 'routes.x').isValid({ id: 1 }), true)
  }
  t.throws(() => new Models([['M', OldType.Literal('a')]]), { message: /const/ })
})

/** validationErrorString: schema, value, text. */
const WORDING: ReadonlyArray<readonly [object, unknown, string]> = [
  [{ required: ['b', 'a'] }, {}, 'object has missing required properties (["a","b"])'],
  [{ type: ['number', 'null'] }, 'x', 'instance type (string) does not match any allowed primitive type (allowed: ["integer","null","number"])'],
  [{ enum: ['a', 'b'] }, 'x', 'instance value ("x") not found in enum (possible values: ["a","b"])'],
  [{ minimum: 1 }, 0, 'numeric instance is lower than the required minimum (minimum: 1, found: 0)'],
  [{ maximum: 10 }, 11, 'numeric instance is greater than the required maximum (maximum: 10, found: 11)'],
  [{ minimum: 1, exclusiveMinimum: true }, 1, 'numeric instance is not strictly greater than the required minimum 1'],
  [{ maximum: 10, exclusiveMaximum: true }, 10, 'numeric instance is not strictly lower than the required maximum 10'],
  [{ multipleOf: 2 }, 3, 'remainder of division is not zero (3 / 2)'],
  [{ minLength: 3 }, 'a', 'string "a" is too short (length: 1, required minimum: 3)'],
  [{ maxLength: 2 }, 'abc', 'string "abc" is too long (length: 3, maximum allowed: 2)'],
  [{ pattern: '^x' }, 'abc', 'ECMA 262 regex "^x" does not match input string "abc"'],
  [{ additionalProperties: false, properties: { a: {} }, patternProperties: { '^x': {} } }, { a: 1, xx: 1, foo: 1 }, 'object instance has properties which are not allowed by the schema: ["foo"]'],
  [{ minItems: 1 }, [], 'array is too short: must have at least 1 elements but instance has 0 elements'],
  [{ maxItems: 2 }, [1, 2, 3], 'array is too long: must have at most 2 elements but instance has 3 elements'],
  [{ uniqueItems: true }, [1, 1], 'array must not contain duplicate elements'],
  [{ minProperties: 1 }, {}, 'object has too few properties (found 0 but schema requires at least 1)'],
  [{ maxProperties: 0 }, { a: 1 }, 'object has too many properties (found 1 but schema requires at most 0)'],
  [{ dependencies: { a: ['b'] } }, { a: 1 }, 'property "a" of object has missing property dependencies (schema requires ["b"]; missing: ["b"])'],
  [{ oneOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'instance failed to match exactly one schema (matched 0 out of 2)'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'instance failed to match at least one required schema among 2'],
  [{ allOf: [{ type: 'integer' }, { type: 'null' }] }, 1, 'instance failed to match all required schemas (matched only 1 out of 2)'],
  [{ not: {} }, 1, 'instance matched a schema which it should not have'],
  [{ minLength: 3, enum: ['abc'] }, 'a', 'string "a" is too short (length: 1, required minimum: 3), instance value ("a") not found in enum (possible values: ["abc"])'],
  [{ properties: { a: { type: 'string' }, b: { type: 'string' } } }, { b: 1, a: 1 }, 'instance type (integer) does not match any allowed primitive type (allowed: ["string"]), instance type (integer) does not match any allowed primitive type (allowed: ["string"])'],
  [{ required: ['z'], properties: { a: { type: 'string' } } }, { a: 1 }, 'object has missing required properties (["z"])']
]

for (const [schema, value, text] of WORDING) {
  t.test(`validationErrorString says ${text.slice(0, 60)}`, async (t) => {
    t.equal(new Models([['M', schema]]).get('M')?.explain(value), `[${text}]`)
  })
}

const ab = { a: 1, b: 2 }
const requestModels = (given: object, schemas: Array<[string, object]> = [['Order', ORDER]], modelSelectionExpression = '$request.body.kind') =>
  new RequestModels({ place: 'routes.x', modelSelectionExpression, requestModels: given as Record<string, unknown> }, new Models(schemas))
const failure = (models: RequestModels, message: unknown) =>
  models.validate(createSelectionScope(typeof message === 'string' ? message : JSON.stringify(message)))?.validationErrorString

t.test('a message selects its model by the value of the expression', async (t) => {
  const models = requestModels({ buy: 'Order', sell: { type: 'object', required: ['price'] } })
  t.equal(failure(models, { kind: 'buy', ...ab }), undefined)
  t.equal(failure(models, { kind: 'buy' }), '[object has missing required properties (["a","b"])]')
  t.equal(failure(models, { kind: 'sell' }), '[object has missing required properties (["price"])]')
  t.match(failure(models, { kind: 'keep' }), /no model for the key "keep"/)
  t.match(failure(models, { kind: '__proto__' }), /no model for the key/)
  t.match(failure(models, 'not json'), /not JSON/)
})

t.test('an empty message is validated as an empty object, one that is not JSON fails whatever the model', async (t) => {
  const models = requestModels({ $default: { type: 'object' } })
  t.equal(failure(models, ''), undefined)
  t.match(failure(models, 'not json'), /not JSON/)
  t.match(failure(requestModels({ $default: {} }), '{"a":'), /not JSON/)
  t.equal(failure(requestModels({ $default: 'Order' }), ''), '[object has missing required properties (["a","b"])]')
  t.equal(failure(requestModels({ all: { type: 'object' } }, [], 'all'), ''), undefined, 'a fixed key')
})

t.test('a name that is no model is refused by place', async (t) => {
  t.throws(() => requestModels({ buy: 'Ordr' }), { code: 'AGW_ERR_MODEL_UNKNOWN', message: 'routes.x.requestModels.buy names the model "Ordr", which the API does not have; it has Order' })
})

t.test('members are own members: what JavaScript lends an object satisfies nothing, and __proto__ is a name', async (t) => {
  const models = requestModels({ $default: { required: ['toString', '__proto__'], properties: { ['__proto__']: { type: 'integer' } } } })
  t.match(failure(models, '{}'), /__proto__","toString/)
  t.equal(failure(models, '{"toString":1,"__proto__":2}'), undefined)
  const own = new Models([['P', JSON.parse('{"properties":{"__proto__":{"type":"integer"}}}')]]).get('P')
  t.equal(own?.isValid(JSON.parse('{"__proto__":"x"}')), false)
})

t.test('js-selection-redos: no pattern of a model holds the loop', async (t) => {
  for (const pattern of ['^(a+)+$', 'a*a*a*b', '(a|a)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', 'a+$', '(x+x+)+y']) {
    const model = new Models([['M', { pattern }]]).get('M')
    for (const text of ['a'.repeat(30) + '!', 'a'.repeat(100_000) + '!', 'x'.repeat(50_000)]) {
      const start = performance.now()
      model?.isValid(text)
      model?.explain(text)
      const took = performance.now() - start
      t.ok(took < 2000, `${pattern} on ${text.length} characters took ${Math.round(took)} ms`)
    }
  }
})

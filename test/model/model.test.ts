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

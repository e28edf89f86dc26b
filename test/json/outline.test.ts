// The outline of a JSON text: several of them share one buffer, and none may read another's.
import t from 'tap'
import { outlineJson, parseLenientJson, UNKNOWN } from '../../lib/json/index.ts'

t.test('outlines made one after the other are read side by side', async (t) => {
  const first = outlineJson('{"a":{"b":"one"},"n":1}')
  const second = outlineJson(`[${'{"b":"two"},'.repeat(3000)}{"b":"last"}]`)
  t.equal(first?.read(['a', 'b']), 'one')
  t.equal(second?.read([3000, 'b']), 'last')
  t.equal(first?.read(['n']), 1)
  t.equal(second?.read([0, 'b']), 'two')
  t.strictSame(first?.build(), parseLenientJson('{"a":{"b":"one"},"n":1}'))
})

t.test('a text without an outline takes nothing from one that has one', async (t) => {
  const outline = outlineJson('{"a":"kept"}')
  t.equal(outlineJson('{"a":"broken"'), undefined)
  t.equal(outline?.read(['a']), 'kept')
})

t.test('what an outline does not tell is said to be unknown', async (t) => {
  t.equal(outlineJson('{"a":{}}')?.read(['a']), UNKNOWN)
  t.equal(outlineJson('{"a":{}}')?.read(['b']), undefined)
})

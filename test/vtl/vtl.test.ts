// The Velocity language alone: variables given by name, errors with their place, plain objects as maps.
/* eslint no-template-curly-in-string: "off" -- ${x} is a reference of the template */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { JavaDouble } from '../../lib/java/index.ts'
import { PlainMap, VtlRuntimeError, VtlSyntaxError, compileVtl } from '../../lib/vtl/index.ts'
import { INTEGER, STRING_CLASS, methodNames } from './method-names.ts'

const render = (source: string, variables: Record<string, unknown> = {}) =>
  compileVtl(source, Object.keys(variables))(Object.values(variables))

t.test('a template without directives is its text', async (t) => {
  const text = '{"static": [1, 2, {"a": "$5"}]}'
  t.equal(render(text), text)
  t.equal(render(''), '')
})

t.test('variables are given by name; others are empty', async (t) => {
  t.equal(render('$a-$b.c|${a}|$z', { 'a-': 'hyphen', a: 1, b: new Map([['c', 2]]) }), 'hyphen2|1|')
  t.equal(render('$n $d $l $m', { n: 10n ** 12n, d: new JavaDouble(2), l: [1, 'a'], m: new Map<unknown, unknown>([[1, null]]) }),
    '1000000000000 2.0 [1,"a"] {1=null}')
})

t.test('plain objects are maps of their own properties', async (t) => {
  const source = Object.assign(Object.create({ inherited: 1 }) as object, { own: { deep: [1, { x: 2.5 }] }, none: undefined })
  const variables = { o: new PlainMap(source), quiet: new PlainMap({ sub: { a: 1 } }, { silentChildren: true }) }
  t.equal(render('$o.own.deep[1].x|$o.inherited|$o.none', variables), '2.5||')
  t.equal(render('$o', variables), '{own={deep=[1,{"x":2.5}]}, none=null}')
  t.equal(render('[$quiet.sub]$quiet.sub.a$quiet', variables), '[]1{sub={a=1}}')
  t.equal(render('#set($o.own.deep = 1)#set($o.new = 2)$o.size()$o', variables), '3{own={deep=1}, none=null, new=2}')
})

t.test('a syntax error tells its line and column', async (t) => {
  const places: Array<[string, number, number]> = [
    ['#end', 1, 1], ['a\n#else', 2, 1], ['a\r\n  #set($x = )', 2, 13], ['x\r#if(', 2, 5], ['\n\n$x.y(1', 3, 7], ['#set($x = "\n $y.z( ")', 2, 8],
    ['#foreach($i in [1..2])\n  #if($i)\n#end', 3, 5], ['text $', 1, 6], ['#', 1, 1], ['#set($x = "ab#else")', 1, 14]
  ]
  for (const [source, line, column] of places) {
    try {
      compileVtl(source, [])
      t.fail(`${source} is refused`)
    } catch (error) {
      t.ok(error instanceof VtlSyntaxError, source)
      t.same((error as VtlSyntaxError).position, { line, column }, JSON.stringify(source))
    }
  }
})

t.test('a failure tells its line and column, inside a string too', async (t) => {
  const places: Array<[string, number, number]> = [
    ['\n  $s.substring(9)', 2, 6], ['#set($x = $s.charAt(7))', 1, 14], ['$l[3]', 1, 3], ['#set($l[9] = 1)', 1, 8], ['\n"#set($x = "$s.charAt(9)")"', 2, 16],
    ['#foreach($i in $l)$l.add(1)#end', 1, 1], ['#if(true)\n#include("x")\n#end', 2, 1], ['#set($x = [1..900000])', 1, 11], ['#break("x")', 1, 1]
  ]
  for (const [source, line, column] of places) {
    try {
      render(source, { s: 'abc', l: [1] })
      t.fail(`${source} fails`)
    } catch (error) {
      t.ok(error instanceof VtlRuntimeError, source)
      t.same((error as VtlRuntimeError).position, { line, column }, JSON.stringify(source))
    }
  }
})

t.test('the reference lists every method there is', async (t) => {
  const page = readFileSync('docs/reference/mapping-templates.md', 'utf8')
  t.ok(methodNames(STRING_CLASS).length > 30)
  t.ok(methodNames(INTEGER).includes('parseInt'))
  const missing = methodNames().filter((name) => !new RegExp(`\\b${name}\\b`).test(page))
  t.same(missing, [])
})

// Mapping templates: the cases of AWS's specification, what errors say, what hostile templates and bodies reach.
/* eslint no-template-curly-in-string: "off" -- ${x} is a reference of the template */
import t from 'tap'
import { compileMappingTemplate } from '../../lib/mapping/index.ts'

interface AwsCase {
  readonly title: string
  readonly template: string
  readonly body?: string
  readonly context?: object
  readonly expected: string | RegExp
}

const VALUE = '#set($r=$input.path("$.json"))'
const BLANK = `${VALUE}{"body": $r, "nested": $r.nested, "isNull": #if($r == $null)"true"#else"false"#end, "isEmptyString": #if($r == "")"true"#else"false"#end}`

const AWS_CASES: readonly AwsCase[] = [
  { title: 'E11.4 #71 [observed] a map prints as Java text', template: `${VALUE}$r`, body: '{"json":{"foo":"bar"}}', expected: '{foo=bar}' },
  { title: 'E11.4 #72 [observed] a list prints as JSON', template: `${VALUE}$r`, body: '{"json":[{"foo":"bar"}]}', expected: '[{"foo":"bar"}]' },
  { title: 'E11.4 #73 [observed] a nested map prints as Java text', template: `${VALUE}$r.nested`, body: '{"json":{"nested":{"foo":"bar"}}}', expected: '{foo=bar}' },
  { title: 'E11.4 #74 [observed] a nested list prints as JSON', template: `${VALUE}$r.nested`, body: '{"json":{"nested":[{"foo":"bar"}]}}', expected: '[{"foo":"bar"}]' },
  { title: 'E11.4 #75 [observed] a list in a list prints as JSON', template: `${VALUE}$r[0]`, body: '{"json":[[{"foo":"bar"}]]}', expected: '[{"foo":"bar"}]' },
  { title: 'E11.4 #76 [observed] a list inside a map prints as JSON', template: `${VALUE}$r`, body: '{"json":{"foo":[{"nested":"bar"}]}}', expected: '{foo=[{"nested":"bar"}]}' },
  { title: 'E11.4 #77 [observed] keys keep their order', template: `${VALUE}$r`, body: '{"json":{"bigger":"dict","to":"test","with":"separators"}}', expected: '{bigger=dict, to=test, with=separators}' },
  { title: 'E11.4 #78 [observed] toString is what prints', template: `${VALUE}$r.toString()`, body: '{"json":{"list":[{"foo":"bar"}]}}', expected: '{list=[{"foo":"bar"}]}' },
  { title: 'E11.4 #79 [observed] a missing path is empty and null', template: BLANK, body: '{}', expected: '{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}' },
  { title: 'E11.4 #80 [observed] an empty list is neither', template: BLANK, body: '{"json":[]}', expected: '{"body": [], "nested": , "isNull": "false", "isEmptyString": "false"}' },
  { title: 'E11.4 #81 [observed] a JSON null is empty and null', template: BLANK, body: '{"json":null}', expected: '{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}' },
  { title: 'E11.4 #82 [observed] an empty body reads as {}', template: '#set($x=$input.body)$x', body: '', expected: '{}' },
  { title: 'E11.4 #83 [observed] a body that is no JSON is itself', template: '#set($x=$input.body)$x', body: 'some raw data', expected: 'some raw data' },
  { title: 'E11.4 #84 [observed] a body is form-encoded', template: 'EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)', body: '{"some": "value"}', expected: 'EncodedBody=%7B%22some%22%3A+%22value%22%7D&EncodedBodyAccess=' },
  { title: 'E11.4 #85 [observed] a path into plain text is the text', template: '"$input.path(\'$\')"', body: 'a=b', expected: '"a=b"' },
  { title: 'E11.4 #86 [observed] the JSON of plain text is a string', template: "$input.json('$')", body: 'a=b', expected: '"a=b"' },
  { title: 'E11.4 #87 [observed] the JSON of an empty body is {}', template: "$input.json('$')", body: '', expected: '{}' },
  { title: 'E11.4 #88 [observed] JSON that breaks off fails', template: "$input.path('$')", body: '{a', expected: /Unexpected End Of File position 1: null/ },
  { title: 'E11.4 #89 [observed] a brace inside plain text is text', template: '"$input.path(\'$\')"', body: 'a{b', expected: '"a{b"' },
  { title: 'E11.4 #89 [observed] a word with a brace behind it is text', template: '"$input.path(\'$\')"', body: 'null{', expected: '"null{"' },
  { title: 'E11.4 #90 [observed] what is set through path shows in json', template: "#set($b=$input.path('$'))#set($b.url=\"u\")$input.json('$')", body: '{"id":1}', expected: '{"id":1,"url":"u"}' },
  { title: 'E11.4 #91 [observed] the JSON of a missing path is two quotes', template: "$input.json('$.zz')", body: '{}', expected: '""' },
  { title: 'E11.4 #92 [documented] parseJson answers a live object', template: "$util.parseJson($input.path('$.errorMessage')).key2.arr[0]", body: '{"errorMessage":"{\\"key1\\":\\"var1\\",\\"key2\\":{\\"arr\\":[1,2,3]}}"}', expected: '1' },
  { title: 'E11.4 #93 [documented] a list has a size', template: "$input.path('$.pets').size()", body: '{"pets":[1,2,3]}', expected: '3' },
  { title: 'E11.4 #94 [engine] an indefinite path is a list', template: "$input.path('$.l[*]')", body: '{"l":[1,"two"]}', expected: '[1,"two"]' },
  { title: 'E11.4 #95 [engine] numbers print as Java prints them', template: "$input.path('$.fl')/$input.path('$.ex')", body: '{"fl":1.50,"ex":1e5}', expected: '1.5/100000.0' },
  { title: 'E11.4 #96 [engine] a printed list escapes slashes', template: "$input.path('$.lu')", body: '{"lu":["a/b"]}', expected: '["a\\/b"]' },
  { title: 'E11.4 #97 [documented] escapeJavaScript escapes the single quote', template: '$util.escapeJavaScript("a\'b")', expected: "a\\'b" },
  { title: 'E11.5 #98 [observed] an undefined reference prints nothing', template: 'Hello $name', expected: 'Hello ' },
  { title: 'E11.5 #99 [observed] an undefined reference is true', template: '#if($some_value)hide me#end', expected: 'hide me' },
  { title: 'E11.5 #100 [observed] not null is false', template: "#set($value = $input.path('$.value'))#if(!$value)yes#end", body: '{"value":null}', expected: '' },
  { title: 'E11.5 #101 [observed] false is false', template: "#set($a = $input.path('$.a'))#if($a)yes!#end", body: '{"a":false}', expected: '' },
  { title: 'E11.5 #102 [observed] spaces inside branches stay', template: '#if($value) true #else false #end', expected: ' true ' },
  { title: 'E11.5 #103 [observed] macros vanish and their calls print', template: '#macro(recur $number)#if($number > 0)#set($number = $number - 1)#recur($number)X#end#end#recur(5)', expected: '#recur(5)' },
  { title: 'E11.5 #104 [observed] evaluate prints', template: '#set($d = "x")#evaluate($d)', expected: '#evaluate($d)' },
  { title: 'E11.5 #105 [observed] a defined block prints, its parentheses too', template: '#define ( $hello)hi#end$hello()$hello()', expected: 'hi()hi()' },
  { title: 'E11.5 #106 [observed] stop ends the output', template: 'hello #stop world', expected: 'hello ' },
  { title: 'E11.5 #107 [observed] $foreach.hasNext tells the last round', template: '#foreach ($i in [1, 2, 3])$i. #if ($foreach.hasNext)yes#end, #end', expected: '1. yes, 2. yes, 3. , ' },
  { title: 'E11.5 #108 [observed] so does $velocityHasNext', template: '#foreach ($i in [1, 2, 3])$i. #if ($velocityHasNext)yes#end, #end', expected: '1. yes, 2. yes, 3. , ' },
  { title: 'E11.5 #109 [observed] $velocityCount counts from one', template: "#foreach ($w in $input.path('$.g'))$velocityCount,#end", body: '{"g":["a","b"]}', expected: '1,2,' },
  { title: 'E11.5 #110 [observed] ranges go down too', template: '#foreach( $v in [5..-2] )$v,#end', expected: '5,4,3,2,1,0,-1,-2,' },
  { title: 'E11.5 #111 [observed] replaceAll takes a pattern', template: "#set($foo = 'foobar123bab') $foo.replaceAll('ba.', 'foo')", expected: ' foofoo123foo' },
  { title: 'E11.5 #112 [observed] put answers what was there', template: "#set($m = {\"k\":\"initial value\"})#set( $ignore = $m.put('k', 'new value') )$ignore - $m.k", expected: 'initial value - new value' },
  { title: 'E11.5 #113 [observed] an undefined key is the empty text', template: '#set($m = {})#set($m["$key"] = "foo")$m.toString()', expected: '{=foo}' },
  { title: 'E11.5 #114 [observed] set answers what was there', template: "#set($a = ['one','two','three'])$a.set(1, 'foo')#foreach($i in $a)$i#end", expected: 'twoonefoothree' },
  { title: 'E11.5 #115 [observed] doubled quotes are one', template: '#set($d = "{""a"": 2}")$d', expected: '{"a": 2}' },
  { title: 'E11.5 #116 [observed] a double stays one', template: '#set($a = 100.0 / 50)$a', expected: '2.0' },
  { title: 'E11.5 #117 [observed] a double may begin with its point', template: '#set($x = .5*.1)$x', expected: '0.05' },
  { title: 'E11.5 #118 [observed] a backslash keeps a reference', template: '#set($email = "foo")\\$email', expected: '$email' },
  { title: 'E11.5 #118 [observed] two backslashes are one', template: '#set($email = "foo")\\\\$email', expected: '\\foo' },
  { title: 'E11.5 #119 [observed] matches is about the whole text', template: "#set($s = '123456789')$s.matches('[0-9]*')", expected: 'true' },
  { title: 'E11.5 #120 [observed] a map of the template prints as Java text', template: "#set( $o = {'k1': 'v1', 'k2': 'v2'} )$o.toString()", expected: '{k1=v1, k2=v2}' },
  { title: 'E11.5 #121 [observed] the space before #set stays behind text', template: "\n        #set( $o = {'k1':\n 'v1'} )\n        {", expected: '\n                {' },
  { title: 'E11.5 #122 [observed] a block comment leaves its line break', template: 'Stuff#*\n more comments *#\n and more stuff', expected: 'Stuff\n and more stuff' },
  { title: 'E11.5 #123 [engine] whole numbers divide to whole numbers', template: '#set($a = 7 / 2)$a|#set($b = 7.0 / 2)$b|#set($c = -7 / 2)$c', expected: '3|3.5|-3' },
  { title: 'E11.5 #124 [engine] division by zero sets nothing', template: '#set($a = 1)#set($a = 5 / 0)[$a]', expected: '[1]' },
  { title: 'E11.5 #125 [engine] a hyphen is part of a name', template: '$a-b|${a}-b', expected: '|-b' },
  { title: 'E11.5 #126 [engine] a loop over a map walks its values', template: "#foreach($v in $input.path('$'))$v,#end", body: '{"a":1,"b":2}', expected: '1,2,' },
  { title: 'E11.5 #127 (documented limit 1000) a loop ends silently after a thousand rounds', template: '#foreach($i in [0..1500])#set($n=$i)#end$n', expected: '999' },
  { title: 'E11.5 #128 [engine] literals alone are false', template: '#if("")T#{else}F#end#if(0)T#{else}F#end', expected: 'FF' },
  { title: 'E11.5 #129 [engine] an index beyond the list fails', template: '#set($x=[1,2])$x[5]', expected: /Index 5 out of bounds for length 2/ },
  { title: 'E11.5 #130 [observed] a dollar at the very end is refused', template: 'Hello $', expected: /:1:7 is not valid/ },
  { title: 'E11.6 #131 [documented] a null member prints nothing', template: '[$context.messageId]', context: { messageId: null }, expected: '[]' },
  { title: 'E11.6 #132 [observed] the whole context prints with its nulls', template: '$context', context: { eventType: 'CONNECT', messageId: null, messageDirection: 'IN', identity: { sourceIp: '1.2.3.4' } }, expected: '{eventType=CONNECT, messageId=null, messageDirection=IN, identity={sourceIp=1.2.3.4}}' },
  { title: 'E11.6 #133 [documented] authorizer values are the texts they are given as', template: '$context.authorizer.numKey $context.authorizer.boolKey', context: { authorizer: { numKey: '1', boolKey: 'true' } }, expected: '1 true' },
  { title: 'E11.6 #134 [documented] equal ids are equal', template: '#if($context.requestId == $context.extendedRequestId)equal#end', context: { requestId: 'a=', extendedRequestId: 'a=' }, expected: 'equal' },
  { title: 'E11.6 #135 [unknown] an override of a request sets nothing', template: '#set($context.requestOverride.header.x = "y")[$context.requestOverride.header.x]', context: {}, expected: '[]' },
  { title: 'E11.6 #136 [engine] an undefined stage variable prints nothing', template: "[$stageVariables['x']]", expected: '[]' },
  { title: 'Rulings 1: a sub-map of $context printed alone is nothing', template: '[$context.identity]["$context.identity"]$context.identity.sourceIp', context: { identity: { sourceIp: '1.2.3.4' } }, expected: '[][""]1.2.3.4' },
  { title: 'Rulings 1: the JSON of a JSON null is null', template: "$input.json('$.a')", body: '{"a":null}', expected: 'null' }
]

for (const { title, template, expected, ...scope } of AWS_CASES) {
  t.test(title, async (t) => {
    const render = () => compileMappingTemplate(template)(scope)
    if (typeof expected === 'string') t.equal(render(), expected)
    else t.throws(render, { message: expected })
  })
}

const render = (template: string, scope = {}) => compileMappingTemplate(template)(scope)

t.test('a template that cannot be parsed is refused with name, line, column and a caret', async (t) => {
  const refuse = (template: string, name?: string) => {
    try {
      compileMappingTemplate(template, name === undefined ? {} : { name })
    } catch (error) {
      return error as Error & { code: string }
    }
    return t.fail(`${template} is refused`)
  }
  const error = refuse('{\n  "a": 1,\n  #if(1 -1)x#end\n}', 'requestTemplates.default') as Error & { code: string }
  t.equal(error.code, 'AGW_ERR_MAPPING_TEMPLATE_INVALID')
  t.ok(error instanceof SyntaxError)
  t.match(error.message, /^Template requestTemplates\.default:3:9 is not valid: '-1' is unexpected/)
  t.match(error.message, /\n {4}#if\(1 -1\)x#end\n {10}\^$/)
  t.match((refuse('#if(true)') as Error).message, /:1:10 is not valid: the end of the template is unexpected/)
  t.match((refuse(`${' '.repeat(300)}#foreach($i in`) as Error).message, /:1:31\d is not valid.*\n {2}.{1,100}\n {2} {1,100}\^$/s)
  t.match((refuse('#set($x = "a\n#if(")') as Error).message, /:2:5 is not valid/, 'inside a string too')
  t.match((refuse('#macro') as Error).message, /#macro needs a name/)
  t.match((refuse('#define()x#end') as Error).message, /#define needs one name/)
  t.match((refuse('#stop(1 2)') as Error).message, /takes one message/)
  t.match((refuse('#include(a)') as Error).message, /does not take the word 'a'/)
})

t.test('a template that fails tells where', async (t) => {
  const template = compileMappingTemplate('{\n "a": $input.path("$.s").substring(9)\n}', { name: 'reply' })
  t.throws(() => template({ body: '{"s":"abc"}' }), {
    code: 'AGW_ERR_MAPPING_TEMPLATE_FAILED', message: /^Template reply:2:26 failed: StringIndexOutOfBounds/
  })
  t.throws(() => render('#set($x = [1])\n#set($x[3] = 1)'), { message: /:2:8 failed/ })
  t.throws(() => render('#set($x = "a $input.path(\'$[\')")'), { message: /:1:21 failed/ })
})

t.test('$input.params searches path, querystring and header; what is not given is empty', async (t) => {
  const params = { querystring: { a: 'query', b: 'query' }, header: { b: 'header', c: 'header' } }
  t.equal(render("$input.params('a')$input.params('b')$input.params('c'):$input.params('d')", { params }), 'queryqueryheader:')
  t.equal(render('$input.params()', { params }), '{path={}, querystring={a=query, b=query}, header={b=header, c=header}}')
  t.equal(render("[$input.params('a')]$input.params().querystring.size()"), '[]0')
})

t.test('numbers of the context are Java numbers', async (t) => {
  const context = { int: 5, long: 1700000000999, double: 1.5, zero: -0, big: 10n, yes: true, list: [1, { a: 2.5 }], fn: () => 1, date: new Date(0) }
  t.equal(render('$context.int $context.long $context.double $context.zero $context.big $context.yes $context.list [$context.fn] [$context.date.x]', { context }),
    '5 1700000000999 1.5 -0.0 10 true [1,{"a":2.5}] [] []')
  t.equal(render('#set($x = $context.int / 2)$x;#set($x = $context.long + 1)$x', { context }), '2;1700000001000')
})

t.test('a scope is never changed by a template', async (t) => {
  const context = { stage: 'prod', identity: { sourceIp: '1' }, list: [1] }
  const before = structuredClone(context)
  t.equal(render('#set($context.stage = "x")#set($context.identity.sourceIp = "y")#set($z = $context.list.add(2))$context.stage$context.identity.sourceIp$context.list', { context }), 'xy[1,2]')
  t.same(context, before)
})

t.test('one compiled template renders many times, each from the start', async (t) => {
  const template = compileMappingTemplate("#set($b = $input.path('$'))#set($b.n = $b.n + 1)#foreach($i in [1..2])$foreach.count#end$b.n$x#set($x = 1)")
  t.equal(template({ body: '{"n":1}' }), '122')
  t.equal(template({ body: '{"n":5}' }), '126')
})

/** Ways to reach a prototype, a constructor or the process, and what is left of them. */
const REACHES: ReadonlyArray<readonly [template: string, text: string]> = [
  ['$input.params().constructor.constructor("return process")()', '()'], ['$util.getClass()', ''], ['$util.constructor.name', ''],
  ['$class.inspect("java.lang.Runtime")', ''], ['$input.constructor', ''], ['$input.path.call', ''], ['$input.javaClass', ''],
  ['$input.text', ''], ['$util.text', ''], ['$context.constructor', ''], ['$context.toString', ''], ['$context.map', ''],
  ['$context.silent', ''], ['$context.class', ''], ['$context.getClass()', ''], ['$stageVariables.hasOwnProperty', ''],
  ["$context['__proto__']", ''], ["$context.get('constructor')", ''], ["$context.get('__proto__')", ''],
  ["$input.params('constructor')", ''], ["$input.params('__proto__')", ''], ["$input.path('$.constructor')", ''],
  ["$input.path('$.__proto__.x')", ''], ["$input.path('$').constructor.name", ''], ["$input.json('$.constructor')", '""'],
  ['#set($o = {})$o["constructor"]', ''], ['#set($o = {})#set($o["__proto__"] = {"p": "y"})$o.p', ''],
  ['#set($o = {})$o.hasOwnProperty("a")', ''], ['#set($o = {})$o.toString.constructor', ''], ['#set($o = {})$o.size.call', ''],
  ['#set($o = {})$o.valueOf()', ''], ['#set($o = {"a": 1})#foreach($e in $o.entrySet())$e.map$e.constructor#end', ''],
  ['#set($s = "a")$s.constructor', ''], ['#set($s = "a")$s.constructor.constructor("return 1")()', '()'], ['#set($s = "a")$s.length', ''],
  ['#set($s = "a")$s.at(0)$s.repeat(9)$s.charCodeAt(0)', ''], ['#set($l = [1])$l.constructor', ''], ['#set($l = [1])$l.length', ''],
  ['#set($l = [1])$l["length"]', ''], ['#set($l = [1])$l.push(1)$l.map$l.items$l.splice(0,1)', ''], ['#set($n = 1)$n.constructor', ''],
  ['#set($n = 1)$n.toFixed(2)', ''], ['#set($n = 1.5)$n.value', ''], ['#set($b = true)$b.constructor', ''],
  ['#define($d)x#end$d.constructor$d.render', ''], ['#foreach($i in [1])$foreach.owner$foreach.map$foreach.constructor#end', ''],
  ['#set($i = [1].iterator())$i', '.iterator())'], ['$process', ''], ['$globalThis', ''], ['$global.process', ''], ['$this', ''],
  ['$require("fs")', '("fs")'], ['$eval("1")', '("1")'], ['$x.__proto__', '.__proto__'], ['$import', '']
]

t.test('no path leads from a template to a prototype, a constructor or the process (vtl-ctor)', async (t) => {
  for (const [template, expected] of REACHES) {
    let text
    try {
      text = render(template, { body: '{}', context: {}, params: {} })
    } catch (error) {
      t.equal((error as { code: string }).code, 'AGW_ERR_MAPPING_TEMPLATE_INVALID', template)
      continue
    }
    t.equal(text, expected, template)
  }
  const probe = {} as Record<string, unknown>
  t.equal(probe['p'], undefined)
})

t.test('names of Object.prototype in a body are plain data (js-proto-keys)', async (t) => {
  const body = '{"action":"a","__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"toString":"t","hasOwnProperty":2}'
  t.equal(render("$input.path('$.__proto__.x')$input.path('$.constructor.prototype.y')$input.path('$').toString.length()$input.path('$.toString')", { body }), '111t')
  t.equal(render("$input.json('$')$input.body", { body }), body + body)
  t.equal(render("#set($b = $input.path('$'))#set($p = $b['__proto__'])#set($p.z = 3)#set($b['constructor'] = 4)$p $b.constructor", { body }), '{x=1, z=3} 4')
  const context = JSON.parse('{"__proto__": {"q": 1}, "constructor": "c"}') as object
  t.equal(render("$context['__proto__'].q$context.constructor$context.toString", { context }), '1c')
  const probe = {} as Record<string, unknown>
  for (const name of ['x', 'y', 'z', 'q']) t.equal(probe[name], undefined, name)
})

t.test('what a body holds is never a template (vtl-data-not-code)', async (t) => {
  const hostile = '#set($x=1)$x ${y} $util.parseJson("{}") #foreach($i in [1..9])a#end #stop #include("x") \\$z'
  const body = JSON.stringify({ a: hostile })
  t.equal(render("$input.path('$.a')|$input.body|#set($s = \"$input.path('$.a')\")$s|$s.concat('')|$input.path('$.a').replaceAll('zzz', '')", { body }),
    [hostile, body, hostile, hostile, hostile].join('|'))
  t.equal(render('$context.a $stageVariables.a', { context: { a: hostile }, stageVariables: { a: hostile } }), `${hostile} ${hostile}`)
})

t.test('a quote in the data comes out as it is; escapeJavaScript is there for it (vtl-json-escape)', async (t) => {
  const body = JSON.stringify({ name: 'a", "admin": "yes' })
  t.equal(render('{"name": "$input.path(\'$.name\')"}', { body }), '{"name": "a", "admin": "yes"}')
  t.equal(render('{"name": "$util.escapeJavaScript($input.path(\'$.name\'))"}', { body }), '{"name": "a\\", \\"admin\\": \\"yes"}')
})

t.test('no pattern in a template runs away (vtl-regex)', async (t) => {
  const body = JSON.stringify({ s: 'a'.repeat(128 * 1024) + '!' })
  for (const call of ["replaceAll('(a+)+$', 'b')", "matches('(a+)+$')", "split('(a+)+$')", "matches('(a|aa)+$')", "matches('(a|a?)+$')", "matches('.*.*.*x')", "matches('a*a*a*b')", "replaceFirst('(a*)*b', 'x')"]) {
    const start = process.hrtime.bigint()
    try {
      render(`#set($s = $input.path('$.s'))$s.${call}`, { body })
    } catch (error) {
      t.equal((error as { code: string }).code, 'AGW_ERR_MAPPING_TEMPLATE_FAILED', call)
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    t.ok(seconds < 3, `${call} takes ${seconds} s`)
  }
})

/** Templates that would not end, or fill the memory. */
const FLOODS: ReadonlyArray<readonly [title: string, template: string, message: RegExp]> = [
  ['loops in loops', '#foreach($i in [1..1000])#foreach($j in [1..1000])#set($x = $j)#end#end', /more than 100000 steps/],
  ['a string doubled in a loop', '#set($x = "ab")#foreach($i in [1..100])#set($x = "$x$x")#end$x', /longer than/],
  ['a string doubled by +', '#set($x = "ab")#foreach($i in [1..100])#set($x = $x + $x)#end$x', /longer than/],
  ['a string doubled by concat', '#set($x = "ab")#foreach($i in [1..100])#set($x = $x.concat($x))#end$x', /longer than/],
  ['a string grown by replace', '#set($x = "aaaaaaaaaa")#foreach($i in [1..100])#set($x = $x.replace("a", $x))#end$x', /longer than/],
  ['a string grown by replaceAll', '#set($x = "aaaaaaaaaa")#foreach($i in [1..100])#set($x = $x.replaceAll("a", $x))#end$x', /long/],
  ['a string grown by format', '#set($x = $s.format("%100000000d", 1))#set($s = "")$s.format("%100000000d", 1)', /wider than/],
  ['an output without end', '#set($x = "0123456789012345678901234567890123456789012345678901234567890123456789")#set($x = "$x$x$x$x$x$x$x$x$x$x")#foreach($i in [1..1000])#foreach($j in [1..9])$x$x$x$x$x#end#end', /longer than/],
  ['a list doubled by addAll', '#set($l = [1,2,3,4,5,6,7,8])#foreach($i in [1..40])#set($z = $l.addAll($l))#end$l.size()', /more than 100000 elements/],
  ['a wide range', '#set($l = [1..2000000000])$l.size()', /more than 100000 elements/],
  ['a list that holds itself, in a document', "#set($b = $input.path('$.l'))#set($z = $b.add($b))$b", /StackOverflowError/],
  ['a list of lists of lists', '#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l', /more than 100000 steps/],
  ['a map of maps of maps, as JSON', "#set($b = $input.path('$'))#set($m = {'a': 1})#foreach($i in [1..60])#set($m = {'a': $m, 'b': $m})#end#set($b.m = $m)$input.json('$.m')", /more than 100000 steps/],
  ['a map inside itself twice', '#set($m = {})#set($m.a = [$m, $m])$m', /StackOverflowError|steps/],
  ['a number squared in a loop', '#set($n = 9223372036854775807)#foreach($i in [1..100])#set($n = $n * $n)#end$n', /more than 65536 bits/],
  ['a decimal with a monstrous exponent', "#set($n = $input.path('$.d'))#set($n = $n + 1)$n", /more than 20000 digits/],
  ['searches of long lists', '#set($l = [1..90000])#foreach($i in [1..1000])#set($x = $l.contains("z"))#end', /more than 100000 steps/],
  ['hashes of lists of lists of lists', '#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l.hashCode()', /more than 100000 steps/],
  ['comparing lists of lists of lists', '#set($l = [1])#set($k = [1])#foreach($i in [1..60])#set($l = [$l, $l])#set($k = [$k, $k])#end#if($l == $k)x#end', /more than 100000 steps/],
  ['keys that are lists of lists of lists', '#set($l = [1])#set($k = [1])#foreach($i in [1..60])#set($l = [$l, $l])#set($k = [$k, $k])#end#set($m = {$l: 1, $k: 2})', /more than 100000 steps/],
  ['parts of long lists', '#set($l = [1..90000])#set($p = $l.subList(0, 80000))#foreach($i in [1..1000])#foreach($j in $p)#set($x = $p.get(5))#end#end', /more than 100000 steps/],
  ['encoding long texts', '#set($x = "0123456789")#foreach($i in [1..16])#set($x = "$x$x")#end#foreach($i in [1..1000])#set($y = $util.urlEncode($x))#end', /more than 100000 steps/],
  ['deep scans', "#foreach($i in [1..1000])#foreach($j in [1..1000])#set($x = $input.path('$..z'))#end#end", /more than 100000 steps/],
  ['methods of long texts', '#set($x = "0123456789")#foreach($i in [1..16])#set($x = "$x$x")#end#foreach($i in [1..1000])#set($y = $x.indexOf("z"))#end', /more than 100000 steps/]
]

t.test('a rendering has limits: rounds, steps, output, elements, digits, depth', async (t) => {
  const body = '{"l":[1],"d":1.00000000000000000000e900000000}'
  for (const [title, template, message] of FLOODS) {
    const start = process.hrtime.bigint()
    t.throws(() => render(template, { body }), { code: 'AGW_ERR_MAPPING_TEMPLATE_FAILED', message }, title)
    t.ok(process.hrtime.bigint() - start < 3_000_000_000n, `${title} is noticed in time`)
  }
  t.equal(render('#define($d)x$d#end$d'), 'xx$d', 'a block inside itself ends')
  t.equal(render(`\${input.body}${'x'.repeat(100)}`, { body: 'é'.repeat(600_000) }).length, 600_100)
  t.throws(() => render('$input.body', { body: 'é'.repeat(700_000) }), { message: /longer than 1310720 bytes/ }, 'bytes count')
})

t.test('a template has limits: bytes and depth', async (t) => {
  const refuses = (template: string, message: RegExp) => t.throws(() => compileMappingTemplate(template), { code: 'AGW_ERR_MAPPING_TEMPLATE_INVALID', message })
  t.equal(render('x'.repeat(300 * 1024)).length, 300 * 1024)
  refuses('x'.repeat(300 * 1024 + 1), /larger than 307200 bytes/)
  refuses('#if(true)'.repeat(5000), /nested too deeply/)
  refuses(`#set($x = ${'('.repeat(20_000)}`, /nested too deeply/)
  refuses(`#set($x = ${'['.repeat(20_000)}`, /nested too deeply/)
  refuses(`${'$a.b('.repeat(20_000)}`, /nested too deeply/)
  refuses(`#set($x = ${'!'.repeat(20_000)}true)`, /nested too deeply/)
  refuses(`#set($x = 1${' + 1'.repeat(20_000)})`, /too many operators/)
  const start = process.hrtime.bigint()
  for (const piece of ['\\', '"', '#', '$', '[', '{', "'", '#*', '##', '$!', '#[[', '((', '#set($x = "']) {
    try { compileMappingTemplate(piece.repeat(Math.floor(100_000 / piece.length))) } catch {}
  }
  t.ok(process.hrtime.bigint() - start < 20_000_000_000n, 'no text takes the parser long')
})

t.test('nothing in the bundle evaluates text as code', async (t) => {
  const { readFileSync, readdirSync } = await import('node:fs')
  for (const room of ['java', 'json', 'vtl', 'vtl/methods', 'mapping']) {
    for (const file of readdirSync(`lib/${room}`).filter((name) => name.endsWith('.ts'))) {
      t.notMatch(readFileSync(`lib/${room}/${file}`, 'utf8'), /\beval\s*\(|new Function|\bwith\s*\(/, file)
    }
  }
})

// Makes templates and bodies: mostly sensible ones that call every method, some that are a heap of tokens.
/* eslint no-template-curly-in-string: "off" -- ${x} is a reference of the template */
import { METHODS } from './methods.mjs'
import { Random } from './random.mjs'

const WORDS = ['a', 'b', 'name', 'foo', 'Hello', 'x y', 'é', '日本', '', '1', '42', '-7', 'a.b', 'a,b,c', "it''s", '/', 'TRUE', 'true', 'null', '  pad ', 'aXbXc', 'tab\there', '🎉', '0', 'abcabc']
const KEYS = ['a', 'b', 'c', 'k1', 'k2', 'list', 'obj', 'n', 's', 'missing', 'empty', 'class2']
const NUMBERS = ['0', '1', '2', '3', '5', '-1', '-2', '7', '10', '100', '2147483647', '-2147483648', '2147483648', '9223372036854775807', '9223372036854775808', '99999999999999999999']
const FLOATS = ['0.5', '1.0', '2.50', '-0.1', '100.0', '1e5', '1.5e-7', '3.', '.25', '1e22', '123456789.125', '0.001', '1E7', '-0.0', '1e400', '4.35', '2.2250738585072014E-308']
const OPERATORS = ['+', '-', '*', '/', '%']
const COMPARISONS = ['==', '!=', '<', '>', '<=', '>=', 'eq', 'ne', 'lt', 'gt', 'le', 'ge']
const LOGIC = ['&&', '||', 'and', 'or']
const SPACES = ['', '', '', ' ', '\n', '  ', '\t', ' \n', '\r\n', '\n\n', '    ']
const PLAIN = ['text', ' ', '\n', '{"k": ', '}', ', ', '"', "'", '. ', ':', '$', '$ ', '#', '# ', '\\', '\\\\', '!', '(', ')', '[', ']', '<b>', '$5', '#1', '$.', '$[', '$!', '${', '#13ff93', '/', '*', '*#', ']]#', '@', 'é', '.x', '-', '$$', '##\n', '#*c*#', '#**d*#', '#[[raw $x #if]]#', '1.5', '_', '\r\n', '\t']

const PRELUDE = {
  s: "#set($s = 'Hello, World')",
  t: "#set($t = 'abcabc')",
  l: "#set($l = ['b', 'a', 'c', 'a'])",
  nl: '#set($nl = [3, 1, 2])',
  m: "#set($m = {'a': 1, 'b': 'two', 'c': [1, 2]})",
  i: '#set($i = 7)',
  g: '#set($g = 12345678901)',
  d: '#set($d = 2.5)',
  o: '#set($o = true)',
  h: "#set($h = 'xyz'.charAt(1))#set($h = $s.charAt(1))",
  r: "#set($r = $input.path('$'))",
  rl: "#set($rl = $input.path('$.list'))",
  ro: "#set($ro = $input.path('$.obj'))",
  q: "#set($q = $s.split(','))"
}
PRELUDE.h = '#set($h = $s.charAt(1))'
/** The variables of the prelude by kind; an array and an iterator are never printed, their text is an address. */
export const KINDS = { string: ['s', 't'], list: ['l', 'nl', 'rl'], map: ['m', 'ro', 'r'], int: ['i'], long: ['g'], double: ['d'], boolean: ['o'], char: ['h'], array: ['q'] }
const NEEDS = { h: ['s'], q: ['s'] }

export class Generator {
  constructor (seed, counts) {
    this.random = new Random(seed)
    this.counts = counts
    this.used = new Set()
    this.constructs = 0
    this.depth = 0
    this.loops = 0
    this.loopVariable = 0
    this.mine = []
  }

  count (name) {
    this.constructs++
    this.pending.push(name)
  }

  record () {
    this.pending = []
    const random = this.random
    const soup = random.chance(0.22)
    let template = ''
    const least = soup ? 6 : 5
    while (this.constructs < least || random.chance(soup ? 0.6 : 0.55)) {
      if (this.constructs > 60) break
      template += soup ? this.soup() : this.statement()
    }
    if (soup && random.chance(0.4)) template = this.mutate(template)
    template = this.prelude() + template
    if (random.chance(0.03)) template = this.mutate(template)
    return { template, body: this.body(), context: CONTEXT, stageVariables: STAGE, params: PARAMS, used: this.pending, constructs: this.constructs }
  }

  prelude () {
    const wanted = new Set(this.used)
    for (const name of this.used) for (const need of NEEDS[name] ?? []) wanted.add(need)
    const between = this.random.chance(0.2) ? '\n' : ''
    return Object.keys(PRELUDE).filter((name) => wanted.has(name)).map((name) => PRELUDE[name] + between).join('')
  }

  name (kind) {
    const name = this.random.pick(KINDS[kind])
    this.used.add(name)
    return name
  }

  mutate (text) {
    const random = this.random
    let mutated = text
    for (let i = random.below(3); i >= 0; i--) {
      const at = random.below(mutated.length + 1)
      const length = random.below(4)
      mutated = random.weighted([
        [3, () => mutated.slice(0, at) + mutated.slice(at + length)],
        [3, () => mutated.slice(0, at) + random.pick(PLAIN) + mutated.slice(at)],
        [1, () => mutated.slice(0, at) + mutated.slice(at, at + 5) + mutated.slice(at)],
        [1, () => mutated.slice(0, at)]
      ])()
    }
    return mutated
  }

  /** One piece of a heap of tokens. */
  soup () {
    const random = this.random
    this.count('soup')
    return random.weighted([
      [6, () => random.pick(PLAIN)],
      [3, () => this.reference()],
      [2, () => random.pick(['#if($x)', '#if(true)', '#else', '#elseif(true)', '#end', '#{end}', '#{else}', '#set($x = 1)', '#set ($x=2)', '  #set( $y = "q" )\n', '#foreach($z in [1..2])', '#break', '#stop', '#define($w)', '#literal()', '#macro(mm)', '#foo', '#foo($x)', '#foo("a" $x)', '#@bar()', '#evaluate($x)', '#include("x")', '#parse()', '#{foo}', '#return', '#if ( $x == 1 )', '#foreach ( $z in $y )'])],
      [2, () => random.pick(['\\', '\\\\', '\\\\\\']) + random.pick(['$x', '$!x', '${x}', '#if', '#end', '#set', '#foo', '#foreach', '#macro', '$', '#', '$!{x}', '$x.y()', '#{end}', '#mm', '#else'])],
      [2, () => random.pick(['$x', '$!x', '${x}', '$!{x}', '$x.y', '$x.y()', '$x[0]', '$x.', '$x[', '$x.y(', '${x', '${x.y', '$x-y', '$x.y.z', '$x[0][1]', '$x["a"]', "$x['a'].b", '$\\!x', '$!\\x', '$x.length()', '$x.y(1)', '$x .y', '$x. y', '$true', '$x.true', '$!$x', '$$x', '#$x', '$#end', '$#if(true)', '$x#end', '$x##\n', '$x#*c*#', '$x$y', '$x.y$y', '$_', '$x_1', '$1', '$-', '$x!', '$x{', '$x}', '$x)', '$x(', '$x,'])],
      [1, () => this.statement()]
    ])()
  }

  statement () {
    const random = this.random
    if (this.depth > 3) return this.text()
    this.depth++
    const made = random.weighted([
      [6, () => this.printed()],
      [4, () => this.text()],
      [4, () => this.set()],
      [3, () => this.ifBlock()],
      [3, () => this.foreach()],
      [1, () => this.define()],
      [1.6, () => this.rare()],
      [9, () => this.methodUse()]
    ])()
    this.depth--
    return made + random.pick(SPACES)
  }

  text () {
    return this.random.pick(['text ', '\n', '  ', '{"k": "', '"}', ', ', ' - ', 'é ', '1 + 1', '\t', '()', '[0]', '. '])
  }

  block () {
    return this.random.pick(SPACES) + this.random.list(1, 2, () => this.statement()).join('')
  }

  ifBlock () {
    const random = this.random
    this.count('#if')
    const brace = random.chance(0.1)
    const word = (name) => brace ? `#{${name}}` : `#${name}`
    let made = `${word('if')}${random.pick(['', ' '])}(${this.condition()})${random.pick(SPACES)}${this.block()}`
    if (random.chance(0.3)) {
      this.count('#elseif')
      made += `${word('elseif')}(${this.condition()})${this.block()}`
    }
    if (random.chance(0.5)) {
      this.count('#else')
      made += `#{else}${this.block()}`
    }
    return `${made}${random.pick(['#end', '#{end}'])}${random.pick(SPACES)}`
  }

  foreach () {
    const random = this.random
    this.count('#foreach')
    const variable = random.pick(['v', 'w', 'x', 'v2'])
    const open = random.pick([`$${variable}`, `$${variable}`, `\${${variable}}`, `$!${variable}`])
    const list = random.weighted([
      [3, () => `$${this.name('list')}`],
      [2, () => `$${this.name('map')}`],
      [1, () => `$${this.name('map')}.${random.pick(['keySet', 'values', 'entrySet'])}()`],
      [2, () => this.range()],
      [2, () => this.list()],
      [0.5, () => `$${this.name('array')}`],
      [0.5, () => `$${this.name('list')}.iterator()`],
      [0.5, () => random.pick(['$nothing', '"text"', '5', '$s', 'true', '{}', '[]'])]
    ])()
    this.mine.push(variable)
    this.loops++
    const inside = () => random.weighted([
      [2, () => this.statement()],
      [2, () => `$${variable}${random.pick(['', ',', ' '])}`],
      [2, () => {
        this.count('$foreach')
        return random.pick(['$foreach.count', '$foreach.index', '$foreach.hasNext', '$foreach.first', '$foreach.last', '$velocityCount', '$velocityHasNext', '#if($foreach.hasNext),#end', '$foreach.parent.count', '$foreach.topmost.index', '$!foreach.parent.parent.index', '$foreach'])
      }],
      [0.7, () => {
        this.count('#break')
        return random.pick(['#if($foreach.count == 2)#break#end', '#break', '#if($foreach.index == 1)#break($foreach)#end', '#if($foreach.parent)#break($foreach.parent)#end'])
      }],
      [0.5, () => `#set($${variable} = ${this.value()})`],
      [0.5, () => `$${variable}.key=$${variable}.value;`],
      [0.2, () => `#set($foreach.${random.pick(KEYS)} = ${this.value()})$foreach.${random.pick(KEYS)}`]
    ])()
    const body = random.list(1, 3, inside).join('')
    this.mine.pop()
    this.loops--
    return `#foreach${random.pick(['', ' '])}(${random.pick(['', ' '])}${open} in ${list}${random.pick(['', ' '])})${random.pick(SPACES)}${body}#end${random.pick(SPACES)}`
  }

  define () {
    const random = this.random
    this.count('#define')
    const name = random.pick(['block', 'w'])
    const body = random.list(1, 2, () => this.statement()).join('')
    const uses = random.list(1, 2, () => random.pick([`$${name}`, `$${name}()`, `"$${name}"`, `#set($x = "$${name}")$x`, `#if($${name} == "x")y#end`, `$${name}.length()`, `#set($x = $${name} + "!")$x`])).join('')
    return `#define(${random.pick(['', ' '])}$${name})${random.pick(SPACES)}${body}${random.chance(0.1) ? `$${name}` : ''}#end${random.pick(SPACES)}${uses}`
  }

  rare () {
    const random = this.random
    const [name, make] = random.pick([
      ['#stop', () => this.depth > 1 ? random.pick(['#if($x == 1)#stop#end', '#stop', '#stop("m")']) : '#if($nothing == 1)#stop#end'],
      ['#literal', () => `#literal()${random.pick(['text $x #if', ' raw ${a} ', '#foo($b)', "\\$x '", '$x.y[0]'])}#end`],
      ['#[[', () => `#[[${random.pick(['$x #if($y)', ' #end ', '$', '\\'])}]]#`],
      ['##', () => `## comment ${random.pick(['$x', '#if', '', '"'])}\n`],
      ['#*', () => `#* comment ${random.pick(['$x', '#if(', '\n', '*'])}*#`],
      ['#**', () => `#** formal ${random.pick(['$x', '#end', '\n', ''])}*#`],
      ['#macro', () => `#macro(${random.pick(['mac', 'row'])} $p)${random.pick(['body $p', '#if($p)x#end', ''])}#end${random.pick(['#mac(1)', '#row("a" $x)', '\\#mac(2)', ''])}`],
      ['#evaluate', () => `#evaluate(${random.pick(['"$x"', '$s', '""'])})`],
      ['#include', () => `#if(false)#include("x")#end${random.pick(['#include()', '', ''])}`],
      ['#parse', () => '#if($nothing == 1)#parse("x")#end'],
      ['#unknown', () => random.pick(['#foo($s)', '#return(1)', '#bar', '#{baz}', '#foo ("a", [1..2] {"k":1} true 1.5)', '#@mac()body#end', '#@mac', '#foo( $x )\n'])],
      ['#break', () => this.loops > 0 ? '#break' : ''],
      ['escape', () => random.pick(['\\', '\\\\', '\\\\\\']) + random.pick(['$s', '${s}', '$!s', '#if', '#set', '#end', '#foo', '#foreach', '#else', '$s.length()', '#{if}', '$nothing'])]
    ])
    this.count(name)
    if (name === 'escape') this.used.add('s')
    return make()
  }

  set () {
    const random = this.random
    this.count('#set')
    const place = random.weighted([
      [6, () => `$${random.pick(['x', 'y', 'z', 'v'])}`],
      [1, () => `$${this.name('map')}.${random.pick(KEYS)}`],
      [1, () => `$${this.name('map')}[${this.string()}]`],
      [1, () => `$${this.name('list')}[${random.pick(['0', '1', '-1', '9', '2'])}]`],
      [0.5, () => `$r.obj.${random.pick(KEYS)}`],
      [0.4, () => random.pick(['${x}', '$!x', '$nothing.a', '$x[0]', '$x.y.z', '$i.a', '$s.b', '$context.stage', '$input.body'])]
    ])()
    if (place.startsWith('$r.')) this.used.add('r')
    const before = random.pick(['', '', ' ', '\n', '  '])
    const used = random.chance(0.6) && /^\$[xyz]$/.test(place) ? this.use(place) : ''
    return `${before}#set${random.pick(['', '', ' '])}(${random.pick(['', ' '])}${place}${random.pick([' = ', '=', ' =  '])}${this.value()}${random.pick(['', ' '])})${random.pick(SPACES)}${used}`
  }

  use (place) {
    return this.random.pick([place, `[${place}]`, `"${place}"`, `${place}.toString()`, `\${${place.slice(1)}}!`, `$!${place.slice(1)}`])
  }

  condition () {
    const random = this.random
    return random.weighted([
      [4, () => `${this.operand()}${random.pick([' ', ''])}${this.comparison()}${this.operand()}`],
      [2, () => `${random.pick(['!', '! ', 'not '])}${this.operand()}`],
      [2, () => this.operand()],
      [1, () => {
        this.count('logic')
        return `${this.condition()} ${random.pick(LOGIC)} ${this.condition()}`
      }],
      [1, () => `(${this.condition()})`],
      [2, () => this.call('boolean')]
    ])()
  }

  comparison () {
    this.count('comparison')
    return ` ${this.random.pick(COMPARISONS)} `
  }

  operand () {
    const random = this.random
    return random.weighted([
      [3, () => `$${this.name(random.pick(['string', 'int', 'double', 'boolean', 'long', 'list', 'map', 'char']))}`],
      [2, () => random.pick(NUMBERS)],
      [1, () => random.pick(FLOATS)],
      [2, () => this.string()],
      [1, () => random.pick(['true', 'false', '$nothing', '$x', '$y', '$r.n', '$r.s', '$r.list', '$r.obj', '$r.f', '$r.nil', '$r.big'])],
      [1, () => this.any()],
      [0.5, () => `(${this.arithmetic()})`],
      [0.5, () => this.list()],
      [0.3, () => this.map()]
    ])()
  }

  arithmetic () {
    this.count('arithmetic')
    const random = this.random
    let made = this.number()
    for (let i = random.below(3); i >= 0; i--) made += ` ${random.pick(OPERATORS)} ${random.chance(0.15) ? `(${this.arithmetic()})` : this.number()}`
    return made
  }

  number () {
    const random = this.random
    this.used.add('r')
    return random.weighted([
      [4, () => random.pick(NUMBERS)], [2, () => random.pick(FLOATS)],
      [2, () => `$${this.name(random.pick(['int', 'long', 'double']))}`],
      [1, () => random.pick(['$r.n', '$r.f', '$r.big', '$r.dec', '$r.neg', '$r.huge', '$r.exp'])], [0.3, () => this.string()], [0.2, () => '$nothing']
    ])()
  }

  value () {
    const random = this.random
    return random.weighted([
      [3, () => this.any()],
      [2, () => this.arithmetic()],
      [2, () => this.string()],
      [1, () => random.pick(NUMBERS)],
      [1, () => random.pick(FLOATS)],
      [1, () => this.list()],
      [1, () => this.map()],
      [1, () => this.range()],
      [1, () => this.condition()],
      [1, () => `${this.operand()} + ${this.operand()}`],
      [4, () => this.call()]
    ])()
  }

  string () {
    const random = this.random
    this.count('string')
    if (random.chance(0.5)) return `'${random.pick(WORDS)}'`
    return `"${random.list(1, 3, () => random.weighted([
      [3, () => random.pick(WORDS)], [2, () => random.pick(['$x', '$!x', '${x}', '$nothing', '$x.y', '$velocityCount'])], [1, () => `$${this.name(random.pick(['string', 'int', 'list', 'map', 'double']))}`],
      [0.5, () => random.pick(['""', "'", '#', '$', '\\$x', '\\\\', '\\n', '\\u0041', '#if(true)t#end', "#set($x = 'q')", '#foreach($v in [1..2])$v#end', '## c', '#*c*#', '#[[r]]#', '\n'])]
    ])()).join('')}"`
  }

  list () {
    this.count('list')
    return `[${this.random.list(0, 3, () => this.element()).join(this.random.pick([', ', ',']))}]`
  }

  map () {
    this.count('map')
    const random = this.random
    return `{${random.list(0, 3, () => `${random.weighted([[5, () => `'${random.pick(KEYS)}'`], [1, () => random.pick(NUMBERS)], [0.5, () => '$s'], [0.5, () => 'true'], [0.3, () => '1.5']])()}${random.pick([': ', ':', ' : '])}${this.element()}`).join(', ')}}`
  }

  element () {
    const random = this.random
    return random.weighted([
      [3, () => random.pick(NUMBERS.slice(0, 10))], [3, () => `'${random.pick(WORDS)}'`], [1, () => random.pick(FLOATS)], [1, () => random.pick(['true', 'false', '$nothing', '$x', '$r.obj', '$r.nil'])],
      [0.5, () => this.list()], [0.5, () => this.map()], [0.5, () => this.range()], [0.5, () => `$${this.name(random.pick(['list', 'map', 'string', 'char', 'double']))}`]
    ])()
  }

  range () {
    this.count('range')
    const random = this.random
    const bound = () => random.weighted([[5, () => String(random.below(9) - 3)], [1, () => '$i'], [0.5, () => '$r.n'], [0.2, () => '$nothing'], [0.2, () => '$s']])()
    const space = random.pick(['', ' '])
    return `[${space}${bound()}${space}..${space}${bound()}${space}]`
  }

  /** A reference without a call. */
  any () {
    const random = this.random
    this.count('reference')
    const made = random.weighted([
      [3, () => `$${this.name(random.pick(['string', 'int', 'list', 'map', 'double', 'boolean', 'long', 'char']))}`],
      [2, () => `$r.${random.pick(['s', 'n', 'f', 't', 'nil', 'list', 'obj', 'obj.a', 'obj.b.c', 'missing', 'rows', 'big', 'dec', 'empty', 'e', 'a-b', 'huge'])}`],
      [1, () => `$r['${random.pick(KEYS)}']`],
      [1, () => `$r.list[${random.pick(['0', '1', '-1', '2'])}]`],
      [1, () => `$${this.name('list')}[${random.pick(['0', '1', '-1', '2', '-2'])}]`],
      [1, () => random.pick(['$x', '$y', '$z', '$nothing', '$v', '$w'])],
      [1, () => `$context.${random.pick(['stage', 'requestTimeEpoch', 'identity.sourceIp', 'authorizer.role', 'none', 'messageId', 'connectionId'])}`],
      [0.5, () => `$stageVariables.${random.pick(['table', 'n', 'none'])}`],
      [0.5, () => `$input.params('${random.pick(['q', 'h', 'none'])}')`],
      [1, () => `$input.path('$${random.pick(['', '.s', '.list', '.list[0]', '.obj', '.rows[*].id', '..id', '.missing', '.nil', '.obj.b', '.rows[?(@.id>1)]', '.list[-1:]', '.f', '.rows.length()'].slice(0, 11))}')`],
      [1, () => `$input.json('$${random.pick(['', '.s', '.list', '.obj', '.missing', '.nil', '.rows', '.f', '.big', '.dec'])}')`],
      [0.3, () => random.pick(['$input.body', '$input', '$util', '$input.body.x', '$context', '$stageVariables', '$input.params()', "$input.params('q').length()"])]
    ])()
    if (made.startsWith('$r')) this.used.add('r')
    return made
  }

  reference () {
    const made = this.any()
    return this.random.weighted([[6, () => made], [1, () => `$!${made.slice(1)}`], [1, () => /^\$[a-z.]+$/i.test(made) ? `\${${made.slice(1)}}` : made]])()
  }

  printed () {
    return this.reference() + this.random.pick(['', ' ', ',', '.', '!', '\n', '"', '-', '[', ')'])
  }

  /** A call whose answer may be printed. */
  methodUse () {
    const random = this.random
    return random.weighted([
      [4, () => `${this.call()}${random.pick(['', ' ', ',', '\n', ';'])}`],
      [1, () => `#set($x = ${this.call()})$x`]
    ])()
  }

  /** A method call on a value of its kind. */
  call (answer) {
    const random = this.random
    const fits = answer === undefined ? METHODS : METHODS.filter((method) => method.answers === answer)
    const { kind, name, makeArguments, then } = random.pick(fits)
    this.count(`${kind}.${name}`)
    const values = makeArguments(this)
    const self = this.self(kind)
    const call = `${self}.${name}(${values.join(random.pick([', ', ',']))})`
    return then === undefined ? call : then(call, this)
  }

  self (kind) {
    const random = this.random
    switch (kind) {
      case 'iterator': return `$${this.name('list')}.iterator()`
      case 'entry': return `$${this.name('map')}.entrySet().iterator().next()`
      case 'view': return `$${this.name('map')}.${random.pick(['keySet', 'values', 'entrySet'])}()`
      case 'input': return '$input'
      case 'util': return '$util'
      default: return `$${this.name(kind)}`
    }
  }

  word () {
    return `'${this.random.pick(WORDS)}'`
  }

  small () {
    return this.random.pick(['0', '1', '2', '3', '1', '0', '-1', '5', '20'].slice(0, this.random.chance(0.85) ? 6 : 9))
  }

  anything () {
    const random = this.random
    return random.weighted([[3, () => this.word()], [2, () => random.pick(NUMBERS.slice(0, 8))], [1, () => random.pick(FLOATS.slice(0, 5))], [1, () => random.pick(['true', '$nothing', '$x', '$nothing.y'])], [1, () => `$${this.name(random.pick(['list', 'map', 'string', 'char']))}`], [0.3, () => this.list()], [0.3, () => this.map()]])()
  }

  key () {
    return this.random.chance(0.9) ? `'${this.random.pick(KEYS)}'` : this.anything()
  }

  body () {
    const random = this.random
    return random.weighted([
      [8, () => BODY],
      [3, () => JSON.stringify({ ...JSON.parse(BODY_PLAIN), list: random.list(0, 3, () => random.pick([1, 'a', null, true, 1.5, { id: 1 }, [2]])), s: random.pick(WORDS), n: random.below(20) - 5 })],
      [0.3, () => random.pick(['', 'plain text', '"quoted"', '[1, 2, 3]', '42', 'true', 'null', '{a', '[a', "{'a': 'b', c: d,}", '{"a":1}trailing', '1.50', '{"a": {"b": [1, {"c": null}]}}'])]
    ])()
  }
}

const BODY_PLAIN = '{"s": "str/ing", "n": 3, "f": 1.5, "t": true, "z": false, "nil": null, "list": [1, "two", 3.0], "obj": {"a": "A", "b": {"c": [1, 2]}}, "rows": [{"id": 1, "tag": "x"}, {"id": 2, "tag": "y"}], "empty": [], "e": "", "a-b": "dash", "neg": -2, "exp": 1e5}'
const BODY = BODY_PLAIN.slice(0, -1) + ', "big": 12345678901, "dec": 1.2345678901234567890123, "huge": 123456789012345678901234567890}'
const CONTEXT = { stage: 'prod', requestTimeEpoch: 1700000000999, connectionId: 'L0SM9cOFvHcCIhw=', messageId: null, authorizer: { role: 'admin' }, identity: { sourceIp: '203.0.113.9' } }
const STAGE = { table: 'Orders', n: '5' }
const PARAMS = { path: {}, querystring: { q: 'query' }, header: { h: 'header value' } }

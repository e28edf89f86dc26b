// The methods templates rely on, each with arguments that mostly fit.

const method = (kind, name, makeArguments = () => [], more = {}) => ({ kind, name, makeArguments, ...more })
const yes = { answers: 'boolean' }
const PATTERNS = ["'a'", "'[a-c]+'", "'l+'", "'(b)(c)'", "','", "'o'", "'\\s'", "'.'", "'^H'", "'[0-9]*'", "'[A-Za-z, ]+'", "'x?'", "'b|c'", "'\\w+'", "'(?i)h'"]
const REPLACEMENTS = ["'X'", "''", "'$0$0'", "'-'", "'[$0]'", "'\\$'", "'y'"]
const pattern = (g) => g.random.pick(PATTERNS)
const replacement = (g) => g.random.pick(REPLACEMENTS)
const numeral = (g) => g.random.pick(["'5'", "'-12'", "'+3'", "'0'", "'2147483647'", "'x'", "''", "'99999999999'", "' 1'"])
const range = (g) => {
  const from = g.random.below(3)
  return g.random.chance(0.9) ? [String(from), String(from + g.random.below(3))] : [g.small(), g.small()]
}
/** Answers that print an address are used otherwise. */
const items = { then: (call, g) => g.random.pick([`${call}.size()`, `${call}[0]`, `${call}.get(0)`]) }

export const METHODS = [
  method('string', 'length'), method('string', 'isEmpty', undefined, yes),
  method('string', 'contains', (g) => [g.word()], yes), method('string', 'startsWith', (g) => g.random.chance(0.7) ? [g.word()] : [g.word(), g.small()], yes),
  method('string', 'endsWith', (g) => [g.word()], yes), method('string', 'indexOf', (g) => [g.random.chance(0.8) ? g.word() : '97', ...(g.random.chance(0.3) ? [g.small()] : [])]),
  method('string', 'lastIndexOf', (g) => [g.random.chance(0.8) ? g.word() : '97', ...(g.random.chance(0.3) ? [g.small()] : [])]),
  method('string', 'substring', (g) => g.random.chance(0.5) ? [g.small()] : range(g)), method('string', 'charAt', (g) => [g.small()]),
  method('string', 'replace', (g) => g.random.chance(0.9) ? [g.word(), g.word()] : ['$h', '$h']), method('string', 'replaceAll', (g) => [pattern(g), replacement(g)]),
  method('string', 'replaceFirst', (g) => [pattern(g), replacement(g)]), method('string', 'split', (g) => g.random.chance(0.7) ? [pattern(g)] : [pattern(g), g.small()], items),
  method('string', 'matches', (g) => [pattern(g)], yes), method('string', 'toUpperCase'), method('string', 'toLowerCase'), method('string', 'trim'),
  method('string', 'concat', (g) => [g.random.chance(0.9) ? g.word() : g.anything()]), method('string', 'equals', (g) => [g.anything()], yes),
  method('string', 'equalsIgnoreCase', (g) => [g.random.pick(["'ABCABC'", "'hello, world'", g.word()])], yes), method('string', 'compareTo', (g) => [g.word()]),
  method('string', 'hashCode'), method('string', 'toString'), method('string', 'compareToIgnoreCase', (g) => [g.word()]),
  method('string', 'format', (g) => g.random.pick([["'%s-%s'", g.word(), g.small()], ["'%d|%5d|%-5d|%05d'", '$i', '42', '7', '3'], ["'%.2f'", g.random.pick(['1.005', '2.5', '-0.125', '100.0', '1e10'])], ["'%x %X %o'", '255', '255', '8'], ["'%,d'", '1234567'], ["'%s'", g.anything()], ["'%5s|%-5s|%.2s'", "'ab'", "'cd'", "'efg'"], ["'%b %c %n%%'", 'true', '$h'], ["'%e'", '12345.678'], ["'%2$s %1$s'", "'a'", "'b'"], ["'plain'"], ["'%d'", "'x'"], ["'%+d % d %(d'", '5', '6', '-7'], ["'%08.3f'", '3.14159'], ["'%S'", "'up'"], ["'%h'", "'hash'"]])),
  method('string', 'valueOf', (g) => [g.anything()]), method('string', 'join', (g) => g.random.chance(0.5) ? ["','", '$l'] : ["'-'", g.word(), g.word()]),
  ...['list', 'array'].flatMap((kind) => [
    method(kind, 'size'), method(kind, 'isEmpty', undefined, yes), method(kind, 'get', (g) => [g.random.chance(0.9) ? g.random.pick(['0', '1']) : g.small()]),
    method(kind, 'set', (g) => [g.random.pick(['0', '1']), kind === 'array' ? g.word() : g.anything()]), method(kind, 'contains', (g) => [g.anything()], yes),
    method(kind, 'indexOf', (g) => [g.anything()])
  ]),
  method('list', 'add', (g) => g.random.chance(0.8) ? [g.anything()] : [g.random.pick(['0', '1']), g.anything()]), method('list', 'addAll', (g) => [g.random.pick(['$l', '$nl', g.list(), '[]', '$rl', '$m.keySet()'])]),
  method('list', 'remove', (g) => [g.random.chance(0.6) ? g.random.pick(['0', '1']) : g.anything()]), method('list', 'subList', range), method('list', 'clear'), method('list', 'lastIndexOf', (g) => [g.anything()]),
  method('list', 'iterator', undefined, { then: (call) => `${call}.next()` }), method('list', 'toString'), method('list', 'equals', (g) => [g.random.pick(['$l', '$nl', g.list(), '$rl'])], yes), method('list', 'hashCode'),
  method('list', 'containsAll', (g) => [g.random.pick(['$l', '[]', g.list()])], yes), method('list', 'removeAll', (g) => [g.random.pick(['$l', '[1]', g.list()])]), method('list', 'retainAll', (g) => [g.random.pick(['$l', '[1]', g.list()])]),
  method('map', 'size'), method('map', 'isEmpty', undefined, yes), method('map', 'get', (g) => [g.key()]), method('map', 'put', (g) => [g.key(), g.anything()]), method('map', 'putAll', (g) => [g.random.pick(['$m', g.map(), '$ro'])]),
  method('map', 'remove', (g) => [g.key()]), method('map', 'containsKey', (g) => [g.key()], yes), method('map', 'containsValue', (g) => [g.anything()], yes), method('map', 'keySet'), method('map', 'values'), method('map', 'entrySet'),
  method('map', 'getOrDefault', (g) => [g.key(), g.anything()]), method('map', 'clear'), method('map', 'toString'), method('map', 'equals', (g) => [g.random.pick(['$m', '$ro', g.map()])], yes), method('map', 'hashCode'), method('map', 'putIfAbsent', (g) => [g.key(), g.anything()]),
  method('view', 'size'), method('view', 'isEmpty', undefined, yes), method('view', 'contains', (g) => [g.key()], yes), method('view', 'toString'), method('view', 'iterator', undefined, { then: (call) => `${call}.hasNext()` }), method('view', 'remove', (g) => [g.key()]),
  method('entry', 'getKey'), method('entry', 'getValue'), method('entry', 'toString'), method('entry', 'setValue', (g) => [g.anything()]),
  method('iterator', 'hasNext', undefined, yes), method('iterator', 'next'),
  ...['int', 'long', 'double'].flatMap((kind) => [
    method(kind, 'intValue'), method(kind, 'longValue'), method(kind, 'doubleValue'), method(kind, 'toString'), method(kind, 'hashCode'),
    method(kind, 'compareTo', (g) => [g.random.pick({ int: ['7', '1', '$i', '$g'], long: ['$g', '7', '99999999999'], double: ['$d', '2.5', '1'] }[kind])]), method(kind, 'equals', (g) => [g.random.pick(['7', '$i', '$g', '2.5', "'7'", '$d'])], yes)
  ]),
  method('int', 'parseInt', (g) => [numeral(g)]), method('int', 'valueOf', (g) => [g.random.chance(0.5) ? numeral(g) : g.small()]), method('long', 'parseLong', (g) => [numeral(g)]), method('long', 'valueOf', (g) => [g.random.chance(0.5) ? numeral(g) : g.small()]),
  method('double', 'valueOf', (g) => [g.random.pick(["'1.5'", "'x'", '2', '2.5', "'1e3'", "' 7 '"])]), method('double', 'parseDouble', (g) => [g.random.pick(["'1.5'", "'-2'", "'x'", "'.5'"])]),
  method('int', 'toHexString', (g) => [g.small()]), method('boolean', 'toString'), method('boolean', 'equals', (g) => [g.anything()], yes), method('boolean', 'hashCode'), method('boolean', 'booleanValue', undefined, yes), method('char', 'toString'), method('char', 'equals', (g) => ['$h'], yes), method('char', 'hashCode'), method('char', 'compareTo', () => ['$h']),
  method('input', 'path', (g) => [`'$${g.random.pick(['', '.s', '.list', '.obj.b', '.missing', '.rows[*]', '.rows[0].id', '.n'])}'`]), method('input', 'json', (g) => [`'$${g.random.pick(['', '.s', '.list', '.obj', '.missing', '.nil', '.f', '.dec'])}'`]),
  method('input', 'params', (g) => g.random.chance(0.7) ? [g.random.pick(["'q'", "'h'", "'none'"])] : []),
  method('util', 'escapeJavaScript', (g) => [g.random.pick([g.word(), '$s', '$input.body', '5', '$nothing'])]), method('util', 'parseJson', (g) => [g.random.pick(["'{\"a\":[1,2]}'", "'[1,2]'", "'5'", "'x'", '$input.body', "'{a:b}'", '5', "'{'"])]),
  method('util', 'urlEncode', (g) => [g.random.pick([g.word(), '$s', '$input.body', '$nothing'])]), method('util', 'urlDecode', (g) => [g.random.pick(["'a%20b+c'", "'%E6%97%A5'", "'%zz'", g.word()])]),
  method('util', 'base64Encode', (g) => [g.random.pick([g.word(), '$s'])]), method('util', 'base64Decode', (g) => [g.random.pick(["'SGVsbG8='", "'5pel'", g.word()])])
]

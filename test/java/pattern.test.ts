// Patterns beside the recorded answers: the interface, what errors say, and that no text makes a pattern run away.

import t from 'tap'
import { compilePattern } from '../../lib/java/index.ts'

t.test('a pattern matches whole texts, finds parts and tells its groups', async (t) => {
  const pattern = compilePattern('(a)(x)?(?<rest>b*)')
  t.equal(pattern.source, '(a)(x)?(?<rest>b*)')
  t.equal(pattern.groupCount, 3)
  t.equal(pattern.matches('abb'), true)
  t.equal(pattern.matches('cabb'), false)
  t.same(pattern.find('cabb'), { start: 1, end: 4, groups: ['abb', 'a', undefined, 'bb'] })
  t.same(pattern.find('ab ab', 1)?.start, 3)
  t.equal(pattern.find('b'), undefined)
  t.equal(compilePattern('\\Gb').find('ab', 1)?.start, 1)
  t.equal(compilePattern('abc', { ignoreCase: true }).matches('aBC'), true)
})

t.test('a replacement is read as Java reads it', async (t) => {
  const pattern = compilePattern('(a)(?<n>b)?')
  t.equal(pattern.replaceAll('ab a', '<$1${n}>'), '<ab> <a>'.replace('<a>', '<a>'))
  t.equal(pattern.replaceFirst('ab a', '\\$\\x'), '$x a')
  t.equal(pattern.replaceAll('ab', '$12'), 'a2', 'a second digit belongs to the number only where there is such a group')
  t.equal(pattern.replaceAll('none', '$9'), 'none', 'a replacement that is not used is not read')
  for (const [replacement, message] of [['$', /Illegal group reference/], ['$x', /Illegal group reference/], ['$3', /No group 3/], ['a\\', /escaped is missing/],
    ['${n', /closing brace/], ['${1}', /lacks its name/], ['${no}', /No group with name \{no\}/]] as const) {
    t.throws(() => pattern.replaceAll('ab', replacement), { code: 'AGW_ERR_JAVA_PATTERN_FAILED', message }, replacement)
  }
})

t.test('a text is split as String.split does', async (t) => {
  t.same(compilePattern(',').split('a,b,,'), ['a', 'b'])
  t.same(compilePattern(',').split('a,b,,', -1), ['a', 'b', '', ''])
  t.same(compilePattern(',').split('a,b,c', 2), ['a', 'b,c'])
  t.same(compilePattern('').split('abc'), ['a', 'b', 'c'])
  t.same(compilePattern(',').split(''), [''])
  t.same(compilePattern(',').split(','), [])
})

t.test('a pattern that is none, or that cannot be kept, is refused with its place', async (t) => {
  const cases: Array<[string, RegExp]> = [
    ['a(b', /"a\(b" is not valid: Unclosed group \(at character 2\)/],
    ['a)', /Unmatched closing '\)' \(at character 2\)/],
    ['a**', /Dangling meta character '\*' \(at character 3\)/],
    ['a{2', /Unclosed counted closure/],
    ['a{,2}', /Illegal repetition/],
    ['a{3,2}', /Illegal repetition range/],
    ['[a', /Unclosed character class/],
    ['[b-a]', /Illegal character range \(at character 2\)/],
    ['\\y', /Illegal\/unsupported escape sequence/],
    ['\\', /a backslash ends it/],
    ['\\p{Nope}', /Unknown character property \{Nope\}/],
    ['(?<n>a)(?<n>b)', /Named capturing group <n> is already defined/],
    ['(?<n', /a group name/],
    ['(?<=a+)b', /Look-behind group does not have an obvious maximum length/],
    ['\\X', /\\X is not supported/],
    ['\\N{DOLLAR SIGN}', /\\N\{…\} is not supported/],
    ['(?c)a', /canonical equivalence\) is not supported/],
    ['('.repeat(200) + ')'.repeat(200), /groups are nested more than 100 deep/],
    ['['.repeat(200) + 'a' + ']'.repeat(200), /classes are nested more than 50 deep/],
    ['(?:(?:ab|cd)?){22}'.repeat(220), /its repetitions make it too large/],
    ['a'.repeat(5000), /longer than 4096 characters/]
  ]
  for (const [source, message] of cases) t.throws(() => compilePattern(source), { code: 'AGW_ERR_JAVA_PATTERN_INVALID', message }, source.slice(0, 30))
})

t.test('compiling a pattern takes no longer than its length asks for', async (t) => {
  const nested = '(?:'.repeat(90) + 'ab' + '){1000}'.repeat(90)
  for (const source of [nested, `(?:ab){900}(?:${'(?:ab){900}'.repeat(100)}){2}${nested}`, 'é'.repeat(4096), '(a|b)'.repeat(800), '[a-z]*'.repeat(600)]) {
    const { ms } = held(() => compilePattern(source))
    t.ok(ms < PATIENCE, `${source.slice(0, 20)} took ${ms.toFixed(1)} ms`)
  }
})

/** Runs something and says how much processor time it took: what else the machine does is not counted. */
function held (run: () => unknown): { answer: unknown, ms: number } {
  const started = process.cpuUsage()
  let answer: unknown
  try {
    answer = run()
  } catch (error) {
    answer = (error as { code?: string }).code ?? error
  }
  return { answer, ms: process.cpuUsage(started).user / 1000 }
}

/* Some tens of milliseconds where nothing else runs; a machine that runs other tests beside this one is slower. */
const PATIENCE = 1500

t.test('patterns that grow without bound elsewhere take time by the length of the text (js-selection-redos, vtl-regex)', async (t) => {
  const a = (count: number, end = '') => 'a'.repeat(count) + end
  const cases: Array<[string, string, boolean]> = [
    ['^(a+)+$', a(30, '!'), false],
    ['^(a+)+$', a(50_000, '!'), false],
    ['^(a|a)*$', a(30, '!'), false],
    ['^(a|aa)+$', a(30, '!'), false],
    ['(a*)*b', a(30), false],
    ['((a*)*)*b', a(30), false],
    ['(a+?)+?b', a(10_000), false],
    ['a*a*a*b', a(20_000), false],
    ['.*.*=.*', a(20_000), false],
    ['(x+x+)+y', 'x'.repeat(10_000), false],
    ['(?:a?){50}a{50}', a(50), true],
    ['([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))', a(1000), false],
    ['(.|\\n)*', 'x\n'.repeat(60_000), true],
    ['(.|\\n)*timed out(.|\\n)*', 'x\n'.repeat(20_000) + 'Task timed out', true]
  ]
  for (const [source, text, expected] of cases) {
    const pattern = compilePattern(source)
    const { answer, ms } = held(() => pattern.matches(text))
    t.equal(answer, expected, `${source} of ${text.length} characters`)
    t.ok(ms < PATIENCE, `${source} took ${ms.toFixed(1)} ms`)
    t.ok(held(() => pattern.find(text)).ms < PATIENCE, `${source} searches`)
  }
})

t.test('where nothing can be remembered, a pattern fails at its step limit', async (t) => {
  const cases: Array<[string, string]> = [
    ['(a+)+\\1b', 'a'.repeat(100)],
    ['(?=.*b)a', 'a'.repeat(100_000)],
    ['(?:a{1,2000}){1,2000}b', 'a'.repeat(5000)],
    ['(?>(a|aa)+b)', 'a'.repeat(5000)],
    ['(?<=(a|aa){1,40})b', 'a'.repeat(100) + 'b'],
    ['(?=(a+)+b)', 'a'.repeat(40)]
  ]
  for (const [source, text] of cases) {
    const pattern = compilePattern(source)
    for (const run of [() => pattern.find(text), () => pattern.replaceAll(text, ''), () => pattern.split(text)]) {
      const { answer, ms } = held(run)
      t.ok(ms < PATIENCE, `${source} took ${ms.toFixed(1)} ms`)
      if (typeof answer === 'string' && answer.startsWith('AGW')) t.equal(answer, 'AGW_ERR_JAVA_PATTERN_FAILED')
    }
  }
  t.throws(() => compilePattern('(a+)+\\1b').matches('a'.repeat(100)), { message: /it takes too many steps on a text of 100 characters/ })
})

t.test('long texts do not overflow the stack', async (t) => {
  const text = 'ab'.repeat(30_000)
  t.equal(compilePattern('(?:a|b)*').matches(text), true)
  t.equal(compilePattern('(?:ab)*').matches(text), true)
  t.equal(compilePattern('(a|b)*?').matches(text), true)
  t.equal(compilePattern('[ab]*+').matches(text), true)
  t.equal(compilePattern('a').replaceAll(text, 'c').length, text.length)
  t.equal(compilePattern('b').split(text).length, 30_000)
})

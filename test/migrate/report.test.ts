// The report of an import: what it finds again, and at which cost.
import t from 'tap'
import { Report } from '../../lib/migrate/report.ts'
import type { Resource } from '../../lib/migrate/resource.ts'

const resourceOf = (id: string): Resource => ({ id, type: 'AWS::ApiGatewayV2::Route', properties: {}, dependsOn: [] })

t.test('a report knows which properties have an error', async (t) => {
  const report = new Report()
  report.refuse({ code: 'refused', message: '-' }, resourceOf('One'), ['Target'])
  report.add('error', { code: 'wrong', message: '-' }, resourceOf('One'), ['RequestParameters', 'a.b'])
  report.add('warning', { code: 'odd', message: '-' }, resourceOf('One'), ['RouteKey'])
  report.add('error', { code: 'wrong', message: '-' }, { ...resourceOf('Two'), nameOf: () => 'target' }, ['Target'])
  report.add('error', { code: 'wrong', message: '-' })
  t.ok(report.hasError(resourceOf('One'), ['Target']))
  t.ok(report.hasError(resourceOf('One'), ['RequestParameters', 'a.b']))
  t.notOk(report.hasError(resourceOf('One'), ['RouteKey']), 'a warning is none')
  t.notOk(report.hasError(resourceOf('Two'), ['Target']), 'a property goes by the name of its source')
  t.ok(report.hasError({ ...resourceOf('Two'), nameOf: () => 'target' }, ['Target']))
  t.notOk(report.hasError(resourceOf('__proto__'), ['Target']))
})

t.test('whether a property has an error is known without reading the entries, however many there are', async (t) => {
  const report = new Report()
  for (let i = 0; i < 1000; i++) report.refuse({ code: 'refused', message: '-' }, resourceOf(`R${i}`), ['Target'])
  let reads = 0
  let found = 0
  for (const [i, entry] of report.entries.entries()) {
    report.entries[i] = new Proxy(entry, { get: (target, name) => { reads++; return Reflect.get(target, name) } })
  }
  t.equal(report.entries[0]?.level, 'error')
  t.equal(reads, 1, 'reading an entry is counted')
  for (let i = 0; i < 1000; i++) found += Number(report.hasError(resourceOf(`R${i}`), ['Target']))
  t.equal(found, 1000)
  t.equal(reads, 1)
})

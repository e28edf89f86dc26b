// Holds pages of docs/ to what they describe, in both directions: options.md to the schemas of lib/options.ts, quotas.md
// to lib/quotas.ts, and every link to the file it names.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import t from 'tap'
import { checkOptions, checkRouteOptions } from '../../lib/options.ts'
import { DEFAULT_QUOTAS } from '../../lib/quotas.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The rows of the table below a heading: its cells, without head and rule. */
function tableBelow (page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return section.split('\n').filter((line) => line.startsWith('| ')).slice(1)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()))
}

/** What a table names in its first column. */
function namesBelow (page: string, heading: string): string[] {
  return tableBelow(page, heading).flatMap(([cell]) => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] as string))
}

/** What the check says is allowed where it finds an option that does not exist. */
function allowedBy (check: () => void): string[] {
  try {
    check()
  } catch (error) {
    const [, list] = / is unknown; allowed are (.*)$/.exec((error as Error).message) ?? []
    if (list !== undefined) return list.split(', ')
    throw error
  }
  throw new Error('an option that does not exist was let through')
}

const MINIMUM = { stage: 'prod', routeSelectionExpression: '$request.body.action' }
const handler = (): void => {}
const withOptions = (more: object) => () => { checkOptions({ ...MINIMUM, ...more } as never) }

/** Each heading of options.md, and how to ask the code what belongs below it. */
const CLOSED_OBJECTS: Record<string, () => void> = {
  'The plugin': withOptions({ unknown: 1 }),
  stages: withOptions({ stages: [{ stageName: 'prod', unknown: 1 }] }),
  routeSettings: withOptions({ stage: undefined, stages: [{ stageName: 'prod', routeSettings: { order: { unknown: 1 } } }] }),
  upgrade: withOptions({ upgrade: { unknown: 1 } }),
  routes: withOptions({ routes: { order: { unknown: 1 } } }),
  routeResponses: withOptions({ routes: { order: { routeResponses: { unknown: 1 } } } }),
  'routeResponses.$default': withOptions({ routes: { order: { routeResponses: { $default: { unknown: 1 } } } } }),
  integration: withOptions({ routes: { order: { integration: { handler, unknown: 1 } } } }),
  routeKey: () => { checkRouteOptions('order', { unknown: 1 } as never, handler) },
  authorizers: withOptions({ authorizers: { token: { handler, unknown: 1 } } }),
  apiKeys: withOptions({ apiKeys: { key: { unknown: 1 } } }),
  usagePlans: withOptions({ usagePlans: { plan: { unknown: 1 } } }),
  domainNames: withOptions({ domainNames: [{ domainName: 'x', apiMappings: [{ stage: 'prod' }], unknown: 1 }] }),
  connectionsApi: withOptions({ connectionsApi: { authorize: 'NONE', unknown: 1 } }),
  drain: withOptions({ drain: { unknown: 1 } }),
  extensions: withOptions({ extensions: { unknown: 1 } })
}

t.test('the page of options lists every option, in the order of the code, and no other', async (t) => {
  const page = read('docs/reference/options.md')
  t.same([...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]), Object.keys(CLOSED_OBJECTS), 'the headings')
  for (const [heading, check] of Object.entries(CLOSED_OBJECTS)) t.same(namesBelow(page, heading), allowedBy(check), heading)
})

t.test('the README names every option of the plugin, and no other', async (t) => {
  t.same(namesBelow(read('README.md'), 'Options').sort(), allowedBy(CLOSED_OBJECTS['The plugin'] as () => void).sort())
})

t.test('the page of quotas lists every quota with its default, and no other', async (t) => {
  const page = read('docs/reference/quotas.md')
  const rows = ['Limits of AWS', 'Bounds of this gateway'].flatMap((heading) => tableBelow(page, heading))
  t.same(rows.map(([name, value]) => [name, value]), Object.entries(DEFAULT_QUOTAS).map(([name, value]) => [`\`${name}\``, String(value)]))
  t.same(allowedBy(withOptions({ quotas: { unknown: 1 } })), Object.keys(DEFAULT_QUOTAS))
})

/** Pages that are being written elsewhere; what is there is taken off this list. */
const IN_THE_MAKING = ['selection-expressions.md', 'json-path.md', 'patterns.md', 'mapping-templates.md']

t.test('every link of a page leads to a file, and to a heading of it', async (t) => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md')).map((file) => join('docs', file))]
  for (const page of pages) {
    for (const [, target, anchor] of read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const path = target === '' ? page : join(dirname(page), target as string)
      const isThere = existsSync(join(ROOT, path))
      if (!isThere && IN_THE_MAKING.some((name) => path.endsWith(name))) continue
      t.ok(isThere, `${page} links to ${path}`)
      if (anchor !== undefined && isThere) t.ok(anchorsOf(read(path)).includes(anchor), `${page} links to ${anchor} of ${path}`)
    }
  }
})

/** The anchors that headings get where Markdown is shown. */
function anchorsOf (page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map((match) => (match[1] as string).toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'))
}

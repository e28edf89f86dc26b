// Nothing is lost in silence: of a template with every property, each one, taken out, changes the options or the report.
import { join } from 'node:path'
import t from 'tap'
import { importDefinition } from '../../lib/migrate/index.ts'
import { PROPERTIES } from '../../lib/migrate/properties/index.ts'
import type { PropertyTable, PropertyType } from '../../lib/migrate/properties/index.ts'
import type { Json, JsonObject } from '../../lib/migrate/resource.ts'
import { readSource } from '../../lib/migrate/source.ts'
import { checkOptions } from '../../lib/options.ts'
import type { ImportedDefinition } from '../../types/migrate.js'

const FIXTURE = join(import.meta.dirname, 'fixtures/all-properties.yaml')
type Template = { Resources: Record<string, { Type: string, Properties: JsonObject }> }
type Path = ReadonlyArray<string | number>

const { value } = await readSource(FIXTURE, {})
const template = value as unknown as Template
const gateway = Object.entries(template.Resources).filter(([, { Type }]) => Object.hasOwn(PROPERTIES, Type))

t.test('the template has every property of the table', async (t) => {
  const given = new Map<string, Set<string>>()
  const note = (owner: string, name: string): void => { given.set(owner, (given.get(owner) ?? new Set()).add(name)) }
  const walk = (owner: string, type: PropertyType, value: Json): void => {
    if (type.kind === 'list') for (const item of value as Json[]) walk(owner, type.of, item)
    if (type.kind === 'map') for (const item of Object.values(value as JsonObject)) walk(owner, type.of, item)
    if (type.kind === 'object') walkTable(owner, type.properties, value as JsonObject)
  }
  const walkTable = (owner: string, table: PropertyTable, values: JsonObject): void => {
    for (const [name, value] of Object.entries(values)) {
      note(owner, name)
      walk(`${owner}.${name}`, (table[name] as { type: PropertyType }).type, value)
    }
  }
  const expect = (owner: string, table: PropertyTable): void => {
    t.same([...given.get(owner) ?? []].sort(), Object.keys(table).sort(), owner)
    for (const [name, { type }] of Object.entries(table)) expectType(`${owner}.${name}`, type)
  }
  const expectType = (owner: string, type: PropertyType): void => {
    if (type.kind === 'list' || type.kind === 'map') expectType(owner, type.of)
    if (type.kind === 'object') expect(owner, type.properties)
  }
  for (const [, { Type, Properties }] of gateway) walkTable(Type, PROPERTIES[Type as keyof typeof PROPERTIES], Properties)
  for (const [type, table] of Object.entries(PROPERTIES)) expect(type, table)
})

t.test('it imports, and the plugin accepts the options', async (t) => {
  const { options, report } = await importDefinition(FIXTURE)
  checkOptions(options)
  t.same(report.filter(({ level }) => level === 'error').map(({ code }) => code), ['vpc-link'])
})

/** Every path below a value: each property, each member, each item. */
function pathsOf (value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  // An intrinsic is one value, however it is written.
  if (!Array.isArray(value) && Object.keys(value).some((name) => name === 'Ref' || name.startsWith('Fn::'))) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    return [here, ...pathsOf(inner, here)]
  })
}

function without (id: string, path: Path): Template {
  const copy = structuredClone(template)
  let owner = copy.Resources[id]?.Properties as any
  for (const part of path.slice(0, -1)) owner = owner[part]
  const last = path.at(-1) as string | number
  if (Array.isArray(owner)) owner.splice(last as number, 1)
  else delete owner[last]
  return copy
}

async function outcomeOf (definition: Template): Promise<string> {
  let result: Partial<ImportedDefinition> & { message?: string }
  try {
    result = await importDefinition(definition)
  } catch (error) {
    const { code, message, report } = error as { code?: string, message: string, report?: ImportedDefinition['report'] }
    if (code?.startsWith('AGW_ERR_MIGRATE_') !== true) throw error
    result = { message, ...(report === undefined ? undefined : { report }) }
  }
  return JSON.stringify(result)
}

t.test('any property taken out changes the options or the report', async (t) => {
  const whole = await outcomeOf(template)
  t.equal(await outcomeOf(structuredClone(template)), whole, 'the same template comes out the same')
  let count = 0
  for (const [id, { Properties }] of gateway) {
    for (const path of pathsOf(Properties)) {
      // What is below an HTTP API's property goes with it.
      const isLeftOut = (PROPERTIES[template.Resources[id]?.Type as keyof typeof PROPERTIES] as PropertyTable)[path[0] as string]?.fate === 'http'
      if (isLeftOut && path.length > 1) continue
      t.not(await outcomeOf(without(id, path)), whole, `${id}.${path.join('.')}`)
      count++
    }
  }
  t.ok(count > 150, `${count} properties`)
})

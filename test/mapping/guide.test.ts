// The guide's example runs as it stands.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { compileMappingTemplate } from '../../lib/mapping/index.ts'

t.test('the example of "test a mapping template" answers what the page says', async (t) => {
  const page = readFileSync('docs/guides/test-a-mapping-template.md', 'utf8')
  const source = /compileMappingTemplate\(`(\{.*?)`\)/s.exec(page)?.[1]?.replaceAll('\\\\', '\\')
  t.type(source, 'string')
  const text = compileMappingTemplate(source as string)({
    body: '{"data": {"room": "r1", "text": "it\'s \\"quoted\\""}}',
    context: { connectionId: 'L0SM9cOFvHcCIhw=' },
    stageVariables: { table: 'messages' }
  })
  t.same(JSON.parse(text), { room: 'r1', from: 'L0SM9cOFvHcCIhw=', table: 'messages', text: 'it\'s "quoted"' })
  const [, refused, message] = /compileMappingTemplate\('(\{.*?)', \{ name: 'requestTemplates.default' \}\)\n```\n\n```\n(.*?)\n```/s.exec(page) ?? []
  t.throws(() => compileMappingTemplate((refused as string).replaceAll('\\n', '\n'), { name: 'requestTemplates.default' }), { message: message as string })
})

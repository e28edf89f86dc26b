// Follows guides as a newcomer would, in a folder of its own: the files that they show, and the commands as written. What
// they install is linked from this repository; nothing else is there.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { checkTemplate } from '../migrate/check-template.ts'
import { lintTemplate } from '../migrate/lint-template.ts'
import { build, connect, findFreePort, isListening, ROOT, runProgram } from './run.ts'
import type { Program } from './run.ts'

// Processes take their time on a busy machine.
t.setTimeout(300_000)
t.before(build)

const PROGRAMS: Record<string, string> = {
  'fastify-apigateway-websocket': join(ROOT, 'dist/cli/main.js'),
  wscat: join(ROOT, 'node_modules/wscat/bin/wscat')
}
/** A fenced block, its language, and the file that the line above it names. */
const BLOCK = /(?:^[^\n]*`([\w./-]+\.\w+)`[^\n`]*:\n\n)?^```(\w+)\n(.*?)^```$/gms
const COMMAND = /^((?:\w+=\S+ )*)(?:npx )?(\S+) ?(.*)$/
const SERVERS = ['app.mjs', 'server.mjs']
/** Deploys to AWS. */
const NOT_RUN = 'sam'

interface Guide {
  readonly folder: string
  readonly port: number
  /** The commands, as they were run. */
  readonly commands: string[]
}

/** Follows a guide from its first block to its last; `serving` is told whenever one of its commands listens. */
async function follow (t: Test, page: string, serving: (port: number) => Promise<void> = async () => {}): Promise<Guide> {
  const folder = mkdtempSync(join(tmpdir(), 'agw-guide-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const port = await findFreePort()
  const commands: string[] = []
  let server: Program | undefined
  let shown = ''

  async function run (line: string): Promise<void> {
    commands.push(line)
    const [, variables = '', name = '', rest = ''] = COMMAND.exec(line.replaceAll('3000', String(port))) ?? []
    const args = [...rest.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)
    if (name === NOT_RUN) return
    if (name === 'npm') {
      for (const packageName of args.slice(1)) link(folder, packageName)
      return
    }
    const env = Object.fromEntries(variables.trim().split(' ').filter(Boolean).map((one) => one.split('=')))
    const isServer = name === 'node' ? SERVERS.includes(args[0] as string) : args[0] === 'serve'
    if (isServer) await server?.interrupt()
    const program = runProgram([...name === 'node' ? [] : [PROGRAMS[name] as string], ...args], { PORT: String(port), ...env }, folder)
    if (isServer) {
      server = program
      t.teardown(async () => { await program.interrupt() })
      await isListening(port).catch((error: Error) => { throw new Error(`${line}: ${error.message}\n${program.output}`) })
      await serving(port)
    } else {
      t.equal(await program.ended, 0, line)
      shown = program.output
    }
  }

  for (const [, file, language, text = ''] of readFileSync(join(ROOT, 'docs/guides', page), 'utf8').matchAll(BLOCK)) {
    if (language === 'sh') {
      for (const line of text.trim().split('\n')) await run(line)
    } else if (language === 'text') {
      t.equal(shown.split('\n').map((line) => line.replace(/^[<> ]+/, '')).join('\n').trim(), text.trim(), commands.at(-1) as string)
    } else {
      if (file === undefined) throw new Error(`${page} does not say which file this is: ${text}`)
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text.replaceAll('3000', String(port)))
    }
  }
  return { folder, port, commands }
}

function link (folder: string, packageName: string): void {
  const place = join(folder, 'node_modules', packageName)
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(packageName === 'fastify-apigateway-websocket' ? ROOT : join(ROOT, 'node_modules', packageName), place)
}

t.test('Move from API Gateway: the definition is served, imported as an application, and imported by a program', async (t) => {
  let servers = 0
  const { commands } = await follow(t, 'move-from-api-gateway.md', async (port) => {
    servers += 1
    const client = await connect(t, `ws://localhost:${port}/Prod`)
    client.socket.send('{"action":"say","text":"hello"}')
    t.equal(await client.next(), 'you said hello', `server ${servers}`)
    client.socket.close()
  })
  t.equal(servers, 3)
  t.equal(commands.length, 8)
})

t.test('Move to API Gateway: what is written is a template', async (t) => {
  const { folder, commands } = await follow(t, 'move-to-api-gateway.md')
  const template = JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8'))
  t.same([checkTemplate(template), lintTemplate(template)], [[], []])
  t.match(template.Resources.OrderFunction.Properties, { CodeUri: 'functions', Handler: 'order.handler' })
  t.equal(commands.length, 3)
})

t.test('Describe your API: the document is written, served, and checks what a client says', async (t) => {
  const { folder, commands } = await follow(t, 'describe-your-api.md', async (port) => {
    const client = await connect(t, `ws://localhost:${port}/prod`)
    client.socket.send('{"action":"order","tea":"Assam"}')
    t.equal(await client.next(), 'ordered Assam')
  })
  t.match(readFileSync(join(folder, 'asyncapi.yaml'), 'utf8'), /^asyncapi: 3\.0\.0$/m)
  t.equal(commands.length, 5)
})

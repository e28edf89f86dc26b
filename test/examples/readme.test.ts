// Runs what the README says, as a reader would paste it.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { build, connect, findFreePort, isListening, ROOT, runProgram } from './run.ts'
import type { Program } from './run.ts'

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The fenced blocks of a language below a heading, up to the next one. */
function blocksBelow (heading: string, language: string): string[] {
  const section = README.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`the README has no heading "${heading}"`)
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] as string)
}

/** The program below a heading, pasted into a file and run on a port of its own. */
async function runBlock (t: Test, heading: string): Promise<{ port: number, program: Program }> {
  const port = await findFreePort()
  const [code] = blocksBelow(heading, 'js') as [string]
  const folder = t.testdir({ 'hello.mjs': code.replaceAll('3000', String(port)) })
  const program = runProgram([resolve(folder, 'hello.mjs')])
  t.teardown(async () => { await program.interrupt() })
  return { port, program }
}

// Processes and browsers take their time on a busy machine.
t.setTimeout(300_000)
t.before(build)

t.test('the two commands are scripts of the package, one line each', async (t) => {
  t.same(blocksBelow('Two commands', 'sh'), ['npm ci && npm start\n', 'npm ci && npm test\n'])
  for (const script of ['start', 'test']) t.ok(manifest.scripts[script])
})

t.test('the quickstart works when pasted, and prints what the README shows', async (t) => {
  const { port, program } = await runBlock(t, 'Quickstart')
  await program.printed(/Server listening/)
  const [command] = blocksBelow('Quickstart', 'sh') as [string]
  const [, url, message] = /^npx wscat -c (\S+) -x '(.*)'\n$/.exec(command) as unknown as [string, string, string]
  const wscat = runProgram([
    resolve(ROOT, 'node_modules/wscat/bin/wscat'), '-c', url.replace('3000', String(port)), '-x', message
  ])
  await wscat.ended
  const shown = wscat.output.split('\n').map((line) => line.replace(/^[<> ]+/, '')).join('\n')
  t.equal(shown.trim(), (blocksBelow('Quickstart', 'text')[0] as string).trim())
})

t.test('the first use guards the handshake with a hook', async (t) => {
  const { port } = await runBlock(t, 'Beside the REST routes of a Fastify service')
  await isListening(port)
  await t.rejects(connect(t, `ws://localhost:${port}/chat`), /401/)
  const client = await connect(t, `ws://localhost:${port}/chat?token=secret`)
  client.socket.send('who am I?')
  t.equal(await client.next(), 'you are ada')
  t.same(await (await fetch(`http://localhost:${port}/orders`)).json(), [], 'the hook does not guard other routes')
})

t.test('the second use runs a Lambda handler and answers @connections to who is let in', async (t) => {
  const { port } = await runBlock(t, 'Lambda handlers without AWS')
  await isListening(port)
  const client = await connect(t, `ws://localhost:${port}/prod`)
  client.socket.send('hello')
  const url = `http://localhost:${port}/prod/@connections/${await client.next()}`
  t.equal((await fetch(url, { method: 'POST', body: 'pushed' })).status, 403)
  t.equal((await fetch(url, { method: 'POST', body: 'pushed', headers: { authorization: 'any' } })).status, 200)
  t.equal(await client.next(), 'pushed')
})

t.test('the third use passes its own assertions', async (t) => {
  const { program } = await runBlock(t, 'Tests without a port')
  t.equal(await program.ended, 0, program.output)
})

t.test('no block of code is left out of these tests', async (t) => {
  t.equal([...README.matchAll(/^```js$/gm)].length, 4)
})

#!/usr/bin/env node
// The program fastify-apigateway-websocket.
import { text } from 'node:stream/consumers'
import { run } from './run.ts'
import { Terminal } from './terminal.ts'

const { stdout, stderr, stdin, env } = process

/** Whoever reads along may have seen enough, `| head -1`, or have closed the terminal. */
const GONE: ReadonlySet<unknown> = new Set(['EPIPE', 'EIO'])

// What was done, and the exit code, stay the same.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => { if (!GONE.has(error.code)) throw error })
}

process.exitCode = await run(process.argv.slice(2), {
  terminal: new Terminal({ stdout, stderr, env }),
  env,
  directory: process.cwd(),
  readStdin: async () => await text(stdin)
})

#!/usr/bin/env node
// The program fastify-apigateway-websocket.
import { text } from 'node:stream/consumers'
import { run } from './run.ts'
import { Terminal } from './terminal.ts'

const { stdout, stderr, stdin, env } = process

process.exitCode = await run(process.argv.slice(2), {
  terminal: new Terminal({ stdout, stderr, env }),
  env,
  directory: process.cwd(),
  readStdin: async () => await text(stdin)
})

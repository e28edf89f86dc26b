// A folder that is there as long as the program is.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes it when it is first asked for. */
export function createTemporaryFolder (): () => string {
  let folder: string | undefined
  return () => {
    if (folder !== undefined) return folder
    const made = folder = mkdtempSync(join(tmpdir(), 'fastify-apigateway-websocket-'))
    process.once('exit', () => { rmSync(made, { recursive: true, force: true }) })
    return made
  }
}

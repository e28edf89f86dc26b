// Tells when the code of a folder changes.
import { watch } from 'node:fs'
import { sep } from 'node:path'

/** Editors write a file in several steps, and builds many files. */
const QUIET_IN_MILLIS = 100
const IGNORED: ReadonlySet<string> = new Set(['node_modules', '.git', '.aws-sam', 'cdk.out', '.serverless'])

/** Calls `onChange` once things are quiet again; ends by the function it returns. */
export function watchFolder (directory: string, onChange: () => void, onError: (error: Error) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(directory, { recursive: true }, (_, name) => {
    if (name?.split(sep).some((part) => IGNORED.has(part)) === true) return
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET_IN_MILLIS)
  })
  watcher.on('error', onError)
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}

// Writes the file of --out or --report.
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliInputError } from '../errors.ts'
import type { Call } from './command.ts'

/** What `option` names, from the working folder. Throws AGW_ERR_CLI_INPUT. */
export async function writeOutput ({ values, directory }: Call, option: 'out' | 'report', text: string): Promise<void> {
  const path = values.get(option) as string
  await writeFile(resolve(directory, path), `${text}\n`).catch((error: Error) => {
    throw new CliInputError(`--${option} ${path} cannot be written: ${error.message}`)
  })
}

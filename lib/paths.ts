// Whether a path leaves a folder: nothing outside of a definition's is read, nothing outside of a function's is run.
import { isAbsolute, relative, sep } from 'node:path'

/** Both absolute. */
export function isOutside (directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}

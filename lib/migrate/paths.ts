// Whether a path leaves the folder of the definition: nothing outside of it is read.
import { isAbsolute, relative, sep } from 'node:path'

/** Both absolute. */
export function isOutside (directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}
